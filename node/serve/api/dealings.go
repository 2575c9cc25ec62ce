package api

import (
	"bytes"
	"maps"
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// dealings is an index of what is open: offers, conditional transfers,
// surrenders and listings, by the accounts that they name and by their title; and
// petitions that gather support.
//
// Each of them has a due item whose key ends in the id of its act, so the queue
// of what is due says which there are.
type dealings struct {
	follower
	open     map[wire.Hash]*record.Offer
	accounts map[wire.Address]map[wire.Hash]struct{}
	titles   map[wire.Resource]map[wire.Hash]struct{}
	listings map[wire.Hash]struct{}
	gather   map[wire.Hash]struct{} // petitions
}

// deal is something open and the id of its act.
type deal struct {
	id wire.Hash
	*record.Offer
}

// which chooses deals from the index, and is called under its lock.
type which func(x *dealings) []deal

// list gives the deals that are chosen, by id. What they are by now is read from
// a view: a consent changes an offer and nothing of the queue.
func (x *dealings) list(v View, past Ledger, choose which) ([]deal, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.follow(v, past, x); err != nil {
		return nil, err
	}
	out := choose(x)
	slices.SortFunc(out, func(a, b deal) int { return bytes.Compare(a.id[:], b.id[:]) })
	return out, nil
}

// offersOf chooses what names an account: as maker, addressee or agent.
func offersOf(who wire.Address) which {
	return func(x *dealings) []deal { return x.pick(x.accounts[who]) }
}

// offersAt chooses what speaks of blocks that overlap one.
func offersAt(r wire.Resource) which {
	return func(x *dealings) (out []deal) {
		for title, ids := range x.titles {
			if inr.Overlaps(title, r) {
				out = append(out, x.pick(ids)...)
			}
		}
		return slices.DeleteFunc(out, func(d deal) bool { return !inr.Overlaps(d.Resource, r) })
	}
}

// listed chooses the listings.
func listed(x *dealings) []deal { return x.pick(x.listings) }

func (x *dealings) pick(ids map[wire.Hash]struct{}) (out []deal) {
	for id := range ids {
		if o, ok := x.open[id]; ok {
			out = append(out, deal{id, o})
		}
	}
	return out
}

func (x *dealings) fill(s tree.State) (err error) {
	x.open, x.listings = map[wire.Hash]*record.Offer{}, map[wire.Hash]struct{}{}
	x.gather = map[wire.Hash]struct{}{}
	x.accounts, x.titles = map[wire.Address]map[wire.Hash]struct{}{}, map[wire.Resource]map[wire.Hash]struct{}{}
	s.Walk(tree.RootKey(tree.Due), func(l tree.Leaf) bool {
		err = x.move(l.Key, tree.State{}, s)
		return err == nil
	})
	return err
}

func (x *dealings) move(k tree.Key, _, now tree.State) error {
	if k.Subtree != tree.Due {
		return nil
	}
	_, rank, id, ok := k.Due()
	if ok && rank == record.RankGovern {
		return x.petition(id, now)
	}
	if !ok || rank != record.RankOffer && rank != record.RankIntent {
		return nil
	}
	x.leave(id)
	leaf, ok := now.Get(record.OfferKey(id))
	if !ok {
		return nil
	}
	o, err := record.OfferFromBytes(leaf.Data)
	if err == nil {
		x.enter(id, o)
	}
	return err
}

// petition notes whether a proposal is a petition that gathers support.
func (x *dealings) petition(id wire.Hash, now tree.State) error {
	delete(x.gather, id)
	leaf, ok := now.Get(record.MotionKey(id))
	if !ok {
		return nil
	}
	m, err := record.MotionFromBytes(leaf.Data)
	if err == nil && m.State == record.MotionPetition {
		x.gather[id] = struct{}{}
	}
	return err
}

// petitions lists the petitions that gather support, by id, after one.
func (x *dealings) petitions(v View, past Ledger, after wire.Hash) ([]wire.Hash, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.follow(v, past, x); err != nil {
		return nil, err
	}
	out := slices.Collect(maps.Keys(x.gather))
	out = slices.DeleteFunc(out, func(id wire.Hash) bool { return bytes.Compare(id[:], after[:]) <= 0 })
	slices.SortFunc(out, func(a, b wire.Hash) int { return bytes.Compare(a[:], b[:]) })
	return out, nil
}

func (x *dealings) enter(id wire.Hash, o *record.Offer) {
	x.open[id] = o
	if tx.Kind(o.Kind) == tx.KindList {
		x.listings[id] = struct{}{}
	}
	add(x.titles, o.Title, id)
	for _, who := range parties(o) {
		add(x.accounts, who, id)
	}
}

func (x *dealings) leave(id wire.Hash) {
	o, ok := x.open[id]
	if !ok {
		return
	}
	delete(x.open, id)
	delete(x.listings, id)
	drop(x.titles, o.Title, id)
	for _, who := range parties(o) {
		drop(x.accounts, who, id)
	}
}

// parties is the accounts that a deal names: its maker, its addressee, its agent.
func parties(o *record.Offer) []wire.Address {
	out := []wire.Address{o.Maker}
	if !o.To.IsZero() {
		out = append(out, o.To)
	}
	body, err := tx.DecodeBody(tx.Kind(o.Kind), o.Body)
	if t, ok := body.(*tx.TransferOffer); err == nil && ok && !t.Agent.IsZero() {
		out = append(out, t.Agent)
	}
	return out
}
