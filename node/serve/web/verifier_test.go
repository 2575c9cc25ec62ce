package web

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"flag"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"ipledger/ledger/light"
	"ipledger/specs"
)

// modulesVariable names the folder with @noble/curves and @noble/hashes, as the
// package client lays them out.
const modulesVariable = "IPLEDGER_NODE_MODULES"

// runtime lays the verifier out where Node finds its libraries, or skips by name
// what is missing.
func runtime(t testing.TB) (dir string) {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("skipped: node is not on this machine")
	}
	modules := os.Getenv(modulesVariable)
	if modules == "" {
		t.Skipf("skipped: %s does not name a folder with @noble/curves and @noble/hashes", modulesVariable)
	}
	dir = t.TempDir()
	if err := os.CopyFS(dir, Verifier()); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(modules, filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"package.json": `{"type":"module"}`, "run.js": runner} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// runner reads cases, a JSON object a line, from its input and answers each with
// one: what was asked of which function, and what it gave or refused.
const runner = `
import { createInterface } from 'node:readline';
import { ed25519 } from '@noble/curves/ed25519.js';
import { verify } from './verify.js';
import { readAct, typeOf } from './act.js';
import { verifyPoint, verifyRange } from './tree.js';
import { decodeCertificate, decodeHeader, decodeSet, trusting, verify as final } from './chain.js';
import { hex } from './wire.js';
const un = (s) => Uint8Array.from(Buffer.from(s ?? '', 'hex')), text = (s) => new TextEncoder().encode(s);
const key = (s) => { const raw = un(s), n = raw.length; return { subtree: raw[0], addr: raw.slice(1, n - 2), bits: raw[n - 2] * 256 + raw[n - 1] }; };
const asked = {
  file: (c) => verify(c.base64 ? new Uint8Array(Buffer.from(c.base64, 'base64')) : c.hex ? un(c.hex) : text(c.file), text(c.trust)).statement,
  flips: (c) => {
    const raw = new Uint8Array(Buffer.from(c.base64, 'base64')), trust = text(c.trust), taken = [];
    globalThis.forget?.();
    Error.stackTraceLimit = 0; // nobody reads where a bit was refused
    verify(raw, trust); // whole, it must be taken
    for (let i = c.from; i < raw.length * 8; i += c.step) {
      raw[i >> 3] ^= 1 << (i & 7);
      try { verify(raw, trust); taken.push(i); } catch (e) { if (!e.rule) throw e; }
      raw[i >> 3] ^= 1 << (i & 7);
    }
    return taken.join(' ');
  },
  act: (c) => { const a = readAct(un(c.raw), un(c.salt), 'ACT'); return [hex(a.id), ...a.signers.map((s) => '0x' + hex(s))].join(' '); },
  type: (c) => typeOf(c.kind) ?? 'none',
  point: (c) => { const k = key(c.query), p = verifyPoint(un(c.root), k.subtree, k, un(c.proof), 'TREE'); return [p.more, ...p.values.map((v) => hex(v.value))].join(' '); },
  range: (c) => { const u = key(c.under); return String(verifyRange(un(c.root), u.subtree, u, key(c.from), (c.list ?? []).map((e) => ({ ...key(e.key), value: un(e.value) })), un(c.proof), 'TREE').more); },
  certificate: (c) => {
    const set = decodeSet(un(c.set), 'CHAIN'), cert = decodeCertificate(un(c.certificate), 'CHAIN');
    final(c.chain_id, set, decodeHeader(un(c.header), 'CHAIN'), cert, 'CHAIN');
    if (c.trusted) trusting(decodeSet(un(c.trusted), 'CHAIN'), set, cert, 'CHAIN');
    return '';
  },
  speed: (c) => {
    const raw = text(c.file), trust = text(c.trust), key = ed25519.keygen(), word = new Uint8Array(120), sig = ed25519.sign(word, key.secretKey);
    const each = (n, f) => { const from = performance.now(); for (let i = 0; i < n; i++) f(i); return (performance.now() - from) / n; };
    const one = () => ed25519.verify(sig, word, key.publicKey, { zip215: true });
    const file = () => verify(raw, trust);
    each(50, one); each(20, file); // warm
    const rounds = Array.from({ length: 7 }, () => [each(40, one), each(20, file)]), middle = (i) => rounds.map((r) => r[i]).sort((a, b) => a - b)[3];
    return [middle(0), middle(1)].join(" ");
  },
  malformed: (c) => { ({ header: decodeHeader, set: decodeSet, certificate: decodeCertificate })[c.kind](un(c.bytes), 'CHAIN'); return ''; },
};
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const c = JSON.parse(line);
  let out;
  try { out = { says: asked[c.ask](c) }; } catch (e) { out = e.rule ? { rule: e.rule, what: e.message } : { crash: String(e.stack) }; }
  process.stdout.write(JSON.stringify(out) + '\n');
}
`

// said is what the verifier answered to one case.
type said struct {
	Says        *string `json:"says"`
	Rule, Crash string
	What        string
}

// run asks the verifier all cases in one process.
func run(t testing.TB, dir string, cases []map[string]any) []said {
	t.Helper()
	var in bytes.Buffer
	for _, c := range cases {
		if err := json.NewEncoder(&in).Encode(c); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), "node", "run.js")
	cmd.Dir, cmd.Stdin = dir, &in
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	raw, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.Bytes())
	}
	var out []said
	for line := range bytes.Lines(raw) {
		var s said
		if err := json.Unmarshal(line, &s); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if s.Crash != "" {
			t.Errorf("case %d: it crashed: %s", len(out), s.Crash)
		}
		out = append(out, s)
	}
	if len(out) != len(cases) {
		t.Fatalf("%d answers to %d cases", len(out), len(cases))
	}
	return out
}

func vectors(t testing.TB, name string, into any) {
	t.Helper()
	raw, err := fs.ReadFile(specs.Files, "vectors/"+name+".json")
	if err == nil {
		err = json.Unmarshal(raw, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestVectors_proofs: both verifiers say the same of every proof file of the vectors.
func TestVectors_proofs(t *testing.T) {
	dir := runtime(t)
	var v struct {
		Trust          string
		Valid, Invalid []struct{ Name, File, Hex, Binary, Trust, Statement, Rule string }
	}
	vectors(t, "proofs", &v)
	var cases []map[string]any
	all := append(v.Valid, v.Invalid...)
	for _, c := range v.Valid {
		c.Name, c.File, c.Hex = c.Name+", binary", "", c.Binary
		all = append(all, c)
	}
	for _, c := range all {
		cases = append(cases, map[string]any{"ask": "file", "file": c.File, "hex": c.Hex, "trust": cmp.Or(c.Trust, v.Trust)})
	}
	for i, got := range run(t, dir, cases) {
		c := all[i]
		if c.Rule == "" && (got.Says == nil || *got.Says != c.Statement) || c.Rule != "" && got.Rule != c.Rule {
			t.Errorf("%s: got %+v, want %q %s", c.Name, got, c.Statement, c.Rule)
		}
	}
}

// oneIn is how many bits of the vectors' files there are for each that is flipped.
var oneIn = flag.Int("one-in", 1999, "flip one bit in so many of every proof file of the vectors")

// TestFlips: a file with one bit changed is refused by both.
func TestFlips_everyKind(t *testing.T) {
	dir := runtime(t)
	var v struct {
		Trust string
		Valid []struct{ Name, File string }
	}
	vectors(t, "proofs", &v)
	trust, err := light.TrustFromBytes([]byte(v.Trust))
	if err != nil {
		t.Fatal(err)
	}
	var cases []map[string]any
	for _, c := range v.Valid {
		raw := []byte(c.File)
		for i := 0; i < 8*len(raw); i += *oneIn {
			raw[i/8] ^= 1 << (i % 8)
			if _, err := light.Verify(raw, trust); err == nil {
				t.Fatalf("%s: accepted with bit %d flipped", c.Name, i)
			}
			cases = append(cases, map[string]any{"ask": "file", "hex": hexOf(raw), "trust": v.Trust})
			raw[i/8] ^= 1 << (i % 8)
		}
	}
	for i, got := range run(t, dir, cases) {
		if got.Rule == "" {
			t.Errorf("case %d was accepted: %+v", i, got)
		}
	}
	t.Logf("%d files with one bit flipped", len(cases))
}

func hexOf(raw []byte) string {
	const digits = "0123456789abcdef"
	out := make([]byte, 0, 2*len(raw))
	for _, b := range raw {
		out = append(out, digits[b>>4], digits[b&15])
	}
	return string(out)
}

// TestVectors_others: acts, trees and certificates beside their vectors.
func TestVectors_others(t *testing.T) {
	dir := runtime(t)
	var cases []map[string]any
	var want []func(said) bool
	add := func(c map[string]any, ask string, ok func(said) bool) {
		c["ask"] = ask
		cases, want = append(cases, c), append(want, ok)
	}
	says := func(text string) func(said) bool {
		return func(s said) bool { return s.Says != nil && *s.Says == text }
	}
	verdict := func(valid bool) func(said) bool { return func(s said) bool { return (s.Rule == "") == valid } }
	var acts struct {
		Salt  string
		Types []struct {
			Kind uint64
			Type string
		}
		Valid []struct {
			Raw, ID string
			Signers []string
		}
		Invalid []struct{ Raw, Rule string }
	}
	vectors(t, "acts", &acts)
	for _, x := range acts.Types {
		add(map[string]any{"kind": x.Kind}, "type", says(x.Type))
	}
	for _, x := range acts.Valid {
		add(map[string]any{"raw": x.Raw, "salt": acts.Salt}, "act", says(strings.Join(append([]string{x.ID}, x.Signers...), " ")))
	}
	for _, x := range acts.Invalid {
		if formal[strings.SplitN(x.Rule, "-", 2)[0]] || x.Rule == "ACT-1" || x.Rule == "ACT-2" || x.Rule == "ACT-3" || x.Rule == "ACT-5" || x.Rule == "ACT-7" {
			add(map[string]any{"raw": x.Raw, "salt": acts.Salt}, "act", verdict(false))
		}
	}
	var tree struct{ Points, Ranges []map[string]any }
	vectors(t, "tree", &tree)
	for _, x := range tree.Points {
		add(x, "point", verdict(x["valid"].(bool)))
	}
	for _, x := range tree.Ranges {
		add(x, "range", verdict(x["valid"].(bool)))
	}
	var chain struct{ Certificates, Malformed []map[string]any }
	vectors(t, "chain", &chain)
	for _, x := range chain.Certificates {
		rule, _ := x["rule"].(string)
		add(x, "certificate", verdict(rule == ""))
	}
	for _, x := range chain.Malformed {
		if kind := x["kind"]; kind == "header" || kind == "set" || kind == "certificate" {
			add(x, "malformed", verdict(false))
		}
	}
	for i, got := range run(t, dir, cases) {
		if !want[i](got) {
			t.Errorf("%v: got %+v", cases[i]["why"], got)
		}
	}
	t.Logf("%d cases", len(cases))
}

// formal are the families of rules on form and signatures, which this verifier
// keeps; what an act means it leaves to those who signed the block.
var formal = map[string]bool{"WIRE": true, "SIG": true}

// TestVerifier_size: all of it in one download of at most 25 kB.
func TestVerifier_size(t *testing.T) {
	var packed bytes.Buffer
	z, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	err := fs.WalkDir(Verifier(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(Verifier(), name)
		_, _ = z.Write(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil || packed.Len() > 25_000 {
		t.Errorf("%d bytes compressed, at most 25000; %v", packed.Len(), err)
	}
}

func TestHandler(t *testing.T) {
	for _, c := range []struct {
		method, path string
		code         int
	}{
		{"GET", "/verifier/verify.js", 200}, {"HEAD", "/verifier/wire.js", 200}, {"GET", "/verifier/", 404}, {"GET", "/verifier/none.js", 404},
		{"POST", "/verifier/verify.js", 405},
	} {
		w := httptest.NewRecorder()
		Handler().ServeHTTP(w, httptest.NewRequest(c.method, c.path, nil))
		if w.Code != c.code || c.code == 200 && !strings.HasPrefix(w.Header().Get("Content-Type"), "text/javascript") {
			t.Errorf("%s %s: got %d %v", c.method, c.path, w.Code, w.Header())
		}
	}
	if r, err := http.NewRequest("GET", Root+"verify.js", nil); err != nil || r.URL.Path != "/verifier/verify.js" {
		t.Error("the root is another path")
	}
}
