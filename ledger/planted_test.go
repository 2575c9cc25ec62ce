package ledger_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// laden is a world with one of everything that Invariants looks at: a charged
// title, a grant, a lease, an authorisation, services.
func laden(t testing.TB) *world {
	w := two(t)
	w.grant("ana", "ben", "60.0.0.0/20", true)
	w.originate("ben", "60.0.0.0/20", 24, 2001)
	block := resource("60.0.16.0/20")
	id := w.do("ana", &tx.LeaseOffer{
		Resource: block, To: who("cat"), End: w.last.Time + 9000, Operator: "o", Abuse: "a@b", Value: w.value("60.0.16.0/20"), Until: w.last.Time + 90,
	})
	w.do("cat", &tx.LeaseAccept{Offer: id, Resource: block, Value: w.value("60.0.16.0/20")})
	id = w.do("ana", &tx.ChargePropose{
		Resource: resource("AS2000-AS2015"), To: who("dan"), Mode: tx.ModeSale, Law: "Dutch law", Value: w.value("AS2000-AS2015"), Until: w.last.Time + 90,
	})
	w.do("dan", &tx.ChargeAccept{Offer: id, Resource: resource("AS2000-AS2015"), Value: w.value("AS2000-AS2015")})
	return w
}

// plant writes a folio past all rules.
func (w *world) plant(at string, change func(*record.Folio)) {
	f := w.folio(at)
	change(f)
	e := w.state.Edit()
	e.Put(record.FolioLeaf(resource(at), f))
	w.recount(e.Freeze())
}

// recount goes on with a state whose titles were changed by hand.
func (w *world) recount(s tree.State) {
	var err error
	if w.state, err = ledger.Tally(s); err != nil {
		w.t.Fatal(err)
	}
	w.count()
}

// plantEstate changes the first estate at a block.
func (w *world) plantEstate(at string, change func(*record.Estate)) {
	list := w.estates(at)
	change(&list[0])
	w.plant(at, func(f *record.Folio) { f.Estates = record.EstatesBytes(list) })
}

// plantFreeze writes a freeze on ben's title and queues nothing.
func (w *world) plantFreeze(x record.Restriction) {
	x.Rules, x.Kind, x.Act = record.Rules, record.Freeze, wire.Hash{1}
	w.plant("61.0.0.0/20", func(f *record.Folio) { f.Restrictions = record.RestrictionsBytes([]record.Restriction{x}) })
}

// plantClaim writes a claim of grade B to what is held at grade T past all rules.
func (w *world) plantClaim(stage record.Stage) {
	id, c := wire.Hash{5}, &record.Claim{
		Rules: 1, Account: who("dan"), From: who("ben"), Resource: resource("61.0.0.0/20"), Grade: record.GradeB, Stage: stage,
		Entered: w.last.Time, Began: w.last.Time, At: w.last.Time + 9, Ends: w.last.Time + 9,
	}
	e := w.state.Edit()
	e.Put(record.Leaf(record.ClaimKey(id), wire.Encode(c)))
	e.Put(record.Leaf(record.ClaimsKey(who("dan")), wire.Encode(&record.Claims{Rules: 1, IDs: []wire.Hash{id}})))
	e.Put(record.Leaf(tree.DueKey(c.At, record.RankClaim, id), wire.Encode(&record.Due{Rules: 1, Kind: record.DueClaim, Act: id})))
	w.state = e.Freeze()
}

// plantBalance changes what is counted of a registry.
func (w *world) plantBalance(registry string, change func(*record.Balance)) {
	x := balanceOf(w, registry)
	change(x)
	w.set(record.BalanceKey(registry), wire.Encode(x))
}

// TestPlanted plants one violation of each invariant that a state can break, and
// wants Invariants to name it.
func TestPlanted_R1_R2_R3_R4_R5_R6_R7_R8_R9_R15_R17_CLAIM15(t *testing.T) {
	for _, c := range []struct {
		rule, what string
		plant      func(*world)
	}{
		{"R1", "a title inside another", func(w *world) {
			raw := w.folio("60.0.0.0/16").Title
			w.plant("60.0.128.0/24", func(f *record.Folio) { f.Title = raw })
		}},
		{"R1", "an estate that stood before the one around it started", func(w *world) {
			w.grant("ben", "cat", "60.0.1.0/24", false)
			w.plantEstate("60.0.0.0/20", func(e *record.Estate) { e.Start = w.last.Time + 9 })
		}},
		{"R2", "a title that is held by nobody", func(w *world) {
			title := w.title("61.0.0.0/20")
			title.Holder = wire.Address{}
			w.plant("61.0.0.0/20", func(f *record.Folio) { f.Title = title.Bytes() })
		}},
		{"R2", "a title held by what is no account", func(w *world) {
			title := w.title("61.0.0.0/20")
			title.Holder = wire.Address{9}
			w.plant("61.0.0.0/20", func(f *record.Folio) { f.Title = title.Bytes() })
		}},
		{"R4", "a holder that counts a block it does not hold", func(w *world) {
			w.change("ana", func(a *account.Account) { a.Holdings.V4++ })
		}},
		{"R4", "a title that no balance counts", func(w *world) {
			e := w.state.Edit()
			title := &record.Title{Rules: 1, State: record.Unclaimed, Source: record.Source{Registry: "arin"}}
			e.Put(record.FolioLeaf(resource("70.0.0.0/24"), &record.Folio{Title: title.Bytes()}))
			w.state = e.Freeze()
		}},
		{"R4", "numbers that came from no registry", func(w *world) {
			w.plantBalance("arin", func(x *record.Balance) { x.Come[0][31], x.Retired[0][31] = 9, 9 })
		}},
		{"R4", "numbers more than were added", func(w *world) { w.plantBalance("arin", func(x *record.Balance) { x.Added[1][31] = 1 }) }},
		{"R3", "titles from genesis of more numbers than genesis had", func(w *world) {
			w.plantBalance("ripencc", func(x *record.Balance) { x.Began[0], x.Added[0] = x.Added[0], x.Began[0] })
		}},
		{"R3", "a title that rests on a file that nobody attested", func(w *world) {
			title := w.title("61.0.0.0/20")
			title.Stated = 20251128
			w.plant("61.0.0.0/20", func(f *record.Folio) { f.Title = title.Bytes() })
		}},
		{"R5", "an estate over no title", func(w *world) {
			raw := w.folio("60.0.0.0/20").Estates
			w.plant("70.0.0.0/24", func(f *record.Folio) { f.Estates = raw })
		}},
		{"R6", "a lease with neither an end nor a period", func(w *world) {
			w.plantEstate("60.0.16.0/20", func(e *record.Estate) { e.Ends, e.Warning = 0, wire.Hash{} })
		}},
		{"R7", "an authorisation of what another possesses", func(w *world) {
			w.plant("60.0.0.0/20", func(f *record.Folio) {
				f.Authorisations = record.OriginsBytes([]record.Origin{{Rules: 1, Holder: who("ana"), MaxLength: 24, AS: 7}})
			})
		}},
		{"R7", "an authorisation of one who has no right", func(w *world) {
			w.plant("61.0.0.0/20", func(f *record.Folio) {
				f.Authorisations = record.OriginsBytes([]record.Origin{{Rules: 1, Holder: who("dan"), MaxLength: 24, AS: 7}})
			})
		}},
		{"R8", "a freeze without an end", func(w *world) {
			w.plantFreeze(record.Restriction{At: resource("61.0.0.0/20")})
		}},
		{"R8", "a freeze whose end is not queued", func(w *world) {
			w.plantFreeze(record.Restriction{At: resource("61.0.0.0/20"), Until: w.last.Time + 100})
		}},
		{"R8", "a freeze of a block outside its title", func(w *world) {
			w.plantFreeze(record.Restriction{At: resource("61.0.0.0/16"), Until: w.last.Time + 100})
		}},
		{"R9", "a charge over a title that moved to nobody", func(w *world) {
			title := w.title("AS2000-AS2015")
			title.Holder, title.State, title.Grade = wire.Address{}, record.Unclaimed, record.GradeNone
			w.plant("AS2000-AS2015", func(f *record.Folio) { f.Title = title.Bytes() })
		}},
		{"R17", "a claim that is open on a better title", func(w *world) { w.plantClaim(record.Window) }},
		{"R17", "a claim that adjudicators may give a better title", func(w *world) { w.plantClaim(record.Answered) }},
		{"R17", "silence that would win a better title", func(w *world) { w.plantClaim(record.Silent) }},
		{"R17", "silence that would win what was proved since", func(w *world) {
			title := w.title("61.0.0.0/20")
			title.Grade, title.Proved, title.Qualified = record.GradeB, w.last.Time, w.last.Time+900
			w.plant("61.0.0.0/20", func(f *record.Folio) { f.Title = title.Bytes() })
			w.plantClaim(record.Silent)
		}},
		{"R8", "a contest whose end is not queued", func(w *world) {
			x := record.Restriction{Rules: 1, Kind: record.Contest, Act: wire.Hash{5}, At: resource("61.0.0.0/20"), Until: w.last.Time + 9}
			w.plant("61.0.0.0/20", func(f *record.Folio) { f.Restrictions = record.RestrictionsBytes([]record.Restriction{x}) })
			w.plantClaim(record.Answered)
		}},
		{"CLAIM-8", "a claim that its account's index does not name", func(w *world) {
			w.plantClaim(record.Attesting)
			w.set(record.ClaimsKey(who("dan")), wire.Encode(&record.Claims{Rules: 1, IDs: []wire.Hash{{6}}}))
		}},
		{"CLAIM-15", "a claim that its title does not show", func(w *world) { w.plantClaim(record.Disputed) }},
		{"R17", "a grant out of an entry", func(w *world) {
			title := w.title("60.0.0.0/16")
			title.Grade = record.GradeC
			w.plant("60.0.0.0/16", func(f *record.Folio) { f.Title, f.Estates = title.Bytes(), w.folio("60.0.0.0/20").Estates })
		}},
		{"R15", "a value that is not the folio's", func(w *world) {
			leaf := record.FolioLeaf(resource("61.0.0.0/20"), w.folio("61.0.0.0/20"))
			leaf.Value[0] ^= 1
			e := w.state.Edit()
			e.Put(leaf)
			w.state = e.Freeze()
		}},
	} {
		w := laden(t)
		c.plant(w)
		if err := ledger.Invariants(w.state, w.last); err == nil || !strings.Contains(err.Error(), c.rule+": ") {
			t.Errorf("%s, %s: Invariants says %v", c.rule, c.what, err)
		}
	}
}

// TestPlantedTotals_R4 loses a title: the numbers of its registry are fewer.
func TestPlantedTotals_R4(t *testing.T) {
	w := laden(t)
	before := ledger.Totals(w.state)
	e := w.state.Edit()
	e.Delete(tree.ResourceKey(resource("61.0.0.0/20")))
	w.state = e.Freeze()
	for at, n := range ledger.Totals(w.state) {
		if before[at].Cmp(n) != 0 {
			return
		}
	}
	t.Fatal("a title is gone, and no total changed")
}

// TestPlantedBlocks plants a fault in ledger blocks: too few keys (R10), an act
// twice, late, or of another chain (R12).
func TestPlantedBlocks_R10_R12(t *testing.T) {
	w := laden(t)
	w.change("ben", func(a *account.Account) { a.Policy.TitleKeys, a.Policy.TitleK = keysOf("ben", "ben 2"), 2 })
	offer := &tx.TransferOffer{Resource: resource("61.0.0.0/20"), To: who("ana"), Value: w.value("61.0.0.0/20"), Until: w.last.Time + 90}
	w.inadmissible("ADM-3", w.sign("ben", offer)) // one key of two
	once := w.sign("ana", someAct())
	w.block(1, once)
	w.inadmissible("ADM-4", once)
	late := w.sign("ana", someAct())
	w.last.Time += 4000
	w.inadmissible("ADM-5", late)
	act, err := tx.Decode(once.Raw())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Verify(act.Encode(), wire.Hash{8}); err == nil {
		t.Fatal("an act of another chain is verified here")
	}
}

// TestPlantedFailure_R13 shows that a failed act that changed something is seen:
// the changes of an act that was done are not those of one that failed.
func TestPlantedFailure_R13(t *testing.T) {
	w := laden(t)
	w.block(1, w.sign("ana", &tx.Split{Resource: resource("60.0.0.0/16"), Part: resource("61.0.0.0/24")}))
	if err := onlyLanes(w.result.Changes, "ana"); err != nil {
		t.Fatal(err)
	}
	w.block(1, w.sign("ana", someAct()))
	if onlyLanes(w.result.Changes, "ana") == nil {
		t.Fatal("an act changed the register, and nobody saw it")
	}
}

// onlyLanes reports a change of anything but an author's account and the ring.
func onlyLanes(changes []tree.Change, author string) error {
	for _, c := range changes {
		if c.Key.Subtree != tree.Parameters && c.Key != tree.AccountKey(who(author)) {
			return fmt.Errorf("R13: the failed act changed %v", c.Key)
		}
	}
	return nil
}

// TestPlantedMachine_R11 runs the same ledger blocks on two machines, of which
// one has a byte of one record wrong: their roots differ ever after.
func TestPlantedMachine_R11(t *testing.T) {
	run := func(plant func(*world)) wire.Hash {
		w := laden(t)
		plant(w)
		w.originate("ana", "60.0.128.0/17", 24, 1)
		return w.state.Root()
	}
	good := run(func(*world) {})
	if run(func(*world) {}) != good {
		t.Fatal("R11: the same blocks gave another root")
	}
	if run(func(w *world) { w.change("dan", func(a *account.Account) { a.Name = "Dan" }) }) == good {
		t.Fatal("a machine that differs is not seen")
	}
}

// TestPlantedAnswer_R16 writes a proof in another way, and asks another state:
// neither is taken for the answer.
func TestPlantedAnswer_R16(t *testing.T) {
	w := laden(t)
	k := tree.ResourceKey(resource("61.0.0.0/20"))
	proof := w.state.Prove(k)
	if _, err := tree.VerifyPoint(w.state.Root(), k, proof); err != nil {
		t.Fatal(err)
	}
	if _, err := tree.VerifyPoint(w.state.Root(), k, append(proof, 0)); err == nil {
		t.Error("a proof with a byte that nobody reads is taken")
	}
	w.change("dan", func(a *account.Account) { a.Name = "Dan" })
	if _, err := tree.VerifyPoint(w.state.Root(), k, proof); err == nil {
		t.Error("a proof of another state is taken")
	}
}

// history is every value that each folio with a title had at the end of a ledger
// block.
type history map[record.Predecessor]bool

// extend adds a state to the history, and reports a title that came from what
// was not there (R3), or a folio that forgot the value before it (R15).
func (h history) extend(before, after tree.State) (err error) {
	next := history{}
	for f := tree.IPv4; f <= tree.ASN; f++ {
		after.Walk(tree.Key{Subtree: f}, func(l tree.Leaf) bool {
			err = errors.Join(err, h.folio(before, l, next))
			return true
		})
	}
	for p := range next {
		h[p] = true
	}
	return err
}

func (h history) folio(before tree.State, l tree.Leaf, next history) error {
	f, err := record.FolioFromBytes(l.Data)
	if err != nil {
		return err
	}
	if was, ok := before.Get(l.Key); (ok && was.Value != l.Value && f.Previous != was.Value) || !ok && !f.Previous.IsZero() {
		return fmt.Errorf("R15: %v forgot what stood there", l.Key.Resource())
	}
	if len(f.Title) == 0 {
		return nil
	}
	next[record.Predecessor{Resource: l.Key.Resource(), Value: l.Value}] = true
	title, err := record.TitleFromBytes(f.Title)
	if err != nil {
		return err
	}
	for _, p := range title.Predecessors {
		if !h[p] {
			return fmt.Errorf("R3: %v came from %v, which had no such value", l.Key.Resource(), p.Resource)
		}
	}
	return nil
}

// TestPlantedHistory plants a title that came from nowhere, and a folio that
// forgot the value before it.
func TestPlantedHistory_R3_R15(t *testing.T) {
	w := laden(t)
	h := history{}
	if err := h.extend(w.state, w.state); err != nil {
		t.Fatal(err)
	}
	before := w.state
	w.do("ana", &tx.Split{Resource: resource("60.0.0.0/16"), Part: resource("60.0.0.0/18")})
	if err := h.extend(before, w.state); err != nil {
		t.Fatal(err)
	}
	good := w.state
	title := w.title("60.0.0.0/18")
	title.Predecessors[0].Value[0] ^= 1
	w.plant("60.0.0.0/18", func(f *record.Folio) { f.Title = title.Bytes() })
	if err := h.extend(before, w.state); err == nil || !strings.HasPrefix(err.Error(), "R3") {
		t.Errorf("R3: got %v", err)
	}
	w.state = good
	w.plant("61.0.0.0/20", func(f *record.Folio) { f.Authorisations, f.Previous = nil, wire.Hash{1} })
	if err := h.extend(before, w.state); err == nil || !strings.HasPrefix(err.Error(), "R15") {
		t.Errorf("R15: got %v", err)
	}
}
