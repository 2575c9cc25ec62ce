package store

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"testing"

	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
	"ipledger/node/store/sealed"
	"ipledger/specs"
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
	raw, err := specs.Files.ReadFile("vectors/storage.json")
	if err == nil {
		err = json.Unmarshal(raw, &v)
	}
	if err != nil || len(v.Keys) == 0 || len(v.Rows) == 0 || len(v.Heads) == 0 {
		t.Fatalf("vectors: %v", err)
	}
	return v
}

// TestKeys_STO7 makes the keys of the vectors, and holds the tables apart.
func TestKeys_STO7(t *testing.T) {
	k := tree.ResourceKey(wire.Resource{Family: wire.IPv4, Len: 24, Addr: [16]byte{192, 0, 2}})
	h := wire.Hash{1, 2, 3}
	made := [][]byte{
		infoKey(infoFormat), infoKey(infoHead), recordKey(k), recordKey(tree.DueKey(9, 2, h)), historyKey(k, 7),
		chunkKey(tableChanges, 7, 0), chunkKey(tableActs, 7, 12), chunkKey(tableReceipts, 7, 0), hashKey(tableIndex, h),
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
		if v.Name == "the row of a block" {
			checkBlockRow(t, data)
		}
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

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	raw, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
