package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"testing"
	"time"
)

// page imports the verifier as a node serves it, asks it every vector of the
// chapter of proof files, times it, and tells what came of it.
const page = `<!doctype html><meta charset="utf-8"><title>verifier</title>
<script type="importmap">{"imports":{"@noble/curves/":"/modules/@noble/curves/","@noble/hashes/":"/modules/@noble/hashes/"}}</script>
<script type="module">
import { ed25519 } from '@noble/curves/ed25519.js';
import { verify } from '/verifier/verify.js';
const text = (s) => new TextEncoder().encode(s), un = (s) => Uint8Array.from(s.match(/../g) ?? [], (x) => parseInt(x, 16));
const judged = (raw, trust) => { try { return { says: verify(raw, trust).statement }; } catch (e) { return e.rule ? { rule: e.rule } : { crash: String(e.stack) }; } };
const each = (n, f) => { const from = performance.now(); for (let i = 0; i < n; i++) f(); return (performance.now() - from) / n; };
const word = new Uint8Array(120), key = ed25519.keygen(), sig = ed25519.sign(word, key.secretKey);
const one = () => ed25519.verify(sig, word, key.publicKey, { zip215: true });
const timed = (raw, trust) => {
  const file = () => verify(raw, trust);
  each(25, one); each(10, file); // warm
  const rounds = Array.from({ length: 5 }, () => [each(20, one), each(10, file)]), middle = (i) => rounds.map((r) => r[i]).sort((a, b) => a - b)[2];
  return [middle(0), middle(1)];
};
const told = { agent: navigator.userAgent, valid: [], invalid: [] };
try {
  const v = await (await fetch('/vectors')).json(), trust = text(v.trust);
  for (const c of v.valid) told.valid.push({ json: judged(text(c.file), trust), binary: judged(un(c.binary), trust), ms: timed(text(c.file), trust) });
  for (const c of v.invalid) told.invalid.push(judged(c.hex ? un(c.hex) : text(c.file), c.trust ? text(c.trust) : trust));
} catch (e) { told.crash = String(e.stack); }
await fetch('/told', { method: 'POST', body: JSON.stringify(told) });
</script>`

// browserSaid is what the page tells.
type browserSaid struct {
	Agent, Crash string
	Valid        []struct {
		JSON, Binary said
		MS           [2]float64 // one bare verification of a signature, and the file
	}
	Invalid []said
}

// TestBrowser_PRF13 has a browser verify every vector with the files that a node
// serves to it, and prints what a file takes beside as many bare verifications
// as it has signatures. It fails on a verdict, never on a time.
func TestBrowser_PRF13(t *testing.T) {
	var v struct {
		Trust   string          `json:"trust"`
		Valid   []proofVector   `json:"valid"`
		Invalid []forgeryVector `json:"invalid"`
	}
	vectors(t, "proofs", &v)
	got := browse(t, v)
	if got.Crash != "" || len(got.Valid) != len(v.Valid) || len(got.Invalid) != len(v.Invalid) {
		t.Fatalf("%d and %d answers to %d and %d vectors: %s", len(got.Valid), len(got.Invalid), len(v.Valid), len(v.Invalid), got.Crash)
	}
	const signatures = 4 // of the vectors' committee
	for i, c := range v.Valid {
		g := got.Valid[i]
		for form, s := range map[string]said{"JSON": g.JSON, "binary": g.Binary} {
			if s.Says == nil || *s.Says != c.Statement {
				t.Errorf("%s, %s: %+v, want %q", c.Name, form, s, c.Statement)
			}
		}
		t.Logf("verifier_browser_ratio %.2f: %s %.2f ms, %d signatures %.2f ms", g.MS[1]/(signatures*g.MS[0]), c.Name, g.MS[1], signatures, signatures*g.MS[0])
	}
	for i, c := range v.Invalid {
		if got.Invalid[i].Rule != c.Rule {
			t.Errorf("%s: %+v, want refused by %s", c.Name, got.Invalid[i], c.Rule)
		}
	}
	t.Logf("verifier_browser %s: %d vectors hold, %d are refused", got.Agent, len(v.Valid), len(v.Invalid))
}

type proofVector struct {
	Name      string `json:"name"`
	Statement string `json:"statement"`
	File      string `json:"file"`
	Binary    string `json:"binary"`
}

type forgeryVector struct {
	Name  string `json:"name"`
	Rule  string `json:"rule"`
	Trust string `json:"trust,omitempty"`
	File  string `json:"file,omitempty"`
	Hex   string `json:"hex,omitempty"`
}

// browse opens the page in a browser without a window, and gives what it tells.
// It is skipped by name where there is no browser or no library.
func browse(t *testing.T, vectors any) (out browserSaid) {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("skipped: chromium is not on this machine")
	}
	modules := os.Getenv(modulesVariable)
	if modules == "" {
		t.Skipf("skipped: %s does not name a folder with @noble/curves and @noble/hashes", modulesVariable)
	}
	told := make(chan browserSaid, 1)
	site := httptest.NewServer(siteOf(modules, vectors, told))
	t.Cleanup(site.Close)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
		"--remote-debugging-port=0", "--user-data-dir="+t.TempDir(), site.URL)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // it ends its own processes
	cmd.WaitDelay = 30 * time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		cancel()
		_ = cmd.Wait() // it was ended
	}()
	select {
	case out = <-told:
	case <-ctx.Done():
		t.Fatalf("%s told nothing: %v", program, ctx.Err())
	}
	return out
}

// siteOf serves the page, the verifier as a node serves it, its libraries and the
// vectors, and takes what the page tells.
func siteOf(modules string, vectors any, told chan<- browserSaid) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, page) })
	mux.Handle("GET "+Root, Handler())
	mux.Handle("GET /modules/", http.StripPrefix("/modules/", http.FileServer(http.Dir(modules))))
	mux.HandleFunc("GET /vectors", func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(vectors) })
	mux.HandleFunc("POST /told", func(_ http.ResponseWriter, r *http.Request) {
		var s browserSaid
		if err := json.NewDecoder(r.Body).Decode(&s); err != nil {
			s.Crash = err.Error()
		}
		told <- s
	})
	return mux
}
