package api

import (
	"fmt"
	"strings"

	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// profile is what the policy of a source registry asks of a deal, as far as it is
// known: specs/13, "Policy profiles". The ledger shows it and judges nothing by it.
type profile struct {
	floor4, floor6 uint8  // longest prefix the registry transfers; 0 is not known
	hold           uint64 // seconds for which IPv4 and 16-bit AS numbers stay where they came to; 0 is not known
	need           string // what a recipient must show, in words; empty is not known
	lease          string // whether the registry's policy permits leases: yes, no or unknown
	leaseNote      string // what else is known of leases
}

const month = 365 * 86400 / 12 // of the holding period, in seconds

// profiles has the five registries; what is not known stays unsaid.
var profiles = map[string]profile{
	"afrinic": {floor4: 24, lease: "unknown"},
	"apnic":   {floor4: 24, floor6: 48, lease: "unknown"},
	"arin":    {floor4: 24, floor6: 48, need: "a need for 24 months, approved beforehand", lease: "unknown"},
	"lacnic": {floor4: 24, floor6: 48, lease: "unknown",
		leaseNote: "; proposal LAC-2025-5, of which it is not known whether it is in force, asks that a sub-assignment be recorded and logged in public and not sub-let again, and that the recipient have an AS number and IPv6"},
	"ripencc": {floor4: 24, floor6: 48, hold: 24 * month, lease: "unknown"},
}

// policyShape is one rule of the source registry that a deal meets.
type policyShape struct {
	Registry string `json:"registry"`
	Rule     string `json:"rule"` // floor, hold, need, lease; unknown names those of which nothing is known
	Says     string `json:"says"`
}

// sourcePolicy is what the profile of a block's source registry says of an act.
//
// specs/13 API-16: A preview of an offer or an acceptance of a transfer or a
// lease MUST name each rule of the policy profile that it meets and those that are
// not known.
func sourcePolicy(s tree.State, now uint64, body tx.Body) []policyShape {
	out := []policyShape{}
	at, deal := dealOf(body)
	if deal == "" {
		return out
	}
	title := titleAt(s, at)
	p, known := profiles[registryOf(title)]
	if !known {
		return out
	}
	add := func(rule, format string, args ...any) {
		out = append(out, policyShape{title.Source.Registry, rule, fmt.Sprintf(format, args...)})
	}
	if deal == "lease" {
		add("lease", "whether this registry's policy permits leases: %s%s", p.lease, p.leaseNote)
		return out
	}
	if floor := p.floor(at.Family); floor > 0 && at.Len > floor {
		add("floor", "this registry transfers nothing smaller than a /%d", floor)
	}
	if free := title.Since + p.hold; p.hold > 0 && scarce(at) && title.Since > 0 && now < free {
		add("hold", "this registry lets it move again from %s", light.Clock(free))
	}
	if p.need != "" {
		add("need", "this registry asks the recipient for %s", p.need)
	}
	if list := p.unknown(at); len(list) > 0 {
		add("unknown", "not known of this registry: %s", strings.Join(list, ", "))
	}
	return out
}

// unknown is what is not known of a transfer of a block.
func (p profile) unknown(at wire.Resource) (list []string) {
	for _, x := range []struct {
		what  string
		known bool
	}{
		{"the longest prefix that it transfers", at.Family == wire.ASN || p.floor(at.Family) > 0},
		{"a holding period", p.hold > 0},
		{"what need a recipient must show", p.need != ""},
		{"whether it must stay in the region", false}, // of none
	} {
		if !x.known {
			list = append(list, x.what)
		}
	}
	return list
}

// dealOf is the block that an act deals in, and how.
func dealOf(body tx.Body) (at wire.Resource, deal string) {
	switch b := body.(type) {
	case *tx.TransferOffer:
		return b.Resource, "transfer"
	case *tx.TransferAccept:
		return b.Resource, "transfer"
	case *tx.LeaseOffer:
		return b.Resource, "lease"
	case *tx.LeaseAccept:
		return b.Resource, "lease"
	}
	return wire.Resource{}, ""
}

// titleAt is the title that covers a block, or nil.
func titleAt(s tree.State, r wire.Resource) *record.Title {
	for _, leaf := range s.Path(tree.ResourceKey(r)) {
		f, err := record.FolioFromBytes(leaf.Data)
		if err != nil || len(f.Title) == 0 {
			continue
		}
		if t, err := record.TitleFromBytes(f.Title); err == nil {
			return t
		}
	}
	return nil
}

func registryOf(t *record.Title) string {
	if t == nil {
		return ""
	}
	return t.Source.Registry
}

func (p profile) floor(f wire.Family) uint8 {
	switch f {
	case wire.IPv4:
		return p.floor4
	case wire.IPv6:
		return p.floor6
	}
	return 0
}

// scarce reports whether a block is of the kinds that a holding period is for:
// IPv4 addresses and AS numbers of 16 bits.
func scarce(r wire.Resource) bool {
	return r.Family == wire.IPv4 || r.Family == wire.ASN && inr.ASNumber(r) < 1<<16
}
