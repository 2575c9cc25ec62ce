package relay

import (
	"maps"
	"slices"
	"time"

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
	// An account may have an eighth of the room that is left, in acts and in bytes,
	// and always shareActsMin acts of shareBytesMin together: acts whose turn never
	// comes cost their author nothing and wait until they expire, and sixteen lanes
	// of one account would fill the buffer for everyone. With this, it is never full
	// of a few.
	sharePart     = 8
	shareActsMin  = 16
	shareBytesMin = tx.LargestBytesMax // one act of any kind, or shareActsMin of any but evidence
)

// load counts acts and their bytes.
type load struct{ acts, bytes int }

func (l load) over(acts, bytes int) bool {
	return l.acts+acts > waitingActsMax || l.bytes+bytes > waitingBytesMax
}

// add counts one act more, or with -1 one less.
func (l *load) add(sign int, raw []byte) {
	l.acts += sign
	l.bytes += sign * len(raw)
}

const _ uint = shareBytesMin - shareActsMin*tx.BytesMax

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
// specs/11 RLY-4: The side buffer MUST hold at most 50,000 acts, 32 MiB, 4,096
// acts a lane, and of one account an eighth of the room that is left.
func (r *Relay) park(h *held) error {
	key, number := keyOf(h.v), h.v.Header().Number
	if !h.v.Laned() || !r.mayWait(h.v) {
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
	l.acts[number] = h
	r.enter(h)
	return nil
}

// mayWait reports whether the side buffer has room for an act, and its author for
// one more in it. It must be called under mu.
func (r *Relay) mayWait(v tx.Verified) bool {
	own, most := r.parked[v.Author()], r.share()
	return !r.waiting.over(1, len(v.Raw())) && own.acts < most.acts && own.bytes+len(v.Raw()) <= most.bytes
}

// enter counts an act as waiting. It must be called under mu.
func (r *Relay) enter(h *held) {
	h.parked = true
	r.waiting.add(1, h.v.Raw())
	own := r.parked[h.v.Author()]
	own.add(1, h.v.Raw())
	r.parked[h.v.Author()] = own
}

// share is how much of one account may wait now. It must be called under mu.
func (r *Relay) share() load {
	return load{
		max(shareActsMin, (waitingActsMax-r.waiting.acts)/sharePart),
		max(shareBytesMin, (waitingBytesMax-r.waiting.bytes)/sharePart),
	}
}

// unpark takes an act out of the side buffer. It must be called under mu.
func (r *Relay) unpark(h *held) {
	if !h.parked {
		return
	}
	h.parked, h.published = false, time.Time{} // its turn has come: tell the others
	r.waiting.add(-1, h.v.Raw())
	own := r.parked[h.v.Author()]
	if own.add(-1, h.v.Raw()); own.acts == 0 {
		delete(r.parked, h.v.Author())
	} else {
		r.parked[h.v.Author()] = own
	}
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
