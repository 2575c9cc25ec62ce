package main

import (
	"context"

	"ipledger/ledger/drift"
	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
)

// choosing is what the flags choose to be judged.
func (s *session) choosing(ctx context.Context, d *drifting) (c drift.Choice, err error) {
	for _, text := range d.blocks {
		r, err := usual(text)
		if err != nil || r.Family == wire.ASN {
			return c, usage("--prefix %q is no prefix", text)
		}
		c.Blocks = append(c.Blocks, r)
	}
	for _, text := range d.as {
		n, err := asNumberOf(text)
		if err != nil {
			return c, err
		}
		c.AS = append(c.AS, inr.AS(n))
	}
	if d.holder != "" {
		c.Holder, err = s.heldBy(ctx, d.holder)
	}
	return c, err
}

// heldBy is the blocks that an account holds by title, grant or lease; never nil.
func (s *session) heldBy(ctx context.Context, who string) ([]wire.Resource, error) {
	id, err := s.book.id(who)
	if err != nil {
		return nil, err
	}
	list := []wire.Resource{}
	err = s.paged(ctx, "/v1/accounts/"+id.String()+"/holdings", nil, func(raw []byte) (string, error) {
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
