package storetest

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"

	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
	"ipledger/node/store"
)

// Open opens a new, empty store with Value and closes it when the test ends.
type Open func(testing.TB) *store.Store

// Run is the whole suite.
func Run(t *testing.T, open Open) {
	for name, part := range map[string]func(*testing.T, Open){
		"commit": Commit, "history": History, "state at": StateAt, "refusals": Refusals,
		"rollback": Rollback, "signed": Signed, "load": Load, "closed": Closed, "scrub": Scrub,
	} {
		t.Run(name, func(t *testing.T) { part(t, open) })
	}
}

// grown is a store with a chain of n blocks, every fourth of them empty.
func grown(t testing.TB, open Open, n int) (*store.Store, *Chain) {
	t.Helper()
	s, c := open(t), NewChain(uint64(n), 40)
	must(t, s.Load(c.Base))
	for i := range n {
		must(t, s.Commit(c.Next((i%4)*5)))
	}
	return s, c
}

// Commit reads back what blocks left behind.
func Commit(t *testing.T, open Open) {
	s, c := grown(t, open, 8)
	for i, b := range c.Blocks {
		m, err := s.BlockAt(b.Height)
		must(t, err)
		same(t, "state root", m.StateRoot, b.State.Root())
		same(t, "header hash", m.HeaderHash, b.HeaderHash)
		same(t, "records", m.Records, uint64(b.State.Len()))
		same(t, "app hash", m.AppHash(), wire.Sum(wire.TagApp, m.StateRoot[:], b.LogRoot[:]))
		acts, err := s.ActsAt(b.Height)
		must(t, err)
		receipts, err := s.ReceiptsAt(b.Height)
		must(t, err)
		same(t, "number of acts", len(acts), len(b.Acts))
		if !slices.EqualFunc(receipts, b.Receipts, bytes.Equal) {
			t.Errorf("block %d: other receipts", i)
		}
		for j, a := range b.Acts {
			act, err := s.Act(a.ID)
			must(t, err)
			receipt, err := s.Receipt(a.ID)
			must(t, err)
			if !bytes.Equal(act.Raw, a.Raw) || !bytes.Equal(acts[j].Raw, a.Raw) || acts[j].ID != a.ID ||
				!bytes.Equal(receipt.Raw, b.Receipts[j]) || act.Height != b.Height || act.Number != uint32(j) {
				t.Errorf("block %d: act %d reads back otherwise", i, j)
			}
		}
	}
	last := c.Blocks[len(c.Blocks)-1]
	state, head, err := s.State()
	must(t, err)
	same(t, "height of the head", head.Height, last.Height)
	same(t, "frontier", string(head.Frontier), string(last.Frontier))
	same(t, "root read back", state.Root(), last.State.Root())
	again, err := s.Head()
	must(t, err)
	same(t, "head", again.Meta, head.Meta)
}

// History compares every key at every height with the states of the chain.
func History(t *testing.T, open Open) {
	s, c := grown(t, open, 16)
	top := c.Base.Height + uint64(len(c.Blocks))
	for _, k := range c.Keys() {
		var want []store.Version // newest first
		var last []byte
		for h := c.Base.Height; h <= top; h++ {
			data := dataAt(c.StateAt(h), k)
			got, err := s.ValueAt(k, h)
			must(t, err)
			if !equal(got, data) {
				t.Fatalf("%v at %d: %x, want %x", k, h, got, data)
			}
			if !equal(data, last) {
				want = slices.Insert(want, 0, store.Version{Height: h, Data: data})
			}
			last = data
		}
		for _, limit := range []int{1, 3, 100} {
			checkHistory(t, s, k, limit, want)
		}
	}
	for _, b := range c.Blocks {
		keys, err := s.ChangesAt(b.Height)
		must(t, err)
		if !slices.EqualFunc(keys, b.Changes, func(k tree.Key, c tree.Change) bool { return k == c.Key }) {
			t.Errorf("block %d: other changes", b.Height)
		}
	}
}

func checkHistory(t *testing.T, s *store.Store, k tree.Key, limit int, want []store.Version) {
	t.Helper()
	var got []store.Version
	for before := uint64(0); ; {
		page, err := s.History(k, before, limit)
		must(t, err)
		got = append(got, page...)
		if len(page) < limit {
			break
		}
		if before = page[len(page)-1].Height; before == 0 {
			break
		}
	}
	if !slices.EqualFunc(got, want, func(a, b store.Version) bool { return a.Height == b.Height && equal(a.Data, b.Data) }) {
		t.Fatalf("history of %v by %d: %v, want %v", k, limit, got, want)
	}
}

// StateAt compares whole states, from the oldest on and back again.
func StateAt(t *testing.T, open Open) {
	s, c := grown(t, open, 12)
	for n := c.Base.Height; n <= 2*12; n++ {
		h := min(n, 2*12-n)
		state, m, err := s.StateAt(t.Context(), h)
		must(t, err)
		same(t, "root", state.Root(), c.StateAt(h).Root())
		same(t, "height", m.Height, h)
	}
	_, _, err := s.StateAt(t.Context(), 13)
	is(t, "beyond the head", err, store.ErrNotFound)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err = s.StateAt(ended, 0)
	is(t, "ended context", err, context.Canceled)
}

// Refusals hands in blocks that do not follow, and checks that nothing moved.
func Refusals(t *testing.T, open Open) {
	s, c := grown(t, open, 3)
	good := c.Next(6)
	other := NewChain(99, 10).Next(5)
	for name, spoil := range map[string]func(*store.Block){
		"height":          func(b *store.Block) { b.Height++ },
		"time":            func(b *store.Block) { b.Time = 5 },
		"receipts":        func(b *store.Block) { b.Receipts = b.Receipts[:2] },
		"act twice":       func(b *store.Block) { b.Acts = append(slices.Clone(b.Acts), b.Acts[0]) },
		"order":           func(b *store.Block) { b.Changes = slices.Clone(b.Changes); slices.Reverse(b.Changes) },
		"change unlisted": func(b *store.Block) { b.Changes = b.Changes[1:] },
		"change twice":    func(b *store.Block) { b.Changes = append(b.Changes[:1:1], b.Changes...) },
		"change of none": func(b *store.Block) {
			b.Changes = append(slices.Clone(b.Changes), tree.Change{Key: tree.DueKey(^uint64(0), 255, wire.Hash{255})})
		},
		"last unlisted": func(b *store.Block) { b.Changes = b.Changes[:len(b.Changes)-1] },
		"old and new": func(b *store.Block) {
			b.Changes = slices.Clone(b.Changes)
			b.Changes[0].Old, b.Changes[0].New = b.Changes[0].New, b.Changes[0].Old
		},
		"foreign changes": func(b *store.Block) { b.Changes = other.Changes },
		"foreign state":   func(b *store.Block) { b.State = other.State },
		"log moved":       func(b *store.Block) { b.ActBearing = false },
	} {
		b := good
		spoil(&b)
		is(t, name, s.Commit(b), store.ErrBlock)
	}
	for name, spoil := range map[string]func(*store.Block){
		"acts":              func(b *store.Block) { b.Acts = make([]store.Act, store.ActsMax+1) },
		"bytes of acts":     func(b *store.Block) { b.Acts = fat(store.ActsBytesMax + 1) },
		"one act":           func(b *store.Block) { b.Acts = []store.Act{{Raw: make([]byte, store.ItemBytesMax+1)}} },
		"receipts":          func(b *store.Block) { b.Receipts = make([][]byte, store.ReceiptsMax+1) },
		"bytes of receipts": func(b *store.Block) { b.Receipts = slices.Repeat([][]byte{make([]byte, 1<<19-100)}, 5) },
		"one receipt":       func(b *store.Block) { b.Receipts = [][]byte{make([]byte, store.ItemBytesMax+1)} },
		"changes":           func(b *store.Block) { b.Changes = make([]tree.Change, store.ChangesMax+1) },
		"bytes of changes": func(b *store.Block) {
			b.Changes = []tree.Change{{New: &tree.Leaf{Data: make([]byte, store.ChangesBytesMax+1)}}}
		},
		"frontier": func(b *store.Block) { b.Frontier = make([]byte, store.FrontierBytesMax+1) },
	} {
		b := good
		b.ActBearing = true
		spoil(&b)
		for len(b.Receipts) < len(b.Acts) {
			b.Receipts = append(b.Receipts, nil)
		}
		err := s.Commit(b)
		var l *store.LimitError
		if !errors.As(err, &l) || !errors.Is(err, store.ErrLimit) {
			t.Errorf("%s: got %v, want a LimitError", name, err)
		}
	}
	head, err := s.Head()
	must(t, err)
	same(t, "height after refusals", head.Height, 3)
	must(t, s.Commit(good))
}

func fat(n int) (acts []store.Act) {
	for i := 0; n > 0; i++ {
		acts = append(acts, store.Act{ID: wire.Hash{byte(i)}, Raw: make([]byte, min(n, store.ItemBytesMax))})
		n -= len(acts[i].Raw)
	}
	return acts
}

// Rollback takes blocks back, looks for what they left, and goes on otherwise.
func Rollback(t *testing.T, open Open) {
	s, c := grown(t, open, 8)
	must(t, s.PutSigned(8, store.Signed{Header: []byte("h")}))
	gone := c.Blocks[5:]
	state, head, err := s.Rollback(5)
	must(t, err)
	same(t, "root", state.Root(), c.StateAt(5).Root())
	same(t, "frontier", string(head.Frontier), string(c.Blocks[4].Frontier))
	for _, b := range gone {
		for _, a := range b.Acts {
			_, err := s.Act(a.ID)
			is(t, "act of a block taken back", err, store.ErrNotFound)
		}
		_, err := s.BlockAt(b.Height)
		is(t, "block taken back", err, store.ErrNotFound)
		_, err = s.SignedAt(b.Height)
		is(t, "signed header taken back", err, store.ErrNotFound)
	}
	_, _, err = s.Rollback(6)
	is(t, "rollback upwards", err, store.ErrNotFound)
	c.Blocks = c.Blocks[:5]
	for range 3 {
		must(t, s.Commit(c.Next(9)))
	}
	state, _, err = s.State()
	must(t, err)
	same(t, "root after going on", state.Root(), c.State().Root())
	for _, k := range c.Keys() {
		for h := uint64(0); h <= 8; h++ {
			got, err := s.ValueAt(k, h)
			must(t, err)
			if !equal(got, dataAt(c.StateAt(h), k)) {
				t.Fatalf("%v at %d is not that of the new branch", k, h)
			}
		}
	}
}

// Signed keeps and reads what the engine signed.
func Signed(t *testing.T, open Open) {
	s, _ := grown(t, open, 2)
	_, err := s.SignedAt(1)
	is(t, "not kept yet", err, store.ErrNotFound)
	for h := uint64(1); h <= 2; h++ {
		must(t, s.PutSigned(h, store.Signed{Header: []byte{byte(h)}, Certificate: []byte{byte(h), 2}, Set: []byte("set")}))
	}
	must(t, s.PutSigned(2, store.Signed{Header: []byte{2}, Certificate: []byte("canonical"), Set: []byte("set")}))
	for h, want := range map[uint64]string{1: "\x01\x02", 2: "canonical"} {
		got, err := s.SignedAt(h)
		must(t, err)
		same(t, "signed", string(got.Header)+string(got.Certificate)+string(got.Set), string(byte(h))+want+"set")
	}
	is(t, "header too long", s.PutSigned(1, store.Signed{Header: make([]byte, store.HeaderBytesMax+1)}), store.ErrLimit)
}

// Load tries bases that must be refused, and a snapshot's.
func Load(t *testing.T, open Open) {
	s, c := open(t), NewChain(4, 30)
	_, _, err := s.State()
	is(t, "state of an empty store", err, store.ErrEmpty)
	_, err = s.Head()
	is(t, "head of an empty store", err, store.ErrEmpty)
	is(t, "commit to an empty store", s.Commit(c.Next(2)), store.ErrNotReady)
	c.Blocks = nil

	bad := c.Base
	bad.Root = wire.Hash{1}
	is(t, "another root", s.Load(bad), store.ErrRoot)

	c.Base.Height = 1000
	must(t, s.Load(c.Base))
	is(t, "a second load", s.Load(c.Base), store.ErrLoaded)
	must(t, s.Commit(c.Next(5)))
	base, err := s.Base()
	must(t, err)
	same(t, "base", base, 1000)
	for _, h := range []uint64{0, 999, 1002} {
		_, err := s.BlockAt(h)
		is(t, "block outside the range", err, store.ErrNotFound)
		_, err = s.ValueAt(c.Keys()[0], h)
		is(t, "value outside the range", err, store.ErrNotFound)
	}
	var kept tree.Key // stood in the base and stands still
	for _, k := range c.Keys() {
		if dataAt(c.Base.State, k) != nil && dataAt(c.State(), k) != nil {
			kept = k
		}
	}
	page, err := s.History(kept, 0, 10)
	must(t, err)
	same(t, "height of the oldest version", page[len(page)-1].Height, 1000)
}

// Closed calls everything after Close.
func Closed(t *testing.T, open Open) {
	s, c := grown(t, open, 2)
	must(t, s.Close())
	must(t, s.Close())
	k := c.Keys()[0]
	calls := map[string]func() error{
		"Commit":     func() error { return s.Commit(c.Next(1)) },
		"Load":       func() error { return s.Load(c.Base) },
		"State":      func() error { _, _, err := s.State(); return err },
		"Head":       func() error { _, err := s.Head(); return err },
		"Base":       func() error { _, err := s.Base(); return err },
		"BlockAt":    func() error { _, err := s.BlockAt(1); return err },
		"Act":        func() error { _, err := s.Act(wire.Hash{}); return err },
		"Receipt":    func() error { _, err := s.Receipt(wire.Hash{}); return err },
		"ActsAt":     func() error { _, err := s.ActsAt(1); return err },
		"ReceiptsAt": func() error { _, err := s.ReceiptsAt(1); return err },
		"ValueAt":    func() error { _, err := s.ValueAt(k, 1); return err },
		"History":    func() error { _, err := s.History(k, 0, 5); return err },
		"ChangesAt":  func() error { _, err := s.ChangesAt(1); return err },
		"StateAt":    func() error { _, _, err := s.StateAt(t.Context(), 1); return err },
		"Rollback":   func() error { _, _, err := s.Rollback(1); return err },
		"Fold":       s.Fold,
		"PutSigned":  func() error { return s.PutSigned(1, store.Signed{}) },
		"SignedAt":   func() error { _, err := s.SignedAt(1); return err },
		"Scrub":      func() error { _, err := s.Scrub(t.Context()); return err },
		"Healthy":    s.Healthy,
	}
	for name, call := range calls {
		is(t, name, call(), store.ErrClosed)
	}
}

// Scrub reads everything, and stops when told.
func Scrub(t *testing.T, open Open) {
	s, c := grown(t, open, 4)
	sum, err := s.Scrub(t.Context())
	must(t, err)
	if sum.Rows < uint64(c.State().Len()) || sum.Bytes == 0 {
		t.Errorf("a scrub read %d rows, %d bytes", sum.Rows, sum.Bytes)
	}
}

func dataAt(s tree.State, k tree.Key) []byte {
	leaf, ok := s.Get(k)
	if !ok {
		return nil
	}
	return append([]byte{}, leaf.Data...)
}

// equal tells nil, which is absent, from empty.
func equal(a, b []byte) bool { return (a == nil) == (b == nil) && bytes.Equal(a, b) }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func is(t testing.TB, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: got %v, want %v", what, err, want)
	}
}

func same[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
