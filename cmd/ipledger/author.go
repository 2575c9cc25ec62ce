package main

import (
	"context"
	"strings"

	"ipledger/ledger/light"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// author is the account that acts: the one asked for, else the one that the
// ledger says the matter is of. The keys decide in the end whether it may.
func (s *session) author(usually wire.Address) (wire.Address, error) {
	if s.account != "" {
		return s.book.id(s.account)
	}
	if !usually.IsZero() {
		return usually, nil
	}
	if len(s.book.items) == 1 {
		return s.book.items[0].ID, nil
	}
	var names []string
	for _, item := range s.book.items {
		names = append(names, item.Name)
	}
	f := usage("say which account acts: --account NAME or IPLEDGER_ACCOUNT")
	if len(names) > 0 {
		return usually, f.hint("known here: %s", said(strings.Join(names, ", ")))
	}
	return usually, f.hint("no name of an account is known here: give its id, 0x and 40 digits")
}

// ofTitle is what stands at a resource that an act names, and the account that
// holds its title, which acts unless another is asked for.
func (s *session) ofTitle(ctx context.Context, r wire.Resource) (*sourced, wire.Address, error) {
	a, err := s.look(ctx, r, "", false)
	if err != nil {
		return nil, wire.Address{}, err
	}
	var holder wire.Address
	if a.Title != nil {
		holder = a.Title.Holder.Address
	}
	who, err := s.author(holder)
	return a, who, err
}

// dealing is the value that offers and acceptances name: that of the title as
// it stands, proven where a trust file is set.
func (a *sourced) dealing(r wire.Resource) (wire.Hash, error) {
	if a.Title == nil {
		state := string(a.State)
		f := fail(exitRefused, "%w", tx.Refuse("TITLE-1", "resource", "no title covers the whole of %v: it is %s", r, said(state)))
		if state == light.Divided {
			f.hint("deal with the titles inside it one by one")
		}
		return wire.Hash{}, f
	}
	return a.Title.Dealing, nil
}
