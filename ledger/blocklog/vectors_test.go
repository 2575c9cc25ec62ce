package blocklog_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"ipledger/ledger/blocklog"
	"ipledger/ledger/light"
	"ipledger/specs/frozen"
)

// vectors is the file specs/vectors/log.json.
type vectors struct {
	Chapter     string       `json:"chapter"`
	Keys        []textVector `json:"keys"`        // of witnesses
	Checkpoints []textVector `json:"checkpoints"` // their texts
	Notes       []noteVector `json:"notes"`
	Requests    []textVector `json:"requests"`
	Tiles       []tileVector `json:"tiles"`
	Files       []textVector `json:"files"`
	Trust       []textVector `json:"trust"` // files of the second format
}

type textVector struct {
	Why  string `json:"why"`
	Text string `json:"text"`
	Rule string `json:"rule,omitempty"`
}

// noteVector is opened with the keys; signers are those whose line verifies.
type noteVector struct {
	Why     string   `json:"why"`
	Note    string   `json:"note"`
	Keys    []string `json:"keys"`
	Signers []string `json:"signers,omitempty"`
	Rule    string   `json:"rule,omitempty"`
}

type tileVector struct {
	Path  string `json:"path"`
	Level int    `json:"level"` // -1 for entries
	Index uint64 `json:"index"`
	Width int    `json:"width"`
	Rule  string `json:"rule,omitempty"`
}

func makeVectors(t testing.TB) vectors {
	v := vectors{Chapter: "25"}
	c := logOf(3).checkpoint()
	text := c.Text()
	log := blocklog.NewLogSigner(origin, key("log"))
	one, two := blocklog.NewCosigner("one.example", key("one"), 1_800_000_000), blocklog.NewCosigner("two.example", key("two"), 1_800_000_001)
	v.Keys = []textVector{
		{"a witness", one.String(), ""},
		{"another hash", strings.Replace(one.String(), "+", "+0", 1), "LOG-4"},
		{"a log key", log.VerifierKey(), "LOG-4"},
		{"no name", one.String()[len("one.example"):], "LOG-4"},
		{"cut short", one.String()[:40], "LOG-4"},
	}
	v.Checkpoints = []textVector{
		{"a log of three blocks", text, ""},
		{"an empty log", logOf(0).checkpoint().Text(), ""},
		{"a line more", text + "more\n", "LOG-1"},
		{"no newline at the end", strings.TrimSuffix(text, "\n"), "LOG-1"},
		{"a zero before the size", strings.Replace(text, "\n3\n", "\n03\n", 1), "LOG-1"},
		{"a size of 64 bits", strings.Replace(text, "\n3\n", "\n9223372036854775808\n", 1), "LOG-1"},
		{"a root too short", strings.Replace(text, "=\n", "\n", 1), "LOG-1"},
		{"no origin", text[len(origin):], "LOG-1"},
	}
	raw, err := c.Sign(log, one, two)
	if err != nil {
		t.Fatal(err)
	}
	good := string(raw)
	keys := []string{log.VerifierKey(), one.String(), two.String()}
	v.Notes = []noteVector{
		{"signed by the log and two witnesses", good, keys, []string{origin, "one.example", "two.example"}, ""},
		{"one key is known", good, keys[1:2], []string{"one.example"}, ""},
		{"a text altered", strings.Replace(good, "\n3\n", "\n4\n", 1), keys, nil, "LOG-3"},
		{"no empty line", strings.Replace(good, "\n\n", "\n", 1), keys, nil, "LOG-3"},
		{"a known line that does not verify", swapSignature(t, good), keys, nil, "LOG-3"},
	}
	request := blocklog.Request{Old: 3, Path: logOf(2), Note: raw}
	body := string(request.Bytes())
	v.Requests = []textVector{
		{"from size 3, two hashes", body, ""},
		{"no old", strings.TrimPrefix(body, "old "), "LOG-10"},
		{"a zero before the size", strings.Replace(body, "old 3", "old 03", 1), "LOG-10"},
		{"a hash too short", strings.Replace(body, "=\n", "\n", 1), "LOG-10"},
		{"no empty line", strings.ReplaceAll(body, "\n\n", "\n"), "LOG-10"},
	}
	v.Files, v.Trust = makeFiles(t), makeTrust()
	for _, tile := range []blocklog.Tile{
		{0, 0, 2}, {0, 273, 256}, {0, 1234067, 256}, {1, 15, 97}, {7, 0, 1}, {blocklog.Entries, 0, 256}, {blocklog.Entries, 3906, 64},
	} {
		v.Tiles = append(v.Tiles, tileVector{tile.Path(), tile.Level, tile.Index, tile.Width, ""})
	}
	for _, bad := range []string{
		"", "tile/0", "tile/8/000", "tile/0/0", "tile/0/1000", "tile/0/x000/001", "tile/0/x001/x002", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01",
		"tile/00/000", "tile/entries/-01", "tile/0/00x", "tile/-1/000", "tile/0/000/", "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
	} {
		v.Tiles = append(v.Tiles, tileVector{Path: bad, Rule: "LOG-5"})
	}
	return v
}

// swapSignature gives the first witness's line the second's signature bytes.
func swapSignature(t testing.TB, text string) string {
	lines := strings.Split(text, "\n")
	one, two := lines[5], lines[6]
	if !strings.Contains(one, "one.example ") || !strings.Contains(two, "two.example ") {
		t.Fatalf("lines %q, %q", one, two)
	}
	lines[5] = one[:len(one)-20] + two[len(two)-20:]
	return strings.Join(lines, "\n")
}

// TestVectorsAreFrozen makes the vectors anew and compares.
func TestVectorsAreFrozen(t *testing.T) { frozen.Hold(t, "log", frozen.Text(t, makeVectors(t))) }

func loadVectors(t testing.TB) (v vectors) {
	frozen.Read(t, "log", &v)
	return v
}

func refusedBy(t *testing.T, why string, err error, rule string) {
	t.Helper()
	var r *blocklog.Refused
	if (err == nil) != (rule == "") || rule != "" && (!errors.As(err, &r) || r.Rule != rule) {
		t.Errorf("%s: %v, want it refused by %q", why, err, rule)
	}
}

// TestVectors_LOG1_LOG3_LOG4_LOG5_LOG10_LOG11_LOG13_LOG14_LOG15_LOG16 runs the vectors.
func TestVectors_LOG1_LOG3_LOG4_LOG5_LOG10_LOG11_LOG13_LOG14_LOG15_LOG16(t *testing.T) {
	v := loadVectors(t)
	for _, k := range v.Keys {
		_, err := blocklog.ParseWitness(k.Text)
		refusedBy(t, k.Why, err, k.Rule)
	}
	for _, c := range v.Checkpoints {
		_, err := blocklog.CheckpointFromText(c.Text)
		refusedBy(t, c.Why, err, c.Rule)
	}
	for _, r := range v.Requests {
		_, err := blocklog.ParseRequest([]byte(r.Text))
		refusedBy(t, r.Why, err, r.Rule)
	}
	for _, n := range v.Notes {
		var known []blocklog.Verifier
		for _, text := range n.Keys {
			k, err := blocklog.ParseAnyKey(text)
			if err != nil {
				t.Fatal(err)
			}
			known = append(known, k)
		}
		got, err := blocklog.Open([]byte(n.Note), known...)
		refusedBy(t, n.Why, err, n.Rule)
		if err == nil && !slices.Equal(got.Signers, n.Signers) {
			t.Errorf("%s: signed by %v", n.Why, got.Signers)
		}
	}
	for _, f := range v.Files {
		_, err := light.VerifyLog([]byte(f.Text))
		lightRefused(t, f.Why, err, f.Rule)
	}
	for _, f := range v.Trust {
		_, err := light.WitnessTrustFromBytes([]byte(f.Text))
		lightRefused(t, f.Why, err, f.Rule)
	}
	for _, tile := range v.Tiles {
		got, err := blocklog.ParseTile(tile.Path)
		refusedBy(t, tile.Path, err, tile.Rule)
		if err == nil && got != (blocklog.Tile{Level: tile.Level, Index: tile.Index, Width: tile.Width}) {
			t.Errorf("%s: %+v", tile.Path, got)
		}
	}
}

// FuzzRequest_LOG10: what reads as a request is written again to the same bytes.
func FuzzRequest_LOG10(f *testing.F) {
	for _, r := range loadVectors(f).Requests {
		f.Add([]byte(r.Text))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if r, err := blocklog.ParseRequest(raw); err == nil && !bytes.Equal(r.Bytes(), raw) {
			t.Errorf("%q is written as %q", raw, r.Bytes())
		}
	})
}

// FuzzOpen_LOG3: what reads as a note has a text that reads as a checkpoint.
func FuzzOpen_LOG3(f *testing.F) {
	v := loadVectors(f)
	for _, n := range v.Notes {
		f.Add([]byte(n.Note))
	}
	one, err := blocklog.ParseWitness(v.Keys[0].Text)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		n, err := blocklog.Open(raw, one)
		if err != nil {
			return
		}
		if !bytes.HasPrefix(raw, []byte(n.Text()+"\n")) {
			t.Errorf("%q says %q", raw, n.Text())
		}
	})
}

// FuzzTile_LOG5: what reads as a path is the one path of its tile.
func FuzzTile_LOG5(f *testing.F) {
	for _, tile := range loadVectors(f).Tiles {
		f.Add(tile.Path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		if tile, err := blocklog.ParseTile(path); err == nil && tile.Path() != path {
			t.Errorf("%q is written %q", path, tile.Path())
		}
	})
}

// FuzzKey_LOG4: what reads as a witness's key is written again to the same text.
func FuzzKey_LOG4(f *testing.F) {
	for _, k := range loadVectors(f).Keys {
		f.Add(k.Text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if w, err := blocklog.ParseWitness(text); err == nil && w.String() != text {
			t.Errorf("%q is written %q", text, w.String())
		}
	})
}
