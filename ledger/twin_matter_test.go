package ledger_test

import (
	"cmp"
	"slices"

	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// brokenMatter is of a proposal that could not take effect as the state stands (GOV-2).
func (w *twin) brokenMatter(add breaks, b *tx.Propose) {
	switch record.Matter(b.Matter) {
	case record.AdmitMember:
		add("GOV-2", w.member(b.Key) != nil || slices.ContainsFunc(w.members, func(x twinMember) bool { return x.name == b.Name }))
		w.brokenVoterOf(add, b.Subject)
		w.brokenCaps(add, b)
	case record.RemoveMember:
		add("GOV-2", w.member(b.Key) == nil)
		add("GOV-19", len(w.members) <= 4)
	case record.MemberAccount:
		add("GOV-2", w.member(b.Key) == nil)
		w.brokenVoterOf(add, b.Subject)
	case record.AdmitRegistrar:
		add("GOV-2", w.accounts[b.Subject] == nil || w.serves(b.Subject))
	case record.AdmitAdjudicator:
		add("GOV-2", w.accounts[b.Subject] == nil || w.adjudicates(b.Subject))
	case record.RemoveRegistrar:
		add("GOV-2", !w.serves(b.Subject))
	case record.RemoveAdjudicator:
		add("GOV-2", !w.adjudicates(b.Subject))
	case record.AddTrustAnchor, record.AddRegistryCA:
		add("GOV-2", slices.Contains(w.anchors, anchorOf(b)))
	case record.RemoveTrustAnchor, record.RemoveRegistryCA:
		add("GOV-2", !slices.Contains(w.anchors, twinAnchor{b.Key, anchorKind(b)}))
	case record.Upgrade:
		add("GOV-10", b.Value != w.rules+1)
	case record.RegistryCeased, record.RegistryResumed:
		_, known := record.RegistryOf(b.Name)
		add("GOV-2", !known)
		add("GOV-11", slices.Contains(w.ceased, b.Name) == (record.Matter(b.Matter) == record.RegistryCeased))
	case record.Allot:
		w.brokenAllot(add, b)
	case record.LiftFreeze:
		t := w.titleOf(resource(b.Block))
		add("GOV-2", t == nil || !t.froze(b.Key))
	}
}

// brokenVoterOf is of an account that may not come to vote for a member (GOV-5).
func (w *twin) brokenVoterOf(add breaks, who wire.Address) {
	add("GOV-2", w.accounts[who] == nil)
	add("GOV-5", w.votesForMember(who))
}

func (w *twin) brokenAllot(add breaks, b *tx.Propose) {
	r := resource(b.Block)
	t := w.titleOf(r)
	add("GOV-12", t == nil || t.state != record.Available)
	if t != nil {
		add("GOV-11", t.state == record.Available && !slices.Contains(w.ceased, t.row.Registry))
	}
	add("GOV-2", w.accounts[b.Subject] == nil)
	add("TITLE-4", tooSmall(r))
}

func (w *twin) allots(b *tx.Propose) bool { return record.Matter(b.Matter) == record.Allot }

// freshPart reports whether an allotment would cut a title that was opened in this
// ledger block.
func (w *twin) freshPart(b *tx.Propose) bool {
	return w.notWhole(resource(b.Block)) && w.fresh(resource(b.Block))
}

func anchorKind(b *tx.Propose) record.AnchorKind {
	switch record.Matter(b.Matter) {
	case record.AddTrustAnchor, record.RemoveTrustAnchor:
		return record.TrustAnchor
	}
	return record.RegistryCA
}

func anchorOf(b *tx.Propose) twinAnchor {
	kind := anchorKind(b)
	return twinAnchor{wire.Sum(wire.TagRecord, []byte{byte(kind)}, b.Material), kind}
}

// brokenCaps is of an admission that brings what it belongs to above a cap (GOV-17).
func (w *twin) brokenCaps(add breaks, b *tx.Propose) {
	all := append(slices.Clone(w.members), twinMember{organisation: b.Organisation, jurisdiction: b.Jurisdiction, hosting: b.Hosting})
	for _, x := range w.above(all) {
		add("GOV-17", x.name == [...]string{"", b.Organisation, b.Jurisdiction, b.Hosting}[x.scope])
	}
}

// above lists what has more of some members than its cap.
func (w *twin) above(all []twinMember) (out []twinCure) {
	if len(all) < 4 {
		return nil
	}
	count := map[twinCure]int{}
	for _, x := range all {
		count[twinCure{scope: record.ByOrganisation, name: x.organisation}]++
		count[twinCure{scope: record.ByJurisdiction, name: x.jurisdiction}]++
		count[twinCure{scope: record.ByHosting, name: x.hosting}]++
	}
	for c, n := range count {
		share := max(1, len(all)*int(w.params["member_share"])/1_000_000)
		if c.scope == record.ByOrganisation && n > share || c.scope != record.ByOrganisation && 3*n >= len(all) {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(x, y twinCure) int { return cmp.Or(cmp.Compare(x.scope, y.scope), cmp.Compare(x.name, y.name)) })
	return out
}

// cure opens a cure term for what came above its cap, and ends that of what is no more
// (GOV-18).
func (w *twin) cure() {
	now := w.above(w.members)
	for i := range now {
		now[i].since, now[i].until = w.now, w.now+w.params["cure_seconds"]
		for _, old := range w.cures {
			if old.scope == now[i].scope && old.name == now[i].name {
				now[i] = old
			}
		}
	}
	w.cures = now
}

func (w *twin) late(c twinCure) {
	w.cures = slices.Clone(w.cures)
	w.cures[slices.Index(w.cures, c)].overdue = true
}

// effect does what was decided.
func (w *twin) effect(id wire.Hash, b *tx.Propose) {
	switch record.Matter(b.Matter) {
	case record.AdmitMember:
		w.members = append(w.members, twinMember{b.Key, b.Name, b.Organisation, b.Jurisdiction, b.Hosting, b.Subject})
		w.cure()
	case record.RemoveMember:
		w.members = slices.DeleteFunc(w.members, func(x twinMember) bool { return x.key == b.Key })
		w.cure()
	case record.MemberAccount:
		w.member(b.Key).account = b.Subject
	case record.AdmitRegistrar:
		w.registrars = slices.DeleteFunc(w.registrars, func(x twinRegistrar) bool { return x.account == b.Subject })
		w.registrars = append(w.registrars, twinRegistrar{account: b.Subject, organisation: b.Organisation, jurisdiction: b.Jurisdiction})
	case record.RemoveRegistrar:
		w.dismiss(id, b.Subject)
	case record.AdmitAdjudicator:
		w.adjudicators = append(w.adjudicators, twinBody{b.Subject, b.Organisation, b.Jurisdiction, w.now})
	case record.RemoveAdjudicator:
		w.adjudicators = slices.DeleteFunc(w.adjudicators, func(x twinBody) bool { return x.account == b.Subject })
	case record.SetParameter:
		w.params[b.Name] = b.Value
		w.cure()
	case record.AddTrustAnchor, record.AddRegistryCA:
		w.anchors = append(w.anchors, anchorOf(b))
	case record.RemoveTrustAnchor, record.RemoveRegistryCA:
		w.anchors = slices.DeleteFunc(w.anchors, func(x twinAnchor) bool { return x.hash == b.Key })
	case record.Upgrade:
		w.next, w.height = b.Value, max(b.Height, w.block+2)
	case record.RegistryCeased:
		w.ceased = append(w.ceased, b.Name)
	case record.RegistryResumed:
		w.ceased = slices.DeleteFunc(w.ceased, func(x string) bool { return x == b.Name })
	case record.Allot:
		w.allot(resource(b.Block), b.Subject)
	case record.LiftFreeze:
		t := w.titleOf(resource(b.Block))
		t.strike(func(x twinAgainst) bool { return x.kind == record.Freeze && x.act == b.Key })
		w.touch(t.at)
	}
}

// allot gives an available title, or a part of one, to an account (GOV-12).
func (w *twin) allot(r wire.Resource, to wire.Address) {
	if t := w.titleOf(r); t.at != r {
		w.cut(t.at, r)
	}
	t := w.titleOf(r)
	t.state, t.holder, t.grade, t.dealable = record.Held, to, record.GradeB, true
	t.proved, t.since, t.qualified, t.basis = w.now, w.now, 0, nil
	w.touch(r)
}
