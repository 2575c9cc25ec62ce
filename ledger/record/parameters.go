package record

import (
	"fmt"

	"ipledger/ledger/wire"
)

// Parameters are the numbers that governance may change within bounds. Seconds
// are of header time; shares are in millionths.
type Parameters struct {
	Rules             uint64
	Test              bool   // the network is a test network: grade T stands for A and B
	CreditUnmetered   bool   // benchmarks: acts cost nothing; test networks only
	Heartbeat         uint64 // seconds between blocks of an idle chain
	StallSeconds      uint64 // a gap between headers beyond this is a halt
	CreditCap         uint64
	CreditRefill      uint64 // a minute
	WorkBits          uint64 // of proof of work to open an account without sponsor
	WorkOpensMax      uint64 // such openings a ledger block
	DelaySeconds      uint64 // default delay between offer and acceptance
	NoticeMin         uint64 // shortest notice of a grant
	ClauseMin         uint64 // shortest notice of a lessor's clause
	EnforceSeconds    uint64 // from the notice of an enforcement to its effect
	RecoverySeconds   uint64 // a recovery's window
	TransferFloor4    uint64 // longest IPv4 prefix that may become a title
	TransferFloor6    uint64 // longest IPv6 prefix that may become a title
	ClaimASeconds     uint64 // window of a claim on grade A evidence
	ClaimBSeconds     uint64 // window of a claim on registrars' attestations
	SuccessionSeconds uint64 // window of a succession
	SigningSeconds    uint64 // how old a checklist's signing time may be
	QualifiedSeconds  uint64 // how long a title of grade B is qualified
	UnansweredSeconds uint64 // after which silence lets newer A evidence win a qualified title
	Attestations      uint64 // registrars of different organisations that attest a claim of grade B
	AttestSeconds     uint64 // over which a registrar's attestations are counted
	AttestShare       uint64 // of a source's numbers that one registrar attests in that time
	SourceSeconds     uint64 // window of a source statement
	SourceShare       uint64 // of a registry's numbers that statements change a day
	CautionSeconds    uint64 // until a caution lapses
	RestrictSeconds   uint64 // until a restriction lapses
	PanelSeconds      uint64 // from a case's acceptance to its decision
	CureSeconds       uint64 // to come below a cap again
	MemberShare       uint64 // of the members that one organisation may have
	PetitionShare     uint64 // of the holders that force a vote
	PetitionLeast     uint64 // holders that always force a vote
	BreakerShare      uint64 // of all authorisations that bodies' acts withdraw a day
	BreakerLeast      uint64 // authorisations a day that the breaker always lets through
	VoteSeconds       uint64 // how long a proposal is open for votes
	UpgradeSeconds    uint64 // least notice of new rules
	CeasedSeconds     uint64 // notice that a registry has ceased
	NextRules         uint64 // voted, and in force from NextHeight; 0 for none
	NextHeight        uint64
}

// ParametersFromBytes reads canonical parameters.
func ParametersFromBytes(raw []byte) (*Parameters, error) {
	p := new(Parameters)
	if err := wire.Decode(raw, 1024, p); err != nil {
		return nil, fmt.Errorf("parameters: %w", err)
	}
	return p, nil
}

// Parameter is one number of Parameters: its name in files and votes, its value
// in a genesis that is not marked test, that on test networks, and its bounds.
type Parameter struct {
	Name        string
	Value, Test uint64
	Least, Most uint64
	field       func(*Parameters) *uint64
}

// In is the number's place in a set of parameters.
func (p *Parameter) In(all *Parameters) *uint64 { return p.field(all) }

const (
	day     = 86400
	million = 1000000
)

// ParameterTable is every number that governance may change, in the order of the
// genesis file.
//
// specs/08 GEN-17: Parameters MUST be the genesis numbers of the table; a test
// network MAY override them within their bounds.
var ParameterTable = []Parameter{
	{"heartbeat_seconds", 15, 15, 1, 3600, func(p *Parameters) *uint64 { return &p.Heartbeat }},
	{"stall_seconds", 600, 600, 60, day, func(p *Parameters) *uint64 { return &p.StallSeconds }},
	{"credit_cap", 100, 100, 10, 1 << 32, func(p *Parameters) *uint64 { return &p.CreditCap }},
	{"credit_refill", 1, 1, 1, 1 << 32, func(p *Parameters) *uint64 { return &p.CreditRefill }},
	{"work_bits", 20, 20, 1, 64, func(p *Parameters) *uint64 { return &p.WorkBits }},
	{"work_opens_max", 50, 50, 1, 1000, func(p *Parameters) *uint64 { return &p.WorkOpensMax }},
	{"delay_seconds", 2 * day, 0, 0, 90 * day, func(p *Parameters) *uint64 { return &p.DelaySeconds }},
	{"notice_min_seconds", 30 * day, 0, 0, 365 * day, func(p *Parameters) *uint64 { return &p.NoticeMin }},
	{"clause_min_seconds", day, 0, 0, 30 * day, func(p *Parameters) *uint64 { return &p.ClauseMin }},
	{"enforce_seconds", 30 * day, 0, 0, 365 * day, func(p *Parameters) *uint64 { return &p.EnforceSeconds }},
	{"recovery_seconds", 14 * day, 14 * day, 0, 90 * day, func(p *Parameters) *uint64 { return &p.RecoverySeconds }},
	{"transfer_floor_ipv4", 24, 24, 8, 24, func(p *Parameters) *uint64 { return &p.TransferFloor4 }},
	{"transfer_floor_ipv6", 48, 48, 16, 48, func(p *Parameters) *uint64 { return &p.TransferFloor6 }},
	{"claim_a_seconds", 7 * day, 60, 0, 90 * day, func(p *Parameters) *uint64 { return &p.ClaimASeconds }},
	{"claim_b_seconds", 14 * day, 60, 0, 90 * day, func(p *Parameters) *uint64 { return &p.ClaimBSeconds }},
	{"succession_seconds", 30 * day, 60, 0, 90 * day, func(p *Parameters) *uint64 { return &p.SuccessionSeconds }},
	{"signing_seconds", 7 * day, 7 * day, 3600, 30 * day, func(p *Parameters) *uint64 { return &p.SigningSeconds }},
	{"qualified_seconds", 730 * day, 730 * day, 0, 3650 * day, func(p *Parameters) *uint64 { return &p.QualifiedSeconds }},
	{"unanswered_seconds", 90 * day, 120, 0, 365 * day, func(p *Parameters) *uint64 { return &p.UnansweredSeconds }},
	{"attestations", 2, 2, 2, BasisMax, func(p *Parameters) *uint64 { return &p.Attestations }},
	{"attest_seconds", 30 * day, 30 * day, day, 365 * day, func(p *Parameters) *uint64 { return &p.AttestSeconds }},
	{"attest_share", 1000, million, 1, million, func(p *Parameters) *uint64 { return &p.AttestShare }},
	{"source_seconds", 7 * day, 60, 0, 90 * day, func(p *Parameters) *uint64 { return &p.SourceSeconds }},
	{"source_share", 10000, million, 1, million, func(p *Parameters) *uint64 { return &p.SourceShare }},
	{"caution_seconds", 30 * day, 30 * day, day, 90 * day, func(p *Parameters) *uint64 { return &p.CautionSeconds }},
	{"restrict_seconds", 180 * day, 180 * day, day, 365 * day, func(p *Parameters) *uint64 { return &p.RestrictSeconds }},
	{"panel_seconds", 30 * day, 60, 0, 365 * day, func(p *Parameters) *uint64 { return &p.PanelSeconds }},
	{"cure_seconds", 90 * day, 90 * day, day, 365 * day, func(p *Parameters) *uint64 { return &p.CureSeconds }},
	{"member_share", 100000, 100000, 10000, 333333, func(p *Parameters) *uint64 { return &p.MemberShare }},
	{"petition_share", 50000, 50000, 10000, 333333, func(p *Parameters) *uint64 { return &p.PetitionShare }},
	{"petition_least", 100, 100, 1, 10000, func(p *Parameters) *uint64 { return &p.PetitionLeast }},
	{"breaker_share", 10000, 10000, 1, million, func(p *Parameters) *uint64 { return &p.BreakerShare }},
	{"breaker_least", 100, 100, 1, 10000, func(p *Parameters) *uint64 { return &p.BreakerLeast }},
	{"vote_seconds", 14 * day, 60, 0, 90 * day, func(p *Parameters) *uint64 { return &p.VoteSeconds }},
	{"upgrade_seconds", 30 * day, 60, 0, 365 * day, func(p *Parameters) *uint64 { return &p.UpgradeSeconds }},
	{"ceased_seconds", 180 * day, 60, 0, 730 * day, func(p *Parameters) *uint64 { return &p.CeasedSeconds }},
}
