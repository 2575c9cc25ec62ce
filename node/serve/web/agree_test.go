package web

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ipledger/ledger/light"
)

// How much the two verifiers are compared on; the whole is 100,000.
var (
	mutants = flag.Int("mutants", 1500, "mutated files that both verifiers are asked about")
	seed    = flag.Uint64("seed", 1, "of the first file; the next ones count on")
)

// dialogue is a verifier in JavaScript that answers line by line.
type dialogue struct {
	t   *testing.T
	in  io.WriteCloser
	out *bufio.Reader
}

// talk starts one verifier for the whole of a test.
func talk(t *testing.T) *dialogue {
	t.Helper()
	// It ends with its input, which Cleanup closes. Verifying makes much that lives
	// shortly: more room for it is collected less often.
	cmd := exec.Command("node", "--max-semi-space-size=64", "run.js")
	cmd.Dir = runtime(t)
	remember(t, cmd.Dir)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("the second verifier ended: %v", err)
		}
	})
	return &dialogue{t, in, bufio.NewReaderSize(out, 1<<16)}
}

// remember lays a memory in front of the curves, the hashes and what the verifier
// reads whole: a pure function that was asked of the same bytes before answers again,
// as thousands of mutants ask it.
func remember(t *testing.T, dir string) {
	t.Helper()
	modules := filepath.Join(dir, "node_modules")
	real, err := os.Readlink(modules)
	if err == nil {
		err = errors.Join(os.Remove(modules), os.CopyFS(filepath.Join(modules, "@noble"), os.DirFS("testdata/remember")),
			os.Symlink(filepath.Join(real, "@noble"), filepath.Join(modules, "taught")))
	}
	for _, name := range []string{"chain.js", "file.js"} {
		err = errors.Join(err, os.Rename(filepath.Join(dir, name), filepath.Join(dir, "own-"+name)))
	}
	if err := errors.Join(err, os.CopyFS(dir, os.DirFS("testdata/front"))); err != nil {
		t.Fatal(err)
	}
}

// ask puts a case; its answer comes with hear, in the order of asking.
func (d *dialogue) ask(c map[string]any) {
	d.t.Helper()
	if err := json.NewEncoder(d.in).Encode(c); err != nil {
		d.t.Fatal(err)
	}
}

func (d *dialogue) hear() (s said) {
	d.t.Helper()
	line, err := d.out.ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &s)
	}
	if err != nil || s.Crash != "" {
		d.t.Fatalf("%v %s: %.300s", err, s.Crash, line)
	}
	return s
}

// batch is how many files are on their way at once: their answers fit a pipe.
const batch = 128

// differMax is how many differences are told before a test gives up.
const differMax = 20

// TestAgree_mutants: both verifiers say the same of files that were mutated: by
// bytes, by fields, and in what was signed before it was signed, by true keys.
func TestAgree_mutants(t *testing.T) {
	d, verdicts, rules := talk(t), map[string]int{}, 0
	for done := 0; done < *mutants; {
		var list []mutant
		for range min(batch, *mutants-done) {
			m := newMutant(t, *seed+uint64(done+len(list)))
			list = append(list, m)
			d.ask(map[string]any{"ask": "file", "base64": base64.StdEncoding.EncodeToString(m.raw), "trust": string(m.trust.Bytes())})
		}
		done += len(list)
		for _, m := range list {
			v, err := light.Verify(m.raw, m.trust)
			theirs := d.hear()
			if (err == nil) != (theirs.Says != nil) || err == nil && v.Statement != *theirs.Says {
				t.Errorf("mutant %d (%s): the first says %v, the second %+v of\n%.1200s", m.seed, m.how, err, theirs, m.raw)
				if verdicts["differ"]++; verdicts["differ"] == differMax {
					t.FailNow()
				}
				continue
			}
			verdict := "refused"
			if err == nil {
				verdict = "taken"
			} else if !strings.Contains(err.Error(), "("+theirs.Rule+")") {
				rules++
			}
			verdicts[m.how+" "+verdict]++
		}
	}
	t.Logf("%d mutants, one verdict on each; %d refused by different rules; %v", *mutants, rules, verdicts)
}

// mutant is a file that was mutated, how, and the trust file it is shown to.
type mutant struct {
	seed  uint64
	how   string
	raw   []byte
	trust *light.Trust
}

func newMutant(t *testing.T, seed uint64) mutant {
	s := newScene(t, seed)
	var f *light.File
	for f == nil {
		f = s.file()
	}
	m := mutant{seed: seed}
	switch s.IntN(6) {
	case 0:
		m.how, m.raw = "bytes", s.bytes(f.Bytes())
	case 4:
		m.how, m.raw = "binary bytes", s.bytes(f.Binary())
	case 5:
		m.how, m.raw = "binary fields", s.fields(f)
		if g, err := light.Parse(m.raw); err == nil {
			m.raw = g.Binary()
		}
	case 1:
		m.how, m.raw = "fields", s.fields(f)
	case 2:
		m.how, m.raw = "signed headers", s.headers(f)
	default:
		m.how, m.raw = "signed records", s.records(f)
	}
	m.trust = s.trust()
	return m
}

// bytes changes some bytes: flipped, dropped, doubled, moved.
func (s *scene) bytes(raw []byte) []byte {
	for range 1 + s.IntN(3) {
		i := s.IntN(len(raw))
		j := min(len(raw), i+1+s.IntN(40))
		switch s.IntN(5) {
		case 0:
			raw[i] ^= 1 << s.IntN(8)
		case 1:
			raw = slices.Delete(raw, i, j)
		case 2:
			raw = slices.Insert(raw, i, bytes.Clone(raw[i:j])...)
		case 3:
			raw[i] = "0123456789abcdef\"{}[],:\n n"[s.IntN(26)]
		default:
			raw = append(raw[j:len(raw):len(raw)], raw[:j]...)
		}
		if len(raw) == 0 {
			return []byte("{}\n")
		}
	}
	return raw
}

// fields changes the digits of one field, and writes the file in its one form.
func (s *scene) fields(f *light.File) []byte {
	targets := []*light.Hex{&f.Block, &f.Header, &f.Certificate, &f.Validators}
	switch {
	case f.Resource != nil:
		targets = append(targets, &f.Resource.Proof)
		for i := range f.Resource.Records {
			targets = append(targets, &f.Resource.Records[i])
		}
	case f.Authorised != nil:
		targets = append(targets, &f.Authorised.Proof, &f.Authorised.NumberProof)
		for i := range f.Authorised.NumberRecords {
			targets = append(targets, &f.Authorised.NumberRecords[i])
		}
		f.Authorised.MaxLength += uint64(s.IntN(2))
	case f.Account != nil:
		targets = append(targets, &f.Account.Proof, &f.Account.Record)
	case f.Lineage != nil:
		targets = append(targets, &f.Lineage.Proof)
		for i := range f.Lineage.Past {
			targets = append(targets, &f.Lineage.Past[i])
		}
	case f.Holdings != nil:
		targets = append(targets, &f.Holdings.Proof, &f.Holdings.Record)
		if n := len(f.Holdings.Titles); n > 0 {
			targets = append(targets, &f.Holdings.Titles[s.IntN(n)].Proof)
		}
	case f.Act != nil:
		targets = append(targets, &f.Act.Act, &f.Act.Receipt, &f.Act.Inclusion)
	case f.Beneath != nil:
		targets = append(targets, &f.Beneath.Proof)
		if n := len(f.Beneath.Entries); n > 0 {
			targets = append(targets, &f.Beneath.Entries[s.IntN(n)].Record)
		}
	}
	if x := targets[s.IntN(len(targets))]; len(*x) > 0 {
		*x = s.bytes(bytes.Clone(*x))
	}
	return f.Bytes()
}
