package main

import (
	"cmp"
	"context"
	"slices"

	"ipledger/ledger/drift"
	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/vrp"
	"ipledger/ledger/wire"
)

// provenMax bounds the findings that are proven at once: each takes a request or
// some, of a few milliseconds each.
const provenMax = 1000

// driftProver proves what a node's list has at blocks, each once.
type driftProver struct {
	s    *session
	ctx  context.Context
	from *permitted
	seen map[wire.Resource]*light.Answer
}

// proveDrift proves the payloads that findings rest on, or the absence of any.
//
// specs/31 DRIFT-13: Asked to prove, a client MUST verify for each finding that it
// tells ...
func (s *session) proveDrift(ctx context.Context, c *compared, list []drift.Finding) error {
	p := driftProver{s, ctx, c.permitted, map[wire.Resource]*light.Answer{}}
	tell := s.progressOf("findings proven")
	for i := range list {
		if err := p.around(list[i].Prefix); err != nil {
			return err
		}
		tell(uint64(i+1), uint64(len(list)))
	}
	return nil
}

// around proves what is authorised at a prefix, and at each block around it at which
// the list or the prefix's own statement has an authorisation.
func (p *driftProver) around(at wire.Resource) error {
	a, err := p.block(at)
	if err != nil {
		return err
	}
	var blocks []wire.Resource
	for _, o := range a.Origins {
		blocks = append(blocks, o.At)
	}
	for length := range at.Len {
		if b := inr.Truncate(at, length); len(p.listed(b)) > 0 {
			blocks = append(blocks, b)
		}
	}
	for _, b := range blocks {
		if _, err := p.block(b); err != nil {
			return err
		}
	}
	return nil
}

// block proves that the list has at exactly a block what the statement about it shows.
func (p *driftProver) block(at wire.Resource) (*light.Answer, error) {
	if a := p.seen[at]; a != nil {
		return a, nil
	}
	height := decimal(p.from.height)
	got, err := p.s.prove(p.ctx, "/v1/resources/"+at.String()+"?proof=1&at="+height, light.KindResource)
	if err != nil {
		return nil, err
	}
	if got.Resource.Resource != at {
		return nil, elsewhere(at)
	}
	if err := asOf(got.Moment, height); err != nil {
		return nil, err
	}
	if !agree(p.listed(at), got.Resource) {
		return nil, fail(exitUnverified, "the node's list has other payloads at %v than its proof of block %s shows (DRIFT-13); ask another", at, height)
	}
	p.seen[at] = got.Resource
	return got.Resource, nil
}

// listed is what the list has at exactly a block.
func (p *driftProver) listed(at wire.Resource) []vrp.Payload {
	list := p.from.list
	before := func(p vrp.Payload, at wire.Resource) int { return inr.Compare(p.Prefix, at) }
	first, _ := slices.BinarySearchFunc(list, at, before)
	end := first
	for end < len(list) && list[end].Prefix == at {
		end++
	}
	return list[first:end]
}

// agree reports whether a list is what an answer shows. Where the answer is of no one
// title, the list may have less: titles inside may not be settled.
func agree(listed []vrp.Payload, a *light.Answer) bool {
	shown, whole := vrp.Shown(a)
	if whole {
		order := func(a, b vrp.Payload) int {
			return cmp.Or(cmp.Compare(a.AS, b.AS), cmp.Compare(a.MaxLength, b.MaxLength))
		}
		slices.SortFunc(shown, order)
		return slices.Equal(slices.SortedFunc(slices.Values(listed), order), shown)
	}
	return !slices.ContainsFunc(listed, func(p vrp.Payload) bool {
		p.Grade = 0
		return !slices.Contains(shown, p)
	})
}
