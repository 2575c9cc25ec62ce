package main

import (
	"context"

	"github.com/spf13/cobra"

	"ipledger/ledger/drift"
)

// drifting is the flags of a comparison with the RPKI and a routing table.
type drifting struct {
	vrps, table, at  string
	blocks, as, only []string
	holder           string
	csv, prove, code bool
	limit            int
}

// listedUsual is how many findings of a category are told as text.
const listedUsual = 10

func driftCommand(s *session) *cobra.Command {
	var d drifting
	c := &cobra.Command{
		Use: "drift --vrps FILE --table FILE", Short: "Compare the ledger with a validator's export and a routing table",
		Long: `Compare what the ledger lets networks announce with what an RPKI validator exports
(JSON or CSV, as rpki-client and Routinator write it) and with a routing table (lines
of prefix and AS, RIS whois dumps, CAIDA's prefix-to-AS, bgpdump -m, or the binary dumps
of RouteViews and RIS, MRT TABLE_DUMP_V2), plain, .gz, .bz2 or .xz.

Routes are valid, invalid_origin, invalid_length or unknown by the ledger (RFC 6811),
and contradicted where the RPKI says the contrary. Payloads of the ledger are agreed,
idle (in the RPKI too, but not announced), not_in_rpki (announced) or missing (neither),
and permissive where they allow prefixes that nobody announces, which a forger could
(RFC 9319). Payloads of the RPKI alone are not_on_ledger. Each comes with the grade of
the title it rests on. What agrees, is idle, unknown or not on the ledger is counted, and
listed where --only asks for it.

--prefix, --as and --holder choose what is judged: inside a block, naming an AS number,
of an account. The payloads are the node's word; with --prove and a trust file each
finding that is told is proven first, at most 1,000, and of the blocks that --prefix or
--holder choose also that no payload is missing.`,
		Example: "  ipledger drift --vrps vrps.json --table rib.txt.gz\n  ipledger drift --vrps vrps.json --table rib.txt.gz --holder alice --only all --csv\n  ipledger drift --vrps vrps.csv --table rib.txt.gz --prefix 193.0.0.0/16 --prove --exit-code",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return s.drift(cmd.Context(), &d) },
	}
	d.bind(c)
	return c
}

func (d *drifting) bind(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&d.vrps, "vrps", "", "file that an RPKI validator exported")
	f.StringVar(&d.table, "table", "", "file of a routing table")
	f.StringVar(&d.at, "at", "", "height or date of the ledger's state, the newest if left out")
	f.StringSliceVar(&d.blocks, "prefix", nil, "judge what lies inside this prefix; repeatable")
	f.StringSliceVar(&d.as, "as", nil, "judge what names this AS number; repeatable")
	f.StringVar(&d.holder, "holder", "", "judge what lies inside this account's blocks or names one of its AS numbers, as the node tells them")
	f.StringSliceVar(&d.only, "only", nil, "tell these categories alone, or all (default: those that are drift)")
	f.BoolVar(&d.csv, "csv", false, "print findings as CSV")
	f.BoolVar(&d.prove, "prove", false, "prove each finding before it is told; needs a trust file")
	f.BoolVar(&d.code, "exit-code", false, "exit with 1 if there is a finding of what is told")
	f.IntVar(&d.limit, "limit", listedUsual, "findings of a category that are told as text; 0 for all")
}

// drift compares the ledger with two files, and tells.
func (s *session) drift(ctx context.Context, d *drifting) error {
	chosen, err := d.check(s)
	if err != nil {
		return err
	}
	c, err := s.compared(ctx, d)
	if err != nil {
		return err
	}
	out := s.driftOut(d, c)
	told, err := s.tellDrift(ctx, d, c, chosen, out)
	if err == nil && d.code && told > 0 {
		return fail(exitFailed, "%d findings", told)
	}
	return err
}

// check reads what flags say of the output, and gives the categories that are told.
func (d *drifting) check(s *session) (chosen [drift.Categories]bool, err error) {
	switch {
	case d.vrps == "" || d.table == "":
		return chosen, usage("name a validator's export with --vrps and a routing table with --table").hint("ipledger drift --help tells which forms are read")
	case d.csv && s.json:
		return chosen, usage("--csv and --json are two forms; choose one")
	case d.prove && s.trust == "":
		return chosen, usage("--prove needs a trust file").hint("name one with --trust or IPLEDGER_TRUST")
	case d.limit < 0:
		return chosen, usage("--limit %d: want 0 for all, or more", d.limit)
	case len(d.only) == 0:
		for _, c := range drift.Alarms {
			chosen[c] = true
		}
	}
	for _, word := range d.only {
		c, known := drift.CategoryOf(word)
		if !known && word != "all" {
			return chosen, usage("--only %q is no category", word).hint("all, or some of: %s", categoryWords())
		}
		for i := range chosen {
			chosen[i] = chosen[i] || word == "all" || drift.Category(i) == c
		}
	}
	return chosen, nil
}

func categoryWords() (text string) {
	for c := range drift.Category(drift.Categories) {
		if text != "" {
			text += ", "
		}
		text += c.String()
	}
	return text
}

// tellDrift compares, tells what was chosen, and gives how many findings that are.
func (s *session) tellDrift(ctx context.Context, d *drifting, c *compared, chosen [drift.Categories]bool, out driftOut) (told int, err error) {
	tell := out.finding
	var waiting []drift.Finding
	if d.prove {
		tell = func(f *drift.Finding) error {
			if waiting = append(waiting, *f); len(waiting) > provenMax {
				return usage("more than %d findings, each of which would be proven", provenMax).hint("choose fewer with --prefix, --as, --holder or --only")
			}
			return nil
		}
	} else if err := out.open(); err != nil {
		return 0, err
	}
	counts, err := drift.Compare(c.Input, func(f *drift.Finding) error {
		if !chosen[f.Category] {
			return nil
		}
		told++
		return tell(f)
	})
	if err == nil {
		err = counts.Check()
	}
	if err == nil && d.prove {
		if err = s.proveDrift(ctx, c, waiting); err == nil {
			err = tellAll(out, waiting)
		}
	}
	if err != nil {
		return told, err
	}
	return told, out.close(counts)
}

func tellAll(out driftOut, list []drift.Finding) error {
	if err := out.open(); err != nil {
		return err
	}
	for i := range list {
		if err := out.finding(&list[i]); err != nil {
			return err
		}
	}
	return nil
}
