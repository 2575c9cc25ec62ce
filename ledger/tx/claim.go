package tx

import (
	"fmt"

	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// Claim asks for the title to a block, on evidence (specs/20).
type Claim struct {
	Resource wire.Resource // the block of a title, or a part of it
	Grade    uint64        // A, B or C, as the number of its letter
	Evidence wire.Hash     // of grade A: the act that showed the checklist; else zero
	Expiry   uint64        // of grade A: that of the statement in the checklist; else 0
}

// Kind is KindClaim.
func (*Claim) Kind() Kind { return KindClaim }

func (b *Claim) walk(w walker) {
	w.resource("resource", &b.Resource)
	w.number("grade", &b.Grade, uint64(record.GradeC))
	w.hash("evidence", &b.Evidence)
	w.number("expiry", &b.Expiry, most64)
}

// check keeps specs/20 CLAIM-1: A claim MUST be of grade A, B or C; one of grade
// A names evidence and its statement's expiry, and no other does.
func (b *Claim) check(*Header) error {
	g := record.Grade(b.Grade)
	if g != record.GradeA && g != record.GradeB && g != record.GradeC {
		return Refuse("CLAIM-1", "grade", "%d is neither 65 (A), 66 (B) nor 67 (C)", b.Grade)
	}
	proven := !b.Evidence.IsZero() && b.Expiry != 0
	if proven != (g == record.GradeA) || b.Evidence.IsZero() != (b.Expiry == 0) {
		return Refuse("CLAIM-1", "evidence", "grade %v with evidence %v and expiry %d", g, b.Evidence, b.Expiry)
	}
	return nil
}

func (b *Claim) text() []string {
	lines := []string{fmt.Sprintf("Claim the title to %v at grade %v.", b.Resource, record.Grade(b.Grade))}
	switch record.Grade(b.Grade) {
	case record.GradeA:
		return append(lines, textProof(b.Evidence, b.Expiry), "It settles after its window, unless better or equal evidence stands against it.")
	case record.GradeB:
		return append(lines, "Its window opens when enough registrars of different organisations have attested it.")
	}
	return append(lines, "One registrar's attestation makes it an entry: it cannot be transferred, charged, leased or exported.")
}

func textProof(evidence wire.Hash, expiry uint64) string {
	return fmt.Sprintf("Evidence: the checklist of act %v, with this account's statement that expires %s.", evidence, UTC(expiry))
}

// ClaimObject stands against a claim: with evidence of grade A for a part of what
// is claimed, or as a registrar with a reason.
type ClaimObject struct {
	Claim    wire.Hash
	Resource wire.Resource // what it is against: the block claimed or a part of it
	Evidence wire.Hash     // zero for a registrar
	Expiry   uint64        // of the statement; 0 for a registrar
	Reason   wire.Hash     // digest of a registrar's reason; zero with evidence
}

// Kind is KindClaimObject.
func (*ClaimObject) Kind() Kind { return KindClaimObject }

func (b *ClaimObject) walk(w walker) {
	w.hash("claim", &b.Claim)
	w.resource("resource", &b.Resource)
	w.hash("evidence", &b.Evidence)
	w.number("expiry", &b.Expiry, most64)
	w.hash("reason", &b.Reason)
}

// check keeps specs/20 CLAIM-2: An objection MUST name either evidence and its
// statement's expiry, or a reason's digest.
func (b *ClaimObject) check(*Header) error {
	if b.Evidence.IsZero() != (b.Expiry == 0) || b.Evidence.IsZero() == b.Reason.IsZero() {
		return Refuse("CLAIM-2", "reason", "evidence %v, expiry %d, reason %v", b.Evidence, b.Expiry, b.Reason)
	}
	return nil
}

func (b *ClaimObject) text() []string {
	lines := []string{fmt.Sprintf("Object to claim %v as far as it is to %v.", b.Claim, b.Resource)}
	if b.Evidence.IsZero() {
		return append(lines, fmt.Sprintf("As a registrar, for the reason with digest %v.", b.Reason))
	}
	return append(lines, textProof(b.Evidence, b.Expiry))
}

// ClaimAttest is a registrar's word for a claim or a succession, or its notice of
// a claim to the holder of a qualified title.
type ClaimAttest struct {
	Claim   wire.Hash
	Notice  wire.Hash // digest of the notice it sent, or of the documents it saw
	Noticed uint64    // when, Unix seconds
}

// Kind is KindClaimAttest.
func (*ClaimAttest) Kind() Kind { return KindClaimAttest }

func (b *ClaimAttest) walk(w walker) {
	w.hash("claim", &b.Claim)
	w.hash("notice", &b.Notice)
	w.number("noticed", &b.Noticed, most64)
}

// check keeps specs/20 CLAIM-3: An attestation MUST name the digest and the date
// of a notice or documents, a refusal and an answer the digest of their reason.
func (b *ClaimAttest) check(*Header) error {
	if b.Notice.IsZero() || b.Noticed == 0 {
		return Refuse("CLAIM-3", "notice", "notice %v of %d", b.Notice, b.Noticed)
	}
	return nil
}

func (b *ClaimAttest) text() []string {
	return []string{
		fmt.Sprintf("As a registrar, stand by claim or succession %v.", b.Claim),
		fmt.Sprintf("Notice or documents: digest %v, of %s.", b.Notice, UTC(b.Noticed)),
	}
}

// AttestRefuse is a registrar's word that it attests no claim, and why.
type AttestRefuse struct {
	Claim  wire.Hash
	Reason wire.Hash // digest
}

// Kind is KindAttestRefuse.
func (*AttestRefuse) Kind() Kind { return KindAttestRefuse }

func (b *AttestRefuse) walk(w walker) {
	w.hash("claim", &b.Claim)
	w.hash("reason", &b.Reason)
}

func (b *AttestRefuse) check(*Header) error { return checkReason("reason", b.Reason) }

// checkReason keeps specs/20 CLAIM-3 for a refusal and an answer.
func checkReason(field string, digest wire.Hash) error {
	if digest.IsZero() {
		return Refuse("CLAIM-3", field, "no digest of a reason")
	}
	return nil
}

func (b *AttestRefuse) text() []string {
	return []string{fmt.Sprintf("As a registrar, refuse to attest %v, for the reason with digest %v.", b.Claim, b.Reason)}
}

// ClaimWithdraw takes back a claim, a succession or an objection to a claim.
type ClaimWithdraw struct{ Claim wire.Hash }

// Kind is KindClaimWithdraw.
func (*ClaimWithdraw) Kind() Kind { return KindClaimWithdraw }

func (b *ClaimWithdraw) walk(w walker) { w.hash("claim", &b.Claim) }

func (b *ClaimWithdraw) text() []string {
	return []string{fmt.Sprintf("Withdraw claim or succession %v, or the account's objection to it.", b.Claim)}
}

// ProveAgain proves a title of grade A anew.
type ProveAgain struct {
	Resource wire.Resource // the title
	Evidence wire.Hash
	Expiry   uint64
}

// Kind is KindProveAgain.
func (*ProveAgain) Kind() Kind { return KindProveAgain }

func (b *ProveAgain) walk(w walker) {
	w.resource("resource", &b.Resource)
	w.hash("evidence", &b.Evidence)
	w.number("expiry", &b.Expiry, most64)
}

func (b *ProveAgain) text() []string {
	return []string{fmt.Sprintf("Prove the title to %v again.", b.Resource), textProof(b.Evidence, b.Expiry)}
}

// ClaimAnswer is a holder's answer to a claim on its title.
type ClaimAnswer struct {
	Claim  wire.Hash
	Digest wire.Hash // of what it answers
}

// Kind is KindClaimAnswer.
func (*ClaimAnswer) Kind() Kind { return KindClaimAnswer }

func (b *ClaimAnswer) walk(w walker) {
	w.hash("claim", &b.Claim)
	w.hash("digest", &b.Digest)
}

func (b *ClaimAnswer) check(*Header) error { return checkReason("digest", b.Digest) }

func (b *ClaimAnswer) text() []string {
	return []string{fmt.Sprintf("Answer claim %v to the account's title: it goes to adjudication. Digest of the answer: %v.", b.Claim, b.Digest)}
}
