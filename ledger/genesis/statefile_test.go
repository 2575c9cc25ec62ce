package genesis

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"testing"

	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// bind makes g name a state file and a root, as a forger of both would.
func bind(g *Genesis, raw []byte, root wire.Hash, records int) *Genesis {
	c := *g
	c.State = StateRef{SHA256: sum(raw), Root: root, Bytes: uint64(len(raw)), Records: uint64(records)}
	return &c
}

func TestDecodeState_GEN24(t *testing.T) {
	out := build(t, testInput())
	calls := uint64(0)
	s, err := DecodeState(out.Genesis, bytes.NewReader(out.StateFile), func(done, total uint64) { calls = done })
	if err != nil || s.Root() != out.State.Root() || calls != out.Genesis.State.Records {
		t.Fatalf("root %v, %d records told of, %v", s.Root(), calls, err)
	}
	for i := range out.StateFile {
		bad := slices.Clone(out.StateFile)
		bad[i] ^= 1 << (i % 8)
		if _, err := DecodeState(out.Genesis, bytes.NewReader(bad), nil); !errors.Is(err, ErrState) {
			t.Fatalf("bit flipped in byte %d: %v", i, err)
		}
	}
	for name, bad := range map[string][]byte{
		"cut short": out.StateFile[:len(out.StateFile)-1], "with a byte more": append(slices.Clone(out.StateFile), 0), "empty": {},
	} {
		if _, err := DecodeState(out.Genesis, bytes.NewReader(bad), nil); !errors.Is(err, ErrState) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A state file that agrees with its hash and root must still hold the members
// and parameters that the genesis file lists.
func TestDecodeState_GEN24_agrees_with_the_file(t *testing.T) {
	out := build(t, testInput())
	for name, change := range map[string]func(*tree.Editor){
		"without parameters": func(e *tree.Editor) { e.Delete(record.ParametersKey) },
		"other parameters": func(e *tree.Editor) {
			e.Put(record.Leaf(record.ParametersKey, wire.Encode(&record.Parameters{Rules: 1, Test: true, CreditCap: 9})))
		},
		"a member less":         func(e *tree.Editor) { e.Delete(record.MemberKey(out.Genesis.members()[0].PubKey)) },
		"without roll":          func(e *tree.Editor) { e.Delete(record.RollKey) },
		"a registrar less":      func(e *tree.Editor) { e.Delete(record.RegistrarKey(out.Genesis.Registrars[0].Account)) },
		"an adjudicator less":   func(e *tree.Editor) { e.Delete(record.AdjudicatorKey(out.Genesis.Adjudicators[0].Account)) },
		"no account of a body":  func(e *tree.Editor) { e.Delete(tree.AccountKey(out.Genesis.Registrars[0].Account)) },
		"no account of a voter": func(e *tree.Editor) { e.Delete(tree.AccountKey(out.Genesis.Members[0].Account)) },
		"an anchor less":        func(e *tree.Editor) { e.Delete(record.AnchorKey(out.Genesis.anchors()[0].Hash())) },
		"another anchor": func(e *tree.Editor) {
			e.Put(record.Leaf(record.AnchorKey(wire.Hash{1}), wire.Encode(&record.Anchor{Rules: 1, Kind: record.RegistryCA, Registry: "arin", Key: []byte{1}})))
		},
		"a registrar for another organisation": func(e *tree.Editor) {
			r := out.Genesis.Registrars[0]
			e.Put(record.Leaf(record.RegistrarKey(r.Account), wire.Encode(&record.Registrar{Rules: 1, Account: r.Account, Organisation: "x", Jurisdiction: r.Jurisdiction})))
		},
		"a member more": func(e *tree.Editor) {
			e.Put(record.Leaf(record.MemberKey([32]byte{1}), wire.Encode(&record.Member{Rules: 1, Power: 1})))
		},
	} {
		e := out.State.Edit()
		change(e)
		s := e.Freeze()
		raw := EncodeState(s)
		if _, err := DecodeState(bind(out.Genesis, raw, s.Root(), s.Len()), bytes.NewReader(raw), nil); !errors.Is(err, ErrState) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// bigState has records of sizes that fill chunks in awkward ways.
func bigState(t testing.TB) tree.State {
	e := tree.State{}.Edit()
	for i, n := range []int{chunkBytes, 1, chunkBytes - 36, chunkBytes - 35, tree.DataBytesMax, 100000, 100000, 100000, 1} {
		k := tree.HashKey(tree.Bodies, wire.Hash{byte(i + 1)})
		e.Put(record.Leaf(k, bytes.Repeat([]byte{byte(i)}, n)))
	}
	return e.Freeze()
}

func TestEncodeState_GEN23(t *testing.T) {
	s := bigState(t)
	raw := EncodeState(s)
	lists := chunksOf(t, raw)
	for i, list := range lists {
		size := 0
		for _, e := range list {
			size += e.size()
		}
		if size > chunkBytes && len(list) > 1 {
			t.Errorf("chunk %d holds %d bytes in %d records", i, size, len(list))
		}
		if i+1 < len(lists) && size+lists[i+1][0].size() <= chunkBytes {
			t.Errorf("chunk %d has room for the next record", i)
		}
	}
	d := &decoder{in: bytes.NewReader(raw), hash: newHash()}
	if got, err := tree.Build(d.leaves); err != nil || d.err != nil || got.Root() != s.Root() {
		t.Fatalf("%v, %v", err, d.err)
	}
	pair, last := lists[len(lists)-2], lists[len(lists)-1] // of two records each
	refused := map[string][][]entry{
		"records divided otherwise": {pair[:1], pair[1:]},
		"an empty chunk":            {pair, {}},
		"records out of order":      {{pair[1], pair[0]}},
		"a chunk too full":          {append(slices.Clone(pair), last...)},
		"a chunk beyond its bound":  {{{pair[0].Key, make([]byte, ChunkBytesMax)}}},
		"what is no key":            {{{[]byte{9}, nil}}},
	}
	for name, chunks := range refused {
		d := &decoder{in: bytes.NewReader(join(chunks)), hash: newHash()}
		if _, err := tree.Build(d.leaves); err == nil && d.err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func chunksOf(t *testing.T, raw []byte) (lists [][]entry) {
	t.Helper()
	for raw = raw[len(stateMagic):]; len(raw) > 0; {
		n := binary.BigEndian.Uint32(raw)
		var list []entry
		if err := wire.Decode(raw[4:4+n], ChunkBytesMax, &list); err != nil {
			t.Fatal(err)
		}
		lists, raw = append(lists, list), raw[4+n:]
	}
	return lists
}

func join(chunks [][]entry) []byte {
	out := []byte(stateMagic)
	for _, list := range chunks {
		raw := wire.Encode(list)
		out = append(binary.BigEndian.AppendUint32(out, uint32(len(raw))), raw...)
	}
	return out
}

// FuzzDecodeState lets the forger choose hash and root too: what still reads
// must be the one file of its state.
func FuzzDecodeState_GEN23(f *testing.F) {
	out := build(f, testInput())
	f.Add(out.StateFile)
	f.Add([]byte(stateMagic))
	f.Fuzz(func(t *testing.T, raw []byte) {
		d := &decoder{in: bytes.NewReader(raw), hash: newHash()}
		s, err := tree.Build(d.leaves)
		if err != nil || d.err != nil {
			return
		}
		if !bytes.Equal(EncodeState(s), raw) {
			t.Fatalf("%x reads but encodes to %x", raw, EncodeState(s))
		}
	})
}
