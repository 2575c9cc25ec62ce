package ledger_test

import (
	"fmt"
	"maps"
	"slices"

	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// twinGovernment is who decides about the register, and what is being decided.
type twinGovernment struct {
	params       map[string]uint64
	members      []twinMember
	adjudicators []twinBody
	anchors      []twinAnchor
	ceased       []string
	motions      []twinMotion
	backed       map[string]wire.Hash // by the row of who supports: the petition
	cures        []twinCure
	offences     map[wire.Hash]*twinOffences
	seated       []wire.Hash // keys of the members before the ledger block
	counted      int         // authorisations before the ledger block
	day, spent   uint64      // how far the breaker's room is given out
	awards       []twinAward
	rules        uint64
	next         uint64 // rules voted, in force from height
	height       uint64
}

type twinMember struct {
	key                   wire.Hash
	name, organisation    string
	jurisdiction, hosting string
	account               wire.Address
}

// twinBody is an adjudicator.
type twinBody struct {
	account                    wire.Address
	organisation, jurisdiction string
	since                      uint64
}

type twinAnchor struct {
	hash wire.Hash
	kind record.AnchorKind
}

// twinMotion is a proposal. Its votes are never changed in place.
type twinMotion struct {
	id       wire.Hash
	by       wire.Address
	body     *tx.Propose
	state    record.MotionState
	petition bool // it was made by petition
	made     uint64
	at       uint64
	stalled  uint64
	support  uint64
	refused  []string // the rules that refused its effect
	votes    []twinBallot
}

type twinBallot struct {
	as  wire.Hash
	by  wire.Address
	yes bool
}

type twinCure struct {
	scope        record.CureScope
	name         string
	since, until uint64
	overdue      bool
}

type twinOffences struct {
	count uint64
	last  []record.Offence
}

// twinOffence is what a member is accused of.
type twinOffence struct {
	key wire.Hash
	record.Offence
}

// twinAward is an award that waits for the breaker's day.
type twinAward struct {
	at     uint64
	matter wire.Hash
	block  wire.Resource
}

func (g twinGovernment) clone() twinGovernment {
	g.params, g.backed, g.offences = maps.Clone(g.params), maps.Clone(g.backed), maps.Clone(g.offences)
	g.members, g.adjudicators, g.anchors = slices.Clone(g.members), slices.Clone(g.adjudicators), slices.Clone(g.anchors)
	g.ceased, g.motions, g.cures, g.awards = slices.Clone(g.ceased), slices.Clone(g.motions), slices.Clone(g.cures), slices.Clone(g.awards)
	return g
}

func (w *twin) adjudicates(who wire.Address) bool {
	return slices.ContainsFunc(w.adjudicators, func(x twinBody) bool { return x.account == who })
}

func (w *twin) votesForMember(who wire.Address) bool {
	return slices.ContainsFunc(w.members, func(x twinMember) bool { return x.account == who })
}

func (w *twin) member(key wire.Hash) *twinMember {
	for i := range w.members {
		if w.members[i].key == key {
			return &w.members[i]
		}
	}
	return nil
}

func (w *twin) motion(id wire.Hash) *twinMotion {
	for i := range w.motions {
		if w.motions[i].id == id {
			return &w.motions[i]
		}
	}
	return nil
}

func (m *twinMotion) matter() record.Matter { return record.Matter(m.body.Matter) }

// twinOfAll are the matters whose majority is of all voters.
var twinOfAll = []record.Matter{9, 10, 11, 12, 13, 14, 15}

// notice is the seconds from a proposal's passing to its effect, by the table of matters.
func (w *twin) noticeOf(m record.Matter) uint64 {
	switch m {
	case record.AddTrustAnchor, record.AddRegistryCA, record.Upgrade:
		return w.params["upgrade_seconds"]
	case record.RegistryCeased:
		return w.params["ceased_seconds"]
	}
	return 0
}

// votesOn reports whether an account votes on a matter, as it says for whom.
func (w *twin) votesOn(m record.Matter, who wire.Address, as wire.Hash) bool {
	if m == record.LiftFreeze {
		return as.IsZero() && w.adjudicates(who)
	}
	x := w.member(as)
	return x != nil && x.account == who
}

// removes reports whether a proposal asks to remove who votes: the member with a key, or
// the registrar or adjudicator that an account is.
func (m *twinMotion) removes(key wire.Hash, who wire.Address) bool {
	switch m.matter() {
	case record.RemoveMember:
		return m.body.Key == key
	case record.RemoveAdjudicator, record.RemoveRegistrar:
		return m.body.Subject == who
	}
	return false
}

// tally counts a proposal's voters and votes as they stand (GOV-5, GOV-6).
func (w *twin) tally(m *twinMotion) (voters, yes, no int) {
	if m.matter() == record.LiftFreeze {
		voters = len(w.adjudicators)
	}
	for _, x := range w.members {
		if m.matter() != record.LiftFreeze && !m.removes(x.key, x.account) {
			voters++
		}
	}
	for _, v := range w.voting(m) {
		if v.yes {
			yes++
		} else {
			no++
		}
	}
	return voters, yes, no
}

// voting are the votes of those who are voters.
func (w *twin) voting(m *twinMotion) (out []twinBallot) {
	for _, v := range m.votes {
		x := w.member(v.as)
		if m.matter() == record.LiftFreeze && w.adjudicates(v.by) || x != nil && !m.removes(x.key, x.account) {
			out = append(out, v)
		}
	}
	return out
}

func (w *twin) brokenGovernAct(add breaks, author wire.Address, body tx.Body) {
	switch b := body.(type) {
	case *tx.Propose:
		w.brokenMatter(add, b)
		voter := w.votesOn(record.Matter(b.Matter), author, b.As)
		add("GOV-5", !voter && !b.As.IsZero())
		if n := w.proposed(author, voter); voter {
			add("GOV-3", n >= 2)
		} else {
			add("GOV-3", n >= 1)
		}
	case *tx.Vote:
		m := w.motion(b.Proposal)
		add("GOV-4", m == nil || m.state != record.MotionOpen)
		if m != nil {
			add("GOV-5", !w.votesOn(m.matter(), author, b.As) || m.removes(b.As, author))
		}
	case *tx.Petition:
		w.brokenPetition(add, author, b)
	}
}

// proposed counts an account's proposals, or petitions, that are not over.
func (w *twin) proposed(who wire.Address, voter bool) (n int) {
	for _, m := range w.motions {
		if m.by == who && m.petition != voter && !m.state.Over() {
			n++
		}
	}
	return n
}

// brokenPetition is of a holder's support (GOV-13 to GOV-15).
func (w *twin) brokenPetition(add breaks, author wire.Address, b *tx.Petition) {
	m := w.motion(b.Proposal)
	add("GOV-14", m == nil || m.state != record.MotionPetition)
	t := w.titleOf(b.Resource)
	if t == nil || t.holder != author || !t.dealable {
		add("GOV-15", true)
		return
	}
	old := w.motion(w.backed[t.owner()])
	add("GOV-15", old != nil && !old.state.Over())
}

// owner is whom a title counts for: the handle of its row, or the row for itself.
func (t *twinTitle) owner() string {
	if t.row.Handle != "" {
		return t.row.Registry + " handle " + t.row.Handle
	}
	return fmt.Sprint(t.row.Registry, " row ", t.row.First, t.row.Last)
}

// needs is how many holders open a petition for votes (GOV-14).
func (w *twin) needs() uint64 {
	all := map[string]bool{}
	for i := range w.titles {
		if w.titles[i].dealable {
			all[w.titles[i].owner()] = true
		}
	}
	some := (uint64(len(all))*w.params["petition_share"] + 999_999) / 1_000_000
	return max(1, min(some, w.params["petition_least"]))
}

func (w *twin) doGovern(author wire.Address, body tx.Body, id wire.Hash) {
	switch b := body.(type) {
	case *tx.Propose:
		m := twinMotion{id: id, by: author, body: b, made: w.now, stalled: w.stalled, state: record.MotionOpen, at: w.now + w.params["vote_seconds"]}
		if !w.votesOn(m.matter(), author, b.As) {
			m.petition, m.state, m.at = true, record.MotionPetition, w.now+90*86400
		}
		w.motions = append(w.motions, m)
	case *tx.Vote:
		w.vote(w.motion(b.Proposal), twinBallot{b.As, author, b.Yes})
	case *tx.Petition:
		m := w.motion(b.Proposal)
		w.backed[w.titleOf(b.Resource).owner()] = m.id
		if m.support++; m.support >= w.needs() {
			m.state, m.at, m.stalled = record.MotionOpen, w.now+w.params["vote_seconds"], w.stalled
		}
	}
}

// vote enters a vote; a proposal that no vote to come can stop passes.
func (w *twin) vote(m *twinMotion, v twinBallot) {
	votes := slices.DeleteFunc(slices.Clone(m.votes), func(x twinBallot) bool {
		return x.as == v.as && (!v.as.IsZero() || x.by == v.by)
	})
	m.votes = append(votes, v)
	if voters, yes, _ := w.tally(m); voters > 0 && 3*yes >= 2*voters {
		w.passed(m)
	}
}

func (w *twin) passed(m *twinMotion) {
	m.state, m.at, m.stalled = record.MotionPassed, w.now+w.noticeOf(m.matter()), w.stalled
	if m.at == w.now {
		w.enact(m)
	}
}

// dueMotions lists what becomes of proposals in time.
func (w *twin) dueMotions() (out []twinDue) {
	for _, m := range w.motions {
		out = append(out, twinDue{m.at, 8, m.id, func() { w.dueMotion(w.motion(m.id)) }})
	}
	for _, c := range w.cures {
		if !c.overdue {
			id := wire.Sum(wire.TagDealing, []byte{byte(c.scope)}, []byte(c.name))
			out = append(out, twinDue{c.until, 8, id, func() { w.late(c) }})
		}
	}
	for _, x := range w.awards {
		out = append(out, twinDue{x.at, 8, wire.Sum(wire.TagDealing, x.matter[:], x.block.Key()), func() { w.dueAward(x) }})
	}
	return out
}

func (w *twin) dueMotion(m *twinMotion) {
	grown := w.stalled - m.stalled
	switch {
	case m.state.Over():
		w.motions = slices.DeleteFunc(w.motions, func(x twinMotion) bool { return x.id == m.id })
	case grown > 0:
		m.at, m.stalled = m.at+grown, w.stalled
	case m.state == record.MotionPetition:
		w.motions = slices.DeleteFunc(w.motions, func(x twinMotion) bool { return x.id == m.id })
	case m.state == record.MotionPassed:
		w.enact(m)
	default:
		voters, yes, no := w.tally(m)
		of := yes + no
		if slices.Contains(twinOfAll, m.matter()) {
			of = voters
		}
		if voters > 0 && 3*(yes+no) >= 2*voters && 3*yes >= 2*of {
			w.passed(m)
			return
		}
		w.decided(m, record.MotionLost)
	}
}

func (w *twin) decided(m *twinMotion, how record.MotionState) {
	m.state, m.at, m.stalled = how, w.now+90*86400, w.stalled
}

// enact puts in effect what passed, unless it cannot any more, or a quarter of the
// members changed in this ledger block already.
func (w *twin) enact(m *twinMotion) {
	if m.matter() <= record.RemoveMember && w.changed() >= max(1, len(w.seated)/4) {
		m.at = w.now + 1
		return
	}
	w.brokenMatter(func(rule string, broken bool) {
		if broken {
			m.refused = append(slices.Clone(m.refused), rule)
		}
	}, m.body)
	if m.refused == nil && w.allots(m.body) && w.freshPart(m.body) {
		m.refused = []string{"TITLE-5"}
	}
	if m.refused != nil {
		w.decided(m, record.MotionRefused)
		return
	}
	w.decided(m, record.MotionDone)
	w.effect(m.id, m.body)
}

// changed is how many members were admitted or removed in this ledger block.
func (w *twin) changed() (n int) {
	for _, x := range w.members {
		if !slices.Contains(w.seated, x.key) {
			n++
		}
	}
	for _, key := range w.seated {
		if w.member(key) == nil {
			n++
		}
	}
	return n
}

// takeRoom sets aside the breaker's room for n authorisations, and says on which day
// they may be withdrawn (GOV-30, GOV-31).
func (w *twin) takeRoom(n int) (day uint64) {
	today := w.now / 86400
	if n <= 0 {
		return today
	}
	room := max(1, w.params["breaker_least"], uint64(w.counted)*w.params["breaker_share"]/1_000_000)
	if w.day < today {
		w.day, w.spent = today, 0
	}
	for left := uint64(n); ; w.day, w.spent = w.day+1, 0 {
		took := min(left, max(room, w.spent)-w.spent)
		if left, w.spent = left-took, w.spent+took; left == 0 {
			return w.day
		}
	}
}

// awaited reports whether an award waits for the breaker's day.
func (w *twin) awaited(matter wire.Hash, r wire.Resource) bool {
	return slices.ContainsFunc(w.awards, func(x twinAward) bool { return x.matter == matter && x.block == r })
}

// dueAward carries out what waited, unless a rule refuses it by now.
func (w *twin) dueAward(x twinAward) {
	w.awards = slices.DeleteFunc(slices.Clone(w.awards), func(y twinAward) bool { return x == y })
	c, t := w.caseOf(x.matter), w.titleOf(x.block)
	if c == nil || t == nil || c.state != record.CaseFinal || !slices.ContainsFunc(t.against, func(y twinAgainst) bool { return y.act == x.matter }) {
		return
	}
	refused := false
	w.brokenOutcome(func(_ string, broken bool) { refused = refused || broken }, t, c)
	if after := w.clone(); !refused {
		if after.handOver(after.titleOf(t.at), after.caseOf(c.id)); !after.laden() {
			w.handOver(t, c)
		}
	}
}

// accuse records evidence against a member (GOV-22).
func (w *twin) accuse(x twinOffence) {
	if w.member(x.key) == nil {
		return
	}
	old := w.offences[x.key]
	if old == nil {
		old = &twinOffences{}
	}
	last := append(slices.Clone(old.last), x.Offence)
	w.offences[x.key] = &twinOffences{old.count + 1, last[max(0, len(last)-16):]}
}
