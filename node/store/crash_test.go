package store_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"ipledger/ledger/wire"
	"ipledger/node/store"
	"ipledger/node/store/storetest"
)

const (
	crashDirVariable = "IPLEDGER_STORE_CRASH_DIR"
	crashSeed        = 7
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(crashDirVariable); dir != "" {
		commitForEver(dir)
	}
	os.Exit(m.Run())
}

// commitForEver is the child of TestKill: it goes on with the chain and prints
// each height once its commit has returned.
func commitForEver(dir string) {
	o := options(dir)
	o.FoldRows = 150 // every few blocks
	s, err := store.Open(o)
	check(err)
	c := storetest.NewChain(crashSeed, 100)
	_, head, err := s.State()
	if errors.Is(err, store.ErrEmpty) {
		err = s.Load(c.Base)
	}
	check(err)
	for {
		b := c.Next(20)
		if b.Height <= head.Height {
			continue
		}
		check(s.Commit(b))
		fmt.Println(b.Height)
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// TestKill_STO3_STO10 kills a committing process ten times: every block that it
// acknowledged must be there, and the state must check.
func TestKill_STO3_STO10(t *testing.T) {
	dir := t.TempDir()
	c := storetest.NewChain(crashSeed, 100)
	var head uint64
	for round := range 10 {
		acknowledged := killedAfter(t, dir, time.Duration(20+rand.IntN(60))*time.Millisecond)
		s := openAt(t, dir)
		state, h, err := s.State()
		must(t, err)
		must(t, s.Close())
		if h.Height < acknowledged {
			t.Fatalf("round %d: height %d was acknowledged, %d is there", round, acknowledged, h.Height)
		}
		for uint64(len(c.Blocks)) < h.Height {
			c.Next(20)
		}
		if state.Root() != c.StateAt(h.Height).Root() {
			t.Fatalf("round %d: another state at height %d", round, h.Height)
		}
		head = h.Height
	}
	t.Logf("head after 10 kills: %d", head)
}

// killedAfter lets the child commit for d after its first acknowledgement,
// kills it, and gives the last height that it acknowledged.
func killedAfter(t *testing.T, dir string, d time.Duration) (last uint64) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), crashDirVariable+"="+dir)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	must(t, err)
	must(t, child.Start())
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if last == 0 {
			time.AfterFunc(d, func() { child.Process.Kill() })
		}
		last, err = strconv.ParseUint(lines.Text(), 10, 64)
		must(t, err)
	}
	if err := child.Wait(); last == 0 || err == nil {
		t.Fatalf("the child stopped by itself at height %d: %v", last, err)
	}
	return last
}

var errCrash = errors.New("planned crash")

// crashAt makes the nth call of a step fail, once armed.
func crashAt(o store.Options, step string, n int) (store.Options, *bool) {
	armed := false
	o.Before = func(s string) error {
		if s == step && armed {
			if n--; n == 0 {
				return errCrash
			}
		}
		return nil
	}
	return o, &armed
}

func wantErr(t testing.TB, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: got %v, want %v", what, err, want)
	}
}

// TestCrashInCommit_STO11_STO19 stops before the transaction, and between it
// and HEAD.
func TestCrashInCommit_STO11_STO19(t *testing.T) {
	for step, want := range map[string]uint64{store.StepCommit: 2, store.StepAnchor: 3} {
		t.Run(step, func(t *testing.T) {
			dir := t.TempDir()
			o, armed := crashAt(options(dir), step, 1)
			s, c := openWith(t, o), storetest.NewChain(1, 20)
			must(t, s.Load(c.Base))
			must(t, s.Commit(c.Next(3)))
			must(t, s.Commit(c.Next(3)))
			*armed = true
			wantErr(t, "commit", s.Commit(c.Next(3)), errCrash)
			wantErr(t, "commit after a failed one", s.Commit(c.Next(3)), errCrash)
			_, _, err := s.State()
			wantErr(t, "state after a failed commit", err, errCrash)
			must(t, s.Close())

			for range 2 { // HEAD is level the second time
				s = openAt(t, dir)
				state, head, err := s.State()
				must(t, err)
				if head.Height != want || state.Root() != c.StateAt(want).Root() {
					t.Fatalf("height %d after the crash, want %d", head.Height, want)
				}
				must(t, s.Close())
			}
			raw, err := os.ReadFile(filepath.Join(dir, "HEAD"))
			must(t, err)
			if !slices.Contains(lines(raw), fmt.Sprint("height ", want)) {
				t.Errorf("HEAD is not level:\n%s", raw)
			}
		})
	}
}

func lines(raw []byte) (out []string) {
	for s := bufio.NewScanner(bytes.NewReader(raw)); s.Scan(); {
		out = append(out, s.Text())
	}
	return out
}

// TestCrashInRollback_STO26 stops between HEAD and the transaction.
func TestCrashInRollback_STO26(t *testing.T) {
	for step, want := range map[string]uint64{store.StepAnchor: 3, store.StepCommit: 3} {
		t.Run(step, func(t *testing.T) {
			dir := t.TempDir()
			o, armed := crashAt(options(dir), step, 1)
			s, c := openWith(t, o), storetest.NewChain(1, 20)
			must(t, s.Load(c.Base))
			for range 3 {
				must(t, s.Commit(c.Next(3)))
			}
			*armed = true
			_, _, err := s.Rollback(1)
			wantErr(t, "rollback", err, errCrash)
			must(t, s.Close())
			s = openAt(t, dir)
			_, head, err := s.State()
			must(t, err)
			if head.Height != want {
				t.Errorf("height %d after the crash, want %d", head.Height, want)
			}
			state, _, err := s.Rollback(1)
			must(t, err)
			if state.Root() != c.StateAt(1).Root() {
				t.Error("another state after the second try")
			}
		})
	}
}

// TestCrashInLoad_STO21_STO22 stops in the second batch, before the marker, and
// before HEAD.
func TestCrashInLoad_STO21_STO22(t *testing.T) {
	c := storetest.NewChain(3, 25_000)
	for _, crash := range []struct {
		step string
		n    int
		then error // of State after the restart
	}{
		{store.StepBatch, 2, store.ErrEmpty},
		{store.StepMarker, 1, store.ErrEmpty},
		{store.StepAnchor, 1, nil},
	} {
		t.Run(crash.step, func(t *testing.T) {
			dir := t.TempDir()
			o, armed := crashAt(options(dir), crash.step, crash.n)
			*armed = true
			s := openWith(t, o)
			wantErr(t, "load", s.Load(c.Base), errCrash)
			must(t, s.Close())

			s = openAt(t, dir)
			_, _, err := s.State()
			wantErr(t, "state after the crash", err, crash.then)
			if crash.then != nil {
				wantErr(t, "load of another state", s.Load(storetest.NewChain(4, 5).Base), store.ErrRoot)
				must(t, s.Load(c.Base))
			}
			must(t, s.Close())
			s = openAt(t, dir)
			state, head, err := s.State()
			must(t, err)
			if state.Root() != c.Base.Root || head.HeaderHash != c.Base.Hash {
				t.Error("another state was loaded")
			}
			must(t, s.Commit(c.Next(10)))
			c.Blocks = nil
		})
	}
}

// TestLoadLeaf_STO22 loads a state whose leaf could not be rebuilt.
func TestLoadLeaf_STO22(t *testing.T) {
	edit := storetest.NewChain(1, 5).Base.State.Edit()
	leaf := dueLeaf(1, 5, 1)
	leaf.Value = wire.Hash{1}
	edit.Put(leaf)
	state := edit.Freeze()
	wantErr(t, "load", onDisk(t).Load(store.Base{State: state, Root: state.Root()}), store.ErrRoot)
}

// TestCrashInFold_STO33 stops before each transaction of a fold: whatever was
// written of it, the state is the head's, and so is every value of before, after
// the next fold and after a rollback too.
func TestCrashInFold_STO33(t *testing.T) {
	for n := 1; n <= 4; n++ {
		t.Run(fmt.Sprint("transaction ", n), func(t *testing.T) {
			dir := t.TempDir()
			o, armed := crashAt(options(dir), store.StepFold, n)
			s, c := openWith(t, o), storetest.NewChain(11, 40)
			must(t, s.Load(c.Base))
			for i := range 8 {
				must(t, s.Commit(c.Next(8)))
				if i == 2 {
					must(t, s.Fold())
				}
			}
			*armed = true
			wantErr(t, "fold", s.Fold(), errCrash)
			wantErr(t, "commit after a failed fold", s.Commit(c.Next(0)), errCrash)
			c.Blocks = c.Blocks[:8]
			must(t, s.Close())

			s = openAt(t, dir)
			sound(t, s, c, 3)
			for range 3 {
				must(t, s.Commit(c.Next(8)))
			}
			sound(t, s, c, 3)
			must(t, s.Fold())
			sound(t, s, c, 11)
			must(t, s.Commit(c.Next(8)))
			_, _, err := s.Rollback(5)
			must(t, err)
			c.Blocks = c.Blocks[:5]
			sound(t, s, c, 3)
			must(t, s.Commit(c.Next(8)))
			must(t, s.Fold())
			sound(t, s, c, 6)
			must(t, s.Close())
			sound(t, openAt(t, dir), c, 6)
		})
	}
}

// TestRollbackOverFold_STO26_STO33 takes back a fold whose crash lies between the
// fold and the first block.
func TestRollbackOverFold_STO26_STO33(t *testing.T) {
	for _, step := range []string{store.StepAnchor, store.StepCommit} {
		dir := t.TempDir()
		o, armed := crashAt(options(dir), step, 2)
		s, c := openWith(t, o), storetest.NewChain(12, 40)
		must(t, s.Load(c.Base))
		for i := range 6 {
			must(t, s.Commit(c.Next(8)))
			if i%2 == 1 {
				must(t, s.Fold())
			}
		}
		*armed = true
		_, _, err := s.Rollback(3)
		wantErr(t, "rollback", err, errCrash)
		must(t, s.Close())
		s = openAt(t, dir)
		c.Blocks = c.Blocks[:5]
		sound(t, s, c, 2)
		for range 2 {
			must(t, s.Commit(c.Next(8)))
		}
		must(t, s.Fold())
		sound(t, s, c, 7)
	}
}

// sound reads the state, and every value and act of the chain.
func sound(t *testing.T, s *store.Store, c *storetest.Chain, folded uint64) {
	t.Helper()
	state, head, err := s.State()
	must(t, err)
	if head.Height != uint64(len(c.Blocks)) || state.Root() != c.State().Root() || s.Folded() != folded {
		t.Fatalf("height %d with root %v, folded up to %d", head.Height, state.Root(), s.Folded())
	}
	for h := range head.Height + 1 {
		for _, k := range c.Keys() {
			leaf, ok := c.StateAt(h).Get(k)
			got, err := s.ValueAt(k, h)
			if err != nil || ok != (got != nil) || !bytes.Equal(got, leaf.Data) {
				t.Fatalf("%v at %d: %x, %v; want %x", k, h, got, err, leaf.Data)
			}
		}
	}
	for _, b := range c.Blocks {
		for _, a := range b.Acts {
			if act, err := s.Act(a.ID); err != nil || !bytes.Equal(act.Raw, a.Raw) {
				t.Fatalf("act %v: %v", a.ID, err)
			}
		}
	}
}
