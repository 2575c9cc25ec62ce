package main

import (
	"context"
	"math/big"

	"github.com/spf13/cobra"

	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// feeds is how far registries' statements have come, as a node tells it.
type feeds struct {
	Height  uint64  `json:"height,string"`
	Time    instant `json:"time"`
	Sources []feed  `json:"sources"`
}

// feed is one registry.
type feed struct {
	Registry said       `json:"registry"`
	Date     said       `json:"date"`
	File     *wire.Hash `json:"file"`
	Pages    uint64     `json:"pages,string"`
	Received uint64     `json:"received,string"`
	Next     *wire.Hash `json:"next"`
	Basis    []party    `json:"attested_by"`
	Waiting  uint64     `json:"waiting,string"`
	Due      instant    `json:"due"`
	Said     []struct {
		By    party     `json:"by"`
		Date  said      `json:"date"`
		Root  wire.Hash `json:"root"`
		Pages uint64    `json:"pages,string"`
	} `json:"attestations"`
	Balance struct {
		Listed  numbers `json:"listed"`
		Began   numbers `json:"began"`
		Added   numbers `json:"added"`
		Retired numbers `json:"retired"`
		Come    numbers `json:"come"`
		Gone    numbers `json:"gone"`
	} `json:"balance"`
	Share numbers `json:"day_share"`
	Left  numbers `json:"day_left"`
}

// numbers are amounts of addresses and AS numbers.
type numbers struct {
	V4 said `json:"ipv4_addresses"`
	V6 said `json:"ipv6_addresses"`
	AS said `json:"as_numbers"`
}

// String counts IPv6 in /48s, rounded down: addresses are too many to read.
func (n numbers) String() string {
	v6, ok := new(big.Int).SetString(string(n.V6), 10)
	if !ok {
		v6 = new(big.Int)
	}
	return n.V4.String() + " IPv4 addresses, " + v6.Rsh(v6, 80).String() + " IPv6 /48s, " + n.AS.String() + " AS numbers"
}

// none reports whether nothing is counted.
func (n numbers) none() bool { return n.V4 == "0" && n.V6 == "0" && n.AS == "0" }

// feeds asks for all registries, or finds one; name is empty for all.
func (s *session) feeds(ctx context.Context, name string) (*feeds, error) {
	out := new(feeds)
	if err := s.client().get(ctx, "/v1/sources", out); err != nil || name == "" {
		return out, err
	}
	for _, f := range out.Sources {
		if string(f.Registry) == name {
			out.Sources = []feed{f}
			return out, nil
		}
	}
	return nil, usage("%q is none of the registries %v", name, record.Registries)
}

func sourceState(s *session) *cobra.Command {
	return &cobra.Command{
		Use: "state [REGISTRY]", Short: "Tell how far registries' statements have come, and what a day has room for",
		Long: `Tell for each registry which statement file was attested last and by whom, which of
its pages are in, what waits until when, what registrars said last, how many numbers
the register counts, and how many of them statements may still change today.`,
		Example: "  ipledger source state ripencc",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			name := ""
			if len(args) == 1 {
				name = args[0]
			}
			if s.json && name == "" {
				raw, err := s.client().raw(cmd.Context(), "/v1/sources")
				if err != nil {
					return err
				}
				return s.out.json(spliced{map[string]any{}, raw})
			}
			all, err := s.feeds(cmd.Context(), name)
			if err != nil {
				return err
			}
			if s.json {
				return s.out.json(all)
			}
			s.out.field("as of", "block %d, %s", all.Height, all.Time)
			for i := range all.Sources {
				s.tellFeed(&all.Sources[i])
			}
			return nil
		},
	}
}

func (s *session) tellFeed(f *feed) {
	p := s.out
	p.field("registry", "%s", f.Registry)
	if f.File != nil {
		p.field("file", "of %s, digest %v, pages in %d of %d", isoDay(string(f.Date)), f.File, f.Received, f.Pages)
		for _, by := range f.Basis {
			p.field("attested by", "%s", s.book.tell(by.Address))
		}
	}
	for _, x := range f.Said {
		p.field("last word", "%s: file of %s, pages %d, root %v", s.book.tell(x.By.Address), isoDay(string(x.Date)), x.Pages, x.Root)
	}
	if f.Waiting > 0 {
		p.field("waiting", "pages: %d, the first is looked at at %s", f.Waiting, f.Due)
	}
	p.field("numbers", "%s", f.Balance.Listed)
	for _, x := range []struct {
		name string
		n    numbers
	}{{"added", f.Balance.Added}, {"retired", f.Balance.Retired}, {"come", f.Balance.Come}, {"gone", f.Balance.Gone}} {
		if !x.n.none() {
			p.field(x.name, "%s since genesis", x.n)
		}
	}
	p.field("a day", "%s", f.Share)
	p.field("left today", "%s", f.Left)
	p.field("next", "%s", f.nextStep())
}

// nextStep is what is to be done about a registry.
func (f *feed) nextStep() string {
	switch {
	case f.Next != nil:
		return "ipledger source submit STATEMENTS   # of " + isoDay(string(f.Date)).String() + ", by anyone"
	case f.Waiting > 0:
		return "ipledger source list " + f.Registry.String()
	}
	return "ipledger source diff FILE   # the registry's next"
}

// waitingPage is a page of statements that is not settled.
type waitingPage struct {
	Number     uint64    `json:"number,string"`
	Act        wire.Hash `json:"act"`
	Date       said      `json:"date"`
	Ripe       instant   `json:"ripe"`
	Settled    uint64    `json:"settled,string"`
	Statements []said    `json:"statements"`
}

func sourceList(s *session) *cobra.Command {
	return &cobra.Command{
		Use: "list REGISTRY", Short: "List a registry's statements that wait, with the end of their windows",
		Long: `List the pages of a registry's statements that are entered and not settled, in their
order: when each falls due, and what it says. A page is settled later than that where
the pages before it take the day's share.`,
		Example: "  ipledger source list ripencc",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			list, err := s.waitingPages(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if s.json {
				return s.out.json(map[string]any{"registry": args[0], "pages": list})
			}
			for _, p := range list {
				s.out.field("page", "%d, of the file of %s, falls due at %s; %d of %d settled; act %v", p.Number, isoDay(string(p.Date)), p.Ripe, p.Settled, len(p.Statements), p.Act)
				for _, line := range p.Statements {
					s.tellStatement(string(line))
				}
			}
			if len(list) == 0 {
				s.out.linef("no statement of %s waits", said(args[0]))
			}
			s.out.field("next", "ipledger source state %s", said(args[0]))
			return nil
		},
	}
}

// waitingPages asks for all pages of a registry that wait; the ledger keeps at most
// record.SheetsMax of them.
func (s *session) waitingPages(ctx context.Context, registry string) ([]waitingPage, error) {
	if _, ok := record.RegistryOf(registry); !ok {
		return nil, usage("%q is none of the registries %v", registry, record.Registries)
	}
	list, query := []waitingPage{}, ""
	for len(list) < record.SheetsMax {
		var page struct {
			Pages []waitingPage `json:"pages"`
			More  bool          `json:"more"`
		}
		if err := s.client().get(ctx, "/v1/sources/"+registry+query, &page); err != nil {
			return nil, err
		}
		list = append(list, page.Pages...)
		if !page.More || len(page.Pages) == 0 {
			break
		}
		query = "?after=" + decimal(list[len(list)-1].Number)
	}
	return list, nil
}
