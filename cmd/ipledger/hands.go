package main

import (
	"context"
	"slices"

	"ipledger/ledger/inr"
)

// handsMax bounds the AS numbers that one answer makes a lookup ask for besides.
const handsMax = 16

// named is an AS number that an answer names, and since when, 0 where that is not
// known.
type named struct {
	as    uint64
	since instant
	what  string // origin or provider
}

// tellHands says of the AS numbers that an answer's authorisations name which have
// come to another holder since.
//
// specs/18 SVC-14: Authorisations that name an AS number stand when it changes
// hands. Who shows them to people SHOULD say when it came to its holder.
func (s *session) tellHands(ctx context.Context, a *sourced, at string) {
	var list []named
	for _, o := range a.Origins {
		list = append(list, named{o.AS, o.Since, "origin"})
	}
	for _, x := range a.Services {
		for _, text := range x.Providers {
			if n, err := parseCount(string(text)); err == nil {
				list = append(list, named{as: n, what: "provider"})
			}
		}
	}
	var seen []uint64
	for _, x := range list {
		if x.as == 0 || slices.Contains(seen, x.as) {
			continue
		}
		if seen = append(seen, x.as); len(seen) > handsMax {
			s.err.linef("more AS numbers are named; only %d were looked up", handsMax)
			return
		}
		s.tellHand(ctx, x, at)
	}
}

// tellHand says of one. The answer that names it stands, whatever the node says here.
func (s *session) tellHand(ctx context.Context, x named, at string) {
	a, err := s.look(ctx, inr.AS(uint32(x.as)), at, false)
	if err != nil {
		s.err.linef("whether AS%d has changed hands is not known: %v", x.as, said(err.Error()))
		return
	}
	if a.Title == nil || x.since >= a.Title.Since {
		return
	}
	s.out.field("changed", "AS%d, named as %s, came to %s at %s; what named it before stands", x.as, said(x.what), s.book.tell(a.Title.Holder.Address), a.Title.Since)
}
