package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ipledger/ledger"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// proposable is how a matter is typed: its arguments by what they mean, and the
// flags that it needs.
type proposable struct {
	matter record.Matter
	args   string
	short  string
	typed  string // an example of the arguments and flags
	flags  []string
}

const (
	someone = "--organisation \"Exempel AB\" --jurisdiction SE"
	someKey = "d4fa528185a96d4134880323aacae493580fc51371295fb75592ed565ad9ab50"
	cause   = "--reason cause.pdf"
)

// proposables are the matters of the law's table (specs/23, "Matters").
var proposables = []proposable{
	{record.AdmitMember, "ACCOUNT", "admit a member, for which the account votes", "alice --validator-key " + someKey + " --operator \"Exempel Nord\" " + someone + " --hosting AS64496",
		[]string{"validator-key", "operator", "organisation", "jurisdiction", "hosting"}},
	{record.RemoveMember, "MEMBER", "remove a member, by its operator's name or its key", "\"Exempel Nord\" " + cause, []string{"reason"}},
	{record.MemberAccount, "MEMBER ACCOUNT", "let another account vote for a member", "\"Exempel Nord\" bob", nil},
	{record.AdmitRegistrar, "ACCOUNT", "admit a registrar", "alice " + someone, []string{"organisation", "jurisdiction"}},
	{record.RemoveRegistrar, "ACCOUNT", "remove a registrar for cause: what rests on it is qualified and frozen", "alice " + cause, []string{"reason"}},
	{record.AdmitAdjudicator, "ACCOUNT", "admit an adjudicator", "alice " + someone, []string{"organisation", "jurisdiction"}},
	{record.RemoveAdjudicator, "ACCOUNT", "remove an adjudicator for cause", "alice " + cause, []string{"reason"}},
	{record.SetParameter, "PARAMETER VALUE", "set a number of the network within its bounds", "vote_seconds 7d", nil},
	{record.AddTrustAnchor, "REGISTRY KEYFILE", "take a key as a registry's trust anchor", "ripencc anchor.der", nil},
	{record.RemoveTrustAnchor, "ANCHOR", "no longer take a trust anchor", someKey + " " + cause, []string{"reason"}},
	{record.AddRegistryCA, "REGISTRY KEYFILE", "take a key as that of a registry's CA, which certifies members", "ripencc ca.der", nil},
	{record.RemoveRegistryCA, "ANCHOR", "no longer take a registry's CA", someKey + " " + cause, []string{"reason"}},
	{record.Upgrade, "VERSION", "put the next version of the rules in force", "2 --height 500000", []string{"height"}},
	{record.RegistryCeased, "REGISTRY", "record that a registry has ceased to allocate", "afrinic " + cause, []string{"reason"}},
	{record.RegistryResumed, "REGISTRY", "record that a registry allocates again", "afrinic " + cause, []string{"reason"}},
	{record.Allot, "RESOURCE ACCOUNT", "allot an available title of a registry that has ceased", "193.0.8.0/24 alice", nil},
	{record.LiftFreeze, "RESOURCE ACT", "lift a freeze, by the act that it rests on; adjudicators vote", "193.0.8.0/24 " + someKey + " " + cause, []string{"reason"}},
}

func govPropose(s *session) *cobra.Command {
	var verbs []*cobra.Command
	for i := range proposables {
		verbs = append(verbs, s.proposeVerb(&proposables[i]))
	}
	return family("propose", "Propose what the members or the adjudicators are to decide",
		"  ipledger gov propose parameter vote_seconds 7d --account alice\n  ipledger gov propose registry-ceased afrinic --reason cause.pdf --account alice", verbs...)
}

func (s *session) proposeVerb(x *proposable) *cobra.Command {
	typed := map[string]*string{}
	rule := ledger.RuleOf(x.matter)
	return s.act(verb{
		use: x.matter.String() + " " + x.args, short: "Propose to " + x.short,
		long:    wrapped(fmt.Sprintf("Propose to %s. %s The proposal of an account that is no voter is a petition, which holders support.", x.short, decidedBy(rule))),
		example: "  ipledger gov propose " + x.matter.String() + " " + x.typed,
		bind: func(c *cobra.Command) {
			for _, name := range x.flags {
				typed[name] = c.Flags().String(name, "", proposeFlags[name].help)
			}
		},
		plan: func(ctx context.Context, args []string) (plan, error) {
			b := &tx.Propose{Matter: uint64(x.matter)}
			if err := s.fillProposal(ctx, b, x, args, typed); err != nil {
				return plan{}, err
			}
			who, err := s.author(wire.Address{})
			if err != nil {
				return plan{}, err
			}
			return s.planned(who, b, s.asVoter(ctx, who, b, rule))
		},
	})
}

// decidedBy is how a matter is decided, in words.
func decidedBy(r ledger.MatterRule) string {
	of, notice := "of the votes cast", "at once"
	if r.OfAll {
		of = "of all of them"
	}
	if r.Notice != "" {
		notice = "after " + r.Notice
	}
	return fmt.Sprintf("The %v vote: two thirds must vote, and two thirds %s be for it. It takes effect %s.", r.Voters, of, notice)
}

// wrapped is a text in lines of a terminal.
func wrapped(text string) string {
	var out strings.Builder
	at := 0
	for i, word := range strings.Fields(text) {
		switch {
		case at+1+len(word) > 84:
			out.WriteByte('\n')
			at = 0
		case i > 0:
			out.WriteByte(' ')
			at++
		}
		out.WriteString(word)
		at += len(word)
	}
	return out.String()
}

// fillProposal reads the arguments and the flags of a proposal.
func (s *session) fillProposal(ctx context.Context, b *tx.Propose, x *proposable, args []string, typed map[string]*string) error {
	for i, word := range strings.Fields(x.args) {
		if err := proposeArgs[word](ctx, s, b, args[i]); err != nil {
			return err
		}
	}
	for _, name := range x.flags {
		f := proposeFlags[name]
		if *typed[name] == "" && !f.optional {
			return usage("--%s is missing: %s", name, f.help)
		}
		if err := f.read(ctx, s, b, *typed[name]); err != nil {
			return err
		}
	}
	return nil
}

// asVoter has a proposal made for the member that its author votes for. Where the
// author is no voter, it says what becomes of the proposal.
func (s *session) asVoter(ctx context.Context, who wire.Address, b *tx.Propose, rule ledger.MatterRule) error {
	list, err := s.bodies(ctx)
	if err != nil {
		return err
	}
	voter := slices.ContainsFunc(list.Adjudicators, func(x bodyAnswer) bool { return x.Account.Address == who })
	if rule.Voters.String() == membersBody {
		b.As = list.seatOf(who)
		voter = !b.As.IsZero()
	}
	if !voter {
		s.err.linef("%s is none of the %v: this is a petition, which is put to the vote once enough holders support it", s.book.tell(who), rule.Voters)
	}
	return nil
}
