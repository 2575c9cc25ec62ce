package relay

import (
	"maps"
	"slices"
	"time"

	"ipledger/ledger/account"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// Bounds of the side buffer (specs/11 RLY-4).
const (
	waitingActsMax  = 50_000
	waitingBytesMax = 32 << 20
	// laneActsMax lets a client hand in a long file of acts at once; they enter
	// blocks sixteen at a time.
	laneActsMax = 4096
	// An account may have an eighth of the room that is left, and always
	// shareActsMin acts: acts whose turn never comes cost their author nothing
	// and wait until they expire, and sixteen lanes of one account would fill
	// the buffer for everyone. With this, it is never full of a few.
	sharePart    = 8
	shareActsMin = 16
)

// load counts acts and their bytes.
type load struct{ acts, bytes int }

func (l load) over(acts, bytes int) bool {
	return l.acts+acts > waitingActsMax || l.bytes+bytes > waitingBytesMax
}

// laneKey is one lane of one account.
type laneKey struct {
	account wire.Address
	lane    uint64
}

func keyOf(v tx.Verified) laneKey { return laneKey{v.Header().Author, v.Header().Lane} }

// lane is the acts of a lane that wait, by number.
type lane struct {
	acts    map[uint64]*held
	feeding bool // someone is offering its next act
}

// park puts an act into the side buffer. It must be called under mu.
//
// specs/11 RLY-4: The side buffer MUST hold at most 50,000 acts, 32 MiB, and
// 4,096 acts a lane; beyond that the newest is refused.
func (r *Relay) park(h *held) error {
	key, number := keyOf(h.v), h.v.Header().Number
	if !h.v.Laned() || r.waiting.over(1, len(h.v.Raw())) || r.waitingOf(key.account) >= r.share() {
		return ErrFull
	}
	l := r.lanes[key]
	if l == nil {
		l = &lane{acts: map[uint64]*held{}}
		r.lanes[key] = l
	}
	if l.acts[number] != nil {
		return tx.Refuse("RLY-4", "number", "another act with number %d of lane %d waits already", number, key.lane)
	}
	if len(l.acts) >= laneActsMax {
		return ErrFull
	}
	l.acts[number], h.parked = h, true
	r.waiting.acts++
	r.waiting.bytes += len(h.v.Raw())
	return nil
}

// waitingOf counts the acts of an account that wait, of all its lanes. It must
// be called under mu.
func (r *Relay) waitingOf(author wire.Address) (n int) {
	n = r.bundled[author]
	for i := range uint64(account.Lanes) {
		if l := r.lanes[laneKey{author, i}]; l != nil {
			n += len(l.acts)
		}
	}
	return n
}

// share is how many acts of one account may wait now. It must be called under mu.
func (r *Relay) share() int {
	return max(shareActsMin, (waitingActsMax-r.waiting.acts)/sharePart)
}

// unpark takes an act out of the side buffer. It must be called under mu.
func (r *Relay) unpark(h *held) {
	if !h.parked {
		return
	}
	h.parked, h.published = false, time.Time{} // its turn has come: tell the others
	r.waiting.acts--
	r.waiting.bytes -= len(h.v.Raw())
	if h.v.Header().Count > 0 {
		r.leaveBundle(h)
		return
	}
	key := keyOf(h.v)
	l := r.lanes[key]
	delete(l.acts, h.v.Header().Number)
	if len(l.acts) == 0 && !l.feeding {
		delete(r.lanes, key)
	}
}

// feed offers the acts of a lane to the pool, in order, as long as it takes them.
//
// specs/11 RLY-5: Acts that wait MUST be offered in the order of their numbers,
// when the one before was taken and after every block.
func (r *Relay) feed(key laneKey) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for {
		l := r.lanes[key]
		if l == nil || l.feeding || r.closed {
			return
		}
		next, ok := r.o.Pool.Next(key.account, key.lane)
		h := l.acts[next]
		if !ok || h == nil {
			return
		}
		l.feeding = true
		r.mu.Unlock()
		answer, err := r.o.Pool.Offer(h.v)
		r.mu.Lock()
		l.feeding, h.offered = false, time.Now()
		if answer != Later && answer != Full {
			r.unpark(h)
		}
		if answer == Refused {
			r.drop(h, err)
		}
		if len(l.acts) == 0 {
			delete(r.lanes, key)
		}
		if answer == Later || answer == Full {
			return
		}
	}
}

// feedAll offers what waits, after a block has made room.
func (r *Relay) feedAll() {
	r.mu.Lock()
	keys := make([]laneKey, 0, len(r.lanes))
	for key := range r.lanes {
		keys = append(keys, key)
	}
	bundles := slices.Collect(maps.Keys(r.bundles))
	r.mu.Unlock()
	for _, id := range bundles {
		if r.o.Pool.Full() {
			return
		}
		_ = r.feedBundle(id) // who submitted it was answered
	}
	for _, key := range keys {
		if r.o.Pool.Full() {
			return
		}
		r.feed(key)
	}
}
