package main

import (
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"ipledger/ledger/chain"
	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// headers is a node that gives the headers of a small chain, which ends some minutes ago.
type headers struct {
	keys    []ed25519.PrivateKey // in the order of the set
	set     chain.ValidatorSet
	first   uint64 // Unix seconds of header 1
	height  uint64
	variant byte // two nodes of one variant show one chain
	from    uint64
}

func newHeaders(seed byte, height uint64) *headers {
	n := &headers{first: uint64(time.Now().Unix()) - 15*(height+10), height: height}
	for i := range 4 {
		n.keys = append(n.keys, ed25519.NewKeyFromSeed(append(make([]byte, 30), seed, byte(i))))
	}
	validator := func(k ed25519.PrivateKey) chain.Validator {
		return chain.Validator{Alg: chain.Ed25519, PubKey: [32]byte(k.Public().(ed25519.PublicKey)), Power: 1}
	}
	slices.SortFunc(n.keys, func(a, b ed25519.PrivateKey) int {
		x, y := validator(a).Address(), validator(b).Address()
		return slices.Compare(x[:], y[:])
	})
	for _, k := range n.keys {
		n.set = append(n.set, validator(k))
	}
	return n
}

// fork is the same validators' other chain, from a height on.
func (n *headers) fork(from uint64) *headers {
	other := *n
	other.variant, other.from = 1, from
	return &other
}

func (n *headers) header(height uint64) chain.Header {
	variant := byte(0)
	if height >= n.from {
		variant = n.variant
	}
	some := wire.Hash{9, variant}
	return chain.Header{
		Version: chain.Version{Block: chain.BlockVersion, App: 1}, ChainID: "light-test", Height: height,
		Time:      chain.Time{Seconds: n.first + 15*height},
		LastBlock: chain.BlockID{Hash: some, Total: 1, Parts: some}, LastCommitHash: some, DataHash: some,
		ValidatorsHash: n.set.Hash(), NextValidatorsHash: n.set.Hash(), ConsensusHash: some, EvidenceHash: some,
		Proposer: n.set[0].Address(),
	}
}

func (n *headers) step(height uint64) light.Step {
	h := n.header(height)
	return light.NewStep(h, n.sign(h), n.set)
}

func (n *headers) sign(h chain.Header) chain.Certificate {
	cert := chain.Certificate{Height: h.Height, Block: chain.BlockID{Hash: h.Hash(), Total: 1, Parts: wire.Hash{1}}}
	for range n.keys {
		cert.Slots = append(cert.Slots, chain.Slot{Flag: chain.Committed, Time: h.Time, Sig: make([]byte, 64)})
	}
	for i, k := range n.keys {
		cert.Slots[i].Sig = ed25519.Sign(k, cert.SignBytes(h.ChainID, i))
	}
	return cert
}

// proof is what stands at a block of a state after the block of a height, at a time.
func (n *headers) proof(t *testing.T, height, time uint64, state tree.State) []byte {
	t.Helper()
	s := light.Source{Genesis: wire.Hash{3}, Log: wire.Hash{4}, State: state}
	s.Block, s.Next, s.Validators = n.header(height), n.header(height+1), n.set
	s.Block.Time.Seconds, s.Next.Time.Seconds = time, time+15
	s.Next.LastBlock.Hash, s.Next.AppHash = s.Block.Hash(), chain.AppHash(s.State.Root(), s.Log)
	s.Certificate = n.sign(s.Next)
	r, err := inr.Parse("8.8.8.0/24")
	if err != nil {
		t.Fatal(err)
	}
	f, err := s.Resource(r)
	if err != nil {
		t.Fatal(err)
	}
	return f.Bytes()
}

// nobody is the proof that there is no account after the block of a height.
func (n *headers) nobody(t *testing.T, height uint64, id wire.Address) []byte {
	t.Helper()
	s := light.Source{Genesis: wire.Hash{3}, Log: wire.Hash{4}}
	s.Block, s.Next, s.Validators = n.header(height), n.header(height+1), n.set
	s.Next.LastBlock.Hash, s.Next.AppHash = s.Block.Hash(), chain.AppHash(s.State.Root(), s.Log)
	s.Certificate = n.sign(s.Next)
	f, err := s.Account(id)
	if err != nil {
		t.Fatal(err)
	}
	return f.Bytes()
}

func (n *headers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text := strings.TrimPrefix(r.URL.Path, "/v1/headers/")
	height, err := strconv.ParseUint(text, 10, 64)
	if text == "latest" {
		height, err = n.height, nil
	}
	if err != nil || height == 0 || height > n.height {
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"code":"unknown_height","detail":"there is no such header"}`)
		return
	}
	_ = json.NewEncoder(w).Encode(n.step(height))
}

func (n *headers) url(t *testing.T) string {
	s := httptest.NewServer(n)
	t.Cleanup(s.Close)
	return s.URL
}

// trust writes a trust file of a height and gives its name.
func (n *headers) trust(t *testing.T, height uint64) string {
	h := n.header(height)
	file := filepath.Join(t.TempDir(), "trust.json")
	trust := light.Trust{ChainID: h.ChainID, GenesisHash: wire.Hash{3}, Height: height, HeaderHash: h.Hash(), ValidatorsHash: h.ValidatorsHash}
	if err := os.WriteFile(file, trust.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func typedLight(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var stdout, stderr strings.Builder
	code = run(append([]string{"light", "--once"}, args...), strings.NewReader(""), &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

// TestLight_LIGHT5 follows a chain that two witnesses confirm, goes on from what
// it kept, and keeps the evidence when one shows another chain.
func TestLight_LIGHT5(t *testing.T) {
	t.Chdir(t.TempDir())
	n := newHeaders(1, 40)
	primary, second, third := n.url(t), n.url(t), n.url(t)
	trust := n.trust(t, 7)
	out := filepath.Join(t.TempDir(), "newer.json")
	args := []string{"--trust", trust, "--node", primary, "--witness", second, "--out", out}
	code, said, errs := typedLight(t, append(args, "--witness", third)...)
	if code != exitDone || !strings.Contains(said, "header 40 of") || !strings.Contains(said, "2 of 2 witnesses") || errs != "" {
		t.Fatalf("%d %s %s", code, said, errs)
	}
	raw, err := os.ReadFile(out)
	kept, bad := light.TrustFromBytes(raw)
	if err != nil || bad != nil || kept.Height != 40 || kept.GenesisHash != (wire.Hash{3}) {
		t.Fatalf("%v %v %+v", err, bad, kept)
	}
	n.height = 44
	if code, said, _ = typedLight(t, args...); code != exitDone || !strings.Contains(said, "header 44 of") {
		t.Errorf("%d %s", code, said)
	}
	n.height = 45
	liar := n.fork(10).url(t)
	code, _, errs = typedLight(t, append(args, "--witness", liar)...)
	if code != exitUnverified || !strings.Contains(errs, "the chain is forked") {
		t.Fatalf("%d %s", code, errs)
	}
	if raw, _ = os.ReadFile(out); string(raw) != string(mustTrust(t, n, 44)) {
		t.Error("a header of a forked chain was kept")
	}
	var shown, wrong strings.Builder
	if code := run([]string{"verify", "ipledger-45.fork.json"}, nil, &shown, &wrong); code != exitDone || !strings.Contains(shown.String(), "4 validators, with 4 of 4") {
		t.Errorf("%d %s %s", code, shown.String(), wrong.String())
	}
}

func mustTrust(t *testing.T, n *headers, height uint64) []byte {
	raw, err := os.ReadFile(n.trust(t, height))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// TestLight_LIGHT2_LIGHT5_lies: a stranger's header, a node behind, a trust file
// that is too old, and witnesses that do not answer.
func TestLight_LIGHT2_LIGHT5_lies(t *testing.T) {
	t.Chdir(t.TempDir())
	n, stranger := newHeaders(1, 40), newHeaders(2, 40)
	trust := n.trust(t, 7)
	code, said, errs := typedLight(t, "--trust", trust, "--node", n.url(t), "--witness", stranger.url(t), "--witness", "http://127.0.0.1:1")
	if code != exitDone || !strings.Contains(said, "0 of 2 witnesses") || !strings.Contains(errs, "does not verify") || !strings.Contains(errs, "cannot be reached") {
		t.Errorf("%d %s %s", code, said, errs)
	}
	if code, _, errs = typedLight(t, "--trust", trust, "--node", stranger.url(t)); code != exitUnverified {
		t.Errorf("a stranger's chain: %d %s", code, errs)
	}
	behind := *n
	behind.height = 20
	if code, _, errs = typedLight(t, "--trust", n.trust(t, 20), "--node", behind.url(t)); code != exitDone {
		t.Errorf("at the node's own height: %d %s", code, errs)
	}
	old := newHeaders(1, 40)
	old.first -= light.TrustSeconds + 3600
	if code, _, errs = typedLight(t, "--trust", old.trust(t, 7), "--node", old.url(t)); code != exitUnverified || !strings.Contains(errs, "take a newer trust file") {
		t.Errorf("a trust file of long ago: %d %s", code, errs)
	}
	if code, _, errs = typedLight(t, "--node", n.url(t)); code != exitUsage {
		t.Errorf("without a trust file: %d %s", code, errs)
	}
}

// TestLookup_LIGHT8: a proof that validators sign who may have left long ago is refused
// by the age of the trust file, though its signatures are good and its times recent.
func TestLookup_LIGHT8(t *testing.T) {
	t.Chdir(t.TempDir())
	now := uint64(time.Now().Unix())
	for name, c := range map[string]struct {
		age    uint64 // of the trust file's header
		gives  bool   // the node gives that header
		code   int
		errors string
	}{
		"a trust file of today":              {0, true, exitDone, ""},
		"one of fifteen days ago":            {15 * 24 * 3600, true, exitUnverified, "take a newer trust file"},
		"a node that does not give its time": {15 * 24 * 3600, false, exitDone, "its age is unknown"},
	} {
		n := newHeaders(1, 40)
		n.first -= c.age
		proof := n.proof(t, 50, now-60, tree.State{})
		node := answers{"/v1/resources/": text(http.StatusOK, string(proof))}
		if c.gives {
			node["/v1/headers/"] = n.ServeHTTP
		}
		code, out, errs := typed(t, node, "lookup", "8.8.8.0/24", "--trust", n.trust(t, 7))
		if code != c.code || !strings.Contains(errs, c.errors) || (code == exitDone) != strings.Contains(out, "unregistered") {
			t.Errorf("%s: exit code %d\n%s%s", name, code, out, errs)
		}
	}
}

// TestAccountShow_LIGHT8: an account is proven no otherwise than a block is.
func TestAccountShow_LIGHT8(t *testing.T) {
	t.Chdir(t.TempDir())
	id := wire.Address{5}
	for age, want := range map[uint64]int{0: exitNotFound, 15 * 24 * 3600: exitUnverified} {
		n := newHeaders(1, 40)
		n.first -= age
		node := answers{"/v1/accounts/": text(http.StatusOK, string(n.nobody(t, 30, id))), "/v1/headers/": n.ServeHTTP}
		if code, out, errs := typed(t, node, "account", "show", id.String(), "--trust", n.trust(t, 7)); code != want {
			t.Errorf("%d seconds old: exit code %d, want %d\n%s%s", age, code, want, out, errs)
		}
	}
}

// TestLookup_LIGHT9: who asks for a moment in the past is shown that moment, and not an
// earlier one whose proof is as good.
func TestLookup_LIGHT9(t *testing.T) {
	t.Chdir(t.TempDir())
	n := newHeaders(1, 40)
	now := uint64(time.Now().Unix())
	then := now - 7200 // of the block that is proven; its next header is 15 seconds later
	node := answers{"/v1/resources/": text(http.StatusOK, string(n.proof(t, 50, then, tree.State{}))), "/v1/headers/": n.ServeHTTP}
	for name, c := range map[string]struct {
		at     uint64
		code   int
		errors string
	}{
		"the block's own time":   {then, exitDone, ""},
		"just before the next":   {then + 14, exitDone, ""},
		"the next block's":       {then + 15, exitUnverified, "is not the last before the time asked for: block 51 came at"},
		"an hour later":          {then + 3600, exitUnverified, "is not the last"},
		"before the block":       {then - 1, exitUnverified, "after the time asked for"},
		"now, as if it stalled":  {now - 10, exitDone, "the answer is 2h"},
		"a time that is to come": {now + 3600, exitDone, "the answer is 2h"},
	} {
		at := time.Unix(int64(c.at), 0).UTC().Format(time.RFC3339)
		for _, form := range [][]string{nil, {"--json"}} {
			code, _, errs := typed(t, node, append([]string{"lookup", "8.8.8.0/24", "--trust", n.trust(t, 7), "--at", at}, form...)...)
			if code != c.code || !strings.Contains(errs, c.errors) {
				t.Errorf("%s: exit code %d, want %d\n%s", name, code, c.code, errs)
			}
		}
	}
}

// TestKeepFork: the evidence of one fork never takes the place of another's.
func TestKeepFork(t *testing.T) {
	t.Chdir(t.TempDir())
	if name, err := keepFork(7, []byte("one")); name != "ipledger-7.fork.json" || err != nil {
		t.Fatalf("the first: got %s, %v", name, err)
	}
	for range 2 {
		if name, err := keepFork(7, []byte("two")); name != "ipledger-7-2.fork.json" || err != nil {
			t.Errorf("another: got %s, %v", name, err)
		}
		if name, err := keepFork(7, []byte("one")); name != "ipledger-7.fork.json" || err != nil {
			t.Errorf("the same: got %s, %v", name, err)
		}
	}
}
