package ledger

import (
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// restsOn is the right that what an account states at a block rests on: its
// innermost one over all of it.
func (b *block) restsOn(who wire.Address, r wire.Resource) (layer, bool) {
	layers := b.stack(r)
	for i := len(layers) - 1; i >= 0; i-- {
		if layers[i].holder == who {
			return layers[i], true
		}
	}
	return layer{}, false
}

// enterPlace enters a block with services in the index of what they rest on.
//
// specs/18 SVC-5: at most 64 blocks with services rest on one possession.
func (b *block) enterPlace(who wire.Address, r wire.Resource) error {
	l, _ := b.restsOn(who, r)
	x := b.resting(l.at, l.id())
	if slices.Contains(x.Places, r) {
		return nil
	}
	if len(x.Places) >= record.PlacesMax {
		return tx.Refuse("SVC-5", "resource", "%d blocks with services rest on %v", len(x.Places), l.at)
	}
	x.Places = append(x.Places, r)
	slices.SortFunc(x.Places, record.ComparePlaces)
	b.writeResting(l.at, l.id(), x)
	return nil
}

// endServices ends what an account states at one block, if it does.
func (b *block) endServices(who wire.Address, r wire.Resource) {
	if l, ok := b.restsOn(who, r); ok {
		b.endPlaces(l.at, l.id(), func(p wire.Resource) bool { return p == r })
	}
}

// endPlaces ends the services that rest on a possession at the places named.
func (b *block) endPlaces(at wire.Resource, estate wire.Hash, gone func(wire.Resource) bool) {
	x := b.resting(at, estate)
	before := len(x.Places)
	x.Places = slices.DeleteFunc(x.Places, func(p wire.Resource) bool {
		if gone(p) {
			b.putServices(p, nil)
			return true
		}
		return false
	})
	if len(x.Places) < before {
		b.writeResting(at, estate, x)
	}
}

// endInside ends what an account states inside a block that came into another's
// possession, over the rights given; what it states around the block stands.
//
// specs/18 SVC-6: what its former possessor set at blocks inside it ends.
func (b *block) endInside(who wire.Address, r wire.Resource, layers []layer) {
	for _, l := range layers {
		if l.holder == who {
			b.endPlaces(l.at, l.id(), func(p wire.Resource) bool { return inr.Covers(r, p) })
		}
	}
}

// endAround ends the services that rest on a possession at blocks around a cut:
// no piece has them whole.
//
// specs/18 SVC-7: those at a block around a part that was cut off end.
func (b *block) endAround(at wire.Resource, estate wire.Hash, part wire.Resource) {
	b.endPlaces(at, estate, func(p wire.Resource) bool { return p != part && inr.Covers(p, part) })
}

// handServices gives a part of a possession's services to its next holder, or
// ends them; contacts end. It comes before the possession is cut or conveyed.
//
// specs/18 SVC-7: the services that lie inside what was sold end, or become the
// buyer's if the offer keeps origins, contacts left out.
func (b *block) handServices(at wire.Resource, estate wire.Hash, part wire.Resource, to wire.Address, keep bool) {
	b.endPlaces(at, estate, func(p wire.Resource) bool {
		if !inr.Covers(part, p) {
			return false
		}
		s := b.services(p)
		s.Holder, s.Abuse, s.Private = to, "", wire.Hash{}
		if !keep || s.Empty() {
			return true
		}
		b.putServices(p, s)
		return false
	})
}

// bringPlaces lets what an account states inside a block rest on its estate there
// that is about to begin: it came into possession in the meantime.
func (b *block) bringPlaces(who wire.Address, r wire.Resource, estate wire.Hash) {
	l, ok := b.restsOn(who, r)
	if !ok {
		return
	}
	x, inner := b.resting(l.at, l.id()), b.resting(r, estate)
	x.Places = slices.DeleteFunc(x.Places, func(p wire.Resource) bool {
		if inr.Covers(r, p) {
			inner.Places = append(inner.Places, p)
			return true
		}
		return false
	})
	if len(inner.Places) > 0 {
		b.writeResting(l.at, l.id(), x)
		b.writeResting(r, estate, inner)
	}
}

// divideResting gives a piece of a possession its part of what rested on the whole.
func (b *block) divideResting(piece wire.Resource, estate wire.Hash, whole *record.Resting) {
	x := &record.Resting{Rules: record.Rules, Refs: overlapping(whole.Refs, piece)}
	for _, p := range whole.Places {
		if inr.Covers(piece, p) {
			x.Places = append(x.Places, p)
		}
	}
	b.writeResting(piece, estate, x)
}

// joinedPlaces are the blocks with services of two titles that merge.
func joinedPlaces(l, h *record.Resting) ([]wire.Resource, error) {
	out := slices.Concat(l.Places, h.Places)
	if len(out) > record.PlacesMax {
		return nil, tx.Refuse("SVC-5", "resource", "%d blocks with services would rest on one title", len(out))
	}
	slices.SortFunc(out, record.ComparePlaces)
	return out, nil
}
