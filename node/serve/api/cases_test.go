package api

import (
	"strings"
	"testing"

	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// TestMatter shows a case and the order that opened it, by id and by block.
func TestMatter(t *testing.T) {
	w, a, _, _ := busy(t)
	id, at := wire.Hash{7}, res("193.0.4.0/24")
	v := &w.views[len(w.views)-1]
	e := v.State.Edit()
	e.Put(record.Leaf(record.CaseKey(id), wire.Encode(&record.Case{
		Rules: 1, Sort: record.CaseOrder, Resource: at, Party: who("ann"), Against: who("bob"), Digest: wire.Hash{1}, Order: id, State: record.CaseDecided,
		Entered: 6, Next: 7, Until: 8, Hears: 6, Panel: []wire.Address{who("bob")}, Verdict: 4, Reasons: wire.Hash{2},
		Votes: []record.Vote{{By: who("bob"), Says: 4, Digest: wire.Hash{2}}, {By: who("bob"), Says: record.SaysConfirm, Digest: wire.Hash{3}}},
	})))
	e.Put(record.Leaf(record.OrderKey(id), wire.Encode(&record.Order{
		Rules: 1, Author: who("ann"), Resource: at, Court: "Court", Jurisdiction: "NL", Reference: "1", Digest: wire.Hash{1}, Final: true, To: who("ann"),
		Entered: 6, Status: 2, Findings: 15, Until: 9, Votes: []record.Vote{{By: who("bob"), Says: 5, Digest: wire.Hash{4}}},
	})))
	v.State = e.Freeze()
	code, raw := get(t, a, "/v1/cases/"+id.String())
	if code != 200 {
		t.Fatalf("got %d: %s", code, raw)
	}
	doc := readOpenAPI(t)
	doc.conforms(t, "/v1/cases/{id}", "get", "200", raw)
	for _, want := range []string{`"sort":"order"`, `"says":"prolong"`, `"status":"in effect"`, `"says":"lifted"`, `"verdict":"claimant"`, `"names the block"`} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("got %s, want %s in it", raw, want)
		}
	}
	code, raw = get(t, a, "/v1/cases/"+wire.Hash{1}.String())
	problemOf(t, "unknown", code, raw, 404, "unknown_case")
	code, raw = get(t, a, "/v1/cases/1")
	problemOf(t, "no id", code, raw, 400, "bad_act")
	code, raw = get(t, a, "/v1/cases?resource=193.0.4.1/24")
	problemOf(t, "host bits", code, raw, 400, "bad_resource")
	code, raw = get(t, a, "/v1/cases?resource=193.0.4.0%252F24") // escaped once too often
	problemOf(t, "escaped twice", code, raw, 400, "bad_resource")
	code, raw = get(t, a, "/v1/cases?resource=193.0.4.7") // API-1: an address stands for its block
	if code != 200 {
		t.Errorf("an address: got %d: %s", code, raw)
	}
	code, raw = get(t, a, "/v1/cases?resource=193.0.4.0/24")
	if doc.conforms(t, "/v1/cases", "get", "200", raw); code != 200 || !strings.Contains(string(raw), `"cases":[]`) {
		t.Fatalf("got %d: %s", code, raw)
	}
}

// TestMatters lists what a title's restrictions rest on.
func TestMatters(t *testing.T) {
	w, a, _, _ := busy(t)
	v := &w.views[len(w.views)-1]
	id := wire.Hash{9}
	var at wire.Resource
	var f *record.Folio
	v.State.Walk(tree.Key{Subtree: tree.IPv4}, func(l tree.Leaf) bool {
		x, err := record.FolioFromBytes(l.Data)
		if err == nil && len(x.Title) > 0 {
			at, f = l.Key.Resource(), x
		}
		return f == nil
	})
	f.Restrictions = record.RestrictionsBytes([]record.Restriction{{Rules: 1, Kind: record.Freeze, Act: id, Until: v.Time + 9, At: at}})
	e := v.State.Edit()
	e.Put(record.FolioLeaf(at, f))
	e.Put(record.Leaf(record.CaseKey(id), wire.Encode(&record.Case{Rules: 1, Sort: record.CaseCaution, Resource: at, Party: who("ann"), Ground: 3, Digest: wire.Hash{1}, State: record.CaseAccepted})))
	v.State = e.Freeze()
	code, raw := get(t, a, "/v1/cases?resource="+at.String())
	readOpenAPI(t).conforms(t, "/v1/cases", "get", "200", raw)
	if code != 200 || !strings.Contains(string(raw), `"ground":"forged"`) {
		t.Fatalf("got %d: %s", code, raw)
	}
}
