package inr

import (
	"slices"

	"ipledger/ledger/wire"
)

// Never is a block that no title may touch, and the document that set it aside.
type Never struct {
	Block  wire.Resource
	Source string
}

// NeverRegistrable gives the blocks that no title may touch, ascending and disjoint.
//
// specs/01 RES-6: Numbers set aside for a special use MUST NOT be registered.
func NeverRegistrable() []Never { return slices.Clone(never) }

// Registrable reports whether no number of r is set aside for a special use.
func Registrable(r wire.Resource) bool {
	for _, n := range never {
		if n.Block.Family == r.Family && Overlaps(n.Block, r) {
			return false
		}
	}
	return r.Valid()
}

// set asides as their documents state them: ranges of AS numbers are not aligned.
var setAside = []struct{ first, last, source string }{
	{"0.0.0.0/8", "", "RFC 791, Section 3.2"},
	{"10.0.0.0/8", "", "RFC 1918"},
	{"100.64.0.0/10", "", "RFC 6598"},
	{"127.0.0.0/8", "", "RFC 1122, Section 3.2.1.3"},
	{"169.254.0.0/16", "", "RFC 3927"},
	{"172.16.0.0/12", "", "RFC 1918"},
	{"192.0.0.0/24", "", "RFC 6890, Section 2.1"},
	{"192.0.2.0/24", "", "RFC 5737"},
	{"192.168.0.0/16", "", "RFC 1918"},
	{"198.18.0.0/15", "", "RFC 2544"},
	{"198.51.100.0/24", "", "RFC 5737"},
	{"203.0.113.0/24", "", "RFC 5737"},
	{"224.0.0.0/3", "", "RFC 5771 and RFC 1112, Section 4"},
	{"::/3", "", "RFC 4291, Section 2.4: not global unicast"},
	{"2001::/32", "", "RFC 4380"},
	{"2001:2::/48", "", "RFC 5180"},
	{"2001:10::/28", "", "RFC 4843"},
	{"2001:20::/28", "", "RFC 7343"},
	{"2001:db8::/32", "", "RFC 3849"},
	{"2002::/16", "", "RFC 3056"},
	{"3fff::/20", "", "RFC 9637"},
	{"4000::/2", "", "RFC 4291, Section 2.4: not global unicast"},
	{"8000::/1", "", "RFC 4291, Section 2.4: not global unicast"},
	{"AS0", "", "RFC 7607"},
	{"AS23456", "", "RFC 6793"},
	{"AS64496", "AS65551", "RFC 5398, RFC 6996, RFC 7300 and IANA's reserve up to 65551"},
	{"AS4200000000", "AS4294967295", "RFC 6996 and RFC 7300"},
}

var never = aside()

func aside() []Never {
	var out []Never
	for _, s := range setAside {
		from, err := Parse(s.first)
		if err != nil {
			panic(err)
		}
		first, last := Ends(from)
		if s.last != "" {
			to, err := Parse(s.last)
			if err != nil {
				panic(err)
			}
			_, last = Ends(to)
		}
		blocks, err := Blocks(from.Family, first, last)
		if err != nil {
			panic(err)
		}
		for _, b := range blocks {
			out = append(out, Never{Block: b, Source: s.source})
		}
	}
	return out
}
