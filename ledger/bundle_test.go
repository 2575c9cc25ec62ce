package ledger_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
)

// part is one act of a bundle to be.
type part struct {
	name string
	body tx.Body
}

// bundle makes verified acts that stand or fall together.
func (w *world) bundle(parts ...part) []tx.Verified {
	w.t.Helper()
	var acts []*tx.Act
	for _, p := range parts {
		id := who(p.name)
		acts = append(acts, tx.New(tx.Header{
			Author: id, Policy: w.account(p.name).Policy.Version, Number: w.lanes[id], Expires: w.last.Time + 3600,
		}, p.body))
		w.lanes[id]++
	}
	if err := tx.Bundle(acts, w.salt); err != nil {
		w.t.Fatal(err)
	}
	var out []tx.Verified
	for i, a := range acts {
		out = append(out, w.signWith(a.Header, a.Body, w.keys[who(parts[i].name)]))
	}
	return out
}

func origin(text string, as uint64) *tx.OriginAuthorise {
	r := resource(text)
	return &tx.OriginAuthorise{Resource: r, MaxLength: uint64(r.Len), AS: as}
}

func split(text, of string) *tx.Split {
	return &tx.Split{Resource: resource(of), Part: resource(text)}
}

// Two holders exchange titles: both offers are out, and both acceptances stand
// or fall together.
func exchange(w *world) []tx.Verified {
	one := w.offer("ana", "ben", "AS2000-AS2015", false)
	two := w.offer("ben", "ana", "61.0.0.0/20", false)
	return w.bundle(
		part{"ben", &tx.TransferAccept{Offer: one, Resource: resource("AS2000-AS2015"), Value: w.value("AS2000-AS2015")}},
		part{"ana", &tx.TransferAccept{Offer: two, Resource: resource("61.0.0.0/20"), Value: w.value("61.0.0.0/20")}},
	)
}

func TestBundle_ADM10_R13(t *testing.T) {
	w := two(t)
	acts := exchange(w)
	refused := func(what string, acts ...tx.Verified) {
		t.Helper()
		if _, err := ledger.Apply(w.state, w.last, w.header(1), acts, nil); err == nil {
			t.Fatalf("%s: a ledger block was made of it", what)
		}
	}
	lone := w.signWith(tx.Header{Author: who("cat"), Policy: 1, Expires: w.last.Time + 60, Rules: 1}, someAct(), w.keys[who("cat")])
	refused("half", acts[0])
	refused("the other half", acts[1])
	refused("another order", acts[1], acts[0])
	refused("not side by side", acts[0], lone, acts[1])
	refused("twice", acts[0], acts[1], acts[0], acts[1])
	w.block(1, append([]tx.Verified{lone}, acts...)...)
	for i, r := range w.result.Receipts[1:] {
		if r.Outcome != ledger.Done || r.Act != acts[i].ID() {
			t.Fatalf("act %d: %+v", i, r)
		}
	}
	if w.title("61.0.0.0/20").Holder != who("ana") || w.title("AS2000-AS2015").Holder != who("ben") {
		t.Fatal("the titles were not exchanged")
	}
	h := acts[0].Header()
	h.Number, h.Count = w.lanes[who("ben")], 2 // names a bundle that it was not made for
	w.inadmissible("ADM-10", w.signWith(h, someAct(), w.keys[who("ben")]))
}

// One act that is not admissible makes the bundle inadmissible, and nothing is taken.
func TestBundleCharge_ADM10_ADM6(t *testing.T) {
	w := two(t)
	acts := w.bundle(part{"ana", origin("60.0.0.0/16", 1)}, part{"ben", origin("61.0.0.0/20", 1)}, part{"ana", origin("60.0.0.0/16", 2)})
	w.block(1, w.signWith(tx.Header{Author: who("ben"), Policy: 1, Expires: w.last.Time + 60, Rules: 1}, origin("61.0.0.0/20", 9), w.keys[who("ben")]))
	_, err := ledger.Apply(w.state, w.last, w.header(1), acts, nil)
	if bad, ok := err.(*ledger.Inadmissible); !ok || bad.Index != 1 {
		t.Fatalf("got %v, want act 1 to be named", err)
	}
	spare := w.bundle(part{"cat", origin("60.0.0.0/16", 1)}, part{"dan", origin("60.0.0.0/16", 1)})
	chosen, err := ledger.Propose(w.state, w.last, w.header(1), slices.Concat(acts, spare))
	if err != nil || !slices.Equal(chosen, []int{3, 4}) {
		t.Fatalf("proposed %v, %v", chosen, err)
	}
	w.lanes[who("ana")] -= 2
	w.block(1, w.sign("ana", origin("60.0.0.0/16", 1))) // its number was not taken
}

func TestBundleFails_ADM11_R13(t *testing.T) {
	w := two(t)
	acts := w.bundle(
		part{"ana", split("60.0.0.0/17", "60.0.0.0/16")}, part{"ben", origin("60.0.0.0/16", 1)}, part{"ana", origin("2400:1000::/32", 1)},
	)
	before := w.state
	w.block(1, acts...)
	for i, want := range []string{"ADM-11", "ORIGIN-2", "ADM-11"} {
		if r := w.result.Receipts[i]; r.Outcome != ledger.Failed || r.Rule != want || r.Act != acts[i].ID() {
			t.Fatalf("act %d: %+v, want %s", i, r, want)
		}
	}
	for _, c := range w.result.Changes {
		if c.Key.Subtree != tree.Parameters && c.Key.Subtree != tree.Accounts {
			t.Fatalf("R13: the failed bundle changed %v", c.Key)
		}
	}
	if w.account("ana").Lanes[0] != 2 || w.account("ben").Lanes[0] != 1 {
		t.Fatal("their numbers were not taken")
	}
	if root := before.Root(); root == w.state.Root() {
		t.Fatal("nothing was charged")
	}
	w.do("ana", split("60.0.0.0/17", "60.0.0.0/16")) // what was taken back can be done
}

// A bundle that is carried out in part sees what its first acts did.
func TestBundleInOrder_ADM10(t *testing.T) {
	w := two(t)
	w.block(1, w.bundle(
		part{"ana", origin("60.0.0.0/16", 1)},
		part{"ana", &tx.OriginWithdraw{Resource: resource("60.0.0.0/16"), MaxLength: 16, AS: 1}},
		part{"ana", origin("60.0.0.0/16", 1)},
	)...)
	for i, r := range w.result.Receipts {
		if r.Outcome != ledger.Done {
			t.Fatalf("act %d: %+v", i, r)
		}
	}
}

func TestBundleRoom_ADM7_ADM10(t *testing.T) {
	w := two(t)
	var acts []tx.Verified
	for range ledger.BlockActsMax - 1 {
		acts = append(acts, w.sign("ana", &tx.OriginWithdraw{Resource: resource("60.0.0.0/16"), MaxLength: 16, AS: 1}))
	}
	pair := w.bundle(part{"cat", someAct()}, part{"dan", someAct()})
	last := w.sign("ben", someAct())
	chosen, err := ledger.Propose(w.state, w.last, w.header(1), slices.Concat(acts, pair, []tx.Verified{last}))
	if err != nil || len(chosen) != ledger.BlockActsMax || chosen[len(chosen)-1] != len(acts)+2 {
		t.Fatalf("proposed %d acts, %v: half of a bundle is among them, or the last place is empty", len(chosen), err)
	}
	if _, err := ledger.Apply(w.state, w.last, w.header(1), append(acts, pair...), nil); err == nil {
		t.Fatal("5,001 acts in one ledger block")
	}
}

func TestCheckAdmitBundle_ADM10(t *testing.T) {
	w := two(t)
	check, err := ledger.NewCheck(w.state, w.last)
	if err != nil {
		t.Fatal(err)
	}
	acts := w.bundle(part{"ana", someAct()}, part{"ana", someAct()}, part{"ben", someAct()})
	if check.Admit(acts[0]) == nil {
		t.Fatal("a part of a bundle was admitted alone")
	}
	if check.AdmitBundle(acts[:2]) == nil {
		t.Fatal("a part of a bundle was admitted")
	}
	if err := check.Admit(w.signWith(tx.Header{Author: who("ben"), Policy: 1, Expires: w.last.Time + 60, Rules: 1}, someAct(), w.keys[who("ben")])); err != nil {
		t.Fatal(err)
	}
	if check.AdmitBundle(acts) == nil {
		t.Fatal("ben's number is taken")
	}
	if next, _ := check.Next(who("ana"), 0); next != 0 {
		t.Fatalf("the refused bundle took ana's numbers to %d", next)
	}
	w.lanes[who("ana")] -= 2
	if err := check.AdmitBundle(w.bundle(part{"ana", someAct()}, part{"ana", someAct()}, part{"ben", someAct()})); err != nil {
		t.Fatal(err)
	}
	if next, _ := check.Next(who("ana"), 0); next != 2 {
		t.Fatalf("ana's lane is at %d", next)
	}
	if trial, err := ledger.Try(w.state, w.last, w.header(1), acts[0], true); err != nil || trial.Refusal == nil || trial.Refusal.Rule != "ADM-10" {
		t.Fatalf("a trial of a part: %+v, %v", trial, err)
	}
}

// A bundle that would end seventy-five grants, each with all the services that may rest
// on it, changes more than half of what a ledger block may: it fails where it is
// alone, and waits for no room.
func TestBundleTooLarge_ADM11(t *testing.T) {
	w := two(t)
	const grants = 75
	var parts []part
	for i := range grants {
		r := fmt.Sprintf("60.0.%d.0/24", i)
		parts = append(parts, part{"ben", &tx.GrantGiveUp{Resource: resource(r), Grant: w.grant("ana", "ben", r, false)}})
	}
	servers := strings.Join([]string{long("a"), long("b"), long("c"), long("d")}, " ")
	var acts []tx.Verified
	for i := range grants {
		for j := range record.PlacesMax {
			r := resource(fmt.Sprintf("60.0.%d.%d/30", i, 4*j))
			acts = append(acts, w.sign("ben", &tx.ReverseSet{Resource: r, Servers: servers}))
		}
		if i%25 == 24 {
			w.block(1, acts...)
			acts = nil
		}
	}
	w.block(1, w.bundle(parts...)...)
	var culprit int
	for i, r := range w.result.Receipts {
		if r.Outcome != ledger.Failed || r.Rule != "ADM-11" {
			t.Fatalf("act %d: %+v", i, r)
		}
		if r.Field == "" {
			culprit = i
		}
	}
	if culprit == 0 {
		t.Fatal("no act is named as the one that passed the bound")
	}
	w.block(1, w.bundle(parts[:culprit]...)...)
	if r := w.result.Receipts[0]; r.Outcome != ledger.Done {
		t.Fatalf("the acts before it: %+v", r)
	}
}

// long is a host name of 248 bytes.
func long(first string) string {
	label := strings.Repeat("x", 61)
	return first + strings.Join([]string{label, label, label, label}, ".")
}
