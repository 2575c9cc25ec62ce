package archive_test

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"strings"
	"testing"

	"ipledger/ledger/archive"
	"ipledger/ledger/audit/mint"
	"ipledger/ledger/chain"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
	"ipledger/specs/frozen"
)

// vectors is the file specs/vectors/archive.json.
type vectors struct {
	Chapter   string        `json:"chapter"`
	About     []aboutVector `json:"about"`
	Segments  []fileVector  `json:"segments"`
	Snapshots []fileVector  `json:"snapshots"`
}

type aboutVector struct {
	Why  string `json:"why"`
	Text string `json:"text"`
	Rule string `json:"rule,omitempty"` // that refuses it
}

type fileVector struct {
	Why   string        `json:"why"`
	Bytes frozen.Octets `json:"bytes"`
	Rule  string        `json:"rule,omitempty"`
}

// short is a chain that knows no rules: its acts and its state are only bytes.
type short struct {
	set    chain.ValidatorSet
	keys   map[[32]byte]ed25519.PrivateKey
	state  tree.State
	log    chain.Frontier
	blocks []*archive.Block
}

// valueOf is the value of the data in such a state.
func valueOf(_ tree.Key, data []byte) (wire.Hash, error) { return wire.Sum(wire.TagRecord, data), nil }

// chainOf is four blocks, an act in the second. The state does not change.
func chainOf(t testing.TB) *short {
	c := &short{keys: map[[32]byte]ed25519.PrivateKey{}}
	for i := range 4 {
		key := mint.MemberKey(i)
		v := chain.Validator{Alg: chain.Ed25519, PubKey: [32]byte(key.Public().(ed25519.PublicKey)), Power: uint64(10 - i)}
		c.set, c.keys[v.PubKey] = append(c.set, v), key
	}
	e := tree.State{}.Edit()
	for i := range byte(3) {
		data := bytes.Repeat([]byte{i}, 40)
		value, _ := valueOf(tree.Key{}, data)
		e.Put(tree.Leaf{Key: tree.ResourceKey(wire.Resource{Family: wire.IPv4, Len: 8, Addr: [16]byte{60 + i}}), Value: value, Data: data})
	}
	c.state = e.Freeze()
	c.extend()
	c.extend([]byte("an act"))
	c.extend()
	c.extend()
	if err := c.set.Check(); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *short) extend(acts ...[]byte) {
	b := &archive.Block{Set: c.set, Acts: acts, Header: chain.Header{
		Version: chain.Version{Block: chain.BlockVersion, App: 1}, ChainID: "short", Height: uint64(len(c.blocks)) + 1,
		Time: chain.Time{Seconds: mint.Start}, LastCommitHash: chain.Root(nil), DataHash: chain.DataHash(acts), ValidatorsHash: c.set.Hash(),
		NextValidatorsHash: c.set.Hash(), AppHash: chain.AppHash(c.state.Root(), c.log.Root()), LastResultsHash: chain.Root(nil),
		EvidenceHash: chain.EvidenceHash(nil),
	}}
	if n := len(c.blocks); n > 0 {
		last := c.blocks[n-1]
		b.Header.LastBlock, b.Header.LastCommitHash, b.Header.Time = last.Certificate.Block, last.Certificate.CommitHash(c.set), last.Certificate.MedianTime(c.set)
	}
	for range acts {
		b.Receipts = append(b.Receipts, []byte("a receipt"))
	}
	b.Certificate = chain.Certificate{Height: b.Header.Height, Block: chain.BlockID{Hash: b.Header.Hash(), Total: 1, Parts: wire.Hash{1}}}
	for i := range c.set {
		b.Certificate.Slots = append(b.Certificate.Slots, chain.Slot{Flag: chain.Committed, Time: chain.Time{Seconds: b.Header.Time.Seconds + 1, Nanos: uint32(i)}})
	}
	for i, v := range c.set {
		b.Certificate.Slots[i].Sig = ed25519.Sign(c.keys[v.PubKey], b.Certificate.SignBytes("short", i))
	}
	c.blocks = append(c.blocks, b)
}

func segmentOf(t testing.TB, blocks ...*archive.Block) []byte {
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

// head is the head of a snapshot after block 3.
func (c *short) head() *archive.Head {
	signed := func(b *archive.Block) archive.Signed {
		return archive.Signed{Header: b.Header, Certificate: b.Certificate, Set: b.Set}
	}
	return &archive.Head{
		Genesis: wire.Hash{7}, Block: signed(c.blocks[2]), After: signed(c.blocks[3]), Next: c.set, StateRoot: c.state.Root(), Frontier: c.log,
	}
}

func (c *short) snapshot(t testing.TB, head *archive.Head) []byte {
	var out bytes.Buffer
	if err := archive.WriteSnapshot(&out, head, c.state, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// sealed gives a file of parts with its hash mended after a change.
func sealed(raw []byte, change func(body []byte) []byte) []byte {
	body := change(bytes.Clone(raw[:len(raw)-32]))
	sum := wire.Hash(sha(body))
	return append(body, sum[:]...)
}

func makeVectors(t testing.TB) vectors {
	v := vectors{Chapter: "24"}
	good := archive.About{ChainID: "minted", Genesis: wire.Hash{1}, First: 1, Last: 2345}.Text()
	v.About = []aboutVector{
		{"as it should be", good, ""},
		{"a number with a zero before it", strings.Replace(good, "first 1", "first 01", 1), "ARCH-1"},
		{"no newline at the end", strings.TrimSuffix(good, "\n"), "ARCH-1"},
		{"two newlines", good + "\n", "ARCH-1"},
		{"a line more", good + "more 1\n", "ARCH-1"},
		{"it begins with block 0", strings.Replace(good, "first 1", "first 0", 1), "ARCH-1"},
		{"it ends before it begins", strings.Replace(good, "first 1", "first 2346", 1), "ARCH-1"},
		{"no chain", strings.Replace(good, "minted", "", 1), "ARCH-1"},
		{"capital digits", strings.Replace(good, strings.Repeat("0", 62), strings.Repeat("0", 61)+"A", 1), "ARCH-1"},
		{"another format", strings.Replace(good, "archive/1", "archive/2", 1), "ARCH-1"},
		{"a space more", strings.Replace(good, "last ", "last  ", 1), "ARCH-1"},
		{"too long", good + strings.Repeat("x", archive.AboutBytesMax), "ARCH-1"},
	}
	c := chainOf(t)
	blocks := c.blocks
	file := segmentOf(t, blocks[0], blocks[1])
	v.Segments = []fileVector{
		{"two blocks, one with an act", file, ""},
		{"a byte changed", flipped(file, len(file)-50), "ARCH-3"},
		{"cut short", file[:len(file)-1], "ARCH-3"},
		{"something follows", append(bytes.Clone(file), 0), "ARCH-3"},
		{"another format", append([]byte("ipledger-blocks/2\n"), file[18:]...), "ARCH-3"},
		{"a count of one too many", sealed(file, func(b []byte) []byte { b[len(b)-1]++; return b }), "ARCH-3"},
		{"an entry of 9 MB", append([]byte("ipledger-blocks/1\n"), 0, 0x90, 0, 0), "ARCH-3"},
		{"the blocks in another order", swapped(t, blocks[1], blocks[0]), "ARCH-5"},
		{"the set twice", joined(t, blocks[0], blocks[1]), "ARCH-5"},
		{"a first block without a set", headless(t, blocks[0], blocks[1]), "ARCH-5"},
	}
	head := c.head()
	snap := c.snapshot(t, head)
	altered := func(change func(h *archive.Head)) []byte {
		h := *head
		h.Block.Certificate.Slots = append([]chain.Slot{}, h.Block.Certificate.Slots...)
		change(&h)
		return c.snapshot(t, &h)
	}
	v.Snapshots = []fileVector{
		{"the state after block 3", snap, ""},
		{"cut short", snap[:len(snap)-40], "ARCH-9"},
		{"something follows", append(bytes.Clone(snap), 0), "ARCH-9"},
		{"a record changed", sealed(snap, func(b []byte) []byte { return flipped(b, len(b)-300) }), "ARCH-9"},
		{"another root", altered(func(h *archive.Head) { h.StateRoot[0] ^= 1 }), "ARCH-10"},
		{"another frontier", altered(func(h *archive.Head) { h.Frontier = h.Frontier.Append(wire.Hash{1}) }), "ARCH-10"},
		{"another block before", altered(func(h *archive.Head) {
			h.Block = archive.Signed{blocks[1].Header, blocks[1].Certificate, blocks[1].Set}
		}), "ARCH-10"},
		{"a vote less", altered(func(h *archive.Head) { h.Block.Certificate.Slots[0] = chain.Slot{Flag: chain.Absent, Sig: []byte{}} }), "ARCH-10"},
		{"another next set", altered(func(h *archive.Head) { h.Next = h.Next[:3] }), "ARCH-10"},
	}
	return v
}

func flipped(raw []byte, at int) []byte {
	out := bytes.Clone(raw)
	out[at] ^= 1
	return out
}

// TestVectorsAreFrozen makes the vectors anew and compares.
func TestVectorsAreFrozen(t *testing.T) { frozen.Hold(t, "archive", frozen.Text(t, makeVectors(t))) }

func loadVectors(t testing.TB) (v vectors) {
	frozen.Read(t, "archive", &v)
	return v
}

func refused(t *testing.T, why string, err error, rule string) {
	t.Helper()
	var m *archive.Malformed
	switch {
	case rule == "" && err != nil:
		t.Errorf("%s: %v", why, err)
	case rule != "" && (!errors.As(err, &m) || m.Rule != rule):
		t.Errorf("%s: %v, want it refused by %s", why, err, rule)
	}
}

// TestVectors_ARCH1_ARCH3_ARCH5_ARCH9_ARCH10 runs the vectors.
func TestVectors_ARCH1_ARCH3_ARCH5_ARCH9_ARCH10(t *testing.T) {
	v := loadVectors(t)
	for _, a := range v.About {
		got, err := archive.AboutFromText(a.Text)
		refused(t, a.Why, err, a.Rule)
		if err == nil && got.Text() != a.Text {
			t.Errorf("%s: it reads as %+v", a.Why, got)
		}
	}
	for _, s := range v.Segments {
		_, err := readAll(s.Bytes)
		refused(t, s.Why, err, s.Rule)
	}
	for _, s := range v.Snapshots {
		head, state, err := archive.ReadSnapshot(bytes.NewReader(s.Bytes), valueOf, func(*archive.Head) error { return nil })
		refused(t, s.Why, err, s.Rule)
		if err == nil && state.Root() != head.StateRoot {
			t.Errorf("%s: the state has another root than the head", s.Why)
		}
	}
}

func readAll(raw []byte) (out []*archive.Block, err error) {
	r, err := archive.NewReader(bytes.NewReader(raw))
	for err == nil {
		var b *archive.Block
		var more bool
		if b, more, err = r.Next(); err == nil && !more {
			return out, nil
		}
		out = append(out, b)
	}
	return nil, err
}
