package api

import (
	"slices"
	"sync"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// holdingsGapMax is how many blocks the index catches up one by one; beyond, it
// is made anew, which takes some seconds for a million folios.
const holdingsGapMax = 1000

// holdings is an index from accounts to the blocks at which they hold a title
// or an estate. It is made when first asked for, and follows the blocks.
type holdings struct {
	mu     sync.Mutex
	height uint64
	state  tree.State // that the index speaks of
	blocks map[wire.Address]map[wire.Resource]struct{}
}

// of lists the blocks of an account in the state of a view, ascending.
func (x *holdings) of(v View, id wire.Address, past Ledger) ([]wire.Resource, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.follow(v, past); err != nil {
		return nil, err
	}
	out := make([]wire.Resource, 0, len(x.blocks[id]))
	for r := range x.blocks[id] {
		out = append(out, r)
	}
	slices.SortFunc(out, inr.Compare)
	return out, nil
}

// follow brings the index to the state of v. A reader that comes late, with an
// older view, is served from the newer index: what it lists is read from its
// own view afterwards.
func (x *holdings) follow(v View, past Ledger) error {
	if x.blocks != nil && v.Height <= x.height {
		return nil
	}
	if x.blocks == nil || v.Height-x.height > holdingsGapMax {
		return x.make(v)
	}
	for h := x.height + 1; h <= v.Height; h++ {
		b, err := past.Block(h)
		if err != nil {
			return err
		}
		for _, k := range b.Changed {
			if err := x.move(k, v.State); err != nil {
				return err
			}
		}
	}
	x.height, x.state = v.Height, v.State
	return nil
}

func (x *holdings) make(v View) (err error) {
	blocks := map[wire.Address]map[wire.Resource]struct{}{}
	x.blocks = nil
	for s := tree.IPv4; s <= tree.ASN && err == nil; s++ {
		v.State.Walk(tree.RootKey(s), func(l tree.Leaf) bool {
			var who []wire.Address
			who, err = holdersAt(l)
			for _, id := range who {
				enter(blocks, id, l.Key.Resource())
			}
			return err == nil
		})
	}
	if err == nil {
		x.height, x.state, x.blocks = v.Height, v.State, blocks
	}
	return err
}

// move takes the old holders at a key out and puts those of now in.
func (x *holdings) move(k tree.Key, now tree.State) error {
	if !k.Subtree.Prefixes() {
		return nil
	}
	at := k.Resource()
	if old, ok := x.state.Get(k); ok {
		who, err := holdersAt(old)
		if err != nil {
			return err
		}
		for _, id := range who {
			delete(x.blocks[id], at)
		}
	}
	leaf, ok := now.Get(k)
	if !ok {
		return nil
	}
	who, err := holdersAt(leaf)
	for _, id := range who {
		enter(x.blocks, id, at)
	}
	return err
}

func enter(blocks map[wire.Address]map[wire.Resource]struct{}, id wire.Address, at wire.Resource) {
	if blocks[id] == nil {
		blocks[id] = map[wire.Resource]struct{}{}
	}
	blocks[id][at] = struct{}{}
}

// holdersAt is who holds a title or an estate at a block.
func holdersAt(l tree.Leaf) (who []wire.Address, err error) {
	f, err := record.FolioFromBytes(l.Data)
	if err != nil {
		return nil, err
	}
	if len(f.Title) > 0 {
		t, err := record.TitleFromBytes(f.Title)
		if err != nil {
			return nil, err
		}
		if !t.Holder.IsZero() {
			who = append(who, t.Holder)
		}
	}
	estates, err := record.EstatesFromBytes(f.Estates)
	for _, e := range estates {
		who = append(who, e.Holder)
	}
	return who, err
}
