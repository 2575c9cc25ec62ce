package node

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ipledger/ledger/inr"
	"ipledger/ledger/observed"
	"ipledger/ledger/vrp"
	"ipledger/ledger/wire"
	"ipledger/node/serve/rtr"
)

// TestSupplied_FILE6_API25: what cannot be read does not take the place of what could.
func TestSupplied_FILE6_API25(t *testing.T) {
	s := supplied{path: filepath.Join(t.TempDir(), "vrps.json"), most: time.Hour}
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(s.path+".new", []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(s.path+".new", s.path); err != nil {
			t.Fatal(err)
		}
	}
	// FILE-7: until the first is read there is no set, and that is not the same as none.
	if _, ok := s.set(); ok || s.look() == nil {
		t.Error("a file that is not there was read")
	}
	// API-25: readers of /v1/status are not told where the operator keeps it.
	if why := s.err.Load(); why == nil || strings.Contains(*why, filepath.Dir(s.path)) || !strings.Contains(*why, "vrps.json") {
		t.Errorf("got %v", why)
	}
	write(`{"roas": [{"asn": 1, "prefix": "193.0.4.0/22", "maxLength": 24}]}`)
	if err := s.look(); err != nil {
		t.Fatal(err)
	}
	first, ok := s.set()
	if !ok || len(first.Payloads) != 1 {
		t.Fatalf("got %v", first)
	}
	for name, text := range map[string]string{
		"half a file":   `{"roas": [{"asn": 1, "pre`,
		"a wrong row":   `{"roas": [{"asn": 1, "prefix": "193.0.4.1/22"}]}`,
		"an empty list": `{"roas": []}`,
	} {
		write(text)
		for range 2 { // it is told of as long as it is there
			if err := s.look(); err == nil {
				t.Errorf("%s was taken", name)
			}
		}
		if now, ok := s.set(); !ok || now != first || s.err.Load() == nil {
			t.Errorf("%s took the place of the first", name)
		}
	}
	if err := os.Remove(s.path); err != nil {
		t.Fatal(err)
	}
	if now, ok := s.set(); s.look() == nil || !ok || now != first {
		t.Error("what is gone took the place of the first")
	}
	write(`{"metadata": {"generated": 1000}, "roas": [{"asn": 1, "prefix": "193.0.4.0/22"}, {"asn": 2, "prefix": "193.0.4.0/22"}]}`)
	if err := s.look(); err != nil {
		t.Fatal(err)
	}
	if now, _ := s.set(); len(now.Payloads) != 2 || s.err.Load() != nil {
		t.Errorf("got %v", now)
	}
	if age, old := s.old(time.Unix(1000, 0).Add(61 * time.Minute)); !old || age != 61*time.Minute {
		t.Errorf("it is %v old: %v", age, old)
	}
	if _, old := s.old(time.Unix(1000, 0).Add(59 * time.Minute)); old {
		t.Error("it is old too early")
	}
}

// TestSupplied_none_FILE7: where no file is named, nothing is waited for.
func TestSupplied_none_FILE7(t *testing.T) {
	var s supplied
	if set, ok := s.set(); set != nil || !ok {
		t.Errorf("got %v, %v", set, ok)
	}
}

// TestBeside_FILE8: what contradicts the set is left out of what routers are told and
// counted, and told all the same where the operator asks for it.
func TestBeside_FILE8(t *testing.T) {
	at := func(text string) wire.Resource { return inr.FromPrefix(netip.MustParsePrefix(text)) }
	all := rtr.Set{
		Payloads:  []vrp.Payload{{Prefix: at("5.44.0.0/22"), MaxLength: 22, AS: 1}, {Prefix: at("5.44.0.0/22"), MaxLength: 22, AS: 2}},
		Providers: []vrp.Providers{{Customer: 1, List: []uint64{3}}},
	}
	set := &observed.Export{
		Payloads:  []observed.Payload{{Prefix: at("5.44.0.0/16"), MaxLength: 24, AS: 1}},
		Providers: []observed.Providers{{Customer: 1, List: []uint64{4}}},
	}
	n := new(Node)
	if got := n.beside(all, set); len(got.Payloads) != 1 || got.Payloads[0].AS != 1 || len(got.Providers) != 0 || n.supplied.left.Load() != 2 {
		t.Errorf("got %+v, %d left out", got, n.supplied.left.Load())
	}
	n.cfg.OverRPKI = true
	if got := n.beside(all, set); len(got.Payloads) != 2 || len(got.Providers) != 1 || n.supplied.left.Load() != 2 {
		t.Errorf("over it: got %+v, %d contradict it", got, n.supplied.left.Load())
	}
	if got := n.beside(all, nil); len(got.Payloads) != 2 || n.supplied.left.Load() != 0 {
		t.Errorf("without it: got %+v", got)
	}
}
