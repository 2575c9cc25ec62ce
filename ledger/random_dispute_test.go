package ledger_test

import (
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// disputeAct makes some act on cases and orders; mostly on those that are there.
func (p *pair) disputeAct() (string, tx.Body) {
	switch n := p.pick(20); {
	case n < 2 || n < 5 && len(p.twin.cases)+len(p.twin.orders) == 0:
		return p.someCaution()
	case n < 4:
		return p.someOrder()
	case n < 5:
		return p.someForum()
	case n < 11 && len(p.twin.cases) > 0:
		return p.inCase(p.someCase())
	case n < 16 && len(p.twin.orders) > 0:
		return p.onOrder(p.twin.orders[p.pick(len(p.twin.orders))])
	}
	return p.carrying()
}

// reasons are one of two digests, mostly the same.
func (p *pair) reasons() wire.Hash {
	if p.pick(10) == 0 {
		return wire.Hash{2}
	}
	return wire.Hash{1}
}

func (p *pair) someCaution() (string, tx.Body) {
	return p.anybody(), &tx.Caution{Resource: p.inside(p.block4()), Ground: tx.Ground(1 + p.pick(4)), Digest: p.reasons()}
}

func (p *pair) someForum() (string, tx.Body) {
	t := p.someTitle(func(t twinTitle) bool { return t.dealable && len(t.charges) == 0 })
	return p.likely(t.holder), &tx.ForumSet{Resource: t.at, Forum: []string{"", "NAI", "ICC"}[p.pick(3)], Value: p.seen(t.at)}
}

func (p *pair) someOrder() (string, tx.Body) {
	b := &tx.OrderRecord{Resource: p.inside(p.block4()), Court: "court", Jurisdiction: "NL", Reference: "1", Digest: p.reasons()}
	if p.pick(2) == 0 {
		b.Final, b.To = true, who(p.someone())
	}
	if p.pick(20) == 0 {
		b.Final, b.To = true, wire.Address{1}
	}
	by := p.anybody()
	for _, c := range p.twin.cases {
		if c.state == record.CaseEntered && p.pick(3) == 0 {
			b.Resource, b.Caution, by = c.at, c.id, p.nameOf(c.party)
		}
	}
	return by, b
}

// someCase is a case that goes on, most of the time.
func (p *pair) someCase() twinCase {
	c := p.twin.cases[p.pick(len(p.twin.cases))]
	for range 3 {
		if c.state != record.CaseEntered && !c.over() {
			break
		}
		c = p.twin.cases[p.pick(len(p.twin.cases))]
	}
	return c
}

// inCase is what a case waits for, most of the time.
func (p *pair) inCase(c twinCase) (string, tx.Body) {
	holder := wire.Address{}
	if t := p.twin.titleOf(c.at); t != nil {
		holder = t.holder
	}
	vote := &tx.CaseDecide{Case: c.id, Verdict: tx.VerdictHolder, Reasons: p.reasons()}
	if c.id[0]%2 == 0 != (p.pick(8) == 0) {
		vote.Verdict = tx.VerdictClaimant
	}
	switch n := p.pick(8); {
	case n == 0:
		return p.nameOf(holder), &tx.CautionAnswer{Case: c.id, Resource: c.at, Digest: p.reasons()}
	case n == 1 && c.heard():
		return p.adjudicator(), &tx.OrderConfirm{Matter: c.id, Digest: wire.Hash{3}}
	case c.state == record.CaseEntered:
		if vote.Verdict = tx.VerdictAccept; p.pick(6) == 0 {
			vote.Verdict = tx.VerdictDismiss
		}
		return p.adjudicator(), vote
	case c.state == record.CaseAccepted && len(c.panel) > 0:
		if c.hears > p.last.Time {
			p.leap = c.hears - p.last.Time
		}
		return p.nameOf(c.panel[p.pick(len(c.panel))]), vote
	case c.state == record.CaseDecided || p.pick(12) == 0:
		return p.nameOf([]wire.Address{c.party, holder}[p.pick(2)]), &tx.CaseAppeal{Case: c.id, Resource: c.at, Digest: p.reasons()}
	}
	return p.nameOf(p.twin.members[p.pick(len(p.twin.members))].account), vote
}

// onOrder is what an order waits for, most of the time.
func (p *pair) onOrder(o twinOrder) (string, tx.Body) {
	switch n := p.pick(9); {
	case o.status == tx.OrderInEffect && n < 3, n == 0:
		return p.adjudicator(), &tx.OrderConfirm{Matter: o.id, Digest: wire.Hash{byte(3 + p.pick(2))}}
	case o.status == tx.OrderInEffect && n == 3:
		return p.adjudicator(), &tx.OrderStatus{Order: o.id, Status: tx.OrderLifted, Reasons: p.reasons()}
	case n == 1:
		return p.adjudicator(), &tx.OrderStatus{Order: o.id, Status: tx.OrderRefused, Findings: uint64(p.pick(2)), Reasons: p.reasons()}
	}
	return p.adjudicator(), &tx.OrderStatus{Order: o.id, Status: tx.OrderInEffect, Findings: tx.FoundAll}
}

// carrying enters a matter's freeze on a title, or lifts what it recorded.
func (p *pair) carrying() (string, tx.Body) {
	matter, r := wire.Hash{5}, p.block4()
	if n := len(p.twin.orders); n > 0 {
		o := p.twin.orders[p.pick(n)]
		matter, r = o.id, p.inside(o.at)
	}
	if p.pick(3) == 0 {
		return p.anybody(), &tx.Restrict{Matter: matter, Resource: r}
	}
	var found []twinTitle
	for _, t := range p.twin.titles {
		if len(t.against) > 0 {
			found = append(found, t)
		}
	}
	if len(found) > 0 {
		t := found[p.pick(len(found))]
		matter, r = t.against[p.pick(len(t.against))].act, t.at
	}
	by := p.anybody()
	if c := p.twin.caseOf(matter); c != nil && p.pick(4) == 0 {
		by = p.nameOf(c.party)
	}
	return by, &tx.Lift{Matter: matter, Resource: r}
}

// disputesSay are the cases and orders in the ledger, in the twin's words.
func (p *pair) disputesSay() (out []string) {
	p.state.Walk(tree.Key{Subtree: tree.Due}, func(l tree.Leaf) bool {
		d, err := record.DueFromBytes(l.Data)
		if err != nil || d.Kind != record.DueCase {
			return true
		}
		if d.Sort == record.SortOrder {
			out = append(out, orderSays(d.Act, p.order(d.Act)))
		} else {
			out = append(out, caseSays(d.Act, p.dispute(d.Act)))
		}
		return true
	})
	return out
}

func votesSay(list []record.Vote) (out []twinVote) {
	for _, v := range list {
		out = append(out, twinVote{v.By, v.Says, v.Digest})
	}
	return out
}

func caseSays(id wire.Hash, c *record.Case) string {
	x := twinCase{
		id: id, sort: c.Sort, at: c.Resource, party: c.Party, against: c.Against, ground: tx.Ground(c.Ground), digest: c.Digest, answer: c.Answer,
		order: c.Order, state: c.State, entered: c.Entered, stalled: c.Stalled, next: c.Next, until: c.Until, renewed: c.Renewed, hears: c.Hears,
		panel: c.Panel, votes: votesSay(c.Votes), verdict: tx.Verdict(c.Verdict), reasons: c.Reasons, appeal: c.Appeal,
	}
	return x.describe()
}

func orderSays(id wire.Hash, o *record.Order) string {
	x := twinOrder{
		id: id, author: o.Author, at: o.Resource, digest: o.Digest, final: o.Final, to: o.To, entered: o.Entered, stalled: o.Stalled,
		until: o.Until, status: tx.OrderState(o.Status), findings: o.Findings, reasons: o.Reasons, votes: votesSay(o.Votes),
	}
	return x.describe()
}

// disputesSay are the twin's cases and orders in words.
func (d *twinDisputes) disputesSay() (out []string) {
	for i := range d.cases {
		out = append(out, d.cases[i].describe())
	}
	for i := range d.orders {
		out = append(out, d.orders[i].describe())
	}
	return out
}
