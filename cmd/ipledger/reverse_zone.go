package main

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"

	"github.com/spf13/cobra"

	zones "ipledger/ledger/directory"
	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

func reverseZone(s *session) *cobra.Command {
	var servers []string
	var primary, mailbox, file, at string
	c := &cobra.Command{
		Use: "zone PREFIX", Short: "Write the reverse zone of a prefix, with what is delegated in it",
		Long: `Write the zone file (RFC 1035) of the reverse zone of PREFIX: name servers and DS records
that possessors of blocks inside PREFIX state, proven to be all there are. PREFIX is
one that has a zone: of a whole number of bytes for IPv4, of half bytes for IPv6.

The zone's own name servers are those stated at PREFIX itself, or around it, unless
--server names others. Prefixes longer than /24 are delegated as RFC 2317 says.`,
		Example: "  ipledger reverse zone 193.0.0.0/16 --out 0.193.in-addr.arpa.zone\n  ipledger reverse zone 5.0.0.0/8 --server ns1.example.net --mailbox dns@example.net",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			of, err := usual(args[0])
			if err != nil {
				return err
			}
			if of.Family == wire.ASN || of.Len == 0 || of.Len != zones.ZoneLen(of) || of.Family == wire.IPv4 && of.Len > 24 {
				return usage("%v has no reverse zone of its own", of).hint("name a /8, /16 or /24, or an IPv6 prefix whose length is a multiple of 4")
			}
			z, err := s.zone(cmd.Context(), of, at)
			if err != nil {
				return err
			}
			if err := z.head(servers, primary, mailbox); err != nil {
				return err
			}
			var b bytes.Buffer
			if err := z.write(&b); err != nil {
				return err
			}
			if file == "" {
				_, err = s.out.w.Write(b.Bytes())
				return err
			}
			return os.WriteFile(file, b.Bytes(), 0o644)
		},
	}
	c.Flags().StringArrayVar(&servers, "server", nil, "name server of the zone itself; several are possible")
	c.Flags().StringVar(&primary, "primary", "", "server that the zone comes from; the first of its servers if left out")
	c.Flags().StringVar(&mailbox, "mailbox", "", "mailbox of who answers for the zone; nobody.invalid if left out")
	c.Flags().StringVar(&file, "out", "", "file to write; standard output if left out")
	c.Flags().StringVar(&at, "at", "", "height or date of the state, the newest if left out")
	return c
}

// head settles whom the zone itself names.
func (z *zonefile) head(servers []string, primary, mailbox string) error {
	if len(servers) > 0 {
		z.servers = nil
	}
	for _, name := range servers {
		z.servers = append(z.servers, strings.TrimSuffix(strings.ToLower(name), "."))
	}
	if len(z.servers) == 0 {
		return usage("nobody states name servers for the zone of %v", z.of).hint("name them with --server")
	}
	if z.primary = strings.TrimSuffix(primary, "."); primary == "" {
		z.primary = z.servers[0]
	}
	z.mailbox = "nobody.invalid"
	if mailbox != "" {
		local, domain, ok := strings.Cut(strings.TrimSuffix(mailbox, "."), "@")
		if !ok || local == "" || domain == "" || strings.ContainsAny(mailbox, " \\\";()\n") {
			return usage("%q is no mailbox", mailbox)
		}
		z.mailbox = strings.ReplaceAll(local, ".", `\.`) + "." + domain
	}
	return nil
}

// zone reads all that is delegated inside a prefix, each page proven.
func (s *session) zone(ctx context.Context, of wire.Resource, at string) (*zonefile, error) {
	when, err := parseAt(at)
	if err != nil {
		return nil, err
	}
	query := url.Values{"proof": {"1"}}
	if when != "" {
		query.Set("at", when)
	}
	p, err := s.prove(ctx, "/v1/resources/"+of.String()+"?"+query.Encode(), light.KindResource)
	if err != nil {
		return nil, err
	}
	if p.Resource.Resource != of {
		return nil, elsewhere(of)
	}
	if err := asOf(p.Verified, when); err != nil {
		return nil, err
	}
	z := &zonefile{of: of, Moment: p.Moment}
	root := of
	if t := p.Resource.Title; t != nil {
		root = t.At // what stands inside it depends on what is written around it
	}
	if d := zones.Delegation(p.Resource); d != nil {
		z.servers = strings.Fields(d.Servers)
	}
	all, err := s.beneathAll(ctx, root, z.Moment)
	if err == nil {
		z.stated, err = standing(of, all, z.Moment)
	}
	return z, err
}

// beneathAll is everything that is written at a block and inside it at a height, page
// by page, each proven to leave nothing out.
func (s *session) beneathAll(ctx context.Context, root wire.Resource, m light.Moment) (all []light.Valued, err error) {
	for from := root; ; {
		query := url.Values{"proof": {"1"}, "limit": {fmt.Sprint(light.BeneathMax)}, "at": {fmt.Sprint(m.Height)}, "from": {from.String()}}
		p, err := s.prove(ctx, "/v1/resources/"+root.String()+"/beneath?"+query.Encode(), light.KindBeneath)
		if err != nil {
			return nil, err
		}
		if p.Beneath.Query != root || p.Beneath.From != from || p.Moment.Height != m.Height {
			return nil, elsewhere(root)
		}
		all = append(all, p.Beneath.Entries...)
		if !p.Beneath.More {
			return all, nil
		}
		from = p.Beneath.Next
	}
}
