package main

import (
	"os"

	"github.com/spf13/cobra"

	"ipledger/ledger/observed"
	"ipledger/ledger/wire"
)

func geofeedLint(s *session) *cobra.Command {
	var within []string
	c := &cobra.Command{
		Use: "lint FILE", Short: "Check a geofeed before it is published, without any network",
		Long: `Check a geofeed (RFC 8805) line by line: prefixes, countries, regions, what stands twice.
With --within, name the blocks at which the feed is stated: readers pass over what lies
outside of them (RFC 9632). A feed with a fault exits 3.`,
		Example: "  ipledger geofeed lint geofeed.csv --within 193.0.8.0/24",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			var blocks []wire.Resource
			for _, text := range within {
				r, err := usual(text)
				if err != nil {
					return err
				}
				blocks = append(blocks, r)
			}
			file, err := os.Open(args[0])
			if err != nil {
				return usage("%w", err)
			}
			defer file.Close()
			list, faults, err := observed.ReadGeofeed(file, blocks)
			if err != nil {
				return fail(exitUnverified, "%w (FILE-24)", err)
			}
			return s.tellGeofeed(list, faults)
		},
	}
	c.Flags().StringArrayVar(&within, "within", nil, "block at which the feed is stated; several are possible")
	return c
}

func (s *session) tellGeofeed(list []observed.Located, faults []observed.Fault) error {
	if s.json {
		shown := []map[string]any{}
		for _, f := range faults {
			shown = append(shown, map[string]any{"line": f.Line, "why": f.Why})
		}
		if err := s.out.json(map[string]any{"good": len(list), "faults": shown}); err != nil {
			return err
		}
	} else {
		for _, f := range faults {
			s.out.linef("line %d: %s", f.Line, said(f.Why))
		}
		s.out.field("good", "%d lines", len(list))
	}
	if len(faults) > 0 {
		return fail(exitUnverified, "%d lines are wrong (FILE-24)", len(faults))
	}
	return nil
}
