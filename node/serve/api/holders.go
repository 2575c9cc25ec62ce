package api

import (
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// holdings is an index from accounts to the blocks at which they hold a title
// or an estate, and to the titles on which they lend.
type holdings struct {
	follower
	blocks map[wire.Address]map[wire.Resource]struct{}
	lent   map[wire.Address]map[wire.Resource]struct{}
}

// lentBy lists the titles under an account's charges in the state of a view,
// ascending.
func (x *holdings) lentBy(v View, id wire.Address, past Ledger) ([]wire.Resource, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.follow(v, past, x); err != nil {
		return nil, err
	}
	return inOrder(x.lent[id]), nil
}

func inOrder(set map[wire.Resource]struct{}) []wire.Resource {
	out := make([]wire.Resource, 0, len(set))
	for r := range set {
		out = append(out, r)
	}
	slices.SortFunc(out, inr.Compare)
	return out
}

// of lists the blocks of an account in the state of a view, ascending.
func (x *holdings) of(v View, id wire.Address, past Ledger) ([]wire.Resource, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.follow(v, past, x); err != nil {
		return nil, err
	}
	return inOrder(x.blocks[id]), nil
}

func (x *holdings) fill(s tree.State) (err error) {
	x.blocks, x.lent = map[wire.Address]map[wire.Resource]struct{}{}, map[wire.Address]map[wire.Resource]struct{}{}
	for f := tree.IPv4; f <= tree.ASN && err == nil; f++ {
		s.Walk(tree.RootKey(f), func(l tree.Leaf) bool {
			err = x.enter(l)
			return err == nil
		})
	}
	return err
}

func (x *holdings) move(k tree.Key, before, now tree.State) error {
	if !k.Subtree.Prefixes() {
		return nil
	}
	if old, ok := before.Get(k); ok {
		who, lenders, err := holdersAt(old)
		if err != nil {
			return err
		}
		for _, id := range who {
			drop(x.blocks, id, k.Resource())
		}
		for _, id := range lenders {
			drop(x.lent, id, k.Resource())
		}
	}
	if leaf, ok := now.Get(k); ok {
		return x.enter(leaf)
	}
	return nil
}

func (x *holdings) enter(l tree.Leaf) error {
	who, lenders, err := holdersAt(l)
	for _, id := range who {
		add(x.blocks, id, l.Key.Resource())
	}
	for _, id := range lenders {
		add(x.lent, id, l.Key.Resource())
	}
	return err
}

// add puts a thing into the set of a key.
func add[K, V comparable](sets map[K]map[V]struct{}, k K, v V) {
	if sets[k] == nil {
		sets[k] = map[V]struct{}{}
	}
	sets[k][v] = struct{}{}
}

// drop takes a thing out of the set of a key.
func drop[K, V comparable](sets map[K]map[V]struct{}, k K, v V) {
	delete(sets[k], v)
	if len(sets[k]) == 0 {
		delete(sets, k)
	}
}

// holdersAt is who holds a title or an estate at a block, and who lends on the title.
func holdersAt(l tree.Leaf) (who, lenders []wire.Address, err error) {
	f, err := record.FolioFromBytes(l.Data)
	if err != nil {
		return nil, nil, err
	}
	if len(f.Title) > 0 {
		t, err := record.TitleFromBytes(f.Title)
		if err != nil {
			return nil, nil, err
		}
		if !t.Holder.IsZero() {
			who = append(who, t.Holder)
		}
	}
	if len(f.Charges) > 0 {
		charges, err := record.ChargesFromBytes(f.Charges)
		if err != nil {
			return nil, nil, err
		}
		for i := range charges {
			lenders = append(lenders, charges[i].Lender)
		}
	}
	estates, err := record.EstatesFromBytes(f.Estates)
	for _, e := range estates {
		who = append(who, e.Holder)
	}
	return who, lenders, err
}
