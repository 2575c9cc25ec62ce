package vrp

import (
	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
)

// Providers is the provider authorisation of an AS: whom its possessor names as
// its upstreams, with the grade of the title that it rests on.
type Providers struct {
	Customer uint64
	List     []uint64 // ascending, each once, at least one
	Grade    record.Grade
}

// Authorisations is the provider authorisations of settled titles, ascending by
// customer. An error wraps ledger.ErrCorrupt.
//
// specs/13 API-8 and specs/20 CLAIM-30 hold of them as of route payloads.
func Authorisations(s tree.State, m light.Moment) (list []Providers, err error) {
	s.Walk(tree.RootKey(tree.ASN), func(l tree.Leaf) bool {
		if !has(l.Data, contactsSlot) {
			return true
		}
		var one Providers
		if one, err = providersAt(s, l.Key, m); err == nil && len(one.List) > 0 {
			list = append(list, one)
		}
		return err == nil
	})
	return list, err
}

// providersAt is what is stated at exactly an AS number, or nothing.
func providersAt(s tree.State, k tree.Key, m light.Moment) (Providers, error) {
	at := k.Resource()
	answer, err := light.Read(s, at, m)
	if err != nil {
		return Providers{}, err
	}
	grade, ok, err := settled(s, answer)
	if err != nil || !ok {
		return Providers{}, err
	}
	for _, x := range answer.Services {
		if x.At == at && len(x.Providers) > 0 {
			return Providers{uint64(inr.ASNumber(at)), x.Providers, grade}, nil
		}
	}
	return Providers{}, nil
}
