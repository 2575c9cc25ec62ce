package main

import (
	"context"
	"net/url"

	"ipledger/ledger/drift"
	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
)

// choosing is what the flags choose to be judged, but for what an account holds.
func (s *session) choosing(d *drifting, c *drift.Choice) error {
	for _, text := range d.blocks {
		r, err := usual(text)
		if err != nil || r.Family == wire.ASN {
			return usage("--prefix %q is no prefix", text)
		}
		c.Blocks = append(c.Blocks, r)
	}
	for _, text := range d.as {
		n, err := asNumberOf(text)
		if err != nil {
			return err
		}
		c.AS = append(c.AS, inr.AS(n))
	}
	return nil
}

// heldBy is the blocks that an account holds by title, grant or lease at a height;
// never nil. Where findings are proven, so are they.
func (s *session) heldBy(ctx context.Context, d *drifting, height string) ([]wire.Resource, error) {
	id, err := s.book.id(d.holder)
	if err != nil {
		return nil, err
	}
	list := []wire.Resource{}
	if d.prove {
		p, err := s.proveHoldings(ctx, id, height)
		if err != nil {
			return nil, err
		}
		for _, t := range p.Holdings.Titles {
			list = append(list, t.At)
		}
		for _, e := range p.Holdings.Estates {
			list = append(list, e.At)
		}
		return list, nil
	}
	err = s.paged(ctx, "/v1/accounts/"+id.String()+"/holdings", url.Values{"at": {height}}, func(raw []byte) (string, error) {
		var page struct {
			Holdings []held `json:"holdings"`
			Next     string `json:"next"`
		}
		if err := readAnswer(raw, &page); err != nil {
			return "", err
		}
		for _, h := range page.Holdings {
			r, err := inr.Parse(string(h.At))
			if err != nil {
				return "", fail(exitFailed, "the node's answer: %w", err)
			}
			list = append(list, r)
		}
		return page.Next, nil
	})
	return list, err
}
