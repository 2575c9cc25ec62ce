package local_test

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ipledger/ledger/inr"
	"ipledger/ledger/tx"
	"ipledger/testnet/local"
)

// driftPatience is how long a test waits for a comparison: a node makes one a minute.
const driftPatience = 4 * time.Minute

// TestDrift_DRIFT10_DRIFT11: a node that is given a validator's export and a routing
// table, compressed, warns of a hijack when the table shows it and of what an act
// makes drift, each once, and lists and measures both.
func TestDrift_DRIFT10_DRIFT11(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	export, table := filepath.Join(dir, "vrps.json"), filepath.Join(dir, "rib.txt.gz")
	place(t, export, []byte(`{"roas": [{"asn": 219911, "prefix": "5.44.0.0/16", "maxLength": 16}]}`))
	place(t, table, zipped(t, "5.44.0.0/16 219911\n"))
	network, err := local.Start(t.Context(), local.Options{
		Home: t.TempDir(), Binary: binary, Validators: 1, Heartbeat: 1, Tell: func(line string) { t.Log(line) },
		Settings: []string{`rpki_vrps = "` + export + `"`, `drift_table = "` + table + `"`},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := network.Stop(); err != nil {
			t.Error(err)
		}
	})
	n := net{network, t}
	first := n.drifts("a first comparison", func(d drifts) bool { return d.Counts["agreed"] == 1 })
	if first.Counts["valid"] != 1 || first.Counts["missing"] == 0 || first.Counts["invalid_origin"] != 0 {
		t.Errorf("at first: %+v", first)
	}
	place(t, table, zipped(t, "5.44.0.0/16 219911\n5.44.8.0/24 64501\n"))
	res, err := inr.Parse("5.44.0.0/16")
	n.must(err)
	_, _, err = n.Do(n.soon(), 0, "nordlicht", 0, &tx.OriginAuthorise{Resource: res, MaxLength: 24, AS: 219911})
	n.must(err)
	then := n.drifts("the hijack", func(d drifts) bool { return d.Counts["invalid_origin"] == 1 && d.Counts["not_in_rpki"] == 1 })
	if f := then.Findings[0]; f.Category != "invalid_origin" || f.Prefix != "5.44.8.0/24" || f.AS != "64501" {
		t.Errorf("then: %+v", then.Findings)
	}
	measured, err := n.Fetch(n.soon(), 0, "/metrics")
	n.must(err)
	for _, line := range []string{`ipledger_drift_findings{category="invalid_origin"} 1`, `ipledger_drift_routes 2`, `ipledger_drift_faulty 0`} {
		if !strings.Contains(string(measured), line+"\n") {
			t.Errorf("the measurements lack %s", line)
		}
	}
	log, err := os.ReadFile(filepath.Join(n.File.Nodes[0].Home, "node.log"))
	n.must(err)
	for _, once := range []string{"category=invalid_origin new=1 ", "category=not_in_rpki new=1 "} {
		if strings.Count(string(log), once) != 1 {
			t.Errorf("the log has %q %d times", once, strings.Count(string(log), once))
		}
	}
}

// place puts a file in the place of another, as an operator should.
func place(t *testing.T, path string, raw []byte) {
	t.Helper()
	if err := os.WriteFile(path+".new", raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

func zipped(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// drifts is as much of a node's comparison as the test looks at.
type drifts struct {
	Counts   map[string]int
	Fault    string
	Findings []struct {
		Category, Prefix string
		AS               string `json:"as"`
	}
}

// drifts waits for a comparison.
func (n net) drifts(what string, done func(drifts) bool) (d drifts) {
	n.t.Helper()
	for end := time.Now().Add(driftPatience); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		d = drifts{}
		if err := n.Get(n.soon(), 0, "/v1/drift", &d); err == nil && done(d) {
			return d
		}
	}
	n.t.Fatalf("waited %v for %s: %+v", driftPatience, what, d)
	return d
}
