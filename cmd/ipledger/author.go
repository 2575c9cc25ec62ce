package main

import (
	"strings"

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
