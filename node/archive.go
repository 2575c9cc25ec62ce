package node

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"ipledger/ledger/archive"
	"ipledger/ledger/chain"
	"ipledger/ledger/tree"
)

// Archived is the block of a height as an archive holds it, with its canonical
// certificate; engine.ErrNotFound for the newest, whose certificate no block
// carries yet (specs/24 ARCH-6).
func (n *Node) Archived(height uint64) (*archive.Block, error) {
	header, cert, set, evidence, err := n.engine.Sealed(height)
	if err != nil {
		return nil, err
	}
	acts, err := n.store.ActsAt(height)
	if err != nil {
		return nil, err
	}
	receipts, err := n.store.ReceiptsAt(height)
	if err != nil {
		return nil, err
	}
	b := &archive.Block{Header: header, Certificate: cert, Set: set, Receipts: receipts, Evidence: evidence}
	for _, a := range acts {
		b.Acts = append(b.Acts, a.Raw)
	}
	return b, nil
}

// snapshotLag is how far a snapshot lies behind the newest block: the block after
// it needs a canonical certificate, which the one after that carries.
const snapshotLag = 2

// Snapshot is the newest state that a snapshot can be made of, with its head.
func (n *Node) Snapshot(ctx context.Context) (*archive.Head, tree.State, error) {
	none := tree.State{}
	newest := n.View().Head.Height
	if newest <= snapshotLag {
		return nil, none, fmt.Errorf("%w: a snapshot needs three blocks, the newest is %d", ErrHome, newest)
	}
	height := newest - snapshotLag
	state, meta, err := n.store.StateAt(ctx, height)
	if err != nil {
		return nil, none, err
	}
	head := &archive.Head{Genesis: n.hash, StateRoot: meta.StateRoot}
	for i, s := range []*archive.Signed{&head.Block, &head.After} {
		if s.Header, s.Certificate, s.Set, _, err = n.engine.Sealed(height + uint64(i)); err != nil {
			return nil, none, err
		}
	}
	if head.Next, err = n.engine.NextSet(height + 2); err != nil {
		return nil, none, err
	}
	frontier, err := n.store.FrontierAt(height)
	if err != nil {
		return nil, none, err
	}
	if head.Frontier, err = chain.DecodeFrontier(frontier); err != nil {
		return nil, none, err
	}
	return head, state, head.Check()
}

// stateFile opens the state file of genesis, which init put beside it.
func (n *Node) stateFile() (io.ReadSeekCloser, error) {
	return os.Open(filepath.Join(filepath.Dir(n.cfg.layout().genesis), n.genesis.State.Name()))
}
