package store_test

import (
	"log/slog"
	"testing"

	"ipledger/node/store"
	"ipledger/node/store/storetest"
)

func options(dir string) store.Options {
	return store.Options{Dir: dir, Value: storetest.Value, NoBallast: true, Log: slog.New(slog.DiscardHandler)}
}

func openAt(t testing.TB, dir string) *store.Store {
	t.Helper()
	return openWith(t, options(dir))
}

func openWith(t testing.TB, o store.Options) *store.Store {
	t.Helper()
	s, err := store.Open(o)
	must(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

func onDisk(t testing.TB) *store.Store { return openAt(t, t.TempDir()) }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestMemory(t *testing.T) {
	storetest.Run(t, func(t testing.TB) *store.Store { return openAt(t, "") })
}

// folding opens stores that fold after so many rows: after each block, or after
// a few.
func folding(rows int) storetest.Open {
	return func(t testing.TB) *store.Store {
		o := options("")
		o.FoldRows = rows
		return openWith(t, o)
	}
}

func TestFold_STO33(t *testing.T)     { storetest.Run(t, folding(1)) }
func TestFoldLate_STO33(t *testing.T) { storetest.Run(t, folding(45)) }

func TestCommit_STO10_STO14(t *testing.T)  { storetest.Commit(t, onDisk) }
func TestHistory_STO15_STO16(t *testing.T) { storetest.History(t, onDisk) }
func TestStateAt_STO16(t *testing.T)       { storetest.StateAt(t, onDisk) }

// TestStateAt_STO36 goes back by states that are kept in memory: one every few
// changes, so that the oldest of them are forgotten too, and after a rollback.
func TestStateAt_STO36(t *testing.T) {
	for _, every := range []int{1, 7, 30} {
		kept := func(t testing.TB) *store.Store {
			o := options("")
			o.MilestoneChanges = every
			return openWith(t, o)
		}
		storetest.StateAt(t, kept)
		storetest.Rollback(t, kept)
	}
}

func TestRefusals_STO12_STO13(t *testing.T) {
	storetest.Refusals(t, onDisk)
}
func TestRollback_STO26(t *testing.T) { storetest.Rollback(t, onDisk) }
func TestSigned_STO23(t *testing.T)   { storetest.Signed(t, onDisk) }
func TestLoad_STO22(t *testing.T)     { storetest.Load(t, onDisk) }
func TestClosed_STO4(t *testing.T)    { storetest.Closed(t, onDisk) }
func TestScrub_STO27(t *testing.T)    { storetest.Scrub(t, onDisk) }
