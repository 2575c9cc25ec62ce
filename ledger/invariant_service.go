package ledger

import (
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// services checks that what is stated at a block rests on a right of who stated
// it, and is in that right's index (SVC-6).
func (c *checker) services(at wire.Resource, s *record.Services) {
	l, ok := c.b.restsOn(s.Holder, at)
	if !ok {
		c.fail("SVC-6", "%v states services at %v and has no right over it", s.Holder, at)
		return
	}
	k := record.RestingKey(l.at, l.id())
	c.places[k]++
	if !slices.Contains(c.b.resting(l.at, l.id()).Places, at) {
		c.fail("SVC-5", "the services at %v are in no index", at)
	}
}

// index checks one possession's index of blocks with services.
func (c *checker) index(at wire.Resource, estate wire.Hash) {
	places := c.b.resting(at, estate).Places
	if len(places) == 0 {
		return
	}
	c.places[record.RestingKey(at, estate)] -= len(places)
	if len(places) > record.PlacesMax || !slices.IsSortedFunc(places, record.ComparePlaces) {
		c.fail("SVC-5", "%d blocks with services rest on %v, in order: %v", len(places), at, places)
	}
	for _, p := range places {
		if !inr.Covers(at, p) || c.b.services(p) == nil {
			c.fail("SVC-5", "the index at %v names %v, where nothing is stated", at, p)
		}
	}
}
