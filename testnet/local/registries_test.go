package local_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"ipledger/ledger/account"
	"ipledger/testnet/local"
	"ipledger/testnet/world"
)

// build runs `ipledgerd genesis build` for a test network, and gives the
// genesis file.
func build(t *testing.T, dir, members, holdings string, stats ...string) string {
	t.Helper()
	out := filepath.Join(dir, "genesis.json")
	args := []string{"genesis", "build", "--test", "--chain-id", "registries-1", "--members", members, "--out", out}
	if holdings != "" {
		args = append(args, "--holdings", holdings)
	}
	for _, s := range stats {
		args = append(args, "--stats", s)
	}
	if said, err := exec.Command(binary, args...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	return out
}

// statsOf writes the embedded statistics into a folder.
func statsOf(t *testing.T, dir string) (names []string) {
	t.Helper()
	for _, s := range world.Stats() {
		name := filepath.Join(dir, filepath.Base(s))
		if err := os.WriteFile(name, world.Read(s), 0o600); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	return names
}

// registriesDir is where the registries' own files of 2025-11-28 may stand.
const registriesDir = "../../../shared/data/stats-20251128"

// registries asks for TestNetwork_registries, which takes a minute and gigabytes.
var registries = flag.Bool("registries", false, "run a network on the registries' own files")

// TestNetwork_registries is a network on what the five registries published on
// 2025-11-28, some 350,000 records.
func TestNetwork_registries(t *testing.T) {
	if !*registries {
		t.Skip("a network on the registries' own files was not asked for: -registries")
	}
	stats, err := filepath.Glob(filepath.Join(registriesDir, "*-*.gz"))
	stats = slices.DeleteFunc(stats, func(name string) bool { return strings.Contains(name, "source") })
	if err != nil || len(stats) < 5 {
		t.Skipf("the registries' files of 2025-11-28 are not in %s: this test needs them and nothing else does", registriesDir)
	}
	dir := t.TempDir()
	members, holdings := filepath.Join(dir, "members.toml"), filepath.Join(dir, "holdings.toml")
	if err := os.WriteFile(members, world.Read(world.MembersFile), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(holdings, registryHoldings(), 0o600); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	genesis := build(t, dir, members, holdings, stats...)
	t.Logf("genesis of %d files built in %v", len(stats), time.Since(begun).Round(10*time.Millisecond))
	begun = time.Now()
	n := start(t, local.Options{Home: filepath.Join(dir, "net"), Genesis: genesis})
	t.Logf("five nodes started in %v", time.Since(begun).Round(10*time.Millisecond))
	begun = time.Now()
	_, accept := n.transfer(full, "193.0.0.0/24", "nordlicht", "sakura")
	for i := range 5 {
		_, err := n.Done(n.soon(), i, accept)
		n.must(err)
	}
	t.Logf("offer and acceptance final on all nodes after %v", time.Since(begun).Round(time.Millisecond))
	n.must(n.Kill(0))
	begun = time.Now()
	n.must(n.Restart(n.soon(), 0))
	t.Logf("a killed node answers after %v", time.Since(begun).Round(10*time.Millisecond))
	n.level()
}

// registryHoldings gives two accounts blocks that the registries list.
func registryHoldings() []byte {
	var b bytes.Buffer
	for _, a := range []struct{ name, land, block string }{{"nordlicht", "DE", "193.0.0.0/21"}, {"sakura", "JP", "202.12.29.0/24"}} {
		key := world.Key(a.name)
		fmt.Fprintf(&b, "[[account]]\nname = %q\njurisdiction = %q\ntitle_keys = [%q]\nholdings = [%q]\n\n",
			a.name, a.land, account.Key{Alg: account.Secp256k1, Addr: account.AddressOf(&key.PublicKey)}, a.block)
	}
	return b.Bytes()
}
