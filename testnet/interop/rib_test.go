package interop_test

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"ipledger/ledger/rib"
)

// TestRIB_bgpdump_DRIFT2_DRIFT14: what bgpdump writes of a binary table (MRT, RFC 6396)
// is read as the table says it, sequences, a set at the end, an AS that is prepended;
// and the table itself is read as what bgpdump writes of it.
func TestRIB_bgpdump_DRIFT2_DRIFT14(t *testing.T) {
	name := tool(t, "bgpdump")
	file := filepath.Join(t.TempDir(), "rib.mrt")
	if err := os.WriteFile(file, mrtTable(), 0o600); err != nil {
		t.Fatal(err)
	}
	direct, err := rib.Read(bytes.NewReader(mrtTable()))
	if err != nil {
		t.Fatal(err)
	}
	for _, mode := range []string{"-m", "-M"} {
		out, err := exec.Command(name, mode, file).Output()
		if err != nil {
			t.Fatalf("bgpdump %s: %v", mode, err)
		}
		got, err := rib.Read(bytes.NewReader(out))
		if err != nil || got.Unreadable != 0 {
			t.Fatalf("got %+v, %v of\n%s", got, err, out)
		}
		if !slices.Equal(direct.Routes, got.Routes) || direct.Read != got.Read || direct.Unreadable != 0 {
			t.Errorf("read without bgpdump: %+v", direct)
		}
		var lines []string
		for _, r := range got.Routes {
			lines = append(lines, r.String())
		}
		want := []string{"193.0.0.0/21 AS3333", "193.0.8.0/21 NONE", "198.51.100.0/24 AS64500", "2001:67c:2e8::/48 AS3333"}
		if !slices.Equal(lines, want) {
			t.Errorf("got %v, want %v of\n%s", lines, want, out)
		}
	}
}

// mrtTable is a table of one peer.
func mrtTable() []byte {
	peers := slices.Concat([]byte{192, 0, 2, 1, 0, 0, 0, 1}, []byte{2, 192, 0, 2, 1, 192, 0, 2, 1}, be32(7018))
	out := mrtRecord(1, peers)
	for i, e := range []struct {
		prefix string
		path   []byte
	}{
		{"193.0.0.0/21", segment(2, 7018, 1103, 3333, 3333)},
		{"193.0.8.0/21", append(segment(2, 7018, 1103), segment(1, 3333, 12654)...)},
		{"198.51.100.0/24", segment(2, 64500)},
		{"2001:67c:2e8::/48", segment(2, 7018, 3333)},
	} {
		out = append(out, mrtEntry(uint32(i), netip.MustParsePrefix(e.prefix), e.path)...)
	}
	return out
}

// mrtEntry is one prefix as the one peer has it.
func mrtEntry(number uint32, p netip.Prefix, path []byte) []byte {
	kind, next := byte(2), []byte{0x40, 3, 4, 192, 0, 2, 1} // NEXT_HOP
	if p.Addr().Is6() {
		kind, next = 4, append([]byte{0x80, 14, 17, 16}, netip.MustParseAddr("2001:db8::1").AsSlice()...)
	}
	attributes := slices.Concat([]byte{0x40, 1, 1, 0}, []byte{0x40, 2, byte(len(path))}, path, next)
	prefix := append([]byte{byte(p.Bits())}, p.Addr().AsSlice()[:(p.Bits()+7)/8]...)
	body := slices.Concat(be32(number), prefix, []byte{0, 1, 0, 0}, be32(1448928000), []byte{0, byte(len(attributes))}, attributes)
	return mrtRecord(kind, body)
}

// mrtRecord is a record of TABLE_DUMP_V2.
func mrtRecord(kind byte, body []byte) []byte {
	return slices.Concat(be32(1448928000), []byte{0, 13, 0, kind}, be32(uint32(len(body))), body)
}

// segment is part of an AS path: 1 a set, 2 a sequence.
func segment(kind byte, list ...uint32) []byte {
	out := []byte{kind, byte(len(list))}
	for _, as := range list {
		out = append(out, be32(as)...)
	}
	return out
}

func be32(n uint32) []byte { return binary.BigEndian.AppendUint32(nil, n) }
