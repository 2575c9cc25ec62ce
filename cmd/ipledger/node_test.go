package main

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ipledger/ledger/account"
	"ipledger/ledger/light"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
	"ipledger/node/keystore"
	"ipledger/specs"
)

// answers is a node that says whatever a test wants it to: what a client does
// with a node that fails or lies cannot be tried with one that does neither. The
// longest path that a request's starts with answers it.
type answers map[string]http.HandlerFunc

func (a answers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	best, answer := "", text(http.StatusNotFound, `{"code":"unknown_path"}`)
	for path := range a {
		if strings.HasPrefix(r.URL.Path, path) && len(path) > len(best) {
			best, answer = path, a[path]
		}
	}
	answer(w, r)
}

func text(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

// vanish ends the connection in the middle of a request, as a crash does.
func vanish(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// typed runs the program against a node, in a folder of its own.
func typed(t *testing.T, node answers, args ...string) (code int, out, errs string) {
	t.Helper()
	server := httptest.NewServer(node)
	defer server.Close()
	var stdout, stderr bytes.Buffer
	code = run(append(args, "--node", server.URL), strings.NewReader(""), &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

// signedFile writes a signed act file for a chain, and gives its id.
func signedFile(t *testing.T) (path string, id wire.Hash) {
	t.Helper()
	dir := t.TempDir()
	t.Chdir(dir)
	salt := wire.Hash{4}
	act := tx.New(tx.Header{Author: wire.Address{1}, Policy: 1, Expires: 1800000000}, &tx.OfferCancel{Offer: wire.Hash{7}})
	file := &tx.File{Salt: salt, Act: act}
	store := keystore.Open(filepath.Join(dir, "keys"), keystore.Weak)
	if _, err := store.Create("one", "pw"); err != nil {
		t.Fatal(err)
	}
	key, err := store.Unlock("one", "pw")
	if err != nil {
		t.Fatal(err)
	}
	sig, err := key.Sign(act.ID(salt))
	if err != nil {
		t.Fatal(err)
	}
	if err := act.Attach(sig, salt); err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(dir, "signed.act.json")
	if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path, act.ID(salt)
}

// chainOf is the status of a node of the chain of signedFile.
var chainOf = text(http.StatusOK, fmt.Sprintf(`{"chain_id":"t","genesis_hash":"%v","height":"5","time":"2026-11-21T09:00:00Z"}`, wire.Hash{4}))

// TestSubmit_Unknown tells how to ask again when the node is lost between an act
// and its answer, and keeps the act for another try.
func TestSubmit_Unknown(t *testing.T) {
	path, id := signedFile(t)
	posted := 0
	code, _, errs := typed(t, answers{
		"/v1/status": chainOf, "/v1/acts": func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				posted++
				vanish(w, r)
			}
			text(http.StatusNotFound, `{"code":"unknown_act","detail":"no such act"}`)(w, r)
		},
	}, "submit", path)
	if code != exitUnknown || posted != 1 {
		t.Errorf("exit code %d after %d posts, want %d after 1\n%s", code, posted, exitUnknown, errs)
	}
	for _, want := range []string{"ipledger act show " + id.String(), "ipledger submit " + id.String()[:16] + ".act.json"} {
		if !strings.Contains(errs, want) {
			t.Errorf("standard error lacks %q:\n%s", want, errs)
		}
	}
	kept, err := os.ReadFile(id.String()[:16] + ".act.json")
	was, _ := os.ReadFile(path)
	if err != nil || !bytes.Equal(kept, was) {
		t.Errorf("the act was not kept as it was: %v", err)
	}
}

// TestSubmit_Timeout tells how to ask again when an act is acknowledged and not
// final in time.
func TestSubmit_Timeout(t *testing.T) {
	path, id := signedFile(t)
	code, _, errs := typed(t, answers{
		"/v1/status": chainOf, "/v1/acts/": text(http.StatusOK, fmt.Sprintf(`{"id":"%v","outcome":"pending","height":"5"}`, id)),
		"/v1/acts": text(http.StatusAccepted, `{}`),
	}, "submit", path, "--timeout", "500ms")
	if code != exitTimeout || !strings.Contains(errs, "ipledger act show "+id.String()) {
		t.Errorf("exit code %d, want %d and how to ask again:\n%s", code, exitTimeout, errs)
	}
}

// TestSubmit_Final repeats no act that is final, and tells its outcome again.
func TestSubmit_Final(t *testing.T) {
	path, id := signedFile(t)
	final := func(outcome, rule string) answers {
		return answers{
			"/v1/status": chainOf,
			"/v1/acts/": text(http.StatusOK, fmt.Sprintf(
				`{"id":"%v","kind":"OfferCancel","outcome":%q,"rule":%q,"field":"offer","height":"9","time":"2026-11-21T09:00:00Z"}`, id, outcome, rule)),
			"/v1/acts": func(http.ResponseWriter, *http.Request) { t.Error("a final act was submitted again") },
		}
	}
	if code, out, errs := typed(t, final("done", ""), "submit", path); code != exitDone || !strings.Contains(out, "height      9") {
		t.Errorf("exit code %d:\n%s%s", code, out, errs)
	}
	code, _, errs := typed(t, final("failed", "RES-2"), "submit", path)
	sentence, _ := specs.Rule("RES-2")
	if code != exitRefused || !strings.Contains(errs, "RES-2") || !strings.Contains(errs, sentence) {
		t.Errorf("exit code %d, want %d with the rule's sentence:\n%s", code, exitRefused, errs)
	}
}

// TestSubmit_OtherChain refuses to hand an act to the node of another chain.
func TestSubmit_OtherChain(t *testing.T) {
	path, _ := signedFile(t)
	other := text(http.StatusOK, fmt.Sprintf(`{"chain_id":"t","genesis_hash":"%v","height":"5","time":null}`, wire.Hash{5}))
	if code, _, errs := typed(t, answers{"/v1/status": other}, "submit", path); code != exitRefused || !strings.Contains(errs, "is for the chain") {
		t.Errorf("exit code %d, want %d:\n%s", code, exitRefused, errs)
	}
}

// TestStatus_OtherGenesis signs nothing for a chain that the trust file does not name.
func TestStatus_OtherGenesis(t *testing.T) {
	path, _ := signedFile(t)
	trust := light.Trust{ChainID: "t", GenesisHash: wire.Hash{8}, Height: 1}
	if err := os.WriteFile("trust.json", trust.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, errs := typed(t, answers{"/v1/status": chainOf}, "submit", path, "--trust", "trust.json")
	if code != exitUnverified || !strings.Contains(errs, "the trust file trust.json names") {
		t.Errorf("exit code %d, want %d:\n%s", code, exitUnverified, errs)
	}
}

// TestLookup_Lies refuses every answer that is not proven to be the one asked for.
func TestLookup_Lies(t *testing.T) {
	t.Chdir(t.TempDir())
	raw, err := fs.ReadFile(specs.Files, "vectors/proofs.json")
	if err != nil {
		t.Fatal(err)
	}
	type entry struct{ Name, File, Hex, Trust string }
	var all struct {
		Trust          string
		Valid, Invalid []entry
	}
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("trust.json", []byte(all.Trust), 0o600); err != nil {
		t.Fatal(err)
	}
	look := func(file string, args ...string) (int, string, string) {
		return typed(t, answers{"/v1/resources/": text(http.StatusOK, file)}, append([]string{"lookup", "--trust", "trust.json"}, args...)...)
	}
	for _, e := range all.Valid {
		code, out, _ := look(e.File, "193.0.8.1")
		if want := e.Name == "resource"; want != (code == exitDone) || want != strings.Contains(out, "verified    yes") {
			t.Errorf("valid %q for 193.0.8.1 exits %d:\n%s", e.Name, code, out)
		}
	}
	for _, e := range all.Invalid {
		if err := os.WriteFile("trust.json", []byte(cmp.Or(e.Trust, all.Trust)), 0o600); err != nil {
			t.Fatal(err)
		}
		if raw, err := hex.DecodeString(e.Hex); err == nil && e.Hex != "" {
			e.File = string(raw)
		}
		if code, out, _ := look(e.File, "193.0.8.1"); code != exitUnverified || out != "" {
			t.Errorf("invalid %q exits %d, want %d:\n%s", e.Name, code, exitUnverified, out)
		}
	}
	if err := os.WriteFile("trust.json", []byte(all.Trust), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, _ := look(all.Valid[0].File, "193.0.8.1", "--at", "7"); code != exitUnverified {
		t.Errorf("a proof of another height exits %d, want %d", code, exitUnverified)
	}
	if code, _, _ := look(`{"state":"held"}`, "193.0.8.1"); code != exitUnverified {
		t.Errorf("an answer without proof exits %d, want %d", code, exitUnverified)
	}
}

// TestReaders_Codes gives what a node says its exit code, and shows none of its
// control characters.
func TestReaders_Codes(t *testing.T) {
	t.Chdir(t.TempDir())
	id := wire.Address{1}.String()
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
		want   int
	}{
		{"unknown account", text(404, `{"code":"unknown_account","detail":"there is no \u001b[31maccount"}`), exitNotFound},
		{"a refusal", text(422, `{"code":"refused","rule":"RES-2","detail":"\u001b[2J"}`), exitRefused},
		{"a request that the node does not understand", text(400, `{"code":"bad"}`), exitUsage},
		{"an internal error", text(500, `{"code":"internal"}`), exitFailed},
		{"no JSON", text(200, `<html>`), exitFailed},
		{"another account", text(200, `{"id":"0x0200000000000000000000000000000000000000","account":{}}`), exitFailed},
		{"a lost connection", vanish, exitUnreachable},
	} {
		code, out, errs := typed(t, answers{"/v1/accounts/": c.answer}, "account", "show", id)
		if code != c.want || out != "" || strings.ContainsRune(errs, 0x1b) {
			t.Errorf("%s: exit code %d, want %d:\n%s%s", c.name, code, c.want, out, errs)
		}
	}
}

// TestPatient asks again while a node is busy or limits it, and then once no more.
func TestPatient(t *testing.T) {
	tries := 0
	code, _, errs := typed(t, answers{"/v1/accounts/": func(w http.ResponseWriter, r *http.Request) {
		tries++
		text([]int{503, 429, 404}[tries-1], `{"code":"c"}`)(w, r)
	}}, "account", "show", wire.Address{1}.String())
	if tries != 3 || code != exitNotFound {
		t.Errorf("%d tries, exit code %d, want 3 and %d:\n%s", tries, code, exitNotFound, errs)
	}
}

// TestFindNonce finds a nonce that has the work asked for.
func TestFindNonce(t *testing.T) {
	body := &tx.OpenAccount{Jurisdiction: "NL", TitleKeys: []account.Key{{Alg: 1, Addr: wire.Address{9}}}, TitleK: 1, Work: wire.Hash{1}}
	act := tx.New(accountless(1800000000, 1), body)
	n, err := findNonce(t.Context(), act, wire.Hash{4}, 10)
	if err != nil {
		t.Fatal(err)
	}
	body.Nonce = n
	if got := tx.WorkBits(act.ID(wire.Hash{4}), body.Work); got < 10 {
		t.Errorf("nonce %d has %d bits of work, want 10", n, got)
	}
}

// TestRedirects: the node that was named is the one that is asked; nobody is led to
// another, and no act is handed on.
func TestRedirects(t *testing.T) {
	asked := 0
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { asked++ }))
	defer other.Close()
	away := func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL+r.URL.Path, http.StatusTemporaryRedirect)
	}
	for _, args := range [][]string{{"lookup", "8.8.8.0/24"}, {"watch", "8.8.8.0/24", "--once"}, {"account", "offers", "0x0500000000000000000000000000000000000000"}} {
		code, out, errs := typed(t, answers{"/": away}, append(args, "--trust", "")...)
		if code != exitUnreachable || !strings.Contains(errs, "sends on to "+other.URL) || out != "" {
			t.Errorf("%v: exit code %d\n%s%s", args, code, out, errs)
		}
	}
	path, _ := signedFile(t)
	node := answers{"/v1/status": text(http.StatusOK, `{"genesis_hash":"`+(wire.Hash{4}).String()+`","height":"9"}`), "/v1/acts": away}
	if code, _, errs := typed(t, node, "submit", path, "--timeout", "1s"); code != exitUnknown || !strings.Contains(errs, "sends on to") {
		t.Errorf("an act: exit code %d\n%s", code, errs)
	}
	if asked != 0 {
		t.Errorf("another node was asked %d times", asked)
	}
	moved := answers{"/v1/acts/": func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/other", http.StatusMovedPermanently)
	},
		"/other": text(http.StatusNotFound, `{"code":"unknown_act","detail":"there is no such act"}`)}
	if code, _, errs := typed(t, moved, "act", "show", strings.Repeat("07", 32)); code != exitNotFound {
		t.Errorf("on the same node: exit code %d\n%s", code, errs)
	}
}

// TestReadSmall_pipes: what says of no size is read no further than its bound.
func TestReadSmall_pipes(t *testing.T) {
	if _, err := readSmall("/dev/zero", 1000); codeOf(err) != exitUnverified {
		t.Errorf("got %v", err)
	}
	name := filepath.Join(t.TempDir(), "x")
	for size, want := range map[int]int{1000: exitDone, 1001: exitUnverified} {
		if err := os.WriteFile(name, make([]byte, size), 0o600); err != nil {
			t.Fatal(err)
		}
		if raw, err := readSmall(name, 1000); codeOf(err) != want || err == nil && len(raw) != size {
			t.Errorf("%d bytes: got %d, %v", size, len(raw), err)
		}
	}
}
