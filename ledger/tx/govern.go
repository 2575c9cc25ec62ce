package tx

import (
	"fmt"
	"strconv"

	"ipledger/ledger/account"
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// Propose asks the voters of a matter to decide. Which fields it has besides is
// the matter's (specs/23 GOV-1); all others are empty.
type Propose struct {
	Matter       uint64    // record.Matter
	As           wire.Hash // the key of the member that the author votes for; zero otherwise
	Key          wire.Hash // a member's key, an anchor's hash, or the act that froze
	Subject      wire.Address
	Name         string // an operator, a parameter or a registry
	Organisation string
	Jurisdiction string
	Hosting      string
	Block        string // canonical text of a resource, or empty
	Material     []byte // SubjectPublicKeyInfo in DER
	Value        uint64 // a parameter's value or a rules version
	Height       uint64
	Reason       wire.Hash // digest of the published cause
}

// Kind is KindPropose.
func (*Propose) Kind() Kind { return KindPropose }

func (b *Propose) walk(w walker) {
	w.number("matter", &b.Matter, uint64(record.MatterMost))
	w.hash("as", &b.As)
	w.hash("key", &b.Key)
	w.address("subject", &b.Subject)
	w.text("name", &b.Name, account.NameBytesMax)
	w.text("organisation", &b.Organisation, account.NameBytesMax)
	w.text("jurisdiction", &b.Jurisdiction, 2)
	w.text("hosting", &b.Hosting, account.NameBytesMax)
	w.text("block", &b.Block, BlockTextMax)
	w.bytes("material", &b.Material, record.AnchorBytesMax)
	w.number("value", &b.Value, most64)
	w.number("height", &b.Height, most64)
	w.hash("reason", &b.Reason)
}

// BlockTextMax bounds a resource as text: an IPv6 prefix has 43 characters.
const BlockTextMax = 64

// The fields of a proposal that matters are made of.
const (
	hasKey = 1 << iota
	hasSubject
	hasName
	hasOrganisation
	hasJurisdiction
	hasHosting
	hasBlock
	hasMaterial
	hasValue
	hasHeight
	hasReason
)

// matterFields is what each matter's proposal states, by its number.
var matterFields = [record.MatterMost + 1]int{
	record.AdmitMember:       hasKey | hasSubject | hasName | hasOrganisation | hasJurisdiction | hasHosting,
	record.RemoveMember:      hasKey | hasReason,
	record.MemberAccount:     hasKey | hasSubject,
	record.AdmitRegistrar:    hasSubject | hasOrganisation | hasJurisdiction,
	record.RemoveRegistrar:   hasSubject | hasReason,
	record.AdmitAdjudicator:  hasSubject | hasOrganisation | hasJurisdiction,
	record.RemoveAdjudicator: hasSubject | hasReason,
	record.SetParameter:      hasName | hasValue,
	record.AddTrustAnchor:    hasName | hasMaterial,
	record.RemoveTrustAnchor: hasKey | hasReason,
	record.AddRegistryCA:     hasName | hasMaterial,
	record.RemoveRegistryCA:  hasKey | hasReason,
	record.Upgrade:           hasValue | hasHeight,
	record.RegistryCeased:    hasName | hasReason,
	record.RegistryResumed:   hasName | hasReason,
	record.Allot:             hasBlock | hasSubject,
	record.LiftFreeze:        hasBlock | hasKey | hasReason,
}

// check keeps specs/23 GOV-1: a proposal MUST state exactly the fields of its
// matter, each in its form, and the others empty.
func (b *Propose) check(*Header) error {
	if b.Matter == 0 {
		return Refuse("GOV-1", "matter", "matter 0 is none")
	}
	want := matterFields[b.Matter]
	for i, f := range b.filled() {
		has := want&(1<<i) != 0
		// A parameter's value may be zero.
		if f.filled && !has || !f.filled && has && 1<<i != hasValue {
			return Refuse("GOV-1", f.name, "a proposal to %s states it: %v; this one: %v", record.Matter(b.Matter), has, f.filled)
		}
	}
	return b.checkForms()
}

// filled says which fields are not empty, in the order of their bits.
func (b *Propose) filled() []struct {
	name   string
	filled bool
} {
	return []struct {
		name   string
		filled bool
	}{
		{"key", !b.Key.IsZero()}, {"subject", !b.Subject.IsZero()}, {"name", b.Name != ""},
		{"organisation", b.Organisation != ""}, {"jurisdiction", b.Jurisdiction != ""}, {"hosting", b.Hosting != ""},
		{"block", b.Block != ""}, {"material", len(b.Material) > 0}, {"value", b.Value != 0}, {"height", b.Height != 0},
		{"reason", !b.Reason.IsZero()},
	}
}

func (b *Propose) checkForms() error {
	for _, t := range []struct{ field, text string }{{"name", b.Name}, {"organisation", b.Organisation}, {"hosting", b.Hosting}} {
		if err := account.CheckName(t.text); err != nil {
			return Refuse("GOV-1", t.field, "%v", err)
		}
	}
	if b.Jurisdiction != "" {
		if err := account.CheckJurisdiction(b.Jurisdiction); err != nil {
			return Refuse("GOV-1", "jurisdiction", "%v", err)
		}
	}
	if b.Block != "" {
		if _, err := inr.Parse(b.Block); err != nil {
			return Refuse("GOV-1", "block", "%v", err)
		}
	}
	switch record.Matter(b.Matter) {
	case record.AdmitMember:
		if err := record.CheckMemberKey(b.Key); err != nil {
			return Refuse("GOV-1", "key", "%v", err)
		}
	case record.AddTrustAnchor, record.AddRegistryCA:
		if err := b.Anchor().Check(); err != nil {
			return Refuse("GOV-1", "material", "%v", err)
		}
	case record.SetParameter:
		return b.checkParameter()
	}
	return nil
}

// checkParameter keeps specs/23 GOV-8: a parameter MUST stay within its bounds.
func (b *Propose) checkParameter() error {
	p := record.ParameterOf(b.Name)
	if p == nil {
		return Refuse("GOV-8", "name", "%q is no parameter", b.Name)
	}
	if b.Value < p.Least || b.Value > p.Most {
		return Refuse("GOV-8", "value", "%s is to be %d, its bounds are %d and %d", b.Name, b.Value, p.Least, p.Most)
	}
	return nil
}

// Anchor is the key of the RPKI that a proposal to add one states.
func (b *Propose) Anchor() *record.Anchor {
	kind := record.TrustAnchor
	if record.Matter(b.Matter) == record.AddRegistryCA {
		kind = record.RegistryCA
	}
	return &record.Anchor{Rules: record.Rules, Kind: kind, Registry: b.Name, Key: b.Material}
}

func (b *Propose) text() []string {
	lines := []string{"Propose: " + b.words() + "."}
	if !b.Reason.IsZero() {
		lines = append(lines, fmt.Sprintf("The cause is published with the digest %v.", b.Reason))
	}
	if !b.As.IsZero() {
		return append(lines, fmt.Sprintf("For the member with the key %v.", b.As))
	}
	return lines
}

// words says what the voters are asked.
func (b *Propose) words() string {
	name := strconv.Quote(b.Name)
	switch record.Matter(b.Matter) {
	case record.AdmitMember:
		return fmt.Sprintf("admit the operator %s of %s, jurisdiction %s, hosted by %s, as a member with the key %v and the account %v",
			name, strconv.Quote(b.Organisation), b.Jurisdiction, strconv.Quote(b.Hosting), b.Key, b.Subject)
	case record.RemoveMember:
		return fmt.Sprintf("remove the member with the key %v", b.Key)
	case record.MemberAccount:
		return fmt.Sprintf("let account %v vote for the member with the key %v", b.Subject, b.Key)
	case record.AdmitRegistrar:
		return fmt.Sprintf("admit account %v of %s, jurisdiction %s, as a registrar", b.Subject, strconv.Quote(b.Organisation), b.Jurisdiction)
	case record.RemoveRegistrar:
		return fmt.Sprintf("remove the registrar %v for cause", b.Subject)
	case record.AdmitAdjudicator:
		return fmt.Sprintf("admit account %v of %s, jurisdiction %s, as an adjudicator", b.Subject, strconv.Quote(b.Organisation), b.Jurisdiction)
	case record.RemoveAdjudicator:
		return fmt.Sprintf("remove the adjudicator %v for cause", b.Subject)
	case record.SetParameter:
		return fmt.Sprintf("set the parameter %s to %d", b.Name, b.Value)
	case record.AddTrustAnchor, record.AddRegistryCA:
		return fmt.Sprintf("take a key of %s, %v, as a %s", b.Name, b.Anchor().Hash(), b.anchorWord())
	case record.RemoveTrustAnchor, record.RemoveRegistryCA:
		return fmt.Sprintf("no longer take the key %v as a %s", b.Key, b.anchorWord())
	case record.Upgrade:
		return fmt.Sprintf("put version %d of the rules in force from height %d on", b.Value, b.Height)
	case record.RegistryCeased:
		return fmt.Sprintf("record, after the notice, that the registry %s has ceased to allocate", b.Name)
	case record.RegistryResumed:
		return fmt.Sprintf("record that the registry %s allocates again", b.Name)
	case record.Allot:
		return fmt.Sprintf("allot %s to account %v", b.Block, b.Subject)
	case record.LiftFreeze:
		return fmt.Sprintf("lift the freeze by act %v from %s", b.Key, b.Block)
	}
	return "nothing"
}

func (b *Propose) anchorWord() string {
	switch record.Matter(b.Matter) {
	case record.AddTrustAnchor, record.RemoveTrustAnchor:
		return "trust anchor"
	}
	return "registry CA"
}

// Vote is a voter's word on a proposal.
type Vote struct {
	Proposal wire.Hash
	As       wire.Hash // the key of the member that the author votes for; zero for other voters
	Yes      bool
}

// Kind is KindVote.
func (*Vote) Kind() Kind { return KindVote }

func (b *Vote) walk(w walker) {
	w.hash("proposal", &b.Proposal)
	w.hash("as", &b.As)
	w.flag("yes", &b.Yes)
}

func (b *Vote) text() []string {
	word := "against"
	if b.Yes {
		word = "for"
	}
	lines := []string{fmt.Sprintf("Vote %s proposal %v; the last vote before it is decided counts.", word, b.Proposal)}
	if !b.As.IsZero() {
		return append(lines, fmt.Sprintf("For the member with the key %v.", b.As))
	}
	return lines
}

// Petition is a holder's support of a proposal that none of its voters made.
type Petition struct {
	Proposal wire.Hash
	Resource wire.Resource // a title of the author's, for whose handle it counts
}

// Kind is KindPetition.
func (*Petition) Kind() Kind { return KindPetition }

func (b *Petition) walk(w walker) {
	w.hash("proposal", &b.Proposal)
	w.resource("resource", &b.Resource)
}

func (b *Petition) text() []string {
	return []string{fmt.Sprintf("Support petition %v, as holder of %v.", b.Proposal, b.Resource)}
}
