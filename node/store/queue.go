package store

import "sync"

// QueueMax is how many blocks may wait in a Queue beside the one on its way to
// the disk: enough that whoever applies blocks does not wait for a fold, few
// enough to bound memory at a few times the limits of a block.
const QueueMax = 4

// Queue commits blocks beside whoever makes them: in their order, each whole and
// on disk before the next is begun (STO-10). What has not been told done is not
// acknowledged. It is for one goroutine at a time, but Close.
type Queue struct {
	blocks chan func() Block
	ended  sync.WaitGroup
}

// Queue starts a queue. done is called after each commit, in order, on the
// queue's own goroutine; after an error nothing more is committed, and each
// block that still comes is told the same error.
func (s *Store) Queue(done func(height uint64, err error)) *Queue {
	q := &Queue{blocks: make(chan func() Block, QueueMax)}
	q.ended.Go(func() {
		var failed error
		for block := range q.blocks {
			b := block()
			if failed == nil {
				failed = s.Commit(b)
			}
			done(b.Height, failed)
		}
	})
	return q
}

// Put adds the block that block gives, which the queue calls when its turn has
// come. It waits while QueueMax blocks wait.
func (q *Queue) Put(block func() Block) { q.blocks <- block }

// Close returns when all that was put has been told done. Put nothing after it.
func (q *Queue) Close() {
	close(q.blocks)
	q.ended.Wait()
}
