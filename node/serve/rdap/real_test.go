package rdap

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"ipledger/ledger/audit/mint"
	"ipledger/ledger/directory"
	"ipledger/ledger/genesis"
	"ipledger/ledger/inr"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// realDir holds real statistics of the registries, beside the repository.
const realDir = "../../../../shared/data/stats-20251128"

// realState is the first state of what five registries published, or the end of a
// test that has them not: they are not part of the repository.
func realState(t *testing.T) tree.State {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(realDir, "*.gz"))
	if err != nil || len(names) == 0 {
		t.Skip("real registry statistics are not beside the repository")
	}
	in := mint.Input()
	in.Stats = nil
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		z, err := gzip.NewReader(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		if raw, err = io.ReadAll(z); err != nil {
			t.Fatal(err)
		}
		in.Stats = append(in.Stats, genesis.Stats{Name: filepath.Base(name), Raw: raw})
	}
	out, err := genesis.Build(in)
	if err != nil {
		t.Fatal(err)
	}
	return out.State
}

// TestReal_RDAP2_DIR2 finds each title of the real registries by its block and by its
// last number, and holds the answer about one in 97 to the schema.
func TestReal_RDAP2_DIR2(t *testing.T) {
	if testing.Short() {
		t.Skip("every title of the registries is looked up without -short: it takes half a minute")
	}
	view := View{State: realState(t), Height: 1, Time: mint.Start}
	s := New(Config{ChainID: "real", View: func() View { return view }})
	titles := 0
	for _, sub := range []tree.Subtree{tree.IPv4, tree.IPv6, tree.ASN} {
		view.State.Walk(tree.RootKey(sub), func(l tree.Leaf) bool {
			at := l.Key.Resource()
			_, end := inr.Ends(at)
			last := wire.Resource{Family: at.Family, Len: uint8(at.Family.Bits()), Addr: end}
			for _, q := range []wire.Resource{at, last} {
				if a, ok, err := directory.Covering(view.State, q, view.moment()); err != nil || !ok || a.Resource != at {
					t.Fatalf("%v is covered by %v, %v, %v", q, a, ok, err)
				}
			}
			if titles++; titles%97 == 0 {
				holdToSchema(t, s, at)
			}
			return true
		})
	}
	if t.Logf("%d titles", titles); titles < 300_000 {
		t.Errorf("%d titles of five registries", titles)
	}
}

func holdToSchema(t *testing.T, s *Server, at wire.Resource) {
	t.Helper()
	path, name := "ip/"+at.String(), "ip"
	if at.Family == wire.ASN {
		path, name = "autnums?handle="+at.String(), "autnums"
	}
	code, _, raw := get(t, s, path)
	if code != http.StatusOK {
		t.Fatalf("%s: got %d %s", path, code, raw)
	}
	conforms(t, name, path, raw)
}
