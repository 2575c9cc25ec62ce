package record

import (
	"fmt"

	"ipledger/ledger/wire"
)

// DueKind says what falls due. The numbers are on the wire.
type DueKind uint8

const (
	DueOffer  DueKind = 1 // an offer lapses
	DuePolicy DueKind = 2 // a waiting policy takes effect
	DueEstate DueKind = 3 // an estate ends
)

// Ranks order what falls due in one second (specs/07 DUE-2).
const (
	RankCount  = 0 // not an item: the count of terms that end in that second
	RankOffer  = 1
	RankPolicy = 2
	RankEstate = 5
)

// TermsMax is how many terms may end in one second: two and a half blocks' work.
const TermsMax = 5000

// Due is one item of the due-queue; its key holds its time, rank and id.
type Due struct {
	Rules    uint64
	Kind     DueKind
	Act      wire.Hash     // the act that made the item
	Resource wire.Resource // of an estate
	Estate   wire.Hash     // of an estate
}

// Append writes the item's canonical bytes.
func (d *Due) Append(w *wire.Writer) {
	all := w.List()
	w.Uint(d.Rules)
	w.Uint(uint64(d.Kind))
	w.String(d.Act[:])
	w.Resource(d.Resource)
	w.String(d.Estate[:])
	w.End(all)
}

// Read reads an item that Append wrote.
func (d *Due) Read(r *wire.Reader) {
	all := r.List()
	d.Rules, d.Kind = all.Uint(), DueKind(all.Byte())
	all.Fill(d.Act[:])
	d.Resource = all.Resource()
	all.Fill(d.Estate[:])
	r.Leave(&all)
}

// DueFromBytes reads a canonical item.
func DueFromBytes(raw []byte) (*Due, error) {
	d := new(Due)
	if err := wire.Decode(raw, 256, d); err != nil {
		return nil, fmt.Errorf("due item: %w", err)
	}
	return d, nil
}

// Terms counts the terms that end in one second.
type Terms struct {
	Rules uint64
	Count uint64
}

// TermsFromBytes reads a canonical count.
func TermsFromBytes(raw []byte) (*Terms, error) {
	t := new(Terms)
	if err := wire.Decode(raw, 64, t); err != nil {
		return nil, fmt.Errorf("terms: %w", err)
	}
	return t, nil
}
