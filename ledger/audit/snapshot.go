package audit

import (
	"errors"

	"ipledger/ledger/archive"
	"ipledger/ledger/light"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// ErrEarly reports an audit that has taken too few blocks for a snapshot.
var ErrEarly = errors.New("audit: fewer than three blocks were taken")

// FromSnapshot begins after a snapshot's block, with its state, which
// archive.ReadSnapshot has checked; the caller says why its head deserves trust
// (ARCH-11).
func FromSnapshot(head *archive.Head, state tree.State) *Replay {
	b := &head.Block
	return &Replay{
		chainID: b.Header.ChainID, genesis: head.Genesis,
		last: point{
			header: b.Header, cert: b.Certificate, set: b.Set, state: state, frontier: head.Frontier,
			next: b.Header.NextValidatorsHash, results: head.After.Header.LastResultsHash,
		},
	}
}

// Snapshot is where the audit was two blocks ago, for going on from there: the
// header after it certifies the state, and the set of the one after that is known.
//
// specs/24 AUD-12: An audit that was interrupted MUST go on only from a state
// that it had checked itself.
func (r *Replay) Snapshot() (*archive.Head, tree.State, error) {
	b, after := &r.before[1], &r.before[0]
	if b.header.Height == 0 {
		return nil, tree.State{}, ErrEarly
	}
	return &archive.Head{
		Genesis: r.genesis, Block: b.signed(), After: after.signed(), Next: r.last.set,
		StateRoot: b.state.Root(), Frontier: b.frontier,
	}, b.state, nil
}

func (p *point) signed() archive.Signed {
	return archive.Signed{Header: p.header, Certificate: p.cert, Set: p.set}
}

// Trusting is a reason to trust a snapshot's head: a trust file of the same
// genesis that has the second header's hash, or the hash of its set.
//
// specs/24 ARCH-11: Who begins from a snapshot MUST have a reason to trust the
// set of its second header.
func Trusting(t *light.Trust) func(*archive.Head) error {
	return func(h *archive.Head) error {
		after := &h.After.Header
		switch {
		case t.ChainID != after.ChainID || t.GenesisHash != h.Genesis:
			return found(after.Height, "ARCH-11", "", "the snapshot is of chain %q, genesis %v, the trust file of %q, %v", after.ChainID, h.Genesis, t.ChainID, t.GenesisHash)
		case t.Height == after.Height && t.HeaderHash != after.Hash():
			return found(after.Height, "ARCH-11", "", "header %d is %v, the trust file's is %v", after.Height, after.Hash(), t.HeaderHash)
		case t.ValidatorsHash != after.ValidatorsHash:
			return found(after.Height, "ARCH-11", "", "the set that signed header %d is %v, the trust file's is %v; take a trust file of about that height", after.Height, after.ValidatorsHash, t.ValidatorsHash)
		}
		return nil
	}
}

// Own is the reason to trust a snapshot that this audit wrote: it names the
// genesis that is audited.
func Own(genesis wire.Hash) func(*archive.Head) error {
	return func(h *archive.Head) error {
		if h.Genesis != genesis {
			return found(h.Block.Header.Height, "AUD-12", "", "the snapshot is of genesis %v, %v is audited", h.Genesis, genesis)
		}
		return nil
	}
}
