package api

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
	"ipledger/specs"
)

func TestPreview_saysWhatWouldBecomeOfIt(t *testing.T) {
	w, a, _, _ := busy(t)
	doc := readOpenAPI(t)
	root := w.View().State.Root()
	for name, c := range map[string]struct {
		raw           []byte
		outcome, rule string
		effects       int
	}{
		"unsigned":         {w.act("ann", &tx.OriginAuthorise{Resource: res("193.0.0.0/16"), MaxLength: 16, AS: 64000}).Encode(), "done", "", 1},
		"signed":           {w.signed("ann", &tx.Split{Resource: res("193.0.0.0/16"), Part: res("193.0.0.0/17")}).Raw(), "done", "", 2},
		"another's":        {w.act("bob", &tx.OriginAuthorise{Resource: res("193.0.0.0/16"), MaxLength: 16, AS: 64000}).Encode(), "failed", "ORIGIN-2", 0},
		"a number too far": {tooFar(w).Encode(), "inadmissible", "ADM-4", 0},
	} {
		code, _, raw := ask(t, a, "POST", "/v1/preview", "application/octet-stream", c.raw)
		doc.conforms(t, "/v1/preview", "post", "200", raw)
		var got previewResult
		if err := json.Unmarshal(raw, &got); err != nil || code != 200 || got.Outcome != c.outcome || got.Rule != c.rule || len(got.Effects) != c.effects {
			t.Errorf("%s: got %d %s, %v", name, code, raw, err)
		}
		if sentence, _ := specs.Rule(c.rule); got.Sentence != sentence {
			t.Errorf("%s: %s is said to be %q, want %q", name, c.rule, got.Sentence, sentence)
		}
		for _, e := range got.Effects {
			if e.Before == e.After {
				t.Errorf("%s: nothing changes: %s", name, e.Before)
			}
		}
	}
	if w.View().State.Root() != root {
		t.Error("a preview changed the state")
	}
	code, _, raw := ask(t, a, "POST", "/v1/preview", "application/octet-stream", []byte{1})
	problemOf(t, "no act", code, raw, 422, "refused")
}

type previewResult struct {
	Outcome, Rule, Sentence string
	Effects                 []struct{ Before, After string }
}

func tooFar(w *world) *tx.Act {
	a := w.act("ann", &tx.OriginAuthorise{Resource: res("193.0.0.0/16"), MaxLength: 16, AS: 64000})
	a.Header.Number += 7
	return a
}

// foreseen is what a preview tells beyond its verdict.
type foreseen struct {
	Outcome, Rule string
	foreseenPart
	Lacking []struct {
		By, Charge, Rule string
	} `json:"consents_lacking"`
	IfAccepted *foreseen `json:"if_accepted"`
	Starts     []struct {
		Resource, Time string
		foreseenPart
	}
}

// foreseenPart is what a step changes.
type foreseenPart struct {
	Changes []struct{ What, At, Change, Text string }
	Lost    []lostShape `json:"announcements_lost"`
	Part    bool        `json:"announcements_part"`
}

// foresee previews an unsigned act of an account's.
func foresee(t *testing.T, w *world, a *API, name string, body tx.Body) (got foreseen) {
	t.Helper()
	code, _, raw := ask(t, a, "POST", "/v1/preview", "application/octet-stream", w.act(name, body).Encode())
	readOpenAPI(t).conforms(t, "/v1/preview", "post", "200", raw)
	if err := json.Unmarshal(raw, &got); err != nil || code != 200 {
		t.Fatalf("got %d %s, %v", code, raw, err)
	}
	return got
}

// has reports whether a change is foreseen.
func (f foreseenPart) has(what, at, change string) bool {
	for _, c := range f.Changes {
		if c.What == what && c.At == at && c.Change == change && c.Text != "" {
			return true
		}
	}
	return false
}

func (f foreseenPart) lost(want lostShape) bool { return slices.Contains(f.Lost, want) }

// TestPreview_ofAGrant_API14: what the maker can announce no more is named, and
// whether routers would call it invalid or know nothing of it.
func TestPreview_ofAGrant_API14(t *testing.T) {
	w, a, _, _ := busy(t)
	at := res("193.0.4.0/24")
	offer := w.signed("ann", &tx.GrantOffer{Resource: at, To: who("bob"), Value: dealing(t, w, "193.0.0.0/16"), Until: w.View().Time + 600})
	got := foresee(t, w, a, "ann", offer.Body())
	if len(got.Changes)+len(got.Lost)+len(got.Lacking) != 0 {
		t.Errorf("an offer changes nothing yet: got %+v", got)
	}
	if then := got.IfAccepted; then == nil || !then.has("estate", at.String(), "enters") || !then.lost(lostShape{at.String(), 24, 24, "AS3333", "invalid"}) {
		t.Errorf("its acceptance: got %+v", then)
	}
	w.block(offer)
	accept := &tx.GrantAccept{Offer: offer.ID(), Resource: at, Value: dealing(t, w, "193.0.0.0/16")}
	got = foresee(t, w, a, "bob", accept)
	if !got.has("estate", at.String(), "enters") || !got.has("authorisation", "193.0.0.0/16", "narrows") {
		t.Errorf("got %+v", got.Changes)
	}
	if got.IfAccepted != nil {
		t.Errorf("nothing is left to accept: got %+v", got.IfAccepted)
	}
	if !got.lost(lostShape{at.String(), 24, 24, "AS3333", "invalid"}) || len(got.Lost) != 1 || got.Part {
		t.Errorf("lost: got %+v", got.Lost)
	}
	w.block(w.signed("bob", accept))
	if again := foresee(t, w, a, "bob", accept); again.Outcome != "failed" || again.Rule != "DEAL-5" {
		t.Errorf("after it was done: got %+v", again)
	}
}

// TestPreview_ofALeaseToCome_API14: what a lease that starts later will displace is
// named when it is offered and when it is accepted, as of its start: what another
// lease there, which is over by then, displaces is not in it.
func TestPreview_ofALeaseToCome_API14(t *testing.T) {
	w, a, _, _ := busy(t)
	at, now := res("193.0.4.0/24"), w.View().Time
	lease := func(start, end uint64, origins string) *tx.LeaseOffer {
		return &tx.LeaseOffer{Resource: at, To: who("bob"), Start: start, End: end, Operator: "Bob", Abuse: "abuse@bob.example",
			Origins: origins, Value: dealing(t, w, "193.0.0.0/16"), Until: w.View().Time + 600}
	}
	first := w.signed("ann", lease(0, now+5000, ""))
	w.block(first)
	w.block(w.signed("bob", &tx.LeaseAccept{Offer: first.ID(), Resource: at, Value: dealing(t, w, "193.0.0.0/16")}))
	w.block(w.signed("ann", &tx.OriginAuthorise{Resource: res("193.0.5.0/24"), MaxLength: 24, AS: 3334}))

	body := lease(now+9000, now+9900, "193.0.4.0/24-24=64500")
	got := foresee(t, w, a, "ann", body)
	if len(got.Starts) != 1 || got.Starts[0].Resource != at.String() || got.Starts[0].Time != light.Clock(now+9000) {
		t.Fatalf("an offer of a lease to come: got %+v", got.Starts)
	}
	if then := got.IfAccepted; then == nil || !then.has("estate", at.String(), "enters") || len(then.Lost) != 0 {
		t.Errorf("its acceptance displaces nothing: got %+v", then)
	}
	offer := w.signed("ann", body)
	w.block(offer)
	// What the first lease left ann of her own, she gets whole again before the second
	// starts.
	wide := w.signed("ann", &tx.OriginAuthorise{Resource: res("193.0.4.0/23"), MaxLength: 23, AS: 3335})
	w.block(wide)
	accept := &tx.LeaseAccept{Offer: offer.ID(), Resource: at, Value: dealing(t, w, "193.0.0.0/16")}
	got = foresee(t, w, a, "bob", accept)
	if len(got.Starts) != 1 || !got.Starts[0].has("authorisation", at.String(), "enters") {
		t.Fatalf("its acceptance: got %+v", got.Starts)
	}
	if got.IfAccepted != nil || len(got.Lost) != 0 {
		t.Errorf("nothing is left to accept or lost yet: got %+v", got)
	}
}

// TestPreview_whatAStartDisplaces_API14: the lessor's authorisation of the block that
// is leased for later goes at the start, and the preview says so.
func TestPreview_whatAStartDisplaces_API14(t *testing.T) {
	w, a, _, _ := busy(t)
	at, now := res("193.0.4.0/24"), w.View().Time
	body := &tx.LeaseOffer{Resource: at, To: who("bob"), Start: now + 9000, End: now + 9900, Operator: "Bob", Abuse: "abuse@bob.example",
		Value: dealing(t, w, "193.0.0.0/16"), Until: now + 600}
	got := foresee(t, w, a, "ann", body)
	if len(got.Starts) != 1 || !got.Starts[0].has("authorisation", "193.0.0.0/16", "narrows") || !got.Starts[0].lost(lostShape{at.String(), 24, 24, "AS3333", "invalid"}) {
		t.Fatalf("got %+v", got.Starts)
	}
}

// TestPreview_ofABundleOfOffers_API14: the acceptances of a bundle's offers are told
// together, as far as one can follow the other.
func TestPreview_ofABundleOfOffers_API14(t *testing.T) {
	w, a, _, _ := busy(t)
	offer := func(text string) tx.Body {
		r := res(text)
		return &tx.TransferOffer{Resource: r, To: who("bob"), Value: dealing(t, w, text), Until: w.View().Time + 600}
	}
	acts := []*tx.Act{w.act("ann", offer("2001:67c::/32")), w.act("ann", offer("AS3333"))}
	acts[1].Number++
	if err := tx.Bundle(acts, salt); err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, act := range acts {
		texts = append(texts, string((&tx.File{Salt: salt, Act: act}).Bytes()))
	}
	list, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	code, _, raw := ask(t, a, "POST", "/v1/preview", "application/json", list)
	readOpenAPI(t).conforms(t, "/v1/preview", "post", "200", raw)
	var got foreseen
	if err := json.Unmarshal(raw, &got); err != nil || code != 200 {
		t.Fatalf("got %d %s, %v", code, raw, err)
	}
	if then := got.IfAccepted; then == nil || !then.has("title", "2001:67c::/32", "changes") || !then.has("title", "AS3333", "changes") {
		t.Errorf("got %+v", then)
	}
}

// TestPreview_ofASale_API14: nothing covers what was announced, and another's
// offer on the title lapses.
func TestPreview_ofASale_API14(t *testing.T) {
	w, a, _, _ := busy(t)
	whole := res("193.0.0.0/16")
	value := dealing(t, w, "193.0.0.0/16")
	sale := w.signed("ann", &tx.TransferOffer{Resource: whole, To: who("bob"), Value: value, Until: w.View().Time + 600})
	w.block(sale)
	grant := w.signed("ann", &tx.GrantOffer{Resource: res("193.0.4.0/24"), To: who("bob"), Value: value, Until: w.View().Time + 600})
	w.block(grant)
	accept := &tx.TransferAccept{Offer: sale.ID(), Resource: whole, Value: value}
	first := foresee(t, w, a, "bob", accept)
	if !first.has("title", "193.0.0.0/16", "changes") || !first.has("authorisation", "193.0.0.0/16", "ends") || !first.has("offer", "193.0.0.0/16", "lapses") {
		t.Errorf("got %+v", first.Changes)
	}
	if !first.lost(lostShape{"193.0.0.0/16", 16, 24, "AS3333", "not found"}) {
		t.Errorf("lost: got %+v", first.Lost)
	}
	if second := foresee(t, w, a, "bob", accept); !reflect.DeepEqual(first, second) {
		t.Errorf("the same state gives %+v, then %+v", first, second)
	}
}

// TestPreview_consents_API15: an offer tells which lenders must still consent.
func TestPreview_consents_API15(t *testing.T) {
	w, a, _, _ := busy(t)
	charge := func(id byte, name string) record.Charge {
		return record.Charge{Rules: 1, ID: wire.Hash{id}, Lender: who(name)}
	}
	v := &w.views[len(w.views)-1]
	at := res("AS3333")
	leaf, _ := v.State.Get(tree.ResourceKey(at))
	f, err := record.FolioFromBytes(leaf.Data)
	if err != nil {
		t.Fatal(err)
	}
	f.Charges = record.ChargesBytes([]record.Charge{charge(1, "bob"), charge(2, "cat")})
	e := v.State.Edit()
	e.Put(record.FolioLeaf(at, f))
	v.State = e.Freeze()
	body := &tx.TransferOffer{Resource: at, To: who("bob"), Value: dealing(t, w, "AS3333"), Until: v.Time + 600}
	got := foresee(t, w, a, "ann", body)
	if len(got.Lacking) != 2 || got.Lacking[0].By != who("bob").String() || got.Lacking[1].Charge != (wire.Hash{2}).String() || got.Lacking[1].Rule != "CHARGE-4" {
		t.Fatalf("got %+v", got)
	}
	if then := got.IfAccepted; then == nil || !then.has("title", "AS3333", "changes") {
		t.Errorf("its acceptance with every consent: got %+v", then)
	}
	offer := w.signed("ann", body)
	w.block(offer)
	value := dealing(t, w, "AS3333")
	consent := &tx.ChargeConsent{Offer: offer.ID(), Resource: at, Charge: wire.Hash{1}, Value: value}
	if got := foresee(t, w, a, "bob", consent); len(got.Lacking) != 1 || got.Lacking[0].By != who("cat").String() {
		t.Errorf("with one of two: got %+v", got)
	}
	if got := foresee(t, w, a, "bob", &tx.TransferAccept{Offer: offer.ID(), Resource: at, Value: value}); got.Outcome != "failed" || len(got.Lacking) != 2 {
		t.Errorf("accepted without any: got %+v", got)
	}
}

// TestLost_API14 compares what is called lost with each announcement asked alone.
func TestLost_API14(t *testing.T) {
	random := rand.New(rand.NewPCG(6, 8))
	payload := func() vrp {
		at := res("10.0.0.0/24")
		at.Addr[3] = byte(random.Uint32())
		at = inr.Truncate(at, uint8(24+random.IntN(5)))
		return vrp{MaxLength: uint64(at.Len) + uint64(random.IntN(4)), AS: "AS1", at: at, as: uint64(1 + random.IntN(2))}
	}
	for range 300 {
		var now []vrp
		for range random.IntN(6) {
			now = append(now, payload())
		}
		x := payload()
		c := comparison{now: now}
		c.walk(x, x.at, overlapping(now, x.at))
		got := map[string]string{}
		for _, l := range c.out {
			each(res(l.Prefix), l.MinLength, l.MaxLength, func(p wire.Resource) { got[p.String()] = l.After })
		}
		want := map[string]string{}
		each(x.at, uint64(x.at.Len), x.MaxLength, func(p wire.Resource) {
			if state := verdict(now, p, x.as); state != "valid" {
				want[p.String()] = state
			}
		})
		if !maps.Equal(got, want) {
			t.Fatalf("%+v among %+v: got %v, want %v", x, now, got, want)
		}
	}
}

// each visits the prefixes inside r of some lengths.
func each(r wire.Resource, from, to uint64, visit func(wire.Resource)) {
	if uint64(r.Len) >= from && uint64(r.Len) <= to {
		visit(r)
	}
	if low, high, ok := inr.Halves(r); ok && uint64(r.Len) < to {
		each(low, from, to, visit)
		each(high, from, to, visit)
	}
}

// verdict is that of RFC 6811, Section 2, on one announcement.
func verdict(list []vrp, p wire.Resource, as uint64) string {
	state := "not found"
	for _, x := range list {
		if !inr.Covers(x.at, p) {
			continue
		}
		if x.as == as && uint64(p.Len) <= x.MaxLength {
			return "valid"
		}
		state = "invalid"
	}
	return state
}

// TestPreview_ofABundle_API15: acts that stand together are tried together, and
// the one that is refused is named by its place.
func TestPreview_ofABundle_API15(t *testing.T) {
	w, a, _, _ := busy(t)
	body := func(as uint64) tx.Body {
		return &tx.OriginAuthorise{Resource: res("193.0.0.0/16"), MaxLength: 16, AS: as}
	}
	try := func(by string, second tx.Body) (got struct {
		foreseen
		Kind, ID string
		At       int
		Text     []string
	}) {
		acts := []*tx.Act{w.act("ann", body(64000)), w.act(by, second)}
		if by == "ann" {
			acts[1].Number++
		}
		if err := tx.Bundle(acts, salt); err != nil {
			t.Fatal(err)
		}
		var texts []string
		for _, act := range acts {
			texts = append(texts, string((&tx.File{Salt: salt, Act: act}).Bytes()))
		}
		list, err := json.Marshal(texts)
		if err != nil {
			t.Fatal(err)
		}
		code, _, raw := ask(t, a, "POST", "/v1/preview", "application/json", list)
		readOpenAPI(t).conforms(t, "/v1/preview", "post", "200", raw)
		if err := json.Unmarshal(raw, &got); err != nil || code != 200 || got.ID != acts[0].Bundle.String() {
			t.Fatalf("got %d %s, %v", code, raw, err)
		}
		code, _, raw = ask(t, a, "POST", "/v1/acts", "application/json", list)
		problemOf(t, "submitted without signatures", code, raw, 422, "refused")
		return got
	}
	good := try("ann", body(64001))
	if good.Outcome != "done" || good.Kind != "Bundle" || len(good.Changes) != 2 || len(good.Text) < 8 {
		t.Errorf("got %+v", good)
	}
	bad := try("bob", body(64001))
	if bad.Outcome != "failed" || bad.Rule != "ORIGIN-2" || bad.At != 1 || len(bad.Changes) != 0 {
		t.Errorf("one of them fails: got %+v", bad)
	}
	for name, raw := range map[string]string{"an empty list": "[]", "a list of objects": "[{}]", "no act files": `["x"]`} {
		if code, _, raw := ask(t, a, "POST", "/v1/preview", "application/json", []byte(raw)); code != 422 {
			t.Errorf("%s: got %d %s", name, code, raw)
		}
	}
	alone := w.act("ann", body(64000))
	alone.Bundle, alone.Count = wire.Hash{1}, 2
	if code, _, raw := ask(t, a, "POST", "/v1/preview", "application/octet-stream", alone.Encode()); code != 200 || !strings.Contains(string(raw), "ADM-10") {
		t.Errorf("a part of a bundle: got %d %s", code, raw)
	}
}
