package engine

import (
	"bytes"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"ipledger/ledger"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// overlay is what the pool knows: the committed state, the acts that the pool
// holds, and what these have taken from their authors.
//
// After a block only the acts of authors that the block touched are looked at
// again. Whether an act is admissible depends on its author's record, on the
// parameters and on the time, and on nothing else: where none of these moved,
// the answer stands.
type overlay struct {
	// remove takes an act out of the engine's pool.
	remove func(raw []byte)

	acts  atomic.Int64 // in the pool
	bytes atomic.Int64

	mu     sync.Mutex // guards what follows
	check  *ledger.Check
	now    uint64 // the time of check
	block  uint64 // blocks since the start: the generation of check
	queues map[wire.Address]*queue
	// entering is the acts of a bundle that was admitted and goes into the pool.
	entering map[wire.Hash]bool
}

// queue is one author's acts in the pool, in the order in which they apply.
// Openings by work share the queue of the zero address, and the authors of a
// bundle one queue, in which its acts stand side by side.
type queue struct {
	acts    []tx.Verified
	laid    uint64 // the block whose check has them
	expires uint64 // the earliest time at which one of them expires
}

func newOverlay(v View, remove func(raw []byte)) (*overlay, error) {
	o := &overlay{remove: remove, queues: map[wire.Address]*queue{}, entering: map[wire.Hash]bool{}}
	return o, o.renew(v)
}

// full reports whether the pool is over its mark.
func (o *overlay) full() bool {
	return o.acts.Load() >= PoolActsMax || o.bytes.Load() >= PoolBytesMax
}

// renew starts a new check from a committed state, with no act on it.
//
// The time is this node's clock, not the header's: on an idle chain the last
// header is old, and the next one will say about now.
func (o *overlay) renew(v View) error {
	now := v.Head.header()
	now.Height++
	now.Time = max(now.Time, uint64(time.Now().Unix()))
	check, err := ledger.NewCheck(v.State, now)
	if err != nil {
		return err
	}
	o.check, o.now, o.block = check, now.Time, o.block+1
	return nil
}

// advance moves to the state after a block, and lets go of the acts that the
// block took or made inadmissible. Of bad it asks whether an act must go all the same.
func (o *overlay) advance(b Block, bad func(raw []byte) bool) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.renew(View{State: b.State, Head: b.Head}); err != nil {
		return err
	}
	for _, v := range b.Acts {
		o.take(v)
	}
	// A block without acts while the pool has some, and new parameters, are rare:
	// then nothing is taken for granted.
	if len(b.Acts) == 0 || changesParameters(b.Changes) || bad != nil {
		for _, q := range o.queues {
			o.lay(q, bad)
		}
		o.expire()
		return nil
	}
	for _, v := range b.Acts {
		o.touch(v.Header().Author)
	}
	for _, c := range b.Changes {
		if c.Key.Subtree == tree.Accounts {
			o.touch(wire.Address(c.Key.Addr[:len(wire.Address{})]))
		}
	}
	o.touch(wire.Address{}) // openings by work depend on the last headers
	o.expire()
	return nil
}

func changesParameters(changes []tree.Change) bool {
	for _, c := range changes {
		if c.Key == record.ParametersKey {
			return true
		}
	}
	return false
}

// take lets go of an act that is in a block; the engine takes it out of its pool
// itself. It must be called under mu.
func (o *overlay) take(v tx.Verified) {
	q := o.queues[v.Header().Author]
	if q == nil {
		return
	}
	// Other bytes under the same id, signed by others of the author's keys, are not
	// in the block, and are found inadmissible.
	at := slices.IndexFunc(q.acts, func(held tx.Verified) bool { return held.ID() == v.ID() && bytes.Equal(held.Raw(), v.Raw()) })
	if at < 0 {
		return
	}
	o.count(q.acts[at], -1)
	q.acts = slices.Delete(q.acts, at, at+1)
	if len(q.acts) == 0 {
		delete(o.queues, v.Header().Author)
	}
}

// touch looks again at the acts of an author. It must be called under mu.
func (o *overlay) touch(author wire.Address) {
	if q := o.queues[author]; q != nil {
		o.lay(q, nil)
	}
}

// expire looks again at authors with an act whose time is over, and forgets
// those without any. It must be called under mu.
func (o *overlay) expire() {
	for author, q := range o.queues {
		if q.expires <= o.now {
			o.lay(q, nil)
		}
		if len(q.acts) == 0 {
			delete(o.queues, author)
		}
	}
}

// lay puts the acts of a queue on the check, if they are not on it yet, and lets
// go of those that are not admissible. It must be called under mu.
func (o *overlay) lay(q *queue, bad func(raw []byte) bool) {
	if q.laid == o.block {
		return
	}
	q.laid, q.expires = o.block, ^uint64(0)
	kept := q.acts[:0]
	for at := 0; at < len(q.acts); {
		acts := q.acts[at : at+run(q.acts[at:])]
		at += len(acts)
		if bad != nil && slices.ContainsFunc(acts, func(v tx.Verified) bool { return bad(v.Raw()) }) || o.readmit(acts) != nil {
			for _, v := range acts {
				o.count(v, -1)
				o.remove(v.Raw())
			}
			continue
		}
		for _, v := range acts {
			kept = append(kept, v)
			q.expires = min(q.expires, v.Until())
		}
	}
	clear(q.acts[len(kept):])
	q.acts = kept
}

// readmit puts one act, or a bundle, on the check. It must be called under mu.
func (o *overlay) readmit(acts []tx.Verified) error {
	if acts[0].Header().Count == 0 {
		return o.check.Admit(acts[0])
	}
	return o.check.AdmitBundle(acts)
}

func (o *overlay) count(v tx.Verified, by int64) {
	o.acts.Add(by)
	o.bytes.Add(by * int64(len(v.Raw())))
}

// next is the number that a lane awaits after what is in the pool.
func (o *overlay) next(author wire.Address, lane uint64) (uint64, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if q := o.queues[author]; q != nil {
		o.lay(q, nil)
	}
	return o.check.Next(author, lane)
}

// admit takes the act's number and credit, or says why not. An act that is
// Taken counts as one of the pool.
func (o *overlay) admit(v tx.Verified) (Answer, error) {
	h := v.Header()
	o.mu.Lock()
	defer o.mu.Unlock()
	q := o.queues[h.Author]
	if q == nil {
		q = &queue{laid: o.block, expires: ^uint64(0)}
	}
	o.lay(q, nil)
	if q.has(v.ID()) {
		if o.entering[v.ID()] {
			return Taken, nil
		}
		return Known, errKnown
	}
	// specs/11 ENG-5: The pool MUST hold at most 10,000 acts of 12 MiB together,
	// and of one account 16, or one bundle.
	if o.full() {
		return Full, errFull
	}
	if !h.Author.IsZero() && q.of(h.Author) >= PoolAccountMax {
		return Later, tx.Refuse("ENG-5", "account", "it has %d acts in the pool, the most there may be", PoolAccountMax)
	}
	if err := o.check.Admit(v); err != nil {
		return o.refuse(h, err)
	}
	q.acts, q.expires = append(q.acts, v), min(q.expires, v.Until())
	o.queues[h.Author] = q
	o.count(v, 1)
	return Taken, nil
}

// refuse says whether an act that is not admissible can become so: it lacks
// nothing but its turn. Whoever is not its author could otherwise keep the
// author's own act with this number out. It must be called under mu.
//
// specs/11 ENG-6: The pool MUST take only an act with the next number of its
// lane after those it holds; one that cannot apply yet would make blocks for ever.
// One that lacks but a place among such openings of a ledger block may wait, too.
func (o *overlay) refuse(h tx.Header, err error) (Answer, error) {
	if lacks(err, "ADM-13") {
		return Later, err
	}
	if next, ok := o.check.Next(h.Author, h.Lane); ok && h.Number > next && lacks(err, "ADM-4") {
		return Later, tx.Refuse("ENG-6", "number", "lane %d awaits %d, not %d", h.Lane, next, h.Number)
	}
	return Refused, err
}

func lacks(err error, what string) bool {
	var rule *tx.RuleError
	return errors.As(err, &rule) && rule.Rule == what
}

// willed reports whether an act that waits for its turn is its author's.
func (o *overlay) willed(v tx.Verified) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.check.Willed(v)
}

func (q *queue) has(id wire.Hash) bool {
	for _, v := range q.acts {
		if v.ID() == id {
			return true
		}
	}
	return false
}
