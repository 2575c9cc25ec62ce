package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ipledger/ledger/archive"
	"ipledger/ledger/audit"
	"ipledger/ledger/audit/mint"
	"ipledger/ledger/chain"
	"ipledger/ledger/light"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// minted is a chain of blocks with acts in most of them.
func minted(t *testing.T, n int, plant func(c *mint.Chain, height int)) (*mint.Chain, []*archive.Block) {
	t.Helper()
	c, err := mint.New(mint.Input(mint.Holder{Name: "ann", Blocks: []string{"60.0.0.0/16"}}))
	if err != nil {
		t.Fatal(err)
	}
	var blocks []*archive.Block
	for i := range n {
		if plant != nil {
			plant(c, i+1)
		}
		var raws [][]byte
		for k := range i % 3 {
			at := wire.Resource{Family: wire.IPv4, Len: 24, Addr: [16]byte{60, 0, byte(i % 256)}}
			raw, _ := c.Sign("ann", &tx.OriginAuthorise{Resource: at, MaxLength: 24, AS: uint64(64500 + 2*i + k)})
			raws = append(raws, raw)
		}
		b, err := c.Extend(1, raws...)
		if err != nil {
			t.Fatal(err)
		}
		blocks = append(blocks, b)
	}
	return c, blocks
}

func mustWrite(t *testing.T, name string, raw []byte) {
	t.Helper()
	if err := os.WriteFile(name, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}

func segmentBytes(t *testing.T, blocks []*archive.Block) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := archive.NewWriter(&out)
	for _, b := range blocks {
		err = errors.Join(err, w.Add(b))
	}
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// archived writes a chain as an archive, and gives its folder.
func archived(t *testing.T, c *mint.Chain, blocks []*archive.Block) string {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	mustWrite(t, filepath.Join(dir, archive.GenesisName), c.File)
	mustWrite(t, filepath.Join(dir, c.StateName), c.StateFile)
	for from := 0; from < len(blocks); from += archive.SegmentBlocks {
		end := min(from+archive.SegmentBlocks, len(blocks))
		mustWrite(t, filepath.Join(dir, archive.Name(uint64(from+1))), segmentBytes(t, blocks[from:end]))
	}
	about := archive.About{ChainID: c.Genesis.ChainID, Genesis: c.Hash, First: 1, Last: uint64(len(blocks))}
	mustWrite(t, filepath.Join(dir, archive.AboutName), []byte(about.Text()))
	return dir
}

func typedAlone(args ...string) (code int, out, errs string) {
	var stdout, stderr bytes.Buffer
	code = run(args, strings.NewReader(""), &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

// TestAudit_Archive audits an archive of two segments, by the genesis hash and
// by a trust file, and writes the report.
func TestAudit_Archive(t *testing.T) {
	c, blocks := minted(t, 1100, nil)
	dir := archived(t, c, blocks)
	report := filepath.Join(t.TempDir(), "report")
	code, out, errs := typedAlone("audit", "--archive", dir, "--genesis-hash", c.Hash.String(), "--report", report)
	if code != exitDone || !strings.Contains(out, "blocks 1 to 1100, from genesis") || !strings.Contains(out, c.State.Root().String()) || !strings.HasSuffix(out, "holds\n") {
		t.Fatalf("exit code %d\n%s%s", code, out, errs)
	}
	text, err := os.ReadFile(report + ".txt")
	if err != nil || string(text) != out {
		t.Errorf("the report in words is another: %v", err)
	}
	raw, err := os.ReadFile(report + ".json")
	var told audit.Report
	var shape struct{ Acts, Height string }
	if err := errors.Join(err, json.Unmarshal(raw, &shape)); err != nil || shape.Height != "1100" || shape.Acts != "1099" {
		t.Errorf("the report reads %s: %v (%+v)", raw, err, told)
	}
	for why, args := range map[string][]string{
		"no genesis hash":      {"audit", "--archive", dir},
		"a hash that is none":  {"audit", "--archive", dir, "--genesis-hash", "x"},
		"a snapshot, no trust": {"audit", "--archive", dir, "--genesis-hash", c.Hash.String(), "--from-snapshot", dir},
	} {
		if code, _, errs := typedAlone(args...); code != exitUsage || !strings.Contains(errs, "ipledger:") {
			t.Errorf("%s: exit code %d\n%s", why, code, errs)
		}
	}
	if code, _, errs := typedAlone("audit", "--archive", dir, "--genesis-hash", wire.Hash{1}.String()); code != exitUnverified || !strings.Contains(errs, "GEN-22") {
		t.Errorf("another genesis: exit code %d\n%s", code, errs)
	}
}

// TestAudit_Faults finds planted faults of the archive's writer and of the
// members, whichever goroutine meets them first.
func TestAudit_Faults(t *testing.T) {
	c, blocks := minted(t, 60, nil)
	for why, f := range map[string]struct {
		change func(b []*archive.Block)
		want   []string
	}{
		"a forged certificate": {func(b []*archive.Block) { b[30].Certificate.Slots[0].Sig = make([]byte, 64) }, []string{"block 31", "CHAIN-10"}},
		"acts swapped":         {func(b []*archive.Block) { b[32].Acts = [][]byte{b[32].Acts[1], b[32].Acts[0]} }, []string{"block 33", "CHAIN-14"}},
		"a receipt changed":    {func(b []*archive.Block) { b[32].Receipts = [][]byte{b[32].Receipts[0], b[32].Receipts[0]} }, []string{"block 33, act 1", "AUD-9"}},
		"two, the later one first to be met": {func(b []*archive.Block) {
			b[32].Receipts = [][]byte{b[32].Receipts[0], b[32].Receipts[0]}
			b[33].Certificate.Slots = append([]chain.Slot{{Flag: chain.Absent, Sig: []byte{}}, {Flag: chain.Absent, Sig: []byte{}}}, b[33].Certificate.Slots[2:]...)
		}, []string{"block 33, act 1", "AUD-9"}},
	} {
		t.Run(why, func(t *testing.T) {
			changed := make([]*archive.Block, len(blocks))
			for i, b := range blocks {
				x := *b
				x.Certificate.Slots = append([]chain.Slot{}, b.Certificate.Slots...)
				changed[i] = &x
			}
			f.change(changed)
			code, out, errs := typedAlone("audit", "--archive", archived(t, c, changed), "--genesis-hash", c.Hash.String())
			if code != exitUnverified || !strings.Contains(out, "does not hold") {
				t.Errorf("exit code %d\n%s%s", code, out, errs)
			}
			for _, want := range f.want {
				if !strings.Contains(out, want) {
					t.Errorf("the report lacks %q:\n%s", want, out)
				}
			}
		})
	}
	t.Run("a root that the members signed", func(t *testing.T) {
		c, blocks := minted(t, 60, func(c *mint.Chain, height int) {
			c.Lie = nil
			if height == 41 {
				c.Lie = func(h *chain.Header) { h.AppHash[0] ^= 1 }
			}
		})
		code, out, errs := typedAlone("audit", "--archive", archived(t, c, blocks), "--genesis-hash", c.Hash.String(), "--json")
		if code != exitUnverified || !strings.Contains(out, `"CHAIN-20"`) || !strings.Contains(out, `"signed_by_members": true`) || !strings.Contains(out, `"40"`) {
			t.Errorf("exit code %d\n%s%s", code, out, errs)
		}
	})
	t.Run("a segment cut short", func(t *testing.T) {
		dir := archived(t, c, blocks)
		name := filepath.Join(dir, archive.Name(1))
		raw, _ := os.ReadFile(name)
		mustWrite(t, name, raw[:len(raw)-100])
		if code, _, errs := typedAlone("audit", "--archive", dir, "--genesis-hash", c.Hash.String()); code != exitUnverified || !strings.Contains(errs, "ARCH-3") {
			t.Errorf("exit code %d\n%s", code, errs)
		}
	})
	t.Run("a segment missing", func(t *testing.T) {
		dir := archived(t, c, blocks)
		if err := os.Remove(filepath.Join(dir, archive.Name(1))); err != nil {
			t.Fatal(err)
		}
		if code, _, errs := typedAlone("audit", "--archive", dir, "--genesis-hash", c.Hash.String()); code != exitUnverified || !strings.Contains(errs, "ARCH-2") {
			t.Errorf("exit code %d\n%s", code, errs)
		}
	})
}

// TestAudit_Resume interrupts an audit in its middle; the same command goes on
// from what was kept, and keeps nothing in the end.
func TestAudit_Resume(t *testing.T) {
	c, blocks := minted(t, 400, nil)
	dir := archived(t, c, blocks)
	args := []string{"audit", "--archive", dir, "--genesis-hash", c.Hash.String()}
	d, err := openDirectory(dir)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var told bytes.Buffer
	s := &session{out: &printer{&told}, err: &printer{&told}}
	k, err := newKeeper(&audits{}, c.Hash)
	if err != nil {
		t.Fatal(err)
	}
	from, err := s.auditStart(ctx, &audits{}, start{d, c.Genesis, c.Hash, nil, k})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.begin(1); err != nil {
		t.Fatal(err)
	}
	p := &pipeline{from: from, source: d}
	p.stepped = func() error {
		if p.replay.Height() == 200 {
			cancel()
		}
		return nil
	}
	err = p.run(ctx)
	r := p.replay
	if !errors.Is(err, context.Canceled) || r.Height() < 200 || r.Height() == 400 {
		t.Fatalf("at block %d: %v", r.Height(), err)
	}
	if err := s.interrupted(err, r, k); codeOf(err) != exitFailed || !strings.Contains(err.Error(), "interrupted") {
		t.Errorf("it says %v", err)
	}
	code, out, errs := typedAlone(args...)
	if code != exitDone || !strings.Contains(errs, fmt.Sprintf("going on after block %d", r.Height()-2)) || !strings.Contains(out, "going on where") {
		t.Errorf("exit code %d\n%s%s", code, out, errs)
	}
	if _, err := os.Stat(k.name); err == nil {
		t.Error("what was kept is still there")
	}
	mine := filepath.Join(t.TempDir(), "mine.snapshot")
	if code, out, errs := typedAlone(append(args, "--keep", mine, "--until", "300")...); code != exitDone || !strings.Contains(out, "blocks 1 to 300") {
		t.Errorf("exit code %d\n%s%s", code, out, errs)
	}
	trust := filepath.Join(t.TempDir(), "trust.json")
	h := &blocks[298].Header
	mustWrite(t, trust, (&light.Trust{ChainID: h.ChainID, GenesisHash: c.Hash, Height: h.Height, HeaderHash: h.Hash(), ValidatorsHash: h.ValidatorsHash}).Bytes())
	if code, out, errs := typedAlone("audit", "--archive", dir, "--trust", trust, "--from-snapshot", mine); code != exitDone || !strings.Contains(out, "blocks 299 to 400, from a snapshot after block 298") {
		t.Errorf("exit code %d\n%s%s", code, out, errs)
	}
	mustWrite(t, mine, []byte("rot"))
	if code, out, errs := typedAlone(append(args, "--keep", mine)...); code != exitDone || !strings.Contains(errs, "cannot be used") || !strings.Contains(out, "blocks 1 to 400") {
		t.Errorf("exit code %d\n%s%s", code, out, errs)
	}
}

// TestAudit_Node audits what a node answers, its state file in ranges; and
// believes no answer.
func TestAudit_Node(t *testing.T) {
	c, blocks := minted(t, 30, nil)
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	give := func(w http.ResponseWriter, r *http.Request) {
		var height int
		if _, err := fmt.Sscanf(r.URL.Path, "/v1/archive/%d", &height); err != nil || height > len(blocks) {
			text(http.StatusNotFound, `{"code":"unknown_height","detail":"there is no such block"}`)(w, r)
			return
		}
		_, _ = w.Write(segmentBytes(t, blocks[height-1:min(height+9, len(blocks))]))
	}
	node := answers{
		"/v1/status": text(http.StatusOK, `{"height":"31"}`), "/v1/genesis": text(http.StatusOK, string(c.File)), "/v1/archive/": give,
		"/v1/genesis/state": func(w http.ResponseWriter, r *http.Request) {
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(c.StateFile))
		},
	}
	code, out, errs := typed(t, node, "audit", "--genesis-hash", c.Hash.String())
	if code != exitDone || !strings.Contains(out, "blocks 1 to 30, from genesis") {
		t.Errorf("exit code %d\n%s%s", code, out, errs)
	}
	for why, c := range map[string]struct {
		path string
		node http.HandlerFunc
		code int
	}{
		"noise for blocks": {"/v1/archive/", text(http.StatusOK, "noise"), exitUnverified},
		"an answer cut":    {"/v1/archive/", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(segmentBytes(t, blocks[:3])[:3000]) }, exitUnverified},
		"other blocks":     {"/v1/archive/", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(segmentBytes(t, blocks[1:3])) }, exitUnverified},
		"another genesis":  {"/v1/genesis", text(http.StatusOK, "{}"), exitUnverified},
		"another state": {"/v1/genesis/state", func(w http.ResponseWriter, r *http.Request) {
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(make([]byte, len(c.StateFile))))
		}, exitUnverified},
		"no state":             {"/v1/genesis/state", text(http.StatusNotFound, `{}`), exitNotFound},
		"a node that vanishes": {"/v1/archive/", vanish, exitUnreachable},
	} {
		other := answers{c.path: c.node}
		for path, answer := range node {
			if path != c.path {
				other[path] = answer
			}
		}
		if code, _, errs := typed(t, other, "audit", "--genesis-hash", out[strings.Index(out, "genesis ")+8:][:64], "--fresh"); code != c.code {
			t.Errorf("%s: exit code %d, want %d\n%s", why, code, c.code, errs)
		}
	}
}

// TestAudit_AUD13: a chain that holds and is not the one of the trust file is found, and
// one that does not come as far is told of.
func TestAudit_AUD13(t *testing.T) {
	c, blocks := minted(t, 20, nil)
	dir := archived(t, c, blocks)
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	h := &blocks[11].Header
	right := light.Trust{ChainID: h.ChainID, GenesisHash: c.Hash, Height: h.Height, HeaderHash: h.Hash(), ValidatorsHash: h.ValidatorsHash}
	wrong, later := right, right
	wrong.HeaderHash[0]++
	later.Height = 21
	trust, keep := filepath.Join(t.TempDir(), "trust.json"), filepath.Join(t.TempDir(), "kept")
	for name, c := range map[string]struct {
		trust    light.Trust
		code     int
		out, err string
	}{
		"its header":     {right, exitDone, "its header 12: met", ""},
		"another header": {wrong, exitUnverified, "AUD-13", "two chains"},
		"a later header": {later, exitDone, "its header 21: not reached", "the blocks end before"},
	} {
		mustWrite(t, trust, c.trust.Bytes())
		code, out, errs := typedAlone("audit", "--archive", dir, "--trust", trust, "--fresh")
		if code != c.code || !strings.Contains(out, c.out) || !strings.Contains(errs, c.err) {
			t.Errorf("%s: exit code %d\n%s%s", name, code, out, errs)
		}
	}
	mustWrite(t, trust, right.Bytes())
	for _, want := range []string{"met", "before what was audited"} {
		if code, out, errs := typedAlone("audit", "--archive", dir, "--trust", trust, "--keep", keep); code != exitDone || !strings.Contains(out, "its header 12: "+want) {
			t.Errorf("%s: exit code %d\n%s%s", want, code, out, errs)
		}
	}
	// The snapshot that was kept is of block 18.
	h = &blocks[17].Header
	wrong = light.Trust{ChainID: h.ChainID, GenesisHash: c.Hash, Height: h.Height, HeaderHash: wire.Hash{1}, ValidatorsHash: h.ValidatorsHash}
	mustWrite(t, trust, wrong.Bytes())
	if code, out, errs := typedAlone("audit", "--archive", dir, "--trust", trust, "--keep", keep); code != exitUnverified || !strings.Contains(out, "AUD-13") {
		t.Errorf("what was kept: exit code %d\n%s%s", code, out, errs)
	}
}
