package api

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"ipledger/ledger/drift"
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/rib"
	payloads "ipledger/ledger/vrp"
)

// fixedDrift is a comparison that stays as it is.
type fixedDrift struct{ now Drifted }

func (f fixedDrift) Drift() *Drifted { return &f.now }

// someDrift has findings of several categories.
func someDrift(t *testing.T) fixedDrift {
	t.Helper()
	in := drift.Input{}
	at := func(i int, length int) (p netip.Prefix) {
		return netip.MustParsePrefix(fmt.Sprintf("193.0.%d.0/%d", i, length))
	}
	for i := range 60 {
		in.Ledger = append(in.Ledger, payloads.Payload{Prefix: inr.FromPrefix(at(i, 24)), MaxLength: 25, AS: 1, Grade: record.GradeB})
		in.Routes = append(in.Routes, rib.Route{Prefix: inr.FromPrefix(at(i, 24)), Origin: uint32(1 + i%3)})
	}
	in.Routes = append(in.Routes, rib.Route{Prefix: inr.FromPrefix(netip.MustParsePrefix("2001:67c::/32")), Origin: 7})
	in.RPKI = []payloads.Payload{{Prefix: inr.FromPrefix(netip.MustParsePrefix("2001:67c::/32")), MaxLength: 48, AS: 7}}
	r, err := drift.Gather(in)
	if err != nil {
		t.Fatal(err)
	}
	return fixedDrift{Drifted{Report: r, Height: 7, Time: 1_700_000_000, Compared: 1_700_000_010, Table: "rib.txt", TableRead: 1_700_000_005}}
}

// driftPage is as much of a page as the tests look at.
type driftPage struct {
	Findings []struct {
		Category, Prefix string
		AS               string `json:"as"`
	}
	Counts map[string]int
	Next   string
}

func readDrift(t *testing.T, a *API, query string) (p driftPage) {
	t.Helper()
	code, raw := get(t, a, "/v1/drift?"+query)
	if code != 200 {
		t.Fatalf("%s: got %d %s", query, code, raw)
	}
	readOpenAPI(t).conforms(t, "/v1/drift", "get", "200", raw)
	if err := json.Unmarshal(raw, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// TestDrift_DRIFT11_pages goes through all that is listed, page by page, each once.
func TestDrift_DRIFT11_pages(t *testing.T) {
	_, a, _, _ := busy(t)
	a.Drift = someDrift(t)
	for _, only := range []string{"", "invalid_origin", "permissive", "not_on_ledger", "idle"} {
		seen, pages := map[string]int{}, 0
		for after := ""; ; pages++ {
			p := readDrift(t, a, "limit=7&only="+only+"&after="+after)
			for _, f := range p.Findings {
				seen[f.Category+f.Prefix+f.AS]++
			}
			if after = p.Next; after == "" {
				break
			}
		}
		want := 0
		for c := range drift.Category(drift.Categories) {
			if c.Differs() && (only == "" || only == c.String()) {
				want += a.Drift.Drift().Report.Found[c]
			}
		}
		if len(seen) != want || pages > want/7 {
			t.Errorf("only %q: %d findings on %d pages, want %d", only, len(seen), pages+1, want)
		}
	}
	if p := readDrift(t, a, ""); p.Counts["valid"] != 20 || p.Counts["invalid_origin"] != 40 || p.Counts["unknown"] != 1 || len(p.Findings) != PageUsual {
		t.Errorf("got %+v", p.Counts)
	}
}

// TestDrift_refuses tells what is wrong, or missing.
func TestDrift_refuses_API2_API9(t *testing.T) {
	_, a, _, _ := busy(t)
	if code, raw := get(t, a, "/v1/drift"); code != 404 || !strings.Contains(string(raw), "drift_table") {
		t.Errorf("none: got %d %s", code, raw)
	}
	a.Drift = fixedDrift{Drifted{Fault: "there is no such file"}}
	if code, raw := get(t, a, "/v1/drift"); code != 503 || !strings.Contains(string(raw), "no such file") {
		t.Errorf("not yet: got %d %s", code, raw)
	}
	a.Drift = someDrift(t)
	for _, query := range []string{"only=valid", "only=drifting", "after=x", "after=missing,193.0.0.0/24,1", "after=missing,193.0.0.1/24,1,24", "after=missing,193.0.0.0/24,-1,24", "limit=1001", "limit=0", "at=3"} {
		if code, raw := get(t, a, "/v1/drift?"+query); code != 400 {
			t.Errorf("%s: got %d %s", query, code, raw)
		}
	}
}
