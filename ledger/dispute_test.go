package ledger_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// Windows of the worlds of these tests, in seconds.
const (
	cautionSeconds  = 1000
	restrictSeconds = 9000
	panelSeconds    = 500
)

// bench are the adjudicators of these tests, of four jurisdictions, and the
// accounts of its members.
var (
	bench   = []string{"adj1", "adj2", "adj3", "adj4", "adj5", "adj6", "adj7", "adj8"}
	members = []string{"mem1", "mem2", "mem3"}
)

// judging is a world with adjudicators and members.
func judging(t testing.TB) *world {
	names := append([]string{"ana", "ben", "cat", "bank", "fund"}, append(slices.Clone(bench), members...)...)
	w := newWorld(t, names, map[string][]string{"ana": {"60.0.0.0/16", "60.1.0.0/16", "AS2000-AS2015"}, "ben": {"61.0.0.0/20"}})
	p := parameters(t, w.state)
	p.CautionSeconds, p.RestrictSeconds, p.PanelSeconds, p.EnforceSeconds = cautionSeconds, restrictSeconds, panelSeconds, enforceSeconds
	w.set(record.ParametersKey, wire.Encode(p))
	w.seat(bench, []string{"NL", "DE", "JP", "ZA"})
	return w
}

// seat writes the roll: adjudicators whose jurisdictions go round, and the members.
func (w *world) seat(names, jurisdictions []string) {
	roll := &record.Roll{Rules: record.Rules}
	for i, name := range names {
		roll.Adjudicators = append(roll.Adjudicators, who(name))
		w.set(record.AdjudicatorKey(who(name)), wire.Encode(&record.Adjudicator{
			Rules: record.Rules, Account: who(name), Organisation: name, Jurisdiction: jurisdictions[i%len(jurisdictions)],
		}))
	}
	for i, name := range members {
		key := [32]byte{byte(i + 1)}
		roll.Members = append(roll.Members, key)
		w.set(record.MemberKey(key), wire.Encode(&record.Member{Rules: record.Rules, Operator: name, Jurisdiction: "NL", Alg: 1, PubKey: key, Power: 1, Account: who(name)}))
	}
	slices.SortFunc(roll.Adjudicators, func(a, b wire.Address) int { return bytes.Compare(a[:], b[:]) })
	w.set(record.RollKey, wire.Encode(roll))
}

func (w *world) dispute(id wire.Hash) *record.Case {
	w.t.Helper()
	leaf, ok := w.state.Get(record.CaseKey(id))
	if !ok {
		return nil
	}
	c, err := record.CaseFromBytes(leaf.Data)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func (w *world) order(id wire.Hash) *record.Order {
	w.t.Helper()
	leaf, ok := w.state.Get(record.OrderKey(id))
	if !ok {
		return nil
	}
	o, err := record.OrderFromBytes(leaf.Data)
	if err != nil {
		w.t.Fatal(err)
	}
	return o
}

func (w *world) wantCase(id wire.Hash, want record.CaseState) {
	w.t.Helper()
	if c := w.dispute(id); c == nil || c.State != want {
		w.t.Fatalf("the case is %+v, want it %v", c, want)
	}
}

func cautionOf(text string) *tx.Caution {
	return &tx.Caution{Resource: resource(text), Ground: tx.GroundForged, Digest: wire.Hash{1}}
}

func verdictOf(id wire.Hash, v tx.Verdict) *tx.CaseDecide {
	return &tx.CaseDecide{Case: id, Verdict: v, Reasons: wire.Hash{2}}
}

// vote lets names say the same, one after the other.
func (w *world) vote(names []string, body tx.Body) {
	w.t.Helper()
	for _, name := range names {
		w.do(name, body)
	}
}

// accepted is a caution that half the adjudicators accepted, with its panel drawn.
func (w *world) accepted(party, text string) wire.Hash {
	w.t.Helper()
	id := w.do(party, cautionOf(text))
	w.vote(bench[:4], verdictOf(id, tx.VerdictAccept))
	w.block(1)
	return id
}

// panel are the names of those who hear a case.
func (w *world) panel(id wire.Hash) (out []string) {
	for _, name := range append(slices.Clone(bench), members...) {
		if slices.Contains(w.dispute(id).Panel, who(name)) {
			out = append(out, name)
		}
	}
	return out
}

func (w *world) frozen(text string) bool {
	return slices.ContainsFunc(w.restrictions(text), func(x record.Restriction) bool { return x.Kind == record.Freeze })
}

// TestApply_DISP9 enters cautions, as many as it may.
func TestApply_DISP9(t *testing.T) {
	w := judging(t)
	w.refused("TITLE-1", "ben", cautionOf("62.0.0.0/16"))
	w.refused("DISP-9", "ana", cautionOf("60.0.0.0/16"))
	id := w.do("ben", cautionOf("60.0.0.0/20"))
	want := record.Restriction{Rules: 1, Kind: record.Caution, Act: id, Since: w.last.Time, Until: w.last.Time + cautionSeconds, At: resource("60.0.0.0/20")}
	if got := w.restrictions("60.0.0.0/16"); !slices.Equal(got, []record.Restriction{want}) {
		t.Fatalf("got %v, want %v", got, want)
	}
	w.refused("DISP-9", "ben", cautionOf("60.0.0.0/24")) // one party, ground and block
	other := cautionOf("60.0.0.0/24")
	other.Ground = tx.GroundTitle
	w.do("ben", other)
	w.refused("DISP-9", "ben", cautionOf("60.0.128.0/24")) // two of one account's
	twice := func(names ...string) {
		for _, name := range names {
			w.do(name, cautionOf("60.0.0.0/16"))
			again := cautionOf("60.0.0.0/16")
			again.Ground = tx.GroundRight
			w.do(name, again)
		}
	}
	twice("cat", "bank", "fund")
	w.refused("DISP-9", "adj1", cautionOf("60.0.0.0/16")) // six of those who hold nothing
	for i, name := range bench[:3] {
		w.transfer("ana", name, fmt.Sprintf("60.1.%d.0/24", i), false)
	}
	twice("adj1")
	w.do("adj2", cautionOf("60.0.0.0/16"))
	w.set(record.RegistrarKey(who("mem1")), wire.Encode(&record.Registrar{Rules: 1, Account: who("mem1"), Organisation: "Org", Jurisdiction: "NL"}))
	w.do("mem1", cautionOf("60.0.0.0/16"))
	w.refused("DISP-9", "adj3", cautionOf("60.0.0.0/16")) // twelve in all
	w.transfer2("ana", "cat", "60.0.0.0/16")              // and all of them bind nobody
}

// transfer2 is transfer of a title that bears marks, which who accepts has seen.
func (w *world) transfer2(from, to, text string) {
	w.t.Helper()
	id := w.offer(from, to, text, false)
	w.do(to, &tx.TransferAccept{Offer: id, Resource: resource(text), Value: w.folio(text).Marked()})
}

// TestApply_DISP10 lets cautions lapse: in time, after a halt, and held up by an
// order.
func TestApply_DISP10_DUE6(t *testing.T) {
	w := judging(t)
	id := w.do("ben", cautionOf("60.0.0.0/16"))
	until := w.last.Time + cautionSeconds
	w.until(until - 1)
	w.wantCase(id, record.CaseEntered)
	w.until(until)
	w.wantCase(id, record.CaseLapsed)
	if w.held("60.0.0.0/16") {
		t.Fatal("a caution outlives its end")
	}

	id = w.do("ben", cautionOf("60.0.0.0/16"))
	until = w.last.Time + cautionSeconds
	w.pass(w.last.Time + 900) // 300 of them stalled
	w.until(until + 299)
	w.wantCase(id, record.CaseEntered)
	if !w.held("60.0.0.0/16") {
		t.Fatal("a halt eats a caution")
	}
	w.until(until + 300)
	w.wantCase(id, record.CaseLapsed)
	if w.held("60.0.0.0/16") {
		t.Fatal("a caution outlives its end")
	}

	id = w.do("ben", cautionOf("60.0.0.0/16"))
	until = w.last.Time + cautionSeconds
	w.until(until - 300)
	late := orderOf("60.0.0.0/20")
	late.Caution = id
	w.refused("DISP-10", "cat", late)
	order := w.do("ben", late)
	w.refused("DISP-10", "ben", late)
	w.until(until + cautionSeconds - 301)
	w.wantCase(id, record.CaseEntered)
	w.until(w.order(order).Until)
	w.wantCase(id, record.CaseLapsed)
	if w.held("60.0.0.0/16") || w.order(order).Status != uint64(tx.OrderLapsed) {
		t.Fatal("a caution or an order outlives its end")
	}
}

func TestApply_DISP11(t *testing.T) {
	w := judging(t)
	id := w.do("ben", cautionOf("60.0.0.0/24"))
	answer := func(text string) *tx.CautionAnswer {
		return &tx.CautionAnswer{Case: id, Resource: resource(text), Digest: wire.Hash{9}}
	}
	w.refused("DISP-11", "cat", answer("60.0.0.0/24"))
	w.refused("DISP-11", "ana", answer("60.1.0.0/16"))
	w.refused("DISP-11", "ana", &tx.CautionAnswer{Case: wire.Hash{8}, Resource: resource("60.0.0.0/16"), Digest: wire.Hash{9}})
	w.do("ana", answer("60.0.0.0/16"))
	w.refused("DISP-11", "ana", answer("60.0.0.0/16"))
	if c := w.dispute(id); c.Answer != (wire.Hash{9}) {
		t.Fatalf("the answer is %v", c.Answer)
	}
}

// TestApply_DISP12_DISP13 counts votes.
func TestApply_DISP12_DISP13_R8(t *testing.T) {
	w := judging(t)
	id := w.do("adj8", cautionOf("60.0.0.0/24"))
	accept, dismiss := verdictOf(id, tx.VerdictAccept), verdictOf(id, tx.VerdictDismiss)
	other := verdictOf(id, tx.VerdictAccept)
	other.Reasons = wire.Hash{3}
	w.refused("DISP-12", "adj1", verdictOf(wire.Hash{7}, tx.VerdictAccept))
	w.refused("DISP-13", "ben", accept)
	w.refused("DISP-12", "adj8", accept) // the party
	w.refused("DISP-12", "adj1", verdictOf(id, tx.VerdictHolder))
	w.vote([]string{"adj1", "adj2"}, accept)
	w.do("adj3", dismiss)
	w.do("adj4", other)
	w.do("adj2", accept) // once more is still one
	w.do("adj1", dismiss)
	w.do("adj5", accept)
	w.do("adj6", accept)
	w.wantCase(id, record.CaseEntered) // 3 accept, 2 dismiss, 1 for other reasons
	w.seat(bench[:7], []string{"NL", "DE", "JP", "ZA"})
	w.unseat("adj6")
	w.do("adj3", accept)
	w.wantCase(id, record.CaseEntered) // adj2, adj5, adj3: one has left
	w.do("adj1", accept)
	w.wantCase(id, record.CaseAccepted)
	if !w.frozen("60.0.0.0/16") || len(w.shown("60.0.0.0/16", record.Caution)) > 0 {
		t.Fatalf("recorded is %v", w.restrictions("60.0.0.0/16"))
	}
	w.block(1) // draws a panel
	w.refused("DISP-1", "ana", offerOf(w, "60.0.0.0/24", "cat"))
	w.refused("DISP-12", "adj3", accept)

	id = w.do("ben", cautionOf("60.1.0.0/16"))
	w.vote([]string{"adj1", "adj2", "adj3", "adj4"}, verdictOf(id, tx.VerdictDismiss))
	w.wantCase(id, record.CaseDismissed)
	if w.held("60.1.0.0/16") {
		t.Fatal("a dismissed caution stands")
	}
}

// unseat takes an adjudicator's own record away and leaves the roll.
func (w *world) unseat(name string) {
	e := w.state.Edit()
	e.Delete(record.AdjudicatorKey(who(name)))
	w.state = e.Freeze()
}

// TestApply_DISP14 draws panels: from three jurisdictions at least, never the
// party, and otherwise not always the same.
func TestApply_DISP14(t *testing.T) {
	w := judging(t)
	met := map[string]bool{}
	for i := range 6 {
		id := w.accepted2("adj1", fmt.Sprintf("60.0.%d.0/24", i), bench[1:5])
		panel := w.panel(id)
		if len(panel) != record.PanelMax || slices.Contains(panel, "adj1") {
			t.Fatalf("the panel is %v", panel)
		}
		met[fmt.Sprint(panel)] = true
		w.until(w.last.Time + cautionSeconds)
		w.do("adj1", &tx.Lift{Matter: id, Resource: resource("60.0.0.0/16")})
	}
	w.seat(append(slices.Clone(bench), members...), []string{"NL", "NL", "NL", "NL", "NL", "NL", "NL", "NL", "NL", "DE", "JP"})
	for i := range 6 {
		id := w.accepted2("ben", fmt.Sprintf("60.0.%d.0/24", i), append(slices.Clone(bench), members...)[:6])
		panel := w.panel(id)
		if !slices.Contains(panel, "mem2") || !slices.Contains(panel, "mem3") {
			t.Fatalf("the panel is %v: two jurisdictions are not on it", panel)
		}
		met[fmt.Sprint(panel)] = true
		w.do("ben", &tx.Lift{Matter: id, Resource: resource("60.0.0.0/16")})
	}
	if len(met) < 4 {
		t.Fatalf("the same panels again and again: %v", met)
	}
	w = judging(t)
	w.seat(bench, []string{"NL", "DE"})
	id := w.accepted("ben", "60.0.0.0/16")
	if len(w.panel(id)) > 0 {
		t.Fatal("a panel from two jurisdictions")
	}
	w.seat(bench, []string{"NL", "DE", "FR"})
	w.until(w.last.Time + restrictSeconds/2)
	if c := w.dispute(id); len(c.Panel) > 0 || c.Next > c.Until {
		t.Fatalf("it is drawn again too soon: %+v", c)
	}
}

// accepted2 is accepted by these adjudicators.
func (w *world) accepted2(party, text string, by []string) wire.Hash {
	w.t.Helper()
	id := w.do(party, cautionOf(text))
	w.vote(by, verdictOf(id, tx.VerdictAccept))
	w.block(1)
	return id
}

// TestApply_DISP15_DISP16 decides a dispute, appeals, and has members reverse it.
func TestApply_DISP15_DISP16_DISP17(t *testing.T) {
	w := judging(t)
	id := w.accepted("ben", "60.0.0.0/24")
	panel := w.panel(id)
	forHolder, forClaimant := verdictOf(id, tx.VerdictHolder), verdictOf(id, tx.VerdictClaimant)
	w.refused("DISP-15", panel[0], forHolder) // too early
	w.until(w.dispute(id).Hears - 1)
	for _, name := range bench {
		if !slices.Contains(panel, name) {
			w.refused("DISP-15", name, forHolder)
		}
	}
	w.vote(panel[:4], forHolder)
	w.do(panel[4], forClaimant)
	w.wantCase(id, record.CaseAccepted)
	w.refused("DISP-16", "ana", &tx.CaseAppeal{Case: id, Resource: resource("60.0.0.0/24"), Digest: wire.Hash{1}})
	w.do(panel[5], forHolder)
	w.wantCase(id, record.CaseDecided)
	lift := &tx.Lift{Matter: id, Resource: resource("60.0.0.0/24")}
	w.refused("DISP-24", "ana", lift)
	w.refused("DISP-16", "cat", &tx.CaseAppeal{Case: id, Resource: resource("60.0.0.0/24"), Digest: wire.Hash{1}})
	w.do("ben", &tx.CaseAppeal{Case: id, Resource: resource("60.0.0.0/24"), Digest: wire.Hash{1}})
	w.refused("DISP-16", "ben", &tx.CaseAppeal{Case: id, Resource: resource("60.0.0.0/24"), Digest: wire.Hash{1}})
	w.refused("DISP-16", panel[0], forHolder)
	w.do("mem1", forClaimant)
	w.wantCase(id, record.CaseAppealed)
	w.do("mem2", forClaimant)
	w.wantCase(id, record.CaseFinal)
	w.refused("DISP-17", "ben", lift) // it moves nothing
	w.refused("DISP-1", "ana", offerOf(w, "60.0.0.0/24", "cat"))
	w.until(w.dispute(id).Until)
	if w.frozen("60.0.0.0/16") || w.dispute(id) != nil {
		t.Fatal("a dispute outlives its end")
	}
	w.transfer("ana", "cat", "60.0.0.0/24", false)

	// Without an appeal, or without a majority on it, the panel's decision stands.
	for _, appealed := range []bool{false, true} {
		w := judging(t)
		id := w.accepted("ben", "60.0.0.0/24")
		w.until(w.dispute(id).Hears - 1)
		w.vote(w.panel(id)[:5], verdictOf(id, tx.VerdictHolder))
		if appealed {
			w.do("ben", &tx.CaseAppeal{Case: id, Resource: resource("60.0.0.0/24"), Digest: wire.Hash{1}})
			w.do("mem1", verdictOf(id, tx.VerdictClaimant))
		}
		w.until(w.dispute(id).Next - 2)
		w.refused("DISP-24", "cat", &tx.Lift{Matter: id, Resource: resource("60.0.0.0/16")})
		w.block(1)
		w.wantCase(id, record.CaseFinal)
		w.do("cat", &tx.Lift{Matter: id, Resource: resource("60.0.0.0/16")})
		w.transfer("ana", "cat", "60.0.0.0/24", false)
	}
}

func orderOf(text string) *tx.OrderRecord {
	return &tx.OrderRecord{Resource: resource(text), Court: "Rechtbank Amsterdam", Jurisdiction: "NL", Reference: "C/13/7", Digest: wire.Hash{1}}
}

func inEffect(id wire.Hash) *tx.OrderStatus {
	return &tx.OrderStatus{Order: id, Status: tx.OrderInEffect, Findings: tx.FoundAll}
}

// ordered is an order that half the adjudicators found in effect.
func (w *world) ordered(by string, body *tx.OrderRecord) wire.Hash {
	w.t.Helper()
	id := w.do(by, body)
	w.vote(bench[:4], inEffect(id))
	return id
}

// TestApply_DISP20_DISP21_R8 records orders, refuses one and lifts one.
func TestApply_DISP20_DISP21_R8(t *testing.T) {
	w := judging(t)
	bad := orderOf("60.0.0.0/24")
	bad.Final, bad.To = true, wire.Address{1}
	w.refused("DISP-20", "cat", bad)
	id := w.do("adj8", orderOf("60.0.0.0/24"))
	w.originate("ana", "60.0.0.0/24", 24, 2000)
	w.transfer("ana", "ben", "60.0.0.0/24", true) // it binds nobody
	w.refused("DISP-12", "ben", inEffect(id))
	w.refused("DISP-12", "adj8", inEffect(id))
	w.refused("DISP-21", "adj1", inEffect(wire.Hash{9}))
	w.refused("DISP-21", "adj1", &tx.OrderStatus{Order: id, Status: tx.OrderLifted, Reasons: wire.Hash{1}})
	w.vote(bench[:3], inEffect(id))
	if w.held("60.0.0.0/24") {
		t.Fatal("three of eight froze it")
	}
	w.do("adj4", inEffect(id))
	if got := w.shown("60.0.0.0/24", record.Freeze); len(got) != 1 || w.order(id).Findings != tx.FoundAll {
		t.Fatalf("frozen is %v", got)
	}
	w.refused("DISP-1", "ben", offerOf(w, "60.0.0.0/24", "cat"))
	if got := w.origins("ben"); len(got) != 1 {
		t.Fatalf("a freeze changed routing: %v", got)
	}
	w.refused("DISP-24", "ben", &tx.Lift{Matter: id, Resource: resource("60.0.0.0/24")})
	lifted := &tx.OrderStatus{Order: id, Status: tx.OrderLifted, Reasons: wire.Hash{1}}
	w.vote(bench[:4], lifted)
	if w.held("60.0.0.0/24") {
		t.Fatal("a lifted order binds")
	}
	w.transfer("ben", "cat", "60.0.0.0/24", true)

	id = w.do("ben", orderOf("60.1.0.0/16"))
	refuse := &tx.OrderStatus{Order: id, Status: tx.OrderRefused, Findings: tx.FoundInForce, Reasons: wire.Hash{1}}
	w.vote(bench[:3], refuse)
	other := *refuse
	other.Findings = tx.FoundServed
	w.do("adj4", &other)
	if o := w.order(id); o.Status != uint64(tx.OrderRecorded) {
		t.Fatal("votes for different findings counted together")
	}
	w.do("adj4", refuse)
	if o := w.order(id); o.Status != uint64(tx.OrderRefused) || o.Findings != tx.FoundInForce {
		t.Fatalf("the order is %+v", o)
	}
	w.refused("DISP-21", "adj1", inEffect(id))
	w.until(w.order(id).Until) // DISP-27
	if w.order(id) != nil {
		t.Fatal("a refused order is kept for good")
	}
}

// TestApply_DISP22 freezes titles under an order over several, and one title cut
// since.
func TestApply_DISP22_DISP6(t *testing.T) {
	w := judging(t)
	id := w.ordered("cat", orderOf("60.0.0.0/15"))
	if w.held("60.0.0.0/16") || w.held("60.1.0.0/16") {
		t.Fatal("no title covers it")
	}
	w.refused("DISP-22", "ben", &tx.Restrict{Matter: id, Resource: resource("61.0.0.0/20")})
	w.refused("DISP-22", "ben", &tx.Restrict{Matter: wire.Hash{3}, Resource: resource("60.0.0.0/16")})
	w.do("ben", &tx.Restrict{Matter: id, Resource: resource("60.0.7.0/24")})
	w.refused("DISP-22", "ben", &tx.Restrict{Matter: id, Resource: resource("60.0.0.0/16")})
	w.do("cat", &tx.Restrict{Matter: id, Resource: resource("60.1.0.0/16")})
	want := fmt.Sprintf("60.0.0.0/16: 60.0.0.0/16 until %d", w.order(id).Until)
	if got := w.shown("60.0.0.0/16", record.Freeze); !slices.Equal(got, []string{want}) {
		t.Fatalf("got %v, want %s", got, want)
	}
	w.refused("DISP-1", "ana", &tx.Split{Resource: resource("60.1.0.0/16"), Part: resource("60.1.0.0/17")})
	w.vote(bench[:4], &tx.OrderStatus{Order: id, Status: tx.OrderLifted, Reasons: wire.Hash{1}})
	w.do("ana", &tx.Lift{Matter: id, Resource: resource("60.0.0.0/16")})
	w.do("ana", &tx.Lift{Matter: id, Resource: resource("60.1.0.0/16")})
	w.refused("DISP-24", "ana", &tx.Lift{Matter: id, Resource: resource("60.1.0.0/16")})
	w.do("ana", &tx.Split{Resource: resource("60.1.0.0/16"), Part: resource("60.1.0.0/17")})
}

// TestApply_DISP23 prolongs an order twice and a dispute once.
func TestApply_DISP23_R8(t *testing.T) {
	w := judging(t)
	id := w.ordered("cat", orderOf("60.0.0.0/24"))
	confirm := func(n byte) *tx.OrderConfirm { return &tx.OrderConfirm{Matter: id, Digest: wire.Hash{n}} }
	w.refused("DISP-23", "adj1", confirm(1)) // its own text
	w.refused("DISP-12", "ana", confirm(2))
	for n := byte(2); n < 4; n++ {
		first := w.order(id).Until
		w.until(first - 100)
		w.vote(bench[:4], confirm(n))
		w.refused("DISP-23", "adj1", confirm(n))
		w.until(first)
		if got := w.shown("60.0.0.0/16", record.Freeze); len(got) != 1 || w.order(id).Until < first+restrictSeconds-200 {
			t.Fatalf("a prolonged freeze ended: %v", got)
		}
		w.refused("DISP-1", "ana", offerOf(w, "60.0.0.0/24", "cat"))
	}
	w.until(w.order(id).Until)
	if w.frozen("60.0.0.0/16") || w.order(id).Status != uint64(tx.OrderLapsed) {
		t.Fatal("an order outlives its end")
	}

	id = w.accepted("ben", "60.0.0.0/24")
	w.refused("DISP-12", "ana", confirm(7))
	first := w.dispute(id).Until
	w.until(first - 100)
	w.vote(bench[:4], confirm(7))
	w.refused("DISP-23", "adj1", confirm(8)) // once
	w.until(first)
	if !w.frozen("60.0.0.0/16") {
		t.Fatal("a prolonged dispute ended")
	}
	w.until(w.dispute(id).Until)
	w.wantCase(id, record.CaseLapsed)
	if w.frozen("60.0.0.0/16") {
		t.Fatal("a dispute outlives its end")
	}
}

// TestApply_DISP24 gives a caution up, entered and accepted.
func TestApply_DISP24_DISP27(t *testing.T) {
	w := judging(t)
	id := w.do("ben", cautionOf("60.0.0.0/24"))
	lift := func() *tx.Lift { return &tx.Lift{Matter: id, Resource: resource("60.0.0.0/24")} }
	w.refused("DISP-24", "cat", lift())
	w.do("ben", lift())
	w.wantCase(id, record.CaseWithdrawn)
	id = w.accepted("ben", "60.0.0.0/24")
	w.refused("DISP-24", "ana", lift())
	w.do("ben", lift())
	if w.held("60.0.0.0/16") {
		t.Fatal("it stands")
	}
	w.until(w.dispute(id).Next) // DISP-27
	if w.dispute(id) != nil {
		t.Fatal("a case that is over is kept for good")
	}
	w.mark("60.0.0.0/16", record.Restriction{Kind: record.Contest, Act: wire.Hash{77}, Until: w.last.Time + 100})
	id = wire.Hash{77}
	w.refused("DISP-24", "ana", lift()) // what nobody knows of ends by itself
}

// TestApply_DISP25 fills a title with freezes.
func TestApply_DISP25(t *testing.T) {
	w := judging(t)
	for range record.DisputesMax {
		w.ordered("cat", orderOf("60.0.0.0/24"))
	}
	id := w.do("ben", cautionOf("60.0.0.0/24"))
	w.vote(bench[:3], verdictOf(id, tx.VerdictAccept))
	w.refused("DISP-25", "adj4", verdictOf(id, tx.VerdictAccept))
	for range record.FreezesMax - record.DisputesMax {
		w.ordered("cat", orderOf("60.0.0.0/24"))
	}
	id = w.do("cat", orderOf("60.0.0.0/24"))
	w.vote(bench[:3], inEffect(id))
	w.refused("DISP-25", "adj4", inEffect(id))
}

// awarding is a final order that gives cat a block, decided for cat for good.
func awarding(t testing.TB, text string, prepare func(*world)) (*world, wire.Hash) {
	w := judging(t)
	prepare(w)
	o := orderOf(text)
	o.Final, o.To = true, who("cat")
	id := w.ordered("cat", o)
	w.block(1)
	w.until(w.dispute(id).Hears - 1)
	w.vote(w.panel(id)[:5], verdictOf(id, tx.VerdictClaimant))
	w.until(w.dispute(id).Next)
	w.wantCase(id, record.CaseFinal)
	return w, id
}

// TestApply_DISP18 carries an award of a part out: estates and charges stand, the
// former holder's routing of it ends, an enforcement and a hold with it.
func TestApply_DISP18_DISP19_R5_R9_R17(t *testing.T) {
	var charge, lease wire.Hash
	w, id := awarding(t, "60.0.0.0/18", func(w *world) {
		charge = w.pledge("ana", "bank", "60.0.0.0/16")
		lease = w.lease("ana", "ben", "60.0.16.0/20", 9)
		w.originate("ben", "60.0.16.0/20", 24, 2001)
		w.originate("ana", "60.0.32.0/20", 24, 2000)
		w.originate("ana", "60.0.128.0/17", 24, 2000)
		hold := w.do("ana", func() tx.Body {
			o := conditional(w, "60.0.0.0/16", "ben", wire.Hash{})
			o.Settle = w.last.Time + 20000
			return o
		}())
		w.do("bank", consentOf(w, hold, "60.0.0.0/16", charge, false))
		w.do("ben", takeOf(w, hold, "60.0.0.0/16"))
	})
	lift := &tx.Lift{Matter: id, Resource: resource("60.0.0.0/16")}
	w.do("fund", lift)
	w.wantHolder("60.0.0.0/18", "cat")
	w.wantHolder("60.0.64.0/18", "ana")
	w.wantHolder("60.0.128.0/17", "ana")
	w.wantLenders("60.0.0.0/18", "bank")
	w.wantLenders("60.0.128.0/17", "bank")
	if e := w.estates("60.0.16.0/20"); len(e) != 1 || e[0].ID != lease {
		t.Fatalf("the lease is %v", e)
	}
	if got := w.origins("ben"); len(got) != 1 {
		t.Fatalf("the lessee routes %v", got)
	}
	if got := w.origins("ana"); !slices.Equal(got, []string{"60.0.128.0/17-24 AS2000"}) {
		t.Fatalf("the former holder routes %v", got)
	}
	if w.title("60.0.0.0/18").Grade != record.GradeT || w.held("60.0.0.0/18") || w.held("60.0.128.0/17") {
		t.Fatal("the grade changed, or something stands")
	}
	w.refused("DISP-24", "fund", lift)
}

// TestApply_DISP18_refused: a block that another freeze binds waits, and so does one
// too small for a title; an award lapses with its order.
func TestApply_DISP18_refused(t *testing.T) {
	w, id := awarding(t, "60.0.0.0/25", func(w *world) {})
	w.refused("TITLE-4", "cat", &tx.Lift{Matter: id, Resource: resource("60.0.0.0/16")})

	w, id = awarding(t, "60.0.0.0/18", func(w *world) {})
	lift := &tx.Lift{Matter: id, Resource: resource("60.0.0.0/18")}
	other := w.ordered("fund", orderOf("60.0.7.0/24"))
	w.refused("DISP-18", "cat", lift)
	w.vote(bench[:4], &tx.OrderStatus{Order: other, Status: tx.OrderLifted, Reasons: wire.Hash{1}})
	w.do("cat", lift)
	w.wantHolder("60.0.0.0/18", "cat")

	w, id = awarding(t, "60.0.0.0/18", func(w *world) {})
	w.until(w.order(id).Until)
	w.wantCase(id, record.CaseDismissed)
	w.until(w.last.Time + ledger.RetrySeconds)
	if w.frozen("60.0.0.0/16") {
		t.Fatal("an award that lapsed still freezes")
	}
	w.wantHolder("60.0.0.0/16", "ana")
}

// TestApply_DISP28 names a forum.
func TestApply_DISP28(t *testing.T) {
	w := judging(t)
	set := func() *tx.ForumSet {
		return &tx.ForumSet{Resource: resource("60.0.0.0/16"), Forum: "NAI", Value: w.value("60.0.0.0/16")}
	}
	w.refused("TITLE-2", "ben", set())
	part := set()
	part.Resource = resource("60.0.0.0/17")
	w.refused("DISP-28", "ana", part)
	w.refused("DEAL-1", "ana", &tx.ForumSet{Resource: resource("60.0.0.0/16"), Forum: "NAI"})
	w.do("ana", set())
	if f := w.title("60.0.0.0/16").Forum; f != "NAI" {
		t.Fatalf("the forum is %q", f)
	}
	w.pledge("ana", "bank", "60.0.0.0/16")
	w.refused("DISP-28", "ana", set())
	w.change("ana", func(a *account.Account) { a.Delay = 100 })
	late := &tx.ForumSet{Resource: resource("60.1.0.0/16"), Forum: "ICC", Value: w.value("60.1.0.0/16")}
	w.do("ana", late)
	at := w.last.Time + 100
	w.until(at - 1)
	if w.title("60.1.0.0/16").Forum != "" {
		t.Fatal("it does not wait")
	}
	w.until(at)
	if w.title("60.1.0.0/16").Forum != "ICC" {
		t.Fatal("it did not take effect")
	}
}
