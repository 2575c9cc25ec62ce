package enginedb

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"

	dbm "github.com/cometbft/cometbft-db"

	"ipledger/node/store/sealed"
)

// The promises are those documented on db.DB, db.Batch and db.Iterator of
// cometbft-db. The engine's own memory database runs through the same suite,
// so the suite cannot ask for what the engine does not.

func open(t testing.TB, dir string) *Engine {
	t.Helper()
	e, err := Open(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

func databases(t *testing.T, f func(*testing.T, dbm.DB)) {
	t.Run("the engine's memory database", func(t *testing.T) { f(t, dbm.NewMemDB()) })
	for name, dir := range map[string]string{"disk": t.TempDir(), "memory": ""} {
		t.Run(name, func(t *testing.T) {
			e := open(t, dir)
			// Neighbours on both sides must never show.
			for _, n := range []string{"a", "stat", "statf", "state2", "zz"} {
				must(t, e.Database(n).Set([]byte("k"), []byte(n)))
			}
			f(t, e.Database("state"))
		})
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func want(t *testing.T, db dbm.DB, key string, value []byte) {
	t.Helper()
	got, err := db.Get([]byte(key))
	must(t, err)
	if (got == nil) != (value == nil) || !bytes.Equal(got, value) {
		t.Errorf("Get(%q) = %q (nil %t), want %q (nil %t)", key, got, got == nil, value, value == nil)
	}
	if has, err := db.Has([]byte(key)); err != nil || has != (value != nil) {
		t.Errorf("Has(%q) = %t, %v", key, has, err)
	}
}

func TestDatabase_STO29(t *testing.T) {
	databases(t, func(t *testing.T, db dbm.DB) {
		want(t, db, "a", nil)
		must(t, db.Set([]byte("a"), []byte{1}))
		want(t, db, "a", []byte{1})
		must(t, db.SetSync([]byte("a"), []byte{}))
		want(t, db, "a", []byte{})
		must(t, db.Delete([]byte("absent")))
		must(t, db.DeleteSync([]byte("a")))
		want(t, db, "a", nil)
		must(t, db.Print())
		must(t, db.Compact(nil, nil))
		if db.Stats() == nil {
			t.Error("no statistics")
		}
	})
}

func TestDatabaseRefuses_STO29(t *testing.T) {
	databases(t, func(t *testing.T, db dbm.DB) {
		for _, empty := range [][]byte{nil, {}} {
			_, getErr := db.Get(empty)
			_, hasErr := db.Has(empty)
			b := db.NewBatch()
			for what, err := range map[string]error{
				"Get": getErr, "Has": hasErr,
				"Set": db.Set(empty, []byte{1}), "SetSync": db.SetSync(empty, []byte{1}),
				"Delete": db.Delete(empty), "DeleteSync": db.DeleteSync(empty),
				"Batch.Set": b.Set(empty, []byte{1}), "Batch.Delete": b.Delete(empty),
			} {
				if err == nil {
					t.Errorf("%s of an empty key: no error", what)
				}
			}
		}
		if db.Set([]byte("x"), nil) == nil || db.SetSync([]byte("x"), nil) == nil || db.NewBatch().Set([]byte("x"), nil) == nil {
			t.Error("a nil value was taken")
		}
		for _, bounds := range [][2][]byte{{{}, nil}, {nil, {}}} {
			if _, err := db.Iterator(bounds[0], bounds[1]); err == nil {
				t.Error("an empty bound was taken")
			}
			if _, err := db.ReverseIterator(bounds[0], bounds[1]); err == nil {
				t.Error("an empty bound was taken in reverse")
			}
		}
	})
}

func TestBatch_STO28(t *testing.T) {
	databases(t, func(t *testing.T, db dbm.DB) {
		must(t, db.Set([]byte("c"), []byte{9}))
		b := db.NewBatch()
		must(t, b.Delete([]byte("a")))
		must(t, b.Set([]byte("a"), []byte{1}))
		must(t, b.Set([]byte("b"), []byte{1}))
		must(t, b.Set([]byte("b"), []byte{2}))
		must(t, b.Set([]byte("c"), []byte{3}))
		must(t, b.Delete([]byte("c")))
		want(t, db, "a", nil)
		must(t, b.WriteSync())
		want(t, db, "a", []byte{1})
		want(t, db, "b", []byte{2})
		want(t, db, "c", nil)
		for what, err := range map[string]error{
			"Set": b.Set([]byte("a"), []byte{9}), "Delete": b.Delete([]byte("a")),
			"Write": b.Write(), "WriteSync": b.WriteSync(),
		} {
			if err == nil {
				t.Errorf("%s after Write: no error", what)
			}
		}
		must(t, b.Close())
		must(t, b.Close())
		must(t, db.NewBatch().Write())
		closed := db.NewBatch()
		must(t, closed.Close())
		if closed.Write() == nil || closed.Set([]byte("a"), []byte{1}) == nil {
			t.Error("a closed batch was used")
		}
	})
}

// TestBatchTooLarge_STO28 writes a batch beyond a transaction: nothing of it
// may be there.
func TestBatchTooLarge_STO28(t *testing.T) {
	db := open(t, "").Database("state")
	b := db.NewBatch()
	for i := range 12 {
		must(t, b.Set([]byte{byte(i)}, make([]byte, 1<<20)))
	}
	if err := b.Write(); err == nil {
		t.Fatal("a batch of 12 MiB was taken")
	}
	for i := range 12 {
		want(t, db, string([]byte{byte(i)}), nil)
	}
}

func TestIterator_STO29(t *testing.T) {
	key := func(i int) []byte {
		if i < 0 {
			return nil
		}
		return []byte{0xff, byte(i)}
	}
	databases(t, func(t *testing.T, db dbm.DB) {
		var all []int
		for i := range 10 {
			if i != 6 {
				must(t, db.Set(key(i), []byte{byte(i)}))
				all = append(all, i)
			}
		}
		for start := -1; start < 11; start++ {
			for end := -1; end < 11; end++ {
				var up []int
				for _, i := range all {
					if i >= start && (end < 0 || i < end) {
						up = append(up, i)
					}
				}
				down := slices.Clone(up)
				slices.Reverse(down)
				it, err := db.Iterator(key(start), key(end))
				must(t, err)
				walk(t, it, fmt.Sprintf("[%d,%d) upwards", start, end), key(start), key(end), up)
				it, err = db.ReverseIterator(key(start), key(end))
				must(t, err)
				walk(t, it, fmt.Sprintf("[%d,%d) downwards", start, end), key(start), key(end), down)
			}
		}
	})
}

func walk(t *testing.T, it dbm.Iterator, what string, start, end []byte, want []int) {
	t.Helper()
	if s, e := it.Domain(); !bytes.Equal(s, start) || !bytes.Equal(e, end) {
		t.Errorf("%s: domain %x, %x", what, s, e)
	}
	var got []int
	for ; it.Valid(); it.Next() {
		if !bytes.Equal(it.Key()[1:], it.Value()) {
			t.Errorf("%s: key %x has value %x", what, it.Key(), it.Value())
		}
		got = append(got, int(it.Key()[1]))
	}
	must(t, it.Error())
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
	for what, f := range map[string]func(){"Next": it.Next, "Key": func() { it.Key() }, "Value": func() { it.Value() }} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s beyond the end did not panic", what)
				}
			}()
			f()
		}()
	}
	if it.Valid() {
		t.Error("an iterator became valid again")
	}
	must(t, it.Close())
}

// TestLargeValue_STO30 writes values on both sides of the chunk's size and over
// one another, restarts, and looks for chunks left behind.
func TestLargeValue_STO30(t *testing.T) {
	dir := t.TempDir()
	e := open(t, dir)
	db := e.Database("state")
	value := func(n int) []byte { return bytes.Repeat([]byte{byte(n), 7}, n/2+1)[:n] }
	sizes := []int{3 << 20, 0, wholeBytesMax + 1, 1 << 20, wholeBytesMax, ValueBytesMax, 1<<20 + 1, 5}
	for _, n := range sizes {
		must(t, db.Set([]byte("v"), value(n)))
		want(t, db, "v", value(n))
	}
	must(t, db.Set([]byte("w"), value(2<<20)))
	if err := db.Set([]byte("w"), make([]byte, ValueBytesMax+1)); !errors.Is(err, sealed.ErrRowSize) {
		t.Errorf("a value too large: %v", err)
	}
	must(t, e.Close())
	e = open(t, dir)
	db = e.Database("state")
	want(t, db, "w", value(2<<20))
	it, err := db.ReverseIterator(nil, nil)
	must(t, err)
	if !bytes.Equal(it.Value(), value(2<<20)) {
		t.Error("the iterator shows another value than Get")
	}
	must(t, it.Close())
	must(t, db.Delete([]byte("w")))
	c, err := e.db.Cursor([]byte{tableChunks}, false)
	must(t, err)
	if _, left, err := c.Row(); left || err != nil {
		t.Errorf("chunks left behind: %t, %v", left, err)
	}
}

// TestClose_STO4 closes the files under an open iterator and checks that every
// later call says so instead of blocking; closing a database does nothing.
func TestClose_STO4(t *testing.T) {
	e := open(t, t.TempDir())
	db := e.Database("state")
	must(t, db.Set([]byte("a"), []byte{1}))
	must(t, db.Set([]byte("b"), []byte{1}))
	must(t, db.Close())
	want(t, db, "a", []byte{1})
	it, err := db.Iterator(nil, nil)
	must(t, err)
	must(t, e.Close())
	must(t, e.Close())
	it.Next()
	if it.Valid() || !errors.Is(it.Error(), sealed.ErrClosed) {
		t.Errorf("iterator after Close: valid %t, %v", it.Valid(), it.Error())
	}
	must(t, it.Close())
	_, getErr := db.Get([]byte("a"))
	_, hasErr := db.Has([]byte("a"))
	_, itErr := db.Iterator(nil, nil)
	for what, err := range map[string]error{
		"Get": getErr, "Has": hasErr, "Iterator": itErr, "Set": db.Set([]byte("a"), []byte{1}),
		"Delete": db.Delete([]byte("a")), "Healthy": e.Healthy(),
	} {
		if !errors.Is(err, sealed.ErrClosed) {
			t.Errorf("%s after Close: %v", what, err)
		}
	}
}
