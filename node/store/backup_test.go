package store_test

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"testing"

	"ipledger/node/store"
)

// TestBackup_STO31_STO32 restores a backup that was made of a running store,
// and compares, and goes on with the chain.
func TestBackup_STO31_STO32(t *testing.T) {
	dir := t.TempDir()
	c := grownAt(t, dir, 6)
	s := openAt(t, dir)
	var backup, again bytes.Buffer
	sum, err := s.Backup(t.Context(), &backup)
	must(t, err)
	_, err = s.Backup(t.Context(), &again)
	must(t, err)
	if sum.Rows == 0 || !bytes.Equal(backup.Bytes(), again.Bytes()) {
		t.Error("two backups of one moment differ")
	}
	_, err = onDisk(t).Backup(t.Context(), &again)
	wantErr(t, "backup of an empty store", err, store.ErrEmpty)

	to := t.TempDir()
	restored := openAt(t, to)
	must(t, restored.Restore(t.Context(), bytes.NewReader(backup.Bytes())))
	wantErr(t, "second restore", restored.Restore(t.Context(), bytes.NewReader(backup.Bytes())), store.ErrLoaded)
	must(t, restored.Close())
	restored = openAt(t, to)
	state, head, err := restored.State()
	must(t, err)
	if state.Root() != c.State().Root() || head.Height != 6 {
		t.Error("another state was restored")
	}
	for h := range uint64(7) {
		for _, k := range c.Keys() {
			was, err1 := s.ValueAt(k, h)
			is, err2 := restored.ValueAt(k, h)
			if err1 != nil || err2 != nil || !bytes.Equal(was, is) {
				t.Fatalf("%v at %d: %x, %v; restored %x, %v", k, h, was, err1, is, err2)
			}
		}
	}
	must(t, restored.Commit(c.Next(5)))
}

// TestDamagedBackup_STO32 flips bits, cuts, lengthens and interrupts.
func TestDamagedBackup_STO32(t *testing.T) {
	dir := t.TempDir()
	c := grownAt(t, dir, 2)
	var buffer bytes.Buffer
	_, err := openAt(t, dir).Backup(t.Context(), &buffer)
	must(t, err)
	good := buffer.Bytes()
	random := rand.New(rand.NewPCG(3, 4))
	tries := [][]byte{good[:len(good)-1], good[:len(good)/2], append(bytes.Clone(good), 0), {}}
	for range 20 {
		bad := bytes.Clone(good)
		bad[random.IntN(len(bad))] ^= 1 << random.IntN(8)
		tries = append(tries, bad)
	}
	for i, bad := range tries {
		s := openAt(t, "")
		wantErr(t, "restore of a damaged backup", s.Restore(t.Context(), bytes.NewReader(bad)), store.ErrCorrupt)
		if _, _, err := s.State(); !errors.Is(err, store.ErrEmpty) {
			t.Errorf("try %d: state after a refused restore: %v", i, err)
		}
		wantErr(t, "load after a refused restore", s.Load(c.Base), store.ErrRoot)
		must(t, s.Close())
	}
	s := openAt(t, "")
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	wantErr(t, "interrupted restore", s.Restore(ended, bytes.NewReader(good)), context.Canceled)
	_, err = openAt(t, dir+"2").Backup(ended, &buffer)
	wantErr(t, "backup of an empty store", err, store.ErrEmpty)
}
