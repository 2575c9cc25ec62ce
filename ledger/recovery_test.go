package ledger_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// window is the recovery window of the worlds of these tests.
const window = 14 * 24 * 3600

// guarded is a world in which gus, ida and joe guard ana, two of them sufficing.
func guarded(t testing.TB) *world {
	w := newWorld(t, []string{"ana", "ben", "gus", "ida", "joe"}, map[string][]string{"ana": {"60.0.0.0/16"}})
	params := parameters(t, w.state)
	params.RecoverySeconds = window
	w.set(record.ParametersKey, wire.Encode(params))
	w.do("ana", &tx.SetGuardians{Guardians: accounts("gus", "ida", "joe"), Threshold: 2})
	return w
}

// set writes a record past all rules.
func (w *world) set(k tree.Key, data []byte) {
	e := w.state.Edit()
	e.Put(record.Leaf(k, data))
	w.state = e.Freeze()
}

// change writes an account past all rules.
func (w *world) change(name string, change func(*account.Account)) {
	a := w.account(name)
	change(a)
	w.set(tree.AccountKey(who(name)), a.Bytes())
}

// accounts are the ids of names as an act lists them.
func accounts(names ...string) string {
	var ids []string
	for _, name := range names {
		ids = append(ids, who(name).String())
	}
	slices.Sort(ids)
	return strings.Join(ids, " ")
}

// keysOf are the keys of made-up holders in order.
func keysOf(names ...string) []account.Key {
	var keys []account.Key
	for _, name := range names {
		_, key := identity(name)
		keys = append(keys, keyOf(key))
	}
	slices.SortFunc(keys, func(a, b account.Key) int { return bytes.Compare(a.Addr[:], b.Addr[:]) })
	return keys
}

// newKey is a guardian's word that the key of a made-up holder be ana's.
func newKey(of string) *tx.RecoveryStart {
	return &tx.RecoveryStart{Subject: who("ana"), TitleKeys: keysOf(of), TitleK: 1}
}

// until lets time go by at once up to a moment, as on a chain without acts.
func (w *world) until(at uint64) {
	w.last.Time = at - 1
	w.block(1)
}

// takes puts a made-up holder's key behind a name of the world.
func (w *world) takes(name, of string) { _, w.keys[who(name)] = identity(of) }

func (w *world) recovery(name string) *record.Recovery {
	leaf, ok := w.state.Get(record.RecoveryKey(who(name)))
	if !ok {
		return nil
	}
	x, err := record.RecoveryFromBytes(leaf.Data)
	if err != nil {
		w.t.Fatal(err)
	}
	return x
}

// running is a guarded world in which gus and ida have started ana's recovery.
func running(t testing.TB) (*world, wire.Hash) {
	w := guarded(t)
	id := w.do("gus", newKey("new"))
	w.do("ida", newKey("new"))
	if w.account("ana").Recovery != account.Running {
		t.Fatal("two of three guardians do not start it")
	}
	return w, id
}

func TestSetDelay_WAIT1_WAIT3(t *testing.T) {
	w := two(t)
	w.do("ana", &tx.SetDelay{Delay: 1000})
	if got := w.account("ana").Delay; got != 1000 {
		t.Fatalf("a longer delay waits: %d", got)
	}
	w.do("ana", &tx.SetDelay{Delay: 10})
	w.do("ana", &tx.SetDelay{Delay: 20}) // in its place
	set := w.last.Time
	if got := w.account("ana"); got.Delay != 1000 || got.Waiting != 1<<(record.SortDelay-1) {
		t.Fatalf("a shorter delay is in force at once: %+v", got)
	}
	w.until(set + 999)
	if got := w.account("ana").Delay; got != 1000 {
		t.Fatalf("in force a second early: %d", got)
	}
	w.until(set + 1000)
	if got := w.account("ana"); got.Delay != 20 || got.Waiting != 0 {
		t.Fatalf("after the old delay: %+v", got)
	}
	w.do("ana", &tx.SetDelay{Delay: 5})
	w.do("ana", &tx.SetDelay{Delay: 30}) // the shorter one no longer waits
	w.until(w.last.Time + 100)
	if got := w.account("ana"); got.Delay != 30 || got.Waiting != 0 {
		t.Fatalf("a longer delay leaves a shorter one waiting: %+v", got)
	}
}

func TestSetGuardians_WAIT2_WAIT5(t *testing.T) {
	w := two(t)
	w.do("ana", &tx.SetGuardians{Guardians: accounts("ben", "cat"), Threshold: 2})
	if got := w.account("ana"); len(got.Guardians) != 2 || got.GuardianK != 2 {
		t.Fatalf("without delay they are not in force at once: %+v", got)
	}
	w.refused("WAIT-5", "ana", &tx.SetGuardians{Guardians: accounts("ana"), Threshold: 1})
	w.refused("WAIT-5", "ana", &tx.SetGuardians{Guardians: accounts("ben", "nobody"), Threshold: 1})
	w.do("ben", newKey("new"))
	w.do("ana", &tx.SetDelay{Delay: 1000})
	w.do("ana", &tx.SetGuardians{Guardians: accounts("dan"), Threshold: 1})
	if got := w.account("ana"); len(got.Guardians) != 2 || got.Recovery != account.Proposed {
		t.Fatalf("new guardians do not wait: %+v", got)
	}
	w.until(w.last.Time + 1000)
	if got := w.account("ana"); !slices.Equal(got.Guardians, []wire.Address{who("dan")}) || got.Recovery != account.NoRecovery {
		t.Fatalf("after the delay, with what the old ones proposed: %+v", got)
	}
	w.do("ana", &tx.SetGuardians{})
	w.until(w.last.Time + 1000)
	if got := w.account("ana"); len(got.Guardians) != 0 || got.GuardianK != 0 {
		t.Fatalf("no guardians: %+v", got)
	}
}

// A recovery that runs is not lost to new guardians that a thief named.
func TestSetGuardiansUnderRecovery_WAIT2(t *testing.T) {
	w, _ := running(t)
	w.do("ana", &tx.SetGuardians{Guardians: accounts("ben"), Threshold: 1})
	if got := w.account("ana"); len(got.Guardians) != 3 {
		t.Fatalf("guardians changed while a recovery ran: %+v", got)
	}
	w.do("ana", &tx.RecoveryVeto{Recovery: w.recovery("ana").Proposals[0].Act})
	w.until(w.recovery("ana").At)
	if got := w.account("ana"); got.Recovery != account.NoRecovery || !slices.Equal(got.Guardians, []wire.Address{who("ben")}) {
		t.Fatalf("not in force when the recovery is over: %+v", got)
	}
}

// TestAttack_WAIT2_anew has the old guardians start anew in the very second in which
// their vetoed recovery is dropped, whichever of the items due then comes first by its
// id, after a halt of the chain too.
func TestAttack_WAIT2_anew(t *testing.T) {
	for i := range 8 {
		w, id := running(t)
		for range i { // another id each time
			w.do("ana", &tx.SetGuardians{})
		}
		w.do("ana", &tx.SetGuardians{Guardians: accounts("ben"), Threshold: 1})
		w.do("ana", &tx.RecoveryVeto{Recovery: id})
		if i%2 == 1 {
			w.until(w.last.Time + 10_000)
		}
		for w.account("ana").Recovery != account.NoRecovery {
			w.until(w.recovery("ana").At)
		}
		w.last.Time-- // acts of the second in which it was dropped
		w.refused("RCV-1", "gus", newKey("new"))
		if got := w.account("ana"); !slices.Equal(got.Guardians, []wire.Address{who("ben")}) || got.Waiting != 0 {
			t.Fatalf("try %d: %+v", i, got)
		}
	}
}

// A recovery that nobody vetoed still succeeds beside new guardians that wait for it.
func TestAttack_WAIT2_success(t *testing.T) {
	for i := range 8 {
		w, _ := running(t)
		for range i {
			w.do("ana", &tx.SetGuardians{})
		}
		w.do("ana", &tx.SetGuardians{Guardians: accounts("ben"), Threshold: 1})
		w.until(w.recovery("ana").At)
		if got := w.account("ana"); got.Renewed != 1 || len(got.Guardians) != 3 || got.Waiting != 0 {
			t.Fatalf("try %d: %+v", i, got)
		}
	}
}

func TestRename_WAIT4(t *testing.T) {
	w := two(t)
	w.do("ana", &tx.Rename{Name: "Ana & Co", Jurisdiction: "JP"})
	if got := w.account("ana"); got.Name != "Ana & Co" || got.Jurisdiction != "JP" {
		t.Fatalf("got %+v", got)
	}
	w.refused("WAIT-4", "ana", &tx.SetProvider{Provider: who("nobody")})
	w.do("ana", &tx.SetProvider{Provider: who("ben")})
	if got := w.account("ana"); got.Provider != who("ben") {
		t.Fatalf("got %+v", got)
	}
	w.refused("TITLE-2", "ben", &tx.Split{Resource: resource("60.0.0.0/16"), Part: resource("60.0.0.0/17")})
	w.do("ana", &tx.SetProvider{})
}

func TestRecoveryStart_RCV1(t *testing.T) {
	w := guarded(t)
	w.refused("RCV-1", "ben", newKey("new"))
	w.refused("RCV-1", "gus", &tx.RecoveryStart{Subject: who("nobody"), TitleKeys: keysOf("new"), TitleK: 1})
	w.do("gus", newKey("new"))
	w.do("gus", newKey("new")) // said twice is said once
	if x := w.recovery("ana"); len(x.Proposals) != 1 || x.Began != 0 || w.account("ana").Recovery != account.Proposed {
		t.Fatalf("got %+v", x)
	}
	w.do("ida", newKey("other"))
	w.do("gus", newKey("third")) // in place of its first word
	x := w.recovery("ana")
	if len(x.Proposals) != 2 || len(x.Proposals[0].By) != 1 || len(x.Proposals[1].By) != 1 {
		t.Fatalf("got %+v", x)
	}
	w.do("gus", newKey("other"))
	if x := w.recovery("ana"); len(x.Proposals) != 1 || x.Began != w.last.Time || len(x.Proposals[0].By) != 2 {
		t.Fatalf("two words for the same keys do not run: %+v", x)
	}
}

func TestRecoveryRuns_RCV2_RCV3(t *testing.T) {
	w := guarded(t)
	w.do("gus", newKey("new"))
	w.until(w.last.Time + 30*24*3600)
	if w.recovery("ana") != nil || w.account("ana").Recovery != account.NoRecovery {
		t.Fatal("a proposal that does not run stays for good")
	}
	w, _ = running(t)
	w.refused("RCV-2", "joe", newKey("other"))
	w.do("joe", newKey("new"))
	w.do("ana", &tx.SetDelay{Delay: 40 * 24 * 3600})
	w.do("ana", &tx.SetDelay{Delay: 0})
	w.do("ana", &tx.SetPolicy{TitleKeys: keysOf("thief"), TitleK: 1})
	end := w.recovery("ana").At
	w.until(end - 1)
	if w.account("ana").Policy.Version != 1 {
		t.Fatal("it takes effect before its window is over")
	}
	w.until(end)
	a := w.account("ana")
	if a.Policy.Version != 2 || !slices.Equal(a.Policy.TitleKeys, keysOf("new")) || a.Recovery != account.NoRecovery || a.Waiting != 0 || a.Delay == 0 {
		t.Fatalf("got %+v", a)
	}
	w.inadmissible("ADM-3", w.sign("ana", someAct()))
	w.lanes[who("ana")]--
	w.takes("ana", "new")
	w.do("ana", someAct())
}

// Where the window is 0 a recovery takes effect at once.
func TestRecoveryAtOnce_RCV2(t *testing.T) {
	w := guarded(t)
	params := parameters(t, w.state)
	params.RecoverySeconds = 0
	w.set(record.ParametersKey, wire.Encode(params))
	w.do("gus", newKey("new"))
	w.do("joe", newKey("new"))
	if a := w.account("ana"); a.Policy.Version != 2 || a.Recovery != account.NoRecovery || w.recovery("ana") != nil {
		t.Fatalf("got %+v", a)
	}
}

func TestVeto_RCV4_RCV5_ADM3(t *testing.T) {
	w := guarded(t)
	w.refused("RCV-4", "ana", &tx.RecoveryVeto{Recovery: wire.Hash{1}})
	w, id := running(t)
	w.refused("RCV-4", "ana", &tx.RecoveryVeto{Recovery: wire.Hash{1}})
	began := w.recovery("ana").Began
	w.do("ana", &tx.RecoveryVeto{Recovery: id})
	if x := w.recovery("ana"); !x.Vetoed || x.At != began+2*window || w.account("ana").Recovery != account.Vetoed {
		t.Fatalf("got %+v", x)
	}
	w.refused("RCV-4", "ana", &tx.RecoveryVeto{Recovery: id})
	w.refused("RCV-5", "ana", &tx.Split{Resource: resource("60.0.0.0/16"), Part: resource("60.0.0.0/17")})
	w.refused("RCV-5", "ana", &tx.SetPolicy{TitleKeys: keysOf("thief"), TitleK: 1})
	_, routing := identity("ana's router")
	w.change("ana", func(a *account.Account) { a.Policy.RoutingKeys, a.Policy.RoutingK = keysOf("ana's router"), 1 })
	w.block(1, w.signWith(tx.Header{Author: who("ana"), Policy: 1, Lane: 8, Expires: w.last.Time + 60, Rules: 1}, someAct(), routing))
	if w.result.Receipts[0].Outcome != ledger.Done {
		t.Fatalf("routing stands still: %+v", w.result.Receipts[0])
	}
}

// Of five keys of which three act, three veto; and of three of which one acts, all.
func TestVetoKeys_RCV4(t *testing.T) {
	for _, c := range []struct{ n, k, veto int }{{1, 1, 1}, {3, 1, 3}, {3, 2, 2}, {5, 3, 3}, {3, 3, 1}} {
		w, id := running(t)
		names := []string{"k1", "k2", "k3", "k4", "k5"}[:c.n]
		w.change("ana", func(a *account.Account) { a.Policy.TitleKeys, a.Policy.TitleK = keysOf(names...), uint64(c.k) })
		for n := 1; n <= c.n; n++ {
			h := tx.Header{Author: who("ana"), Policy: 1, Number: w.lanes[who("ana")], Expires: w.last.Time + 60, Rules: 1}
			v := w.signBy(h, &tx.RecoveryVeto{Recovery: id}, names[:n]...)
			if n == c.veto {
				w.block(1, v)
				if w.result.Receipts[0].Outcome != ledger.Done {
					t.Fatalf("%d of %d keys: %+v", n, c.n, w.result.Receipts[0])
				}
				break
			}
			w.inadmissible("ADM-3", v)
		}
	}
}

func TestFinish_RCV6(t *testing.T) {
	w, id := running(t)
	w.do("ana", &tx.RecoveryVeto{Recovery: id})
	w.refused("RCV-6", "gus", &tx.RecoveryFinish{Subject: who("ana"), Recovery: id})
	w.until(w.recovery("ana").At)
	if a := w.account("ana"); a.Recovery != account.NoRecovery || a.Policy.Version != 1 {
		t.Fatalf("two of three guardians prevail over a veto: %+v", a)
	}
	w, id = running(t)
	w.do("ana", &tx.RecoveryVeto{Recovery: id})
	w.do("joe", newKey("new"))
	w.until(w.recovery("ana").At)
	w.refused("RCV-6", "gus", &tx.RecoveryFinish{Subject: who("ana"), Recovery: wire.Hash{1}})
	w.refused("RCV-1", "ben", &tx.RecoveryFinish{Subject: who("ana"), Recovery: id})
	fork := *w
	w.do("joe", &tx.RecoveryFinish{Subject: who("ana"), Recovery: id})
	if a := w.account("ana"); a.Policy.Version != 2 || !slices.Equal(a.Policy.TitleKeys, keysOf("new")) {
		t.Fatalf("all guardians do not prevail: %+v", a)
	}
	w = &fork
	w.until(w.recovery("ana").At)
	if a := w.account("ana"); a.Recovery != account.NoRecovery || a.Policy.Version != 1 {
		t.Fatalf("it can be finished for good: %+v", a)
	}
}

func TestOffers_RCV7(t *testing.T) {
	w := guarded(t)
	early := w.offer("ana", "ben", "60.0.0.0/16", false)
	accept := &tx.TransferAccept{Offer: early, Resource: resource("60.0.0.0/16"), Value: w.value("60.0.0.0/16")}
	long := w.do("ana", &tx.TransferOffer{Resource: resource("60.0.0.0/16"), To: who("ben"), Value: w.value("60.0.0.0/16"), Until: w.last.Time + 2*window})
	w.do("gus", newKey("new"))
	w.do("ida", newKey("new"))
	w.refused("RCV-7", "ben", accept)
	w.until(w.recovery("ana").At)
	accept.Offer = long
	w.refused("RCV-7", "ben", accept) // what the old keys offered has lapsed
	w.takes("ana", "new")
	accept.Offer = w.offer("ana", "ben", "60.0.0.0/16", false)
	w.do("ben", accept)
}

// A week in which the chain stands still finishes no recovery unopposed.
func TestHaltedChain_RCV8(t *testing.T) {
	w, id := running(t)
	end := w.recovery("ana").At
	const week = 7 * 24 * 3600
	w.until(end - 3600)
	w.block(week)
	if w.account("ana").Recovery != account.Running {
		t.Fatal("a halted week finished a recovery")
	}
	if got, want := w.recovery("ana").At, end+week-600; got != want {
		t.Fatalf("the window ends at %d, want %d", got, want)
	}
	w.do("ana", &tx.RecoveryVeto{Recovery: id})
	if got, want := w.recovery("ana").At, end+window+week-600; got != want {
		t.Fatalf("the vetoed window ends at %d, want %d", got, want)
	}
}

// The thief sells, vetoes and names guardians of its own; all guardians together
// prevail, and nothing was lost.
func TestStolenKey_RCV5_RCV6_REV2(t *testing.T) {
	w := guarded(t)
	w.do("ana", &tx.SetDelay{Delay: 48 * 3600})
	stolen := w.keys[who("ana")]
	r := resource("60.0.0.0/16")
	offer := w.do("ana", &tx.TransferOffer{Resource: r, To: who("ben"), Value: w.value("60.0.0.0/16"), Until: w.last.Time + 300*24*3600})
	w.do("ana", &tx.SetGuardians{Guardians: accounts("ben"), Threshold: 1})
	id := w.do("gus", newKey("new"))
	w.do("ida", newKey("new"))
	w.do("ana", &tx.RecoveryVeto{Recovery: id})
	w.block(1, w.revocation("ana", stolen))
	w.until(w.last.Time + 5*24*3600)
	w.refused("RCV-7", "ben", &tx.TransferAccept{Offer: offer, Resource: r, Value: w.value("60.0.0.0/16")})
	w.do("joe", newKey("new"))
	w.until(w.recovery("ana").At)
	w.do("gus", &tx.RecoveryFinish{Subject: who("ana"), Recovery: id})
	w.refused("RCV-7", "ben", &tx.TransferAccept{Offer: offer, Resource: r, Value: w.value("60.0.0.0/16")})
	if a := w.account("ana"); a.Policy.Version != 3 || len(a.Guardians) != 3 || a.Waiting != 0 {
		t.Fatalf("got %+v", a)
	}
	w.takes("ana", "new")
	w.do("ana", &tx.OfferCancel{Offer: offer})
	if w.title("60.0.0.0/16").Holder != who("ana") {
		t.Fatal("the title is lost")
	}
}
