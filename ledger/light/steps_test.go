package light

import (
	"testing"

	"ipledger/ledger/chain"
)

// mixed is a committee with n members of another and the rest its own.
func mixed(of committee, n int, seed byte, size int) committee {
	fresh := newCommittee(seed, size-n)
	keys := append(append(fresh.keys[:0:0], of.keys[:n]...), fresh.keys...)
	return ordered(keys)
}

// path is a file signed by last, reached from first over one step.
func path(t *testing.T, first, last committee, stepHeight, stepTime uint64, next committee) (*File, *Trust) {
	t.Helper()
	s := source(last, world(t), nil)
	step := header(stepHeight, stepTime, first, next)
	s.Steps = []Step{NewStep(step, first.certify(step, 0), first.set)}
	f, err := s.Resource(parse(t, "193.0.8.1/32"))
	return file(t, f, err), trustIn(first, 1)
}

func TestVerify_PRF7(t *testing.T) {
	old := newCommittee(1, 4)
	stranger, heir := newCommittee(2, 4), mixed(old, 3, 3, 4)
	const day = 24 * 3600
	for name, c := range map[string]struct {
		last, next committee
		height     uint64
		time       uint64
		ok         bool
	}{
		"to a neighbour whose set was named":          {stranger, stranger, testHeight, clockZero, true},
		"to a neighbour whose set was not named":      {stranger, old, testHeight, clockZero, false},
		"over headers, three of four stay":            {heir, old, 7, clockZero - day, true},
		"over headers, none stays":                    {stranger, stranger, 7, clockZero - day, false},
		"over headers, after fifteen days":            {heir, old, 7, clockZero - 15*day, false},
		"back in height":                              {heir, old, testHeight + 5, clockZero, false},
		"back in time":                                {heir, old, 7, clockZero + day, false},
		"over headers, the same set":                  {old, old, 7, clockZero - day, true},
		"over headers, at the last second of 14 days": {heir, old, 7, clockZero + 15 - 14*day, true},
	} {
		f, trust := path(t, old, c.last, c.height, c.time, c.next)
		_, err := Verify(f.Bytes(), trust)
		if c.ok && err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !c.ok {
			refusedBy(t, err, ErrProof, "PRF-7")
		}
	}
}

func TestVerify_stepsAreChecked_PRF7(t *testing.T) {
	old, stranger := newCommittee(1, 4), newCommittee(2, 4)
	f, trust := path(t, old, stranger, testHeight, clockZero, stranger)
	step := header(testHeight, clockZero, old, stranger)
	f.Steps[0] = NewStep(step, old.certify(step, 2), old.set)
	_, err := Verify(f.Bytes(), trust)
	refusedBy(t, err, ErrProof, "PRF-7")
	f.Steps[0].Header = Hex{1}
	_, err = Verify(f.Bytes(), trust)
	refusedBy(t, err, ErrProof, "PRF-7")
	var set chain.ValidatorSet
	f.Steps[0] = NewStep(step, old.certify(step, 0), set)
	_, err = Verify(f.Bytes(), trust)
	refusedBy(t, err, ErrProof, "PRF-7")
}

// TestFile_fitsTheLargestChain_PRF1 makes a file with as many steps and
// validators as there may be.
func TestFile_fitsTheLargestChain_PRF1(t *testing.T) {
	c := newCommittee(9, chain.ValidatorsMax)
	s := source(c, world(t), nil)
	for i := range StepsMax {
		h := header(uint64(2+i), clockZero-1000+uint64(i), c, c)
		s.Steps = append(s.Steps, NewStep(h, c.certify(h, 0), c.set))
	}
	f, err := s.Resource(parse(t, "193.0.8.1/32"))
	raw := file(t, f, err).Bytes()
	if len(raw) > FileBytesMax/2 {
		t.Errorf("%d bytes leave less than half of %d for records", len(raw), FileBytesMax)
	}
	if _, err := Verify(raw, trustIn(c, 1)); err != nil {
		t.Error(err)
	}
}
