package ledger_test

import (
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// doClaim carries out an act on claims, and shows against the titles what they
// stand for then.
func (w *twin) doClaim(author wire.Address, body tx.Body, id wire.Hash) {
	if k := body.Kind(); k < tx.KindClaim || k > tx.KindNameAttest {
		return
	}
	w.noting(func() {
		w.doClaimAct(author, body, id)
		w.showClaims()
	})
}

func (w *twin) doClaimAct(author wire.Address, body tx.Body, id wire.Hash) {
	switch b := body.(type) {
	case *tx.Claim:
		w.enterClaim(author, b, id)
	case *tx.ClaimObject:
		w.object(author, b)
	case *tx.ClaimAttest:
		w.attest(nil, author, b)
	case *tx.AttestRefuse:
		w.claim(b.Claim).say(twinWord{record.Refuses, author, b.Reason, 0, w.now, w.claim(b.Claim).at})
	case *tx.ClaimWithdraw:
		w.withdraw(author, b.Claim)
	case *tx.ProveAgain:
		t := w.titleOf(b.Resource)
		t.proved = w.proof(b.Evidence).signed
		w.touch(t.at)
	case *tx.ClaimAnswer:
		w.adjudicate(w.claim(b.Claim))
	case *tx.Succession:
		w.claims = append(w.claims, twinClaim{
			id: id, by: author, from: b.Subject, at: b.Resource, succession: true, evidence: b.Documents,
			stage: record.Attesting, entered: w.now, next: w.now + twinClaimWaits, stalled: w.stalled,
		})
	case *tx.SuccessionVeto:
		w.dropClaim(b.Succession)
	case *tx.NameAttest:
		w.accounts[b.Subject].attested = twinAttested{author, b.Documents, w.now}
	}
}

func (w *twin) proof(act wire.Hash) *twinProof {
	for i := range w.proofs {
		if w.proofs[i].act == act {
			return &w.proofs[i]
		}
	}
	return nil
}

func (c *twinClaim) say(x twinWord) { c.words = append(slices.Clone(c.words), x) }

func (w *twin) enterClaim(author wire.Address, b *tx.Claim, id wire.Hash) {
	c := twinClaim{
		id: id, by: author, at: b.Resource, grade: record.Grade(b.Grade), evidence: b.Evidence,
		stage: record.Attesting, entered: w.now, next: w.now + twinClaimWaits, stalled: w.stalled,
	}
	if c.grade != record.GradeA {
		w.claims = append(w.claims, c)
		return
	}
	p := w.proof(b.Evidence)
	c.issuer, c.proved = p.issuer, p.signed
	w.stand(nil, &c, !p.title)
}

// stand lets a claim stand that is proved or attested; grant says that its
// evidence is for a grant. Rules that refuse it are noted.
func (w *twin) stand(add breaks, c *twinClaim, grant bool) {
	t := w.titleOf(c.at)
	c.began, c.from, c.stalled = w.now, t.holder, w.stalled
	switch {
	case grant || !c.opens(t) && better(t.grade, c.grade):
		w.caution(add, c, t)
		return
	case c.opens(t) && c.grade == record.GradeC:
		w.entry(add, c, t)
		return
	case c.opens(t) && c.grade == record.GradeA:
		c.stage, c.next = record.Window, w.now+twinClaimA
	case c.opens(t):
		c.stage, c.next = record.Window, w.now+twinClaimB
	case w.silencing(c, t):
		c.stage, c.next = record.Silent, w.now+twinUnanswered
	default:
		c.stage, c.next = record.Answered, w.now+twinRestricts
	}
	c.ends = c.next + twinRestricts
	if c.stage == record.Answered {
		c.ends = c.next
	}
	if w.findPlace(add, c, t); c.stage == record.Answered && w.claim(c.id) != nil {
		w.openContest(c)
	}
}

// silencing reports whether a claim wins by silence (CLAIM-16).
func (w *twin) silencing(c *twinClaim, t *twinTitle) bool {
	return c.grade == record.GradeA && t.qualified > w.now && t.grade == record.GradeB &&
		c.proved > t.proved && c.proved > t.since && len(t.charges) == 0
}

// findPlace finds a claim or a succession a place among those that stand on a title
// (CLAIM-12, CLAIM-22).
func (w *twin) findPlace(add breaks, c *twinClaim, t *twinTitle) {
	for _, o := range w.claimsOn(t) {
		if !o.standing() || o.succession || c.succession {
			continue
		}
		meets := inr.Overlaps(o.at, c.at)
		if !(o.by == c.by && meets) && !(c.grade == record.GradeA && o.grade == record.GradeA && o.issuer == c.issuer) {
			continue
		}
		newer := c.grade != record.GradeA || c.proved > o.proved
		if !meets || !better(c.grade, o.grade) && !(twinRank(c.grade) == twinRank(o.grade) && newer) {
			refuse(add, "CLAIM-12")
			return
		}
		w.event("own or issuer's gave way")
		w.dropClaim(o.id)
	}
	list := slices.DeleteFunc(w.claimsOn(t), func(o twinClaim) bool { return !o.standing() })
	if len(list) >= twinClaimsStand {
		var last *twinClaim
		for i := range list {
			o := &list[i]
			if !o.succession && (last == nil || better(last.grade, o.grade) || last.grade == o.grade && o.began > last.began) {
				last = o
			}
		}
		if last == nil || !better(c.grade, last.grade) {
			refuse(add, "CLAIM-12")
			return
		}
		w.event("last gave way")
		w.dropClaim(last.id)
	}
	w.putClaim(c)
}

func refuse(add breaks, rule string) {
	if add == nil {
		panic("the twin did what " + rule + " refuses")
	}
	add(rule, true)
}

// putClaim writes a claim anew, and shows it.
func (w *twin) putClaim(c *twinClaim) {
	one := *c
	w.claims = slices.DeleteFunc(w.claims, func(o twinClaim) bool { return o.id == one.id })
	w.claims = append(w.claims, one)
	w.showClaims()
}

// caution enters a claim that warns and no more (CLAIM-13, CLAIM-21).
func (w *twin) caution(add breaks, c *twinClaim, t *twinTitle) {
	t.strike(w.over)
	var marks []twinClaim
	for _, o := range w.claimsOn(t) {
		if o.stage == record.Marked {
			marks = append(marks, o)
			if o.by == c.by {
				refuse(add, "CLAIM-13")
				return
			}
		}
	}
	if len(marks) >= twinClaimMarks {
		oldest := slices.MinFunc(marks, func(x, y twinClaim) int { return int(x.began) - int(y.began) })
		w.event("oldest caution gave way")
		w.dropClaim(oldest.id)
	}
	c.stage, c.next = record.Marked, w.now+twinCautions
	c.ends = c.next
	w.putClaim(c)
}

// entry makes a claim of grade C an entry (CLAIM-20).
func (w *twin) entry(add breaks, c *twinClaim, t *twinTitle) {
	for _, o := range w.claimsOn(t) {
		if o.standing() {
			refuse(add, "CLAIM-20")
			return
		}
	}
	w.event("entry")
	w.award(t, c)
	w.dropClaim(c.id)
}

// attest is a registrar's word, and what follows from it.
func (w *twin) attest(add breaks, author wire.Address, b *tx.ClaimAttest) {
	c := *w.claim(b.Claim)
	x := twinWord{record.Attests, author, b.Notice, b.Noticed, w.now, c.at}
	if c.stage == record.Silent {
		x.kind = record.Notifies
		c.extend(w)
		c.next, c.ends = max(c.next, w.now+twinUnanswered/6), max(c.ends, w.now+twinUnanswered/6)
	}
	c.say(x)
	w.putClaim(&c)
	if c.stage == record.Silent {
		return
	}
	t := w.titleOf(c.at)
	w.used = append(slices.Clone(w.used), twinUse{author, t.row.Registry, w.part(), c.at})
	if len(w.basis(&c)) < c.needs() {
		return
	}
	if !c.succession {
		w.stand(add, &c, false)
		return
	}
	if slices.ContainsFunc(w.claimsOn(t), func(o twinClaim) bool { return o.succession && o.id != c.id && o.standing() }) {
		refuse(add, "CLAIM-22")
		return
	}
	c.stage, c.began, c.next, c.stalled = record.Window, w.now, w.now+twinSucceeds, w.stalled
	c.ends = c.next
	w.findPlace(add, &c, t)
}

// needs is how many registrars it takes (CLAIM-11).
func (c *twinClaim) needs() int {
	if c.grade == record.GradeC {
		return 1
	}
	return twinWords
}

// basis are the registrars that attest a claim and serve.
func (w *twin) basis(c *twinClaim) (out []wire.Address) {
	for _, x := range c.words {
		if x.kind == record.Attests && w.serves(x.by) {
			out = append(out, x.by)
		}
	}
	return sortAddresses(out)
}

func (w *twin) object(author wire.Address, b *tx.ClaimObject) {
	c := w.claim(b.Claim)
	if b.Evidence.IsZero() {
		c.say(twinWord{record.Objects, author, b.Reason, 0, w.now, b.Resource})
		return
	}
	p := w.proof(b.Evidence)
	c.objections = slices.DeleteFunc(slices.Clone(c.objections), func(x twinObjection) bool { return x.issuer == p.issuer })
	c.objections = append(c.objections, twinObjection{author, p.issuer, p.signed, b.Resource})
}

func (w *twin) withdraw(author wire.Address, id wire.Hash) {
	c := w.claim(id)
	if c.by == author {
		w.dropClaim(id)
		return
	}
	c.words = slices.DeleteFunc(slices.Clone(c.words), func(x twinWord) bool { return x.by == author && x.kind == record.Objects })
	c.objections = slices.DeleteFunc(slices.Clone(c.objections), func(x twinObjection) bool { return x.by == author })
	w.reconsider(c.at)
}

// adjudicate leaves a claim to adjudicators (CLAIM-17).
func (w *twin) adjudicate(c *twinClaim) {
	c.stage, c.next, c.stalled = record.Answered, w.now+twinRestricts, w.stalled
	c.ends = c.next
	w.openContest(c)
}

// dropClaim ends a claim; others on its title that it contested go on.
func (w *twin) dropClaim(id wire.Hash) {
	c := w.claim(id)
	if c == nil {
		return
	}
	one := *c
	w.claims = slices.DeleteFunc(w.claims, func(o twinClaim) bool { return o.id == id })
	w.closeContest(id)
	if one.stage == record.Attesting {
		return
	}
	if t := w.titleOf(one.at); t != nil {
		t.strike(func(x twinAgainst) bool { return x.act == id })
	}
	w.reconsider(one.at)
}

// reconsider lets the disputed claims on a title be looked at in the next second.
func (w *twin) reconsider(r wire.Resource) {
	t := w.titleOf(r)
	if t == nil {
		return
	}
	for _, o := range w.claimsOn(t) {
		if c := w.claim(o.id); c.stage == record.Disputed && c.next > w.now+1 {
			c.extend(w)
			c.next = w.now + 1
		}
	}
}

// extend lengthens a claim's times by what the chain stood still (CLAIM-27).
func (c *twinClaim) extend(w *twin) {
	grown := w.stalled - c.stalled
	c.next, c.stalled = c.next+grown, w.stalled
	if c.ends != 0 {
		c.ends += grown
	}
}

// contested is the smallest block around all of a claim that is contested (CLAIM-14).
func (w *twin) contested(c *twinClaim) (part wire.Resource, some bool) {
	add := func(r wire.Resource) {
		if !inr.Overlaps(r, c.at) {
			return
		}
		if inr.Covers(r, c.at) {
			r = c.at
		}
		if !some {
			part, some = r, true
		}
		for !inr.Covers(part, r) {
			part = inr.Truncate(part, part.Len-1)
		}
	}
	for _, o := range w.claims {
		if o.id != c.id && o.standing() && !o.succession && o.by != c.by && !better(c.grade, o.grade) {
			add(o.at)
		}
	}
	for _, x := range c.objections {
		add(x.block)
	}
	for _, x := range c.words {
		for _, y := range c.words {
			abroad := c.grade != record.GradeA || w.serves(x.by) && w.serves(y.by) && w.registrar(x.by).jurisdiction != w.registrar(y.by).jurisdiction
			if x.kind != record.Objects || y.kind != record.Objects || !w.apart(x.by, y.by) || !abroad {
				continue
			}
			if inr.Covers(x.block, y.block) {
				add(y.block)
			}
		}
	}
	return part, some
}

// showClaims records against each title what its claims stand for (CLAIM-13, CLAIM-15).
func (w *twin) showClaims() {
	for i := range w.claims {
		c := &w.claims[i]
		t := w.titleOf(c.at)
		if c.stage == record.Attesting || t == nil {
			continue
		}
		want := w.shows(c)
		gone := func(x twinAgainst) bool {
			return x.act == c.id && !slices.ContainsFunc(want, func(y twinAgainst) bool { return x.same(y) })
		}
		if slices.ContainsFunc(t.against, gone) {
			t.strike(gone)
		}
		for _, y := range want {
			if !slices.ContainsFunc(t.against, func(x twinAgainst) bool { return x.same(y) }) {
				t.record(y)
			}
		}
	}
}

func (x twinAgainst) same(y twinAgainst) bool { x.since, y.since = 0, 0; return x == y }

// shows is what a claim stands for.
func (w *twin) shows(c *twinClaim) (out []twinAgainst) {
	x := twinAgainst{act: c.id, at: c.at, since: w.now, until: c.ends}
	switch c.stage {
	case record.Marked:
		x.kind = record.Caution
	case record.Window:
		part, some := w.contested(c)
		if some = some && !c.succession; some {
			out = append(out, twinAgainst{kind: record.Contest, act: c.id, at: part, since: w.now, until: c.ends})
		}
		x.kind, x.until = record.Claimed, c.next
		if some && part == c.at {
			return out
		}
	default:
		x.kind = record.Contest
	}
	return append(out, x)
}
