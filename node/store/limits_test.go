package store_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"

	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
	"ipledger/node/store"
	"ipledger/node/store/storetest"
)

// TestEveryLimit_STO13 commits a block at every limit at once, with the longest
// keys there are, and takes it back: each is one transaction of the store.
func TestEveryLimit_STO13(t *testing.T) {
	dir := t.TempDir()
	s := openAt(t, dir)
	rows, size := s.Limits()
	if rows != store.BadgerRows || size != store.BadgerBytes {
		t.Fatalf("Badger allows %d rows and %d bytes, the constants say %d and %d", rows, size, store.BadgerRows, store.BadgerBytes)
	}
	base, block := fullBlock(t)
	must(t, s.Load(base))
	must(t, s.Commit(block))

	// Every row of these tables but the base's is of the block's transaction.
	counts, costs, err := s.Tables()
	must(t, err)
	sumRows, sumBytes := 0, int64(0)
	for table := byte(4); table <= 0x0b; table++ {
		sumRows, sumBytes = sumRows+counts[table], sumBytes+costs[table]
	}
	t.Logf("the greatest block: %d rows of %d, %d bytes of %d; bound %d", sumRows, rows, sumBytes, size, store.TxnBytesMax)
	if sumBytes > store.TxnBytesMax || sumBytes < store.TxnBytesMax*98/100 {
		t.Errorf("the block takes %d bytes, the bound is %d", sumBytes, store.TxnBytesMax)
	}
	if sumRows > store.TxnRowsMax+2 {
		t.Errorf("the block takes %d rows, the bound is %d", sumRows, store.TxnRowsMax)
	}

	must(t, s.Close())
	s = openAt(t, dir)
	state, _, err := s.State()
	must(t, err)
	if state.Root() != block.State.Root() {
		t.Error("another root after a restart")
	}
	must(t, s.Fold())
	if state, _, err = s.Rollback(0); err != nil || state.Root() != base.Root {
		t.Errorf("rollback of the greatest block: %v", err)
	}
}

// fullBlock is a base and a block at all limits at once.
func fullBlock(t testing.TB) (store.Base, store.Block) {
	t.Helper()
	const each = store.ChangesBytesMax / store.ChangesMax // before and after
	before := tree.State{}.Edit()
	for i := range store.ChangesMax {
		before.Put(dueLeaf(i, each/2, 1))
	}
	state := before.Freeze()
	after := state.Edit()
	for i := range store.ChangesMax {
		after.Put(dueLeaf(i, each-each/2, 2))
	}
	after.Put(dueLeaf(0, each-each/2+store.ChangesBytesMax%store.ChangesMax, 2))
	b := store.Block{
		Height: 1, HeaderHash: wire.Hash{1}, State: after.Freeze(), Changes: after.Changes(),
		ActBearing: true, Frontier: make([]byte, store.FrontierBytesMax),
	}
	for i, raw := range split(store.ActsBytesMax, store.ActsMax) {
		b.Acts = append(b.Acts, store.Act{ID: wire.Hash{byte(i), byte(i >> 8)}, Raw: raw})
	}
	b.Receipts = split(store.ReceiptsBytesMax, store.ReceiptsMax)
	return store.Base{State: state, Root: state.Root()}, b
}

func dueLeaf(i, n int, fill byte) tree.Leaf {
	var id wire.Hash
	binary.BigEndian.PutUint64(id[:], uint64(i))
	k := tree.DueKey(uint64(i), 6, id)
	data := bytes.Repeat([]byte{fill}, n)
	value, _ := storetest.Value(k, data)
	return tree.Leaf{Key: k, Value: value, Data: data}
}

// split divides n bytes among count items.
func split(n, count int) [][]byte {
	out := make([][]byte, count)
	for i := range out {
		out[i] = make([]byte, n/count)
	}
	out[0] = make([]byte, n/count+n%count)
	return out
}

// TestOverBadgersLimit_STO13 shows that a transaction beyond Badger's limit is
// an error and leaves nothing: the bound above is what keeps blocks from it.
func TestOverBadgersLimit_STO13(t *testing.T) {
	s := openAt(t, "")
	base, block := fullBlock(t)
	must(t, s.Load(base))
	block.Frontier = make([]byte, store.FrontierBytesMax+1)
	var l *store.LimitError
	if err := s.Commit(block); !errors.As(err, &l) || l.Got != l.Max+1 {
		t.Errorf("one byte more than the limits: %v", err)
	}
	if _, err := s.BlockAt(1); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("something was written: %v", err)
	}
}
