// Package relay stands between the network that carries acts and the pool that
// blocks are made of.
//
// It implements specs/11, "The relay". What is submitted here is verified,
// journalled, published and published again until it is final or has expired.
// What others send is verified and offered to the pool. Acts whose turn has not
// come wait in a bounded side buffer and are fed in order.
//
// It does not judge whether an act applies, and knows neither the carrier nor
// the engine: it is given both as interfaces.
package relay

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// Errors that callers branch on.
var (
	// ErrFull reports that pool and side buffer are over their marks (RLY-3).
	ErrFull = errors.New("relay: no room for more acts now; submit again later")
	// ErrExpired reports an act that can no longer become final: its time has passed (RLY-6).
	ErrExpired = errors.New("relay: the act expired before it was in a block")
	// ErrSuperseded reports an act whose number another act took (RLY-6).
	ErrSuperseded = errors.New("relay: another act took its number in the lane")
	// ErrClosed reports use after Close.
	ErrClosed = errors.New("relay: closed")
)

// Answer is what the pool says to an act.
type Answer uint8

const (
	Taken   Answer = 1 // it is in the pool
	Known   Answer = 2 // the pool has had it already
	Later   Answer = 3 // its turn has not come
	Full    Answer = 4 // the pool is over its mark
	Refused Answer = 5 // it is not admissible
)

// Pool is what the relay needs of the engine. All methods are safe for
// concurrent use. Offer may wait while a block is committed; the others do not.
type Pool interface {
	// Full reports whether the pool is over its mark.
	Full() bool
	// Offer hands an act to the pool; unless it is Taken or Known, the error says why not.
	Offer(v tx.Verified) (Answer, error)
	// OfferBundle is Offer for all acts of a bundle, in order: all or none.
	OfferBundle(acts []tx.Verified) (Answer, error)
	// Willed reports whether an act that waits for its turn is its author's.
	Willed(v tx.Verified) error
	// Next is the number a lane awaits after what the pool holds.
	Next(account wire.Address, lane uint64) (next uint64, ok bool)
	// Verified is the act of these bytes if it was verified lately; it costs a hash.
	Verified(raw []byte) (tx.Verified, bool)
	// Verify checks all that needs no state; an error proves that the bytes are bad.
	Verify(raw []byte) (tx.Verified, error)
}

// Chain is what the relay needs of what is final.
type Chain interface {
	// Final is what became of an act, if it is in a block.
	Final(id wire.Hash) (f Final, ok bool, err error)
	// Committed is a lane's next number, and the time, in the state after the last
	// block that Advance was told of. It does not wait.
	Committed(account wire.Address, lane uint64) (next, now uint64)
}

// Carrier sends acts to the network. It is called from one goroutine.
type Carrier interface {
	Publish(ctx context.Context, acts [][]byte) error
}

// Final is where an act was applied and its receipt, in canonical bytes.
type Final struct {
	Height  uint64
	Receipt []byte
}

// Options is all that a Relay is given.
type Options struct {
	Journal string // file of the acts submitted here
	Pool    Pool
	Chain   Chain
	Carrier Carrier
	Log     *slog.Logger
	// Republish is the pause between two publications of an act submitted here;
	// 0 is 3 s.
	Republish time.Duration
}

// Relay is safe for concurrent use.
type Relay struct {
	o       Options
	journal *journal
	publish chan struct{}      // wakes the publisher
	arrived chan []tx.Verified // from the network

	mu      sync.Mutex // guards what follows
	held    map[wire.Hash]*held
	owned   map[wire.Hash]*held // of held, those submitted here
	lanes   map[laneKey]*lane
	bundles map[wire.Hash]*bundle
	parked  map[wire.Address]load // what of each account waits in the side buffer
	waiting load                  // of the side buffer
	load    load                  // of held
	outbox  []*held
	refused *recent[error] // why acts were refused lately
	final   *recent[Final] // what became final lately
	waiters waiters
	closed  bool
	swept   time.Time
	headAt  uint64 // time of the last committed header
}

// held is an act that is neither final nor given up.
type held struct {
	v tx.Verified
	// The following are guarded by Relay.mu.
	own       bool // submitted here: journalled, and published again and again
	parked    bool // in the side buffer
	published time.Time
	since     time.Time // held
	offered   time.Time // to the pool, the last time
	// settled is closed when the pool has answered; err is then why the act was
	// not kept.
	settled chan struct{}
	err     error
}

// Bounds of the relay.
const (
	// heldMax is the pool, the side buffer, and as many acts that the pool has
	// dropped meanwhile.
	heldMax = 300_000
	// heldBytesMax is the bytes of the pool and the side buffer, and as many again
	// of acts that the pool has dropped.
	heldBytesMax = 96 << 20
	// arrivedMax is the deliveries that wait for the pool while a block is
	// committed: a second's worth of full messages.
	arrivedMax = 256
	// Own acts, which are kept on disk.
	ownMax      = 100_000
	ownBytesMax = 64 << 20

	republishUsual = 3 * time.Second
)

// New opens the journal. Acts are carried once Run is called.
func New(o Options) (*Relay, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Republish == 0 {
		o.Republish = republishUsual
	}
	j, err := openJournal(o.Journal, o.Log)
	if err != nil {
		return nil, err
	}
	_, now := o.Chain.Committed(wire.Address{}, 0)
	return &Relay{
		o: o, journal: j, publish: make(chan struct{}, 1), arrived: make(chan []tx.Verified, arrivedMax),
		held: map[wire.Hash]*held{}, owned: map[wire.Hash]*held{}, lanes: map[laneKey]*lane{},
		bundles: map[wire.Hash]*bundle{}, parked: map[wire.Address]load{}, refused: newRecent[error](), final: newRecent[Final](),
		waiters: waiters{}, headAt: now,
	}, nil
}

// Run takes up the journal, and carries acts until ctx ends.
func (r *Relay) Run(ctx context.Context) error {
	r.replay()
	var work sync.WaitGroup
	work.Go(func() { r.publishForEver(ctx) })
	work.Go(func() { r.takeForEver(ctx) })
	work.Wait()
	return nil
}

// Close ends the journal. Whoever waits is told ErrClosed.
func (r *Relay) Close() error {
	r.mu.Lock()
	if r.closed {
		r.mu.Unlock()
		return nil
	}
	r.closed = true
	r.waiters.failAll(ErrClosed)
	r.mu.Unlock()
	return r.journal.close()
}
