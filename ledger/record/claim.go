package record

import (
	"fmt"

	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// Stage is how far a claim or a succession has come. The numbers are on the wire.
type Stage uint64

// The stages of a claim (specs/20).
const (
	Attesting Stage = 1 // too few registrars attest it
	Window    Stage = 2 // it settles at the end of its window
	Disputed  Stage = 3 // what is left of it is contested, and waits for the parties or a panel
	Silent    Stage = 4 // on another's qualified title, which its holder has not answered
	Answered  Stage = 5 // on another's title, for adjudicators to decide
	Marked    Stage = 6 // a caution, against a better grade or on evidence for a grant
)

var stageNames = [...]string{"", "attesting", "window", "disputed", "silent", "answered", "caution"}

// String is the word for the stage, as answers use it.
func (s Stage) String() string {
	if s < Stage(len(stageNames)) {
		return stageNames[s]
	}
	return fmt.Sprintf("stage %d", uint64(s))
}

// WordKind says what a registrar said of a claim. The numbers are on the wire.
type WordKind uint64

// The words of registrars.
const (
	Attests  WordKind = 1 // it sent the source registry's contact a notice, and stands by the claim
	Notifies WordKind = 2 // it sent the holder a notice of a claim on a qualified title
	Refuses  WordKind = 3 // it attests nothing, for a reason
	Objects  WordKind = 4 // it stands against the claim, for a reason
)

// WordsMax bounds the words of one kind on one claim: more registrars than any
// rule asks for. A word that finds no room changes nothing that those before it
// have not.
const WordsMax = 8

// NoticesMin is how many notices make silence an answer (specs/20 CLAIM-16).
const NoticesMin = 3

// Word is what one registrar said of a claim.
type Word struct {
	Kind   WordKind
	By     wire.Address
	Digest wire.Hash     // of the notice, the documents or the reason
	Date   uint64        // of the notice, Unix seconds, as the registrar states it
	At     uint64        // header time of the word
	Block  wire.Resource // of an objection: what it is against
}

// ObjectionsMax bounds the proven objections to one claim. Each is of another
// issuing CA that is certified for a part of the block.
const ObjectionsMax = 8

// Objection is that another proved, as for grade A, a part of what is claimed.
type Objection struct {
	By     wire.Address
	Issuer wire.Hash // of its evidence
	Signed uint64    // signing time of its evidence
	Block  wire.Resource
}

// Claim is an account's claim to a block, or the succession to a holder's title.
type Claim struct {
	Rules      uint64
	Account    wire.Address  // who claims
	From       wire.Address  // the holder it is against; of a succession the holder that is gone; or zero
	Resource   wire.Resource // what is claimed and not settled
	Grade      Grade         // A, B or C; GradeNone of a succession
	Succession bool
	Evidence   wire.Hash // the evidence act of grade A, the digest of a succession's documents
	Issuer     wire.Hash // of the evidence, for grade A
	Proved     uint64    // signing time of the evidence, for grade A
	Stage      Stage
	Entered    uint64 // header time of the act
	Began      uint64 // header time at which the window or the contest began; 0 before
	At         uint64 // header time of its due item
	Ends       uint64 // header time at which it lapses, disputed; 0 before
	Stalled    uint64 // the chain's stalled seconds when At was set (specs/07 DUE-6)
	Words      []Word
	Objections []Objection
}

// claimBytesMax bounds a claim with all its words and objections.
const claimBytesMax = 4*WordsMax*128 + ObjectionsMax*96 + 512

// ClaimFromBytes reads a canonical claim.
func ClaimFromBytes(raw []byte) (*Claim, error) {
	c := new(Claim)
	if err := wire.Decode(raw, claimBytesMax, c); err != nil {
		return nil, fmt.Errorf("claim: %w", err)
	}
	if len(c.Words) > 4*WordsMax || len(c.Objections) > ObjectionsMax {
		return nil, fmt.Errorf("claim: %w: %d words, %d objections", wire.ErrCanonical, len(c.Words), len(c.Objections))
	}
	return c, nil
}

// ClaimsMax is how many claims and successions of one account may be open: a
// year's rows of a large holder in a week or two.
const ClaimsMax = 64

// Claims is the index of an account's open claims, ascending.
type Claims struct {
	Rules uint64
	IDs   []wire.Hash
}

// ClaimsFromBytes reads a canonical index of claims.
func ClaimsFromBytes(raw []byte) (*Claims, error) {
	x := new(Claims)
	if err := wire.Decode(raw, 33*ClaimsMax+16, x); err != nil {
		return nil, fmt.Errorf("claims: %w", err)
	}
	return x, nil
}

// ClaimKey is where a claim is kept.
func ClaimKey(id wire.Hash) tree.Key { return dealKey(dealClaim, id[:]) }

// ClaimsKey is where the index of an account's open claims is kept.
func ClaimsKey(account wire.Address) tree.Key { return dealKey(dealClaims, account[:]) }
