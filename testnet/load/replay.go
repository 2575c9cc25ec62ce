package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/ethereum/go-ethereum/crypto"

	"ipledger/ledger"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
	"ipledger/node/store"
)

// replayBlocks is enough for a measurement and short enough to repeat.
const replayBlocks = 20

// replayFigures adds the durable side.
type replayFigures struct {
	Figures
	// RatioDisk and OursDisk are of a replay that ends with a fold of all its
	// blocks, which a chain this short does not come to by itself: no work of the
	// disk is left out.
	RatioDisk float64 `json:"ratio_disk"`
	OursDisk  float64 `json:"ours_disk"`
}

// replay applies a chain from its bytes, with the root of every block computed,
// in memory and with a synced commit a block and a fold, beside raw recovery of
// the same signatures on as many goroutines.
func replay() (any, error) {
	m, err := newMix(replayBlocks)
	if err != nil {
		return nil, err
	}
	digests, sigs, err := m.signatures()
	if err != nil {
		return nil, err
	}
	// A store is filled before the clock starts: genesis is loaded once in the
	// life of a node, and is not part of a replay.
	var d *disk
	open := func() (err error) { d, err = newDisk(m); return err }
	shut := func() error { return d.close() }
	took, err := median(
		side{run: func() error { return recoverAll(digests, sigs) }},
		side{run: func() error { return m.replay(nil) }},
		side{before: open, run: func() error { return errors.Join(m.replay(d), d.store.Fold()) }, after: shut},
	)
	if err != nil {
		return nil, err
	}
	n := float64(len(digests))
	return replayFigures{
		Figures:   Figures{"replay", n / took[1], n / took[0], took[0] / took[1], "acts/s", len(digests), machine()},
		RatioDisk: took[0] / took[2], OursDisk: n / took[2],
	}, nil
}

func (m *mix) signatures() (digests []wire.Hash, sigs [][65]byte, err error) {
	for _, raws := range m.blocks {
		verified, err := verifyAll(raws, m.salt)
		if err != nil {
			return nil, nil, err
		}
		for _, v := range verified {
			digests = append(digests, v.ID())
			sigs = append(sigs, v.Act().Signatures[0].Sig)
		}
	}
	return digests, sigs, nil
}

// recoverAll is the reference: the recovery of every key and nothing else.
func recoverAll(digests []wire.Hash, sigs [][65]byte) error {
	return onAll(len(digests), func(i int) error {
		_, err := crypto.Ecrecover(digests[i][:], sigs[i][:])
		return err
	})
}

// chunk is how many signatures a goroutine takes at a time.
const chunk = 25

// onAll does something n times on as many goroutines as there are processors.
func onAll(n int, do func(i int) error) error {
	var next atomic.Int64
	var failed atomic.Pointer[error]
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for failed.Load() == nil {
				from := int(next.Add(chunk)) - chunk
				for i := from; i < min(from+chunk, n); i++ {
					if err := do(i); err != nil {
						failed.Store(&err)
					}
				}
				if from >= n {
					return
				}
			}
		})
	}
	all.Wait()
	if err := failed.Load(); err != nil {
		return *err
	}
	return nil
}

// replay applies the chain on as many goroutines: whichever is free applies the
// next block if its acts are verified, and else verifies some. With a disk, the
// store's queue makes one block after the other durable, while the next are
// verified and applied; the replay ends with the last commit.
func (m *mix) replay(d *disk) error {
	p := &pipeline{m: m, state: m.genesis, disk: d}
	p.changed.L = &p.mu
	for _, raws := range m.blocks {
		p.left = append(p.left, len(raws))
		p.acts = append(p.acts, make([]tx.Verified, len(raws)))
	}
	if d != nil {
		p.queue = d.store.Queue(p.durable)
	}
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(p.work)
	}
	all.Wait()
	if d != nil {
		p.queue.Close()
	}
	if p.err == nil && p.state.Root() != m.root {
		p.err = fmt.Errorf("the replay gave root %v, the chain has %v", p.state.Root(), m.root)
	}
	return p.err
}

const (
	// verifiedAhead is how many blocks are verified before their turn: enough
	// that no processor waits for a disk, few enough to bound memory.
	verifiedAhead = 2
	// appliedAhead is how many blocks may be applied and not yet durable: as many
	// as the store's queue takes without waiting.
	appliedAhead = store.QueueMax
)

// pipeline is a replay under way. mu guards what follows it.
type pipeline struct {
	m     *mix
	disk  *disk        // nil in memory
	queue *store.Queue // of disk
	acts  [][]tx.Verified

	mu       sync.Mutex
	changed  sync.Cond // there may be something to do
	left     []int     // acts of each block not yet verified
	block    int       // being verified, from
	from     int
	applied  int
	applying bool
	waiting  int // applied and not durable
	state    tree.State
	err      error
}

func (p *pipeline) work() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.err == nil && p.applied < len(p.left) {
		switch {
		case !p.applying && p.waiting < appliedAhead && p.left[p.applied] == 0:
			p.applying = true
			p.apply(p.applied)
		case p.block < min(len(p.left), p.applied+1+verifiedAhead):
			block, from := p.block, p.from
			if p.from += chunk; p.from >= len(p.acts[block]) {
				p.block, p.from = p.block+1, 0
			}
			p.verify(block, from)
		default:
			p.changed.Wait()
		}
	}
}

// verify is called, and returns, under mu.
func (p *pipeline) verify(block, from int) {
	to := min(from+chunk, len(p.acts[block]))
	p.mu.Unlock()
	// A commit on its way to the disk goes first: it is many short steps of
	// several goroutines, each of which would wait for its turn.
	runtime.Gosched()
	var failed error
	chain := tx.On(p.m.salt)
	for i := from; i < to && failed == nil; i++ {
		p.acts[block][i], failed = chain.Verify(p.m.blocks[block][i])
	}
	p.mu.Lock()
	if p.left[block] -= to - from; p.left[block] == 0 || failed != nil {
		p.fail(failed)
	}
}

// apply is called, and returns, under mu.
func (p *pipeline) apply(n int) {
	acts, state := p.acts[n], p.state
	p.mu.Unlock()
	r, err := ledger.Apply(state, p.m.headers[n], p.m.headers[n+1], acts, nil)
	if err == nil && p.disk != nil {
		p.queue.Put(func() store.Block { return p.disk.block(n, r, acts) })
	}
	p.mu.Lock()
	p.state, p.applying, p.acts[n] = r.State, false, nil
	p.applied++
	if p.disk != nil {
		p.waiting++
	}
	p.fail(err)
}

// durable is told of each commit.
func (p *pipeline) durable(_ uint64, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting--
	p.fail(err)
}

// fail keeps an error, if it is one, and wakes who waits. It is called under mu.
func (p *pipeline) fail(err error) {
	if p.err == nil {
		p.err = err
	}
	p.changed.Broadcast()
}

// disk is a store that holds the genesis state of the mix.
type disk struct {
	m     *mix
	dir   string
	store *store.Store
}

func newDisk(m *mix) (*disk, error) {
	dir, err := os.MkdirTemp("", "ipledger-replay-")
	if err != nil {
		return nil, err
	}
	s, err := store.Open(store.Options{Dir: dir, Value: record.ValueOfData, NoBallast: true})
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	d := &disk{m, dir, s}
	if err := s.Load(store.Base{Time: mixStart, State: m.genesis, Root: m.genesis.Root()}); err != nil {
		return nil, errors.Join(err, d.close())
	}
	return d, nil
}

func (d *disk) close() error { return errors.Join(d.store.Close(), os.RemoveAll(d.dir)) }

// block is what the store keeps of block n.
func (d *disk) block(n int, r ledger.Result, acts []tx.Verified) store.Block {
	h := d.m.headers[n+1]
	b := store.Block{Height: h.Height, Time: h.Time, HeaderHash: h.Hash, State: r.State, ActBearing: true, Changes: r.Changes}
	for i, v := range acts {
		b.Acts = append(b.Acts, store.Act{ID: v.ID(), Raw: v.Raw()})
		b.Receipts = append(b.Receipts, r.Receipts[i].Bytes())
	}
	return b
}
