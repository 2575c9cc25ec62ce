package main

import (
	"bytes"
	"crypto/ed25519"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ipledger/ledger/blocklog"
	"ipledger/ledger/chain"
	"ipledger/ledger/wire"
)

var watched = blocklog.Origin(wire.Hash{1})

// leaves is a log of n blocks.
func leaves(n int) (out []wire.Hash) {
	for i := range n {
		out = append(out, chain.LogLeaf(uint64(i+1), wire.Hash{byte(i)}))
	}
	return out
}

func seeded(b byte) ed25519.PrivateKey { return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{b}, 32)) }

// asked is a request for a log, from a size, by a log key.
func asked(t *testing.T, all []wire.Hash, old uint64, key ed25519.PrivateKey, origin string) []byte {
	t.Helper()
	note, err := blocklog.Checkpoint{Origin: origin, Size: uint64(len(all)), Root: chain.Root(all)}.Sign(blocklog.NewLogSigner(origin, key))
	if err != nil {
		t.Fatal(err)
	}
	r := blocklog.Request{Old: old, Note: note}
	if old > 0 && old < uint64(len(all)) {
		r.Path = chain.ProveConsistency(all, old).Path
	}
	return r.Bytes()
}

// TestWitness_LOG8_LOG9_LOG10 answers as C2SP wants it, has on disk what it has
// signed, and after a restart never goes back.
func TestWitness_LOG8_LOG9_LOG10(t *testing.T) {
	dir := t.TempDir()
	w := witnessing{
		name: "one.example", key: filepath.Join(dir, "key"), memory: filepath.Join(dir, "memory"), fresh: true,
		logs: []string{blocklog.NewLogSigner(watched, seeded(1)).VerifierKey()},
	}
	c, err := w.open()
	if err != nil {
		t.Fatal(err)
	}
	all := leaves(300)
	forked := append(leaves(99), leaves(300)[100:]...)
	post := func(c *cosigner, body []byte) (int, string) {
		t.Helper()
		server := httptest.NewServer(c)
		defer server.Close()
		res, err := http.Post(server.URL+"/add-checkpoint", "", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		raw, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(raw)
	}
	for _, step := range []struct {
		why  string
		body []byte
		code int
		says string
	}{
		{"the first", asked(t, all[:100], 0, seeded(1), watched), 200, "— one.example "},
		{"the same", asked(t, all[:100], 100, seeded(1), watched), 200, "— one.example "},
		{"a longer one", asked(t, all, 100, seeded(1), watched), 200, "— one.example "},
		{"an older one", asked(t, all[:200], 100, seeded(1), watched), 409, "300\n"},
		{"from an older one", asked(t, all, 100, seeded(1), watched), 409, "300\n"},
		{"back from the newest", asked(t, all[:200], 300, seeded(1), watched), 400, "LOG-10"},
		{"another log", asked(t, append(forked, wire.Hash{1}), 300, seeded(1), watched), 409, "300\n"},
		{"another log that is longer", asked(t, append(forked, leaves(9)...), 300, seeded(1), watched), 422, "LOG-8"},
		{"a stranger's", asked(t, all, 300, seeded(2), watched), 403, "LOG-8"},
		{"a log that is not watched", asked(t, all, 0, seeded(1), "other"), 404, "does not watch"},
		{"noise", []byte("noise"), 400, "LOG-10"},
		{"too long", make([]byte, blocklog.RequestBytesMax+1), 400, "too long"},
	} {
		if code, body := post(c, step.body); code != step.code || !strings.Contains(body, step.says) {
			t.Errorf("%s: %d %q, want %d %q", step.why, code, body, step.code, step.says)
		}
	}
	w.fresh = false
	again, err := w.open()
	if err != nil || again.memory.held[watched].Size != 300 || !again.key.Equal(c.key) {
		t.Fatalf("after a restart it remembers %+v, %v", again.memory.held, err)
	}
	if code, _ := post(again, asked(t, all[:200], 0, seeded(1), watched)); code != 409 {
		t.Errorf("after a restart it goes back: %d", code)
	}
	public, err := os.ReadFile(w.key + ".pub")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := blocklog.ParseWitness(strings.TrimSuffix(string(public), "\n")); err != nil {
		t.Errorf("%s: %v", public, err)
	}
	broken := &cosigner{name: c.name, key: c.key, logs: c.logs, now: time.Now, memory: &memory{name: filepath.Join(dir, "gone", "memory"), held: map[string]blocklog.Held{}}}
	if code, body := post(broken, asked(t, all, 0, seeded(1), watched)); code != 500 || strings.Contains(body, "— one") || broken.memory.held[watched].Size != 0 {
		t.Errorf("it signed what it could not keep: %d %q", code, body)
	}
	for why, change := range map[string]func(*witnessing){
		"memory that is there": func(w *witnessing) { w.fresh = true },
		"memory that is gone":  func(w *witnessing) { w.memory = filepath.Join(dir, "other") },
		"a name with a space":  func(w *witnessing) { w.name = "one example" },
		"no log":               func(w *witnessing) { w.logs = nil },
		"a log that is none":   func(w *witnessing) { w.logs = []string{"a+b+c"} },
	} {
		changed := w
		change(&changed)
		if _, err := changed.open(); codeOf(err) != exitUsage {
			t.Errorf("%s: %v", why, err)
		}
	}
	if err := os.WriteFile(w.memory, []byte("rot"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := w.open(); codeOf(err) != exitFailed {
		t.Errorf("a damaged memory: %v", err)
	}
}

// TestAlways: the answer to anything else says what there is.
func TestWitness_otherPaths(t *testing.T) {
	server := httptest.NewServer(&cosigner{})
	defer server.Close()
	res, err := http.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusNotFound {
		t.Errorf("status %d", res.StatusCode)
	}
}
