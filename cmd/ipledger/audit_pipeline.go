package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"ipledger/ledger/archive"
	"ipledger/ledger/audit"
)

const (
	// auditAhead is how many blocks are read before their turn: enough that no
	// processor waits for a disk, few enough to bound memory at their bounds.
	auditAhead = 6
	// auditChunk is how many acts a goroutine verifies at a time.
	auditChunk = 25
)

// errEnd is the end of a source. It is no io.EOF, which a broken connection gives.
var errEnd = errors.New("the last block")

// blockSource gives the blocks of a chain in order, errEnd after the last.
type blockSource interface {
	next(ctx context.Context) (*archive.Block, error)
}

// pipeline audits on as many goroutines as there are processors: whichever is
// free takes the next step of the replay if its block is checked, and else checks
// something. One goroutine more reads the blocks, and one the state before them.
type pipeline struct {
	from   beginning
	source blockSource
	// stepped hears of each block that was taken, one at a time; an error ends
	// the audit there.
	stepped func() error

	mu      sync.Mutex
	changed sync.Cond     // there may be something to do
	replay  *audit.Replay // nil until the state before the first block is read
	queue   []*waiting    // read and not taken, in order
	read    bool          // there is no more to read
	busy    bool          // a step is under way
	err     error
}

// waiting is a block on its way through the pipeline.
type waiting struct {
	*audit.Checked
	whole bool // whether certificate and body were given out to be checked
	from  int  // the first act not given out
	left  int  // checks not done
}

func (w *waiting) open() bool { return !w.whole || w.from < len(w.Block.Acts) }

// run audits until the source ends, something does not hold, or ctx ends.
func (p *pipeline) run(ctx context.Context) error {
	p.changed.L = &p.mu
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var all sync.WaitGroup
	all.Go(p.begin)
	all.Go(func() { p.reading(ctx) })
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() { p.work(p.from.checker()) })
	}
	stop := context.AfterFunc(ctx, func() { p.fail(ctx.Err()) })
	defer stop()
	p.await()
	cancel()
	all.Wait()
	if errors.Is(p.err, errEnd) {
		return nil
	}
	return p.err
}

// begin opens the replay, while the first blocks are checked.
func (p *pipeline) begin() {
	r, err := p.from.open()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.replay = r
	if err != nil {
		p.failed(err)
	}
	p.changed.Broadcast()
}

// await waits for the end, whichever it is.
func (p *pipeline) await() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.err == nil {
		p.changed.Wait()
	}
}

// fail ends the pipeline, if nothing has before.
func (p *pipeline) fail(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.failed(err)
}

// failed is fail under mu.
func (p *pipeline) failed(err error) {
	if p.err == nil {
		p.err = err
	}
	p.changed.Broadcast()
}

// reading fills the queue.
func (p *pipeline) reading(ctx context.Context) {
	for {
		b, err := p.source.next(ctx)
		p.mu.Lock()
		for err == nil && len(p.queue) >= auditAhead && p.err == nil {
			p.changed.Wait()
		}
		if err == nil && p.err == nil {
			p.queue = append(p.queue, &waiting{Checked: audit.NewChecked(b), left: len(b.Acts) + 1})
			p.changed.Broadcast()
		}
		if err != nil {
			p.read = true
			p.unread(err)
		}
		ended := p.read || p.err != nil
		p.mu.Unlock()
		if ended {
			return
		}
	}
}

// unread ends the pipeline at once for an error, and at the end of the source
// when all blocks have been taken. What is wrong with the state comes before what is
// wrong with a block. It is called under mu.
func (p *pipeline) unread(err error) {
	for (len(p.queue) > 0 || p.replay == nil) && p.err == nil {
		p.changed.Wait()
	}
	p.failed(err)
}

func (p *pipeline) work(checker *audit.Checker) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.err == nil {
		if p.replay != nil && len(p.queue) > 0 && !p.busy && p.queue[0].left == 0 {
			p.step()
		} else if w := p.unchecked(); w != nil {
			p.check(checker, w)
		} else {
			p.changed.Wait()
		}
	}
}

// unchecked is the first block with a check that nobody has taken, or nil.
func (p *pipeline) unchecked() *waiting {
	for _, w := range p.queue {
		if w.open() {
			return w
		}
	}
	return nil
}

// check makes some checks of a block. It is called, and returns, under mu.
func (p *pipeline) check(checker *audit.Checker, w *waiting) {
	if !w.whole {
		w.whole = true
		p.mu.Unlock()
		checker.Whole(w.Checked)
		p.mu.Lock()
		w.left--
	} else {
		from, to := w.from, min(w.from+auditChunk, len(w.Block.Acts))
		w.from = to
		p.mu.Unlock()
		checker.Acts(w.Checked, from, to)
		p.mu.Lock()
		w.left -= to - from
	}
	if w.left == 0 {
		p.changed.Broadcast()
	}
}

// step takes the first block of the queue. It is called, and returns, under mu.
func (p *pipeline) step() {
	w := p.queue[0]
	p.busy = true
	p.mu.Unlock()
	err := p.take(w)
	p.mu.Lock()
	p.busy = false
	if err != nil {
		p.failed(err)
		return
	}
	p.queue = p.queue[1:]
	p.changed.Broadcast()
}

// take is a step of the replay; a panic of the rules is a finding about them.
func (p *pipeline) take(w *waiting) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fail(exitFailed, "the rules broke an invariant over block %d: %v", w.Block.Header.Height, cause).
				hint("this is a defect of this program or of the rules: keep the block and tell the authors")
		}
	}()
	if err := p.replay.Step(w.Checked); err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	return p.stepped()
}
