package ledger

import (
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// placed is an authorisation and the block it is written at.
type placed struct {
	at wire.Resource
	record.Origin
}

// authorise lets an AS originate a prefix.
//
// specs/04 ORIGIN-1: only addresses are originated. specs/04 ORIGIN-5: one
// authorisation is written once.
func (b *block) authorise(id wire.Hash, author wire.Address, body *tx.OriginAuthorise) error {
	if body.Resource.Family == wire.ASN {
		return tx.Refuse("ORIGIN-1", "resource", "AS numbers are not originated")
	}
	o := record.Origin{Rules: record.Rules, Holder: author, MaxLength: body.MaxLength, AS: body.AS, Act: id, Since: b.now.Time}
	if b.hasOrigin(body.Resource, o) {
		return tx.Refuse("ORIGIN-5", "resource", "%v down to /%d is authorised for AS%d", body.Resource, body.MaxLength, body.AS)
	}
	layers, err := b.ownToOriginate(author, body)
	if err != nil {
		return err
	}
	return b.enter(placed{body.Resource, o}, layers)
}

// ownToOriginate keeps R7 for a new authorisation.
//
// specs/04 ORIGIN-2: the author's live estates together MUST cover the prefix.
// specs/04 ORIGIN-3: nothing it permits may lie wholly inside what others possess.
func (b *block) ownToOriginate(author wire.Address, body *tx.OriginAuthorise) ([]layer, error) {
	stack := b.stack(body.Resource)
	layers, ok := b.coverUnder(stack, author, body.Resource)
	if !ok {
		return nil, tx.Refuse("ORIGIN-2", "resource", "no estates of the author's cover the whole of %v", body.Resource)
	}
	for _, l := range layers {
		t, err := b.standingAt(l)
		if err != nil {
			return nil, err
		}
		if err := uncontested(t, body.Resource); err != nil {
			return nil, err
		}
	}
	at, found, err := b.takenWithin(stack, body.Resource, author, body.MaxLength)
	if err == nil && found {
		err = tx.Refuse("ORIGIN-3", "maxLength", "%v would be permitted, and is in others' possession", at)
	}
	return layers, err
}

// takenWithin finds a block inside r, no longer than most, that others possess
// wholly; layers is the stack of r.
func (b *block) takenWithin(layers []layer, r wire.Resource, who wire.Address, most uint64) (wire.Resource, bool, error) {
	s := b.surveyFor(who)
	defer s.count()
	var outer wire.Address
	if len(layers) > 0 {
		outer = layers[len(layers)-1].holder
	}
	if outer == who && !s.rightBeneath(r) {
		return r, false, nil
	}
	at, found := s.taken(r, outer, most)
	if s.looks > looksMax {
		return at, true, tx.Refuse("ORIGIN-7", "resource", "more than %d blocks lie inside %v", looksMax, r)
	}
	return at, found, nil
}

func (s *survey) taken(r wire.Resource, outer wire.Address, most uint64) (wire.Resource, bool) {
	if s.looks++; s.looks > looksMax {
		return r, false
	}
	if s.others(r, outer) {
		return r, true
	}
	low, high, ok := inr.Halves(r)
	if !ok || uint64(r.Len) >= most || !s.rightBeneath(r) {
		return r, false
	}
	if next, ok := s.firstRight(r); ok && next.at == r {
		outer = next.innermost()
	}
	if at, found := s.taken(low, outer, most); found {
		return at, true
	}
	return s.taken(high, outer, most)
}

// withdraw takes an authorisation of the author's back.
//
// specs/04 ORIGIN-6: only the account that authorised withdraws.
func (b *block) withdraw(author wire.Address, body *tx.OriginWithdraw) error {
	o := record.Origin{Holder: author, MaxLength: body.MaxLength, AS: body.AS}
	if !b.hasOrigin(body.Resource, o) {
		return tx.Refuse("ORIGIN-6", "resource", "no authorisation of the author's for AS%d at %v down to /%d", body.AS, body.Resource, body.MaxLength)
	}
	b.dropOrigin(author, record.Ref{Resource: body.Resource, MaxLength: body.MaxLength, AS: body.AS})
	return nil
}

func (b *block) origins(r wire.Resource) []record.Origin {
	return slices.Clone(b.pageAt(r).originsHere())
}

func (b *block) hasOrigin(r wire.Resource, o record.Origin) bool {
	return slices.ContainsFunc(b.pageAt(r).originsHere(), func(x record.Origin) bool { return record.CompareOrigins(x, o) == 0 })
}

// addOrigin writes an authorisation. One that is there already stays as it is.
func (b *block) addOrigin(p placed) error {
	if b.hasOrigin(p.at, p.Origin) {
		return nil
	}
	layers, ok := b.cover(p.Holder, p.at)
	if !ok {
		return tx.Refuse("ORIGIN-2", "resource", "no estates of %v cover the whole of %v", p.Holder, p.at)
	}
	return b.enter(p, layers)
}

// enter writes an authorisation, and enters it in the index of every possession
// it rests on.
//
// specs/04 ORIGIN-4: at most 64 authorisations rest on one possession.
func (b *block) enter(p placed, layers []layer) error {
	ref := record.Ref{Resource: p.at, MaxLength: p.MaxLength, AS: p.AS}
	rests := make([]index, 0, len(layers))
	for _, l := range layers {
		x := b.index(l.at, l.id())
		if len(x.Refs) >= record.OriginsMax {
			return tx.Refuse("ORIGIN-4", "resource", "%d authorisations rest on %v", len(x.Refs), l.at)
		}
		rests = append(rests, x)
	}
	for _, x := range rests {
		x.Refs = append(x.Refs, ref)
		b.putIndex(x)
	}
	here := b.pageAt(p.at).originsHere()
	list := append(append(make([]record.Origin, 0, len(here)+1), here...), p.Origin)
	slices.SortFunc(list, record.CompareOrigins)
	b.putOrigins(p.at, list)
	return nil
}

func (b *block) putOrigins(r wire.Resource, list []record.Origin) {
	f := b.folio(r)
	f.Authorisations = record.OriginsBytes(list)
	b.putFolio(r, f)
}

// dropOrigin takes an authorisation from its block and from every index, and
// gives it. Where an index names what is not there it gives none: that breaks
// ORIGIN-4 and Invariants says so, but a due item must not stop the chain on it.
func (b *block) dropOrigin(who wire.Address, ref record.Ref) []placed {
	list := b.origins(ref.Resource)
	i := slices.IndexFunc(list, func(o record.Origin) bool {
		return o.Holder == who && o.AS == ref.AS && o.MaxLength == ref.MaxLength
	})
	if i < 0 {
		return nil
	}
	gone := []placed{{ref.Resource, list[i]}}
	layers, _ := b.cover(who, ref.Resource)
	for _, l := range layers {
		b.dropRef(l.at, l.id(), ref)
	}
	b.putOrigins(ref.Resource, slices.Delete(list, i, i+1))
	return gone
}

// takeResting takes away everything that rests on a possession, services among
// it, and returns the authorisations so that what others are left with can be
// authorised anew.
func (b *block) takeResting(who wire.Address, l layer) []placed {
	b.endPlaces(l.at, l.id(), func(wire.Resource) bool { return true })
	var out []placed
	for _, ref := range b.resting(l.at, l.id()).Refs {
		out = append(out, b.dropOrigin(who, ref)...)
	}
	b.remove(record.RestingKey(l.at, l.id()))
	return out
}

// regrant authorises anew, for who, what an old authorisation permitted inside r.
func (b *block) regrant(old placed, r wire.Resource, who wire.Address) error {
	if uint64(r.Len) > old.MaxLength {
		return nil
	}
	o := old.Origin
	o.Holder = who
	return b.addOrigin(placed{r, o})
}

// index is what rests on one possession, and where that is written.
type index struct {
	key tree.Key
	record.Resting
}

func (b *block) index(at wire.Resource, estate wire.Hash) index {
	x := index{record.RestingKey(at, estate), record.Resting{Rules: record.Rules}}
	if leaf, ok := b.e.Get(x.key); ok {
		x.Resting = *record.OwnResting(leaf.Data)
	}
	return x
}

// resting is what rests on a possession; it is the caller's.
func (b *block) resting(at wire.Resource, estate wire.Hash) *record.Resting {
	x := b.index(at, estate)
	return &x.Resting
}

// writeResting writes what rests on a possession.
func (b *block) writeResting(at wire.Resource, estate wire.Hash, x *record.Resting) {
	b.putIndex(index{record.RestingKey(at, estate), *x})
}

// putIndex writes an index, or takes it away when nothing rests any more.
func (b *block) putIndex(x index) {
	if len(x.Refs)+len(x.Places) == 0 {
		b.remove(x.key)
		return
	}
	slices.SortFunc(x.Refs, record.CompareRefs)
	b.w.Reset()
	x.Append(&b.w)
	b.put(x.key, b.w.Bytes())
}

func (b *block) dropRef(at wire.Resource, estate wire.Hash, ref record.Ref) {
	x := b.index(at, estate)
	x.Refs = slices.DeleteFunc(x.Refs, func(r record.Ref) bool { return r == ref })
	b.putIndex(x)
}
