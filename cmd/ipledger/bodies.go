package main

import (
	"context"

	"github.com/spf13/cobra"

	"ipledger/ledger/wire"
)

// membersBody is the name of the body of members, as nodes say it.
const membersBody = "members"

// bodiesAnswer is who decides about the register, as a node tells it.
type bodiesAnswer struct {
	Rules        uint64         `json:"rules_version,string"`
	Next         *nextRules     `json:"next_rules"`
	Members      []memberAnswer `json:"members"`
	Registrars   []bodyAnswer   `json:"registrars"`
	Adjudicators []bodyAnswer   `json:"adjudicators"`
	TrustAnchors []anchorAnswer `json:"trust_anchors"`
	RegistryCAs  []anchorAnswer `json:"registry_cas"`
	Ceased       []said         `json:"ceased"`
	Caps         []capAnswer    `json:"caps"`
	Cures        []cureAnswer   `json:"cures"`
}

type nextRules struct {
	Version uint64 `json:"version,string"`
	Height  uint64 `json:"height,string"`
}

type memberAnswer struct {
	Operator     said      `json:"operator"`
	Organisation said      `json:"organisation"`
	Jurisdiction said      `json:"jurisdiction"`
	Hosting      said      `json:"hosting"`
	Key          wire.Hash `json:"public_key"`
	Account      party     `json:"account"`
	Offences     uint64    `json:"offences,string"`
}

type bodyAnswer struct {
	Account      party   `json:"account"`
	Organisation said    `json:"organisation"`
	Jurisdiction said    `json:"jurisdiction"`
	Since        instant `json:"since"`
}

type anchorAnswer struct {
	ID       wire.Hash `json:"id"`
	Registry said      `json:"registry"`
}

type capAnswer struct {
	Scope   said   `json:"scope"`
	Name    said   `json:"name"`
	Members uint64 `json:"members,string"`
	Most    uint64 `json:"most,string"`
}

type cureAnswer struct {
	Scope   said    `json:"scope"`
	Name    said    `json:"name"`
	Since   instant `json:"since"`
	Until   instant `json:"until"`
	Overdue bool    `json:"overdue"`
}

func (s *session) bodies(ctx context.Context) (*bodiesAnswer, error) {
	out := new(bodiesAnswer)
	return out, s.client().get(ctx, "/v1/bodies", out)
}

// seatOf is the key of the member that an account votes for, zero for none.
func (a *bodiesAnswer) seatOf(who wire.Address) (key wire.Hash) {
	for _, m := range a.Members {
		if m.Account.Address == who {
			key = m.Key
		}
	}
	return key
}

func (s *session) seatOf(ctx context.Context, who wire.Address) (key wire.Hash, err error) {
	list, err := s.bodies(ctx)
	if err != nil {
		return key, err
	}
	return list.seatOf(who), nil
}

// memberNamed is the key of a member that is named by its operator, or its key.
func (s *session) memberNamed(ctx context.Context, text string) (key wire.Hash, err error) {
	if key, err := parseID(text); err == nil {
		return key, nil
	}
	list, err := s.bodies(ctx)
	if err != nil {
		return key, err
	}
	for _, m := range list.Members {
		if string(m.Operator) == text {
			return m.Key, nil
		}
	}
	return key, usage("%q is neither the operator of a member nor a member's key", text).hint("ipledger gov bodies   # lists them")
}

func govBodies(s *session) *cobra.Command {
	return &cobra.Command{
		Use: "bodies", Short: "Show the members, registrars and adjudicators, their jurisdictions, caps and cure terms",
		Long: `Show who decides about the register: members validate and vote, registrars attest
claims, adjudicators decide disputes. Caps bound how many members one organisation,
jurisdiction or host may have; what is above its cap has a cure term.`,
		Example: "  ipledger gov bodies",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if s.json {
				return s.spliceOf(cmd.Context(), "/v1/bodies")
			}
			list, err := s.bodies(cmd.Context())
			if err != nil {
				return err
			}
			s.tellBodies(list)
			return nil
		},
	}
}

// spliceOf prints a node's answer as it came.
func (s *session) spliceOf(ctx context.Context, path string) error {
	raw, err := s.client().raw(ctx, path)
	if err != nil {
		return err
	}
	return s.out.json(spliced{map[string]any{}, raw})
}

func (s *session) tellBodies(a *bodiesAnswer) {
	p := s.out
	p.field("rules", "version %d", a.Rules)
	if a.Next != nil {
		p.field("", "version %d from height %d on", a.Next.Version, a.Next.Height)
	}
	for _, m := range a.Members {
		p.field("member", "%s of %s, %s, hosted by %s", m.Operator, m.Organisation, m.Jurisdiction, m.Hosting)
		p.field("", "votes by %s, key %v", s.book.tell(m.Account.Address), m.Key)
		if m.Offences > 0 {
			p.field("", "proven against it: %d times", m.Offences)
		}
	}
	s.tellBody("registrar", a.Registrars)
	s.tellBody("adjudicator", a.Adjudicators)
	s.tellAnchors("anchor", a.TrustAnchors)
	s.tellAnchors("ca", a.RegistryCAs)
	for _, name := range a.Ceased {
		p.field("ceased", "%s", name)
	}
	s.tellCaps(a)
	s.tellCures(a.Cures)
	p.field("next", "ipledger gov list")
}

func (s *session) tellBody(role string, list []bodyAnswer) {
	for _, b := range list {
		s.out.field(role, "%s of %s, %s, since %s", s.book.tell(b.Account.Address), b.Organisation, b.Jurisdiction, since(b.Since))
	}
}

func (s *session) tellAnchors(role string, list []anchorAnswer) {
	for _, x := range list {
		s.out.field(role, "of %s, id %v", x.Registry, x.ID)
	}
}

// tellCaps shows, by what caps count, how many members one may have and who has as
// many: no other member may be admitted of those.
func (s *session) tellCaps(a *bodiesAnswer) {
	for i, c := range a.Caps {
		if i > 0 && a.Caps[i-1].Scope == c.Scope {
			continue
		}
		var full []said
		for _, x := range a.Caps {
			if x.Scope == c.Scope && x.Members >= x.Most {
				full = append(full, x.Name)
			}
		}
		s.out.field("cap", "%s: at most %d of %d members%s", c.Scope, c.Most, len(a.Members), prefixed("; as many have ", joined(full, ", ")))
	}
}

func prefixed(before string, text said) string {
	if text == "" {
		return ""
	}
	return before + text.String()
}

func (s *session) tellCures(list []cureAnswer) {
	for _, c := range list {
		what := "is above its cap since %v, to be cured by %v"
		if c.Overdue {
			what = "is above its cap since %v, overdue since %v"
		}
		s.out.field("cure", "%s %s "+what, c.Scope, c.Name, c.Since, c.Until)
	}
}
