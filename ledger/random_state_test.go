package ledger_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// compareState compares all that stands, one by one.
func (p *pair) compareState(t *testing.T) {
	ours, twins := p.ledgerSays(), p.twinSays()
	slices.Sort(ours)
	slices.Sort(twins)
	if slices.Equal(ours, twins) {
		return
	}
	less := func(a, b []string) string {
		var out []string
		for i, x := range a { // both are sorted; one may say something twice
			n := i - slices.Index(a, x)
			if at := slices.Index(b, x); at < 0 || at+n >= len(b) || b[at+n] != x {
				out = append(out, x)
			}
		}
		return strings.Join(out, "\n")
	}
	t.Errorf("height %d: the ledger alone says\n%s\nthe twin alone says\n%s", p.last.Height, less(ours, twins), less(twins, ours))
}

func (p *pair) ledgerSays() (out []string) {
	for _, f := range []wire.Family{wire.IPv4, wire.ASN} {
		p.state.Walk(tree.Key{Subtree: tree.Subtree(f)}, func(l tree.Leaf) bool { out = append(out, p.describe(l)...); return true })
	}
	p.state.Walk(tree.Key{Subtree: tree.Dealings}, func(l tree.Leaf) bool {
		if o, err := record.OfferFromBytes(l.Data); err == nil {
			out = append(out, fmt.Sprintf("offer of kind %d by %v to %v of %v in %v with %v, accepted %d, met %d",
				o.Kind, o.Maker, o.To, o.Resource, o.Title, o.Consents, o.Accepted, o.Met))
			if o.Kind == uint64(tx.KindTransferOffer) {
				out = append(out, fmt.Sprintf("offer from %d until %d", o.Earliest, o.Until))
			}
		}
		return true
	})
	p.state.Walk(tree.Key{Subtree: tree.Dealings}, func(l tree.Leaf) bool { out = append(out, p.evidenceSays(l.Data)...); return true })
	out = slices.Concat(out, p.claimsSay(), p.sourcesSay(), p.disputesSay(), p.governmentSays())
	for _, name := range p.names {
		out = append(out, p.describeAccount(name))
	}
	accounts := 0
	p.state.Walk(tree.Key{Subtree: tree.Accounts}, func(tree.Leaf) bool { accounts++; return true })
	out = append(out, fmt.Sprintf("%d accounts", accounts))
	return out
}

// describe says what is written at one block.
func (p *pair) describe(l tree.Leaf) (out []string) {
	at := l.Key.Resource()
	f, err := record.FolioFromBytes(l.Data)
	if err != nil {
		p.t.Fatal(err)
	}
	if title := p.title(at.String()); title != nil {
		out = append(out, p.titleSays(at, title).describe())
	}
	if len(f.Contacts) > 0 {
		s, err := record.ServicesFromBytes(f.Contacts)
		if err != nil {
			p.t.Fatal(err)
		}
		out = append(out, describeServices(at, s))
	}
	charges, err := record.ChargesFromBytes(f.Charges)
	if err != nil {
		p.t.Fatal(err)
	}
	for i, c := range charges {
		x := twinCharge{c.ID, c.Lender, tx.ChargeMode(c.Mode), c.Law, c.Deed, c.Longest, c.Entered, c.Enforced, c.Notice, c.Buyer, c.Contested, c.Stalled}
		out = append(out, fmt.Sprintf("charge %d over %v: %+v", i, at, x))
	}
	holds, err := record.RestrictionsFromBytes(f.Restrictions)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, h := range holds {
		if h.Kind != record.Hold {
			out = append(out, twinAgainst{h.Kind, h.Act, h.At, h.Since, h.Until, h.Says}.describe(at))
			continue
		}
		out = append(out, fmt.Sprintf("hold on %v by %v until %d", at, h.Act, h.Until))
	}
	for i, e := range p.estates(at.String()) {
		out = append(out, fmt.Sprintf("estate %d %v %v", i, at, e.ID)+p.describeEstate(&e))
	}
	origins, err := record.OriginsFromBytes(f.Authorisations)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, o := range origins {
		out = append(out, fmt.Sprintf("origin %v-%d AS%d %v", at, o.MaxLength, o.AS, o.Holder))
	}
	return out
}

func (p *pair) describeEstate(r *record.Estate) string {
	e := twinEstate{
		holder: r.Holder, start: r.Start, notice: r.Notice, sub: r.SubGrants, ends: r.Ends, warning: r.Warning, started: r.Started,
		lease: r.Kind == record.Lease,
	}
	for _, x := range r.Lease {
		e.twinTerms = twinTerms{
			renew: x.Renew, clause: tx.Clause(x.Clause), clauseNotice: x.ClauseNotice, agent: x.Agent, suspend: x.Suspend,
			reversion: x.Reversion, operator: x.Operator, abuse: x.Abuse, price: x.Price, first: x.Origins,
			suspended: x.Suspended, spent: x.Spent, answer: x.Answer, lessor: x.Lessor,
		}
		for _, ref := range x.Back {
			e.back = append(e.back, twinOrigin{at: ref.Resource, most: ref.MaxLength, as: ref.AS})
		}
	}
	return e.describe(p.last.Time)
}

// describe is an estate in words; a suspension that has run out is none.
func (e twinEstate) describe(now uint64) string {
	if e.suspended <= now {
		e.suspended = 0
	}
	if len(e.back) == 0 {
		e.lessor = wire.Address{}
	}
	e.at, e.id, e.back = wire.Resource{}, wire.Hash{}, slices.Clone(e.back)
	for i := range e.back {
		e.back[i].holder = wire.Address{}
	}
	return fmt.Sprintf(" %+v", e)
}

func (p *pair) twinSays() (out []string) {
	for _, x := range p.twin.titles {
		out = append(out, x.describe())
		for _, y := range x.against {
			out = append(out, y.describe(x.at))
		}
		for i, c := range x.charges {
			out = append(out, fmt.Sprintf("charge %d over %v: %+v", i, x.at, c))
		}
		if !x.hold.IsZero() {
			out = append(out, fmt.Sprintf("hold on %v by %v until %d", x.at, x.hold, p.twin.offer(x.hold).until))
		}
	}
	places := map[wire.Resource]int{}
	for _, e := range p.twin.estates {
		out = append(out, fmt.Sprintf("estate %d %v %v", places[e.at], e.at, e.id)+e.describe(p.last.Time))
		places[e.at]++
	}
	out = append(out, fmt.Sprintf("%d accounts", len(p.twin.accounts)))
	for _, name := range p.names {
		a := p.twin.accounts[who(name)]
		out = append(out, a.describe(a.bits(), a.stage()))
	}
	for _, o := range p.twin.origins {
		out = append(out, fmt.Sprintf("origin %v-%d AS%d %v", o.at, o.most, o.as, o.holder))
	}
	for _, f := range p.twin.feeds {
		out = append(out, f.describe()...)
	}
	for _, c := range p.twin.claims {
		out = append(out, c.describe())
	}
	out = slices.Concat(out, p.twin.disputesSay(), p.twin.twinGovernment.describe(p.twin))
	for _, x := range p.twin.shown {
		out = append(out, x.describe())
	}
	for _, s := range p.twin.services {
		out = append(out, s.describe())
	}
	for _, o := range p.twin.offers {
		var consents []record.Consent
		for _, c := range o.consents {
			consents = append(consents, record.Consent{By: c.by, Charge: c.charge, Release: c.release})
		}
		met := 0
		if o.byAgent {
			met++
		}
		if o.bySecret {
			met += 2
		}
		out = append(out, fmt.Sprintf("offer of kind %d by %v to %v of %v in %v with %v, accepted %d, met %d",
			o.kind(), o.maker, o.to, o.at, o.title, consents, o.accepted, met))
		if o.kind() == tx.KindTransferOffer {
			out = append(out, fmt.Sprintf("offer from %d until %d", o.earliest, o.body.(*tx.TransferOffer).Until))
		}
	}
	return out
}
