package api

import (
	"strings"
	"testing"

	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	payloads "ipledger/ledger/vrp"
	"ipledger/ledger/wire"
)

// TestClaim: an open claim is shown with what registrars and others said of it.
func TestClaim(t *testing.T) {
	w, a, _, _ := busy(t)
	id, c := wire.Hash{7}, &record.Claim{
		Rules: 1, Account: who("ann"), From: who("bob"), Resource: res("193.0.4.0/24"), Grade: record.GradeA, Evidence: wire.Hash{8}, Proved: 5,
		Stage: record.Silent, Entered: 6, Began: 6, At: 7, Ends: 8,
		Words:      []record.Word{{Kind: record.Notifies, By: who("bob"), Digest: wire.Hash{9}, Date: 6, At: 6, Block: res("193.0.4.0/24")}},
		Objections: []record.Objection{{By: who("bob"), Signed: 4, Block: res("193.0.4.0/25")}},
	}
	v := &w.views[len(w.views)-1]
	e := v.State.Edit()
	e.Put(record.Leaf(record.ClaimKey(id), wire.Encode(c)))
	v.State = e.Freeze()
	code, raw := get(t, a, "/v1/claims/"+id.String())
	if code != 200 {
		t.Fatalf("got %d: %s", code, raw)
	}
	readOpenAPI(t).conforms(t, "/v1/claims/{id}", "get", "200", raw)
	for _, want := range []string{`"stage":"silent"`, `"kind":"notifies"`, `"resource":"193.0.4.0/25"`, `"against":"` + who("bob").String()} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("got %s, want %s in it", raw, want)
		}
	}
	code, raw = get(t, a, "/v1/claims/"+wire.Hash{1}.String())
	problemOf(t, "unknown", code, raw, 404, "unknown_claim")
	code, raw = get(t, a, "/v1/claims/1")
	problemOf(t, "no id", code, raw, 400, "bad_act")
}

// TestVRPs_CLAIM30: a contested block, and an entry, are in no export; what lies
// around a contested part is.
func TestVRPs_CLAIM30(t *testing.T) {
	for _, c := range []struct {
		what   string
		change func(title *record.Title) []record.Restriction
		served bool
	}{
		{"as it was", func(*record.Title) []record.Restriction { return nil }, true},
		{"a claim's window", func(*record.Title) []record.Restriction { return []record.Restriction{{Kind: record.Claimed}} }, true},
		{"contested", func(*record.Title) []record.Restriction { return []record.Restriction{{Kind: record.Contest}} }, false},
		{"frozen", func(*record.Title) []record.Restriction { return []record.Restriction{{Kind: record.Freeze}} }, true},
		{"an entry", func(x *record.Title) []record.Restriction { x.Grade = record.GradeC; return nil }, false},
		{"qualified", func(x *record.Title) []record.Restriction { x.Grade, x.Qualified = record.GradeB, 1<<40; return nil }, true},
	} {
		w, _, _, _ := busy(t)
		v := &w.views[len(w.views)-1]
		before, err := payloads.List(v.State, v.moment())
		if err != nil || len(before) == 0 {
			t.Fatalf("%v, %v", before, err)
		}
		at := before[0].Prefix
		e := v.State.Edit()
		for _, l := range v.State.Path(tree.ResourceKey(at)) {
			f, err := record.FolioFromBytes(l.Data)
			if err != nil {
				t.Fatal(err)
			}
			if len(f.Title) == 0 {
				continue
			}
			title := record.OwnTitle(f.Title)
			list := c.change(title)
			for i := range list {
				list[i].Rules, list[i].Act, list[i].Until, list[i].At = 1, wire.Hash{3}, v.Time+100, at
			}
			f.Title, f.Restrictions = title.Bytes(), record.RestrictionsBytes(list)
			e.Put(record.FolioLeaf(l.Key.Resource(), f))
		}
		v.State = e.Freeze()
		if served := strings.Contains(strings.Join(payloadLines(t, *v), " "), ","+at.String()+","); served != c.served {
			t.Errorf("%s: %v is served: %v", c.what, at, served)
		}
	}
}
