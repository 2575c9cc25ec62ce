package main

import (
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
	took, err := median(
		func() error { return recoverAll(digests, sigs) },
		func() error { return m.replay(nil) },
		m.replayToDisk,
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
// next block if its acts are verified, and else verifies some.
func (m *mix) replay(commit func(n int, r ledger.Result, acts []tx.Verified) error) error {
	p := &pipeline{m: m, state: m.genesis, commit: commit}
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

// pipeline is a replay under way. mu guards what follows it.
type pipeline struct {
	m      *mix
	commit func(n int, r ledger.Result, acts []tx.Verified) error
	acts   [][]tx.Verified

	mu       sync.Mutex
	left     []int // acts of each block not yet verified
	block    int   // being verified, from
	from     int
	applied  int
	applying bool
	state    tree.State
	err      error
}

func (p *pipeline) work() {
	for {
		p.mu.Lock()
		switch {
		case p.err != nil || p.applied == len(p.left):
			p.mu.Unlock()
			return
		case !p.applying && p.left[p.applied] == 0:
			p.applying = true
			p.mu.Unlock()
			p.apply()
		case p.block < len(p.left):
			block, from := p.block, p.from
			if p.from += chunk; p.from >= len(p.acts[block]) {
				p.block, p.from = p.block+1, 0
			}
			p.mu.Unlock()
			p.verify(block, from)
		default:
			p.mu.Unlock()
			runtime.Gosched()
		}
	}
}

func (p *pipeline) verify(block, from int) {
	to := min(from+chunk, len(p.acts[block]))
	var failed error
	for i := from; i < to && failed == nil; i++ {
		p.acts[block][i], failed = tx.Verify(p.m.blocks[block][i], p.m.salt)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left[block] -= to - from
	if failed != nil {
		p.err = failed
	}
}

func (p *pipeline) apply() {
	n := p.applied
	r, err := ledger.Apply(p.state, p.m.headers[n], p.m.headers[n+1], p.acts[n], false)
	if err == nil {
		r.State.Root()
		if p.commit != nil {
			err = p.commit(n, r, p.acts[n])
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.state, p.err, p.applying = r.State, err, false
	p.applied++
}

// replayToDisk is the replay with a synced commit a block.
func (m *mix) replayToDisk() error {
	dir, err := os.MkdirTemp("", "ipledger-replay-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	s, err := store.Open(store.Options{Dir: dir, Value: record.ValueOfData, NoBallast: true})
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.Load(store.Base{Time: mixStart, State: m.genesis, Root: m.genesis.Root()}); err != nil {
		return err
	}
	return m.replay(func(n int, r ledger.Result, acts []tx.Verified) error {
		h := m.headers[n+1]
		b := store.Block{Height: h.Height, Time: h.Time, HeaderHash: h.Hash, State: r.State, ActBearing: true, Changes: r.Changes}
		for i, v := range acts {
			b.Acts = append(b.Acts, store.Act{ID: v.ID(), Raw: v.Raw()})
			b.Receipts = append(b.Receipts, r.Receipts[i].Bytes())
		}
		return s.Commit(b)
	})
}
