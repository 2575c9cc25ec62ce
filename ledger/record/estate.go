package record

import (
	"fmt"

	"ipledger/ledger/wire"
)

// EstateKind says on what terms an estate ends.
type EstateKind uint8

const (
	Grant EstateKind = 1 // open-ended, ends by notice
	Lease EstateKind = 2 // ends at a time
)

// Bounds of estates (specs/04 EST-1, specs/15 LEASE-8).
const (
	DepthMax = 4 // estates live on one address at one time: provider, reseller, customer, and one to spare
	// ComingMax is for how many estates to come each right over an address has
	// places there, one for the next and one for the one after.
	ComingMax = 2
	AtMax     = DepthMax + ComingMax*(DepthMax+1) // estates written over one address, live and to come
	InsideMax = 256                               // live estates inside one estate, and as many to come
	// OutsideMax is how many of those to come others than the estate's holder, and
	// those beneath it, may bring about.
	OutsideMax = InsideMax / 2
)

// Estate is one layer of possession over a block. It never names its title, so
// that it survives every change of title.
type Estate struct {
	Rules     uint64
	ID        wire.Hash // the act that accepted it
	Kind      EstateKind
	Holder    wire.Address
	Start     uint64    // header time, Unix seconds
	Notice    uint64    // seconds, for a grant and an evergreen lease
	SubGrants bool      // estates may be carved out of it: sub-grants, sub-leases
	Ends      uint64    // header time at which it ends; 0 while that is open
	Warning   wire.Hash // the act that set the end; zero while it is open
	Inside    uint64    // estates that stand inside it, at any depth
	Coming    uint64    // how many of those are to come
	Started   bool      // its start has come and was settled
	Lease     []Terms   // of a lease exactly one, of a grant none
}

// Live reports whether the estate still stands at header time now.
//
// specs/04 EST-4: terms are half open: what ends at t is gone in a block of time t.
func (e *Estate) Live(now uint64) bool { return e.Ends == 0 || now < e.Ends }

// EstatesBytes is the record of the estates at one block, outermost first.
func EstatesBytes(list []Estate) []byte {
	if len(list) == 0 {
		return nil
	}
	return wire.Encode(estates(list))
}

// OwnEstates is EstatesFromBytes for bytes that this process wrote (wire.Own).
func OwnEstates(raw []byte) []Estate { return *wire.Own[estates](raw) }

// estates is a list that knows its fields.
type estates []Estate

func (list estates) Append(w *wire.Writer) {
	all := w.List()
	for i := range list {
		e := &list[i]
		one := w.List()
		w.Uint(e.Rules)
		w.String(e.ID[:])
		w.Uint(uint64(e.Kind))
		w.String(e.Holder[:])
		w.Uint(e.Start)
		w.Uint(e.Notice)
		w.Bool(e.SubGrants)
		w.Uint(e.Ends)
		w.String(e.Warning[:])
		w.Uint(e.Inside)
		w.Uint(e.Coming)
		w.Bool(e.Started)
		appendTerms(w, e.Lease)
		w.End(one)
	}
	w.End(all)
}

func (list *estates) Read(r *wire.Reader) {
	all := r.List()
	for all.More() {
		one := all.List()
		e := Estate{Rules: one.Uint()}
		one.Fill(e.ID[:])
		e.Kind = EstateKind(one.Byte())
		one.Fill(e.Holder[:])
		e.Start, e.Notice, e.SubGrants, e.Ends = one.Uint(), one.Uint(), one.Bool(), one.Uint()
		one.Fill(e.Warning[:])
		e.Inside, e.Coming, e.Started = one.Uint(), one.Uint(), one.Bool()
		e.Lease = readTerms(&one)
		all.Leave(&one)
		*list = append(*list, e)
	}
	r.Leave(&all)
}

// EstatesFromBytes reads what EstatesBytes writes; empty bytes are no estate.
func EstatesFromBytes(raw []byte) ([]Estate, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	var list []Estate
	if err := wire.Decode(raw, FolioBytesMax, (*estates)(&list)); err != nil {
		return nil, fmt.Errorf("estates: %w", err)
	}
	if len(list) == 0 || len(list) > AtMax {
		return nil, fmt.Errorf("estates: %w: %d at one block", wire.ErrCanonical, len(list))
	}
	for i := range list {
		if leases := len(list[i].Lease); leases > 1 || (list[i].Kind == Lease) != (leases == 1) {
			return nil, fmt.Errorf("estates: %w: kind %d with %d terms of a lease", wire.ErrCanonical, list[i].Kind, leases)
		}
	}
	return list, nil
}
