package local_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ipledger/node/keystore"
	"ipledger/testnet/local"
	"ipledger/testnet/world"
)

// TestStart_resumes ends a network and starts it again, twice: once to go on
// and once afresh.
func TestStart_resumes(t *testing.T) {
	o := local.Options{Home: filepath.Join(t.TempDir(), "net"), Binary: binary, Validators: 1, FullNodes: 1, Heartbeat: 1}
	first, err := local.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	n := net{first, t}
	height := n.status(0).Height
	checkFile(t, first)
	if _, err := local.Start(t.Context(), o); !errors.Is(err, local.ErrHome) {
		t.Errorf("a second network starts in a home that is in use: %v", err)
	}
	n.must(first.Stop())

	other := o
	other.FullNodes = 3
	if _, err := local.Start(t.Context(), other); !errors.Is(err, local.ErrOptions) {
		t.Errorf("a home of one full node is started with three: %v", err)
	}
	second, err := local.Start(t.Context(), o)
	n.must(err)
	n = net{second, t}
	if got := n.status(0).Height; got < height || second.File.GenesisHash != first.File.GenesisHash {
		t.Errorf("it goes on from height %d of %v, it ended at %d of %v", got, second.File.GenesisHash, height, first.File.GenesisHash)
	}
	n.must(second.Stop())

	o.Fresh = true
	third, err := local.Start(t.Context(), o)
	n.must(err)
	if third.File.GenesisHash == first.File.GenesisHash {
		t.Error("a fresh start has the old genesis")
	}
	n.must(third.Stop())
}

// checkFile holds testnet.json to what other programs rely on.
func checkFile(t *testing.T, n *local.Network) {
	t.Helper()
	raw, err := os.ReadFile(n.FileName())
	if err != nil {
		t.Fatal(err)
	}
	var f local.File
	if err := json.Unmarshal(raw, &f); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{f.TrustFile, f.Keystore, f.PasswordFile, f.Nodes[0].Home} {
		if _, err := os.Stat(name); err != nil || !filepath.IsAbs(name) {
			t.Errorf("%s is not a file with an absolute name: %v", name, err)
		}
	}
	if len(f.Nodes) != 2 || f.Nodes[0].PID == 0 || !strings.HasPrefix(f.Nodes[0].HTTP, "http://127.0.0.1:") || !strings.HasPrefix(f.Nodes[0].P2P, "/ip4/127.0.0.1/tcp/") || !strings.Contains(f.Nodes[0].P2P, "/p2p/12D3") {
		t.Errorf("nodes %+v", f.Nodes)
	}
	password, err := os.ReadFile(f.PasswordFile)
	if err != nil {
		t.Fatal(err)
	}
	keys := keystore.Open(f.Keystore, keystore.Weak)
	for _, a := range f.Accounts[:2] {
		key, err := keys.Unlock(a.Name, strings.TrimSpace(string(password)))
		if err != nil || key.Address() != a.Key || len(a.Holdings) < 3 {
			t.Errorf("account %+v: %v", a, err)
		}
	}
	if len(f.Accounts) < 24 {
		t.Errorf("%d accounts", len(f.Accounts))
	}
}

// TestStart_leavesOthersAlone refuses a folder that is no test network's, with
// and without a fresh start.
func TestStart_leavesOthersAlone(t *testing.T) {
	home := t.TempDir()
	mine := filepath.Join(home, "letters")
	if err := os.WriteFile(mine, []byte("dear"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, fresh := range []bool{false, true} {
		if _, err := local.Start(t.Context(), local.Options{Home: home, Binary: binary, Fresh: fresh}); !errors.Is(err, local.ErrHome) {
			t.Errorf("fresh %v: %v", fresh, err)
		}
	}
	if raw, err := os.ReadFile(mine); err != nil || string(raw) != "dear" {
		t.Errorf("%q, %v", raw, err)
	}
}

// TestStart_genesis refuses members whose keys it does not have.
func TestStart_genesis(t *testing.T) {
	dir := t.TempDir()
	members := filepath.Join(dir, "members.toml")
	text := strings.Replace(world.Members(4), "d4fa528185a96d4134880323aacae493580fc51371295fb75592ed565ad9ab50", "8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c", 1)
	if err := os.WriteFile(members, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	genesis := build(t, dir, members, "", statsOf(t, dir)...)
	_, err := local.Start(t.Context(), local.Options{Home: filepath.Join(dir, "net"), Binary: binary, Genesis: genesis})
	if !errors.Is(err, local.ErrOptions) || !strings.Contains(err.Error(), "Registrum Frankfurt") {
		t.Errorf("got %v", err)
	}
}
