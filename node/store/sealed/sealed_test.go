package sealed

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/options"
)

func open(t testing.TB, dir string) *DB {
	t.Helper()
	db, err := Open(Options{Dir: dir, Memtable: 16 << 20, Cache: 4 << 20, Table: func(k []byte) string { return fmt.Sprintf("table %x", k[:1]) }})
	must(t, err)
	t.Cleanup(func() { db.Close() })
	return db
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func set(t testing.TB, db *DB, key, data string) {
	t.Helper()
	must(t, db.Update(func(x *Txn) error { return x.Set([]byte(key), []byte(data)) }))
}

func get(db *DB, key string) (data []byte, err error) {
	err = db.View(func(x *Txn) error {
		data, err = x.Get([]byte(key))
		return err
	})
	return data, err
}

// TestRow_STO1 flips each bit of a stored value, moves it to another key, and
// cuts it at each length: every read must name the row.
func TestRow_STO1(t *testing.T) {
	db := open(t, "")
	value := seal([]byte("k"), flagLive, []byte("data"))
	plant := func(key string, v []byte) {
		must(t, db.badger.Update(func(x *badger.Txn) error { return x.Set([]byte(key), v) }))
	}
	plant("k", value)
	if got, err := get(db, "k"); err != nil || string(got) != "data" {
		t.Fatalf("undamaged: %q, %v", got, err)
	}
	check := func(what, key string) {
		t.Helper()
		_, err := get(db, key)
		var c *CorruptError
		if !errors.As(err, &c) || !errors.Is(err, ErrCorrupt) || string(c.Key) != key || c.Table == "" {
			t.Errorf("%s: %v", what, err)
		}
		scan := db.View(func(x *Txn) error {
			return x.Scan([]byte(key), []byte(key), false, func(Row) (bool, error) { return true, nil })
		})
		if !errors.Is(scan, ErrCorrupt) {
			t.Errorf("%s, scanned: %v", what, scan)
		}
	}
	for bit := range 8 * len(value) {
		bad := bytes.Clone(value)
		bad[bit/8] ^= 1 << (bit % 8)
		plant("k", bad)
		check(fmt.Sprintf("bit %d", bit), "k")
	}
	for n := range len(value) {
		plant("k", value[:n])
		check(fmt.Sprintf("cut to %d bytes", n), "k")
	}
	plant("j", value)
	check("value of another key", "j")
	plant("k", seal([]byte("k"), flagTomb, []byte("x")))
	check("tombstone with data", "k")
	plant("k", seal([]byte("k"), 2, nil))
	check("unknown flag", "k")
}

func TestBury_STO2(t *testing.T) {
	db := open(t, "")
	set(t, db, "k", "data")
	must(t, db.Update(func(x *Txn) error { return x.Bury([]byte("k")) }))
	if _, err := get(db, "k"); !errors.Is(err, ErrAbsent) {
		t.Errorf("buried row: %v", err)
	}
	tombs := 0
	must(t, db.View(func(x *Txn) error {
		return x.Scan([]byte("k"), []byte("k"), false, func(r Row) (bool, error) {
			if !r.Live {
				tombs++
			}
			return true, nil
		})
	}))
	if tombs != 1 {
		t.Errorf("%d tombstones seen, want 1", tombs)
	}
	set(t, db, "k", "again")
	if got, err := get(db, "k"); err != nil || string(got) != "again" {
		t.Errorf("set again: %q, %v", got, err)
	}
}

// TestUpdate_STO3 fails a transaction after its first write.
func TestUpdate_STO3(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir)
	boom := errors.New("boom")
	err := db.Update(func(x *Txn) error {
		must(t, x.Set([]byte("a"), []byte("1")))
		if got, err := x.Get([]byte("a")); err != nil || string(got) != "1" {
			t.Errorf("a transaction does not see its own write: %q, %v", got, err)
		}
		return boom
	})
	if !errors.Is(err, boom) {
		t.Errorf("got %v", err)
	}
	if _, err := get(db, "a"); !errors.Is(err, ErrAbsent) {
		t.Errorf("half a transaction was kept: %v", err)
	}
	if err := db.Update(func(x *Txn) error { return x.Set([]byte("a"), make([]byte, RowBytesMax+1)) }); !errors.Is(err, ErrRowSize) {
		t.Errorf("a row too large: %v", err)
	}
	set(t, db, "b", "2")
	must(t, db.Close())
	if got, err := get(open(t, dir), "b"); err != nil || string(got) != "2" {
		t.Errorf("after a restart: %q, %v", got, err)
	}
}

// TestSettings_STO3 looks at what no test without loss of power can show, and
// at the lock against a second process.
func TestSettings_STO3(t *testing.T) {
	dir := t.TempDir()
	o := open(t, dir).badger.Opts()
	if !o.SyncWrites || o.ChecksumVerificationMode != options.OnTableRead || o.ValueThreshold != valueMax ||
		o.NumVersionsToKeep != 1 || o.BypassLockGuard || o.ReadOnly || o.Logger == nil {
		t.Errorf("settings: %+v", o)
	}
	if _, err := Open(Options{Dir: dir, Memtable: 16 << 20, Cache: 4 << 20}); err == nil {
		t.Error("a database was opened twice")
	}
}

func TestClose_STO4(t *testing.T) {
	db := open(t, t.TempDir())
	set(t, db, "k", "data")
	c, err := db.Cursor([]byte("k"), false)
	must(t, err)
	must(t, db.Close())
	must(t, db.Close())
	_, getErr := get(db, "k")
	_, cursorErr := db.Cursor([]byte("k"), false)
	_, _, rowErr := c.Row()
	_, cursorGetErr := c.Get([]byte("k"))
	c.Next()
	c.Close()
	for what, err := range map[string]error{
		"Get": getErr, "Cursor": cursorErr, "Cursor.Row": rowErr, "Cursor.Get": cursorGetErr,
		"Update": db.Update(func(*Txn) error { return nil }), "Healthy": db.Healthy(),
	} {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("%s after Close: %v", what, err)
		}
	}
	if rows, size := db.Limits(); rows != 0 || size != 0 || db.Size() != 0 {
		t.Error("a closed database has limits or a size")
	}
}

// TestAlarm_STO5 logs an error as Badger would.
func TestAlarm_STO5(t *testing.T) {
	db := open(t, "")
	set(t, db, "k", "data")
	db.alarm.Warningf("slow")
	must(t, db.Healthy())
	db.alarm.Errorf("cannot read value at %d", 7)
	db.alarm.Errorf("a later one")
	_, getErr := get(db, "k")
	for what, err := range map[string]error{
		"Get": getErr, "Healthy": db.Healthy(), "Update": db.Update(func(*Txn) error { return nil }),
	} {
		var f *FatalError
		if !errors.As(err, &f) || !errors.Is(err, ErrFatal) || f.Message != "cannot read value at 7" {
			t.Errorf("%s after an error was logged: %v", what, err)
		}
	}
}

// TestManifest_STO6 flips each bit of the list of tables, cuts it at each
// length, and removes it. Opening must fail and every file must still be there.
func TestManifest_STO6(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir)
	for i := range 2 {
		set(t, db, "k", fmt.Sprint("data", i))
		must(t, db.Close())
		db = open(t, dir)
	}
	must(t, db.Close())
	name := filepath.Join(dir, "MANIFEST")
	good, err := os.ReadFile(name)
	must(t, err)
	tables := func() int { found, _ := filepath.Glob(filepath.Join(dir, "*.sst")); return len(found) }
	before := tables()
	if before == 0 {
		t.Fatal("no table was written")
	}
	for bit := range 8 * len(good) {
		bad := bytes.Clone(good)
		bad[bit/8] ^= 1 << (bit % 8)
		if bit/8 >= 4 && bit/8 < 8 {
			continue // versions: Badger itself refuses them, and says which it wants
		}
		if why := manifestDamage(bad); why == "" {
			t.Errorf("bit %d of byte %d flipped: not noticed", bit%8, bit/8)
		}
	}
	refused := func(what string) {
		t.Helper()
		_, err := Open(Options{Dir: dir, Memtable: 16 << 20, Cache: 4 << 20})
		if !errors.Is(err, ErrCorrupt) || tables() != before {
			t.Errorf("%s: %v, %d tables of %d left", what, err, tables(), before)
		}
	}
	bad := bytes.Clone(good)
	bad[11] ^= 1 << 4 // the bit that was seen to empty a database
	must(t, os.WriteFile(name, bad, 0o600))
	refused("length field")
	must(t, os.WriteFile(name, good[:len(good)-1], 0o600))
	refused("cut")
	must(t, os.Remove(name))
	refused("missing")
	must(t, os.WriteFile(name, good, 0o600))
	if got, err := get(open(t, dir), "k"); err != nil || string(got) != "data1" {
		t.Errorf("after mending: %q, %v", got, err)
	}
}
