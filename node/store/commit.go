package store

import (
	"crypto/sha256"
	"encoding/binary"
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
	historyKeyBytes = recordKeyBytes + 8
	chunkKeyBytes   = 1 + 8 + 4
	indexBytes      = 1 + 32 + 8 + 4

	changesTxnMax  = ChangesMax*(recordKeyBytes+historyKeyBytes+1+2*sealed.RowOverhead) + ChangesBytesMax
	keysTxnMax     = ChangesMax * (treeKeyBytesMax + itemOverhead)
	actsTxnMax     = ActsBytesMax + ActsMax*(itemOverhead+32+indexBytes+sealed.RowOverhead)
	receiptsTxnMax = ReceiptsBytesMax + ReceiptsMax*itemOverhead
	// A chunk and the next one together are longer than chunkBytesMax, so a
	// list has at most two chunks for each chunkBytesMax, and one more.
	chunksMax   = 2*(keysTxnMax+ActsBytesMax+ActsMax*(itemOverhead+32)+receiptsTxnMax)/chunkBytesMax + 3
	restTxnMax  = chunksMax*(chunkKeyBytes+itemOverhead+sealed.RowOverhead) + FrontierBytesMax + headBytesMax + metaBytesMax + 200
	txnBytesMax = changesTxnMax + keysTxnMax + actsTxnMax + receiptsTxnMax + restTxnMax
	txnRowsMax  = 2*ChangesMax + ActsMax + chunksMax + 3

	// What Badger allows: 15 % of the memtable, and one row for each 96 bytes
	// of that. A transaction must stay below both; Open of a test compares.
	badgerBytes = 15 * memtable / 100
	badgerRows  = badgerBytes / 96
)

const (
	_ uint = badgerBytes - txnBytesMax - 1 // specs/09 STO-13
	_ uint = badgerRows - txnRowsMax - 1
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
	w := newWriting(&b, s.head)
	if err := s.write(w.head, b.State, w.put); err != nil {
		return fmt.Errorf("commit block %d: %w", b.Height, err)
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
	block *Block
	lists []chunk
	head  Head
	old   []byte // a history row's data, which Set copies
}

func newWriting(b *Block, previous Head) *writing {
	keys := make([][]byte, len(b.Changes))
	for i, c := range b.Changes {
		keys[i] = c.Key.Bytes()
	}
	lists := chunks(tableActs, b.Height, items(b.Acts))
	lists = append(lists, chunks(tableReceipts, b.Height, b.Receipts)...)
	lists = append(lists, chunks(tableChanges, b.Height, keys)...)
	return &writing{block: b, lists: lists, head: Head{Frontier: b.Frontier, Meta: Meta{
		Height: b.Height, Time: b.Time, HeaderHash: b.HeaderHash,
		StateRoot: b.State.Root(), LogRoot: b.LogRoot, Records: uint64(b.State.Len()), ActBearing: b.ActBearing,
		Acts: uint32(len(b.Acts)), Receipts: uint32(len(b.Receipts)), Changes: uint32(len(b.Changes)),
		Body: bodyHash(lists), Previous: previous.digest(),
	}}}
}

// bodyHash stands for the lists of a block in its row.
//
// specs/09 STO-14: Body MUST be SHA-256 over the digests of the rows of acts,
// receipts and changed keys, in that order.
func bodyHash(lists []chunk) wire.Hash {
	all := make([]byte, 0, 32*len(lists))
	for _, c := range lists {
		d := sealed.Digest(c.key, c.data)
		all = append(all, d[:]...)
	}
	return sha256.Sum256(all)
}

func (w *writing) put(t *sealed.Txn) error {
	for _, c := range w.lists {
		if err := t.Set(c.key, c.data); err != nil {
			return err
		}
	}
	for i, a := range w.block.Acts {
		if err := t.Set(hashKey(tableIndex, a.ID), place{w.block.Height, uint32(i)}.bytes()); err != nil {
			return err
		}
	}
	for _, c := range w.block.Changes {
		if err := w.putChange(t, c); err != nil {
			return err
		}
	}
	return writeHead(t, w.head)
}

// putChange writes the record, and what it replaces into its history.
//
// specs/09 STO-15: For each change a commit MUST write the key's new data, or a
// tombstone, and a history row with what the block replaced.
func (w *writing) putChange(t *sealed.Txn, c tree.Change) error {
	w.old = appendOld(w.old[:0], c.Old)
	if err := t.Set(historyKey(c.Key, w.block.Height), w.old); err != nil {
		return err
	}
	if c.New == nil {
		return t.Bury(recordKey(c.Key))
	}
	return t.Set(recordKey(c.Key), c.New.Data)
}

// place is where an act stands.
type place struct {
	height uint64
	number uint32
}

func (p place) bytes() []byte {
	return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint64(nil, p.height), p.number)
}
