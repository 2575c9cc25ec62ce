package genesis

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"

	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// DecodeState reads the state file of g from r, a chunk at a time, and returns
// the state; every record, the file's hash and the root are checked.
//
// specs/08 GEN-24: A state file MUST have the bytes, hash, root and number of
// records that the genesis file states, and the members and parameters it lists.
func DecodeState(g *Genesis, r io.Reader, progress func(done, total uint64)) (tree.State, error) {
	d := &decoder{in: io.LimitReader(r, int64(g.State.Bytes)+1), hash: newHash(), want: g.State, progress: progress}
	state, err := tree.Build(d.leaves)
	if err = errors.Join(d.err, err); err != nil {
		return tree.State{}, fmt.Errorf("%w: %w (GEN-23)", ErrState, err)
	}
	if d.read != g.State.Bytes || wire.Hash(d.hash.Sum(nil)) != g.State.SHA256 || state.Root() != g.State.Root || d.records != g.State.Records {
		return tree.State{}, fmt.Errorf("%w: bytes, hash, root or count differ from what the genesis file states; get the state file again (GEN-24)", ErrState)
	}
	if err := g.agree(state); err != nil {
		return tree.State{}, err
	}
	return state, nil
}

// agree checks that the state has the bodies and parameters that the genesis
// file lists, each with its account, and no other body.
func (g *Genesis) agree(s tree.State) error {
	if leaf, _ := s.Get(record.ParametersKey); !bytes.Equal(leaf.Data, wire.Encode(g.parametersOf())) {
		return fmt.Errorf("%w: its parameters are others (GEN-24)", ErrState)
	}
	n := 0
	s.Walk(tree.RootKey(tree.Bodies), func(tree.Leaf) bool { n++; return true })
	want := g.bodies()
	for _, body := range want {
		if leaf, _ := s.Get(body.Key); !bytes.Equal(leaf.Data, body.Data) {
			return fmt.Errorf("%w: its bodies are not those listed (GEN-24)", ErrState)
		}
	}
	if n != len(want) {
		return fmt.Errorf("%w: %d records of bodies in it, %d by the genesis file (GEN-24)", ErrState, n, len(want))
	}
	return g.seated(s)
}

// seated checks that the account of every body is there.
func (g *Genesis) seated(s tree.State) error {
	var ids []wire.Address
	for _, m := range g.Members {
		if !m.Account.IsZero() {
			ids = append(ids, m.Account)
		}
	}
	for _, b := range append(slices.Clone(g.Registrars), g.Adjudicators...) {
		ids = append(ids, b.Account)
	}
	for _, id := range ids {
		if _, ok := s.Get(tree.AccountKey(id)); !ok {
			return fmt.Errorf("%w: the account %v of a body is not in it (GEN-29)", ErrState, id)
		}
	}
	return nil
}

func newHash() hash.Hash { return sha256.New() }

// decoder reads a state file as a sequence of leaves.
type decoder struct {
	in       io.Reader
	hash     hash.Hash
	want     StateRef
	read     uint64
	records  uint64
	filled   int // keys and data of the chunk before
	err      error
	progress func(done, total uint64)
}

// leaves stops at the end of the file or at the first error, which it keeps.
func (d *decoder) leaves(yield func(tree.Leaf) bool) {
	magic := make([]byte, len(stateMagic))
	if d.err = d.full(magic); d.err == nil && string(magic) != stateMagic {
		d.err = errors.New("it does not start as a state file does")
	}
	for d.err == nil {
		list, err := d.chunk()
		if err != nil || list == nil {
			d.err = err
			return
		}
		for _, e := range list {
			leaf, err := e.leaf()
			if d.err = err; err != nil || !yield(leaf) {
				return
			}
			d.records++
		}
		if d.progress != nil {
			d.progress(d.records, d.want.Records)
		}
	}
}

// chunk reads the next chunk; nil at the end of the file.
func (d *decoder) chunk() ([]entry, error) {
	var head [4]byte
	if n, err := io.ReadFull(d.in, head[:]); err != nil {
		if n == 0 && errors.Is(err, io.EOF) {
			return nil, nil
		}
		return nil, errors.New("it ends inside a chunk")
	}
	d.hash.Write(head[:])
	d.read += 4
	size := binary.BigEndian.Uint32(head[:])
	if size > ChunkBytesMax {
		return nil, fmt.Errorf("a chunk of %d bytes, at most %d", size, ChunkBytesMax)
	}
	raw := make([]byte, size)
	if err := d.full(raw); err != nil {
		return nil, err
	}
	var list []entry
	if err := wire.Decode(raw, ChunkBytesMax, &list); err != nil {
		return nil, err
	}
	return list, d.checkFill(list)
}

// checkFill holds chunks to their one division.
func (d *decoder) checkFill(list []entry) error {
	if len(list) == 0 {
		return errors.New("an empty chunk")
	}
	if d.filled > 0 && d.filled+list[0].size() <= chunkBytes {
		return errors.New("a record stands in a later chunk than it fits in")
	}
	d.filled = 0
	for _, e := range list {
		d.filled += e.size()
	}
	if d.filled > chunkBytes && len(list) > 1 {
		return errors.New("a chunk holds more than fits it")
	}
	return nil
}

func (d *decoder) full(buf []byte) error {
	if _, err := io.ReadFull(d.in, buf); err != nil {
		return errors.New("it ends inside a chunk")
	}
	d.hash.Write(buf)
	d.read += uint64(len(buf))
	return nil
}
