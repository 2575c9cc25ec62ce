package record

import (
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// CureScope says what is above its cap. The numbers are on the wire.
type CureScope uint64

// The scopes of caps.
const (
	ByOrganisation CureScope = 1
	ByJurisdiction CureScope = 2
	ByHosting      CureScope = 3
)

var cureScopes = [...]string{"", "organisation", "jurisdiction", "hosting"}

// String is the scope in one word.
func (s CureScope) String() string {
	if int(s) < len(cureScopes) {
		return cureScopes[s]
	}
	return "unknown"
}

// Cure is an organisation, jurisdiction or host above its cap, and until when it
// is to come below it again.
type Cure struct {
	Scope   CureScope
	Name    string
	Since   uint64 // header time at which it came above
	Until   uint64
	Overdue bool // its term ended without cure
}

// Cures are all of them, by scope and name.
type Cures struct {
	Rules uint64
	List  []Cure
}

// CuresMax bounds Cures: organisations of two members or more, and the
// jurisdictions and hosts that can each have a third.
const CuresMax = MembersMax/2 + 3 + 3

// CuresFromBytes reads canonical Cures.
func CuresFromBytes(raw []byte) (*Cures, error) { return bodyFromBytes[Cures](raw, 160*CuresMax) }

// CuresKey is where they are kept.
var CuresKey = bodyKey("cures", nil)

// Offence is one piece of evidence of a member's misbehaviour.
type Offence struct {
	Height uint64
	Time   uint64 // Unix seconds of that height's header
	Kind   uint64 // 1 two votes, 2 an attack on light clients
}

// OffencesMax bounds the offences that are listed; the count goes on.
const OffencesMax = 16

// Offences are what was proven against a member.
type Offences struct {
	Rules uint64
	Count uint64
	List  []Offence // the last, oldest first
}

// OffencesFromBytes reads canonical Offences.
func OffencesFromBytes(raw []byte) (*Offences, error) { return bodyFromBytes[Offences](raw, 1024) }

// OffencesKey is where the offences of a member are kept.
func OffencesKey(pub [32]byte) tree.Key { return bodyKey("offences", pub[:]) }

// CureID names a cure in the due-queue (specs/07 DUE-2).
func CureID(c *Cure) wire.Hash {
	return wire.Sum(wire.TagDealing, []byte{byte(c.Scope)}, []byte(c.Name))
}

// EndCure is where the end of a cure term waits.
func EndCure(c *Cure) tree.Key { return tree.DueKey(c.Until, RankGovern, CureID(c)) }
