package tree

import (
	"fmt"

	"ipledger/ledger/wire"
)

// ChunkBytesMax bounds a chunk of a snapshot: a leaf of any size, its range
// proof, and room for keys.
const ChunkBytesMax = DataBytesMax + 64<<10

const (
	// entryBytesMin and entryBytesOver are what a leaf adds to a chunk beside
	// its data: the shortest key with three heads, and the longest of both.
	entryBytesMin  = 3 + 4 + 3
	entryBytesOver = 3 + WidthMax/8 + 12
	// chunkHeadMax is the first key, and the heads of chunk, list and proof.
	chunkHeadMax = 3 + WidthMax/8 + 16
	chunkRoom    = ChunkBytesMax - RangeBytesMax - chunkHeadMax
)

const (
	_ uint = chunkRoom - DataBytesMax - entryBytesOver     // one leaf always fits
	_ uint = RangeEntriesMax - ChunkBytesMax/entryBytesMin // the list always fits its proof
)

// Valuer makes the value of the data at a key, or says why they are no data of
// that key. The rooms above give it: tree does not know what data mean.
type Valuer func(k Key, data []byte) (wire.Hash, error)

// Chunk is a piece of a snapshot that proves itself: leaves of one subtree, from
// a key on, and that none between them is left out.
type Chunk struct {
	From   Key
	Leaves []Leaf
	next   Key
	more   bool
}

// chunkWire is a chunk's encoding (TREE-11). Values are left out: data give them.
type chunkWire struct {
	From   []byte
	Leaves []leafWire
	Proof  []byte
}

type leafWire struct{ Key, Data []byte }

// Chunk is the piece of s's snapshot that starts at from, and where the next
// one starts; more is false after the last. A snapshot is the chunks from
// RootKey(IPv4) on, at least one for each subtree.
func (s State) Chunk(from Key) (raw []byte, next Key, more bool) {
	size := 0
	leaves, proof := s.proveRange(RootKey(from.Subtree), from, func(l Leaf) bool {
		size += entryBytesOver + len(l.Data)
		return size <= chunkRoom
	})
	c := chunkWire{From: from.Bytes(), Proof: proof}
	for _, l := range leaves {
		c.Leaves = append(c.Leaves, leafWire{l.Key.Bytes(), l.Data})
	}
	next, more = following(from.Subtree, leaves, proof[0] == proofRange)
	return wire.Encode(c), next, more
}

// following is the key after a chunk: in the same subtree, or the next root.
func following(s Subtree, leaves []Leaf, more bool) (Key, bool) {
	if more {
		return leaves[len(leaves)-1].Key.Next()
	}
	return RootKey(s + 1), s+1 < SubtreeCount
}

// Next is where the next chunk starts; ok is false after the last.
func (c Chunk) Next() (next Key, ok bool) { return c.next, c.more }

// OpenChunk checks that raw is a chunk of the snapshot of the state with root.
// It holds every leaf between From and Next, and no other.
func OpenChunk(root wire.Hash, raw []byte, value Valuer) (Chunk, error) {
	var w chunkWire
	// specs/05 TREE-12: A verifier MUST look at sizes first.
	if err := wire.Decode(raw, ChunkBytesMax, &w); err != nil {
		return Chunk{}, fmt.Errorf("open chunk (TREE-11): %w", err)
	}
	from, err := ParseKey(w.From)
	if err != nil {
		return Chunk{}, fmt.Errorf("open chunk: %w", err)
	}
	leaves, list, err := w.leaves(value)
	if err != nil {
		return Chunk{}, fmt.Errorf("open chunk from %v: %w", from, err)
	}
	// specs/05 TREE-11: ... refused if its values, computed from its data, do
	// not verify under the root.
	r, err := VerifyRange(root, RootKey(from.Subtree), from, list, w.Proof)
	if err != nil {
		return Chunk{}, fmt.Errorf("open chunk from %v: %w", from, err)
	}
	c := Chunk{From: from, Leaves: leaves}
	c.next, c.more = following(from.Subtree, leaves, r.More)
	return c, nil
}

func (w chunkWire) leaves(value Valuer) (leaves []Leaf, list []KeyValue, err error) {
	for _, l := range w.Leaves {
		k, err := ParseKey(l.Key)
		if err != nil {
			return nil, nil, err
		}
		if len(l.Data) > DataBytesMax {
			return nil, nil, fmt.Errorf("%w: %d bytes of data at %v, at most %d (TREE-12)", ErrSize, len(l.Data), k, DataBytesMax)
		}
		v, err := value(k, l.Data)
		if err != nil {
			return nil, nil, fmt.Errorf("data at %v: %w", k, err)
		}
		leaves = append(leaves, Leaf{Key: k, Value: v, Data: l.Data})
		list = append(list, KeyValue{Key: k, Value: v})
	}
	return leaves, list, nil
}
