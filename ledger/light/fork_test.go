package light

import (
	"bytes"
	"testing"

	"ipledger/ledger/chain"
)

// forked is two headers of one height, by two committees.
func forked(t testing.TB, x, y committee) (a, b Head) {
	t.Helper()
	open := func(c committee, time uint64) Head {
		h := header(9, time, c, c)
		s := NewStep(h, c.certify(h, 0), c.set)
		opened, err := s.open()
		if err != nil {
			t.Fatal(err)
		}
		return Head{opened, s}
	}
	return open(x, clockZero), open(y, clockZero+1)
}

func TestVerifyFork_LIGHT7(t *testing.T) {
	c := newCommittee(1, 4)
	a, b := forked(t, c, mixed(c, 3, 5, 4))
	raw := NewFork(a, b).Bytes()
	if !bytes.Equal(raw, NewFork(b, a).Bytes()) {
		t.Error("the order of the two headers changes the file")
	}
	f, err := VerifyFork(raw)
	if err != nil || len(f.Both) != 3 || f.Power != 3 || f.Total != 4 || f.Height != 9 {
		t.Fatalf("%+v, %v", f, err)
	}
	for i := 0; i < len(raw); i += 7 {
		bad := bytes.Clone(raw)
		bad[i] ^= 1 << (i % 8)
		if _, err := VerifyFork(bad); err == nil {
			t.Fatalf("accepted with a bit of byte %d flipped", i)
		}
	}
	swapped := &Fork{Format: ForkFormat, ChainID: testChain, Height: 9}
	good := NewFork(a, b)
	for name, change := range map[string]func(){
		"one header twice":   func() { swapped.First, swapped.Second = good.First, good.First },
		"the higher first":   func() { swapped.First, swapped.Second = good.Second, good.First },
		"too few signatures": func() { swapped.First, swapped.Second = good.First, good.Second; weaken(t, &swapped.Second) },
	} {
		change()
		_, err := VerifyFork(swapped.Bytes())
		if err == nil {
			t.Errorf("%s was accepted", name)
			continue
		}
		refusedBy(t, err, ErrProof, "LIGHT-7")
	}
}

// weaken leaves half of the signatures of a step.
func weaken(t *testing.T, s *Step) {
	h, err := s.open()
	if err != nil {
		t.Fatal(err)
	}
	h.cert.Slots[0], h.cert.Slots[1] = chain.Slot{Flag: chain.Absent}, chain.Slot{Flag: chain.Absent}
	s.Certificate = h.cert.Bytes()
}

// FuzzVerifyFork_LIGHT7: nothing but what Bytes writes is accepted.
func FuzzVerifyFork_LIGHT7(f *testing.F) {
	a, b := forked(f, newCommittee(1, 4), newCommittee(1, 4))
	f.Add(NewFork(a, b).Bytes())
	f.Add([]byte("{}"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if len(raw) > ForkBytesMax {
			return
		}
		var file Fork
		if _, err := VerifyFork(raw); err == nil && (decode(raw, ForkBytesMax, &file) != nil || !bytes.Equal(file.Bytes(), raw)) {
			t.Fatal("accepted in another form")
		}
	})
}
