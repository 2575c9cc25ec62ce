package engine

import (
	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/mempool"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// OfferBundle hands the acts of a bundle to the pool, in order: it takes all of
// them or none. Unless they are Taken or Known, the error says why not, by rule.
func (e *Engine) OfferBundle(acts []tx.Verified) (Answer, error) {
	p := e.app.pool.Load()
	if p == nil {
		return Full, errFull
	}
	for _, v := range acts {
		e.app.acts.remember(v)
	}
	e.offering.Lock()
	defer e.offering.Unlock()
	if answer, err := e.app.overlay.admitBundle(acts); answer != Taken {
		return answer, err
	}
	ok := true
	for _, v := range acts {
		err := p.CheckTx(v.Raw(), func(r *abci.ResponseCheckTx) { ok = ok && r.Code == codeTaken }, mempool.TxInfo{})
		ok = ok && err == nil
	}
	// A block may have come in between, and have made the bundle inadmissible.
	if e.app.overlay.entered(acts) && ok {
		return Taken, nil
	}
	e.app.overlay.dropBundle(acts)
	return Full, errFull
}

// admitBundle is admit for all acts of a bundle together. They are expected in
// the pool one by one next.
func (o *overlay) admitBundle(acts []tx.Verified) (Answer, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, v := range acts {
		if q := o.queues[v.Author()]; q != nil {
			o.lay(q, nil)
			if q.has(v.ID()) {
				return Known, errKnown
			}
		}
	}
	// specs/11 ENG-5: The pool MUST hold at most 10,000 acts of 12 MiB together,
	// and of one account 16, or one bundle.
	if o.acts.Load()+int64(len(acts)) > PoolActsMax || o.full() {
		return Full, errFull
	}
	if err := o.roomFor(acts); err != nil {
		return Later, err
	}
	if err := o.check.AdmitBundle(acts); err != nil {
		return o.refuseBundle(acts, err)
	}
	q := o.join(acts)
	for _, v := range acts {
		q.acts, q.expires = append(q.acts, v), min(q.expires, v.Until())
		o.entering[v.ID()] = true
		o.count(v, 1)
	}
	return Taken, nil
}

// roomFor keeps the bound on the acts of one account. It must be called under mu.
func (o *overlay) roomFor(acts []tx.Verified) error {
	for _, v := range acts {
		q := o.queues[v.Author()]
		if q == nil {
			continue
		}
		have := q.of(v.Author())
		if have > 0 && have+countOf(acts, v.Author()) > PoolAccountMax {
			return tx.Refuse("ENG-5", "account", "it has %d acts in the pool, and the bundle more than there is room for", have)
		}
	}
	return nil
}

// refuseBundle says whether a bundle that is not admissible can become so: the
// first act of some lane in it is ahead of its turn. It must be called under mu.
func (o *overlay) refuseBundle(acts []tx.Verified, err error) (Answer, error) {
	seen := map[laneOf]bool{}
	for _, v := range acts {
		h := v.Header()
		lane := laneOf{h.Author, h.Lane}
		if seen[lane] {
			continue
		}
		seen[lane] = true
		if answer, err := o.refuse(h, err); answer == Later {
			return answer, err
		}
	}
	return Refused, err
}

type laneOf struct {
	author wire.Address
	lane   uint64
}

// join lets the authors of a bundle share one queue, so that its acts keep their
// order among those of each of them. It must be called under mu, when all their
// queues are laid.
func (o *overlay) join(acts []tx.Verified) *queue {
	joint := &queue{laid: o.block, expires: ^uint64(0)}
	for _, v := range acts {
		q := o.queues[v.Author()]
		if q == joint {
			continue
		}
		o.queues[v.Author()] = joint
		if q == nil {
			continue
		}
		joint.acts, joint.expires = append(joint.acts, q.acts...), min(joint.expires, q.expires)
		for _, held := range q.acts {
			o.queues[held.Author()] = joint
		}
		q.acts = nil
	}
	return joint
}

// entered ends the expectation of a bundle, and reports whether the overlay
// still has it.
func (o *overlay) entered(acts []tx.Verified) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, v := range acts {
		delete(o.entering, v.ID())
	}
	q := o.queues[acts[0].Author()]
	return q != nil && q.has(acts[0].ID())
}

// dropBundle takes a bundle out of pool and overlay. What it took from its
// authors comes back with the next block.
func (o *overlay) dropBundle(acts []tx.Verified) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, v := range acts {
		o.take(v)
		o.remove(v.Raw())
	}
}

// run is how many of the first acts are looked at together: one, or a bundle.
func run(acts []tx.Verified) int {
	h := acts[0].Header()
	n := 1
	for h.Count > 0 && n < len(acts) && acts[n].Header().Bundle == h.Bundle {
		n++
	}
	return n
}

// of is how many acts of an author the queue has.
func (q *queue) of(author wire.Address) int { return countOf(q.acts, author) }

func countOf(acts []tx.Verified, author wire.Address) (n int) {
	for _, v := range acts {
		if v.Author() == author {
			n++
		}
	}
	return n
}

// whole is the most of the first n acts that cut no bundle; bundles stand side
// by side and whole in acts.
func whole(acts []tx.Verified, n int) int {
	if n >= len(acts) {
		return len(acts)
	}
	if h := acts[n].Header(); h.Count > 0 {
		return n - int(h.Index)
	}
	return n
}
