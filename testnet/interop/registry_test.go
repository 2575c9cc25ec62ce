package interop_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ipledger/ledger/genesis"
	"ipledger/ledger/inr"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// TestStatistics: the repository's own reader and awk read the statistics, their sums
// are those of the ledger's register, and the digests are those of the file.
func TestStatistics(t *testing.T) {
	raw := fetch(t, "/delegated-ipledger-extended-latest")
	_, report, err := genesis.Rows([]genesis.Stats{{Name: "delegated-ipledger-extended-latest", Raw: raw}})
	if err != nil {
		t.Fatal(err)
	}
	f := report.Files[0]
	if f.Rejected+f.Conflicting+f.Cut+f.Merged != 0 || len(f.Warnings) > 0 || f.Rows == 0 {
		t.Fatalf("got %+v", f)
	}
	register, err := genesis.DecodeRegister(fetch(t, "/v1/register"))
	if err != nil {
		t.Fatal(err)
	}
	var addresses, numbers uint64
	for _, one := range register.Titles {
		size := uint64(1) << (one.Resource.Family.Bits() - int(one.Resource.Len)) // wraps to 0 for IPv6
		switch {
		case one.Source.Status == "available" || one.Source.Status == "reserved":
		case one.Resource.Family == wire.IPv4:
			addresses += size
		case one.Resource.Family == wire.ASN:
			numbers += size
		}
	}
	if got := report.Totals.Counts; got.IPv4Addresses != addresses || got.ASNumbers != numbers || addresses == 0 {
		t.Errorf("the statistics sum up to %+v, the register to %d addresses and %d AS numbers", got, addresses, numbers)
	}
	dir := t.TempDir()
	name := filepath.Join(dir, "delegated-ipledger-extended-latest")
	for ending, content := range map[string][]byte{"": raw, ".md5": fetch(t, "/delegated-ipledger-extended-latest.md5"), ".sha256": fetch(t, "/delegated-ipledger-extended-latest.sha256")} {
		if err := os.WriteFile(name+ending, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for program, ending := range map[string]string{"md5sum": ".md5", "sha256sum": ".sha256"} {
		cmd := exec.Command(tool(t, program), "-c", name+ending)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v: %s", program, err, out)
		}
	}
	const script = `$1 != "2.3" && $6 != "summary" && NF != 9 { bad++ } $1 == "2.3" { said = $4 } NF == 9 { n++ } $3 == "ipv4" && NF == 9 && $7 !~ /available|reserved/ { sum += $5 }
END { printf "%d %d %.0f", bad, said - n, sum }`
	if got := run(t, tool(t, "awk"), "-F|", script, name); got != fmt.Sprintf("0 0 %d", addresses) {
		t.Errorf("awk says %s, the register has %d addresses", got, addresses)
	}
}

// TestReverseZone: BIND's own check takes the zone that the tool writes.
func TestReverseZone(t *testing.T) {
	check := tool(t, "named-checkzone")
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	for at, servers := range map[string]string{"5.44.16.0/22": "ns1.nordlicht.example ns2.nordlicht.example", "5.44.20.64/26": "ns3.nordlicht.example"} {
		ds := "12345 13 2 " + strings.Repeat("5f", 32)
		if _, _, err := network.Do(ctx, full, "nordlicht", 3, &tx.ReverseSet{Resource: blockOf(t, at), Servers: servers, DS: ds}); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	ipledger, zone := filepath.Join(dir, "ipledger"), filepath.Join(dir, "zone")
	if out, err := exec.Command("go", "build", "-ldflags=-s -w", "-o", ipledger, "ipledger/cmd/ipledger").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var said string
	eventually(t, "the tool to write the zone", patience, func() bool {
		out, err := exec.Command(ipledger, "reverse", "zone", "5.44.0.0/16", "--server", "ns1.example.net", "--out", zone,
			"--node", network.HTTP(full), "--trust", network.File.TrustFile).CombinedOutput()
		said = string(out)
		raw, _ := os.ReadFile(zone)
		return err == nil && strings.Contains(string(raw), "64/26.20 IN NS ns3")
	})
	text, err := os.ReadFile(zone)
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	if out, err := exec.Command(check, "-i", "local", "-k", "fail", "44.5.in-addr.arpa", zone).CombinedOutput(); err != nil || !strings.Contains(string(out), "OK") {
		t.Errorf("%v: %s\n%s", err, out, text)
	}
	if n := strings.Count(string(text), " IN NS ns1.nordlicht.example."); n != 4 {
		t.Errorf("%d zones of the /22:\n%s", n, text)
	}
	if n := strings.Count(string(text), " IN CNAME "); n != 64 {
		t.Errorf("%d aliases of the /26", n)
	}
}

func blockOf(t *testing.T, text string) wire.Resource {
	t.Helper()
	r, err := inr.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
