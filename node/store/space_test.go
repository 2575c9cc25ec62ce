package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"ipledger/node/store"
	"ipledger/node/store/storetest"
)

// TestDiskLow_STO24 lets the disk fill up around a store.
func TestDiskLow_STO24(t *testing.T) {
	free := uint64(1 << 30)
	o := options(t.TempDir())
	o.Free = func(string) (uint64, error) { return free, nil }
	s, c := openWith(t, o), storetest.NewChain(1, 10)
	must(t, s.Load(c.Base))
	must(t, s.Commit(c.Next(3)))
	b := c.Next(3)

	free = 255 << 20
	var low *store.DiskLowError
	if err := s.Commit(b); !errors.As(err, &low) || !errors.Is(err, store.ErrDiskLow) || low.Free != free {
		t.Errorf("commit with 255 MiB free: %v", err)
	}
	wantErr(t, "signed header", s.PutSigned(1, store.Signed{}), store.ErrDiskLow)
	if m, err := s.BlockAt(1); err != nil || m.Height != 1 {
		t.Errorf("reading on a full disk: %v", err)
	}
	free = 256 << 20
	must(t, s.Commit(b)) // nothing was spoilt
	must(t, s.Close())

	free = 31 << 20
	_, err := store.Open(o)
	wantErr(t, "open with 31 MiB free", err, store.ErrDiskLow)
	free = 32 << 20
	s = openWith(t, o)
	_, head, err := s.State()
	must(t, err)
	if head.Height != 2 {
		t.Errorf("height %d after the disk was full", head.Height)
	}
	wantErr(t, "load", openWith(t, store.Options{Dir: t.TempDir(), Value: storetest.Value, NoBallast: true, Free: o.Free}).Load(c.Base), store.ErrDiskLow)
	real, err := store.FreeBytes(o.Dir)
	if err != nil || real == 0 {
		t.Errorf("FreeBytes: %d, %v", real, err)
	}
	if _, err := store.FreeBytes(filepath.Join(o.Dir, "absent")); err == nil {
		t.Error("FreeBytes of no directory: no error")
	}
}

func TestBallast_STO25(t *testing.T) {
	free := uint64(300 << 20)
	o := options(t.TempDir())
	o.NoBallast = false
	o.Free = func(string) (uint64, error) { return free, nil }
	must(t, openWith(t, o).Close())
	name := filepath.Join(o.Dir, "BALLAST")
	if _, err := os.Stat(name); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a ballast on a disk without room: %v", err)
	}
	free = 1 << 30
	must(t, openWith(t, o).Close())
	if info, err := os.Stat(name); err != nil || info.Size() != store.BallastBytes {
		t.Errorf("ballast: %v, %v", info, err)
	}
}
