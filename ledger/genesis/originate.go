package genesis

import (
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// restsMax is how many titles one authorisation may rest on: an aggregate of as
// many adjacent titles, as the rules of routing allow.
const restsMax = 16

// originate writes the authorisations of the holdings file.
//
// specs/08 GEN-20: An authorisation in genesis MUST rest on titles of its
// account that together cover its prefix, at most 16, each with at most 64.
func (s *start) originate() error {
	titles := s.byOwner()
	for i := range s.in.Holdings.Accounts {
		for _, o := range s.in.Holdings.Accounts[i].Origins {
			ref, err := o.read()
			if err != nil {
				return err
			}
			under, ok := covering(titles[i], ref.Resource)
			if !ok {
				return refuseHolding(o.Line, "GEN-20", "the account's titles do not cover the whole of %v, or more than %d do", ref.Resource, restsMax)
			}
			if err := s.authorise(i, o.Line, ref, under); err != nil {
				return err
			}
		}
	}
	return nil
}

// byOwner lists each account's titles in the order of keys.
func (s *start) byOwner() [][]wire.Resource {
	out := make([][]wire.Resource, len(s.who))
	for r, i := range s.held {
		out[i] = append(out[i], r)
	}
	for _, list := range out {
		slices.SortFunc(list, inr.Compare)
	}
	return out
}

// covering finds the titles that together cover r: one over it, or those in it.
func covering(titles []wire.Resource, r wire.Resource) ([]wire.Resource, bool) {
	if slices.ContainsFunc(titles, func(t wire.Resource) bool { return inr.Covers(t, r) }) {
		i := slices.IndexFunc(titles, func(t wire.Resource) bool { return inr.Covers(t, r) })
		return titles[i : i+1], true
	}
	from, _ := slices.BinarySearchFunc(titles, r, inr.Compare)
	to := from
	first, last := inr.Ends(r)
	at := right(r.Family, first)
	for to < len(titles) && inr.Covers(r, titles[to]) {
		begin, end := inr.Ends(titles[to])
		if right(r.Family, begin) != at {
			return nil, false
		}
		at = right(r.Family, end).next()
		to++
	}
	covered := to > from && at.prior() == right(r.Family, last)
	return titles[from:to], covered && to-from <= restsMax
}

func (s *start) authorise(owner, line int, ref record.Ref, under []wire.Resource) error {
	o := record.Origin{Rules: record.Rules, Holder: s.ids[owner], MaxLength: ref.MaxLength, AS: ref.AS}
	list := s.places[ref.Resource]
	if slices.ContainsFunc(list, func(x record.Origin) bool { return record.CompareOrigins(x, o) == 0 }) {
		return refuseHolding(line, "GEN-20", "%v down to /%d is authorised for AS%d before", ref.Resource, ref.MaxLength, ref.AS)
	}
	list = append(list, o)
	slices.SortFunc(list, record.CompareOrigins)
	s.places[ref.Resource] = list
	for _, t := range under {
		if len(s.rests[t]) >= record.OriginsMax {
			return refuseHolding(line, "GEN-20", "%d authorisations rest on %v, at most %d", len(s.rests[t])+1, t, record.OriginsMax)
		}
		s.rests[t] = append(s.rests[t], ref)
	}
	return nil
}
