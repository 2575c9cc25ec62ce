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
