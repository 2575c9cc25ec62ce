package tx

import (
	"fmt"

	"ipledger/ledger/wire"
)

// Ground says why an account cautions against dealing in a block.
type Ground uint64

// The grounds of a caution (specs/22 DISP-9).
const (
	GroundTitle      Ground = 1 // the title is another's
	GroundRight      Ground = 2 // an estate or a charge that is not recorded, or is wrongly
	GroundForged     Ground = 3 // an act was forged or forced
	GroundProceeding Ground = 4 // a proceeding is pending elsewhere
)

func (g Ground) text() string {
	switch g {
	case GroundTitle:
		return "the title is another's"
	case GroundRight:
		return "an estate or a charge is not recorded, or wrongly"
	case GroundForged:
		return "an act was forged or forced"
	}
	return "a proceeding is pending elsewhere"
}

// Caution warns everybody against dealing in a block.
type Caution struct {
	Resource wire.Resource
	Ground   Ground
	Digest   wire.Hash // SHA-256 of what the author says, which stays off the ledger
}

// Kind is KindCaution.
func (*Caution) Kind() Kind { return KindCaution }

func (b *Caution) walk(w walker) {
	w.resource("resource", &b.Resource)
	w.number("ground", (*uint64)(&b.Ground), uint64(GroundProceeding))
	w.hash("digest", &b.Digest)
}

func (b *Caution) check(*Header) error {
	if b.Ground == 0 {
		return Refuse("DISP-9", "ground", "a caution names its ground")
	}
	return checkDigest("digest", b.Digest)
}

func (b *Caution) text() []string {
	return []string{
		fmt.Sprintf("Caution against dealing in %v: %s. What the author says has the SHA-256 %v.", b.Resource, b.Ground.text(), b.Digest),
		"It warns and binds nobody, and lapses unless adjudicators accept it.",
	}
}

// checkDigest keeps specs/22 DISP-26: a digest that stands for a text is not zero.
func checkDigest(field string, digest wire.Hash) error {
	if digest.IsZero() {
		return Refuse("DISP-26", field, "no digest of a text")
	}
	return nil
}

// CautionAnswer is a holder's answer to a caution or a contest.
type CautionAnswer struct {
	Case     wire.Hash
	Resource wire.Resource // the title
	Digest   wire.Hash
}

// Kind is KindCautionAnswer.
func (*CautionAnswer) Kind() Kind { return KindCautionAnswer }

func (b *CautionAnswer) walk(w walker) {
	w.hash("case", &b.Case)
	w.resource("resource", &b.Resource)
	w.hash("digest", &b.Digest)
}

func (b *CautionAnswer) check(*Header) error { return checkDigest("digest", b.Digest) }

func (b *CautionAnswer) text() []string {
	return []string{fmt.Sprintf("As the holder of %v, answer case %v. The answer has the SHA-256 %v.", b.Resource, b.Case, b.Digest)}
}

// Verdict is what one votes for in a case.
type Verdict uint64

// The verdicts (specs/22 DISP-13, DISP-15).
const (
	VerdictAccept   Verdict = 1 // a caution becomes a dispute
	VerdictDismiss  Verdict = 2 // a caution is lifted
	VerdictHolder   Verdict = 3
	VerdictClaimant Verdict = 4
)

func (v Verdict) text() string {
	switch v {
	case VerdictAccept:
		return "that it is accepted as a dispute: the block is frozen for a time"
	case VerdictDismiss:
		return "that it is dismissed"
	case VerdictHolder:
		return "for the holder"
	}
	return "for the claimant"
}

// CaseDecide is the vote of an adjudicator or, on appeal, of a member.
type CaseDecide struct {
	Case    wire.Hash
	Verdict Verdict
	Reasons wire.Hash // SHA-256 of the reasons; votes count together that name the same
}

// Kind is KindCaseDecide.
func (*CaseDecide) Kind() Kind { return KindCaseDecide }

func (b *CaseDecide) walk(w walker) {
	w.hash("case", &b.Case)
	w.number("verdict", (*uint64)(&b.Verdict), uint64(VerdictClaimant))
	w.hash("reasons", &b.Reasons)
}

func (b *CaseDecide) check(*Header) error {
	if b.Verdict == 0 {
		return Refuse("DISP-12", "verdict", "a vote names its verdict")
	}
	return checkDigest("reasons", b.Reasons)
}

func (b *CaseDecide) text() []string {
	return []string{fmt.Sprintf("Vote in case %v %s, for the reasons whose SHA-256 is %v.", b.Case, b.Verdict.text(), b.Reasons)}
}

// CaseAppeal takes a decided case to all members, once.
type CaseAppeal struct {
	Case     wire.Hash
	Resource wire.Resource // the title of the holder who appeals, or any block of the case
	Digest   wire.Hash
}

// Kind is KindCaseAppeal.
func (*CaseAppeal) Kind() Kind { return KindCaseAppeal }

func (b *CaseAppeal) walk(w walker) {
	w.hash("case", &b.Case)
	w.resource("resource", &b.Resource)
	w.hash("digest", &b.Digest)
}

func (b *CaseAppeal) check(*Header) error { return checkDigest("digest", b.Digest) }

func (b *CaseAppeal) text() []string {
	return []string{fmt.Sprintf("Appeal against the decision of case %v over %v to all members, on the grounds whose SHA-256 is %v.", b.Case, b.Resource, b.Digest)}
}
