package main

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ipledger/ledger/inr"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func providersCommand(s *session) *cobra.Command {
	return family("providers", "State the providers of an AS", "  ipledger providers set AS3333 AS1299 AS3356", providersSet(s))
}

func reverseCommand(s *session) *cobra.Command {
	return family("reverse", "Delegate a prefix's reverse zone", "  ipledger reverse set 193.0.8.0/24 ns1.example.net ns2.example.net\n  ipledger reverse zone 193.0.0.0/16", reverseSet(s), reverseZone(s))
}

func geofeedCommand(s *session) *cobra.Command {
	return family("geofeed", "State where a prefix's geofeed is", "  ipledger geofeed set 193.0.8.0/24 https://example.net/geofeed.csv\n  ipledger geofeed lint geofeed.csv", geofeedSet(s), geofeedLint(s))
}

// stating plans an act of a block's possessor.
func (s *session) stating(ctx context.Context, text string, body func(m matter) (tx.Body, error)) (plan, error) {
	m, err := s.matter(ctx, text)
	if err != nil {
		return plan{}, err
	}
	b, err := body(m)
	if err != nil {
		return plan{}, err
	}
	who, err := s.author(m.possessor())
	return s.planned(who, b, err)
}

// none is the flag that takes away what a command sets.
func none(c *cobra.Command, flag *bool, what string) {
	c.Flags().BoolVar(flag, "none", false, "take "+what+" away")
}

// either refuses a command that neither sets something nor takes it away.
func either(empty, none bool, what string) error {
	if empty != none {
		return usage("give %s, or --none to take what there is away", what)
	}
	return nil
}

func providersSet(s *session) *cobra.Command {
	var away bool
	return s.act(verb{
		use: "set ASNUMBER [PROVIDER...]", short: "State which AS numbers are the providers of an AS, and no others",
		long: `Replace the provider authorisation (ASPA) of an AS that you possess. AS0 alone says
that it has none.`,
		example: "  ipledger providers set AS3333 AS1299 AS3356\n  ipledger providers set AS3333 --none",
		bind:    func(c *cobra.Command) { none(c, &away, "the authorisation") },
		plan: func(ctx context.Context, args []string) (plan, error) {
			list, err := asNumbers(args[1:])
			if err == nil {
				err = either(len(list) == 0, away, "the providers")
			}
			if err != nil {
				return plan{}, err
			}
			return s.stating(ctx, args[0], func(m matter) (tx.Body, error) {
				return &tx.ProvidersAuthorise{Resource: m.block, Providers: strings.Join(list, " ")}, nil
			})
		},
	})
}

// asNumbers reads AS numbers in any order and gives them as an act lists them.
func asNumbers(texts []string) (out []string, err error) {
	var list []uint32
	for _, text := range texts {
		n, err := asNumberOf(text)
		if err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	slices.Sort(list)
	for _, n := range slices.Compact(list) {
		out = append(out, decimal(uint64(n)))
	}
	return out, nil
}

// asNumberOf reads one AS number as it is typed.
func asNumberOf(text string) (uint32, error) {
	r, err := usual(text)
	if err != nil || r.Family != wire.ASN || r.Len != 32 {
		return 0, usage("%q is no AS number: write it as AS3333, or AS0 for nobody", text)
	}
	return inr.ASNumber(r), nil
}

func reverseSet(s *session) *cobra.Command {
	var away bool
	var ds []string
	return s.act(verb{
		use: "set PREFIX [SERVER...]", short: "Delegate a prefix's reverse zone to name servers",
		long: `Replace the delegation of the reverse zone of a prefix that you possess: its name
servers, and its DS records as "TAG ALGORITHM TYPE DIGEST".`,
		example: "  ipledger reverse set 193.0.8.0/24 ns1.example.net ns2.example.net --ds \"12345 13 2 5f3c…\"\n  ipledger reverse set 193.0.8.0/24 --none",
		bind: func(c *cobra.Command) {
			c.Flags().StringArrayVar(&ds, "ds", nil, "DS record; several are possible")
			none(c, &away, "the delegation")
		},
		plan: func(ctx context.Context, args []string) (plan, error) {
			servers := args[1:]
			if err := either(len(servers) == 0, away, "the name servers"); err != nil {
				return plan{}, err
			}
			for i := range servers {
				servers[i] = strings.TrimSuffix(strings.ToLower(servers[i]), ".")
			}
			slices.Sort(servers)
			return s.stating(ctx, args[0], func(m matter) (tx.Body, error) {
				return &tx.ReverseSet{Resource: m.block, Servers: strings.Join(slices.Compact(servers), " "), DS: strings.Join(ds, "; ")}, nil
			})
		},
	})
}

func geofeedSet(s *session) *cobra.Command {
	var away bool
	return s.act(verb{
		use: "set PREFIX [URL]", short: "State where the geofeed of a prefix is",
		example: "  ipledger geofeed set 193.0.8.0/24 https://example.net/geofeed.csv\n  ipledger geofeed set 193.0.8.0/24 --none",
		bind:    func(c *cobra.Command) { none(c, &away, "the geofeed") },
		plan: func(ctx context.Context, args []string) (plan, error) {
			url := strings.Join(args[1:], "")
			if err := either(url == "", away, "the URL"); err != nil {
				return plan{}, err
			}
			return s.stating(ctx, args[0], func(m matter) (tx.Body, error) {
				return &tx.GeofeedSet{Resource: m.block, URL: url}, nil
			})
		},
	})
}
