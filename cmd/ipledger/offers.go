package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"

	"github.com/spf13/cobra"

	"ipledger/ledger/wire"
)

// openAnswer is an offer, a conditional transfer, a surrender or a listing that
// is open, as a node tells it.
type openAnswer struct {
	ID       wire.Hash `json:"id"`
	Kind     said      `json:"kind"`
	State    said      `json:"state"`
	Maker    party     `json:"maker"`
	To       party     `json:"to"`
	Resource said      `json:"resource"`
	Earliest instant   `json:"earliest"`
	Until    instant   `json:"until"`
	Text     []string  `json:"text"`
	Consents []struct {
		By party `json:"by"`
	} `json:"consents"`
}

func accountOffers(s *session) *cobra.Command {
	return &cobra.Command{
		Use: "offers [ACCOUNT]", Short: "List what is open that an account made or may answer",
		Long: `List the offers, conditional transfers, surrenders, merges and listings that an account
made, may accept or must release, as the node tells it.`,
		Example: "  ipledger account offers bob",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := s.accountArg(args)
			if err != nil {
				return err
			}
			return s.tellOpen(cmd.Context(), "/v1/accounts/"+id.String()+"/offers", nil)
		},
	}
}

func offersCommand(s *session) *cobra.Command {
	return &cobra.Command{
		Use: "offers RESOURCE", Short: "List what is open on a block: offers, conditional transfers, surrenders, merges, listings",
		Example: "  ipledger offers 193.0.8.0/24",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := usual(args[0])
			if err != nil {
				return err
			}
			return s.tellOpen(cmd.Context(), "/v1/resources/"+r.String()+"/offers", nil)
		},
	}
}

func listingsCommand(s *session) *cobra.Command {
	return &cobra.Command{
		Use: "listings [RESOURCE]", Short: "List what is for sale and for lease, all of it or inside and around a block",
		Example: "  ipledger listings\n  ipledger listings 193.0.0.0/8",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			query := url.Values{}
			if len(args) == 1 {
				r, err := usual(args[0])
				if err != nil {
					return err
				}
				query.Set("resource", r.String())
			}
			return s.tellOpen(cmd.Context(), "/v1/listings", query)
		},
	}
}

// tellOpen prints a list of what is open.
func (s *session) tellOpen(ctx context.Context, path string, query url.Values) error {
	var all []openAnswer
	raws := []json.RawMessage{}
	err := s.paged(ctx, path, query, func(raw []byte) (string, error) {
		var page struct {
			Offers []json.RawMessage `json:"offers"`
			Next   string            `json:"next"`
		}
		if err := readAnswer(raw, &page); err != nil {
			return "", err
		}
		for _, one := range page.Offers {
			var o openAnswer
			if err := readAnswer(one, &o); err != nil {
				return "", err
			}
			all, raws = append(all, o), append(raws, one)
		}
		return page.Next, nil
	})
	if err != nil {
		return err
	}
	s.err.linef("as the node tells it; ipledger act show ID proves what made one of them")
	if s.json {
		return s.out.json(raws)
	}
	for i := range all {
		s.tellOne(&all[i])
	}
	if len(all) == 0 {
		s.err.linef("nothing is open")
	}
	return nil
}

func (s *session) tellOne(o *openAnswer) {
	s.out.field("act", "%v", o.ID)
	s.out.field("kind", "%s, %s, by %s", o.Kind, o.State, s.book.tell(o.Maker.Address))
	for _, line := range o.Text {
		s.out.field("", "%s", said(s.book.named(line)))
	}
	for _, c := range o.Consents {
		s.out.field("consent", "of %s", s.book.tell(c.By.Address))
	}
	if next := s.answerTo(o); next != "" {
		s.out.field("next", "%s", next)
	}
}

// answerTo is the command by which an addressee accepts, or an agent releases.
func (s *session) answerTo(o *openAnswer) string {
	if o.State == "accepted" {
		return fmt.Sprintf("ipledger transfer release %v   # by its agent; with --secret FILE, by whoever has the secret", o.ID)
	}
	for kind, family := range offerFamilies {
		if kind.String() == o.Kind.String() && (o.State == "open" || o.State == "early") {
			return fmt.Sprintf("ipledger %s accept %v   # by %s%s", family, o.ID, s.book.short(o.To.Address), from(uint64(o.Earliest)))
		}
	}
	return ""
}
