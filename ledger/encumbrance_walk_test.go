package ledger_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// pawnshop is a world in which chance charges, enforces, holds and surrenders.
type pawnshop struct {
	*world
	rng    *rand.Rand
	names  []string
	offers []wire.Hash
	done   map[string]int
	refuse map[string]int
}

// TestRandom_R9_R4 makes one random act a ledger block on a few charged and
// held titles. Every block checks the invariants; besides, whenever a charged
// title changes its holder, each lender has consented to the transfer, or an
// enforcement fell due.
func TestRandom_R9_R4(t *testing.T) {
	done, refuse := map[string]int{}, map[string]int{}
	for i := range min(*sequences, 40) {
		w := lending(t)
		for _, name := range []string{"60.0.0.0/16", "60.1.0.0/16", "61.0.0.0/20"} {
			holder := map[bool]string{true: "ben", false: "ana"}[name == "61.0.0.0/20"]
			w.pledge(holder, "bank", name)
		}
		w.change("cat", func(a *account.Account) { a.Delay = 30 })
		p := &pawnshop{world: w, rng: rand.New(rand.NewPCG(uint64(i), 9)), names: []string{"ana", "ben", "cat", "bank", "fund"}, done: done, refuse: refuse}
		for range 150 {
			p.step()
		}
		if t.Failed() {
			t.Fatalf("sequence %d", i)
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(refuse)) {
		t.Logf("%-16s done %4d, refused %4d", kind, done[kind], refuse[kind])
	}
	for _, kind := range []string{"ChargePropose", "ChargeAccept", "ChargeConsent", "ChargeRelease", "ChargeEnforce", "ChargeContest",
		"ChargeRedeem", "TransferOffer", "TransferAccept", "TransferRelease", "Surrender", "List", "Split", "Merge", "OfferCancel"} {
		if done[kind] == 0 {
			t.Errorf("%s was never done", kind)
		}
	}
}

func (p *pawnshop) step() {
	name, body := p.next()
	before := p.state
	r := p.block([]uint64{1, 1, 1, 7, 300}[p.rng.IntN(5)], p.sign(name, body))
	kind := kindOf(body)
	p.refuse[kind] += int(r.Receipts[0].Outcome)
	if r.Receipts[0].Outcome == ledger.Done {
		p.done[kind]++
		switch body.(type) {
		case *tx.TransferOffer, *tx.ChargePropose, *tx.ChargeRedeem, *tx.Surrender, *tx.List, *tx.GrantOffer:
			p.offers = append(p.offers, p.id)
		}
	}
	p.movesAreFree(before, body, r.Receipts[0].Outcome == ledger.Done)
}

// movesAreFree keeps R9 between two states.
func (p *pawnshop) movesAreFree(before tree.State, body tx.Body, done bool) {
	for _, f := range []wire.Resource{resource("60.0.0.0/8"), resource("61.0.0.0/8")} {
		before.Walk(tree.ResourceKey(f), func(l tree.Leaf) bool {
			folio, _ := record.FolioFromBytes(l.Data)
			charges, _ := record.ChargesFromBytes(folio.Charges)
			if len(charges) == 0 {
				return true
			}
			title, _ := record.TitleFromBytes(folio.Title)
			for _, now := range p.pieces(l.Key.Resource()) {
				if now.Holder != title.Holder && !p.enforced(charges, now.Holder) && !(done && consentedBefore(before, body, charges)) {
					p.t.Errorf("%v under %d charges went from %v to %v", l.Key.Resource(), len(charges), title.Holder, now.Holder)
				}
			}
			return true
		})
	}
}

// pieces are the titles that lie in a block now, or over it.
func (p *pawnshop) pieces(r wire.Resource) (out []*record.Title) {
	add := func(l tree.Leaf) bool {
		if f, _ := record.FolioFromBytes(l.Data); len(f.Title) > 0 {
			title, _ := record.TitleFromBytes(f.Title)
			out = append(out, title)
		}
		return true
	}
	p.state.Walk(tree.ResourceKey(r), add)
	for _, l := range p.state.Path(tree.ResourceKey(r)) {
		if l.Key.Resource() != r {
			add(l)
		}
	}
	return out
}

func (p *pawnshop) enforced(charges []record.Charge, to wire.Address) bool {
	return slices.ContainsFunc(charges, func(c record.Charge) bool {
		return c.Enforced != 0 && c.Enforced <= p.last.Time && c.Buyer == to
	})
}

// consentedBefore reports whether the act carried out a transfer that each
// lender had consented to; a consent is to an offer that had not lapsed, so it is
// of just these charges.
func consentedBefore(before tree.State, body tx.Body, charges []record.Charge) bool {
	var id wire.Hash
	switch b := body.(type) {
	case *tx.TransferAccept:
		id = b.Offer
	case *tx.TransferRelease:
		id = b.Offer
	}
	leaf, ok := before.Get(record.OfferKey(id))
	if !ok {
		return false
	}
	o, _ := record.OfferFromBytes(leaf.Data)
	for _, c := range charges {
		if !slices.ContainsFunc(o.Consents, func(x record.Consent) bool { return x.Charge == c.ID && x.By == c.Lender }) {
			return false
		}
	}
	return true
}

// titles are all blocks with a title of addresses, by their text.
func (p *pawnshop) titles() (out []string) {
	p.state.Walk(tree.Key{Subtree: tree.IPv4}, func(l tree.Leaf) bool {
		if f, _ := record.FolioFromBytes(l.Data); len(f.Title) > 0 {
			out = append(out, l.Key.Resource().String())
		}
		return true
	})
	return out
}

// inside is a block of a size that grants have, in a title.
func (p *pawnshop) inside(r wire.Resource) wire.Resource {
	for range p.rng.IntN(4) {
		if low, high, ok := inr.Halves(r); ok {
			r = []wire.Resource{low, high}[p.rng.IntN(2)]
		}
	}
	return r
}

func (p *pawnshop) nameOf(id wire.Address) string {
	for _, name := range p.names {
		if who(name) == id {
			return name
		}
	}
	return p.some()
}

func (p *pawnshop) some() string { return p.names[p.rng.IntN(len(p.names))] }

// next makes some act, most of the time by one who may do it.
func (p *pawnshop) next() (string, tx.Body) {
	all := p.titles()
	text := all[p.rng.IntN(len(all))]
	part := text
	if low, high, ok := inr.Halves(resource(text)); ok && p.rng.IntN(3) == 0 && low.Len <= 20 {
		part = []string{low.String(), high.String()}[p.rng.IntN(2)]
	}
	holder, charges := p.nameOf(p.title(text).Holder), p.charges(text)
	until, value := p.last.Time+uint64(50+p.rng.IntN(2000)), p.value(text)
	switch p.rng.IntN(18) {
	case 0, 1, 2:
		o := &tx.TransferOffer{Resource: resource(part), To: who(p.some()), Keep: p.rng.IntN(2) == 0, Value: value, Until: until}
		if p.rng.IntN(2) == 0 {
			o.Lock, o.Settle = lockOf(secret), until+uint64(p.rng.IntN(500))
		}
		return holder, o
	case 3:
		to := p.some()
		by, lender := holder, false
		if p.rng.IntN(2) == 0 {
			by, to, lender = to, holder, true
		}
		return by, &tx.ChargePropose{Resource: resource(part), To: who(to), ByLender: lender, Mode: tx.ChargeMode(p.rng.IntN(3)), Value: value, Until: until}
	case 4:
		return holder, &tx.Split{Resource: resource(text), Part: resource(part)}
	case 5:
		return holder, &tx.Merge{Resource: inr.Truncate(resource(text), resource(text).Len-1)}
	case 6:
		if len(charges) == 0 && p.rng.IntN(4) == 0 {
			return holder, &tx.Surrender{Resource: resource(text), Value: value}
		}
	case 7:
		return holder, &tx.List{Resource: resource(part), Purpose: tx.ForSale, Until: until}
	case 8:
		r := p.inside(resource(part))
		return p.some(), &tx.OriginAuthorise{Resource: r, MaxLength: uint64(r.Len), AS: uint64(p.rng.IntN(4))}
	case 9:
		return holder, &tx.GrantOffer{Resource: p.inside(resource(text)), To: who(p.some()), Notice: 100, SubGrants: true, Value: value, Until: until}
	}
	if len(charges) > 0 && p.rng.IntN(3) == 0 {
		c := charges[p.rng.IntN(len(charges))]
		switch lender := p.nameOf(c.Lender); p.rng.IntN(4) {
		case 0:
			return lender, &tx.ChargeEnforce{Resource: resource(text), Charge: c.ID, To: who(p.some())}
		case 1:
			return holder, &tx.ChargeContest{Resource: resource(text), Charge: c.ID}
		case 2:
			return p.some(), &tx.ChargeRedeem{Resource: resource(text), Charge: c.ID, Value: value, Until: until}
		default:
			return lender, &tx.ChargeRelease{Resource: resource(text), Charge: c.ID}
		}
	}
	return p.answer(text)
}

// answer accepts, consents to, settles or cancels one of the last offers.
func (p *pawnshop) answer(text string) (string, tx.Body) {
	if len(p.offers) == 0 {
		return p.some(), &tx.OfferCancel{Offer: wire.Hash{1}}
	}
	recent := p.offers[max(0, len(p.offers)-5):]
	id := recent[p.rng.IntN(len(recent))]
	leaf, ok := p.state.Get(record.OfferKey(id))
	if !ok {
		return p.some(), &tx.OfferCancel{Offer: id}
	}
	o, err := record.OfferFromBytes(leaf.Data)
	if err != nil {
		p.t.Fatal(err)
	}
	value := p.value(o.Resource.String())
	charges := p.charges(o.Title.String())
	switch kind := tx.Kind(o.Kind); {
	case o.Accepted != 0:
		return p.some(), &tx.TransferRelease{Offer: id, Resource: o.Resource, Secret: secret}
	case p.rng.IntN(12) == 0:
		return p.nameOf(o.Maker), &tx.OfferCancel{Offer: id}
	case kind == tx.KindTransferOffer && len(o.Consents) < len(charges) && p.rng.IntN(4) != 0:
		c := charges[len(o.Consents)]
		return p.nameOf(c.Lender), &tx.ChargeConsent{Offer: id, Resource: o.Resource, Charge: c.ID, Release: p.rng.IntN(2) == 0, Value: value}
	case kind == tx.KindTransferOffer:
		return p.nameOf(o.To), &tx.TransferAccept{Offer: id, Resource: o.Resource, Value: value}
	}
	if k := tx.Kind(o.Kind); k == tx.KindGrantOffer || k == tx.KindNoticeWithdraw {
		return p.nameOf(o.To), &tx.GrantAccept{Offer: id, Resource: o.Resource, Value: value}
	}
	return p.nameOf(o.To), &tx.ChargeAccept{Offer: id, Resource: o.Resource, Value: value}
}
