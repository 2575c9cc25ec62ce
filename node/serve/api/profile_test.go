package api

import (
	"strings"
	"testing"

	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
)

// titled is a state with one title of a registry's row, held since a moment.
func titledState(registry, at string, since uint64) tree.State {
	e := tree.State{}.Edit()
	e.Put(record.FolioLeaf(res(at), &record.Folio{Title: (&record.Title{
		Rules: 1, State: record.Held, Grade: record.GradeA, Since: since, Source: record.Source{Registry: registry},
	}).Bytes()}))
	return e.Freeze()
}

func TestSourcePolicy_API16(t *testing.T) {
	const year = 365 * 86400
	for name, c := range map[string]struct {
		registry, at string
		since, now   uint64
		body         func(at string) tx.Body
		want         []string
	}{
		"held for a year":         {"ripencc", "60.0.0.0/16", year, 2 * year, transferOf, []string{"hold", "unknown"}},
		"held for two years":      {"ripencc", "60.0.0.0/16", year, 3*year + 10*month, transferOf, []string{"unknown"}},
		"held since genesis":      {"ripencc", "60.0.0.0/16", 0, year, transferOf, []string{"unknown"}},
		"AS of 16 bits":           {"ripencc", "AS2000", year, 2 * year, transferOf, []string{"hold", "unknown"}},
		"AS of 32 bits":           {"ripencc", "AS200000", year, 2 * year, transferOf, []string{"unknown"}},
		"a small part":            {"apnic", "2a00::/32", year, 2 * year, func(string) tx.Body { return transferOf("2a00::/56") }, []string{"floor", "unknown"}},
		"need":                    {"arin", "60.0.0.0/16", 0, 1, transferOf, []string{"need", "unknown"}},
		"a lease":                 {"lacnic", "60.0.0.0/16", 0, 1, func(at string) tx.Body { return &tx.LeaseOffer{Resource: res(at)} }, []string{"lease"}},
		"a split is no deal":      {"arin", "60.0.0.0/16", 0, 1, func(at string) tx.Body { return &tx.Merge{Resource: res(at)} }, nil},
		"no registry of the five": {"iana", "60.0.0.0/16", 0, 1, transferOf, nil},
	} {
		got := sourcePolicy(titledState(c.registry, c.at, c.since), c.now, c.body(c.at))
		if len(got) != len(c.want) {
			t.Errorf("%s: got %+v, want %v", name, got, c.want)
			continue
		}
		for i, x := range got {
			if x.Rule != c.want[i] || x.Registry != c.registry {
				t.Errorf("%s: got %+v, want %v", name, x, c.want)
			}
		}
	}
	if got := sourcePolicy(tree.State{}, 1, transferOf("60.0.0.0/16")); len(got) != 0 {
		t.Errorf("without a title: %+v", got)
	}
}

// TestSourcePolicy_unknown_API16: of each registry it is said what is not known.
func TestSourcePolicy_unknown_API16(t *testing.T) {
	for registry, want := range map[string]string{
		"afrinic": "not known of this registry: the longest prefix that it transfers, a holding period, what need a recipient must show, whether it must stay in the region",
		"arin":    "not known of this registry: a holding period, whether it must stay in the region",
		"ripencc": "not known of this registry: what need a recipient must show, whether it must stay in the region",
	} {
		got := sourcePolicy(titledState(registry, "2a00::/32", 0), 1, transferOf("2a00::/40"))
		if n := len(got); n == 0 || got[n-1].Rule != "unknown" || got[n-1].Says != want {
			t.Errorf("%s: got %+v", registry, got)
		}
	}
	for registry := range profiles {
		got := sourcePolicy(titledState(registry, "60.0.0.0/16", 0), 1, &tx.LeaseOffer{Resource: res("60.0.0.0/24")})
		if len(got) != 1 || got[0].Rule != "lease" || !strings.Contains(got[0].Says, "unknown") {
			t.Errorf("%s: got %+v", registry, got)
		}
	}
}

func transferOf(at string) tx.Body { return &tx.TransferOffer{Resource: res(at)} }
