package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func disputeCommand(s *session) *cobra.Command {
	return family("dispute", "Warn of, decide and carry out disputes; record orders of courts",
		"  ipledger dispute caution 193.0.8.0/24 --ground forged --text statement.pdf\n  ipledger dispute show 1f0a…",
		disputeCaution(s), disputeAnswer(s), disputeDecide(s), disputeAppeal(s), disputeOrder(s), disputeStatus(s), disputeRestrict(s),
		disputeLift(s), disputeConfirm(s), disputeForum(s), disputeShow(s), disputeList(s))
}

// grounds are the words for why one cautions.
var grounds = map[string]tx.Ground{"title": tx.GroundTitle, "right": tx.GroundRight, "forged": tx.GroundForged, "proceeding": tx.GroundProceeding}

// text is the flag that names the text which an act's digest stands for.
func textFlag(c *cobra.Command, into *string, what string) {
	c.Flags().StringVar(into, "text", "", "file with "+what+", or its SHA-256; it stays with you")
}

func disputeCaution(s *session) *cobra.Command {
	var ground, text string
	return s.act(verb{
		use: "caution RESOURCE", short: "Warn everybody against dealing in a block",
		long: `Enter a caution against a block that another holds. It binds nobody and lapses,
unless adjudicators accept it: then the block is frozen for a time and a panel
hears the case. Routing goes on.`,
		example: "  ipledger dispute caution 193.0.8.0/24 --ground forged --text statement.pdf",
		bind: func(c *cobra.Command) {
			c.Flags().StringVar(&ground, "ground", "", "title (it is another's), right (an estate or charge), forged (an act) or proceeding (elsewhere)")
			textFlag(c, &text, "what you say")
		},
		plan: func(_ context.Context, args []string) (plan, error) {
			r, err := strict(args[0])
			if err != nil {
				return plan{}, err
			}
			b := &tx.Caution{Resource: r}
			var ok bool
			if b.Ground, ok = grounds[ground]; !ok {
				return plan{}, usage("--ground %q is none of title, right, forged and proceeding", ground)
			}
			if b.Digest, err = needed("text", text); err != nil {
				return plan{}, err
			}
			who, err := s.author(wire.Address{})
			return s.planned(who, b, err)
		},
	})
}

func disputeAnswer(s *session) *cobra.Command {
	var text string
	return s.act(verb{
		use: "answer CASE RESOURCE", short: "As the holder, answer a caution or a contest, once",
		example: "  ipledger dispute answer 1f0a77de4c534e1f699c877c35b1685967c3b4d3… 193.0.8.0/24 --text answer.pdf",
		bind:    func(c *cobra.Command) { textFlag(c, &text, "the answer") },
		plan: func(ctx context.Context, args []string) (plan, error) {
			id, m, err := s.caseAt(ctx, args)
			if err != nil {
				return plan{}, err
			}
			b := &tx.CautionAnswer{Case: id, Resource: m.block}
			if b.Digest, err = needed("text", text); err != nil {
				return plan{}, err
			}
			who, err := s.author(m.holder())
			return s.planned(who, b, err)
		},
	})
}

// caseAt reads CASE RESOURCE.
func (s *session) caseAt(ctx context.Context, args []string) (id wire.Hash, m matter, err error) {
	if id, err = parseID(args[0]); err != nil {
		return id, m, err
	}
	m, err = s.matter(ctx, args[1])
	return id, m, err
}

// verdicts are the words for votes.
var verdicts = map[string]tx.Verdict{"accept": tx.VerdictAccept, "dismiss": tx.VerdictDismiss, "holder": tx.VerdictHolder, "claimant": tx.VerdictClaimant}

func disputeDecide(s *session) *cobra.Command {
	var reasons string
	return s.act(verb{
		use: "decide CASE VERDICT", short: "As an adjudicator or, on appeal, a member: vote in a case",
		long: `Vote in a case: accept or dismiss a caution that stands; holder or claimant once a
panel, or on appeal all members, hear it. Votes count together that name the same
reasons. A later vote takes the place of the earlier.`,
		example: "  ipledger dispute decide 1f0a77de4c534e1f699c877c35b1685967c3b4d3… accept --reasons reasons.pdf",
		bind: func(c *cobra.Command) {
			c.Flags().StringVar(&reasons, "reasons", "", "file with the reasons, or its SHA-256")
		},
		plan: func(_ context.Context, args []string) (plan, error) {
			id, err := parseID(args[0])
			if err != nil {
				return plan{}, err
			}
			b := &tx.CaseDecide{Case: id}
			var ok bool
			if b.Verdict, ok = verdicts[args[1]]; !ok {
				return plan{}, usage("%q is none of accept, dismiss, holder and claimant", args[1])
			}
			if b.Reasons, err = needed("reasons", reasons); err != nil {
				return plan{}, err
			}
			who, err := s.author(wire.Address{})
			return s.planned(who, b, err)
		},
	})
}

func disputeAppeal(s *session) *cobra.Command {
	var text string
	return s.act(verb{
		use: "appeal CASE RESOURCE", short: "As a party, appeal against a decision to all members, once",
		example: "  ipledger dispute appeal 1f0a77de4c534e1f699c877c35b1685967c3b4d3… 193.0.8.0/24 --text grounds.pdf",
		bind:    func(c *cobra.Command) { textFlag(c, &text, "the grounds") },
		plan: func(ctx context.Context, args []string) (plan, error) {
			id, m, err := s.caseAt(ctx, args)
			if err != nil {
				return plan{}, err
			}
			b := &tx.CaseAppeal{Case: id, Resource: m.block}
			if b.Digest, err = needed("text", text); err != nil {
				return plan{}, err
			}
			who, err := s.author(m.holder())
			return s.planned(who, b, err)
		},
	})
}

func disputeRestrict(s *session) *cobra.Command {
	return s.act(verb{
		use: "restrict MATTER RESOURCE", short: "Enter the freeze of an order in effect, or a dispute, on one title",
		long: `An order that names more than one title freezes each of them by an act of its own.
Anyone may send it. Routing goes on.`,
		example: "  ipledger dispute restrict 1f0a77de4c534e1f699c877c35b1685967c3b4d3… 193.0.8.0/24",
		plan: func(_ context.Context, args []string) (plan, error) {
			id, r, err := matterAndBlock(args)
			if err != nil {
				return plan{}, err
			}
			who, err := s.author(wire.Address{})
			return s.planned(who, &tx.Restrict{Matter: id, Resource: r}, err)
		},
	})
}

func disputeLift(s *session) *cobra.Command {
	return s.act(verb{
		use: "lift MATTER RESOURCE", short: "Carry out at one title how a case or an order ended",
		long: `Take off a title what a matter recorded, once it is over; what was awarded for good
goes to the claimant. Anyone may send it. The party of a caution gives it up so.`,
		example: "  ipledger dispute lift 1f0a77de4c534e1f699c877c35b1685967c3b4d3… 193.0.8.0/24",
		plan: func(_ context.Context, args []string) (plan, error) {
			id, r, err := matterAndBlock(args)
			if err != nil {
				return plan{}, err
			}
			who, err := s.author(wire.Address{})
			return s.planned(who, &tx.Lift{Matter: id, Resource: r}, err)
		},
	})
}

func matterAndBlock(args []string) (id wire.Hash, r wire.Resource, err error) {
	if id, err = parseID(args[0]); err != nil {
		return id, r, err
	}
	r, err = strict(args[1])
	return id, r, err
}

func disputeConfirm(s *session) *cobra.Command {
	var text string
	return s.act(verb{
		use: "confirm MATTER", short: "As an adjudicator, vote to prolong the freeze of an order or a dispute",
		example: "  ipledger dispute confirm 1f0a77de4c534e1f699c877c35b1685967c3b4d3… --text still-in-force.pdf",
		bind:    func(c *cobra.Command) { textFlag(c, &text, "what shows that it still stands, newer than the last") },
		plan: func(_ context.Context, args []string) (plan, error) {
			id, err := parseID(args[0])
			if err != nil {
				return plan{}, err
			}
			b := &tx.OrderConfirm{Matter: id}
			if b.Digest, err = needed("text", text); err != nil {
				return plan{}, err
			}
			who, err := s.author(wire.Address{})
			return s.planned(who, b, err)
		},
	})
}

func disputeForum(s *session) *cobra.Command {
	return s.act(verb{
		use: "forum RESOURCE [FORUM...]", short: "As the holder, name the court or arbitration for disputes over a title",
		long: `Name a title's forum, in a few words; without words it has none. It takes effect
after the account's delay and stays in any hands until it is changed.`,
		example: "  ipledger dispute forum 193.0.8.0/24 Netherlands Arbitration Institute",
		plan: func(ctx context.Context, args []string) (plan, error) {
			m, err := s.matter(ctx, args[0])
			if err != nil {
				return plan{}, err
			}
			value, err := m.value()
			if err != nil {
				return plan{}, err
			}
			who, err := s.author(m.holder())
			return s.planned(who, &tx.ForumSet{Resource: m.block, Forum: strings.Join(args[1:], " "), Value: value}, err)
		},
	})
}
