package store_test

import (
	"encoding/binary"
	"testing"

	"github.com/dgraph-io/badger/v4"

	"ipledger/ledger/tree"
	"ipledger/node/store"
)

const benchChanges = 1_000

// BenchmarkCommit commits blocks of 1,000 changes of 140 bytes; BenchmarkBare
// is a synced transaction of the same number of rows and bytes, nothing else.
func BenchmarkCommit(b *testing.B) {
	s := openAt(b, b.TempDir())
	edit := tree.State{}.Edit()
	for i := range 20_000 {
		edit.Put(dueLeaf(i, 140, 1))
	}
	state := edit.Freeze()
	must(b, s.Load(store.Base{State: state, Root: state.Root()}))
	b.ReportAllocs()
	for height := uint64(1); b.Loop(); height++ {
		b.StopTimer()
		block := benchBlock(state, height)
		state = block.State
		b.StartTimer()
		must(b, s.Commit(block))
	}
}

func benchBlock(state tree.State, height uint64) store.Block {
	edit := state.Edit()
	for i := range benchChanges {
		edit.Put(dueLeaf((i*19+int(height))%20_000, 140, byte(height)|1))
	}
	return store.Block{Height: height, ActBearing: true, Changes: edit.Changes(), State: edit.Freeze()}
}

func BenchmarkBare(b *testing.B) {
	db, err := badger.Open(badger.DefaultOptions(b.TempDir()).WithSyncWrites(true).WithDetectConflicts(false).
		WithMemTableSize(128 << 20).WithNumMemtables(3).WithLogger(nil))
	must(b, err)
	defer db.Close()
	b.ReportAllocs()
	for height := uint64(0); b.Loop(); height++ {
		must(b, db.Update(func(t *badger.Txn) error {
			for i := range 2 * benchChanges { // a record and a row of history each
				key := make([]byte, 49)
				binary.BigEndian.PutUint64(key, uint64(i*19))
				if i%2 == 1 {
					binary.BigEndian.PutUint64(key[40:], height)
				}
				if err := t.Set(key, make([]byte, 157)); err != nil {
					return err
				}
			}
			return t.Set([]byte("keys"), make([]byte, 46*benchChanges))
		}))
	}
}

// BenchmarkState reads and checks a state of 100,000 records.
func BenchmarkState(b *testing.B) {
	s := openAt(b, b.TempDir())
	edit := tree.State{}.Edit()
	for i := range 100_000 {
		edit.Put(dueLeaf(i, 140, 1))
	}
	state := edit.Freeze()
	must(b, s.Load(store.Base{State: state, Root: state.Root()}))
	b.ReportAllocs()
	for b.Loop() {
		_, _, err := s.State()
		must(b, err)
	}
}
