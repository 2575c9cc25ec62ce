package tiles

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	formats "github.com/transparency-dev/formats/log"
	cosig "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"

	"ipledger/ledger/blocklog"
	"ipledger/ledger/chain"
	"ipledger/ledger/wire"
)

// ledger is blocks, every third of which the log does not have.
type ledger struct {
	leaves []Leaf
	head   uint64
}

func (l *ledger) extend(n int) {
	for range n {
		l.head++
		if l.head%3 != 0 {
			l.leaves = append(l.leaves, leafOf(l.head))
		}
	}
}

func leafOf(height uint64) Leaf { return Leaf{height, wire.Hash{byte(height), byte(height >> 8), 7}} }

func (l *ledger) hashes() (out []wire.Hash) {
	for _, leaf := range l.leaves {
		out = append(out, chain.LogLeaf(leaf.Height, leaf.Header))
	}
	return out
}

func (l *ledger) Head() (height, size uint64, root wire.Hash, err error) {
	return l.head, uint64(len(l.leaves)), chain.Root(l.hashes()), nil
}

func (l *ledger) Leaf(height uint64) (Leaf, bool, error) {
	if height == 0 || height > l.head {
		return Leaf{}, false, errors.New("no such block")
	}
	return leafOf(height), height%3 != 0, nil
}

var origin = blocklog.Origin(wire.Hash{1})

func signer() blocklog.LogSigner {
	return blocklog.NewLogSigner(origin, ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, 32)))
}

func publish(t *testing.T, dir string, l *ledger, witnesses ...Witness) *Published {
	t.Helper()
	p, err := Publish(dir, signer(), l, witnesses, slog.New(slog.DiscardHandler))
	if err == nil {
		err = p.Advance(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// agrees compares every tile with the leaves, and the checkpoint with the root.
func agrees(t *testing.T, p *Published, l *ledger) {
	t.Helper()
	all := l.hashes()
	raw, size, err := p.Checkpoint()
	if err != nil || size != uint64(len(all)) {
		t.Fatalf("a checkpoint of %d of %d: %v", size, len(all), err)
	}
	key, err := blocklog.ParseLogKey(p.Key())
	if err != nil {
		t.Fatal(err)
	}
	n, err := blocklog.Open(raw, key)
	if err != nil || n.Root != chain.Root(all) || len(n.Signers) != 1 {
		t.Errorf("checkpoint %q, %v", raw, err)
	}
	for from := 0; from < len(all); from += blocklog.TileWidth {
		tile := blocklog.Tile{Level: 0, Index: uint64(from / blocklog.TileWidth), Width: min(blocklog.TileWidth, len(all)-from)}
		got, err := p.Tiles().Read(tile)
		if err != nil || !slices.Equal(got, all[from:from+tile.Width]) {
			t.Errorf("tile %s differs: %v", tile.Path(), err)
		}
		tile.Level = blocklog.Entries
		raw, err := p.Tiles().Bytes(tile)
		if err != nil || len(raw) != tile.Width*entryBytes || !bytes.Equal(raw[2:42], l.leaves[from].entry()[2:]) {
			t.Errorf("bundle %s differs: %v", tile.Path(), err)
		}
	}
	if got, err := p.Tiles().Root(); err != nil || got != chain.Root(all) {
		t.Errorf("root %v, %v", got, err)
	}
}

// TestTiles_LOG6_LOG7 follows a ledger through restarts, a rollback, damage and a
// folder that is gone.
func TestTiles_LOG6_LOG7(t *testing.T) {
	dir, l := t.TempDir(), new(ledger)
	p := publish(t, dir, l)
	agrees(t, p, l)
	for _, n := range []int{1, 2, 380, 1, 2, 800, 3} {
		l.extend(n)
		if err := p.Advance(t.Context()); err != nil {
			t.Fatal(err)
		}
		agrees(t, p, l)
		agrees(t, publish(t, dir, l), l)
	}
	full := blocklog.Tile{Level: 0, Index: 1, Width: blocklog.TileWidth}
	partial := full
	partial.Width = 9
	if raw, err := p.Tiles().Bytes(partial); err != nil || len(raw) != 9*32 {
		t.Errorf("the first hashes of a full tile: %d bytes, %v", len(raw), err)
	}
	for _, none := range []blocklog.Tile{{Level: 0, Index: 900, Width: 1}, {Level: 5, Index: 0, Width: 1}, {Level: 0, Index: uint64(len(l.leaves)) / 256, Width: 255}, {Level: blocklog.Entries, Index: uint64(len(l.leaves)) / 256, Width: 255}} {
		if _, err := p.Tiles().Bytes(none); !errors.Is(err, ErrNotFound) {
			t.Errorf("%s: %v", none.Path(), err)
		}
	}
	before, err := os.ReadFile(filepath.Join(dir, full.Path()))
	if err != nil {
		t.Fatal(err)
	}
	damaged := bytes.Clone(before)
	damaged[100] ^= 1
	if err := os.WriteFile(filepath.Join(dir, full.Path()), damaged, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(dir, "tile", "1")); err != nil {
		t.Fatal(err)
	}
	agrees(t, publish(t, dir, l), l)
	back := &ledger{}
	back.extend(500)
	agrees(t, publish(t, dir, back), back)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	agrees(t, publish(t, dir, l), l)
	if after, err := os.ReadFile(filepath.Join(dir, full.Path())); err != nil || !bytes.Equal(after, before) {
		t.Errorf("a full tile has changed: %v", err)
	}
}

// TestFormats_LOG1_LOG4 has notes read and cosigned by transparency-dev's own
// libraries, and theirs by ours.
func TestFormats_LOG1_LOG4(t *testing.T) {
	l := new(ledger)
	l.extend(20)
	raw, _, err := publish(t, t.TempDir(), l).Checkpoint()
	if err != nil {
		t.Fatal(err)
	}
	logKey, err := note.NewVerifier(signer().VerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	theirs, rest, _, err := formats.ParseCheckpoint(raw, origin, logKey)
	if err != nil || len(rest) != 0 || theirs.Size != uint64(len(l.leaves)) || !bytes.Equal(theirs.Hash, flat([]wire.Hash{chain.Root(l.hashes())})) {
		t.Fatalf("they read %+v, %q, %v", theirs, rest, err)
	}
	skey, vkey, err := note.GenerateKey(nil, "one.example")
	if err != nil {
		t.Fatal(err)
	}
	cosigner, err := cosig.NewSignerForCosignatureV1(skey)
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open(raw, note.VerifierList(logKey))
	if err != nil {
		t.Fatal(err)
	}
	both, err := note.Sign(n, cosigner)
	if err != nil {
		t.Fatal(err)
	}
	wkey, err := cosig.VKeyToCosignatureV1(vkey)
	if err != nil {
		t.Fatal(err)
	}
	witness, err := blocklog.ParseWitness(wkey)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := blocklog.Open(both, witness); err != nil || !slices.Equal(got.Signers, []string{"one.example"}) {
		t.Errorf("their cosignature: %+v, %v", got, err)
	}
	mine := blocklog.NewCosigner("two.example", ed25519.NewKeyFromSeed(bytes.Repeat([]byte{2}, 32)), 1_800_000_000)
	line, err := mine.Line(blocklog.Checkpoint{Origin: origin, Size: theirs.Size, Root: wire.Hash(theirs.Hash)})
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := cosig.NewVerifierForCosignatureV1(mine.String())
	if err != nil {
		t.Fatal(err)
	}
	opened, err := note.Open(append(raw, line...), note.VerifierList(verifier))
	if err != nil {
		t.Fatalf("our cosignature: %v", err)
	}
	if at, err := cosig.CoSigV1Timestamp(opened.Sigs[0]); err != nil || at.Unix() != 1_800_000_000 {
		t.Errorf("its time is %v, %v", at, err)
	}
}

// signing is a witness as LOG-10 wants it.
type signing struct {
	t    *testing.T
	held blocklog.Held
	by   blocklog.Cosigner
	down bool
}

func (s *signing) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var raw bytes.Buffer
	_, _ = raw.ReadFrom(r.Body)
	key, _ := blocklog.ParseLogKey(signer().VerifierKey())
	req, err := blocklog.ParseRequest(raw.Bytes())
	if err != nil || s.down {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	c, err := s.held.Judge(req, key)
	if errors.Is(err, blocklog.ErrConflict) {
		w.WriteHeader(http.StatusConflict)
		_, _ = w.Write([]byte(strconv.FormatUint(s.held.Size, 10) + "\n"))
		return
	}
	if err != nil {
		s.t.Errorf("the witness refuses: %v", err)
		w.WriteHeader(http.StatusUnprocessableEntity)
		return
	}
	s.held = blocklog.Held{Size: c.Size, Root: c.Root}
	line, _ := s.by.Line(c)
	_, _ = w.Write([]byte(line))
}

// TestWitnesses_LOG10 asks two witnesses, of which one is away for a while and
// the other was asked by another node before.
func TestWitnesses_LOG10(t *testing.T) {
	l := new(ledger)
	l.extend(400)
	var asked []Witness
	var all []*signing
	for i, name := range []string{"one.example", "two.example"} {
		s := &signing{t: t, by: blocklog.NewCosigner(name, ed25519.NewKeyFromSeed(bytes.Repeat([]byte{byte(10 + i)}, 32)), 1)}
		server := httptest.NewServer(s)
		defer server.Close()
		w, err := ParseWitness(s.by.String() + " " + server.URL + "/")
		if err != nil {
			t.Fatal(err)
		}
		all, asked = append(all, s), append(asked, w)
	}
	early := l.hashes()[:100]
	all[1].held = blocklog.Held{Size: 100, Root: chain.Root(early)}
	p := publish(t, t.TempDir(), l, asked...)
	signedBy := func(want ...string) {
		t.Helper()
		raw, _, err := p.Checkpoint()
		if err != nil {
			t.Fatal(err)
		}
		n, err := blocklog.Open(raw, asked[0].Key, asked[1].Key)
		if err != nil || !slices.Equal(n.Signers, want) || n.Size != uint64(len(l.leaves)) {
			t.Errorf("signed by %+v, %v; want %v", n, err, want)
		}
	}
	signedBy("one.example", "two.example")
	all[0].down = true
	l.extend(300)
	if err := p.Advance(t.Context()); err != nil {
		t.Fatal(err)
	}
	signedBy("two.example")
	all[0].down = false
	l.extend(3)
	if err := p.Advance(t.Context()); err != nil {
		t.Fatal(err)
	}
	signedBy("one.example", "two.example")
	for _, bad := range []string{"", asked[0].Key.String(), asked[0].Key.String() + " ftp://x", "x http://x", strings.Replace(asked[0].Key.String(), "+", "+0", 1) + " http://x"} {
		if _, err := ParseWitness(bad); err == nil {
			t.Errorf("%q is a witness", bad)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := p.Follow(ctx, nil); err != nil {
		t.Errorf("it ends with %v", err)
	}
}
