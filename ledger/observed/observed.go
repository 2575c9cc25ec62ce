// Package observed reads what other systems say of routing: the payloads that an
// RPKI validator exports (specs/30 FILE-1 to FILE-4).
//
// It promises bounded work on any bytes, one answer for one file whatever the order
// of its rows, and no half of a file: one row that is wrong refuses it whole. It
// judges nothing of what it reads.
package observed

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
)

// Bounds of an export. A validator's extended JSON of all registries has about
// 350 MB and 800,000 payloads.
const (
	ExportBytesMax = 512 << 20
	PayloadsMax    = 4 << 20
	ProvidersMax   = 1 << 22 // provider numbers of all customers
)

// ErrExport reports bytes that are no validator's export (FILE-1, FILE-2).
var ErrExport = errors.New("observed: not a validator's export")

// Payload is one validated route payload (RFC 6811, Section 2).
type Payload struct {
	Prefix    wire.Resource // IPv4 or IPv6
	MaxLength uint64        // of announcements, from the prefix's length to the family's
	AS        uint64        // of 32 bits; 0: nobody may announce it
	Expires   uint64        // Unix seconds as the file states it; 0 where it does not
}

// Providers is the provider authorisations of one customer.
type Providers struct {
	Customer uint64
	List     []uint64 // ascending, each once
	Expires  uint64   // Unix seconds; 0 where it is not stated
}

// Export is what one file says.
type Export struct {
	Payloads  []Payload   // in order of prefix, AS number and length, each once
	Providers []Providers // ascending by customer, each once
	Built     uint64      // Unix seconds at which it was made; 0 where it does not say
	Rows      int         // as read, repeated ones counted
}

// ComparePayloads orders by prefix, AS number and length: the order of lists.
func ComparePayloads(a, b Payload) int {
	return cmp.Or(inr.Compare(a.Prefix, b.Prefix), cmp.Compare(a.AS, b.AS), cmp.Compare(a.MaxLength, b.MaxLength))
}

// settle brings an export into its one order. Of rows that permit the same, the one
// that lasts longest stays; the providers of one customer come together.
//
// specs/30 FILE-3: The order of rows and their repetition MUST change nothing.
func (e *Export) settle() {
	slices.SortFunc(e.Payloads, func(a, b Payload) int {
		return cmp.Or(ComparePayloads(a, b), later(a.Expires, b.Expires))
	})
	e.Payloads = slices.CompactFunc(e.Payloads, func(a, b Payload) bool { return ComparePayloads(a, b) == 0 })
	slices.SortFunc(e.Providers, func(a, b Providers) int { return cmp.Compare(a.Customer, b.Customer) })
	var out []Providers
	for _, p := range e.Providers {
		if n := len(out); n > 0 && out[n-1].Customer == p.Customer {
			last := &out[n-1]
			last.List = append(last.List, p.List...)
			if later(p.Expires, last.Expires) < 0 {
				last.Expires = p.Expires
			}
			continue
		}
		out = append(out, p)
	}
	for i := range out {
		slices.Sort(out[i].List)
		out[i].List = slices.Compact(out[i].List)
	}
	e.Providers = out
}

// later puts what is not said to expire first, then what expires last.
func later(a, b uint64) int { return cmp.Compare(b-1, a-1) }

// row adds a payload.
//
// specs/30 FILE-2: A row with host bits, another family's length or a number beyond
// 32 bits MUST refuse the file whole.
func (e *Export) row(prefix string, most *uint64, as, expires uint64) error {
	if e.Rows++; e.Rows > PayloadsMax {
		return fmt.Errorf("%w: more than %d payloads (FILE-1)", ErrExport, PayloadsMax)
	}
	at, err := readPrefix(prefix)
	if err != nil {
		return err
	}
	p := Payload{at, uint64(at.Len), as, expires}
	if most != nil {
		p.MaxLength = *most
	}
	if p.MaxLength < uint64(at.Len) || p.MaxLength > uint64(at.Family.Bits()) {
		return fmt.Errorf("%w: %v down to /%d is nothing that can be announced (FILE-2)", ErrExport, at, p.MaxLength)
	}
	e.Payloads = append(e.Payloads, p)
	return nil
}
