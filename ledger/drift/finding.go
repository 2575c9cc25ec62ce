// Package drift compares what the ledger lets networks announce with what the
// registries' RPKI lets them announce and with a routing table (specs/31).
//
// It promises the verdicts of RFC 6811, one order of findings, and counts that add
// up. It needs memory in proportion to the lists that it is given and keeps no
// findings. It reads no file: lists of payloads and routes come from elsewhere.
package drift

import (
	"fmt"

	"ipledger/ledger/record"
	"ipledger/ledger/rib"
	"ipledger/ledger/vrp"
	"ipledger/ledger/wire"
)

// State is what a list of payloads says of a route (RFC 6811, Section 2); an
// invalid one is told apart by why.
type State uint8

// The states of a route.
const (
	Unknown       State = 0 // no payload covers it
	Valid         State = 1
	InvalidOrigin State = 2 // payloads cover it, none with its origin
	InvalidLength State = 3 // it is longer than those with its origin allow
	States              = 4
)

var stateNames = [States]string{"unknown", "valid", "invalid_origin", "invalid_length"}

// String is the word of the law.
func (s State) String() string { return stateNames[s] }

// Invalid reports whether routers that validate would drop the route.
func (s State) Invalid() bool { return s == InvalidOrigin || s == InvalidLength }

// Category is what a finding is called.
type Category uint8

// The categories, those of routes first: there each is a State, but for Contradicted.
const (
	RouteUnknown       = Category(Unknown)
	RouteValid         = Category(Valid)
	RouteInvalidOrigin = Category(InvalidOrigin)
	RouteInvalidLength = Category(InvalidLength)

	Contradicted Category = 4  // a route, valid by one list and invalid by the other
	Agreed       Category = 5  // a payload of the ledger that the RPKI has too, used
	Idle         Category = 6  // the same, not used
	NotInRPKI    Category = 7  // a payload of the ledger alone, used
	Missing      Category = 8  // the same, not used
	Permissive   Category = 9  // a payload of the ledger that allows what nobody announces
	NotOnLedger  Category = 10 // a payload of the RPKI alone
	Categories            = 11
)

var categoryNames = [Categories]string{
	"unknown", "valid", "invalid_origin", "invalid_length", "contradicted",
	"agreed", "idle", "not_in_rpki", "missing", "permissive", "not_on_ledger",
}

// String is the word of the law.
func (c Category) String() string { return categoryNames[c] }

// CategoryOf finds a category by its word.
func CategoryOf(word string) (Category, bool) {
	for i, name := range categoryNames {
		if name == word {
			return Category(i), true
		}
	}
	return 0, false
}

// OfRoute reports whether findings of the category are routes; those of others are
// payloads.
func (c Category) OfRoute() bool { return c <= Contradicted }

// Alarms are the categories that a node warns of, in the order in which it does
// (DRIFT-10).
var Alarms = [...]Category{RouteInvalidOrigin, RouteInvalidLength, Contradicted, NotInRPKI, Missing, Permissive}

// Finding is one route or payload and what it is called.
type Finding struct {
	Category  Category
	Prefix    wire.Resource
	AS        uint32       // the origin of a route, 0 for NONE; who may originate by a payload
	MaxLength uint8        // of a payload; 0 for a route
	Grade     record.Grade // DRIFT-6; none where the ledger has no payload
	RPKI      State        // of a route
	By        vrp.Payload  // of a route that is not unknown: the ledger's payload that decides
	Announced uint32       // of a payload: the routes that are valid by it
	Longest   uint8        // of those, the greatest length
}

// String is the finding on a line, as logs have it.
func (f Finding) String() string {
	if f.Category.OfRoute() {
		return fmt.Sprintf("%v AS%d", f.Prefix, f.AS)
	}
	return fmt.Sprintf("%v-%d AS%d", f.Prefix, f.MaxLength, f.AS)
}

// Input is what is compared. The lists may be in any order and name things twice.
type Input struct {
	Routes       []rib.Route
	Ledger, RPKI []vrp.Payload
	// Keep chooses what is judged, by prefix and AS; nil keeps all (DRIFT-9).
	Keep func(at wire.Resource, as uint32) bool
}
