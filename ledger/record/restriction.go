package record

import (
	"fmt"

	"ipledger/ledger/wire"
)

// RestrictionKind says what stands against a title. The numbers are on the wire.
type RestrictionKind uint64

// The kinds of restriction. Those from Caution on are marks: they warn, and bind
// nobody.
const (
	Hold     RestrictionKind = 1  // a conditional transfer that was accepted and is not settled
	Freeze   RestrictionKind = 2  // by an accepted dispute, an order, or a registrar's removal
	Contest  RestrictionKind = 3  // two claim the block
	Claimed  RestrictionKind = 4  // a claim's window runs
	Caution  RestrictionKind = 16 // somebody disputes the title
	Diverges RestrictionKind = 17 // the source registry says otherwise
)

// Mark reports whether a restriction warns and does not bind: it is no part of
// what an offer is made on, but of what an acceptance names (specs/04 DEAL-1).
func (k RestrictionKind) Mark() bool { return k >= Caution }

// Binding reports whether acts are refused by it: a freeze and a contest bind, a
// hold does by a rule of its own, a claim's window does not (specs/22 DISP-5).
func (k RestrictionKind) Binding() bool { return k == Freeze || k == Contest }

// Queued reports whether a restriction of this kind ends by a due item of its own,
// one at each block that it binds; what makes the others ends them. A caution is
// not: its holder may cut its title into as many pieces as it can pay for.
func (k RestrictionKind) Queued() bool { return k == Freeze || k == Contest }

// Bounds of what stands against one title.
const (
	RestrictionsMax = 48 // the bounds of all kinds together, with room
	FreezesMax      = 8  // of which those by disputes leave half to orders
	DisputesMax     = 4  // freezes by accepted disputes
	CautionsMax     = 12
	CautionsOfOne   = 2  // of one account
	CautionsOfPoor  = 6  // of accounts that anyone can open: who loses by a caution has none
	SaysBytesMax    = 64 // as a source row's handle
)

// Restriction is one entry of slot 3 of a title's folio.
type Restriction struct {
	Rules uint64
	Kind  RestrictionKind
	Act   wire.Hash     // that it rests on: the offer of a hold, the claim, order, caution or statement
	Since uint64        // header time at which it was entered
	Until uint64        // header time at which it ends by itself; 0 only for a mark that has no end
	At    wire.Resource // what it binds: the title's block or a part of it
	Says  string        // of a divergence: the handle that the source states
}

// RestrictionsBytes is the record of the restrictions on one title, by act, kind and block.
func RestrictionsBytes(list []Restriction) []byte {
	if len(list) == 0 {
		return nil
	}
	return wire.Encode(restrictions(list))
}

// OwnRestrictions is RestrictionsFromBytes for bytes that this process wrote
// (wire.Own).
func OwnRestrictions(raw []byte) []Restriction { return *wire.Own[restrictions](raw) }

// RestrictionsFromBytes reads what RestrictionsBytes writes.
func RestrictionsFromBytes(raw []byte) ([]Restriction, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	var list []Restriction
	if err := wire.Decode(raw, FolioBytesMax, (*restrictions)(&list)); err != nil {
		return nil, fmt.Errorf("restrictions: %w", err)
	}
	if len(list) == 0 || len(list) > RestrictionsMax {
		return nil, fmt.Errorf("restrictions: %w: %d at one block", wire.ErrCanonical, len(list))
	}
	for i := range list {
		if len(list[i].Says) > SaysBytesMax {
			return nil, fmt.Errorf("restrictions: %w: %d bytes of text", wire.ErrCanonical, len(list[i].Says))
		}
	}
	return list, nil
}

// binding is the record of those restrictions that are no marks.
func binding(raw []byte) []byte {
	if len(raw) == 0 {
		return nil
	}
	list := *wire.Own[restrictions](raw)
	n := 0
	for i := range list {
		if !list[i].Kind.Mark() {
			list[n] = list[i]
			n++
		}
	}
	return RestrictionsBytes(list[:n])
}

// restrictions is a list that knows its fields.
type restrictions []Restriction

func (list restrictions) Append(w *wire.Writer) {
	all := w.List()
	for i := range list {
		one := w.List()
		w.Uint(list[i].Rules)
		w.Uint(uint64(list[i].Kind))
		w.String(list[i].Act[:])
		w.Uint(list[i].Since)
		w.Uint(list[i].Until)
		w.Resource(list[i].At)
		w.Text(list[i].Says)
		w.End(one)
	}
	w.End(all)
}

func (list *restrictions) Read(r *wire.Reader) {
	all := r.List()
	for all.More() {
		one := all.List()
		x := Restriction{Rules: one.Uint(), Kind: RestrictionKind(one.Uint())}
		one.Fill(x.Act[:])
		x.Since, x.Until, x.At, x.Says = one.Uint(), one.Uint(), one.Resource(), one.Text()
		all.Leave(&one)
		*list = append(*list, x)
	}
	r.Leave(&all)
}
