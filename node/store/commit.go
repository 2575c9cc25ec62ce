package store

import (
	"crypto/sha256"
	"fmt"

	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
	"ipledger/node/store/sealed"
)

// The greatest transaction of a block, at every limit at once, in bytes as
// Badger counts them (see sealed.RowCost).
const (
	treeKeyBytesMax = 1 + tree.WidthMax/8 + 2
	recordKeyBytes  = 1 + treeKeyBytesMax
	sortedKeyBytes  = 1 + 8 + treeKeyBytesMax
	chunkKeyBytes   = 1 + 8 + 4
	indexBytes      = 1 + 32 + 8 + 4

	changesTxnMax = ChangesMax*(changeOverhead+itemOverhead) + ChangesBytesMax
	numberedMax   = ActsBytesMax + ActsMax*(itemOverhead+32) + ReceiptsBytesMax + ReceiptsMax*itemOverhead
	// A run and the next one together are longer than a run may be, so a list has
	// at most two runs for each such length, and one more.
	sortedMax   = 2*changesTxnMax/sortedBytes + 1
	chunksMax   = 2*numberedMax/chunkBytesMax + 2
	runsTxnMax  = sortedMax*(sortedKeyBytes+itemOverhead+sealed.RowOverhead) + chunksMax*(chunkKeyBytes+itemOverhead+sealed.RowOverhead)
	restTxnMax  = FrontierBytesMax + headBytesMax + metaBytesMax + 200
	txnBytesMax = changesTxnMax + numberedMax + runsTxnMax + restTxnMax
	txnRowsMax  = sortedMax + chunksMax + 3

	// A rollback of that block puts back what it replaced, and lays tombstones
	// over its rows and its acts' places.
	backBytesMax = ChangesMax*(recordKeyBytes+sealed.RowOverhead) + ChangesBytesMax + ActsMax*(indexBytes+sealed.RowOverhead) + runsTxnMax + restTxnMax
	backRowsMax  = ChangesMax + ActsMax + txnRowsMax + 1

	// What Badger allows: 15 % of the memtable, and one row for each 96 bytes
	// of that. A transaction must stay below both; Open of a test compares.
	badgerBytes = 15 * memtable / 100
	badgerRows  = badgerBytes / 96
)

const (
	_ uint = badgerBytes - max(txnBytesMax, backBytesMax) - 1 // specs/09 STO-13
	_ uint = badgerRows - max(txnRowsMax, backRowsMax) - 1
)

// Commit makes b the head: when it returns nil, all of b is on disk, and after
// any crash before that, all or nothing of it.
//
// An error that wraps ErrBlock, ErrLimit, ErrDiskLow or ErrNotReady came before
// any write. After any other the outcome is not known: end the process and
// start again.
func (s *Store) Commit(b Block) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.mayWrite(); err != nil {
		return err
	}
	if err := b.check(s.head, s.state); err != nil {
		return err
	}
	if err := s.o.checkFree(freeToCommit); err != nil {
		return err
	}
	w := newWriting(&s.slab, &b, s.head)
	s.window.add(b.Height, ids(b.Acts), b.Changes)
	if err := s.write(w.head, b.State, w.put); err != nil {
		return fmt.Errorf("commit block %d: %w", b.Height, err)
	}
	s.milestones.passed(milestone{b.Height, b.State}, len(b.Changes), s.o.MilestoneChanges)
	// specs/09 STO-34: A commit that leaves the window full MUST be followed by a
	// fold before the next.
	if s.window.full(s.o.FoldRows) {
		return s.fold()
	}
	return nil
}

// mayWrite must be called under mu.
func (s *Store) mayWrite() error {
	if err := s.db.Healthy(); err != nil {
		return err
	}
	if s.broken != nil {
		return fmt.Errorf("an earlier commit failed, start again: %w", s.broken)
	}
	if !s.ready {
		return ErrNotReady
	}
	return nil
}

// write makes head and state the present ones by one transaction, then writes
// the anchor.
//
// specs/09 STO-10: A commit MUST be one synced transaction.
// specs/09 STO-11: HEAD MUST be written after it, by an atomic rename, and be
// on disk before the commit is acknowledged.
func (s *Store) write(head Head, state tree.State, put func(*sealed.Txn) error) (err error) {
	defer func() { s.broken = err }()
	if err := s.o.Before(StepCommit); err != nil {
		return err
	}
	if err := s.db.Update(put); err != nil {
		return err
	}
	s.head, s.state, s.ready = head, state, true
	if err := s.o.Before(StepAnchor); err != nil {
		return err
	}
	return s.anchor.write(anchorOf(head.Meta))
}

// writing is a block on its way into a transaction.
type writing struct {
	runs []sealed.Sealed
	head Head
}

func newWriting(s *slab, b *Block, previous Head) *writing {
	s.reset()
	runs := numbered(s, tableActs, b.Height, len(b.Acts), func(i int) [][]byte { return [][]byte{b.Acts[i].ID[:], b.Acts[i].Raw} })
	runs = append(runs, numbered(s, tableReceipts, b.Height, len(b.Receipts), func(i int) [][]byte { return b.Receipts[i : i+1] })...)
	runs = append(runs, changeRuns(s, b.Height, b.Changes)...)
	digests := make([]wire.Hash, len(runs))
	for i, r := range runs {
		digests[i] = r.Digest
	}
	return &writing{runs: runs, head: Head{Frontier: b.Frontier, Meta: Meta{
		Height: b.Height, Time: b.Time, HeaderHash: b.HeaderHash,
		StateRoot: b.State.Root(), LogRoot: b.LogRoot, Records: uint64(b.State.Len()), ActBearing: b.ActBearing,
		Acts: uint32(len(b.Acts)), Receipts: uint32(len(b.Receipts)), Changes: uint32(len(b.Changes)),
		Body: bodyHash(digests), Previous: previous.digest(),
	}}}
}

// bodyHash stands for the lists of a block in its row.
//
// specs/09 STO-14: Body MUST be SHA-256 over the digests of the rows of acts,
// receipts and changes, in that order.
func bodyHash(digests []wire.Hash) wire.Hash {
	h := sha256.New()
	for i := range digests {
		h.Write(digests[i][:])
	}
	return wire.Hash(h.Sum(nil))
}

// put writes the lists, the row and the head.
func (w *writing) put(t *sealed.Txn) error {
	if err := putAll(t, w.runs); err != nil {
		return err
	}
	return writeHead(t, w.head)
}
