package light

import (
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// States of a resource beside those of a title.
const (
	Unregistered = "unregistered" // no title covers it and nothing lies inside it
	Divided      = "divided"      // no title covers the whole of it, records lie inside it
)

// Moment is a height and the time of the header of that height, in Unix
// seconds. It is what an answer holds for.
type Moment struct {
	Height uint64
	Time   uint64
}

// Answer is what the ledger says of one resource after the block of a height.
type Answer struct {
	Resource  wire.Resource
	Moment                    // the state after this block, at this header's time
	State     string          // of the title, or Unregistered, or Divided
	Title     *Title          // nil where no title covers the resource
	Charges   []record.Charge // over the title, in their ranks
	Holds     []Restriction   // that have not ended, at blocks that cover the resource
	Estates   []Estate        // that are live, outermost first
	ToCome    []Estate        // that have not begun, at blocks that cover the resource
	Possessor wire.Address    // the innermost live right's holder; zero for nobody
	Grade     record.Grade    // of the title; GradeNone without one
	Origins   []Origin        // authorisations at blocks that cover the resource
	Services  []Services      // stated at blocks that cover the resource
	More      bool            // records stand at blocks inside the resource
}

// Title is the title that covers a resource, and the block it stands at.
type Title struct {
	At      wire.Resource
	Dealing wire.Hash // the value that an offer names (DEAL-1)
	Marked  wire.Hash // the value that an acceptance names, marks included
	record.Title
}

// Estate is an estate and the block it is written at.
type Estate struct {
	At wire.Resource
	record.Estate
}

// Suspended is the header time until which the lessee's authorisations stay out
// of every export, or 0 where that is not after now (LEASE-18).
func (e *Estate) Suspended(now uint64) uint64 {
	if len(e.Lease) == 0 || e.Lease[0].Suspended <= now {
		return 0
	}
	return e.Lease[0].Suspended
}

// Origin is an authorisation and the block it is written at.
type Origin struct {
	At wire.Resource
	record.Origin
	// Suspended is the header time until which exports leave it out; 0 for never.
	Suspended uint64
}

// Restriction is what holds a title, and the block it is written at.
type Restriction struct {
	At wire.Resource
	record.Restriction
}

// Services is what a possessor states, and the block it is written at.
type Services struct {
	At wire.Resource
	record.Services
}
