package tiles

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"ipledger/ledger/blocklog"
	"ipledger/ledger/wire"
)

// ErrNone reports a log that has not been brought level with the ledger yet.
var ErrNone = errors.New("tiles: the log is being read; try again in a moment")

// Blocks is what is needed of the ledger's store. Both are safe for concurrent
// use and give only what is committed.
type Blocks interface {
	// Head is the newest block's height, and size and root of the log after it.
	Head() (height, size uint64, root wire.Hash, err error)
	// Leaf is a block of a height from 1 on; bearing says whether the log has it.
	Leaf(height uint64) (l Leaf, bearing bool, err error)
}

// Published is a log that follows the ledger, and its newest checkpoint.
type Published struct {
	origin string
	signer blocklog.LogSigner
	tiles  *Tiles
	blocks Blocks
	log    *slog.Logger
	asked  []*witness

	height uint64 // of the last block taken; of the goroutine that follows

	mu   sync.Mutex
	note []byte
	size uint64 // of note
}

// Publish opens the log of a folder. Call Follow then.
func Publish(dir string, signer blocklog.LogSigner, blocks Blocks, witnesses []Witness, log *slog.Logger) (*Published, error) {
	t, err := Open(dir)
	if err != nil {
		// What is there cannot be read: it is made anew.
		log.Warn("the block log's files are made anew", "err", err)
		t = &Tiles{dir: dir}
		if err := t.Clear(); err != nil {
			return nil, err
		}
	}
	p := &Published{origin: signer.Name(), signer: signer, tiles: t, blocks: blocks, log: log}
	for _, w := range witnesses {
		p.asked = append(p.asked, &witness{Witness: w})
	}
	return p, nil
}

// Tiles is the log's tiles.
func (p *Published) Tiles() *Tiles { return p.tiles }

// Key is the log key as others know it.
func (p *Published) Key() string { return p.signer.VerifierKey() }

// Checkpoint is the newest signed note, and its size.
//
// specs/25 LOG-7: A node MUST serve /log/checkpoint, whose size and root are
// those of the log after a block that its store has committed.
func (p *Published) Checkpoint() (note []byte, size uint64, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.note == nil {
		return nil, 0, ErrNone
	}
	return p.note, p.size, nil
}

// Advance takes what the ledger has committed since, and signs a checkpoint of
// it if the log has grown.
func (p *Published) Advance(ctx context.Context) error {
	head, size, root, err := p.blocks.Head()
	if err != nil {
		return err
	}
	if p.height == 0 {
		if err := p.resume(ctx, head, size); err != nil {
			return err
		}
	}
	if err := p.take(ctx, head); err != nil {
		return err
	}
	got, err := p.tiles.Root()
	if err == nil && (got != root || p.tiles.Size() != size) {
		err = p.again(ctx, head, root)
	}
	if err != nil {
		return err
	}
	return p.sign(ctx, blocklog.Checkpoint{Origin: p.origin, Size: size, Root: root})
}

// resume finds the block after which the tiles on disk end: as many bearing
// blocks back from the head as they lack.
func (p *Published) resume(ctx context.Context, head, size uint64) error {
	have := p.tiles.Size()
	if have > size {
		p.log.Warn("the block log's files are ahead of the ledger and are made anew", "have", have, "size", size)
		return p.tiles.Clear()
	}
	if have == 0 {
		return nil
	}
	at := head
	for missing := size - have; missing > 0; at-- {
		_, bearing, err := p.blocks.Leaf(at)
		if err = errors.Join(err, ctx.Err()); err != nil {
			return fmt.Errorf("find where the tiles end: %w", err)
		}
		if bearing {
			missing--
		}
	}
	p.height = at
	return nil
}

// take appends the bearing blocks up to a height.
func (p *Published) take(ctx context.Context, head uint64) error {
	for p.height < head {
		l, bearing, err := p.blocks.Leaf(p.height + 1)
		if err = errors.Join(err, ctx.Err()); err != nil {
			return fmt.Errorf("read block %d for the log: %w", p.height+1, err)
		}
		if bearing {
			if err := p.tiles.Append(l); err != nil {
				return fmt.Errorf("write the log: %w", err)
			}
		}
		p.height++
	}
	return nil
}

// again makes the tiles anew, once: their root is not the ledger's.
func (p *Published) again(ctx context.Context, head uint64, root wire.Hash) error {
	p.log.Warn("the block log's files have another root than the ledger and are made anew")
	if err := p.tiles.Clear(); err != nil {
		return err
	}
	p.height = 0
	if err := p.take(ctx, head); err != nil {
		return err
	}
	if got, err := p.tiles.Root(); err != nil || got != root {
		return errors.Join(fmt.Errorf("the log of all blocks has root %v, the ledger's is %v", got, root), err)
	}
	return nil
}

// sign makes the note of a checkpoint, with what the witnesses add to it.
func (p *Published) sign(ctx context.Context, c blocklog.Checkpoint) error {
	if _, size, err := p.Checkpoint(); err == nil && size == c.Size {
		return nil
	}
	note, err := c.Sign(p.signer)
	if err != nil {
		return err
	}
	note = append(note, p.cosigned(ctx, c, note)...)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.note, p.size = note, c.Size
	return nil
}

// Follow keeps the log level with the ledger until ctx ends. news tells of new
// blocks.
func (p *Published) Follow(ctx context.Context, news <-chan struct{}) error {
	for {
		if err := p.Advance(ctx); err != nil && ctx.Err() == nil {
			// The node goes on without its published log: nothing else needs it.
			p.log.ErrorContext(ctx, "the block log is not published", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-news:
		}
	}
}
