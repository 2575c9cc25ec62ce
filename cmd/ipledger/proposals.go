package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// proposalAnswer is a proposal as a node tells it.
type proposalAnswer struct {
	ID      wire.Hash      `json:"id"`
	Matter  said           `json:"matter"`
	State   string         `json:"state"`
	By      party          `json:"by"`
	Made    instant        `json:"made"`
	At      instant        `json:"at"`
	Body    string         `json:"body"`
	Voters  uint64         `json:"voters,string"`
	Quorum  uint64         `json:"quorum,string"`
	OfAll   bool           `json:"majority_of_all"`
	Notice  uint64         `json:"notice_seconds,string"`
	Yes     uint64         `json:"yes,string"`
	No      uint64         `json:"no,string"`
	Support uint64         `json:"support,string"`
	Needs   uint64         `json:"support_needed,string"`
	Rule    said           `json:"refused_by"`
	Votes   []ballotAnswer `json:"votes"`
	Text    []string       `json:"text"`
}

type ballotAnswer struct {
	By     party      `json:"by"`
	Member *wire.Hash `json:"member"`
	Yes    bool       `json:"yes"`
}

// proposal asks for one.
func (s *session) proposal(ctx context.Context, id wire.Hash) (*proposalAnswer, error) {
	m := new(proposalAnswer)
	return m, s.client().get(ctx, "/v1/proposals/"+id.String(), m)
}

func govList(s *session) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List what is to be decided: open for votes, or passed with its notice running",
		Example: "  ipledger gov list",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if s.json {
				return s.spliceOf(cmd.Context(), "/v1/proposals")
			}
			var page struct {
				Proposals []proposalAnswer `json:"proposals"`
			}
			if err := s.client().get(cmd.Context(), "/v1/proposals", &page); err != nil {
				return err
			}
			for i := range page.Proposals {
				s.tellAsked(&page.Proposals[i])
				s.out.field("next", "ipledger gov show %v", page.Proposals[i].ID)
			}
			if len(page.Proposals) == 0 {
				s.out.linef("nothing is to be decided")
				s.out.field("next", "ipledger gov propose --help")
			}
			return nil
		},
	}
}

func govPetitions(s *session) *cobra.Command {
	return &cobra.Command{
		Use: "petitions", Short: "List petitions that gather support and are not voted on yet",
		Example: "  ipledger gov petitions",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			all := []proposalAnswer{}
			err := s.paged(cmd.Context(), "/v1/petitions", nil, func(raw []byte) (string, error) {
				var page struct {
					Proposals []proposalAnswer `json:"proposals"`
					Next      string           `json:"next"`
				}
				err := readAnswer(raw, &page)
				all = append(all, page.Proposals...)
				return page.Next, err
			})
			if err != nil {
				return err
			}
			if s.json {
				return s.out.json(all)
			}
			for i := range all {
				s.tellAsked(&all[i])
				s.out.field("support", "%d of %d holders that it needs", all[i].Support, all[i].Needs)
				s.out.field("next", "ipledger gov petition %v RESOURCE   # as a holder", all[i].ID)
			}
			if len(all) == 0 {
				s.out.linef("no petition gathers support")
			}
			return nil
		},
	}
}

func govShow(s *session) *cobra.Command {
	return &cobra.Command{
		Use: "show PROPOSAL", Short: "Show a proposal: who may vote, the votes so far, what is missing, what happens when",
		Long: `Show a proposal or a petition, also one that was decided in the last 90 days: who may
vote and has voted, what it lacks, and when it is decided and takes effect.`,
		Example: "  ipledger gov show 1f0a77de4c534e1f699c877c35b1685967c3b4d3…",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := parseID(args[0])
			if err != nil {
				return err
			}
			if s.json {
				return s.spliceOf(cmd.Context(), "/v1/proposals/"+id.String())
			}
			m, err := s.proposal(cmd.Context(), id)
			if err != nil {
				return err
			}
			list, err := s.bodies(cmd.Context())
			if err != nil {
				return err
			}
			s.tellProposal(m, list)
			return nil
		},
	}
}

// tellAsked is what a proposal asks, and its state.
func (s *session) tellAsked(m *proposalAnswer) {
	p := s.out
	p.field("proposal", "%v", m.ID)
	p.field("matter", "%s, by %s at %v", m.Matter, s.book.tell(m.By.Address), m.Made)
	for _, line := range m.Text {
		p.field("", "%s", said(s.book.named(line)))
	}
	p.field("state", "%s", stateOf(m))
}

// stateOf is the state of a proposal, and what happens when.
func stateOf(m *proposalAnswer) string {
	switch m.State {
	case "petition":
		return fmt.Sprintf("petition, lapses at %v", m.At)
	case "open":
		return fmt.Sprintf("open for votes until %v", m.At)
	case "passed":
		return fmt.Sprintf("passed, takes effect at %v", m.At)
	case "refused":
		return fmt.Sprintf("passed, and refused by rule %s when it was to take effect", m.Rule)
	}
	return m.State
}

func (s *session) tellProposal(m *proposalAnswer, list *bodiesAnswer) {
	s.tellAsked(m)
	p := s.out
	if m.State == "petition" {
		p.field("support", "%d of %d holders", m.Support, m.Needs)
		p.field("lacks", "%s", lacking(m))
		p.field("next", "ipledger gov petition %v RESOURCE   # by holders", m.ID)
		return
	}
	p.field("voters", "%d %s", m.Voters, m.Body)
	p.field("votes", "%d yes, %d no", m.Yes, m.No)
	for _, v := range m.Votes {
		p.field("", "%s by %s", yesNo(v.Yes), s.voter(v, list))
	}
	if m.State != "open" {
		p.field("next", "ipledger gov list")
		return
	}
	for _, name := range s.silent(m, list) {
		p.field("", "no vote yet of %s", name)
	}
	p.field("lacks", "%s", lacking(m))
	p.field("effect", "%s", effectOf(m))
	p.field("next", "ipledger gov vote %v yes   # or no, by %s", m.ID, m.Body)
}

// voter is who gave a vote: a member by its operator's name.
func (s *session) voter(v ballotAnswer, list *bodiesAnswer) string {
	for _, m := range list.Members {
		if v.Member != nil && m.Key == *v.Member {
			return m.Operator.String()
		}
	}
	return s.book.tell(v.By.Address)
}

// silent is the voters that have not voted.
func (s *session) silent(m *proposalAnswer, list *bodiesAnswer) (out []string) {
	voted := func(ok func(ballotAnswer) bool) bool { return slices.ContainsFunc(m.Votes, ok) }
	if m.Body == membersBody {
		for _, x := range list.Members {
			if !voted(func(v ballotAnswer) bool { return v.Member != nil && *v.Member == x.Key }) && !x.Account.IsZero() {
				out = append(out, x.Operator.String())
			}
		}
		return out
	}
	for _, x := range list.Adjudicators {
		if !voted(func(v ballotAnswer) bool { return v.By == x.Account }) {
			out = append(out, s.book.tell(x.Account.Address))
		}
	}
	return out
}

// lacking is what a proposal still needs.
func lacking(m *proposalAnswer) string {
	if m.State == "petition" {
		return fmt.Sprintf("the support of %d more holders", m.Needs-min(m.Needs, m.Support))
	}
	of := "the votes cast"
	if m.OfAll {
		of = "all voters"
	}
	text := fmt.Sprintf("%d more yes to pass at once", m.Quorum-min(m.Quorum, m.Yes))
	if cast := m.Yes + m.No; cast < m.Quorum {
		text += fmt.Sprintf("; at its end %d more votes", m.Quorum-cast)
	}
	return text + ", and two thirds of " + of + " for it"
}

// effectOf is when a proposal takes effect that passes.
func effectOf(m *proposalAnswer) string {
	notice := span(m.Notice)
	switch {
	case m.Notice > 0:
		return fmt.Sprintf("%v after it passes", &notice)
	case m.Matter.String() == record.AdmitMember.String(), m.Matter.String() == record.RemoveMember.String():
		return "as soon as it passes; the validators change two blocks later"
	}
	return "as soon as it passes"
}
