package api

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// offersShape is a page of what is open: offers, conditional transfers,
// surrenders and listings.
type offersShape struct {
	Height light.Decimal `json:"height"`
	Time   light.Instant `json:"time"`
	Offers []offerShape  `json:"offers"`
	Next   string        `json:"next"` // the after of the next page, or empty
}

// offerShape is one of them, with its terms.
type offerShape struct {
	ID       wire.Hash       `json:"id"` // of the act that made it
	Kind     string          `json:"kind"`
	State    string          `json:"state"` // early, open, frozen, accepted, lapsed
	Maker    light.Party     `json:"maker"`
	To       light.Party     `json:"to"`
	Resource string          `json:"resource"`
	Title    string          `json:"title"`
	Earliest light.Instant   `json:"earliest"`
	Until    light.Instant   `json:"until"`
	Accepted light.Instant   `json:"accepted"`
	Met      []string        `json:"conditions_met"` // agent, secret
	Consents []consentShape  `json:"consents"`
	Terms    json.RawMessage `json:"terms"` // the fields of its act
	Text     []string        `json:"text"`  // the same in words
}

type consentShape struct {
	By      light.Party `json:"by"`
	Charge  *wire.Hash  `json:"charge"`
	Release bool        `json:"release"`
}

// accountOffers lists what names an account, so that an addressee finds what was
// offered to it.
func (a *API) accountOffers(w http.ResponseWriter, r *http.Request) error {
	id, err := accountID(r)
	if err != nil {
		return err
	}
	return a.offersPage(w, r, offersOf(id), keepAll)
}

// resourceOffers lists what speaks of blocks that overlap one.
func (a *API) resourceOffers(w http.ResponseWriter, r *http.Request, res wire.Resource) error {
	if err := without(r, "at", "proof", "before"); err != nil {
		return err
	}
	return a.offersPage(w, r, offersAt(res), keepAll)
}

// listingsOf lists what is for sale or for lease, all of it or that which
// overlaps a block.
func (a *API) listingsOf(w http.ResponseWriter, r *http.Request) error {
	keep := keepAll
	if q := r.URL.Query(); q.Has("resource") {
		res, err := parseResource(q.Get("resource"))
		if err != nil {
			return err
		}
		keep = func(d deal) bool { return inr.Overlaps(d.Resource, res) }
	}
	return a.offersPage(w, r, listed, keep)
}

func keepAll(deal) bool { return true }

// offer answers with one.
func (a *API) offer(w http.ResponseWriter, r *http.Request) error {
	var id wire.Hash
	if err := id.UnmarshalText([]byte(r.PathValue("id"))); err != nil {
		return problem(http.StatusBadRequest, "bad_act", "%v", err)
	}
	v := a.Ledger.View()
	if err := a.begun(v); err != nil {
		return err
	}
	shape, ok, err := shapeOffer(v, id)
	if err == nil && !ok {
		err = problem(http.StatusNotFound, "unknown_offer", "nothing of act %v is open after block %d: it was never offered, or taken, cancelled or swept", id, v.Height)
	}
	if err != nil {
		return err
	}
	return writeJSON(w, shape)
}

// offersPage answers with the deals that are chosen and kept, by id, after the
// one that a page before ended with.
func (a *API) offersPage(w http.ResponseWriter, r *http.Request, choose which, keep func(deal) bool) error {
	n, after, v, err := a.pageByID(r)
	if err != nil {
		return err
	}
	list, err := a.dealings.list(v, a.Ledger, choose)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(d deal) bool { return !keep(d) || bytes.Compare(d.id[:], after[:]) <= 0 })
	out := offersShape{Height: light.Decimal(v.Height), Time: light.Instant(v.Time), Offers: []offerShape{}}
	if len(list) > n {
		list, out.Next = list[:n], list[n-1].id.String()
	}
	for _, d := range list {
		shape, ok, err := shapeOffer(v, d.id)
		if err != nil {
			return err
		}
		if ok {
			out.Offers = append(out.Offers, shape)
		}
	}
	return writeJSON(w, out)
}

// pageByID is what a page of a list by id is made of: at most how many, after which
// id (zero for the first page), and the newest state.
func (a *API) pageByID(r *http.Request) (n int, after wire.Hash, v View, err error) {
	if n, err = limit(r); err != nil {
		return n, after, v, err
	}
	if text := r.URL.Query().Get("after"); r.URL.Query().Has("after") {
		if err := after.UnmarshalText([]byte(text)); err != nil {
			return n, after, v, problem(http.StatusBadRequest, "bad_parameter", "after is the next of the page before, not %q", text)
		}
	}
	v = a.Ledger.View()
	return n, after, v, a.begun(v)
}

// shapeOffer reads the offer of an act as it stands.
func shapeOffer(v View, id wire.Hash) (out offerShape, ok bool, err error) {
	leaf, ok := v.State.Get(record.OfferKey(id))
	if !ok {
		return out, false, nil
	}
	o, err := record.OfferFromBytes(leaf.Data)
	if err != nil {
		return out, false, err
	}
	body, err := tx.DecodeBody(tx.Kind(o.Kind), o.Body)
	if err != nil {
		return out, false, errUnreadable(err)
	}
	out = offerShape{
		ID: id, Kind: tx.Kind(o.Kind).String(), Maker: light.Party(o.Maker), To: light.Party(o.To), Resource: o.Resource.String(), Title: o.Title.String(),
		Earliest: light.Instant(o.Earliest), Until: light.Instant(o.Until), Accepted: light.Instant(o.Accepted), Met: met(o.Met),
		Consents: []consentShape{}, Terms: tx.Terms(body), Text: tx.Words(body),
	}
	for _, c := range o.Consents {
		shape := consentShape{By: light.Party(c.By), Release: c.Release}
		if !c.Charge.IsZero() {
			shape.Charge = &c.Charge
		}
		out.Consents = append(out.Consents, shape)
	}
	out.State, err = stateOf(v, o)
	return out, true, err
}

// met names the conditions that are met of a conditional transfer.
func met(bits uint64) []string {
	out := []string{}
	for i, name := range []string{"agent", "secret"} {
		if bits>>i&1 == 1 {
			out = append(out, name)
		}
	}
	return out
}
