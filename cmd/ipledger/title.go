package main

import (
	"context"

	"github.com/spf13/cobra"

	"ipledger/ledger/inr"
	"ipledger/ledger/tx"
)

func splitCommand(s *session) *cobra.Command {
	return s.act(verb{
		use: "split RESOURCE PART", short: "Cut a title so that a part has a title of its own",
		long: `Close the title to a block and open one for the part and one for each aligned
block of the rest, all of the same holder.`,
		example: "  ipledger split 193.0.0.0/16 193.0.8.0/24",
		plan: func(ctx context.Context, args []string) (plan, error) {
			part, err := strict(args[1])
			if err != nil {
				return plan{}, err
			}
			m, err := s.matter(ctx, args[0])
			if err != nil {
				return plan{}, err
			}
			who, err := s.author(m.holder())
			return s.planned(who, &tx.Split{Resource: m.block, Part: part}, err)
		},
	})
}

func mergeCommand(s *session) *cobra.Command {
	return s.act(verb{
		use: "merge RESOURCE", short: "Join the titles to the two halves of a block",
		long: `Close the titles to the two halves of a block and open one for the whole. Both
must be of one holder, and of one source and grade, under the same charges. It
takes effect after the account's delay, under charge once each lender has
consented, and can be cancelled until then like an offer.`,
		example: "  ipledger merge 193.0.8.0/23",
		plan: func(ctx context.Context, args []string) (plan, error) {
			r, err := strict(args[0])
			if err != nil {
				return plan{}, err
			}
			low, _, ok := inr.Halves(r)
			if !ok {
				return plan{}, usage("%v is a single number and has no halves", r)
			}
			m, err := s.matter(ctx, low.String())
			if err != nil {
				return plan{}, err
			}
			who, err := s.author(m.holder())
			return s.planned(who, &tx.Merge{Resource: r}, err)
		},
	})
}

func surrenderCommand(s *session) *cobra.Command {
	return s.act(verb{
		use: "surrender RESOURCE", short: "Give a title back: it is unclaimed from then on",
		long: `Surrender a title, whole, while no estate lies on it. It takes effect after the
account's delay, under charge once each lender has consented (ipledger charge
consent --release), and can be cancelled until then like an offer.`,
		example: "  ipledger surrender 193.0.8.0/24",
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
			return s.planned(who, &tx.Surrender{Resource: m.block, Value: value}, err)
		},
	})
}

func listCommand(s *session) *cobra.Command {
	var purpose, price, until string
	var least span
	return s.act(verb{
		use: "list RESOURCE", short: "Announce that a block is for sale or for lease; it binds nobody",
		long: `List a block for sale or for lease. A listing binds nobody and lapses by itself;
ipledger listings shows all that stand.`,
		example: "  ipledger list 193.0.8.0/24 --for lease --min-term 90d --price \"EUR 90 a month\"",
		bind: func(c *cobra.Command) {
			c.Flags().StringVar(&purpose, "for", "sale", "sale or lease")
			c.Flags().Var(&least, "min-term", "shortest term of a lease")
			c.Flags().StringVar(&price, "price", "", "price as text, at most 64 bytes")
			c.Flags().StringVar(&until, "until", "+90d", "when it lapses, such as +90d or a date")
		},
		plan: func(ctx context.Context, args []string) (plan, error) {
			m, err := s.matter(ctx, args[0])
			if err != nil {
				return plan{}, err
			}
			b := &tx.List{Resource: m.block, Price: price, MinTerm: uint64(least)}
			usually := m.holder()
			switch purpose {
			case "sale":
				b.Purpose = tx.ForSale
			case "lease":
				b.Purpose, usually = tx.ForLease, m.possessor()
			default:
				return plan{}, usage("--for %q is neither sale nor lease", purpose)
			}
			if b.Until, err = parseWhen("until", until, uint64(m.Time)); err != nil {
				return plan{}, err
			}
			who, err := s.author(usually)
			return s.planned(who, b, err)
		},
	})
}
