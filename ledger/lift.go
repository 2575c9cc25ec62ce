package ledger

import (
	"slices"

	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// lift takes away the authorisations written at r or over it that want names,
// so that they can be entered anew once the rights they rest on have changed
// (specs/04 ORIGIN-4): an index says what cover said when it was written.
func (b *block) lift(r wire.Resource, want func(wire.Resource, record.Origin) bool) []placed {
	var out []placed
	path := b.e.AppendPath(nil, tree.ResourceKey(r)) // dropOrigin uses b.path
	for i := range path {
		at := path[i].Key.Resource()
		for _, o := range b.page(&path[i]).originsHere() {
			if want(at, o) {
				out = append(out, b.dropOrigin(o.Holder, record.Ref{Resource: at, MaxLength: o.MaxLength, AS: o.AS})...)
			}
		}
	}
	return out
}

// decreedLooksMax is how many blocks are looked at to carry a decision out, which
// cannot be made for parts: a quarter of what a ledger block may.
//
// specs/04 ORIGIN-7: to carry out a decision or an unanswered claim 262,144.
const decreedLooksMax = blockLooksMax / 4

// liftWithin takes away what an account authorised strictly inside a block and
// that rests on several of its rights: one over them would hold it alone. Where that is
// more than rest it is refused before anything is taken away.
func (b *block) liftWithin(who wire.Address, r wire.Resource, rest int) ([]placed, error) {
	most := looksMax
	if b.decreed {
		most = decreedLooksMax
	}
	found, ok := b.writtenWithin(who, r, most)
	if !ok {
		return nil, tx.Refuse("ORIGIN-7", "resource", "more than %d blocks lie inside %v", most, r)
	}
	found = slices.DeleteFunc(found, func(p placed) bool { layers, _ := b.cover(who, p.at); return len(layers) < 2 })
	if len(found) > rest {
		return nil, tx.Refuse("ORIGIN-4", "resource", "%d authorisations of %v would rest on %v", len(found), who, r)
	}
	var out []placed
	for _, p := range found {
		out = append(out, b.dropOrigin(who, p.ref())...)
	}
	return out, nil
}

// enterAnew enters what was lifted. What the author itself could no longer
// authorise refuses its act; another's ends, for it waits for nobody.
func (b *block) enterAnew(list []placed, author wire.Address) error {
	for _, p := range list {
		if err := b.addOrigin(p); err != nil && p.Holder == author {
			return err
		}
	}
	return nil
}

// liftSpanning takes away everyone's authorisations that a cut round part
// divides the rights under: all are written at blocks strictly over the part.
func (b *block) liftSpanning(part wire.Resource) []placed {
	return b.lift(part, func(at wire.Resource, _ record.Origin) bool { return at != part })
}
