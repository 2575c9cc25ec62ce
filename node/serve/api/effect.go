package api

import (
	"errors"
	"fmt"
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// recordChange is one thing that an act changes in the register.
type recordChange struct {
	What   string `json:"what"`   // title, charge, restriction, estate, authorisation, services, offer
	At     string `json:"at"`     // the block
	Change string `json:"change"` // opens, closes, changes, enters, ends, narrows, lapses
	Text   string `json:"text"`   // in words

	block  wire.Resource
	origin *light.OriginShape // of an authorisation
}

// things is what stands at a block, each under a name of its own, with what is
// said of it; what a change of counts alone would alter is left out.
type things map[string]said

type said struct {
	what, text string
	origin     *light.OriginShape
}

// changed is a change of what is said.
func (x said) changed(at wire.Resource, how, text string) recordChange {
	return recordChange{x.what, at.String(), how, text, at, x.origin}
}

// thingsAt reads a folio; one that is not there has nothing.
func thingsAt(s tree.State, at wire.Resource) (things, error) {
	out := things{}
	leaf, ok := s.Get(tree.ResourceKey(at))
	if !ok {
		return out, nil
	}
	shape, err := shapeFolio(at, Version{Data: leaf.Data})
	if err != nil {
		return nil, err
	}
	if t := shape.Title; t != nil {
		out["title"] = said{what: "title", text: fmt.Sprintf("the title to %v: %s, grade %s, holder %s", at, t.State, t.Grade, party(t.Holder))}
	}
	for _, c := range shape.Charges {
		out["charge "+c.ID.String()] = said{what: "charge", text: fmt.Sprintf("charge %v over %v, lender %s, rank %d%s", c.ID, at, party(c.Lender), c.Rank, enforced(c))}
	}
	for _, x := range shape.Holds {
		out["hold "+x.Act.String()] = said{what: "restriction", text: fmt.Sprintf("%s of %v until %s", x.Kind, at, light.Clock(uint64(x.Until)))}
	}
	for _, e := range shape.Estates {
		out["estate "+e.ID.String()] = said{what: "estate", text: fmt.Sprintf("%s %v of %v to %s%s", e.Kind, e.ID, at, party(e.Holder), termOf(e))}
	}
	for _, o := range shape.Origins {
		text := fmt.Sprintf("authorisation of AS%d for %v down to /%d by %s", o.AS, at, o.MaxLength, party(o.Holder))
		out[text] = said{"authorisation", text, &o}
	}
	for i := range shape.Services {
		out["services"] = said{what: "services", text: servicesText(at, &shape.Services[i])}
	}
	return out, nil
}

func party(p light.Party) string {
	if wire.Address(p).IsZero() {
		return "nobody"
	}
	return wire.Address(p).String()
}

func enforced(c light.ChargeShape) string {
	if c.Enforcement == nil {
		return ""
	}
	return fmt.Sprintf(", enforcement for %s takes effect at %s", party(c.Enforcement.To), light.Clock(uint64(c.Enforcement.Effect)))
}

func termOf(e light.EstateShape) string {
	text := ""
	if e.Kind == "lease" {
		text = " from " + light.Clock(uint64(e.Start))
	}
	if e.Ends != 0 {
		text += " until " + light.Clock(uint64(e.Ends))
	}
	if e.Lease != nil && e.Lease.Suspended != 0 {
		text += ", suspended until " + light.Clock(uint64(e.Lease.Suspended))
	}
	return text
}

func servicesText(at wire.Resource, s *light.ServicesShape) string {
	return fmt.Sprintf("services of %v by %s: providers %v, name servers %v, geofeed %q, abuse contact %q", at, party(s.Holder), s.Providers, s.Servers, s.Geofeed, s.Abuse)
}

// changesAt tells what differs at a block between two states.
func changesAt(before, after tree.State, at wire.Resource) (out []recordChange, err error) {
	was, err := thingsAt(before, at)
	if err != nil {
		return nil, err
	}
	is, err := thingsAt(after, at)
	if err != nil {
		return nil, err
	}
	for name, old := range was {
		now, stays := is[name]
		switch {
		case !stays:
			out = append(out, old.changed(at, ending(old.what), old.text))
		case now.text != old.text:
			out = append(out, old.changed(at, "changes", old.text+" becomes "+now.text))
		}
	}
	for name, now := range is {
		if _, was := was[name]; !was {
			out = append(out, now.changed(at, beginning(now.what), now.text))
		}
	}
	slices.SortFunc(out, compareChanges)
	return out, nil
}

func beginning(what string) string {
	if what == "title" {
		return "opens"
	}
	return "enters"
}

func ending(what string) string {
	if what == "title" {
		return "closes"
	}
	return "ends"
}

// order is that in which a register is read.
var order = []string{"title", "charge", "restriction", "estate", "authorisation", "services", "offer"}

func compareChanges(a, b recordChange) int {
	if d := slices.Index(order, a.What) - slices.Index(order, b.What); d != 0 {
		return d
	}
	return slices.Compare([]string{a.At, a.Change, a.Text}, []string{b.At, b.Change, b.Text})
}

// narrow marks the authorisations that end while others of the same account and
// AS enter where they were.
func narrow(list []recordChange) {
	for i, old := range list {
		if old.origin == nil || old.Change != "ends" {
			continue
		}
		replaces := func(c recordChange) bool {
			return c.origin != nil && c.Change == "enters" && c.origin.AS == old.origin.AS && c.origin.Holder == old.origin.Holder && inr.Overlaps(c.block, old.block)
		}
		if slices.ContainsFunc(list, replaces) {
			list[i].Change = "narrows"
		}
	}
}

// registerChanges tells all that an act changes in the register.
func (a *API) registerChanges(view, before, after View, changed []wire.Resource, named []wire.Hash) ([]recordChange, error) {
	out := []recordChange{}
	for _, at := range changed {
		list, err := changesAt(before.State, after.State, at)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	narrow(out)
	lapsed, err := a.lapsing(view, before, after, changed, named)
	return append(out, lapsed...), err
}

// lapsing tells which offers stand before an act and have lapsed after it, but
// for those that it names.
func (a *API) lapsing(view, before, after View, changed []wire.Resource, named []wire.Hash) (out []recordChange, err error) {
	list, err := a.dealings.list(view, a.Ledger, func(x *dealings) (found []deal) {
		for _, at := range changed {
			found = append(found, x.pick(x.titles[at])...)
		}
		return found
	})
	if err != nil {
		return nil, err
	}
	for _, d := range list {
		was, ok1, err1 := shapeOffer(before, d.id)
		is, ok2, err2 := shapeOffer(after, d.id)
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
		if ok1 && ok2 && was.State != "lapsed" && is.State == "lapsed" && !slices.Contains(named, d.id) {
			text := fmt.Sprintf("offer %v (%s) of %s by %s", d.id, was.Kind, was.Resource, party(was.Maker))
			out = append(out, recordChange{What: "offer", At: was.Title, Change: "lapses", Text: text})
		}
	}
	return out, nil
}
