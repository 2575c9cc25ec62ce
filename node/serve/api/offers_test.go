package api

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"ipledger/ledger/account"
	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// offersResult is a page of offers as a client reads it.
type offersResult struct {
	Offers []struct {
		ID, Kind, State, Maker, To, Resource string
		Terms                                map[string]any
		Text                                 []string
		Consents                             []struct{ By string }
	}
	Next string
}

func offersFrom(t *testing.T, doc *openapiDoc, a *API, target, path string) (got offersResult, ids []string) {
	t.Helper()
	code, raw := get(t, a, target)
	if err := json.Unmarshal(raw, &got); err != nil || code != 200 {
		t.Fatalf("%s: got %d %s, %v", target, code, raw, err)
	}
	doc.conforms(t, path, "get", "200", raw)
	for _, o := range got.Offers {
		ids = append(ids, o.ID)
	}
	return got, ids
}

// ascending is the ids of acts, in the order of lists.
func ascending(ids ...wire.Hash) (out []string) {
	for _, id := range ids {
		out = append(out, id.String())
	}
	slices.Sort(out)
	return out
}

func dealing(t *testing.T, w *world, at string) wire.Hash {
	t.Helper()
	answer, err := light.Read(w.View().State, res(at), w.View().moment())
	if err != nil {
		t.Fatal(err)
	}
	return answer.Title.Dealing
}

// TestOffers_API13: whoever is named finds what is open, made anew or followed
// from block to block.
func TestOffers_API13(t *testing.T) {
	w, a, _, _ := busy(t)
	doc := readOpenAPI(t)
	bobs := "/v1/accounts/" + who("bob").String() + "/offers"
	anns := "/v1/accounts/" + who("ann").String() + "/offers"
	if _, ids := offersFrom(t, doc, a, bobs, "/v1/accounts/{id}/offers"); len(ids) != 0 {
		t.Errorf("before: got %v", ids)
	}
	value := dealing(t, w, "193.0.0.0/16")
	sale := w.signed("ann", &tx.TransferOffer{Resource: res("193.0.128.0/17"), To: who("bob"), Value: value, Until: w.View().Time + 600})
	w.block(sale)
	grant := w.signed("ann", &tx.GrantOffer{Resource: res("193.0.4.0/24"), To: who("bob"), Value: value, Until: w.View().Time + 600, Earliest: w.View().Time + 300})
	w.block(grant)
	for name, a := range map[string]*API{"followed": a, "made anew": w.api()} {
		got, ids := offersFrom(t, doc, a, bobs, "/v1/accounts/{id}/offers")
		if !slices.Equal(ids, ascending(sale.ID(), grant.ID())) {
			t.Errorf("%s: bob finds %v", name, ids)
		}
		for _, o := range got.Offers {
			want := map[string]string{sale.ID().String(): "open", grant.ID().String(): "early"}[o.ID]
			if o.State != want || o.Maker != who("ann").String() || o.Terms["to"] != who("bob").String() || !strings.Contains(o.Text[0], o.Resource) {
				t.Errorf("%s: got %+v, want it %s", name, o, want)
			}
		}
		if _, ids := offersFrom(t, doc, a, anns, "/v1/accounts/{id}/offers"); !slices.Equal(ids, ascending(sale.ID(), grant.ID(), listing)) {
			t.Errorf("%s: ann finds %v", name, ids)
		}
		if _, ids := offersFrom(t, doc, a, "/v1/resources/193.0.4.0/25/offers", "/v1/resources/{resource}/offers"); !slices.Equal(ids, ascending(grant.ID(), listing)) {
			t.Errorf("%s: at the block stand %v", name, ids)
		}
	}
	first, ids := offersFrom(t, doc, a, anns+"?limit=2", "/v1/accounts/{id}/offers")
	_, rest := offersFrom(t, doc, a, anns+"?after="+first.Next, "/v1/accounts/{id}/offers")
	if !slices.Equal(append(ids, rest...), ascending(sale.ID(), grant.ID(), listing)) {
		t.Errorf("paged: got %v and %v", ids, rest)
	}
	w.block(w.signed("bob", &tx.TransferAccept{Offer: sale.ID(), Resource: res("193.0.128.0/17"), Value: dealing(t, w, "193.0.128.0/17")}))
	got, ids := offersFrom(t, doc, a, bobs, "/v1/accounts/{id}/offers")
	if !slices.Equal(ids, ascending(grant.ID())) || got.Offers[0].State != "lapsed" {
		t.Errorf("after the sale: got %+v", got.Offers)
	}
	code, raw := get(t, a, "/v1/offers/"+sale.ID().String())
	problemOf(t, "taken", code, raw, 404, "unknown_offer")
}

// TestListings_API13: listings are found by all, also by block.
func TestListings_API13(t *testing.T) {
	_, a, _, _ := busy(t)
	doc := readOpenAPI(t)
	for query, want := range map[string]int{"": 1, "?resource=193.0.4.0/24": 1, "?resource=193.0.8.0/24": 0, "?after=" + listing.String(): 0} {
		got, ids := offersFrom(t, doc, a, "/v1/listings"+query, "/v1/listings")
		if len(ids) != want || want == 1 && (got.Offers[0].Terms["price"] != "EUR 90 a month" || got.Offers[0].State != "open") {
			t.Errorf("%q: got %+v, want %d", query, got, want)
		}
	}
	code, raw := get(t, a, "/v1/listings?after=1")
	problemOf(t, "no id", code, raw, 400, "bad_parameter")
}

// TestOffers_ofARecovery: what an account offered cannot be accepted while its
// keys are being replaced, and has lapsed once they are.
func TestOffers_ofARecovery(t *testing.T) {
	w, a, _, _ := busy(t)
	offer := w.signed("ann", &tx.TransferOffer{Resource: res("AS3333"), To: who("bob"), Value: dealing(t, w, "AS3333"), Until: w.View().Time + 600})
	w.block(offer)
	for name, change := range map[string]func(*account.Account){
		"open":   func(*account.Account) {},
		"frozen": func(x *account.Account) { x.Recovery = account.Running },
		"lapsed": func(x *account.Account) { x.Renewed++ },
	} {
		v := &w.views[len(w.views)-1]
		k := tree.AccountKey(who("ann"))
		leaf, _ := v.State.Get(k)
		x, err := account.FromBytes(leaf.Data)
		if err != nil {
			t.Fatal(err)
		}
		x.Recovery, x.Renewed = account.NoRecovery, 0
		change(x)
		e := v.State.Edit()
		e.Put(record.Leaf(k, x.Bytes()))
		v.State = e.Freeze()
		_, raw := get(t, a, "/v1/offers/"+offer.ID().String())
		readOpenAPI(t).conforms(t, "/v1/offers/{id}", "get", "200", raw)
		if !strings.Contains(string(raw), `"state":"`+name+`"`) {
			t.Errorf("got %s, want it %s", raw, name)
		}
	}
}

// TestOffers_readConsents: what an offer is by now is read, not remembered.
func TestOffers_readConsents(t *testing.T) {
	w, a, _, _ := busy(t)
	target := "/v1/offers/" + listing.String()
	if code, _ := get(t, a, target); code != 200 {
		t.Fatalf("got %d", code)
	}
	v := &w.views[len(w.views)-1]
	leaf, _ := v.State.Get(record.OfferKey(listing))
	o, err := record.OfferFromBytes(leaf.Data)
	if err != nil {
		t.Fatal(err)
	}
	o.Consents = []record.Consent{{By: who("bob"), Charge: wire.Hash{9}, Release: true}}
	e := v.State.Edit()
	e.Put(record.Leaf(record.OfferKey(listing), wire.Encode(o)))
	v.State = e.Freeze()
	_, raw := get(t, a, target)
	readOpenAPI(t).conforms(t, "/v1/offers/{id}", "get", "200", raw)
	if !strings.Contains(string(raw), `"by":"`+who("bob").String()) {
		t.Errorf("got %s", raw)
	}
}

func TestCare(t *testing.T) {
	_, a, _, _ := busy(t)
	code, raw := get(t, a, "/v1/accounts/"+who("bob").String()+"/recovery")
	readOpenAPI(t).conforms(t, "/v1/accounts/{id}/recovery", "get", "200", raw)
	var got struct {
		Waiting  []struct{ Sort string }
		Recovery struct {
			Stage     string
			Proposals []struct{ By []string }
		}
	}
	if err := json.Unmarshal(raw, &got); err != nil || code != 200 || len(got.Waiting) != 1 || got.Waiting[0].Sort != "delay" ||
		got.Recovery.Stage != "running" || got.Recovery.Proposals[0].By[0] != who("ann").String() {
		t.Errorf("got %d %s, %v", code, raw, err)
	}
	code, raw = get(t, a, "/v1/accounts/"+who("ann").String()+"/recovery")
	if code != 200 || !strings.Contains(string(raw), `"recovery":null`) {
		t.Errorf("none: got %d %s", code, raw)
	}
	code, raw = get(t, a, "/v1/accounts/"+wire.Address{1}.String()+"/recovery")
	problemOf(t, "unknown", code, raw, 404, "unknown_account")
}

// TestAnswer_ofBurdens holds the schema of what lies on a title.
func TestAnswer_ofBurdens(t *testing.T) {
	w, a, _, _ := busy(t)
	v := &w.views[len(w.views)-1]
	k := tree.ResourceKey(res("193.0.0.0/16"))
	leaf, _ := v.State.Get(k)
	f, err := record.FolioFromBytes(leaf.Data)
	if err != nil {
		t.Fatal(err)
	}
	f.Charges = record.ChargesBytes([]record.Charge{{Rules: 1, ID: wire.Hash{1}, Lender: who("bob"), Enforced: v.Time + 60, Buyer: who("bob")}})
	f.Restrictions = record.RestrictionsBytes([]record.Restriction{{Rules: 1, Kind: record.Hold, Act: wire.Hash{2}, Until: v.Time + 60}})
	f.Estates = record.EstatesBytes([]record.Estate{
		{Rules: 1, ID: wire.Hash{3}, Kind: record.Lease, Holder: who("bob"), Ends: v.Time + 60, Lease: []record.Terms{
			{Clause: 1, Suspended: v.Time + 5, Operator: "o", Abuse: "a@b.example", Back: []record.Ref{{Resource: res("193.0.0.0/16"), MaxLength: 16, AS: 1}}},
		}},
		{Rules: 1, ID: wire.Hash{4}, Kind: record.Lease, Holder: who("ann"), Start: v.Time + 60, Ends: v.Time + 90, Lease: []record.Terms{{Operator: "o", Abuse: "a@b.example"}}},
	})
	f.Contacts = wire.Encode(&record.Services{Rules: 1, Holder: who("bob"), Servers: "a.example b.example", Private: wire.Hash{5}})
	e := v.State.Edit()
	e.Put(record.FolioLeaf(res("193.0.0.0/16"), f))
	v.State = e.Freeze()
	code, raw := get(t, a, "/v1/resources/193.0.0.0/16")
	readOpenAPI(t).conforms(t, "/v1/resources/{resource}", "get", "200", raw)
	for _, want := range []string{`"state":"suspended"`, `"state":"to come"`, `"name_servers":["a.example","b.example"]`, `"mode":"adjudication"`, `"kind":"hold"`, `"returning":[{`} {
		if code != 200 || !strings.Contains(string(raw), want) {
			t.Errorf("got %d %s, want %s in it", code, raw, want)
		}
	}
	code, raw = get(t, a, "/v1/accounts/"+who("bob").String()+"/charges")
	readOpenAPI(t).conforms(t, "/v1/accounts/{id}/charges", "get", "200", raw)
	for _, want := range []string{`"at":"193.0.0.0/16","holder":"` + who("ann").String() + `"`, `"kind":"hold"`, `"to":"` + who("bob").String() + `"`, `"recovery":null`} {
		if code != 200 || !strings.Contains(string(raw), want) {
			t.Errorf("got %d %s, want %s in it", code, raw, want)
		}
	}
	if _, raw := get(t, a, "/v1/accounts/"+who("ann").String()+"/holdings"); !strings.Contains(string(raw), `"right_state":"to come"`) {
		t.Errorf("got %s", raw)
	}
}
