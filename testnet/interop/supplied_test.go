package interop_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ipledger/ledger/observed"
)

// fetch is a file of the node.
func fetch(t *testing.T, path string) []byte {
	t.Helper()
	raw, err := network.Fetch(t.Context(), full, path)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// texts is payloads as text.
func texts(list []payload) (out []string) {
	for _, p := range list {
		out = append(out, p.String())
	}
	slices.Sort(out)
	return out
}

// TestVRPs_stable: the lists are sorted, both say the same, and who has them is told so.
func TestVRPs_stable(t *testing.T) {
	var lists [2]*observed.Export
	for i, path := range []string{"/vrps.json", "/vrps.csv"} {
		raw := fetch(t, path)
		if again := fetch(t, path); !bytes.Equal(again, raw) {
			t.Errorf("%s differs from one moment to the next", path)
		}
		var err error
		if lists[i], err = observed.ReadExport(bytes.NewReader(raw)); err != nil {
			t.Fatal(err)
		}
	}
	if len(lists[0].Payloads) == 0 || !slices.Equal(lists[0].Payloads, lists[1].Payloads) {
		t.Errorf("JSON has %v, CSV %v", lists[0].Payloads, lists[1].Payloads)
	}
	if len(lists[0].Providers) == 0 || lists[0].Providers[0].Customer != 219911 {
		t.Errorf("got %v", lists[0].Providers)
	}
	lines := strings.Split(strings.TrimSpace(string(fetch(t, "/vrps.csv"))), "\n")
	if lines[0] != "ASN,IP Prefix,Max Length,Trust Anchor" || len(lines) != 1+len(lists[1].Payloads) {
		t.Errorf("got %v", lines)
	}
	answer, err := http.Get(network.HTTP(full) + "/vrps.json")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, answer.Body)
	answer.Body.Close()
	r, _ := http.NewRequest(http.MethodGet, network.HTTP(full)+"/vrps.json", nil)
	r.Header.Set("If-None-Match", answer.Header.Get("ETag"))
	if answer, err = http.DefaultClient.Do(r); err != nil || answer.StatusCode != http.StatusNotModified {
		t.Errorf("got %v, %v", answer, err)
	}
}

// TestRTRDump_v1: StayRTR's client has what the node's own list has.
func TestRTRDump_v1(t *testing.T) {
	for _, name := range stayRTRs {
		t.Run(name, func(t *testing.T) { dumps(t, tool(t, name)) })
	}
}

func dumps(t *testing.T, name string) {
	out := filepath.Join(t.TempDir(), "d.json")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if said, err := exec.CommandContext(ctx, name, "-connect", network.File.Nodes[full].RTR, "-rtr.version", "1", "-file", out).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	raw, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	got, err := observed.ReadExport(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("%v\n%s", err, raw)
	}
	want, err := observed.ReadExport(bytes.NewReader(fetch(t, "/vrps.json")))
	if err != nil || !slices.Equal(got.Payloads, want.Payloads) {
		t.Errorf("it has %v, the node says %v, %v", got.Payloads, want.Payloads, err)
	}
}

// leftOut is how many of the ledger's payloads the node says contradict what it was
// given, and of how many.
func leftOut(t *testing.T) (left, of int) {
	var status struct {
		RPKI struct {
			Payloads int `json:"payloads"`
			Left     int `json:"left_out"`
		} `json:"rpki"`
	}
	if err := json.Unmarshal(fetch(t, "/v1/status"), &status); err != nil {
		t.Fatal(err)
	}
	return status.RPKI.Left, status.RPKI.Payloads
}

// has reports whether a server tells a router what is wanted, and nothing else.
func has(t *testing.T, host, port string, want []string) bool {
	got, err := triedRows(t, host, port, tryMost)
	return err == nil && slices.Equal(texts(got), want)
}

// TestSupplied: what contradicts the RPKI's payloads leaves every export, is counted,
// and comes back when the operator asks for it, as local exceptions with filters.
func TestSupplied(t *testing.T) {
	host, port := routers(t)
	before := served(t)
	rows := []string{`{"asn": 2121, "prefix": "5.44.0.0/22", "maxLength": 22}`, `{"asn": "AS3333", "prefix": "5.44.8.0/24", "maxLength": 24}`}
	if err := supply(rows...); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := supply(`{"asn": 19281, "prefix": "9.9.9.0/24", "maxLength": 24}`); err != nil {
			t.Error(err)
		}
		if err := network.Restart(context.Background(), full); err != nil {
			t.Error(err)
		}
		eventually(t, "the routers' list to be as it was", patience, func() bool { return has(t, host, port, texts(before)) })
	}()
	against := []string{"5.44.0.0/22-24 AS2121", "5.44.0.0/24-24 AS3333"}
	left := slices.DeleteFunc(texts(before), func(text string) bool { return slices.Contains(against, text) })
	if len(left) != len(before)-2 {
		t.Fatalf("before, the list has %v", before)
	}
	eventually(t, "the node to leave two out", patience, func() bool { left, of := leftOut(t); return left == 2 && of == 2 })
	if got := texts(served(t)); !slices.Equal(got, left) {
		t.Errorf("the list has %v", got)
	}
	eventually(t, "a router to have what is left", patience, func() bool { return has(t, host, port, left) })
	if text := string(fetch(t, "/slurm.json")); strings.Count(text, `"maxPrefixLength"`) != len(left) || !strings.Contains(text, `"5.44.8.0/21"`) {
		t.Errorf("got %s", text)
	}
	// Another AS than the validator says may not be made valid; the same may.
	if err := network.Restart(t.Context(), full, "IPLEDGERD_RTR_OVER_RPKI=true"); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the node to export all", patience, func() bool { return has(t, host, port, texts(before)) })
	if n, of := leftOut(t); n != 2 || of != 2 {
		t.Errorf("%d of the ledger's payloads contradict %d", n, of)
	}
	for name := range stayRTRs {
		t.Run(name, func(t *testing.T) { stayRTRWithSLURM(t, tool(t, name), append(texts(before), "5.44.0.0/22-22 AS2121")) })
	}
}

// stayRTRWithSLURM gives StayRTR the validator's export and the node's local exceptions,
// and reads what comes out of both.
func stayRTRWithSLURM(t *testing.T, name string, want []string) {
	dir := t.TempDir()
	exceptions := filepath.Join(dir, "slurm.json")
	if err := os.WriteFile(exceptions, fetch(t, "/slurm.json"), 0o600); err != nil {
		t.Fatal(err)
	}
	port := free(t)
	daemon(t, name, "-cache", supplied, "-slurm", exceptions, "-bind", "127.0.0.1:"+port, "-metrics.addr", "127.0.0.1:"+free(t), "-checktime=false", "-refresh", "10")
	slices.Sort(want)
	eventually(t, fmt.Sprintf("StayRTR to serve %v", want), patience, func() bool {
		conn, err := net.Dial("tcp", "127.0.0.1:"+port)
		if err != nil {
			return false
		}
		_ = conn.Close()
		return has(t, "127.0.0.1", port, want)
	})
}
