package local_test

import (
	"time"

	"ipledger/ledger/inr"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// offer offers a block through node i, and gives the acceptance that takes it.
func (n net) offer(i int, block, from, to string) *tx.TransferAccept {
	n.t.Helper()
	ctx := n.soon()
	res, err := inr.Parse(block)
	n.must(err)
	buyer, err := n.Account(to)
	n.must(err)
	value, err := n.Dealing(ctx, i, res)
	n.must(err)
	id, _, err := n.Do(ctx, i, from, 0, &tx.TransferOffer{Resource: res, To: buyer.ID, Value: value, Until: uint64(time.Now().Add(time.Hour).Unix())})
	n.must(err)
	return &tx.TransferAccept{Offer: id, Resource: res, Value: value}
}

// swap is the two acceptances of an exchange between nordlicht and karoo, as a bundle.
func (n net) swap(first, second string) []*tx.Act {
	n.t.Helper()
	one, two := n.offer(full, first, "nordlicht", "karoo"), n.offer(full, second, "karoo", "nordlicht")
	a, err := n.Make(n.soon(), full, "karoo", 0, one)
	n.must(err)
	b, err := n.Make(n.soon(), full, "nordlicht", 0, two)
	n.must(err)
	acts := []*tx.Act{a, b}
	n.must(n.Tie(acts, "karoo", "nordlicht"))
	return acts
}

// holder is who holds a block, as node i says.
func (n net) holder(i int, block string) string {
	n.t.Helper()
	var answer struct{ Possessor string }
	n.must(n.Get(n.soon(), i, "/v1/resources/"+block, &answer))
	return answer.Possessor
}

func (n net) id(name string) string {
	n.t.Helper()
	a, err := n.Account(name)
	n.must(err)
	return a.ID.String()
}

func (n net) aSwap() {
	acts := n.swap("5.44.20.0/24", "105.16.20.0/24")
	first, err := n.Submit(n.soon(), full, acts[0])
	n.must(err)
	before := n.status(0).Height
	n.eventually("two more blocks", func() bool { return n.status(0).Height >= before+2 })
	var pending struct{ Outcome string }
	if err := n.Get(n.soon(), full, "/v1/acts/"+first.String(), &pending); err != nil || pending.Outcome != "pending" {
		n.t.Fatalf("a part of a bundle is %q, %v", pending.Outcome, err)
	}
	second, err := n.Submit(n.soon(), 2, acts[1])
	n.must(err)
	for i := range 5 {
		one, err := n.Done(n.soon(), i, first)
		n.must(err)
		two, err := n.Done(n.soon(), i, second)
		n.must(err)
		if one != two {
			n.t.Errorf("node %d has them final at heights %d and %d", i, one, two)
		}
	}
	if n.holder(1, "5.44.20.0/24") != n.id("karoo") || n.holder(1, "105.16.20.0/24") != n.id("nordlicht") {
		n.t.Error("the blocks were not exchanged")
	}
}

func (n net) noSwap() {
	acts := n.swap("5.44.21.0/24", "105.16.21.0/24")
	lost := acts[1].Body.(*tx.TransferAccept).Offer
	_, _, err := n.Do(n.soon(), 0, "karoo", 1, &tx.OfferCancel{Offer: lost})
	n.must(err)
	var ids []wire.Hash
	for i, act := range acts {
		id, err := n.Submit(n.soon(), i, act)
		n.must(err)
		ids = append(ids, id)
	}
	for i, id := range ids {
		for _, at := range []int{3, full} {
			if height, err := n.Done(n.soon(), at, id); err == nil || height == 0 {
				n.t.Errorf("act %d is done at height %d, %v", i, height, err)
			}
		}
	}
	if n.holder(3, "5.44.21.0/24") != n.id("nordlicht") || n.holder(3, "105.16.21.0/24") != n.id("karoo") {
		n.t.Error("a block changed hands though the bundle failed")
	}

	// The second part of another never comes: the first is in no block while it lives.
	acts = n.swap("5.44.22.0/24", "105.16.22.0/24")
	acts[0].Expires, acts[1].Expires = uint64(time.Now().Unix())+6, uint64(time.Now().Unix())+6
	n.must(n.Tie(untied(acts), "karoo", "nordlicht"))
	part, err := n.Submit(n.soon(), full, acts[0])
	n.must(err)
	var answer struct{ Outcome string }
	n.eventually("a part of a bundle to be forgotten", func() bool {
		err := n.Get(n.soon(), full, "/v1/acts/"+part.String(), &answer)
		if err == nil && answer.Outcome != "pending" {
			n.t.Fatalf("a part of a bundle is %s", answer.Outcome)
		}
		return err != nil && uint64(time.Now().Unix()) > acts[0].Expires
	})
	if n.holder(full, "5.44.22.0/24") != n.id("nordlicht") {
		n.t.Error("a part of a bundle was applied")
	}
}

// untied is acts outside of any bundle.
func untied(acts []*tx.Act) []*tx.Act {
	for _, act := range acts {
		act.Bundle, act.Index, act.Count = wire.Hash{}, 0, 0
	}
	return acts
}
