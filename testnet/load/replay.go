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

// replayBlocks keeps the offers of the mix apart: each holder offers once.
const replayBlocks = 20

// replayFigures adds the durable side.
type replayFigures struct {
	Figures
	RatioDisk float64 `json:"ratio_disk"`
	OursDisk  float64 `json:"ours_disk"`
}

// replay applies a chain from its bytes, with the root of every block computed,
// in memory and with a synced commit a block, beside raw recovery of the same
// signatures on as many goroutines.
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
	took, err := median(
		side{run: func() error { return recoverAll(digests, sigs) }},
		side{run: func() error { return m.replay(nil) }},
		side{
			before: func() (err error) { d, err = newDisk(m); return err },
			run:    func() error { return m.replay(d.commit) },
			after:  func() error { return d.close() },
		},
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
// next block if its acts are verified, and else verifies some. commit, if there
// is one, makes a block durable before the next is applied; verification goes
// on meanwhile.
func (m *mix) replay(commit func(n int, r ledger.Result, acts []tx.Verified) error) error {
	p := &pipeline{m: m, state: m.genesis, commit: commit}
	p.changed.L = &p.mu
	for _, raws := range m.blocks {
		p.left = append(p.left, len(raws))
		p.acts = append(p.acts, make([]tx.Verified, len(raws)))
	}
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(p.work)
	}
	all.Wait()
	if p.err == nil && p.state.Root() != m.root {
		p.err = fmt.Errorf("the replay gave root %v, the chain has %v", p.state.Root(), m.root)
	}
	return p.err
}

// verifiedAhead is how many blocks are verified before their turn: enough that
// no processor waits for a disk, few enough to bound memory.
const verifiedAhead = 2

// pipeline is a replay under way. mu guards what follows it.
type pipeline struct {
	m      *mix
	commit func(n int, r ledger.Result, acts []tx.Verified) error
	acts   [][]tx.Verified

	mu       sync.Mutex
	changed  sync.Cond // there may be something to do
	left     []int     // acts of each block not yet verified
	block    int       // being verified, from
	from     int
	applied  int
	applying bool
	state    tree.State
	err      error
}

func (p *pipeline) work() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.err == nil && p.applied < len(p.left) {
		switch {
		case !p.applying && p.left[p.applied] == 0:
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

// apply is called, and returns, under mu. A commit waits for the disk on a
// goroutine of its own.
func (p *pipeline) apply(n int) {
	p.mu.Unlock()
	r, err := ledger.Apply(p.state, p.m.headers[n], p.m.headers[n+1], p.acts[n], false)
	if err == nil && p.commit != nil {
		go func() {
			err := p.commit(n, r, p.acts[n])
			p.mu.Lock()
			defer p.mu.Unlock()
			p.done(r, err)
		}()
		p.mu.Lock()
		return
	}
	p.mu.Lock()
	p.done(r, err)
}

// done is called under mu when a block is applied and durable.
func (p *pipeline) done(r ledger.Result, err error) {
	p.state, p.applying = r.State, false
	p.acts[p.applied] = nil
	p.applied++
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

func (d *disk) commit(n int, r ledger.Result, acts []tx.Verified) error {
	h := d.m.headers[n+1]
	b := store.Block{Height: h.Height, Time: h.Time, HeaderHash: h.Hash, State: r.State, ActBearing: true, Changes: r.Changes}
	for i, v := range acts {
		b.Acts = append(b.Acts, store.Act{ID: v.ID(), Raw: v.Raw()})
		b.Receipts = append(b.Receipts, r.Receipts[i].Bytes())
	}
	return d.store.Commit(b)
}
