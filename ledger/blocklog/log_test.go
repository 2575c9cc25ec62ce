package blocklog_test

import (
	"crypto/ed25519"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"ipledger/ledger/blocklog"
	"ipledger/ledger/chain"
	"ipledger/ledger/wire"
)

var origin = blocklog.Origin(wire.Hash{1})

func key(name string) ed25519.PrivateKey {
	seed := wire.Sum(wire.TagRecord, []byte("log key "), []byte(name))
	return ed25519.NewKeyFromSeed(seed[:])
}

// tiled is a log in memory.
type tiled []wire.Hash

func logOf(n int) (out tiled) {
	for i := range n {
		out = append(out, chain.LogLeaf(uint64(2*i+1), wire.Hash{byte(i), byte(i >> 8)}))
	}
	return out
}

// read gives tiles by computing them anew from all leaves.
func (l tiled) read(t blocklog.Tile) ([]wire.Hash, error) {
	span := 1 << (blocklog.TileHeight * t.Level)
	var out []wire.Hash
	for i := range t.Width {
		from := (int(t.Index)*blocklog.TileWidth + i) * span
		out = append(out, chain.Root(l[from:from+span]))
	}
	return out, nil
}

func (l tiled) checkpoint() blocklog.Checkpoint {
	return blocklog.Checkpoint{Origin: origin, Size: uint64(len(l)), Root: chain.Root(l)}
}

// TestProofs_LOG5 makes proofs of tiles at every kind of edge, and compares them
// with those made of all leaves.
func TestProofs_LOG5(t *testing.T) {
	all := logOf(70_000)
	r := rand.New(rand.NewPCG(6962, 25))
	for _, size := range []int{1, 2, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 70_000} {
		l := all[:size]
		root, tiles := chain.Root(l), map[blocklog.Tile][]wire.Hash{}
		read := func(t blocklog.Tile) (out []wire.Hash, err error) {
			if tiles[t] == nil {
				tiles[t], err = l.read(t)
			}
			return tiles[t], err
		}
		if got, err := blocklog.RootOf(read, uint64(size)); err != nil || got != root {
			t.Errorf("size %d: root %v, %v", size, got, err)
		}
		for range 4 {
			n := uint64(r.IntN(size))
			p, err := blocklog.Inclusion(read, n, uint64(size))
			if err != nil {
				t.Fatal(err)
			}
			if err := p.Verify(l[n], root); err != nil {
				t.Errorf("leaf %d of %d: %v", n, size, err)
			}
			if want := chain.ProveInclusion(l, n); !slices.Equal(p.Path, want.Path) {
				t.Errorf("leaf %d of %d: another path", n, size)
			}
			c, err := blocklog.Consistency(read, n, uint64(size))
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Verify(chain.Root(l[:n]), root); err != nil {
				t.Errorf("from %d to %d: %v", n, size, err)
			}
		}
	}
	short := func(blocklog.Tile) ([]wire.Hash, error) { return nil, nil }
	if _, err := blocklog.Inclusion(short, 3, 300); !errors.Is(err, blocklog.ErrForm) {
		t.Errorf("a tile without hashes: %v", err)
	}
}

// TestOpen_LOG3_LOG4 reads notes with known and unknown keys.
func TestOpen_LOG3_LOG4(t *testing.T) {
	c := logOf(3).checkpoint()
	log := blocklog.NewLogSigner(origin, key("log"))
	one, two := blocklog.NewCosigner("one.example", key("one"), 1_800_000_000), blocklog.NewCosigner("two.example", key("two"), 1_800_000_001)
	raw, err := c.Sign(log, one, two)
	if err != nil {
		t.Fatal(err)
	}
	logKey, err := blocklog.ParseLogKey(log.VerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	for why, v := range map[string]struct {
		known []note.Verifier
		want  []string
	}{
		"nobody is known": {nil, nil},
		"the log":         {[]note.Verifier{logKey}, []string{origin}},
		"both witnesses":  {[]note.Verifier{one.Witness, two.Witness}, []string{"one.example", "two.example"}},
	} {
		n, err := blocklog.Open(raw, v.known...)
		if err != nil || n.Checkpoint != c || !slices.Equal(n.Signers, v.want) {
			t.Errorf("%s: %+v, %v", why, n, err)
		}
	}
	line, err := one.Line(c)
	if err != nil || !strings.Contains(string(raw), line) || !strings.HasPrefix(line, "— one.example ") {
		t.Errorf("line %q, %v", line, err)
	}
	for i := range raw {
		changed := slices.Clone(raw)
		changed[i] ^= 1
		if n, err := blocklog.Open(changed, logKey, one.Witness, two.Witness); err == nil && len(n.Signers) == 3 && n.Checkpoint == c {
			t.Fatalf("byte %d flipped, and all three still signed: %q", i, changed)
		}
	}
	if _, err := blocklog.Open(make([]byte, blocklog.NoteBytesMax+1)); !errors.Is(err, blocklog.ErrForm) {
		t.Errorf("a note too long: %v", err)
	}
	var many []note.Signer
	for i := range blocklog.SignaturesMax + 1 {
		many = append(many, blocklog.NewCosigner("w"+string(rune('a'+i)), key(string(rune('a'+i))), 1))
	}
	if raw, err = c.Sign(many...); err != nil {
		t.Fatal(err)
	}
	if _, err := blocklog.Open(raw); !errors.Is(err, blocklog.ErrForm) {
		t.Errorf("%d lines: %v", len(many), err)
	}
}

// TestNames_LOG2 keeps names apart from what separates them.
func TestNames_LOG2(t *testing.T) {
	if want := "ipledger/01" + strings.Repeat("0", 62); origin != want {
		t.Errorf("origin %q, want %q", origin, want)
	}
	for _, bad := range []string{"", "a+b", "a b", "a\nb", "a\u00a0b", strings.Repeat("a", 101)} {
		if blocklog.CheckName(bad) == nil {
			t.Errorf("%q is a name", bad)
		}
	}
	w := blocklog.WitnessOf("one.example", key("one").Public().(ed25519.PublicKey))
	got, err := blocklog.ParseWitness(w.String())
	if err != nil || got.String() != w.String() || !got.Same(w) {
		t.Errorf("%v reads as %v, %v", w, got, err)
	}
	logKey := blocklog.NewLogSigner(origin, key("log")).VerifierKey()
	if _, err := blocklog.ParseWitness(logKey); !errors.Is(err, blocklog.ErrForm) {
		t.Errorf("a log key is a witness's: %v", err)
	}
	for _, text := range []string{logKey, w.String()} {
		if _, err := blocklog.ParseAnyKey(text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestJudge_LOG8 signs what follows from what was signed, and nothing else.
func TestJudge_LOG8(t *testing.T) {
	all := logOf(600)
	other := slices.Concat(logOf(100)[:99], logOf(501)[100:]) // one leaf left out
	log := blocklog.NewLogSigner(origin, key("log"))
	logKey, err := blocklog.ParseLogKey(log.VerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	request := func(l tiled, old uint64, by note.Signer) blocklog.Request {
		raw, err := l.checkpoint().Sign(by)
		if err != nil {
			t.Fatal(err)
		}
		p, err := blocklog.Consistency(l.read, old, uint64(len(l)))
		if err != nil {
			p.Path = nil
		}
		return blocklog.Request{Old: old, Path: p.Path, Note: raw}
	}
	held := func(l tiled) blocklog.Held { return blocklog.Held{Size: uint64(len(l)), Root: chain.Root(l)} }
	empty := blocklog.Held{}
	for _, c := range []struct {
		why  string
		held blocklog.Held
		r    blocklog.Request
		want error
	}{
		{"the first", empty, request(all[:10], 0, log), nil},
		{"a longer one", held(all[:10]), request(all, 10, log), nil},
		{"the same", held(all[:300]), request(all[:300], 300, log), nil},
		{"an empty log", empty, request(all[:0], 0, log), nil},
		{"an older one", held(all[:300]), request(all[:200], 200, log), blocklog.ErrConflict},
		{"going back", held(all[:300]), blocklog.Request{Old: 300, Note: request(all[:200], 200, log).Note}, blocklog.ErrForm},
		{"another of the same size", held(all[:len(other)]), request(other, uint64(len(other)), log), blocklog.ErrConflict},
		{"a leaf left out", held(all[:300]), request(other, 300, log), blocklog.ErrUnproven},
		{"no proof", held(all[:300]), blocklog.Request{Old: 300, Note: request(all, 0, log).Note}, blocklog.ErrUnproven},
		{"a hash too many", held(all[:300]), func() blocklog.Request {
			r := request(all, 300, log)
			r.Path = append(slices.Clone(r.Path), wire.Hash{})
			return r
		}(), blocklog.ErrUnproven},
		{"a stranger's", empty, request(all, 0, blocklog.NewLogSigner(origin, key("stranger"))), blocklog.ErrUnsigned},
		{"another origin's", empty, request(all, 0, blocklog.NewLogSigner("other", key("log"))), blocklog.ErrUnsigned},
	} {
		got, err := c.held.Judge(c.r, logKey)
		if !errors.Is(err, c.want) || c.want == nil && (err != nil || got.Origin != origin) {
			t.Errorf("%s: %v, %v", c.why, got, err)
		}
		if again, err := blocklog.ParseRequest(c.r.Bytes()); err != nil || again.Old != c.r.Old || len(again.Path) != len(c.r.Path) {
			t.Errorf("%s: the request reads as %+v, %v", c.why, again, err)
		}
	}
}
