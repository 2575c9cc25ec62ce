package genesis

import (
	"encoding/binary"
	"errors"

	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// Bounds of a state file (specs/08 GEN-23).
const (
	StateBytesMax uint64 = 4 << 30                // ten times the records of all registries
	ChunkBytesMax        = tree.DataBytesMax + 64 // the largest record with its key and heads
	chunkBytes           = 256 << 10              // a chunk ends before it passes this
)

const stateMagic = "ipledger-state/1\n"

// ErrState reports a state file that is not the one its genesis file names.
var ErrState = errors.New("genesis: not the state of this genesis")

// entry is one record in a chunk; its value follows from its data.
type entry struct{ Key, Data []byte }

// EncodeState is the state file: a line that says what it is, then chunks, each
// a length in four bytes and the encoding of a list of records in key order.
//
// specs/08 GEN-23: A chunk MUST hold as many records as fit 256 KiB of keys and
// data, at least one; so that one state has one file.
func EncodeState(s tree.State) []byte {
	out := []byte(stateMagic)
	var list []entry
	size := 0
	flush := func() {
		if len(list) > 0 {
			raw := wire.Encode(list)
			out = append(binary.BigEndian.AppendUint32(out, uint32(len(raw))), raw...)
			list, size = list[:0], 0
		}
	}
	for sub := range tree.Subtree(tree.SubtreeCount) {
		s.Walk(tree.RootKey(sub), func(l tree.Leaf) bool {
			e := entry{l.Key.Bytes(), l.Data}
			if size += e.size(); size > chunkBytes {
				flush()
				size = e.size()
			}
			list = append(list, e)
			return true
		})
	}
	flush()
	return out
}

func (e *entry) size() int { return len(e.Key) + len(e.Data) }

// leaf is the record as the tree holds it; its value is made anew.
func (e *entry) leaf() (tree.Leaf, error) {
	k, err := tree.ParseKey(e.Key)
	if err != nil {
		return tree.Leaf{}, err
	}
	value, err := record.ValueOfData(k, e.Data)
	return tree.Leaf{Key: k, Value: value, Data: e.Data}, err
}
