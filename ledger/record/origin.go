package record

import (
	"bytes"
	"cmp"
	"fmt"

	"ipledger/ledger/wire"
)

// OriginsMax is how many authorisations may rest on one possession.
const OriginsMax = 64

// Origin lets an AS originate the block it is written at, and more specific
// prefixes down to MaxLength, by the word of the account that possesses it.
type Origin struct {
	Rules     uint64
	Holder    wire.Address
	MaxLength uint64
	AS        uint64
	Act       wire.Hash // the act it goes back to; zero from genesis
	Since     uint64    // header time at which that was entered; 0 from genesis
}

// CompareOrigins is the order of authorisations at one block.
func CompareOrigins(a, b Origin) int {
	return cmp.Or(cmp.Compare(a.AS, b.AS), cmp.Compare(a.MaxLength, b.MaxLength), bytes.Compare(a.Holder[:], b.Holder[:]))
}

// OriginsBytes is the record of the authorisations at one block, in order.
func OriginsBytes(list []Origin) []byte {
	if len(list) == 0 {
		return nil
	}
	w := wire.NewWriter(originBytesUsual * len(list))
	origins(list).Append(&w)
	return w.Bytes()
}

// originBytesUsual is what one authorisation takes, with the head of the list.
const originBytesUsual = 77

// OwnOrigins is OriginsFromBytes for bytes that this process wrote (wire.Own).
func OwnOrigins(raw []byte) []Origin {
	list := make(origins, 0, len(raw)/originBytesUsual+1)
	r := wire.NewReader(raw)
	list.Read(&r)
	r.MustClose("authorisations")
	return list
}

// origins is a list that knows its fields.
type origins []Origin

func (list origins) Append(w *wire.Writer) {
	all := w.List()
	for i := range list {
		o := &list[i]
		one := w.List()
		w.Uint(o.Rules)
		w.String(o.Holder[:])
		w.Uint(o.MaxLength)
		w.Uint(o.AS)
		w.String(o.Act[:])
		w.Uint(o.Since)
		w.End(one)
	}
	w.End(all)
}

func (list *origins) Read(r *wire.Reader) {
	all := r.List()
	for all.More() {
		one := all.List()
		o := Origin{Rules: one.Uint()}
		one.Fill(o.Holder[:])
		o.MaxLength, o.AS = one.Uint(), one.Uint()
		one.Fill(o.Act[:])
		o.Since = one.Uint()
		all.Leave(&one)
		*list = append(*list, o)
	}
	r.Leave(&all)
}

// OriginsFromBytes reads what OriginsBytes writes; empty bytes are none.
func OriginsFromBytes(raw []byte) ([]Origin, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	var list []Origin
	if err := wire.Decode(raw, FolioBytesMax, (*origins)(&list)); err != nil {
		return nil, fmt.Errorf("authorisations: %w", err)
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("authorisations: %w: an empty list", wire.ErrCanonical)
	}
	return list, nil
}
