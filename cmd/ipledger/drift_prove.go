package main

import (
	"cmp"
	"context"
	"errors"
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

// provenPagesMax bounds the pages of what stands inside chosen blocks.
const provenPagesMax = 40

// driftProver proves what a node's list has at blocks, each once.
type driftProver struct {
	s    *session
	ctx  context.Context
	from *vrp.Listed
	seen map[wire.Resource]*light.Answer
	// inner is how many blocks with authorisations stand inside those that are chosen.
	inner int
}

// proveDrift proves the payloads that findings rest on, or the absence of any.
//
// specs/31 DRIFT-13: Asked to prove, a client MUST verify for each finding that it
// tells ...
func (s *session) proveDrift(ctx context.Context, c *compared, list []drift.Finding) error {
	p := driftProver{s: s, ctx: ctx, from: c.permitted, seen: map[wire.Resource]*light.Answer{}}
	tell := s.progressOf("findings proven")
	for i := range list {
		if err := p.around(list[i].Prefix); err != nil {
			return err
		}
		tell(uint64(i+1), uint64(len(list)))
	}
	if c.whole = c.choice.Blocks != nil || c.choice.Holder != nil; !c.whole {
		return nil
	}
	for _, b := range chosenBlocks(&c.choice) {
		if err := p.inside(b); errors.Is(err, errMuch) {
			c.whole = false
			s.err.linef("%v", err)
			return nil
		} else if err != nil {
			return err
		}
	}
	return nil
}

// chosenBlocks is the prefixes inside which findings are chosen.
func chosenBlocks(c *drift.Choice) []wire.Resource {
	if c.Blocks != nil {
		return c.Blocks
	}
	return slices.DeleteFunc(slices.Clone(c.Holder), func(r wire.Resource) bool { return r.Family == wire.ASN })
}

// errMuch reports blocks with more inside than is proven at once.
var errMuch = errors.New("too much stands inside the chosen blocks: each finding is proven, not that no payload is missing")

// inside proves that the list has at a block, around it and inside it whatever is
// authorised there, and nothing else.
//
// specs/31 DRIFT-13: Of blocks that are chosen it MUST also verify the listing of all
// that stands inside them.
func (p *driftProver) inside(block wire.Resource) error {
	if err := p.around(block); err != nil {
		return err
	}
	height := decimal(p.from.Height)
	for from, pages := block, 0; ; pages++ {
		if pages == provenPagesMax {
			return errMuch
		}
		page, err := p.s.page(p.ctx, block, from, height)
		if err != nil {
			return err
		}
		for _, e := range page.Beneath.Entries {
			if err := p.entry(e); err != nil {
				return err
			}
		}
		if !page.Beneath.More {
			break
		}
		from = page.Beneath.Next
	}
	first, _ := slices.BinarySearchFunc(p.from.List, block, beforeBlock)
	for _, x := range p.from.List[first:] {
		if !inr.Covers(block, x.Prefix) {
			break
		}
		if p.seen[x.Prefix] == nil {
			return p.differs(x.Prefix)
		}
	}
	return nil
}

// entry proves what is authorised at a block of a listing.
func (p *driftProver) entry(e light.Valued) error {
	if len(e.Folio.Authorisations) == 0 {
		return nil
	}
	if p.inner++; p.inner > provenMax {
		return errMuch
	}
	_, err := p.block(e.At)
	return err
}

func (p *driftProver) differs(at wire.Resource) error {
	return fail(exitUnverified, "the node's list has other payloads at %v than its proof of block %d shows (DRIFT-13); ask another", at, p.from.Height)
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
	height := decimal(p.from.Height)
	got, err := p.s.prove(p.ctx, "/v1/resources/"+at.String()+"?proof=1&at="+height, light.KindResource)
	if err != nil {
		return nil, err
	}
	if got.Resource.Resource != at {
		return nil, elsewhere(at)
	}
	if err := asOf(got.Verified, height); err != nil {
		return nil, err
	}
	if !agree(p.listed(at), got.Resource) {
		return nil, p.differs(at)
	}
	p.seen[at] = got.Resource
	return got.Resource, nil
}

// listed is what the list has at exactly a block.
func (p *driftProver) listed(at wire.Resource) []vrp.Payload {
	list := p.from.List
	first, _ := slices.BinarySearchFunc(list, at, beforeBlock)
	end := first
	for end < len(list) && list[end].Prefix == at {
		end++
	}
	return list[first:end]
}

func beforeBlock(p vrp.Payload, at wire.Resource) int { return inr.Compare(p.Prefix, at) }

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
