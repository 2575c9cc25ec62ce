package record

import (
	"fmt"

	"ipledger/ledger/wire"
)

// ChargesMax is how many charges stand over one title (specs/16 CHARGE-2).
const ChargesMax = 8

// Charge is a lender's right over a title, in slot 2 of its folio.
type Charge struct {
	Rules     uint64
	ID        wire.Hash // the act that accepted it; the same on every piece
	Lender    wire.Address
	Mode      uint64 // tx.ChargeMode
	Law       string
	Deed      wire.Hash
	Longest   uint64       // seconds of the longest lease allowed without consent
	Entered   uint64       // header time
	Enforced  uint64       // header time at which an enforcement takes effect; 0 for none
	Notice    wire.Hash    // the act that enforces; zero for none
	Buyer     wire.Address // to whom the title goes then
	Contested bool         // the clock of this enforcement was stopped once
	Stalled   uint64       // the chain's stalled seconds when Enforced was set
}

// ChargesBytes is the record of the charges over one title, in their ranks.
func ChargesBytes(list []Charge) []byte {
	if len(list) == 0 {
		return nil
	}
	return wire.Encode(charges(list))
}

// OwnCharges is ChargesFromBytes for bytes that this process wrote (wire.Own).
func OwnCharges(raw []byte) []Charge { return *wire.Own[charges](raw) }

// ChargesFromBytes reads what ChargesBytes writes; empty bytes are no charge.
func ChargesFromBytes(raw []byte) ([]Charge, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	var list []Charge
	if err := wire.Decode(raw, FolioBytesMax, (*charges)(&list)); err != nil {
		return nil, fmt.Errorf("charges: %w", err)
	}
	if len(list) == 0 || len(list) > ChargesMax {
		return nil, fmt.Errorf("charges: %w: %d over one title", wire.ErrCanonical, len(list))
	}
	return list, nil
}

// charges is a list that knows its fields.
type charges []Charge

func (list charges) Append(w *wire.Writer) {
	all := w.List()
	for i := range list {
		c := &list[i]
		one := w.List()
		w.Uint(c.Rules)
		w.String(c.ID[:])
		w.String(c.Lender[:])
		w.Uint(c.Mode)
		w.Text(c.Law)
		w.String(c.Deed[:])
		w.Uint(c.Longest)
		w.Uint(c.Entered)
		w.Uint(c.Enforced)
		w.String(c.Notice[:])
		w.String(c.Buyer[:])
		w.Bool(c.Contested)
		w.Uint(c.Stalled)
		w.End(one)
	}
	w.End(all)
}

func (list *charges) Read(r *wire.Reader) {
	all := r.List()
	for all.More() {
		one := all.List()
		c := Charge{Rules: one.Uint()}
		one.Fill(c.ID[:])
		one.Fill(c.Lender[:])
		c.Mode, c.Law = one.Uint(), one.Text()
		one.Fill(c.Deed[:])
		c.Longest, c.Entered, c.Enforced = one.Uint(), one.Uint(), one.Uint()
		one.Fill(c.Notice[:])
		one.Fill(c.Buyer[:])
		c.Contested, c.Stalled = one.Bool(), one.Uint()
		all.Leave(&one)
		*list = append(*list, c)
	}
	r.Leave(&all)
}
