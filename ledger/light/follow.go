package light

import (
	"errors"

	"ipledger/ledger/chain"
	"ipledger/ledger/wire"
)

// Bounds of following headers (specs/26).
const (
	TrustSeconds = 14 * 24 * 3600 // how long a header can be followed from: as long as evidence counts
	DriftSeconds = 60             // how far a header may be ahead of the reader's clock
	// FetchesMax is how many headers one walk may ask for. A walk halves its way at
	// each change of a third of the set: sixty changes over two thousand million
	// headers fit.
	FetchesMax = 2048
)

// ErrFar reports that too little of the trusted set's power signed a header: the
// way goes by one in between.
var ErrFar = errors.New("light: too far from the trusted set")

// ErrOld reports a trusted header that is too old to follow from: its validators
// may have given up what they stood for.
var ErrOld = errors.New("light: the trusted header is too old")

// Head is a header that a light client trusts, and the set that signed it.
type Head struct {
	hop
	step Step
}

// Height is the header's.
func (h Head) Height() uint64 { return h.header.Height }

// Hash is the header's.
func (h Head) Hash() wire.Hash { return h.header.Hash() }

// Time is the header's, in Unix seconds.
func (h Head) Time() uint64 { return h.header.Time.Seconds }

// At reports whether a step is of this very header. Its certificate may be
// another: certificates of one header differ between nodes.
func (h Head) At(s Step) (bool, error) {
	header, err := chain.DecodeHeader(s.Header)
	if err != nil {
		return false, unproven("LIGHT-3", err, "the header")
	}
	return header.Hash() == h.Hash(), nil
}

// Step is the header with its certificate and set, as files have it.
func (h Head) Step() Step { return h.step }

// Trust is a trust file of the header.
func (h Head) Trust(genesis wire.Hash) *Trust {
	return &Trust{ChainID: h.header.ChainID, GenesisHash: genesis, Height: h.header.Height, HeaderHash: h.Hash(), ValidatorsHash: h.header.ValidatorsHash}
}

// Begin takes the header that a trust file names.
//
// specs/26 LIGHT-1: A light client begins with the header at its trust file's
// height; that header's hash and its set's MUST be the trust file's.
func (t *Trust) Begin(s Step) (Head, error) {
	h, err := s.open()
	if err != nil {
		return Head{}, unproven("LIGHT-1", err, "the header at height %d", t.Height)
	}
	if h.header.Height != t.Height || h.header.Hash() != t.HeaderHash || h.set.Hash() != t.ValidatorsHash || h.header.ChainID != t.ChainID {
		return Head{}, unproven("LIGHT-1", nil, "header %d, %v, is not the trust file's %d, %v", h.header.Height, h.header.Hash(), t.Height, t.HeaderHash)
	}
	return Head{h, s}, nil
}

// Next goes from a trusted header to a later one at a moment in Unix seconds. An
// error is ErrOld, *Unproven, or ErrFar; with that the header is given all the
// same: its own set made it final.
func (h Head) Next(s Step, now uint64) (Head, error) {
	to, err := s.open()
	if err != nil {
		return Head{}, unproven("LIGHT-3", err, "the header")
	}
	if err := h.inTime(to.header, now); err != nil {
		return Head{}, err
	}
	if err := chain.Verify(h.header.ChainID, to.set, to.header, to.cert); err != nil {
		return Head{}, unproven("LIGHT-3", err, "header %d is not final", to.header.Height)
	}
	return Head{to, s}, h.reaches(to)
}

// inTime keeps the clock's rules.
//
// specs/26 LIGHT-2: A header MUST be followed only from one whose time is at
// most 1,209,600 seconds (14 days) before the reader's clock, and MUST be later
// in height and no earlier in time than that, and at most 60 seconds ahead of
// the clock.
func (h Head) inTime(to chain.Header, now uint64) error {
	if now > h.Time() && now-h.Time() > TrustSeconds {
		return ErrOld
	}
	if to.Height <= h.Height() || to.Time.Seconds < h.Time() || to.Time.Seconds > now+DriftSeconds {
		return unproven("LIGHT-2", nil, "header %d at %s does not come after %d at %s and before %s",
			to.Height, Clock(to.Time.Seconds), h.Height(), Clock(h.Time()), Clock(now+DriftSeconds))
	}
	return nil
}

// reaches reports whether the trusted set gives trust in a header that is final.
//
// specs/26 LIGHT-3: The header MUST be final by its own set (CHAIN-8 to
// CHAIN-11), and its set the next that the trusted header names, if their heights
// are neighbours, or else pass CHAIN-12 from the trusted set.
func (h Head) reaches(to hop) error {
	if to.header.Height == h.Height()+1 {
		if to.header.ValidatorsHash != h.header.NextValidatorsHash {
			return unproven("LIGHT-3", nil, "header %d names another set for header %d", h.Height(), to.header.Height)
		}
		return nil
	}
	if err := chain.Trusts(h.set, to.set, to.cert); err != nil {
		return ErrFar
	}
	return nil
}

// Follow walks from a trusted header to a later one at a moment, and gives the
// headers on the way, the last being the one asked for; fetch gives the header of
// a height, from anyone.
//
// specs/26 LIGHT-4: Where too little of the trusted set's power signed a header,
// the way MUST go by the header halfway, each checked by LIGHT-2 and LIGHT-3; a
// walk asks for at most 2,048 headers.
func Follow(from Head, to Step, now uint64, fetch func(height uint64) (Step, error)) ([]Head, error) {
	var path []Head
	for goals, asked := []Step{to}, 0; len(goals) > 0; {
		next, err := from.Next(goals[len(goals)-1], now)
		switch {
		case err == nil:
			from, path, goals = next, append(path, next), goals[:len(goals)-1]
		case !errors.Is(err, ErrFar):
			return nil, err
		case asked == FetchesMax:
			return nil, unproven("LIGHT-4", nil, "more than %d headers are needed; take a newer trust file", FetchesMax)
		default:
			asked++
			between, err := halfway(from, next, fetch)
			if err != nil {
				return nil, err
			}
			goals = append(goals, between)
		}
	}
	return path, nil
}

// halfway fetches the header between two that are no neighbours.
func halfway(from, to Head, fetch func(height uint64) (Step, error)) (Step, error) {
	height := from.Height() + (to.Height()-from.Height())/2
	s, err := fetch(height)
	if err != nil {
		return s, err
	}
	h, err := s.open()
	if err != nil || h.header.Height != height {
		return s, unproven("LIGHT-4", err, "header %d was asked for", height)
	}
	return s, nil
}

// Along adds the headers on the way to a proof file, if they are as few as it may
// have: path begins with the trust file's own header and ends with the file's.
// It reports whether it did.
func (f *File) Along(path []Head) bool {
	if len(path) < 2 || len(path)-1 > StepsMax {
		return false
	}
	f.Steps = []Step{}
	for _, h := range path[:len(path)-1] {
		f.Steps = append(f.Steps, h.step)
	}
	return true
}
