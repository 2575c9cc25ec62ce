package archive

import (
	"errors"
	"fmt"
	"io"

	"ipledger/ledger/chain"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

const (
	snapshotMagic = "ipledger-snapshot/1\n"
	// HeadBytesMax fits two headers, two certificates and three sets of 200
	// validators, and a frontier.
	HeadBytesMax = 64 << 10
)

const _ uint = HeadBytesMax - 2*(chain.HeaderBytesMax+chain.CertificateBytesMax) - 3*(chain.ValidatorSetBytesMax-8) - chain.FrontierBytesMax - 256

// Head is what a snapshot says beside the state: where it stands, and who
// certified it.
type Head struct {
	Genesis   wire.Hash
	Block     Signed // at the snapshot's height
	After     Signed // the block after it, whose header has the state's application hash
	Next      chain.ValidatorSet
	StateRoot wire.Hash
	Frontier  chain.Frontier
}

// Signed is a header with its certificate and set.
type Signed struct {
	Header      chain.Header
	Certificate chain.Certificate
	Set         chain.ValidatorSet
}

// Check reports whether a head holds together. It does not say whether the set
// of After deserves trust (ARCH-11). Errors wrap ErrForm.
//
// specs/24 ARCH-10: Both headers of a snapshot MUST be final by their
// certificates and sets; the second MUST follow the first ...
func (h *Head) Check() error {
	for _, s := range []*Signed{&h.Block, &h.After} {
		if err := chain.Verify(h.After.Header.ChainID, s.Set, s.Header, s.Certificate); err != nil {
			return fmt.Errorf("%w: %w", malformed("ARCH-10", "block %d of a snapshot is not final", s.Header.Height), err)
		}
	}
	if err := errors.Join(h.Next.Check(), h.Frontier.Check()); err != nil {
		return fmt.Errorf("%w: %w", malformed("ARCH-10", "the head of a snapshot"), err)
	}
	b, n := &h.Block, &h.After.Header
	switch {
	case n.Height != b.Header.Height+1 || n.LastBlock != b.Certificate.Block || b.Header.NextValidatorsHash != n.ValidatorsHash ||
		n.LastCommitHash != b.Certificate.CommitHash(b.Set) || n.Time != b.Certificate.MedianTime(b.Set):
		return malformed("ARCH-10", "header %d does not follow block %d", n.Height, b.Header.Height)
	case n.AppHash != chain.AppHash(h.StateRoot, h.Frontier.Root()):
		return malformed("ARCH-10", "header %d has not the application hash of the snapshot", n.Height)
	case n.NextValidatorsHash != h.Next.Hash():
		return malformed("ARCH-10", "header %d names another next set", n.Height)
	}
	return nil
}

// WriteSnapshot writes the snapshot of a state, whose head the caller has made of
// what is certified. progress, if not nil, hears of each chunk.
func WriteSnapshot(w io.Writer, head *Head, state tree.State, progress func(chunks uint64)) error {
	out, err := newParter(w, snapshotMagic)
	if err != nil {
		return err
	}
	if err := out.put(wire.Encode(head)); err != nil {
		return err
	}
	for from, more := tree.RootKey(tree.IPv4), true; more; {
		var raw []byte
		raw, from, more = state.Chunk(from)
		if err := out.put(raw); err != nil {
			return err
		}
		if progress != nil {
			progress(out.count - 1)
		}
	}
	return out.close()
}

// ReadSnapshot reads a snapshot from r, which should be buffered: trusted is
// asked about its head before any chunk is read. An error that does not wrap
// ErrForm is r's own, or trusted's.
//
// specs/24 ARCH-9: ... a reader MUST refuse a length beyond these bounds before
// it reads on, and a file that is cut short, is followed by anything, or ends
// with another number or hash.
func ReadSnapshot(r io.Reader, value tree.Valuer, trusted func(*Head) error) (*Head, tree.State, error) {
	in, err := newParts(r, snapshotMagic, "ARCH-9")
	if err != nil {
		return nil, tree.State{}, err
	}
	head, err := readHead(in)
	if err == nil {
		err = trusted(head)
	}
	if err != nil {
		return nil, tree.State{}, err
	}
	state, err := readState(in, head.StateRoot, value)
	return head, state, err
}

func readHead(in *parts) (*Head, error) {
	raw, more, err := in.next(HeadBytesMax)
	if err != nil || !more {
		return nil, errors.Join(malformed("ARCH-9", "it has no head"), err)
	}
	head := new(Head)
	if err := wire.Decode(raw, HeadBytesMax, head); err != nil {
		return nil, malformed("ARCH-9", "the head: %v", err)
	}
	return head, head.Check()
}

func readState(in *parts, root wire.Hash, value tree.Valuer) (tree.State, error) {
	a := tree.NewAssembler(root, value)
	for {
		raw, more, err := in.next(tree.ChunkBytesMax)
		if err != nil {
			return tree.State{}, err
		}
		if !more {
			break
		}
		if err := a.Add(raw); err != nil {
			return tree.State{}, fmt.Errorf("%w: %w", malformed("ARCH-9", "part %d", in.count-1), err)
		}
	}
	state, err := a.State()
	if err != nil {
		return tree.State{}, fmt.Errorf("%w: %w", malformed("ARCH-9", "the chunks"), err)
	}
	return state, nil
}
