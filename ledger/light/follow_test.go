package light

import (
	"errors"
	"fmt"
	"testing"
)

// line is a chain whose set changes at some heights: the committee that signs
// each height, from 1 on.
type line struct {
	by    []committee
	asked []uint64
}

const lineStep = 15 // seconds between headers

func (l *line) height() uint64 { return uint64(len(l.by) - 1) }

func (l *line) step(height uint64) Step {
	by, next := l.by[height], l.by[min(height+1, l.height())]
	h := header(height, clockZero+height*lineStep, by, next)
	return NewStep(h, by.certify(h, 0), by.set)
}

func (l *line) fetch(height uint64) (Step, error) {
	l.asked = append(l.asked, height)
	return l.step(height), nil
}

func (l *line) now() uint64 { return clockZero + (l.height()+1)*lineStep }

func (l *line) trust(height uint64) *Trust {
	h, _ := l.step(height).open()
	return Head{hop: h}.Trust(genesis)
}

func (l *line) begin(t *testing.T, height uint64) Head {
	t.Helper()
	h, err := l.trust(height).Begin(l.step(height))
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// turning is a chain of n headers on which one of size validators is replaced
// every period heights.
func turning(n, period, size int) *line {
	keys := newCommittee(1, size).keys
	l := &line{by: []committee{{}}}
	for i := 1; i <= n; i++ {
		if i%period == 0 {
			fresh := newCommittee(byte(2+i/period), 1).keys
			keys = append(keys[1:len(keys):len(keys)], fresh...)
		}
		l.by = append(l.by, ordered(append(keys[:0:0], keys...)))
	}
	return l
}

// TestFollow_LIGHT3_LIGHT4 walks over changes that leave nobody of the first set,
// and fetches few headers.
func TestFollow_LIGHT3_LIGHT4(t *testing.T) {
	l := turning(400, 50, 4)
	from := l.begin(t, 1)
	path, err := Follow(from, l.step(400), l.now(), l.fetch)
	if err != nil || path[len(path)-1].Height() != 400 {
		t.Fatalf("%v, %d headers", err, len(path))
	}
	if n := len(l.asked); n == 0 || n > 60 {
		t.Errorf("%d headers were fetched", n)
	}
	for i, h := range path {
		if i > 0 && h.Height() <= path[i-1].Height() {
			t.Errorf("the way goes back from %d to %d", path[i-1].Height(), h.Height())
		}
	}
	// The set that signs at 400 has nobody of the first: one step does not reach.
	if _, err := from.Next(l.step(400), l.now()); !errors.Is(err, ErrFar) {
		t.Errorf("got %v over eight changes", err)
	}
}

func TestBegin_LIGHT1(t *testing.T) {
	l := turning(3, 10, 4)
	trust := l.trust(2)
	for name, s := range map[string]Step{
		"another height": l.step(1), "another set": func() Step { s := l.step(2); s.Validators = newCommittee(9, 4).set.Bytes(); return s }(),
		"no header": {Header: Hex{1}},
	} {
		_, err := trust.Begin(s)
		if err == nil {
			t.Errorf("%s was taken", name)
			continue
		}
		refusedBy(t, err, ErrProof, "LIGHT-1")
	}
	other := *trust
	other.ChainID = "another"
	_, err := other.Begin(l.step(2))
	refusedBy(t, err, ErrProof, "LIGHT-1")
}

func TestNext_LIGHT2(t *testing.T) {
	l := turning(9, 100, 4)
	from, now := l.begin(t, 3), l.now()
	if _, err := from.Next(l.step(9), from.Time()+TrustSeconds); err != nil {
		t.Errorf("at the last second of the period: %v", err)
	}
	// A chain that retired validators forge after the period is not followed.
	if _, err := from.Next(l.step(9), from.Time()+TrustSeconds+1); !errors.Is(err, ErrOld) {
		t.Errorf("got %v after the period", err)
	}
	_, err := from.Next(l.step(3), now)
	refusedBy(t, err, ErrProof, "LIGHT-2")
	_, err = from.Next(l.step(2), now)
	refusedBy(t, err, ErrProof, "LIGHT-2")
	late := clockZero + 9*lineStep - uint64(DriftSeconds) - 1
	_, err = from.Next(l.step(9), late)
	refusedBy(t, err, ErrProof, "LIGHT-2")
	if _, err = from.Next(l.step(9), late+1); err != nil {
		t.Errorf("within the drift: %v", err)
	}
}

// TestForged_LIGHT2: validators who all left sign another chain with their old
// keys, from the trusted header on. Signatures cannot tell it from the real one, the
// age of the trusted header does: after fourteen days none of its headers is followed,
// near or far, over steps or at once, and from a header of the new set none ever.
func TestForged_LIGHT2(t *testing.T) {
	l := turning(400, 50, 4) // nobody of the first set signs from header 200 on
	forged := &line{by: append([]committee{}, l.by[:50]...)}
	for len(forged.by) < len(l.by) {
		forged.by = append(forged.by, l.by[1])
	}
	retired := l.begin(t, 49)
	if _, err := Follow(retired, forged.step(400), l.now(), forged.fetch); err != nil {
		t.Fatalf("within the period the forgery cannot be told: %v", err)
	}
	for _, late := range []uint64{TrustSeconds + 1, 10 * TrustSeconds} {
		for _, height := range []uint64{50, 51, 200, 400} {
			if path, err := Follow(retired, forged.step(height), retired.Time()+late, forged.fetch); !errors.Is(err, ErrOld) || len(path) > 0 {
				t.Errorf("header %d, %d seconds on: got %d headers, %v", height, late, len(path), err)
			}
		}
	}
	if _, err := Follow(l.begin(t, 398), forged.step(400), l.now(), forged.fetch); err == nil {
		t.Error("the retired lead on from those who came after them")
	}
}

func TestNext_LIGHT3(t *testing.T) {
	l := turning(9, 5, 4)
	from, now := l.begin(t, 4), l.now()
	if _, err := from.Next(l.step(5), now); err != nil {
		t.Errorf("to a neighbour: %v", err)
	}
	stranger := newCommittee(7, 4)
	h := header(5, clockZero+5*lineStep, stranger, stranger)
	_, err := from.Next(NewStep(h, stranger.certify(h, 0), stranger.set), now)
	refusedBy(t, err, ErrProof, "LIGHT-3")
	weak := l.step(9)
	by := l.by[9]
	h = header(9, clockZero+9*lineStep, by, by)
	weak.Certificate = by.certify(h, 2).Bytes()
	_, err = from.Next(weak, now)
	refusedBy(t, err, ErrProof, "LIGHT-3")
}

// TestFollow_LIGHT4_bounded: a node that answers with another height, an error or
// without end is left.
func TestFollow_LIGHT4_bounded(t *testing.T) {
	l := turning(400, 50, 4)
	from := l.begin(t, 1)
	lost := errors.New("gone")
	_, err := Follow(from, l.step(400), l.now(), func(uint64) (Step, error) { return Step{}, lost })
	if !errors.Is(err, lost) {
		t.Errorf("got %v", err)
	}
	_, err = Follow(from, l.step(400), l.now(), func(uint64) (Step, error) { return l.step(399), nil })
	refusedBy(t, err, ErrProof, "LIGHT-4")
	// Strangers between two neighbours never help, and the walk ends.
	stranger := newCommittee(7, 4)
	n := 0
	_, err = Follow(from, l.step(400), l.now(), func(height uint64) (Step, error) {
		n++
		h := header(height, clockZero+height*lineStep, stranger, stranger)
		return NewStep(h, stranger.certify(h, 0), stranger.set), nil
	})
	if err == nil || n > 10 {
		t.Errorf("got %v after %d headers", err, n)
	}
}

// TestAlong_LIGHT4_PRF7 makes a proof file that leads from an old trust file to
// its own set.
func TestAlong_LIGHT4_PRF7(t *testing.T) {
	old, heir := newCommittee(1, 4), mixed(newCommittee(1, 4), 3, 3, 4)
	s := source(heir, world(t), nil)
	f, err := s.Resource(parse(t, "193.0.8.1/32"))
	f = file(t, f, err)
	h := header(7, clockZero-600, old, heir)
	trust := &Trust{ChainID: testChain, GenesisHash: genesis, Height: 7, HeaderHash: h.Hash(), ValidatorsHash: old.set.Hash()}
	begin, err := trust.Begin(NewStep(h, old.certify(h, 0), old.set))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Verify(trust); err == nil {
		t.Fatal("a set that the trust file does not lead to was believed")
	}
	fetch := func(height uint64) (Step, error) { return Step{}, fmt.Errorf("no header %d", height) }
	path, err := Follow(begin, Step{f.Header, f.Certificate, f.Validators}, clockZero+600, fetch)
	if err != nil || !f.Along(append([]Head{begin}, path...)) {
		t.Fatal(err)
	}
	if _, err := Verify(f.Bytes(), trust); err != nil {
		t.Error(err)
	}
	if f.Along(make([]Head, StepsMax+2)) || f.Along(nil) {
		t.Error("more steps than a file may have, or none, were added")
	}
}
