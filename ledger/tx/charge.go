package tx

import (
	"fmt"

	"ipledger/ledger/wire"
)

// ChargeMode says how a charge is enforced.
type ChargeMode uint64

// The modes of enforcement (specs/16 CHARGE-3).
const (
	ModeAdjudication ChargeMode = 0 // only as adjudicators decide
	ModeSale         ChargeMode = 1 // sale to a buyer whom the lender names
	ModeTitle        ChargeMode = 2 // the title goes to the lender
)

// LawBytesMax bounds the name of a governing law.
const LawBytesMax = 64

// ChargePropose offers a charge over a title or a part of it, from the holder to
// the lender or from the lender to the holder.
type ChargePropose struct {
	Resource wire.Resource
	To       wire.Address // the other side
	ByLender bool         // the author is the lender
	Mode     ChargeMode
	Law      string    // governing law, as text
	Deed     wire.Hash // SHA-256 of the deed
	Longest  uint64    // seconds: the longest lease allowed without the lender's consent
	Value    wire.Hash
	Earliest uint64
	Until    uint64
}

// Kind is KindChargePropose.
func (*ChargePropose) Kind() Kind { return KindChargePropose }

func (b *ChargePropose) walk(w walker) {
	w.resource("resource", &b.Resource)
	w.address("to", &b.To)
	w.flag("byLender", &b.ByLender)
	w.number("mode", (*uint64)(&b.Mode), uint64(ModeTitle))
	w.text("law", &b.Law, LawBytesMax)
	w.hash("deed", &b.Deed)
	w.number("longest", &b.Longest, TermMax)
	w.hash("value", &b.Value)
	w.number("earliest", &b.Earliest, most64)
	w.number("until", &b.Until, most64)
}

func (b *ChargePropose) check(*Header) error {
	if err := checkOffer(b.To.IsZero(), b.Earliest, b.Until); err != nil {
		return err
	}
	return checkWords("law", b.Law)
}

func (b *ChargePropose) text() []string {
	who := fmt.Sprintf("Offer account %v a charge over the title to %v.", b.To, b.Resource)
	if b.ByLender {
		who = fmt.Sprintf("Ask account %v for a charge over the title to %v, as its lender.", b.To, b.Resource)
	}
	return []string{
		who, b.Mode.text(),
		fmt.Sprintf("Governing law %q, deed with SHA-256 %v. Leases longer than %s need the lender's consent.", b.Law, b.Deed, span(b.Longest)),
		textWindow(b.Earliest, b.Until), textValue(b.Value),
	}
}

func (m ChargeMode) text() string {
	switch m {
	case ModeSale:
		return "It is enforced by sale to a buyer whom the lender names."
	case ModeTitle:
		return "It is enforced by the title going to the lender."
	}
	return "It is enforced only as adjudicators decide."
}

// ChargeAccept accepts a proposed charge, or an offer to redeem one.
type ChargeAccept struct {
	Offer    wire.Hash
	Resource wire.Resource
	Value    wire.Hash
}

// Kind is KindChargeAccept.
func (*ChargeAccept) Kind() Kind { return KindChargeAccept }

func (b *ChargeAccept) walk(w walker) {
	w.hash("offer", &b.Offer)
	w.resource("resource", &b.Resource)
	w.hash("value", &b.Value)
}

func (b *ChargeAccept) text() []string {
	return []string{fmt.Sprintf("Accept offer %v on a charge over %v. This is final.", b.Offer, b.Resource), textValue(b.Value)}
}

// ChargeConsent is a lender's consent to an offer that touches its security.
type ChargeConsent struct {
	Offer    wire.Hash
	Resource wire.Resource
	Charge   wire.Hash
	Release  bool // what is transferred leaves the charge; else the charge follows it
	Value    wire.Hash
}

// Kind is KindChargeConsent.
func (*ChargeConsent) Kind() Kind { return KindChargeConsent }

func (b *ChargeConsent) walk(w walker) {
	w.hash("offer", &b.Offer)
	w.resource("resource", &b.Resource)
	w.hash("charge", &b.Charge)
	w.flag("release", &b.Release)
	w.hash("value", &b.Value)
}

func (b *ChargeConsent) text() []string {
	fate := "The charge follows what is transferred."
	if b.Release {
		fate = "What is transferred leaves the charge."
	}
	return []string{fmt.Sprintf("As the lender of charge %v, consent to offer %v on %v.", b.Charge, b.Offer, b.Resource), fate, textValue(b.Value)}
}

// ChargeRelease ends the author's own charge over one title.
type ChargeRelease struct {
	Resource wire.Resource
	Charge   wire.Hash
}

// Kind is KindChargeRelease.
func (*ChargeRelease) Kind() Kind { return KindChargeRelease }

func (b *ChargeRelease) walk(w walker) {
	w.resource("resource", &b.Resource)
	w.hash("charge", &b.Charge)
}

func (b *ChargeRelease) text() []string {
	return []string{fmt.Sprintf("Release charge %v over the title to %v. This is final.", b.Charge, b.Resource)}
}

// ChargeEnforce gives notice that the author enforces its charge.
type ChargeEnforce struct {
	Resource wire.Resource
	Charge   wire.Hash
	To       wire.Address // the buyer, or the lender itself
}

// Kind is KindChargeEnforce.
func (*ChargeEnforce) Kind() Kind { return KindChargeEnforce }

func (b *ChargeEnforce) walk(w walker) {
	w.resource("resource", &b.Resource)
	w.hash("charge", &b.Charge)
	w.address("to", &b.To)
}

func (b *ChargeEnforce) text() []string {
	return []string{fmt.Sprintf("Give notice that charge %v over %v is enforced: after the notice the title goes to account %v.", b.Charge, b.Resource, b.To)}
}

// ChargeContest stops the clock of an enforcement, once, for a time.
type ChargeContest struct {
	Resource wire.Resource
	Charge   wire.Hash
}

// Kind is KindChargeContest.
func (*ChargeContest) Kind() Kind { return KindChargeContest }

func (b *ChargeContest) walk(w walker) {
	w.resource("resource", &b.Resource)
	w.hash("charge", &b.Charge)
}

func (b *ChargeContest) text() []string {
	return []string{fmt.Sprintf("Contest the enforcement of charge %v over %v: its clock stops once.", b.Charge, b.Resource)}
}

// ChargeRedeem offers a lender to be paid off: by the holder, and the charge
// ends, or by a later lender, who takes its place.
type ChargeRedeem struct {
	Resource wire.Resource
	Charge   wire.Hash
	Value    wire.Hash
	Earliest uint64
	Until    uint64
}

// Kind is KindChargeRedeem.
func (*ChargeRedeem) Kind() Kind { return KindChargeRedeem }

func (b *ChargeRedeem) walk(w walker) {
	w.resource("resource", &b.Resource)
	w.hash("charge", &b.Charge)
	w.hash("value", &b.Value)
	w.number("earliest", &b.Earliest, most64)
	w.number("until", &b.Until, most64)
}

func (b *ChargeRedeem) check(*Header) error { return checkOffer(false, b.Earliest, b.Until) }

func (b *ChargeRedeem) text() []string {
	return []string{
		fmt.Sprintf("Offer the lender of charge %v over %v to redeem it.", b.Charge, b.Resource),
		textWindow(b.Earliest, b.Until), textValue(b.Value),
	}
}
