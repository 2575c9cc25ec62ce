package tree

import (
	"bytes"
	"errors"
	"math/rand"
	"slices"
	"testing"

	"ipledger/ledger/wire"
)

func TestNodeHash_TREE5_by_hand(t *testing.T) {
	k := resource(t, "192.0.2.0/24")
	value, kid := wire.Hash{1}, wire.Hash{2}
	want := wire.Sum(0x55, []byte{0, 0, 24, 192, 0, 2, 0}, value[:], kid[:])
	if got := nodeHash(IPv4, 24, []byte{192, 0, 2, 77}, &value, nil, &kid); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := nodeHash(k.Subtree, 24, k.Addr[:], &value, &kid, nil); got == want {
		t.Error("left and right are one")
	}
}

// The worked example of the chapter, bit by bit.
func TestProve_TREE8_worked_example(t *testing.T) {
	e := State{}.Edit()
	e.Put(Leaf{Key: resource(t, "192.0.2.0/24"), Value: wire.Hash{1}})
	e.Put(Leaf{Key: resource(t, "192.0.2.128/25"), Value: wire.Hash{2}})
	s := e.Freeze()
	raw := s.Prove(resource(t, "192.0.2.200/32"))
	if tail := raw[len(raw)-3:]; len(raw) != 166 || !bytes.Equal(raw[:3], []byte{1, 0, 5}) || !bytes.Equal(tail, []byte{0x20, 0xc5, 0x60}) {
		t.Errorf("got %d bytes ending in %x, want 166 ending in 20c560", len(raw), tail)
	}
}

func TestVerifyPoint_TREE8_absence_and_more_specific(t *testing.T) {
	e := State{}.Edit()
	for i, text := range []string{"10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "192.0.2.0/24"} {
		e.Put(Leaf{Key: resource(t, text), Value: wire.Hash{byte(i)}})
	}
	s := e.Freeze()
	for _, c := range []struct {
		query       string
		chain       int
		found, more bool
	}{
		{"10.0.0.0/8", 1, true, true},
		{"10.1.2.0/24", 3, true, false},
		{"10.1.2.3/32", 3, false, false},
		{"10.0.0.0/12", 1, false, true},
		{"10.2.0.0/16", 1, false, false},
		{"11.0.0.0/8", 0, false, false},
		{"192.0.0.0/16", 0, false, true},
		{"0.0.0.0/0", 0, false, true},
		{"203.0.113.0/24", 0, false, false},
		{"::/0", 0, false, false},
		{"AS64496", 0, false, false},
	} {
		q := resource(t, c.query)
		p, err := VerifyPoint(s.Root(), q, s.Prove(q))
		if err != nil || len(p.Chain) != c.chain || p.Found != c.found || p.More != c.more {
			t.Errorf("%s: got %+v, %v, want %+v", c.query, p, err, c)
		}
	}
}

// A proof with one bit changed is refused, whatever the bit: none is ignored.
func TestVerifyPoint_TREE9_160000_flipped_bits(t *testing.T) {
	r := rand.New(rand.NewSource(10))
	for flips := 0; flips < 160_000; {
		s, o := randomState(t, r, 1+r.Intn(90))
		for range 4 {
			q := randomQuery(r)
			if r.Intn(2) == 0 {
				q = o.any(r)
			}
			raw := s.Prove(q)
			for bit := range 8 * len(raw) {
				raw[bit/8] ^= 1 << (bit % 8)
				if p, err := VerifyPoint(s.Root(), q, raw); err == nil {
					t.Fatalf("%v: bit %d of %x: accepted as %+v", q, bit, raw, p)
				}
				raw[bit/8] ^= 1 << (bit % 8)
			}
			flips += 8 * len(raw)
		}
	}
}

func TestVerifyRange_TREE9_flipped_bits(t *testing.T) {
	r := rand.New(rand.NewSource(11))
	for flips := 0; flips < 80_000; {
		s, o := randomState(t, r, 1+r.Intn(90))
		from := o.any(r)
		leaves, raw := s.ProveRange(RootKey(from.Subtree), from, 1+r.Intn(9))
		for bit := range 8 * len(raw) {
			raw[bit/8] ^= 1 << (bit % 8)
			if _, err := VerifyRange(s.Root(), RootKey(from.Subtree), from, pairs(leaves), raw); err == nil {
				t.Fatalf("from %v: bit %d of %x: accepted", from, bit, raw)
			}
			raw[bit/8] ^= 1 << (bit % 8)
		}
		flips += 8 * len(raw)
	}
}

func TestVerify_TREE9_longer_shorter_and_other_questions(t *testing.T) {
	r := rand.New(rand.NewSource(12))
	for range 200 {
		s, o := randomState(t, r, 1+r.Intn(60))
		other, _ := randomState(t, r, 1+r.Intn(60))
		q := o.any(r)
		raw := s.Prove(q)
		for n := range raw {
			if _, err := VerifyPoint(s.Root(), q, raw[:n]); err == nil {
				t.Fatalf("%v: %d bytes of %d accepted", q, n, len(raw))
			}
		}
		if _, err := VerifyPoint(s.Root(), q, append(slices.Clip(raw), 0)); err == nil {
			t.Fatalf("%v: a byte too many accepted", q)
		}
		if _, err := VerifyPoint(other.Root(), q, raw); err == nil {
			t.Fatalf("%v: accepted under another root", q)
		}
		asked := randomQuery(r)
		if p, err := VerifyPoint(s.Root(), asked, raw); err == nil && !samePoint(p, o.point(asked)) {
			t.Fatalf("the proof of %v tells %v a lie: %+v", q, asked, p)
		}
	}
}

// Whoever leaves out, adds, changes or moves an entry is refused.
func TestVerifyRange_TREE10_forged_lists(t *testing.T) {
	r := rand.New(rand.NewSource(13))
	for range 400 {
		s, o := randomState(t, r, 2+r.Intn(80))
		under := o.any(r).cut(0)
		leaves, raw := s.ProveRange(under, under, 1+r.Intn(len(o)))
		good := pairs(leaves)
		at := r.Intn(len(good))
		refuse := func(name string, list []KeyValue, root wire.Hash) {
			t.Helper()
			if _, err := VerifyRange(root, under, under, list, raw); err == nil {
				t.Fatalf("%s accepted: %v of %v", name, list, good)
			}
		}
		refuse("one left out", slices.Delete(slices.Clone(good), at, at+1), s.Root())
		refuse("one twice", slices.Insert(slices.Clone(good), at, good[at]), s.Root())
		refuse("another root", good, wire.Hash{})
		changed := slices.Clone(good)
		changed[at].Value[31] ^= 1
		refuse("a value changed", changed, s.Root())
		added := append(slices.Clone(good), KeyValue{Key: randomKey(r)})
		slices.SortFunc(added, func(a, b KeyValue) int { return a.Key.Compare(b.Key) })
		if _, there := o[added[len(added)-1].Key]; !there {
			refuse("one added", added, s.Root())
		}
		if len(good) > 1 {
			swapped := slices.Clone(good)
			swapped[0], swapped[1] = swapped[1], swapped[0]
			refuse("two swapped", swapped, s.Root())
		}
	}
}

// A page cannot say that it is the last, nor that more follows, against the truth.
func TestVerifyRange_TREE10_more_is_the_truth(t *testing.T) {
	r := rand.New(rand.NewSource(14))
	ends := map[bool]int{}
	for range 400 {
		s, o := randomState(t, r, 3+r.Intn(60))
		under := o.any(r)
		under = under.cut(r.Intn(int(under.Len) + 1))
		leaves, raw := s.ProveRange(under, under, 1+r.Intn(4))
		ends[raw[0] == proofRange]++
		// What an honest prover would write of the window that stops at the
		// last entry, under the kind that it is not.
		lie := prover{window: window{lo: under, hi: leaves[len(leaves)-1].Key, listed: true}}
		kind := byte(proofRange)
		if raw[0] == proofRange {
			kind = proofRangeEnd
		}
		if _, err := VerifyRange(s.Root(), under, under, pairs(leaves), lie.prove(s, kind, under.Subtree)); !errors.Is(err, ErrProof) {
			t.Fatalf("%v: got %v, want %v", under, err, ErrProof)
		}
	}
	if ends[true] < 20 || ends[false] < 20 {
		t.Fatalf("the test saw %v", ends)
	}
}
