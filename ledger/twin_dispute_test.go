package ledger_test

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// twinDisputes is what stands about disputes: cases, orders, and the hash that
// panels are drawn by.
type twinDisputes struct {
	cases  []twinCase
	orders []twinOrder
	lot    wire.Hash // of the last act-bearing header
}

func (d twinDisputes) clone() twinDisputes {
	d.cases, d.orders = slices.Clone(d.cases), slices.Clone(d.orders)
	return d
}

// twinCase is a dispute under the id of the caution, the claim or the final order that
// began it. Its lists are never changed in place.
type twinCase struct {
	id             wire.Hash
	sort           record.CaseSort
	at             wire.Resource
	party, against wire.Address
	ground         tx.Ground
	digest, answer wire.Hash
	order          wire.Hash // that its party recorded, or that it is about
	state          record.CaseState
	entered        uint64
	stalled        uint64
	next, until    uint64
	renewed        bool
	hears          uint64
	panel          []wire.Address
	votes          []twinVote
	verdict        tx.Verdict
	reasons        wire.Hash
	appeal         wire.Hash
}

// twinVote is what an account says to one question: says is 16 to prolong, a verdict,
// or a status and 256 times the findings.
type twinVote struct {
	by     wire.Address
	says   uint64
	digest wire.Hash
}

const twinProlongs = 16

// prolongs is 1 for a vote to prolong, which stands after the voter's other one.
func (v twinVote) prolongs() int {
	if v.says == twinProlongs {
		return 1
	}
	return 0
}

func (c *twinCase) describe() string {
	x := *c
	if x.over() {
		x.stalled = 0
	}
	return fmt.Sprintf("case %+v", x)
}

// over reports whether nothing will be decided in a case any more.
func (c *twinCase) over() bool { return c.state >= record.CaseDismissed }

// heard reports whether a panel or the members have a case.
func (c *twinCase) heard() bool {
	return c.state == record.CaseAccepted || c.state == record.CaseDecided || c.state == record.CaseAppealed
}

func (w *twin) caseOf(id wire.Hash) *twinCase {
	for i := range w.cases {
		if w.cases[i].id == id {
			return &w.cases[i]
		}
	}
	return nil
}

// cast enters a vote in the place of the voter's earlier one on the same question.
func cast(list []twinVote, v twinVote) (out []twinVote) {
	for _, x := range list {
		if x.by != v.by || x.prolongs() != v.prolongs() {
			out = append(out, x)
		}
	}
	out = append(out, v)
	slices.SortFunc(out, func(x, y twinVote) int {
		return cmp.Or(bytes.Compare(x.by[:], y.by[:]), cmp.Compare(x.prolongs(), y.prolongs()))
	})
	return out
}

// say counts who says the same, of those who may.
func say(list []twinVote, like twinVote, may func(wire.Address) bool) (n int) {
	for _, x := range list {
		if x.says == like.says && x.digest == like.digest && may(x.by) {
			n++
		}
	}
	return n
}

// half reports whether half of all adjudicators, rounded up, say the same.
func (w *twin) half(list []twinVote, like twinVote) bool {
	return say(list, like, w.adjudicates) >= (len(w.adjudicators)+1)/2 && len(w.adjudicators) > 0
}

func (w *twin) brokenDisputeAct(add breaks, author wire.Address, body tx.Body) {
	switch b := body.(type) {
	case *tx.Caution:
		w.brokenCaution(add, author, b)
	case *tx.CautionAnswer:
		c := w.caseOf(b.Case)
		add("DISP-11", c == nil || c.state >= record.CaseFinal || !c.answer.IsZero() || !w.standsAgainst(b.Case, b.Resource, author))
	case *tx.CaseDecide:
		w.brokenDecide(add, author, b)
	case *tx.CaseAppeal:
		c := w.caseOf(b.Case)
		add("DISP-16", c == nil || c.state != record.CaseDecided)
		if c != nil {
			add("DISP-16", c.party != author && !w.claimsOver(author, c.at) && !w.standsAgainst(b.Case, b.Resource, author))
		}
	case *tx.ForumSet:
		w.brokenForum(add, author, b)
	default:
		w.brokenOrderAct(add, author, body)
	}
}

// claimsOver reports whether an account claims a part of a block.
func (w *twin) claimsOver(who wire.Address, r wire.Resource) bool {
	return slices.ContainsFunc(w.claims, func(c twinClaim) bool {
		return c.by == who && inr.Overlaps(c.at, r) && c.stage != record.Marked && c.stage != record.Attesting
	})
}

// standsAgainst reports whether a matter stands against a title of an account's over a
// block.
func (w *twin) standsAgainst(matter wire.Hash, r wire.Resource, holder wire.Address) bool {
	t := w.titleOf(r)
	return t != nil && t.holder == holder && slices.ContainsFunc(t.against, func(x twinAgainst) bool { return x.act == matter && !w.over(x) })
}

// brokenCaution is of a caution (DISP-9); those that are over stand no more.
func (w *twin) brokenCaution(add breaks, author wire.Address, b *tx.Caution) {
	t := w.titleOf(b.Resource)
	add("TITLE-1", t == nil)
	if t == nil {
		return
	}
	add("DISP-9", t.state != record.Held || t.holder == author)
	all, own, poor := 0, 0, 0
	for _, x := range t.against {
		c := w.caseOf(x.act)
		if x.kind != record.Caution || c == nil || w.over(x) {
			continue
		}
		if !w.known(c.party) {
			poor++
		}
		if all++; c.party == author {
			own++
			add("DISP-9", c.ground == b.Ground && inr.Overlaps(x.at, b.Resource))
		}
	}
	add("DISP-9", all >= 12 || own >= 2 || poor >= 6 && !w.known(author))
}

// known reports whether an account holds numbers by title or is a registrar.
func (w *twin) known(who wire.Address) bool {
	return w.serves(who) || slices.ContainsFunc(w.titles, func(t twinTitle) bool { return t.holder == who && t.grade.Settled() })
}

func (w *twin) doDispute(author wire.Address, body tx.Body, id wire.Hash) {
	switch b := body.(type) {
	case *tx.Caution:
		t := w.titleOf(b.Resource)
		t.strike(w.over)
		until := w.now + twinCautions
		w.cases = append(w.cases, twinCase{
			id: id, sort: record.CaseCaution, at: b.Resource, party: author, ground: b.Ground, digest: b.Digest,
			state: record.CaseEntered, entered: w.now, stalled: w.stalled, next: until, until: until,
		})
		t.record(twinAgainst{kind: record.Caution, act: id, at: b.Resource, since: w.now, until: until})
	case *tx.CautionAnswer:
		w.caseOf(b.Case).answer = b.Digest
	case *tx.CaseDecide:
		w.noting(func() {
			w.decide(author, b)
			w.showClaims()
		})
	case *tx.CaseAppeal:
		c := w.caseOf(b.Case)
		c.state, c.appeal, c.votes = record.CaseAppealed, b.Digest, nil
		w.hearUntil(c)
	case *tx.ForumSet:
		w.intend(author, b, id, b.Resource, b.Resource)
	default:
		w.doOrder(author, body, id)
	}
}

// hearUntil gives a case the time of an appeal, or of the members.
func (w *twin) hearUntil(c *twinCase) {
	c.next, c.stalled = w.now+max(1, w.params["panel_seconds"]), w.stalled
	c.until = max(c.until, c.next)
}

// brokenDecide is of a vote in a case (DISP-12, DISP-13, DISP-15, DISP-16).
func (w *twin) brokenDecide(add breaks, author wire.Address, b *tx.CaseDecide) {
	c := w.caseOf(b.Case)
	add("DISP-12", c == nil)
	if c == nil {
		return
	}
	add("DISP-12", w.partial(c, author))
	early := b.Verdict == tx.VerdictAccept || b.Verdict == tx.VerdictDismiss
	switch {
	case early && c.state == record.CaseEntered:
		add("DISP-13", !w.adjudicates(author))
		if b.Verdict == tx.VerdictAccept && w.half(cast(c.votes, twinVote{author, uint64(b.Verdict), b.Reasons}), twinVote{author, uint64(b.Verdict), b.Reasons}) {
			w.brokenFreeze(add, c.at, c.id, 4)
		}
	case !early && c.state == record.CaseAccepted:
		add("DISP-15", !slices.Contains(c.panel, author) || !w.adjudicates(author) || w.now < c.hears)
	case !early && c.state == record.CaseAppealed:
		add("DISP-16", !w.votesForMember(author))
	default:
		add("DISP-12", true)
	}
}

// partial reports whether an account has no vote in a case: its parties, and who
// recorded the order that it is about.
func (w *twin) partial(c *twinCase, who wire.Address) bool {
	o := w.orderOf(c.order)
	t := w.titleOf(c.at)
	return who == c.party || who == c.against || o != nil && o.author == who ||
		c.state == record.CaseEntered && t != nil && t.holder == who
}

func (w *twin) decide(author wire.Address, b *tx.CaseDecide) {
	c, v := w.caseOf(b.Case), twinVote{author, uint64(b.Verdict), b.Reasons}
	c.votes = cast(c.votes, v)
	switch c.state {
	case record.CaseEntered:
		if !w.half(c.votes, v) {
			return
		}
		c.votes, c.reasons = nil, b.Reasons
		w.unmark(c.id, c.at)
		if b.Verdict == tx.VerdictDismiss {
			w.endCase(c, record.CaseDismissed)
			return
		}
		c.until = w.now + twinRestricts
		w.toPanel(c)
		w.freeze(c.at, c.id, c.until)
	case record.CaseAccepted:
		if 3*say(c.votes, v, w.adjudicates) < 2*len(c.panel) {
			return
		}
		c.votes, c.reasons, c.verdict, c.state = nil, b.Reasons, b.Verdict, record.CaseDecided
		w.hearUntil(c)
		w.keepClaim(c.id, w.now+3+2*w.params["panel_seconds"]+twinRestricts)
	default:
		if 2*say(c.votes, v, w.votesForMember) > len(w.members) {
			c.votes, c.reasons, c.verdict = nil, b.Reasons, b.Verdict
			w.final(c)
		}
	}
}

// toPanel hands a case to a panel that the next ledger block draws.
func (w *twin) toPanel(c *twinCase) {
	c.state, c.stalled, c.next = record.CaseAccepted, w.stalled, w.now+1
	if t := w.titleOf(c.at); t != nil && c.against.IsZero() {
		c.against = t.holder
	}
}

func (w *twin) final(c *twinCase) {
	c.state, c.votes, c.stalled = record.CaseFinal, nil, w.stalled
	c.next = w.now + twinRestricts
	c.until = c.next
}

// endCase keeps a case that is over for the caution's seconds (DISP-27).
func (w *twin) endCase(c *twinCase, how record.CaseState) {
	c.state, c.votes, c.next = how, nil, w.now+twinCautions
}

// unmark takes what a matter recorded off the title that covers its block.
func (w *twin) unmark(matter wire.Hash, r wire.Resource) {
	if t := w.titleOf(r); t != nil {
		w.unbind(t, matter)
	}
}

// unbind takes off a title what a matter recorded; the title changes unless that is a
// caution.
func (w *twin) unbind(t *twinTitle, matter wire.Hash) {
	if slices.ContainsFunc(t.binding(), func(x twinAgainst) bool { return x.act == matter }) {
		w.touch(t.at)
	}
	t.strike(func(x twinAgainst) bool { return x.act == matter })
}

// froze reports whether a matter's freeze stands on a title.
func (t *twinTitle) froze(matter wire.Hash) bool {
	return slices.ContainsFunc(t.against, func(x twinAgainst) bool { return x.act == matter && x.kind == record.Freeze })
}

// brokenFreeze is of the freeze of the title that covers a block (DISP-25).
func (w *twin) brokenFreeze(add breaks, r wire.Resource, matter wire.Hash, most int) {
	t := w.titleOf(r)
	if t == nil || t.state != record.Held || t.froze(matter) {
		return
	}
	n := 0
	for _, x := range t.against {
		if x.kind == record.Freeze {
			n++
		}
	}
	add("DISP-25", n >= most)
}

// freeze enters the freeze of a matter on the title that covers r, if it is held.
func (w *twin) freeze(r wire.Resource, matter wire.Hash, until uint64) {
	t := w.titleOf(r)
	if t == nil || t.state != record.Held {
		return
	}
	t.strike(func(x twinAgainst) bool { return x.act == matter && x.kind == record.Freeze })
	t.record(twinAgainst{kind: record.Freeze, act: matter, at: r, since: w.now, until: until})
	w.touch(t.at)
}

// dueCases lists when cases go on.
func (w *twin) dueCases() (out []twinDue) {
	for _, c := range w.cases {
		out = append(out, twinDue{c.next, 6, wire.Sum(wire.TagDealing, c.id[:], []byte{1}), func() { w.dueCase(w.caseOf(c.id)) }})
	}
	return out
}

func (w *twin) dueCase(c *twinCase) {
	if grown := w.stalled - c.stalled; grown > 0 && c.state < record.CaseFinal {
		c.next, c.until, c.stalled = c.next+grown, c.until+grown, w.stalled
		if c.hears > w.now {
			c.hears += grown
		}
		return
	}
	switch c.state {
	case record.CaseEntered:
		if o := w.orderOf(c.order); o != nil && o.status == tx.OrderRecorded && o.until+w.stalled-o.stalled > w.now {
			c.next = o.until + w.stalled - o.stalled
			c.until = c.next
			return
		}
		w.unmark(c.id, c.at)
		w.endCase(c, record.CaseLapsed)
	case record.CaseAccepted:
		w.dueHearing(c)
	case record.CaseDecided, record.CaseAppealed:
		w.final(c)
	default:
		w.cases = slices.DeleteFunc(w.cases, func(x twinCase) bool { return x.id == c.id })
	}
}

// dueHearing draws a panel, or ends a dispute whose time is over.
func (w *twin) dueHearing(c *twinCase) {
	c.until = max(c.until, w.claimEnds(c.id)) // DISP-29
	if w.now >= c.until {
		w.endCase(c, record.CaseLapsed)
		return
	}
	if c.panel == nil {
		c.panel = w.draw(c)
	}
	c.stalled, c.next = w.stalled, c.until
	if c.panel == nil {
		c.next = min(c.until, w.now+twinAgain)
		return
	}
	c.hears = w.now + w.params["panel_seconds"]
}

// draw picks the panel of a case (DISP-14).
func (w *twin) draw(c *twinCase) []wire.Address {
	var all []twinBody
	for _, x := range w.adjudicators {
		if !w.partial(c, x.account) {
			all = append(all, x)
		}
	}
	lot := func(x twinBody) wire.Hash { return wire.Sum(wire.TagDealing, c.id[:], w.lot[:], x.account[:]) }
	slices.SortFunc(all, func(x, y twinBody) int {
		a, b := lot(x), lot(y)
		return bytes.Compare(a[:], b[:])
	})
	lands := map[string]bool{}
	var panel, rest []wire.Address
	for _, x := range all {
		if !lands[x.jurisdiction] && len(panel) < 3 {
			panel, lands[x.jurisdiction] = append(panel, x.account), true
			continue
		}
		rest = append(rest, x.account)
	}
	if len(panel) < 3 {
		return nil
	}
	panel = append(panel, rest[:min(len(rest), 4)]...)
	return sortAddresses(panel)
}

// standsUntil is until when a freeze that falls due stands on (DISP-23).
func (w *twin) standsUntil(x twinAgainst) (until uint64) {
	if o := w.orderOf(x.act); o != nil && o.status == tx.OrderInEffect {
		until = o.until
	}
	c := w.caseOf(x.act)
	if c == nil || c.over() || c.state == record.CaseEntered {
		return until
	}
	until = max(until, c.until)
	switch c.state {
	case record.CaseAccepted:
		until = max(until, c.until+w.stalled-c.stalled)
	case record.CaseDecided, record.CaseAppealed:
		until = max(until, w.now+twinAgain)
	}
	return until
}
