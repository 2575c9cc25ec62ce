package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// verb declares a command that acts: how it is typed, and what it plans to do.
type verb struct {
	use     string // NAME for what must be typed, [NAME] for what may be, NAME... for several
	short   string
	long    string
	example string
	aliases []string
	bind    func(*cobra.Command) // its own flags; nil for none
	plan    func(ctx context.Context, args []string) (plan, error)
}

// act makes the command of a verb: it plans, and performs what is planned.
func (s *session) act(v verb) *cobra.Command {
	f := new(acting)
	c := &cobra.Command{
		Use: v.use, Aliases: v.aliases, Short: v.short, Long: v.long, Example: v.example, Args: argsOf(v.use),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := v.plan(cmd.Context(), args)
			if err != nil {
				return err
			}
			return s.perform(cmd.Context(), f, p)
		},
	}
	if v.bind != nil {
		v.bind(c)
	}
	return f.bind(c)
}

// argsOf is how many arguments a usage line asks for.
func argsOf(use string) cobra.PositionalArgs {
	least, most, open := 0, 0, false
	for _, word := range strings.Fields(use)[1:] {
		most++
		if !strings.HasPrefix(word, "[") {
			least++
		}
		open = open || strings.HasSuffix(strings.TrimSuffix(word, "]"), "...")
	}
	switch {
	case open:
		return cobra.MinimumNArgs(least)
	case least == most:
		return cobra.ExactArgs(most)
	}
	return cobra.RangeArgs(least, most)
}

// plan is an act followed by the usual next steps.
func (s *session) plan(author wire.Address, body tx.Body) plan {
	return plan{author: author, body: body, after: func(a *actAnswer) []string { return s.nextSteps(body, a) }}
}

// planned is plan for what makes no further mistakes.
func (s *session) planned(author wire.Address, body tx.Body, err error) (plan, error) {
	return s.plan(author, body), err
}
