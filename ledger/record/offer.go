package record

import (
	"fmt"

	"ipledger/ledger/wire"
)

// OffersMax is how many offers one account may have open on a title.
const OffersMax = 16

// OfferKind says what is offered. The numbers are on the wire.
type OfferKind uint8

const (
	OfferTransfer OfferKind = 1 // the title, or a part of it
	OfferGrant    OfferKind = 2 // possession until notice
)

// Offer is an offer that waits for its acceptance, under the id of its act.
type Offer struct {
	Rules     uint64
	Kind      OfferKind
	Maker     wire.Address
	To        wire.Address
	Resource  wire.Resource // what is offered
	Title     wire.Resource // the title it lies in
	Value     wire.Hash     // the title's dealing value when it was made
	Keep      bool
	Notice    uint64
	SubGrants bool
	Earliest  uint64
	Until     uint64
}

// OfferFromBytes reads a canonical offer.
func OfferFromBytes(raw []byte) (*Offer, error) {
	o := new(Offer)
	if err := wire.Decode(raw, 1024, o); err != nil {
		return nil, fmt.Errorf("offer: %w", err)
	}
	return o, nil
}

// Offers is the index of a title's offers, lapsed ones included until swept.
type Offers struct {
	Rules uint64
	IDs   []wire.Hash // ascending, at most OffersMax
}

// OffersFromBytes reads a canonical index.
func OffersFromBytes(raw []byte) (*Offers, error) {
	o := new(Offers)
	if err := wire.Decode(raw, 1024, o); err != nil {
		return nil, fmt.Errorf("offers: %w", err)
	}
	return o, nil
}

// Append writes the offer's canonical bytes.
func (o *Offer) Append(w *wire.Writer) {
	all := w.List()
	w.Uint(o.Rules)
	w.Uint(uint64(o.Kind))
	w.String(o.Maker[:])
	w.String(o.To[:])
	w.Resource(o.Resource)
	w.Resource(o.Title)
	w.String(o.Value[:])
	w.Bool(o.Keep)
	w.Uint(o.Notice)
	w.Bool(o.SubGrants)
	w.Uint(o.Earliest)
	w.Uint(o.Until)
	w.End(all)
}

// Read reads an offer that Append wrote.
func (o *Offer) Read(r *wire.Reader) {
	all := r.List()
	o.Rules, o.Kind = all.Uint(), OfferKind(all.Byte())
	all.Fill(o.Maker[:])
	all.Fill(o.To[:])
	o.Resource, o.Title = all.Resource(), all.Resource()
	all.Fill(o.Value[:])
	o.Keep, o.Notice, o.SubGrants = all.Bool(), all.Uint(), all.Bool()
	o.Earliest, o.Until = all.Uint(), all.Uint()
	r.Leave(&all)
}

// Append writes the index's canonical bytes.
func (o *Offers) Append(w *wire.Writer) {
	all := w.List()
	w.Uint(o.Rules)
	list := w.List()
	for i := range o.IDs {
		w.String(o.IDs[i][:])
	}
	w.End(list)
	w.End(all)
}

// Read reads an index that Append wrote.
func (o *Offers) Read(r *wire.Reader) {
	all := r.List()
	o.Rules = all.Uint()
	list := all.List()
	for list.More() {
		var id wire.Hash
		list.Fill(id[:])
		o.IDs = append(o.IDs, id)
	}
	all.Leave(&list)
	r.Leave(&all)
}
