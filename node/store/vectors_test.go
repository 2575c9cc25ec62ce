package store

import (
	"bytes"
	"encoding/hex"
	"slices"
	"testing"

	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
	"ipledger/node/store/sealed"
	"ipledger/specs/frozen"
)

// storageVectors is specs/vectors/storage.json.
type storageVectors struct {
	Keys  []struct{ Name, Key string }
	Rows  []struct{ Name, Key, Data, Value, Verdict string }
	Heads []struct {
		Name, Text, Block, App string
		Valid                  bool
		Height                 uint64
	}
}

func readVectors(t *testing.T) (v storageVectors) {
	t.Helper()
	if frozen.Read(t, "storage", &v); len(v.Keys) == 0 || len(v.Rows) == 0 || len(v.Heads) == 0 {
		t.Fatal("a list of vectors is empty")
	}
	return v
}

// TestKeys_STO7 makes the keys of the vectors, and holds the tables apart.
func TestKeys_STO7(t *testing.T) {
	k := tree.ResourceKey(wire.Resource{Family: wire.IPv4, Len: 24, Addr: [16]byte{192, 0, 2}})
	h := wire.Hash{1, 2, 3}
	made := [][]byte{
		infoKey(infoFormat), infoKey(infoHead), infoKey(infoFold), recordKey(k), recordKey(tree.DueKey(9, 2, h)),
		sortedKey(tableHeights, 7, k), sortedKey(tableChanges, 7, k), chunkKey(tableActs, 7, 12), chunkKey(tableReceipts, 7, 0), hashKey(tableIndex, h),
		heightKey(tableBlocks, 7), heightKey(tableSigned, 7), hashKey(tableSets, h), heightKey(tableFrontier, 7),
	}
	v := readVectors(t)
	if len(made) != len(v.Keys) {
		t.Fatalf("%d keys, %d vectors", len(made), len(v.Keys))
	}
	for i, want := range v.Keys {
		if got := hex.EncodeToString(made[i]); got != want.Key {
			t.Errorf("%s: %s, want %s", want.Name, got, want.Key)
		}
		for j := range made {
			if i != j && bytes.HasPrefix(made[i], made[j]) {
				t.Errorf("the key of %s begins that of %s", v.Keys[j].Name, want.Name)
			}
		}
	}
	for table := byte(tableInfo); table <= tableFrontier; table++ {
		if tableNames[table] == "" {
			t.Errorf("table %#x has no name for errors", table)
		}
	}
	if tableName(nil) != "ledger.db" || tableName([]byte{0xee}) != "ledger.db table 0xee" {
		t.Error("an unknown table has no name for errors")
	}
}

// TestRowVectors_STO1_STO2 plants each row of the vectors and reads it back.
func TestRowVectors_STO1_STO2(t *testing.T) {
	for _, v := range readVectors(t).Rows {
		key, value := unhex(t, v.Key), unhex(t, v.Value)
		data, live, err := sealed.Parse(key, value)
		got := "tombstone"
		switch {
		case err != nil:
			got = "corrupt"
		case live:
			got = "live"
		}
		if got != v.Verdict || hex.EncodeToString(data) != v.Data {
			t.Errorf("%s: %s with data %x (%v), want %s", v.Name, got, data, err, v.Verdict)
		}
		if v.Name == "a list of three changes" {
			checkChangesRow(t, key, data)
		}
		if v.Name == "the row of a block" {
			checkBlockRow(t, data)
		}
	}
}

// vectorChanges is what the list of changes in the vectors says.
func vectorChanges() []tree.Change {
	k := tree.ResourceKey(wire.Resource{Family: wire.IPv4, Len: 24, Addr: [16]byte{192, 0, 2}})
	account, due := tree.AccountKey(wire.Address{4}), tree.DueKey(9, 2, wire.Hash{1, 2, 3})
	return []tree.Change{
		{Key: k, Old: &tree.Leaf{Key: k, Data: []byte("record")}},
		{Key: account, Old: &tree.Leaf{Key: account, Data: []byte("a name")}, New: &tree.Leaf{Key: account, Data: []byte("a new name")}},
		{Key: due, New: &tree.Leaf{Key: due, Data: []byte("due")}},
	}
}

func checkChangesRow(t *testing.T, key, data []byte) {
	t.Helper()
	run := changeRuns(&slab{}, 7, vectorChanges())[0]
	if want, _, _ := sealed.Parse(run.Key, run.Value); !bytes.Equal(run.Key, key) || !bytes.Equal(want, data) {
		t.Errorf("the list of changes: %x under %x", want, run.Key)
	}
}

func checkBlockRow(t *testing.T, data []byte) {
	t.Helper()
	var m Meta
	if err := wire.Decode(data, metaBytesMax, &m); err != nil {
		t.Fatal(err)
	}
	if m.Height != 7 || m.Records != 3 || !m.ActBearing || m.Acts != 2 || m.Receipts != 3 || m.Changes != 4 {
		t.Errorf("the block's row says %+v", m)
	}
	if head := readVectors(t).Heads[0]; m.digest().String() != head.Block || m.AppHash().String() != head.App {
		t.Error("HEAD of the block's row is another")
	}
}

func TestHeadVectors_STO11(t *testing.T) {
	for _, v := range readVectors(t).Heads {
		a, err := parseAnchor([]byte(v.Text))
		if (err == nil) != v.Valid {
			t.Errorf("%s: %v", v.Name, err)
		}
		if v.Valid && (a.height != v.Height || a.block.String() != v.Block || a.app.String() != v.App || string(a.text()) != v.Text) {
			t.Errorf("%s: read as %+v", v.Name, a)
		}
	}
}

// FuzzHead_STO11: what is read is written again byte for byte.
func FuzzHead_STO11(f *testing.F) {
	f.Add(anchor{height: 7}.text())
	f.Add([]byte("ipledger-head/1\nheight 7\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if a, err := parseAnchor(raw); err == nil && !bytes.Equal(a.text(), raw) {
			t.Errorf("%q is read and written as %q", raw, a.text())
		}
	})
}

// FuzzRow_STO1: only what seal gives is read.
func FuzzRow_STO1(f *testing.F) {
	f.Add([]byte("key"), []byte("value of a row, long enough"))
	f.Fuzz(func(t *testing.T, key, value []byte) {
		data, live, err := sealed.Parse(key, value)
		if err == nil && !bytes.Equal(sealed.Format(key, data, live), value) {
			t.Errorf("%x under %x is read and written otherwise", value, key)
		}
	})
}

// FuzzMeta_STO14: a block's row that is read is written again byte for byte.
func FuzzMeta_STO14(f *testing.F) {
	f.Add(wire.Encode(Meta{Height: 7, ActBearing: true}))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var m Meta
		if wire.Decode(raw, metaBytesMax, &m) == nil && !bytes.Equal(wire.Encode(m), raw) {
			t.Errorf("%x is written as %x", raw, wire.Encode(m))
		}
	})
}

// FuzzChange_STO15: a change that is read is written again byte for byte.
func FuzzChange_STO15(f *testing.F) {
	for _, c := range vectorChanges() {
		f.Add(encodeChange(c))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, err := parseChange(raw)
		if err != nil {
			return
		}
		if again := encodeChange(leaves([]change{c})[0]); !bytes.Equal(again, raw) {
			t.Errorf("%x is written as %x", raw, again)
		}
	})
}

func encodeChange(c tree.Change) []byte {
	run := changeRuns(&slab{}, 1, []tree.Change{c})[0]
	data, _, _ := sealed.Parse(run.Key, run.Value)
	items, err := unchunk(run.Key, data)
	if err != nil {
		panic(err)
	}
	return items[0]
}

// TestListing_STO10: runs are lists of chapter 02, whatever the lengths of their
// items, and no longer than they may be.
func TestListing_STO10(t *testing.T) {
	var items [][]byte
	for _, n := range []int{0, 1, 1, 2, 55, 56, 255, 256, 1 << 10, 1 << 16, 1<<16 - 1, ItemBytesMax, 0, 5} {
		items = append(items, bytes.Repeat([]byte{byte(n)}, n))
	}
	items[2] = []byte{0x80}
	var got [][]byte
	for _, run := range numbered(&slab{}, tableActs, 7, len(items), func(i int) [][]byte { return items[i : i+1] }) {
		data, live, err := sealed.Parse(run.Key, run.Value)
		if err != nil || !live || len(data) > chunkBytesMax || int(firstOf(run.Key)) != len(got) {
			t.Fatalf("run %x of %d bytes: %v", run.Key, len(data), err)
		}
		part, err := unchunk(run.Key, data)
		if err != nil || !bytes.Equal(wire.Encode(part), data) {
			t.Fatalf("run %x is no list: %v", run.Key, err)
		}
		got = append(got, part...)
	}
	if !slices.EqualFunc(got, items, bytes.Equal) {
		t.Error("other items are read")
	}
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	raw, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
