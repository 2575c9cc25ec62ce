package record

import (
	"fmt"

	"ipledger/ledger/wire"
)

// RestrictionKind says what holds a title. The numbers are on the wire.
type RestrictionKind uint64

// Hold is a conditional transfer that was accepted and is not settled.
const Hold RestrictionKind = 1

// RestrictionsMax is how many restrictions stand at one block.
const RestrictionsMax = 16

// Restriction is one entry of slot 3 of a folio.
type Restriction struct {
	Rules uint64
	Kind  RestrictionKind
	Act   wire.Hash // for a hold: the offer
	Until uint64    // header time at which it ends by itself
}

// RestrictionsBytes is the record of the restrictions at one block, by act.
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
	if err := wire.Decode(raw, FolioBytesMax, &list); err != nil {
		return nil, fmt.Errorf("restrictions: %w", err)
	}
	if len(list) == 0 || len(list) > RestrictionsMax {
		return nil, fmt.Errorf("restrictions: %w: %d at one block", wire.ErrCanonical, len(list))
	}
	return list, nil
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
		w.Uint(list[i].Until)
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
		x.Until = one.Uint()
		all.Leave(&one)
		*list = append(*list, x)
	}
	r.Leave(&all)
}
