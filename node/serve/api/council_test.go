package api

import (
	"encoding/json"
	"net/http"
	"testing"

	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// governed is a world with one member, for whom ann votes, a registrar, an
// adjudicator, a trust anchor, a registry CA and a host above its cap.
func governed(t *testing.T) *world {
	w := newWorld(t)
	v := w.views[0]
	e := v.State.Edit()
	put := func(k tree.Key, x any) { e.Put(record.Leaf(k, wire.Encode(x))) }
	anchor := &record.Anchor{Rules: 1, Kind: record.TrustAnchor, Registry: "arin", Key: []byte{1}}
	ca := &record.Anchor{Rules: 1, Kind: record.RegistryCA, Registry: "arin", Key: []byte{1}}
	roll := &record.Roll{Rules: 1, Members: [][32]byte{{1}}, Registrars: []wire.Address{who("bob")}, Adjudicators: []wire.Address{who("bob")},
		Anchors: []wire.Hash{anchor.Hash(), ca.Hash()}, Ceased: []string{"lacnic"}}
	put(record.MemberKey([32]byte{1}), &record.Member{Rules: 1, Operator: "op", Organisation: "org", Jurisdiction: "NL", Hosting: "AS1", Alg: 1, PubKey: [32]byte{1}, Power: 1, Account: who("ann")})
	put(record.RegistrarKey(who("bob")), &record.Registrar{Rules: 1, Account: who("bob"), Organisation: "notaries", Jurisdiction: "DE"})
	put(record.AdjudicatorKey(who("bob")), &record.Adjudicator{Rules: 1, Account: who("bob"), Organisation: "chamber", Jurisdiction: "CH"})
	put(record.AnchorKey(anchor.Hash()), anchor)
	put(record.AnchorKey(ca.Hash()), ca)
	put(record.RollKey, roll)
	put(record.CuresKey, &record.Cures{Rules: 1, List: []record.Cure{{Scope: record.ByHosting, Name: "AS1", Since: epoch, Until: epoch + 99}}})
	put(record.OffencesKey([32]byte{1}), &record.Offences{Rules: 1, Count: 17, List: []record.Offence{{Height: 3, Time: epoch, Kind: 1}, {Height: 4, Time: epoch, Kind: 2}}})
	w.views[0].State = e.Freeze()
	return w
}

// Who decides, what is to be decided and how it stands is told, and the status
// names the rules in force and what is above its cap.
func TestGovernance_GOV18_API10_API22(t *testing.T) {
	w := governed(t)
	doc := readOpenAPI(t)
	delay := w.signed("ann", &tx.Propose{Matter: uint64(record.RegistryCeased), Name: "arin", Reason: wire.Hash{1}, As: wire.Hash{1}})
	petition := w.signed("bob", &tx.Propose{Matter: uint64(record.SetParameter), Name: "delay_seconds", Value: 1})
	w.block(delay, petition)
	a := w.api()
	var bodies, list, gather, one, status, parameters map[string]any
	for target, x := range map[string]struct {
		path string
		into *map[string]any
	}{
		"/v1/parameters": {"/v1/parameters", &parameters},
		"/v1/bodies":     {"/v1/bodies", &bodies}, "/v1/proposals": {"/v1/proposals", &list}, "/v1/status": {"/v1/status", &status}, "/v1/petitions": {"/v1/petitions", &gather},
		"/v1/proposals/" + petition.ID().String(): {"/v1/proposals/{id}", &one},
	} {
		code, raw := get(t, a, target)
		if code != http.StatusOK {
			t.Fatalf("%s: %d %s", target, code, raw)
		}
		doc.conforms(t, x.path, "get", "200", raw)
		if err := json.Unmarshal(raw, x.into); err != nil {
			t.Fatal(err)
		}
	}
	first := func(of map[string]any, list string) map[string]any { return of[list].([]any)[0].(map[string]any) }
	if m := first(bodies, "members"); m["offences"] != "17" || m["account"] != who("ann").String() || bodies["ceased"].([]any)[0] != "lacnic" ||
		len(bodies["trust_anchors"].([]any)) != 1 || len(bodies["registry_cas"].([]any)) != 1 || first(bodies, "cures")["name"] != "AS1" {
		t.Errorf("%v", bodies)
	}
	if got := list["proposals"].([]any); len(got) != 1 || first(list, "proposals")["state"] != "open" || first(list, "proposals")["voters"] != "1" {
		t.Errorf("a petition that gathers support is not to be decided yet: %v", list)
	}
	if got := gather["proposals"].([]any); len(got) != 1 || first(gather, "proposals")["id"] != petition.ID().String() || gather["next"] != "" {
		t.Errorf("the petition is listed among those that gather support: %v", gather)
	}
	if m := first(list, "proposals"); m["body"] != "members" || m["quorum"] != "1" || m["majority_of_all"] != true || m["notice_seconds"] == "" {
		t.Errorf("%v", m)
	}
	if c := first(bodies, "caps"); c["scope"] != "organisation" || c["name"] != "org" || c["members"] != "1" || c["most"] != "1" {
		t.Errorf("%v", c)
	}
	if p := first(parameters, "parameters"); p["name"] != "heartbeat_seconds" || p["value"] != "15" || p["least"] != "1" || p["most"] != "3600" ||
		len(parameters["parameters"].([]any)) != len(record.ParameterTable) {
		t.Errorf("%v", p)
	}
	if one["state"] != "petition" || one["support"] != "0" || one["support_needed"] == "0" || one["matter"] != "parameter" {
		t.Errorf("%v", one)
	}
	if status["rules_version"] != "1" || first(status, "cures")["scope"] != "hosting" {
		t.Errorf("%v", status)
	}
	if code, raw := get(t, a, "/v1/proposals/"+(wire.Hash{9}).String()); code != http.StatusNotFound {
		t.Errorf("%d %s", code, raw)
	}
	if code, raw := get(t, a, "/v1/proposals/9"); code != http.StatusBadRequest {
		t.Errorf("%d %s", code, raw)
	}
}
