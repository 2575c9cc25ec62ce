// Package rib reads routing tables as others write them, in text and as collectors
// dump them (MRT, RFC 6396): which AS originates which prefix (specs/31).
//
// It promises each route once, in an order that the routes alone decide, and an
// account of every line and entry. It opens no file and unpacks nothing.
package rib

import (
	"cmp"
	"fmt"

	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
)

// Route is a prefix and the AS that originates it.
type Route struct {
	Prefix wire.Resource // IPv4 or IPv6
	Origin uint32        // NONE where a set of ASes ends the path
}

// NONE is the origin of a route whose path ends in a set of ASes (RFC 6811,
// Section 2). AS 0 originates nothing (RFC 7607), so nothing else has it.
const NONE = 0

// String is the route on a line: 193.0.0.0/21 AS3333, or NONE in place of the AS.
func (r Route) String() string {
	if r.Origin == NONE {
		return r.Prefix.String() + " NONE"
	}
	return fmt.Sprintf("%v AS%d", r.Prefix, r.Origin)
}

// Compare orders routes by prefix, then by origin.
func Compare(a, b Route) int {
	if c := inr.Compare(a.Prefix, b.Prefix); c != 0 {
		return c
	}
	return cmp.Compare(a.Origin, b.Origin)
}
