package ledger_test

import (
	"fmt"
	"slices"
	"testing"

	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
	"ipledger/specs/frozen"
)

// dueVector is two items that fall due in one second: their keys in the order of
// the queue, and what stands after both.
type dueVector struct {
	First  string   `json:"first"`
	Second string   `json:"second"`
	Ranks  [2]uint8 `json:"ranks"`
	Shows  string   `json:"shows"`
	At     uint64   `json:"at"`
	Keys   []string `json:"keys"`
	After  []string `json:"after"`
}

// dueAt is the second at which all of these items fall due.
const dueAt = start + 2000

// duePair makes two items due at dueAt; after says what stands then.
type duePair struct {
	first, second, shows string
	make                 func(*world)
	after                func(*world) []string
}

// duePairs has a pair for every two ranks. Where what is done commutes, the keys
// alone show the order.
var duePairs = []duePair{
	{"offer", "change that waits", "the keys", func(w *world) { w.dueOffer(); w.dueChange() }, keysAndOffers},
	{"time-out of a conditional transfer", "enforcement", "the hold ends first, so the enforcement takes effect and does not wait (COND-2)",
		func(w *world) { w.dueEnforcement(); w.dueTimeOut() }, holderOfAS},
	{"offer", "end of an estate", "the keys", func(w *world) { w.dueOffer(); w.dueEnd() }, keysAndOffers},
	{"offer", "start of a lease", "the keys", func(w *world) { w.dueOffer(); w.dueStart(false) }, keysAndOffers},
	{"recovery", "surrender", "the recovery replaces the keys first, so the surrender has lapsed (RCV-7)",
		func(w *world) { w.dueSurrender(); w.dueRecovery() }, func(w *world) []string {
			return []string{fmt.Sprintf("61.0.0.0/20 is held by ben: %v", w.title("61.0.0.0/20").Holder == who("ben"))}
		}},
	{"recovery", "enforcement", "the recovery is over first, so the enforcement takes effect and does not wait (CHARGE-13)",
		func(w *world) { w.dueEnforcement(); w.dueRecoveryOf("ana") }, holderOfAS},
	{"change that waits", "end of an estate", "the keys", func(w *world) { w.dueChange(); w.dueEnd() }, keysAndOffers},
	{"change that waits", "start of a lease", "the keys", func(w *world) { w.dueChange(); w.dueStart(false) }, keysAndOffers},
	{"enforcement", "end of an estate", "the keys", func(w *world) { w.dueEnforcement(); w.dueEnd() }, holderOfAS},
	{"enforcement", "start of a lease", "the title goes first, with the authorisations of its former holder: none of them is kept to come back at the lease's end (LEASE-12)",
		func(w *world) {
			w.originate("ana", "60.0.0.0/17", 17, 1)
			w.dueEnforcementOf("60.0.0.0/16")
			w.dueStart(true)
		}, keptToComeBack},
	{"end of an estate", "start of a lease", "the first lease ends first, and what comes back by its end is displaced by the second and kept to come back at its end",
		func(w *world) { w.originate("ana", "60.0.0.0/17", 17, 1); w.dueEnd(); w.dueStart(true) }, keptToComeBack},
	{"offer", "end of a freeze", "the keys", func(w *world) { w.dueOffer(); w.dueFreeze("60.0.0.0/16") }, keysAndOffers},
	{"change that waits", "end of a freeze", "the keys", func(w *world) { w.dueChange(); w.dueFreeze("60.0.0.0/16") }, keysAndOffers},
	{"enforcement", "end of a freeze", "the enforcement comes first, finds the title frozen and is looked at again a day later (DISP-4)",
		func(w *world) { w.dueEnforcement(); w.dueFreeze("AS2000-AS2015") }, holderOfAS},
	{"end of an estate", "end of a freeze", "the keys", func(w *world) { w.dueEnd(); w.dueFreeze("60.0.0.0/16") }, keysAndOffers},
	{"end of a freeze", "start of a lease", "the keys", func(w *world) { w.dueStart(false); w.dueFreeze("60.0.0.0/16") }, keysAndOffers},
}

// forDue is the world of these vectors: windows of 500 seconds for recoveries and
// 400 for enforcements.
func forDue(t testing.TB) *world {
	w := two(t)
	params := parameters(t, w.state)
	params.RecoverySeconds, params.EnforceSeconds = 500, 400
	w.set(record.ParametersKey, wire.Encode(params))
	return w
}

// at lets the next act be done at a time, as on a chain without acts until then.
func (w *world) at(time uint64) { w.last.Time = time - 1 }

func (w *world) dueOffer() {
	w.do("ben", &tx.TransferOffer{Resource: resource("61.0.0.0/20"), To: who("cat"), Value: w.value("61.0.0.0/20"), Until: dueAt})
}

func (w *world) dueChange() {
	w.change("cat", func(a *account.Account) { a.Delay = 300 })
	w.at(dueAt - 300)
	w.do("cat", &tx.SetPolicy{TitleKeys: keysOf("cat 2"), TitleK: 1})
}

func (w *world) dueEnforcement() { w.dueEnforcementOf("AS2000-AS2015") }

func (w *world) dueEnforcementOf(text string) {
	r := resource(text)
	id := w.do("ana", &tx.ChargePropose{Resource: r, To: who("dan"), Mode: tx.ModeTitle, Longest: 1 << 31, Law: "Dutch law", Value: w.value(text), Until: dueAt - 1500})
	id = w.do("dan", &tx.ChargeAccept{Offer: id, Resource: r, Value: w.value(text)})
	w.at(dueAt - 400)
	w.do("dan", &tx.ChargeEnforce{Resource: r, Charge: id, To: who("dan")})
}

func (w *world) dueTimeOut() {
	r, text := resource("AS2000-AS2015"), "AS2000-AS2015"
	id := w.do("ana", &tx.TransferOffer{Resource: r, To: who("cat"), Agent: who("ben"), Value: w.value(text), Until: w.last.Time + 100, Settle: dueAt})
	charge, err := record.ChargesFromBytes(w.folio(text).Charges)
	if err != nil {
		w.t.Fatal(err)
	}
	w.do("dan", &tx.ChargeConsent{Offer: id, Resource: r, Charge: charge[0].ID, Value: w.value(text)})
	w.do("cat", &tx.TransferAccept{Offer: id, Resource: r, Value: w.value(text)})
}

func (w *world) dueRecovery() { w.dueRecoveryOf("ben") }

func (w *world) dueRecoveryOf(name string) {
	w.change(name, func(a *account.Account) { a.Guardians, a.GuardianK = []wire.Address{who("cat")}, 1 })
	w.at(dueAt - 500)
	w.do("cat", &tx.RecoveryStart{Subject: who(name), TitleKeys: keysOf("new"), TitleK: 1})
}

func (w *world) dueSurrender() {
	w.change("ben", func(a *account.Account) { a.Delay = 700 })
	w.at(dueAt - 700)
	w.do("ben", &tx.Surrender{Resource: resource("61.0.0.0/20"), Value: w.value("61.0.0.0/20")})
}

// dueFreeze is a freeze of a whole title that ends.
func (w *world) dueFreeze(text string) {
	w.mark(text, record.Restriction{Kind: record.Freeze, Act: wire.Hash{2}, Since: w.last.Time, Until: dueAt})
}

// dueEnd is a lease of 60.0.0.0/17 that ends, with what comes back at its end.
func (w *world) dueEnd() { w.dueLease("ben", 0, dueAt, true) }

func (w *world) dueStart(reversion bool) { w.dueLease("cat", dueAt, dueAt+900, reversion) }

func (w *world) dueLease(to string, from, until uint64, reversion bool) {
	r, text := resource("60.0.0.0/17"), "60.0.0.0/17"
	id := w.do("ana", &tx.LeaseOffer{
		Resource: r, To: who(to), Start: from, End: until, Reversion: reversion, Operator: "o", Abuse: "a@b", Value: w.value(text), Until: w.last.Time + 100,
	})
	w.do(to, &tx.LeaseAccept{Offer: id, Resource: r, Value: w.value(text)})
}

// keysAndOffers says what is left of offers and leases where order shows in keys alone.
func keysAndOffers(w *world) []string {
	left := 0
	w.state.Walk(tree.Key{Subtree: tree.Dealings}, func(l tree.Leaf) bool {
		if _, err := record.OfferFromBytes(l.Data); err == nil {
			left++
		}
		return true
	})
	live := slices.DeleteFunc(w.estates("60.0.0.0/17"), func(e record.Estate) bool { return !e.Started })
	return []string{
		fmt.Sprintf("offers on the table: %d", left), fmt.Sprintf("leases live at 60.0.0.0/17: %d", len(live)),
		fmt.Sprintf("cat's policy is version %d", w.account("cat").Policy.Version),
	}
}

func holderOfAS(w *world) []string {
	return []string{fmt.Sprintf("AS2000-AS2015 is held by dan: %v", w.title("AS2000-AS2015").Holder == who("dan"))}
}

func keptToComeBack(w *world) []string {
	e := w.estates("60.0.0.0/17")
	return []string{
		fmt.Sprintf("60.0.0.0/17 is leased to cat: %v", len(e) == 1 && e[0].Holder == who("cat") && e[0].Started),
		fmt.Sprintf("authorisations kept to come back at its end: %d", len(e[0].Lease[0].Back)),
	}
}

// run makes a pair, lets both fall due, and writes down what was seen.
func (p duePair) run(t *testing.T) dueVector {
	w := forDue(t)
	p.make(w)
	v := dueVector{First: p.first, Second: p.second, Shows: p.shows, At: dueAt}
	w.state.Walk(tree.Key{Subtree: tree.Due}, func(l tree.Leaf) bool {
		if rank := l.Key.Addr[8]; rank != record.RankCount && wire.Hash(l.Key.Addr[:32]) != (wire.Hash{}) && dueTime(l.Key) == dueAt {
			v.Ranks[min(len(v.Keys), 1)] = rank
			v.Keys = append(v.Keys, fmt.Sprintf("%x", l.Key.Addr[:41]))
		}
		return true
	})
	w.until(dueAt)
	v.After = p.after(w)
	return v
}

func dueTime(k tree.Key) (t uint64) {
	for _, b := range k.Addr[:8] {
		t = t<<8 | uint64(b)
	}
	return t
}

// TestDueVectors reads specs/vectors/due.json, makes each pair and compares.
func TestDueVectors_DUE1_DUE2(t *testing.T) {
	var now []dueVector
	met := map[[2]uint8]bool{}
	for _, p := range duePairs {
		v := p.run(t)
		if len(v.Keys) != 2 || v.Ranks[0] >= v.Ranks[1] {
			t.Errorf("%s and %s: %d items fall due at once, of ranks %v", p.first, p.second, len(v.Keys), v.Ranks)
		}
		met[v.Ranks] = true
		now = append(now, v)
	}
	ranks := []uint8{record.RankOffer, record.RankWait, record.RankIntent, record.RankEstate, record.RankBound, record.RankStart}
	for i, a := range ranks {
		for _, b := range ranks[i+1:] {
			if !met[[2]uint8{a, b}] {
				t.Errorf("no pair of ranks %d and %d", a, b)
			}
		}
	}
	frozen.Hold(t, "due", frozen.Text(t, now))
}
