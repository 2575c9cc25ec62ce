package main

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func originCommand(s *session) *cobra.Command {
	return family("origin", "Say which AS may originate a prefix", "  ipledger origin add 193.0.8.0/24 AS3333\n  ipledger origin withdraw 193.0.8.0/24 AS3333",
		originAdd(s), originWithdraw(s), originShow(s))
}

// route is the flags and arguments of an authorisation.
type route struct {
	block wire.Resource
	as    uint64
	most  int // longest length, -1 where it is left out
}

func (r *route) bind(c *cobra.Command) {
	c.Flags().IntVar(&r.most, "max-length", -1, "longest prefix inside the block that it is about (default: the block's own length)")
}

func (r *route) read(args []string) (err error) {
	if r.block, err = strict(args[0]); err != nil {
		return err
	}
	as, err := asNumberOf(args[1])
	if err != nil {
		return err
	}
	if r.most > r.block.Family.Bits() || r.most >= 0 && r.most < int(r.block.Len) {
		return usage("--max-length %d: from %d, the block's own, to %d", r.most, r.block.Len, r.block.Family.Bits())
	}
	r.as = uint64(as)
	return nil
}

// length is the longest length as the act states it.
func (r *route) length() uint64 {
	if r.most < 0 {
		return uint64(r.block.Len)
	}
	return uint64(r.most)
}

func originAdd(s *session) *cobra.Command {
	var r route
	return s.act(verb{
		use: "add PREFIX ASNUMBER", short: "Authorise an AS number to originate a prefix",
		long: `Authorise an AS number to originate a prefix you possess; AS0 says that nobody
may. Longer prefixes inside are authorised only with --max-length.`,
		example: "  ipledger origin add 193.0.8.0/24 AS3333",
		bind:    r.bind,
		plan: func(ctx context.Context, args []string) (plan, error) {
			if err := r.read(args); err != nil {
				return plan{}, err
			}
			if r.length() > uint64(r.block.Len) {
				s.err.linef("warning: /%d authorises longer prefixes than %v itself; whoever forges the origin can announce those you do not", r.length(), r.block)
			}
			return s.stating(ctx, args[0], func(matter) (tx.Body, error) {
				return &tx.OriginAuthorise{Resource: r.block, MaxLength: r.length(), AS: r.as}, nil
			})
		},
	})
}

func originWithdraw(s *session) *cobra.Command {
	var r route
	return s.act(verb{
		use: "withdraw PREFIX ASNUMBER", short: "Take an authorisation back",
		long: `Withdraw an authorisation. Its longest length is looked up where there is only
one of that prefix and AS number.`,
		example: "  ipledger origin withdraw 193.0.8.0/24 AS3333",
		bind:    r.bind,
		plan: func(ctx context.Context, args []string) (plan, error) {
			if err := r.read(args); err != nil {
				return plan{}, err
			}
			who, most, err := s.authorised(ctx, r)
			return s.planned(who, &tx.OriginWithdraw{Resource: r.block, MaxLength: most, AS: r.as}, err)
		},
	})
}

// authorised finds the one authorisation that is meant, and who gave it.
func (s *session) authorised(ctx context.Context, r route) (who wire.Address, most uint64, err error) {
	a, err := s.look(ctx, r.block, "", false)
	if err != nil {
		return who, 0, err
	}
	asked, err := s.asked()
	if err != nil {
		return who, 0, err
	}
	found := 0
	for _, o := range a.Origins {
		fits := string(o.At) == r.block.String() && o.AS == r.as && (r.most < 0 || o.MaxLength == uint64(r.most))
		if fits && (asked.IsZero() || asked == o.Holder.Address) {
			who, most = o.Holder.Address, o.MaxLength
			found++
		}
	}
	switch found {
	case 1:
		return who, most, nil
	case 0:
		return who, 0, fail(exitRefused, "%w", tx.Refuse("ORIGIN-6", "resource", "no authorisation of AS%d is written at %v", r.as, r.block)).hint("ipledger lookup %v", r.block)
	}
	return who, 0, usage("%d authorisations of AS%d are written at %v: say which with --max-length and --account", found, r.as, r.block)
}

// asked is the account of --account, zero where there is none.
func (s *session) asked() (wire.Address, error) {
	if s.account == "" {
		return wire.Address{}, nil
	}
	return s.book.id(s.account)
}

// origins is the flag for authorisations that an offer brings with it.
type origins struct{ typed []string }

func (f *origins) bind(c *cobra.Command) {
	c.Flags().StringSliceVar(&f.typed, "origins", nil, "first authorisation of the other party, PREFIX=ASNUMBER or PREFIX-MAXLENGTH=ASNUMBER; several are possible")
}

// read gives the authorisations as an act lists them.
func (f *origins) read() (string, error) {
	var list []tx.FirstOrigin
	for _, text := range f.typed {
		o, err := firstOrigin(text)
		if err != nil {
			return "", err
		}
		list = append(list, o)
	}
	return tx.FirstOrigins(list), nil
}

func firstOrigin(text string) (o tx.FirstOrigin, err error) {
	prefix, as, ok := strings.Cut(text, "=")
	if !ok {
		return o, usage("--origins %q: write PREFIX=ASNUMBER or PREFIX-MAXLENGTH=ASNUMBER", text)
	}
	prefix, most, longer := strings.Cut(prefix, "-")
	if o.Resource, err = strict(prefix); err != nil {
		return o, err
	}
	o.MaxLength = uint64(o.Resource.Len)
	if longer {
		if o.MaxLength, err = strconv.ParseUint(most, 10, 8); err != nil {
			return o, usage("--origins %q: %q is no length of a prefix", text, most)
		}
	}
	n, err := asNumberOf(as)
	o.AS = uint64(n)
	return o, err
}
