package light

import (
	"encoding/json"

	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// linkShape is a link of a chain of title as JSON shows it.
type linkShape struct {
	TitleShape
	Root bool `json:"root"` // made from no other: the title's source row is where it began
}

// MarshalJSON writes the chain of title.
func (a *LineageAnswer) MarshalJSON() ([]byte, error) {
	links := []linkShape{}
	for i := range a.Links {
		links = append(links, linkShape{ShapeTitle(a.Links[i].At, &a.Links[i].Title), a.Links[i].Root})
	}
	return json.Marshal(struct {
		Resource  string      `json:"resource"`
		Height    Decimal     `json:"height"`
		Time      Instant     `json:"time"`
		TitleAt   string      `json:"title_at"`
		Links     []linkShape `json:"links"` // the newest first
		Statement string      `json:"statement"`
	}{a.Resource.String(), Decimal(a.Height), Instant(a.Time), a.Title.At.String(), links, a.Statement()})
}

// entryShape is what is written at one block, as JSON shows it.
type entryShape struct {
	At      string        `json:"at"`
	Title   *TitleShape   `json:"title"`
	Estates []EstateShape `json:"estates"`
	Charges []ChargeShape `json:"charges"`
	Origins []OriginShape `json:"origins"`
}

// MarshalJSON writes the page.
func (a *BeneathAnswer) MarshalJSON() ([]byte, error) {
	list, next := []entryShape{}, ""
	for _, e := range a.Entries {
		list = append(list, shapeEntry(e))
	}
	if a.More {
		next = a.Next.String()
	}
	return json.Marshal(struct {
		Resource  string       `json:"resource"`
		From      string       `json:"from"`
		Height    Decimal      `json:"height"`
		Time      Instant      `json:"time"`
		Entries   []entryShape `json:"entries"`
		Next      string       `json:"next"` // from of the next page, or empty
		Statement string       `json:"statement"`
	}{a.Query.String(), a.From.String(), Decimal(a.Height), Instant(a.Time), list, next, a.Statement()})
}

// shapeEntry reads what it can of a folio that the tree holds: the rules wrote it.
func shapeEntry(v Valued) entryShape {
	out := entryShape{At: v.At.String(), Estates: []EstateShape{}, Charges: []ChargeShape{}, Origins: []OriginShape{}}
	if t, err := record.TitleFromBytes(v.Folio.Title); err == nil {
		shape := ShapeTitle(v.At, t)
		out.Title = &shape
	}
	estates, _ := record.EstatesFromBytes(v.Folio.Estates) // what is no list says nothing
	for _, e := range estates {
		out.Estates = append(out.Estates, ShapeEstate(v.At, e))
	}
	charges, _ := record.ChargesFromBytes(v.Folio.Charges)
	out.Charges = ShapeCharges(charges)
	origins, _ := record.OriginsFromBytes(v.Folio.Authorisations)
	for _, o := range origins {
		out.Origins = append(out.Origins, ShapeOrigin(v.At, o))
	}
	return out
}

// heldShape is a title of a holdings statement as JSON shows it.
type heldShape struct {
	TitleShape
	Charges []ChargeShape `json:"charges"`
	Out     []EstateShape `json:"estates_of_others"`
	More    bool          `json:"more_inside"`
}

// countShape is how much is held in a family.
type countShape struct {
	Numbers string  `json:"numbers"` // IPv4 addresses, IPv6 addresses, AS numbers
	Titles  Decimal `json:"titles"`
	Held    string  `json:"held"`                // a decimal number of any size
	Out     string  `json:"possessed_by_others"` // of those
}

// MarshalJSON writes the holdings.
func (a *HoldingsAnswer) MarshalJSON() ([]byte, error) {
	titles, estates, counts := []heldShape{}, []EstateShape{}, []countShape{}
	for _, c := range a.Counts() {
		counts = append(counts, countShape{FamilyName(c.Family), Decimal(c.Titles), c.Held.String(), c.Out.String()})
	}
	for i := range a.Titles {
		t := &a.Titles[i]
		shape := heldShape{ShapeTitle(t.At, &t.Title), ShapeCharges(t.Charges), shapeLive(t.Out), t.More}
		titles = append(titles, shape)
	}
	for _, e := range a.Estates {
		estates = append(estates, ShapeEstate(e.At, e.Estate.Estate))
	}
	return json.Marshal(struct {
		ID        wire.Address  `json:"id"`
		Height    Decimal       `json:"height"`
		Time      Instant       `json:"time"`
		Counts    []countShape  `json:"counts"`
		Titles    []heldShape   `json:"titles"`
		Estates   []EstateShape `json:"estates"`
		Statement string        `json:"statement"`
	}{a.ID, Decimal(a.Height), Instant(a.Time), counts, titles, estates, a.Statement()})
}

func shapeLive(list []Estate) []EstateShape {
	out := []EstateShape{}
	for _, e := range list {
		out = append(out, ShapeEstate(e.At, e.Estate))
	}
	return out
}
