package whois

import (
	"slices"
	"strings"

	"ipledger/ledger/directory"
	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/vrp"
	"ipledger/ledger/wire"
)

// accounts gathers the accounts that a key names, by id or by name.
func (a *answer) accounts() error {
	if !a.wants("organisation") {
		return nil
	}
	ids, err := a.named()
	if err != nil {
		return err
	}
	for _, id := range ids {
		p, ok, err := directory.PartyOf(a.view.State, id)
		if err != nil {
			return err
		}
		if ok {
			a.add(group{key: id.String(), object: a.organisation(&p)})
		}
	}
	return nil
}

// named is the accounts that the key means: an id in letters of either case, or a
// whole name in letters of either case.
func (a *answer) named() ([]wire.Address, error) {
	if id, ok := readID(a.key); ok {
		return []wire.Address{id}, nil
	}
	list, err := a.names.of(&a.view, a.key)
	return slices.DeleteFunc(list, func(id wire.Address) bool {
		p, ok, e := directory.PartyOf(a.view.State, id)
		return e != nil || !ok || !strings.EqualFold(p.Name, a.key)
	}), err
}

func readID(key string) (id wire.Address, ok bool) {
	return id, len(key) == 42 && id.UnmarshalText([]byte(strings.ToLower(key))) == nil
}

// inverted gathers what names the key: with -i org the blocks that an account holds or
// has an estate at, with -i origin the routes of an AS number.
func (a *answer) inverted() (*fault, error) {
	s, ok, f := readSpan(a.key)
	number := f == nil && ok && s.family == wire.ASN && s.first == s.last
	switch {
	case number && slices.Contains(a.inverse, "origin"):
		return nil, a.routedBy(inr.ASNumber(s.around()))
	case slices.Contains(a.inverse, "org"):
		return nil, a.heldBy()
	}
	return invalidKey("an origin is AS and a number"), nil
}

func (a *answer) heldBy() error {
	ids, err := a.named()
	if err != nil || a.Held == nil {
		return err
	}
	for _, id := range ids {
		blocks, err := a.Held(id)
		if err != nil {
			return err
		}
		for _, at := range blocks {
			if err := a.heldAt(id, at); err != nil || a.more {
				return err
			}
		}
	}
	return nil
}

// heldAt adds the entry at a block, if an account has the title or an estate there.
func (a *answer) heldAt(id wire.Address, at wire.Resource) error {
	x, err := light.Read(a.view.State, at, a.view.moment())
	if err != nil || !directory.Entry(x) {
		return err
	}
	theirs := x.Title != nil && x.Title.At == at && x.Title.Holder == id ||
		slices.ContainsFunc(x.Estates, func(e light.Estate) bool { return e.At == at && e.Holder == id })
	if !theirs {
		return nil
	}
	return a.entry(x)
}

func (a *answer) routedBy(as uint32) error {
	if a.Routed == nil {
		return nil
	}
	for _, at := range a.Routed(as) {
		list, err := a.at(at)
		if err != nil || a.more {
			return err
		}
		a.routes(slices.DeleteFunc(list, func(p vrp.Payload) bool { return p.AS != uint64(as) }))
	}
	return nil
}
