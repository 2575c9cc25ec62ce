package main

import (
	"github.com/spf13/cobra"

	"ipledger/ledger/inr"
	"ipledger/ledger/tx"
)

func splitCommand(s *session) *cobra.Command {
	var f acting
	c := &cobra.Command{
		Use: "split RESOURCE PART", Short: "Cut a title so that a part has a title of its own",
		Long: `Close the title to a block and open one for the part and one for each aligned
block of the rest, all of the same holder.`,
		Example: "  ipledger split 193.0.0.0/16 193.0.8.0/24",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := strict(args[0])
			if err != nil {
				return err
			}
			part, err := strict(args[1])
			if err != nil {
				return err
			}
			_, who, err := s.ofTitle(cmd.Context(), r)
			if err != nil {
				return err
			}
			return s.perform(cmd.Context(), &f, s.plan(who, &tx.Split{Resource: r, Part: part}))
		},
	}
	return f.bind(c)
}

func mergeCommand(s *session) *cobra.Command {
	var f acting
	c := &cobra.Command{
		Use: "merge RESOURCE", Short: "Join the titles to the two halves of a block",
		Long: `Close the titles to the two halves of a block and open one for the whole. Both
must be of one holder, and of one source and grade.`,
		Example: "  ipledger merge 193.0.8.0/23",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := strict(args[0])
			if err != nil {
				return err
			}
			low, _, ok := inr.Halves(r)
			if !ok {
				return usage("%v is a single number and has no halves", r)
			}
			_, who, err := s.ofTitle(cmd.Context(), low)
			if err != nil {
				return err
			}
			return s.perform(cmd.Context(), &f, s.plan(who, &tx.Merge{Resource: r}))
		},
	}
	return f.bind(c)
}
