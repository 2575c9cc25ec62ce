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
	sequences = flag.Int("sequences", 100, "random sequences of acts to run beside the twin")
	seed      = flag.Uint64("seed", 1, "of the first sequence")
)

// sequenceActs is how many acts one sequence has.
const sequenceActs = 60

// pair is the ledger and its twin, side by side.
type pair struct {
	*world
	seed  uint64
	twin  *twin
	lane8 map[wire.Address]uint64 // next number of the lane of routing keys
	rng   *rand.Rand
	names []string
	table map[string]map[string]int // act, rule or "done": how often
}

// randomWorld is small, so that acts meet: one /20 cut into titles, some AS
// numbers, four holders, one of them with nearly as many authorisations as may
// rest on a title.
func randomWorld(t *testing.T) *pair {
	names := []string{"ana", "ben", "cat", "dan"}
	w := newWorld(t, names, map[string][]string{
		"ana": {"60.0.0.0/21", "60.0.8.0/23", "AS2000-AS2003"}, "ben": {"60.0.10.0/23"}, "cat": {"AS2004"},
	})
	e := w.state.Edit()
	params := parameters(t, w.state)
	params.NoticeMin, params.ClauseMin, params.RecoverySeconds, params.EnforceSeconds = noticeMin, twinClause, twinWindow, twinEnforce
	e.Put(record.Leaf(record.ParametersKey, wire.Encode(params)))
	e.Put(record.FolioLeaf(resource("60.0.12.0/22"), &record.Folio{Title: (&record.Title{
		Rules: 1, State: record.Unclaimed, Source: record.Source{Registry: "arin"}}).Bytes()}))
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
	w.state = e.Freeze()
	w.total = ledger.Totals(w.state)
	p := &pair{world: w, names: names, lane8: map[wire.Address]uint64{}, table: map[string]map[string]int{}, twin: &twin{
		now: start, accounts: map[wire.Address]*twinAccount{}, named: map[twinValue]uint64{},
	}}
	for _, name := range names {
		p.enroll(name)
	}
	for text, source := range map[string]string{"60.0.0.0/21": "", "60.0.8.0/23": "another row", "60.0.10.0/23": "", "AS2000-AS2003": ""} {
		p.twin.titles = append(p.twin.titles, twinTitle{at: resource(text), holder: who("ana"), source: source, dealable: true})
	}
	p.twin.titles = append(p.twin.titles, twinTitle{at: resource("AS2004"), holder: who("cat"), dealable: true},
		twinTitle{at: resource("60.0.12.0/22"), source: "arin"})
	slices.SortFunc(p.twin.titles, func(x, y twinTitle) int { return inr.Compare(x.at, y.at) })
	for i := range uint64(58) {
		p.preload(&tx.OriginAuthorise{Resource: resource("60.0.0.0/24"), MaxLength: 24, AS: 100 + i})
	}
	return p
}

func (p *pair) preload(body tx.Body) {
	p.do("ana", body)
	p.twin.pass(p.last.Time)
	p.twin.do(who("ana"), body, p.id)
}

// fork is the same world again, to go another way.
func (p *pair) fork(seed uint64) *pair {
	w := *p.world
	w.lanes = maps.Clone(p.lanes)
	return &pair{world: &w, lane8: maps.Clone(p.lane8), twin: p.twin.clone(), names: p.names, table: p.table, rng: rand.New(rand.NewPCG(seed, 7))}
}

func (p *pair) pick(n int) int { return p.rng.IntN(n) }

func (p *pair) block4() wire.Resource {
	switch p.pick(10) {
	case 0:
		return resource(fmt.Sprintf("AS%d", 2000+p.pick(6)))
	case 1, 2, 3:
		if len(p.twin.estates) > 0 {
			return p.twin.estates[p.pick(len(p.twin.estates))].at
		}
	case 4, 5, 6:
		return p.twin.titles[p.pick(len(p.twin.titles))].at
	}
	r := resource(fmt.Sprintf("60.0.%d.%d/32", p.pick(16), 64*p.pick(4)))
	return inr.Truncate(r, uint8(20+p.pick(7)))
}

func (p *pair) inside(r wire.Resource) wire.Resource {
	for range p.pick(4) {
		low, high, ok := inr.Halves(r)
		if !ok || r.Family == wire.IPv4 && r.Len >= 26 {
			break
		}
		if r = low; p.pick(2) == 0 {
			r = high
		}
	}
	return r
}

func (p *pair) someone() string { return p.names[p.pick(len(p.names))] }

// likely is who an act on r would come from, most of the time.
func (p *pair) likely(id wire.Address) string {
	for _, name := range p.names {
		if who(name) == id && p.pick(8) != 0 {
			return name
		}
	}
	return p.someone()
}

func (p *pair) seen(r wire.Resource) wire.Hash {
	if p.pick(20) == 0 {
		return wire.Hash{1}
	}
	return p.stands(r)
}

// stands is the dealing value of the title over r, which the twin learns to know.
func (p *pair) stands(r wire.Resource) wire.Hash {
	value := p.value(r.String())
	if t := p.twin.titleOf(r); t != nil {
		p.twin.named[twinValue{t.at, value}] = t.stamp
	}
	return value
}

// families are the makers of random acts, each as often as its weight. A
// sequence has a favourite, so that its acts meet.
var families = []struct {
	weight int
	next   func(*pair) (string, tx.Body)
}{
	{20, (*pair).titleAct},
	{8, (*pair).leaseAct},
	{5, (*pair).accountAct},
	{7, (*pair).chargeAct},
}

// next makes some act, and says who signs it.
func (p *pair) next() (name string, body tx.Body) {
	all := 0
	for i := range families {
		all += p.weight(i)
	}
	n := p.pick(all)
	for i, f := range families {
		if n -= p.weight(i); n < 0 {
			return f.next(p)
		}
	}
	panic("no family")
}

func (p *pair) weight(family int) int {
	if p.seed%uint64(len(families)+1) == uint64(family) {
		return 4 * families[family].weight
	}
	return families[family].weight
}

// titleAct makes some act on titles, grants or authorisations.
func (p *pair) titleAct() (name string, body tx.Body) {
	r := p.inside(p.block4())
	holder := wire.Address{}
	if t := p.twin.titleOf(r); t != nil {
		holder = t.holder
	}
	until := p.last.Time + uint64(20+p.pick(4000))
	switch p.pick(20) {
	case 0, 1:
		return p.likely(holder), &tx.TransferOffer{Resource: r, To: who(p.someone()), Keep: p.pick(2) == 0, Value: p.seen(r), Until: until + uint64(p.pick(50)/49*400*24*3600)}
	case 2, 3, 4, 5:
		return p.likely(p.twin.possessor(r)), &tx.GrantOffer{Resource: r, To: who(p.someone()), Notice: uint64(50 + p.pick(400)), SubGrants: p.pick(4) != 0, Origins: p.firstOrigins(r), Value: p.seen(r), Until: until}
	case 6, 7, 8, 9, 10:
		return p.accept()
	case 11:
		return p.cancel()
	case 12:
		t := p.twin.titles[p.pick(len(p.twin.titles))]
		return p.likely(t.holder), &tx.Split{Resource: t.at, Part: p.inside(t.at)}
	case 13:
		t := p.twin.titles[p.pick(len(p.twin.titles))]
		return p.likely(t.holder), &tx.Merge{Resource: inr.Truncate(t.at, t.at.Len-uint8(min(1, p.pick(4))))}
	case 14, 15:
		return p.endGrant()
	case 16:
		if len(p.twin.origins) > 0 {
			o := p.twin.origins[p.pick(len(p.twin.origins))]
			return p.likely(o.holder), &tx.OriginWithdraw{Resource: o.at, MaxLength: o.most, AS: o.as}
		}
	}
	most := uint64(r.Len)
	if r.Family == wire.IPv4 {
		most += uint64(p.pick(int(27 - r.Len)))
	}
	return p.likely(p.twin.possessor(r)), &tx.OriginAuthorise{Resource: r, MaxLength: most, AS: uint64(p.pick(3))}
}

func (p *pair) accept() (string, tx.Body) {
	o := twinOffer{body: &tx.TransferOffer{}, at: resource("60.0.0.0/24")}
	for range 4 {
		if len(p.twin.offers) > 0 {
			o = p.twin.offers[p.pick(len(p.twin.offers))]
		}
		if o.kind() != tx.KindList && o.kind() != tx.KindSurrender && o.accepted == 0 && !p.twin.lapsed(&o) {
			break
		}
	}
	r, kind := o.at, o.kind()
	if p.pick(20) == 0 {
		r = p.block4()
	}
	if p.pick(20) == 0 {
		kind = []tx.Kind{tx.KindTransferOffer, tx.KindGrantOffer}[p.pick(2)]
	}
	switch kind {
	case tx.KindTransferOffer:
		return p.likely(o.to), &tx.TransferAccept{Offer: o.id, Resource: r, Value: p.seen(o.at)}
	case tx.KindGrantOffer:
		return p.likely(o.to), &tx.GrantAccept{Offer: o.id, Resource: r, Value: p.seen(o.at)}
	case tx.KindChargePropose, tx.KindChargeRedeem:
		return p.likely(o.to), &tx.ChargeAccept{Offer: o.id, Resource: r, Value: p.seen(o.at)}
	case tx.KindLeaseOffer, tx.KindLeaseRenew, tx.KindLeaseEnd, tx.KindLeaseAssign:
		return p.likely(o.to), &tx.LeaseAccept{Offer: o.id, Resource: r, Value: p.seen(o.at)}
	}
	return p.cancel()
}

func (p *pair) cancel() (string, tx.Body) {
	if len(p.twin.offers) == 0 || p.pick(10) == 0 {
		return p.someone(), &tx.OfferCancel{Offer: wire.Hash{2}}
	}
	o := p.twin.offers[p.pick(len(p.twin.offers))]
	return p.likely(o.maker), &tx.OfferCancel{Offer: o.id}
}

func (p *pair) endGrant() (string, tx.Body) {
	if len(p.twin.estates) == 0 {
		return p.someone(), &tx.GrantGiveUp{Resource: resource("60.0.0.0/24"), Grant: wire.Hash{3}}
	}
	e := p.twin.estates[p.pick(len(p.twin.estates))]
	id := e.id
	if p.pick(12) == 0 {
		id = wire.Hash{4}
	}
	if p.pick(3) == 0 {
		return p.likely(e.holder), &tx.GrantGiveUp{Resource: e.at, Grant: id}
	}
	return p.likely(p.twin.outside(e)), &tx.GrantNotice{Resource: e.at, Grant: id}
}

func kindOf(body tx.Body) string { return strings.TrimPrefix(fmt.Sprintf("%T", body), "*tx.") }

// step makes one ledger block of a few random acts.
func (p *pair) step(t *testing.T, acts int) {
	names, bodies := make([]string, acts), make([]tx.Body, acts)
	for i := range acts {
		names[i], bodies[i] = p.next()
	}
	p.stepWith(t, names, bodies)
}

// stepWith makes one ledger block and compares what became of each act.
func (p *pair) stepWith(t *testing.T, names []string, bodies []tx.Body) {
	seconds := uint64(1 + p.pick(20))
	switch {
	case p.pick(30) == 0:
		seconds = 300
	case p.pick(60) == 0:
		seconds = 600 + uint64(p.pick(200))
	}
	before, was := p.stamps(), p.twinSays()
	p.twin.pass(p.last.Time + seconds)
	names, bodies, signed := p.signAll(names, bodies)
	r := p.block(seconds, signed...)
	for i, v := range signed {
		p.compare(t, names[i], bodies[i], v, r.Receipts[i])
		if t.Failed() {
			break
		}
	}
	if !t.Failed() {
		p.compareState(t)
		p.compareStamps(t, before)
	}
	if t.Failed() {
		p.explain(t, was)
		for i, v := range signed {
			t.Logf("act %v by %s: %T%+v: %s", v.ID(), names[i], bodies[i], bodies[i], r.Receipts[i].Rule)
		}
		t.FailNow()
	}
}

// explain says who is who, how things stood before a ledger block that failed,
// and what fell due in it.
func (p *pair) explain(t *testing.T, was []string) {
	t.Logf("-sequences 1 -seed %d replays it; before:\n%s\nfell due: %v", p.seed, strings.Join(was, "\n"), p.twin.fell)
	for _, name := range p.names {
		t.Logf("%s is %v", name, who(name))
	}
}

// stamps is the dealing value of each title, and the twin's stamp.
func (p *pair) stamps() map[wire.Resource]twinStamp {
	out := map[wire.Resource]twinStamp{}
	for _, x := range p.twin.titles {
		out[x.at] = twinStamp{p.value(x.at.String()), x.stamp}
	}
	return out
}

type twinStamp struct {
	value wire.Hash
	stamp uint64
}

// compareStamps wants a title's dealing value to change exactly when what it
// speaks for changed (DEAL-1, DEAL-2).
func (p *pair) compareStamps(t *testing.T, before map[wire.Resource]twinStamp) {
	for at, now := range p.stamps() {
		if was, ok := before[at]; ok && (was.value == now.value) != (was.stamp == now.stamp) {
			t.Errorf("height %d: the dealing value of %v was %v, is %v; the twin changed it: %v", p.last.Height, at, was.value, now.value, was.stamp != now.stamp)
		}
	}
}

func (p *pair) compare(t *testing.T, name string, body tx.Body, v tx.Verified, r ledger.Receipt) {
	rules := p.twin.broken(who(name), v.Header().Lane, body)
	outcome := "done"
	if r.Outcome == ledger.Failed {
		outcome = r.Rule
	}
	if p.table[kindOf(body)] == nil {
		p.table[kindOf(body)] = map[string]int{}
	}
	p.table[kindOf(body)][outcome]++
	switch {
	case outcome == "done" && len(rules) > 0:
		t.Errorf("height %d: %s %+v was done, the twin says that it breaks %v", p.last.Height, name, body, rules)
	case outcome != "done" && !slices.Contains(rules, outcome):
		t.Errorf("height %d: %s %+v was refused by %s (%s), the twin says %v", p.last.Height, name, body, outcome, r.Detail, rules)
	case outcome == "done":
		p.twin.do(who(name), body, v.ID())
	}
}

// story begins some sequences with what chance hardly ever does: many offers on
// one title, a chain of grants, a folio opened and closed in one ledger block.
func (p *pair) story(t *testing.T, i int) {
	r := resource("60.0.9.0/24")
	switch i % 12 {
	case 0:
		for range record.OffersMax + 1 {
			p.stepWith(t, []string{"cat"}, []tx.Body{&tx.TransferOffer{Resource: resource("AS2004"), To: who("dan"), Value: p.stands(resource("AS2004")), Until: p.last.Time + 5000}})
		}
	case 1:
		chain := []string{"ana", "ben", "cat", "dan", "ana", "ben"}
		for i, name := range chain[:5] {
			p.stepWith(t, []string{name}, []tx.Body{&tx.GrantOffer{Resource: r, To: who(chain[i+1]), Notice: 5000, SubGrants: true, Value: p.stands(r), Until: p.last.Time + 5000}})
			p.stepWith(t, []string{chain[i+1]}, []tx.Body{&tx.GrantAccept{Offer: p.id, Resource: r, Value: p.stands(r)}})
		}
	case 4, 8:
		p.tale(t, "ana", &tx.ChargePropose{Resource: resource("60.0.10.0/23"), To: who("ben"), Mode: tx.ModeSale, Longest: 200, Law: "Dutch law"})
		p.tale(t, "cat", &tx.ChargePropose{Resource: resource("AS2004"), To: who("dan"), Mode: tx.ModeTitle, Longest: 200, Law: "Dutch law"})
	case 5, 9:
		p.tale(t, "ana", &tx.LeaseOffer{Resource: r, To: who("ben"), End: p.last.Time + 900, SubLet: true, Suspend: true, Operator: "o", Abuse: "a@b", Reversion: true})
		p.tale(t, "ben", &tx.LeaseOffer{Resource: r, To: who("cat"), End: p.last.Time + 600, Operator: "o", Abuse: "a@b", Clause: tx.ClauseNotice, ClauseNotice: 90})
	case 6, 10:
		p.tale(t, "ana", &tx.SetGuardians{Guardians: accounts("ben", "cat", "dan"), Threshold: 2})
		p.tale(t, "dan", &tx.SetGuardians{Guardians: accounts("ben", "cat"), Threshold: 1})
	case 3:
		for as := range uint64(8) {
			p.stepWith(t, []string{"ana"}, []tx.Body{&tx.OriginAuthorise{Resource: resource("60.0.0.0/24"), MaxLength: 24, AS: 300 + as}})
		}
	case 2:
		p.stepWith(t, []string{"ana", "ana"}, []tx.Body{&tx.Split{Resource: resource("60.0.8.0/23"), Part: r}, &tx.Merge{Resource: resource("60.0.8.0/23")}})
	}
}

// tale does one act alone, and if it is an offer the acceptance after it.
func (p *pair) tale(t *testing.T, name string, body tx.Body) {
	until := p.last.Time + 5000
	var accept tx.Body
	to := wire.Address{}
	switch b := body.(type) {
	case *tx.ChargePropose:
		b.Value, b.Until, to = p.stands(b.Resource), until, b.To
	case *tx.LeaseOffer:
		b.Value, b.Until, to = p.stands(b.Resource), until, b.To
	}
	p.stepWith(t, []string{name}, []tx.Body{body})
	switch b := body.(type) {
	case *tx.ChargePropose:
		accept = &tx.ChargeAccept{Offer: p.id, Resource: b.Resource, Value: p.stands(b.Resource)}
	case *tx.LeaseOffer:
		accept = &tx.LeaseAccept{Offer: p.id, Resource: b.Resource, Value: p.stands(b.Resource)}
	default:
		return
	}
	for _, name := range p.names {
		if who(name) == to {
			p.stepWith(t, []string{name}, []tx.Body{accept})
		}
	}
}

// TestRandom runs random acts against the ledger and its twin. The rules at
// bounds that a small world cannot reach (ADM-7, EST-7, ORIGIN-7) have tests of
// their own, as have those of admission.
func TestRandom_R1_R2_R3_R4_R5_R7_R10_R13(t *testing.T) {
	root := randomWorld(t)
	for i := range *sequences {
		p := root.fork(*seed + uint64(i))
		p.seed = *seed + uint64(i)
		p.story(t, int(p.seed))
		for left := sequenceActs; left > 0; {
			n := min(left, 1+p.pick(4))
			p.step(t, n)
			left -= n
		}
	}
	report(t, root.table)
}

// report prints how often each rule refused each act, and fails when an act
// hardly ever succeeds or a rule never refuses.
func report(t *testing.T, table map[string]map[string]int) {
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
		if table[kind]["done"]*100 < all {
			t.Errorf("%s succeeds in %d of %d", kind, table[kind]["done"], all)
		}
	}
	for _, rule := range strings.Fields("TITLE-1 TITLE-2 TITLE-3 TITLE-4 TITLE-5 TITLE-6 SPLIT-1 MERGE-1 MERGE-2 " +
		"DEAL-1 DEAL-2 DEAL-3 DEAL-4 DEAL-5 DEAL-6 DEAL-7 EST-1 EST-2 EST-3 EST-5 EST-6 EST-8 EST-9 " +
		"ORIGIN-1 ORIGIN-2 ORIGIN-3 ORIGIN-4 ORIGIN-5 ORIGIN-6") {
		if !met[rule] {
			t.Errorf("%s never refused", rule)
		}
	}
}
