package ledger_test

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

var (
	sequences = flag.Int("sequences", 20, "random sequences of acts to run beside the twin")
	seed      = flag.Uint64("seed", 1, "of the first sequence")
)

// sequenceActs is how many acts one sequence has.
const sequenceActs = 60

// pair is the ledger and its twin, side by side.
type pair struct {
	*world
	seed   uint64
	single bool   // no bundles
	leap   uint64 // seconds to the next ledger block; 0 leaves it to chance
	twin   *twin
	past   history
	lane8  map[wire.Address]uint64 // next number of the lane of routing keys
	rng    *rand.Rand
	names  []string
	table  map[string]map[string]int // act, rule or "done": how often
	met    map[string]int            // what became of claims and statements: how often
	files  map[string]*randomFile    // the statement file of each registry
}

// randomWorld is small, so that acts meet: one /20 cut into titles, some AS
// numbers, four holders, one of them with nearly as many authorisations as may
// rest on a title.
func randomWorld(t *testing.T) *pair {
	names := []string{"ana", "ben", "cat", "dan"}
	w := newWorld(t, slices.Concat(names, registrarList[1:], councilNames()), map[string][]string{
		"ana": {"60.0.0.0/21", "60.0.8.0/23", "AS2000-AS2003"}, "ben": {"60.0.10.0/23"}, "cat": {"AS2004"},
	})
	e := w.state.Edit()
	params := parameters(t, w.state)
	params.NoticeMin, params.ClauseMin, params.RecoverySeconds, params.EnforceSeconds = noticeMin, twinClause, twinWindow, twinEnforce
	params.SigningSeconds = randomSigning
	setRandomClaims(params)
	putRegistrars(e)
	putCouncil(e, params)
	setRandomSources(params)
	e.Put(record.Leaf(record.ParametersKey, wire.Encode(params)))
	for _, text := range []string{"60.0.12.0/22", "60.0.16.0/21", "AS2008-AS2015"} {
		e.Put(record.FolioLeaf(resource(text), &record.Folio{Title: (&record.Title{
			Rules: 1, State: record.Unclaimed, Source: record.Source{Registry: "arin"}}).Bytes()}))
	}
	// Two neighbours of one holder from different rows.
	title := w.title("60.0.8.0/23")
	title.Source.Handle = "another row"
	e.Put(record.FolioLeaf(resource("60.0.8.0/23"), &record.Folio{Title: title.Bytes()}))
	moved := w.title("60.0.10.0/23")
	moved.Holder = who("ana")
	e.Put(record.FolioLeaf(resource("60.0.10.0/23"), &record.Folio{Title: moved.Bytes()}))
	a, b := w.account("ana"), w.account("ben")
	a.Holdings.V4, b.Holdings.V4 = a.Holdings.V4+2, b.Holdings.V4-2
	e.Put(record.Leaf(tree.AccountKey(who("ana")), a.Bytes()))
	e.Put(record.Leaf(tree.AccountKey(who("ben")), b.Bytes()))
	smallRPKI().anchorIn(e)
	w.recount(e.Freeze())
	p := &pair{world: w, names: names, past: history{}, lane8: map[wire.Address]uint64{}, table: map[string]map[string]int{}, met: map[string]int{}, twin: &twin{
		now: start, accounts: map[wire.Address]*twinAccount{}, named: map[twinValue]twinSeen{},
	}}
	for _, name := range slices.Concat(names, registrarList[1:], councilNames()) {
		p.enroll(name)
	}
	for _, text := range []string{"60.0.0.0/21", "60.0.8.0/23", "60.0.10.0/23", "60.0.12.0/22", "60.0.16.0/21", "AS2000-AS2003", "AS2004", "AS2008-AS2015", freeTitle} {
		p.twin.titles = append(p.twin.titles, p.titleSays(resource(text), p.title(text)))
	}
	p.twin.registrars, p.twin.feeds = twinRegistrars(), twinFeeds(p.twin.titles)
	council, err := ledger.CouncilOf(w.state)
	if err != nil {
		t.Fatal(err)
	}
	p.twin.seatCouncil(council.Anchors)
	slices.SortFunc(p.twin.titles, func(x, y twinTitle) int { return inr.Compare(x.at, y.at) })
	if err := p.past.extend(w.state, w.state); err != nil {
		t.Fatal(err)
	}
	for i := range uint64(58) {
		p.preload(&tx.OriginAuthorise{Resource: resource("60.0.0.0/24"), MaxLength: 24, AS: 100 + i})
	}
	return p
}

func (p *pair) preload(body tx.Body) {
	p.do("ana", body)
	p.twin.pass(p.last.Time)
	p.twin.do(who("ana"), body, p.id)
	p.twin.lot = p.last.Hash
}

// fork is the same world again, to go another way.
func (p *pair) fork(seed uint64) *pair {
	w := *p.world
	w.lanes = maps.Clone(p.lanes)
	return &pair{world: &w, past: maps.Clone(p.past), lane8: maps.Clone(p.lane8), twin: p.twin.clone(), names: p.names, table: p.table, met: p.met, rng: rand.New(rand.NewPCG(seed, 7))}
}

func (p *pair) pick(n int) int { return p.rng.IntN(n) }

// TestRandom runs random acts against the ledger and its twin. The rules at
// bounds that a small world cannot reach (ADM-7, EST-7, ORIGIN-7) have tests of
// their own, as have those of admission.
func TestRandom_R1_R2_R3_R4_R5_R6_R7_R8_R9_R10_R12_R13_R14_R15(t *testing.T) {
	root := randomWorld(t)
	n := *sequences
	if testing.Short() { // the race detector looks at the same code in fewer sequences
		n = min(n, 12)
	}
	for i := range n {
		p := root.fork(*seed + uint64(i))
		p.seed = *seed + uint64(i)
		p.story(t, int(p.seed))
		p.claimStory(t, int(p.seed))
		p.sourceStory(t, int(p.seed))
		for left := sequenceActs; left > 0; {
			n := min(left, 1+p.pick(4))
			p.step(t, n)
			left -= n
		}
	}
	report(t, root.table, n >= 300)
	reportClaims(t, root.met, n >= 80)
}

// report prints how often each rule refused each act, and fails, after many
// sequences, when an act hardly ever succeeds or a rule never refuses.
func report(t *testing.T, table map[string]map[string]int, many bool) {
	met := map[string]bool{}
	for _, kind := range slices.Sorted(maps.Keys(table)) {
		all := 0
		for _, n := range table[kind] {
			all += n
		}
		var cells []string
		for _, rule := range slices.Sorted(maps.Keys(table[kind])) {
			met[rule] = true
			cells = append(cells, fmt.Sprintf("%s %d", rule, table[kind][rule]))
		}
		t.Logf("%-16s %6d: %s", kind, all, strings.Join(cells, ", "))
		if many && all >= 20 && table[kind]["done"]*200 < all {
			t.Errorf("%s succeeds in %d of %d", kind, table[kind]["done"], all)
		}
	}
	for _, kind := range tx.Kinds() {
		if many && table[kind.String()]["done"] == 0 {
			t.Errorf("no %v was ever done", kind)
		}
	}
	for _, rule := range strings.Fields(chanceMeets) {
		if many && !met[rule] {
			t.Errorf("%s never refused", rule)
		}
	}
}

// chanceMeets are the rules that must refuse some act in every run of many sequences. Others need
// what a small world does not have, or bounds that a few acts do not reach; they
// have tests of their own, named for them: admission (ADM-1 to ADM-10), looking
// and room (ADM-7, EST-7, ORIGIN-7, SVC-5), eight charges or estates (CHARGE-2),
// 16 listings (LIST-2), keys that were revoked (REV-3).
const chanceMeets = "TITLE-1 TITLE-2 TITLE-3 TITLE-4 TITLE-5 TITLE-6 TITLE-9 SPLIT-1 MERGE-1 MERGE-2 " +
	"DEAL-1 DEAL-2 DEAL-3 DEAL-4 DEAL-5 DEAL-6 DEAL-7 EST-1 EST-2 EST-3 EST-5 EST-6 EST-8 EST-9 EST-12 " +
	"LEASE-1 LEASE-2 LEASE-3 LEASE-4 LEASE-6 LEASE-13 LEASE-15 LEASE-16 LEASE-17 LEASE-18 LEASE-19 LEASE-20 " +
	"CHARGE-1 CHARGE-4 CHARGE-5 CHARGE-8 CHARGE-9 CHARGE-10 CHARGE-11 CHARGE-12 CHARGE-15 CHARGE-17 " +
	"COND-1 COND-3 COND-5 SUR-1 LIST-1 WAIT-4 WAIT-5 RCV-1 RCV-2 RCV-4 RCV-5 RCV-6 RCV-7 " +
	"SVC-1 SVC-2 SVC-3 SVC-8 RPKI-2 RPKI-17 EVID-4 EVID-6 ORIGIN-1 ORIGIN-2 ORIGIN-3 ORIGIN-4 ORIGIN-5 ORIGIN-6 ADM-11 " +
	"DISP-9 DISP-12 DISP-21 DISP-22 DISP-23 DISP-24 GOV-2 GOV-4 GOV-5 GOV-11 GOV-14"
