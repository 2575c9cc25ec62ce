package record

import (
	"fmt"

	"ipledger/ledger/wire"
)

// OffersMax is how many offers one account may have open on a title, and how
// many listings.
const OffersMax = 16

// Offer is what waits for an acceptance or a time, under the id of its act: an
// offer of any kind, a conditional transfer, a surrender, a listing.
type Offer struct {
	Rules    uint64
	Kind     uint64 // the kind of its act (specs/04)
	Maker    wire.Address
	To       wire.Address  // who may accept it; zero for a surrender and a listing
	Resource wire.Resource // what is offered
	Title    wire.Resource // the title it lies in
	Value    wire.Hash     // the title's dealing value when it was made; zero for a listing
	Earliest uint64
	Until    uint64
	Consents []Consent // of others than the two parties, at most ConsentsMax
	Accepted uint64    // header time of a conditional acceptance; 0 while there is none
	Met      uint64    // conditions met: 1 the agent's, 2 the secret's
	Renewed  uint64    // how often recoveries had replaced the maker's keys when it was made
	Body     []byte    // the fields of its act (specs/04), for its terms
}

// Consent is one's word that an offer of others may be accepted.
type Consent struct {
	By      wire.Address
	Charge  wire.Hash // the charge whose lender consents; zero for a lessor or title holder
	Release bool      // of a charge: what is transferred leaves it
}

// ConsentsMax is one consent for each charge, and those of lessor and holder.
const ConsentsMax = ChargesMax + 2

// offerBytesMax bounds an offer: its act's body is the largest part.
const offerBytesMax = 6 << 10

// OfferFromBytes reads a canonical offer.
func OfferFromBytes(raw []byte) (*Offer, error) {
	o := new(Offer)
	if err := wire.Decode(raw, offerBytesMax, o); err != nil {
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
	w.Uint(o.Kind)
	w.String(o.Maker[:])
	w.String(o.To[:])
	w.Resource(o.Resource)
	w.Resource(o.Title)
	w.String(o.Value[:])
	w.Uint(o.Earliest)
	w.Uint(o.Until)
	o.appendConsents(w)
	w.Uint(o.Accepted)
	w.Uint(o.Met)
	w.Uint(o.Renewed)
	w.String(o.Body)
	w.End(all)
}

// Read reads an offer that Append wrote.
func (o *Offer) Read(r *wire.Reader) {
	all := r.List()
	o.Rules, o.Kind = all.Uint(), all.Uint()
	all.Fill(o.Maker[:])
	all.Fill(o.To[:])
	o.Resource, o.Title = all.Resource(), all.Resource()
	all.Fill(o.Value[:])
	o.Earliest, o.Until = all.Uint(), all.Uint()
	o.readConsents(&all)
	o.Accepted, o.Met, o.Renewed = all.Uint(), all.Uint(), all.Uint()
	o.Body = all.String()
	r.Leave(&all)
}

func (o *Offer) appendConsents(w *wire.Writer) {
	list := w.List()
	for i := range o.Consents {
		one := w.List()
		w.String(o.Consents[i].By[:])
		w.String(o.Consents[i].Charge[:])
		w.Bool(o.Consents[i].Release)
		w.End(one)
	}
	w.End(list)
}

func (o *Offer) readConsents(r *wire.Reader) {
	list := r.List()
	for list.More() {
		var c Consent
		one := list.List()
		one.Fill(c.By[:])
		one.Fill(c.Charge[:])
		c.Release = one.Bool()
		list.Leave(&one)
		o.Consents = append(o.Consents, c)
	}
	r.Leave(&list)
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
