package ledger

import (
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// voters says who may vote on a matter.
type voters uint8

const (
	byMembers voters = iota
	byAdjudicators
)

var voterNames = [...]string{"members", "adjudicators"}

// String is the voters as the law's table names them.
func (v voters) String() string { return voterNames[v] }

// MatterRule is how a matter is decided: the law's table of matters (specs/23).
// Quorum and majority are two thirds everywhere; OfAll says that the majority is
// of all voters, not of the votes cast.
type MatterRule struct {
	Voters voters
	OfAll  bool
	Notice string // the parameter that says how long, or empty for none
}

var matterRules = [record.MatterMost + 1]MatterRule{
	record.AddTrustAnchor:    {OfAll: true, Notice: "upgrade_seconds"},
	record.RemoveTrustAnchor: {OfAll: true},
	record.AddRegistryCA:     {OfAll: true, Notice: "upgrade_seconds"},
	record.RemoveRegistryCA:  {OfAll: true},
	record.Upgrade:           {OfAll: true, Notice: "upgrade_seconds"},
	record.RegistryCeased:    {OfAll: true, Notice: "ceased_seconds"},
	record.RegistryResumed:   {OfAll: true},
	record.LiftFreeze:        {Voters: byAdjudicators},
}

// RuleOf is how a matter is decided.
func RuleOf(m record.Matter) MatterRule { return matterRules[m] }

// notice is the seconds from a proposal's passing to its effect.
func (r MatterRule) notice(p *record.Parameters) uint64 {
	if r.Notice == "" {
		return 0
	}
	return *record.ParameterOf(r.Notice).In(p)
}

// count is the votes on one proposal, by those who are voters.
type count struct{ voters, yes, no uint64 }

// Passed reports whether quorum and majority are met.
//
// specs/23, "Matters": a quorum is of the voters, a majority of the votes cast, or
// of all voters; both are met by that share or more.
func (r MatterRule) passed(c count) bool {
	cast := c.yes + c.no
	of := cast
	if r.OfAll {
		of = c.voters
	}
	return c.voters > 0 && cast >= quorum(c.voters) && c.yes >= quorum(of)
}

// quorum is the fewest votes that are two thirds of the voters.
func quorum(voters uint64) uint64 { return (2*voters + 2) / 3 }

// certain reports whether a proposal passes whatever votes are still to come.
func (r MatterRule) certain(c count) bool { return c.voters > 0 && c.yes >= quorum(c.voters) }

// subjectOfRemoval is whose removal a proposal asks for, a member by its key or an
// account of another body; both are zero where it asks for none.
func subjectOfRemoval(m *motion) (key wire.Hash, who wire.Address) {
	switch m.Matter {
	case record.RemoveMember:
		return m.body.Key, who
	case record.RemoveAdjudicator, record.RemoveRegistrar:
		return key, m.body.Subject
	}
	return key, who
}
