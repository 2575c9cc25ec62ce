// Package tx is the kinds of act: what each says, how it becomes bytes, what is
// signed, and every check that needs no state (specs/04).
//
// Each kind is a struct whose walk method names its fields in order. The bytes
// on the wire, the EIP-712 typed data and its digest, the act file and the
// generated tests all follow from that one method, so they cannot differ.
//
// It does not know whether an act may be done; that is for package ledger.
package tx

import (
	"ipledger/ledger/account"
	"ipledger/ledger/wire"
)

// Bounds of an act (specs/04 ACT-1).
const (
	BytesMax         = 4096                        // any act but evidence
	EvidenceBytesMax = 64 << 10                    // what an evidence act carries
	LargestBytesMax  = EvidenceBytesMax + BytesMax // an evidence act: with header and signatures as any other
	LifeSecondsMax   = 30 * 24 * 3600              // how far ahead an act may expire
	LifeSecondsUsual = 3600                        // what tools set when not asked
	BundleMax        = 100                         // acts in one bundle
	RulesVersion     = 1                           // what tools write for when not told
	RulesKnown       = 2                           // the last version that this program knows
	TextBytesMax     = 128
)

// Kind is which act it is. The numbers are on the wire and never reused.
type Kind uint64

// The kinds of act, each with a body of its name: specs/04, "Kinds".
const (
	KindOpenAccount        Kind = 1
	KindSetPolicy          Kind = 2
	KindSetDelay           Kind = 3
	KindSetGuardians       Kind = 4
	KindRename             Kind = 5
	KindRecoveryStart      Kind = 6
	KindRecoveryVeto       Kind = 7
	KindRecoveryFinish     Kind = 8
	KindKeyRevoke          Kind = 9
	KindTransferOffer      Kind = 10
	KindTransferAccept     Kind = 11
	KindOfferCancel        Kind = 12
	KindSplit              Kind = 13
	KindMerge              Kind = 14
	KindTransferRelease    Kind = 15
	KindSurrender          Kind = 16
	KindList               Kind = 17
	KindNoticeWithdraw     Kind = 18
	KindSetProvider        Kind = 19
	KindGrantOffer         Kind = 20
	KindGrantAccept        Kind = 21
	KindGrantNotice        Kind = 22
	KindGrantGiveUp        Kind = 23
	KindLeaseOffer         Kind = 24
	KindLeaseAccept        Kind = 25
	KindLeaseRenew         Kind = 26
	KindLeaseNotice        Kind = 27
	KindLeaseEnd           Kind = 28
	KindLeaseAssign        Kind = 29
	KindLeaseConsent       Kind = 30
	KindLeaseSuspend       Kind = 31
	KindLeaseAnswer        Kind = 32
	KindChargePropose      Kind = 33
	KindChargeAccept       Kind = 34
	KindChargeConsent      Kind = 35
	KindChargeRelease      Kind = 36
	KindChargeEnforce      Kind = 37
	KindChargeContest      Kind = 38
	KindChargeRedeem       Kind = 39
	KindOriginAuthorise    Kind = 40
	KindOriginWithdraw     Kind = 41
	KindProvidersAuthorise Kind = 42
	KindReverseSet         Kind = 43
	KindGeofeedSet         Kind = 44
	KindContactsSet        Kind = 45
	KindContactsErase      Kind = 46
	KindEvidence           Kind = 48
	KindRecoveryProve      Kind = 49
	KindClaim              Kind = 50
	KindClaimObject        Kind = 51
	KindClaimAttest        Kind = 52
	KindAttestRefuse       Kind = 53
	KindClaimWithdraw      Kind = 54
	KindProveAgain         Kind = 55
	KindClaimAnswer        Kind = 56
	KindSuccession         Kind = 57
	KindSuccessionVeto     Kind = 58
	KindNameAttest         Kind = 59
	KindSourceStatement    Kind = 60
	KindSourceAttest       Kind = 61
	KindCaution            Kind = 70
	KindCautionAnswer      Kind = 71
	KindCaseDecide         Kind = 72
	KindCaseAppeal         Kind = 73
	KindOrderRecord        Kind = 74
	KindOrderStatus        Kind = 75
	KindRestrict           Kind = 76
	KindLift               Kind = 77
	KindOrderConfirm       Kind = 78
	KindForumSet           Kind = 79
	KindPropose            Kind = 80
	KindVote               Kind = 81
	KindPetition           Kind = 82
)

// Header is what every act carries besides its body.
type Header struct {
	Author  wire.Address // the account that acts; zero only in an opening by work
	Policy  uint64       // the version of the author's policy that the signers meet
	Lane    uint64       // 0 to 15
	Number  uint64       // that lane's next number
	Expires uint64       // header time, Unix seconds: applied before it or never
	Bundle  wire.Hash    // zero outside a bundle
	Index   uint64       // place in the bundle, from 0
	Count   uint64       // acts in the bundle, 0 outside one
	Rules   uint64       // the version of the rules it is written for
}

// Body is what one kind of act says. Bodies are pointers to structs.
type Body interface {
	Kind() Kind
	// walk shows every field to w, in the order of the law.
	walk(w walker)
	// text says in words what the act does.
	text() []string
}

// Act is an act with the signatures it carries.
type Act struct {
	Header
	Body       Body
	Signatures []account.Signature
}

// walker sees the fields of an act in order. One that reads fills them, one
// that writes leaves them.
type walker interface {
	number(name string, v *uint64, most uint64)
	flag(name string, v *bool)
	text(name string, v *string, bytesMax int)
	bytes(name string, v *[]byte, most int)
	address(name string, v *wire.Address)
	hash(name string, v *wire.Hash)
	resource(name string, v *wire.Resource)
	keys(name string, v *[]account.Key)
}

// walk shows the fields of the header; they follow those of the body, so that
// a wallet shows first what the act does.
func (h *Header) walk(w walker) {
	w.address("account", &h.Author)
	w.number("policy", &h.Policy, most64)
	w.number("lane", &h.Lane, account.Lanes-1)
	w.number("number", &h.Number, most64)
	w.number("expires", &h.Expires, most64)
	w.hash("bundle", &h.Bundle)
	w.number("index", &h.Index, BundleMax-1)
	w.number("count", &h.Count, BundleMax)
	w.number("rules", &h.Rules, RulesKnown)
}

const most64 = 1<<64 - 1
