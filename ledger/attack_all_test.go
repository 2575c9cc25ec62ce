package ledger_test

import (
	"crypto/ecdsa"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

var walkSeeds = flag.Int("walks", 6, "random walks through all families")

var walkActs = flag.Int("walk", 300, "acts of each random walk through all families")

// roam is a random walk through all families of acts: what it does next is drawn
// from what stands, so that acts meet where rights end, begin and are divided.
type roam struct {
	*walk
	offers  []tree.Leaf
	spots   []spot
	charged []lien
	titles  []wire.Resource
	past    []string
	ids     map[wire.Hash]bool
}

// spot is an estate and lien a charge, where they stand.
type spot struct {
	at wire.Resource
	record.Estate
}

type lien struct {
	at wire.Resource
	record.Charge
}

var roamNames = []string{"ann", "bob", "cid", "dan", "eve"}

// TestAttack_R1_R5_R7_R9_allFamilies checks every invariant after every ledger block.
func TestAttack_R1_R5_R7_R9_allFamilies(t *testing.T) {
	for s := range uint64(*walkSeeds) {
		w := newRoam(t, *seed*100+s)
		for range *walkActs {
			w.step()
		}
		if t.Failed() {
			return
		}
	}
}

func newRoam(t *testing.T, seed uint64) *roam {
	w := &roam{walk: &walk{rng: rand.New(rand.NewPCG(seed, 3)), names: roamNames}}
	w.world = newWorld(t, w.names, map[string][]string{"ann": {"16.0.0.0/22", "AS16"}, "bob": {"16.0.4.0/22"}})
	params := parameters(t, w.state)
	params.RecoverySeconds, params.EnforceSeconds, params.NoticeMin, params.ClauseMin = 400, 300, 5, 5
	e := w.state.Edit()
	e.Put(record.Leaf(record.ParametersKey, wire.Encode(params)))
	w.state = e.Freeze()
	w.do("eve", &tx.SetDelay{Delay: 50})
	w.log = append(w.log, fmt.Sprint("seed ", seed))
	return w
}

// look lists what stands.
func (w *roam) look() {
	w.offers, w.spots, w.charged, w.titles = nil, nil, nil, nil
	w.state.Walk(tree.Key{Subtree: tree.IPv4}, func(l tree.Leaf) bool {
		f, err := record.FolioFromBytes(l.Data)
		if err != nil {
			w.t.Fatal(err)
		}
		if len(f.Title) > 0 {
			w.titles = append(w.titles, l.Key.Resource())
		}
		list, _ := record.EstatesFromBytes(f.Estates)
		for _, e := range list {
			w.spots = append(w.spots, spot{l.Key.Resource(), e})
		}
		charges, _ := record.ChargesFromBytes(f.Charges)
		for _, c := range charges {
			w.charged = append(w.charged, lien{l.Key.Resource(), c})
		}
		return true
	})
	w.state.Walk(tree.Key{Subtree: tree.Dealings}, func(l tree.Leaf) bool {
		if _, err := record.OfferFromBytes(l.Data); err == nil {
			w.offers = append(w.offers, l)
		}
		return true
	})
}

func (w *roam) n(most int) int { return w.rng.IntN(most) }

func (w *roam) any() string { return w.names[w.n(len(w.names))] }

func (w *roam) mostly(name string) string {
	if name == "" || w.n(10) == 0 {
		return w.any()
	}
	return name
}

func (w *roam) later(most int) uint64 { return w.last.Time + 1 + uint64(w.n(most)) }

// step makes one act, and lets its other party answer.
func (w *roam) step() {
	w.look()
	seconds := uint64(1)
	switch w.n(40) {
	case 0:
		seconds = 2000
	case 1, 2:
		seconds = 300
	case 3, 4, 5:
		seconds = uint64(1 + w.n(60))
	}
	name, body := w.act()
	if name == "" {
		body = nil
	}
	if body == nil {
		w.move(seconds)
		return
	}
	if w.submit(seconds, name, body) && w.n(8) > 0 {
		w.answer(w.id)
	}
}

func (w *roam) move(seconds uint64) {
	w.past = append(w.past, fmt.Sprintf("%d: +%d", w.last.Time-start, seconds))
	w.apply(seconds)
}

// apply is block that says what went before when a ledger block goes wrong.
func (w *roam) apply(seconds uint64, acts ...tx.Verified) {
	defer func() {
		if r := recover(); r != nil {
			w.t.Fatalf("%v\n%s\npanic: %v", w.log, w.tail(), r)
		}
	}()
	now := w.header(seconds)
	r, err := ledger.Apply(w.state, w.last, now, acts, nil)
	if err != nil {
		var bad *ledger.Inadmissible
		if r2, err2 := ledger.Apply(w.state, w.last, now, nil, nil); errors.As(err, &bad) && err2 == nil {
			w.state, w.last, w.result = r2.State, now, r2
			w.resync()
			return
		}
		w.t.Fatalf("%v\n%s\n%v", w.log, w.tail(), err)
	}
	w.state, w.last, w.result = r.State, now, r
	if err := ledger.Invariants(w.state, w.last); err != nil {
		w.t.Fatalf("%v\n%s\n%v", w.log, w.tail(), err)
	}
	if err := w.conserved(); err != nil {
		w.t.Fatalf("%v\n%s\n%v", w.log, w.tail(), err)
	}
}

func (w *roam) resync() {
	for _, n := range w.names {
		w.lanes[who(n)] = w.account(n).Lanes[0]
	}
}

func (w *roam) tail() (out string) {
	for _, s := range w.past[max(0, len(w.past)-400):] {
		out += s + "\n"
	}
	return out
}

// submit applies one act alone and reports whether it was done.
func (w *roam) submit(seconds uint64, name string, body tx.Body) bool {
	v, ok := w.signed(name, body)
	if !ok {
		return false
	}
	id := w.id
	w.past = append(w.past, fmt.Sprintf("%d: %s %v %+v", w.last.Time+seconds-start, name, v.Kind(), body))
	w.apply(seconds, v)
	if len(w.result.Receipts) == 0 {
		return false
	}
	r := w.result.Receipts[0]
	w.past[len(w.past)-1] += " " + r.Rule
	w.id = id
	return r.Outcome == ledger.Done
}

// signed is sign that gives up where the act has no good form.
func (w *roam) signed(name string, body tx.Body) (v tx.Verified, ok bool) {
	id := who(name)
	h := tx.Header{
		Author: id, Policy: w.account(name).Policy.Version, Number: w.account(name).Lanes[0],
		Expires: w.last.Time + 86400, Rules: tx.RulesVersion,
	}
	v, err := w.verified(h, body, w.keys[id])
	return v, err == nil
}

// act draws what comes next.
func (w *roam) act() (string, tx.Body) {
	switch w.n(16) {
	case 0, 1:
		return w.titleAct()
	case 2, 3, 4:
		return w.leaseOffer()
	case 5:
		return w.grantOffer()
	case 6, 7, 8:
		return w.onEstate()
	case 9, 10:
		return w.chargeAct()
	case 11:
		return w.keyAct()
	case 12:
		return w.serviceAct()
	case 13:
		return w.onOffer()
	case 14:
		r := w.place()
		return w.mostly(w.possessorOf(r)), &tx.OriginAuthorise{Resource: r, MaxLength: uint64(r.Len) + uint64(w.n(3)), AS: uint64(w.n(3))}
	}
	return "", nil
}

// possessorOf is who has the innermost live right over r.
func (w *roam) possessorOf(r wire.Resource) string {
	name := w.titleHolder(r)
	for _, s := range w.spots {
		if s.Started && inr.Covers(s.at, r) {
			name = w.named(s.Holder)
		}
	}
	return name
}

func (w *roam) origins(r wire.Resource) string {
	if w.n(2) == 0 {
		return ""
	}
	r = w.inner(r)
	return fmt.Sprintf("%v-%d=%d", r, int(r.Len)+w.n(2), w.n(3))
}

func (w *roam) inner(r wire.Resource) wire.Resource {
	for range w.n(3) {
		low, high, ok := inr.Halves(r)
		if !ok || r.Len >= 26 {
			return r
		}
		if r = low; w.n(2) == 0 {
			r = high
		}
	}
	return r
}

// place is a block in some title, now and then a larger one.
func (w *roam) place() wire.Resource {
	if w.n(20) == 0 {
		return w.block()
	}
	return w.inner(w.titles[w.n(len(w.titles))])
}

// but is someone else, most of the time.
func (w *roam) but(name string) string {
	other := w.any()
	if other == name {
		other = w.any()
	}
	return other
}

func (w *roam) spotAt() wire.Resource {
	if len(w.spots) > 0 && w.n(2) == 0 {
		return w.inner(w.spots[w.n(len(w.spots))].at)
	}
	return w.place()
}

func (w *roam) leaseOffer() (string, tx.Body) {
	r := w.spotAt()
	b := &tx.LeaseOffer{
		Resource: r, To: who(w.but(w.possessorOf(r))), Suspend: w.n(2) == 0, SubLet: w.n(3) > 0, Reversion: w.n(2) == 0,
		Operator: "op", Abuse: "a@b.example", Origins: w.origins(r), Value: w.value(r.String()), Until: w.later(2000) + 60,
	}
	switch w.n(3) {
	case 0:
		b.Start = w.later(400) + 3
		b.End = b.Start + 1 + uint64(w.n(1500))
	case 1:
		b.Renew, b.Notice = 1+uint64(w.n(100)), uint64(w.n(100))
		if w.n(2) == 0 {
			b.Start = w.later(300) + 3
		}
	default:
		b.End = w.later(2000) + 60
	}
	switch w.n(4) {
	case 0:
		b.Clause, b.ClauseNotice = tx.ClauseNotice, 5+uint64(w.n(50))
	case 1:
		b.Clause, b.Agent, b.ClauseNotice = tx.ClauseAgent, who(w.any()), uint64(w.n(30))
	}
	return w.mostly(w.possessorOf(r)), b
}

func (w *roam) grantOffer() (string, tx.Body) {
	r := w.spotAt()
	return w.mostly(w.possessorOf(r)), &tx.GrantOffer{
		Resource: r, To: who(w.but(w.possessorOf(r))), Notice: 5 + uint64(w.n(100)), SubGrants: w.n(4) > 0, Origins: w.origins(r), Value: w.value(r.String()), Until: w.later(500) + 60,
	}
}

// onEstate does something to an estate that stands.
func (w *roam) onEstate() (string, tx.Body) {
	if len(w.spots) == 0 {
		return "", nil
	}
	s := w.spots[w.n(len(w.spots))]
	party := w.mostly(w.named(s.Holder))
	outer := w.any()
	if s.Kind == record.Grant {
		if w.n(2) == 0 {
			return party, &tx.GrantGiveUp{Resource: s.at, Grant: s.ID}
		}
		if s.Ends != 0 {
			return outer, &tx.NoticeWithdraw{Resource: s.at, Grant: s.ID, Value: w.value(s.at.String()), Until: w.later(500) + 60}
		}
		return outer, &tx.GrantNotice{Resource: s.at, Grant: s.ID}
	}
	v, until := w.value(s.at.String()), w.later(500)+60
	if w.n(2) == 0 {
		party, outer = outer, party
	}
	switch w.n(7) {
	case 0, 1:
		return party, &tx.LeaseRenew{Resource: s.at, Lease: s.ID, End: s.Ends + 1 + uint64(w.n(400)), Value: v, Until: until}
	case 2:
		return party, &tx.LeaseEnd{Resource: s.at, Lease: s.ID, Value: v, Until: until}
	case 3:
		return w.mostly(w.named(s.Holder)), &tx.LeaseAssign{Resource: s.at, Lease: s.ID, To: who(w.any()), Keep: w.n(2) == 0, Operator: "n", Abuse: "n@b.example", Value: v, Until: until}
	case 4:
		return party, &tx.LeaseNotice{Resource: s.at, Lease: s.ID}
	case 5:
		return outer, &tx.LeaseSuspend{Resource: s.at, Lease: s.ID, Until: uint64(w.n(2)) * w.later(200)}
	}
	return w.mostly(w.named(s.Holder)), &tx.LeaseAnswer{Resource: s.at, Lease: s.ID, Digest: wire.Hash{3}}
}

func (w *roam) titleAct() (string, tx.Body) {
	r := w.place()
	holder := w.mostly(w.titleHolder(r))
	switch w.n(12) {
	case 0, 1, 2, 3:
		b := &tx.TransferOffer{Resource: r, To: who(w.but(holder)), Keep: w.n(2) == 0, Value: w.value(r.String()), Until: w.later(500) + 60}
		if w.n(3) == 0 {
			b.Agent, b.Settle = who(w.any()), b.Until+uint64(1+w.n(300))
		}
		return holder, b
	case 4, 5:
		for whole := r; whole.Len >= resource(walkRoot).Len; whole = inr.Truncate(whole, whole.Len-1) {
			if w.title(whole.String()) != nil {
				return holder, &tx.Split{Resource: whole, Part: r}
			}
		}
	case 6:
		return holder, &tx.List{Resource: r, Purpose: tx.ForSale, Until: w.later(300)}
	}
	r = w.titles[w.n(len(w.titles))]
	return w.mostly(w.titleHolder(r)), &tx.Merge{Resource: inr.Truncate(r, r.Len-1)}
}

func (w *roam) chargeAct() (string, tx.Body) {
	if len(w.charged) == 0 || w.n(3) == 0 {
		r := w.place()
		return w.mostly(w.titleHolder(r)), &tx.ChargePropose{Resource: r, To: who(w.any()), Mode: tx.ChargeMode(w.n(3)), Longest: uint64(w.n(2)) * 5000, Value: w.value(r.String()), Until: w.later(500) + 60}
	}
	c := w.charged[w.n(len(w.charged))]
	lender := w.mostly(w.named(c.Lender))
	switch w.n(6) {
	case 0:
		return lender, &tx.ChargeRelease{Resource: c.at, Charge: c.ID}
	case 1, 2:
		to := who(w.any())
		if tx.ChargeMode(c.Mode) == tx.ModeTitle {
			to = c.Lender
		}
		return lender, &tx.ChargeEnforce{Resource: c.at, Charge: c.ID, To: to}
	case 3:
		return w.mostly(w.titleHolder(c.at)), &tx.ChargeContest{Resource: c.at, Charge: c.ID}
	}
	return w.mostly(w.titleHolder(c.at)), &tx.ChargeRedeem{Resource: c.at, Charge: c.ID, Value: w.value(c.at.String()), Until: w.later(500) + 60}
}

func (w *roam) keyAct() (string, tx.Body) {
	name, other := w.any(), w.any()
	a := w.account(name)
	switch w.n(8) {
	case 0:
		return name, &tx.SetDelay{Delay: uint64(w.n(60))}
	case 1:
		return name, &tx.SetGuardians{Guardians: who(other).String(), Threshold: 1}
	case 2:
		return name, &tx.SetPolicy{TitleKeys: a.Policy.TitleKeys, TitleK: 1, RoutingKeys: a.Policy.TitleKeys, RoutingK: uint64(w.n(2))}
	case 3, 4, 5:
		return other, &tx.RecoveryStart{Subject: who(name), TitleKeys: a.Policy.TitleKeys, TitleK: 1}
	}
	if leaf, ok := w.state.Get(record.RecoveryKey(who(name))); ok {
		x, err := record.RecoveryFromBytes(leaf.Data)
		if err != nil {
			w.t.Fatal(err)
		}
		if w.n(3) == 0 {
			return name, &tx.RecoveryVeto{Recovery: x.Proposals[0].Act}
		}
		return other, &tx.RecoveryFinish{Subject: who(name), Recovery: x.Proposals[0].Act}
	}
	r := w.place()
	if r.Len < 24 {
		return "", nil
	}
	return w.mostly(w.titleHolder(r)), &tx.Surrender{Resource: r, Value: w.value(r.String())}
}

func (w *roam) serviceAct() (string, tx.Body) {
	r := w.spotAt()
	name := w.mostly(w.possessorOf(r))
	switch w.n(4) {
	case 0:
		return name, &tx.ReverseSet{Resource: r, Servers: "a.example b.example"}
	case 1:
		return name, &tx.GeofeedSet{Resource: r}
	case 2:
		return name, &tx.List{Resource: r, Purpose: tx.ForLease, Until: w.later(300)}
	}
	return name, &tx.ContactsSet{Resource: r, Abuse: "x@y.example", Private: wire.Hash{byte(w.n(2))}}
}

// onOffer answers an offer that stands.
func (w *roam) onOffer() (string, tx.Body) {
	if len(w.offers) == 0 {
		return "", nil
	}
	l := w.offers[w.n(len(w.offers))]
	for id := range w.ids {
		if record.OfferKey(id) == l.Key {
			o, _ := record.OfferFromBytes(l.Data)
			return w.answerTo(id, o)
		}
	}
	return "", nil
}

// answerTo accepts, cancels or releases.
func (w *roam) answerTo(id wire.Hash, o *record.Offer) (string, tx.Body) {
	to, v := w.mostly(w.named(o.To)), w.value(o.Resource.String())
	if o.Accepted != 0 {
		body, _ := tx.DecodeBody(tx.Kind(o.Kind), o.Body)
		return w.mostly(w.named(body.(*tx.TransferOffer).Agent)), &tx.TransferRelease{Offer: id, Resource: o.Resource}
	}
	if w.n(12) == 0 {
		return w.mostly(w.named(o.Maker)), &tx.OfferCancel{Offer: id}
	}
	switch tx.Kind(o.Kind) {
	case tx.KindTransferOffer:
		return to, &tx.TransferAccept{Offer: id, Resource: o.Resource, Value: v}
	case tx.KindGrantOffer, tx.KindNoticeWithdraw:
		return to, &tx.GrantAccept{Offer: id, Resource: o.Resource, Value: v}
	case tx.KindChargePropose, tx.KindChargeRedeem:
		return to, &tx.ChargeAccept{Offer: id, Resource: o.Resource, Value: v}
	}
	return to, &tx.LeaseAccept{Offer: id, Resource: o.Resource, Value: v}
}

// answer lets the others consent and the addressee accept what was just offered.
func (w *roam) answer(id wire.Hash) {
	leaf, ok := w.state.Get(record.OfferKey(id))
	if !ok {
		return
	}
	if w.ids == nil {
		w.ids = map[wire.Hash]bool{}
	}
	w.ids[id] = true
	o, err := record.OfferFromBytes(leaf.Data)
	if err != nil {
		w.t.Fatal(err)
	}
	if w.n(3) > 0 {
		w.consents(id, o)
	}
	if w.n(4) > 0 {
		name, body := w.answerTo(id, o)
		w.submit(1+uint64(w.n(2))*uint64(w.n(60)), name, body)
	}
}

func (w *roam) consents(id wire.Hash, o *record.Offer) {
	v := w.value(o.Resource.String())
	for _, c := range w.charged {
		if inr.Covers(c.at, o.Resource) {
			w.submit(1, w.named(c.Lender), &tx.ChargeConsent{Offer: id, Resource: o.Resource, Charge: c.ID, Release: tx.Kind(o.Kind) == tx.KindTransferOffer && w.n(2) == 0, Value: v})
		}
	}
	if k := tx.Kind(o.Kind); k == tx.KindLeaseOffer || k == tx.KindLeaseAssign || k == tx.KindLeaseRenew {
		w.submit(1, w.mostly(w.titleHolder(o.Resource)), &tx.LeaseConsent{Offer: id, Resource: o.Resource, Value: v})
		w.submit(1, w.any(), &tx.LeaseConsent{Offer: id, Resource: o.Resource, Value: v})
	}
}

func (w *roam) verified(h tx.Header, body tx.Body, key *ecdsa.PrivateKey) (tx.Verified, error) {
	act := &tx.Act{Header: h, Body: body}
	w.id = act.ID(w.salt)
	s, err := account.Sign(w.id, key)
	if err != nil {
		w.t.Fatal(err)
	}
	act.Signatures = append(act.Signatures, s)
	return tx.Verify(act.Encode(), w.salt)
}
