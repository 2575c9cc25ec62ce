// Package tiles keeps the block log in its published form: tiles as files, and
// a checkpoint of what they hold (specs/25).
//
// Full tiles stand in files, which never change; the right edge is in memory and
// is found again from the ledger's blocks. All of it can be made anew: whoever
// rewrites the files makes this node serve a log whose proofs lead nowhere, and
// the next start finds that the root is another and makes them again.
package tiles

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"ipledger/ledger/blocklog"
	"ipledger/ledger/chain"
	"ipledger/ledger/wire"
)

// ErrNotFound reports a tile that the log has not, or not as wide.
var ErrNotFound = errors.New("tiles: there is no such tile")

// Leaf is what the log says of a block.
type Leaf struct {
	Height uint64
	Header wire.Hash
}

const (
	leafBytes  = 40
	entryBytes = 2 + leafBytes
)

// entry is the leaf in a bundle: its length in two bytes, and itself.
func (l Leaf) entry() []byte {
	out := binary.BigEndian.AppendUint16(make([]byte, 0, entryBytes), leafBytes)
	return append(binary.BigEndian.AppendUint64(out, l.Height), l.Header[:]...)
}

// Tiles is the log. It is safe for concurrent use; one goroutine appends.
type Tiles struct {
	dir string

	mu      sync.RWMutex
	size    uint64
	edges   [][]wire.Hash // of each level: the hashes of its tile that is not full
	entries []byte        // of the bundle that is not full
}

// Open reads what a folder holds: as many leaves as its full tiles have. Append
// what follows.
func Open(dir string) (*Tiles, error) {
	t := &Tiles{dir: dir}
	full := t.full()
	t.size = full * blocklog.TileWidth
	for level, n := 0, t.size; n > 0; level, n = level+1, n/blocklog.TileWidth {
		edge, err := t.edge(level, n)
		if err != nil {
			return nil, err
		}
		t.edges = append(t.edges, edge)
	}
	return t, nil
}

// full is how many full tiles there are at level 0, one after the other.
func (t *Tiles) full() uint64 {
	there := func(n uint64) bool {
		for _, level := range []int{0, blocklog.Entries} {
			if _, err := os.Stat(t.file(blocklog.Tile{Level: level, Index: n, Width: blocklog.TileWidth})); err != nil {
				return false
			}
		}
		return true
	}
	low, high := uint64(0), uint64(1)
	for there(high - 1) {
		low, high = high, 2*high
	}
	for low+1 < high {
		if mid := (low + high) / 2; there(mid - 1) {
			low = mid
		} else {
			high = mid
		}
	}
	return low
}

// edge is the hashes of the last tile of a level that has n: roots of the full
// tiles below.
func (t *Tiles) edge(level int, n uint64) (out []wire.Hash, err error) {
	for i := n - n%blocklog.TileWidth; i < n; i++ {
		below, err := t.read(blocklog.Tile{Level: level - 1, Index: i, Width: blocklog.TileWidth})
		if err != nil {
			return nil, err
		}
		out = append(out, chain.Root(below))
	}
	return out, nil
}

// Size is the number of leaves.
func (t *Tiles) Size() uint64 {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.size
}

// Append adds a leaf. What it makes full is on disk when it returns.
func (t *Tiles) Append(l Leaf) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.entries = append(t.entries, l.entry()...)
	if err := t.push(0, chain.LogLeaf(l.Height, l.Header)); err != nil {
		return err
	}
	t.size++
	return nil
}

// push adds a hash to a level; a tile that it fills goes to disk, with the bundle
// first at level 0, and its root to the level above. It is called under mu.
func (t *Tiles) push(level int, h wire.Hash) error {
	if level == len(t.edges) {
		t.edges = append(t.edges, nil)
	}
	t.edges[level] = append(t.edges[level], h)
	if len(t.edges[level]) < blocklog.TileWidth {
		return nil
	}
	// Levels above are written first: what level 0 has, all have.
	index := t.size >> (blocklog.TileHeight * (level + 1))
	if err := t.push(level+1, chain.Root(t.edges[level])); err != nil {
		return err
	}
	if level == 0 {
		if err := t.write(blocklog.Tile{Level: blocklog.Entries, Index: index, Width: blocklog.TileWidth}, t.entries); err != nil {
			return err
		}
		t.entries = nil
	}
	if err := t.write(blocklog.Tile{Level: level, Index: index, Width: blocklog.TileWidth}, flat(t.edges[level])); err != nil {
		return err
	}
	t.edges[level] = nil
	return nil
}

func flat(hashes []wire.Hash) (out []byte) {
	for _, h := range hashes {
		out = append(out, h[:]...)
	}
	return out
}

func (t *Tiles) file(tile blocklog.Tile) string {
	return filepath.Join(t.dir, filepath.FromSlash(tile.Path()))
}

// write keeps specs/25 LOG-6: A full tile MUST never change. It appears whole or
// not at all.
func (t *Tiles) write(tile blocklog.Tile, raw []byte) error {
	name := t.file(tile)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	file, err := os.OpenFile(name+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = file.Write(raw)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(name+".new", name)
}

// Bytes is a tile or bundle as it is served.
func (t *Tiles) Bytes(tile blocklog.Tile) ([]byte, error) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	width := entryBytes
	if tile.Level != blocklog.Entries {
		width = len(wire.Hash{})
	}
	raw, err := t.bytes(tile)
	if err != nil {
		return nil, err
	}
	if len(raw) < tile.Width*width {
		return nil, ErrNotFound
	}
	return raw[:tile.Width*width], nil
}

// bytes is all there is of a tile, at the edge or on disk. It is called under mu.
func (t *Tiles) bytes(tile blocklog.Tile) ([]byte, error) {
	level := max(tile.Level, 0)
	if at := t.size >> (blocklog.TileHeight * (level + 1)); tile.Index > at {
		return nil, ErrNotFound
	} else if tile.Index == at && tile.Level == blocklog.Entries {
		return t.entries, nil
	} else if tile.Index == at {
		if level >= len(t.edges) {
			return nil, ErrNotFound
		}
		return flat(t.edges[level]), nil
	}
	tile.Width = blocklog.TileWidth
	raw, err := os.ReadFile(t.file(tile))
	if err != nil {
		return nil, fmt.Errorf("read a tile: %w", err)
	}
	return raw, nil
}

// Read is a tile's hashes: a blocklog.Reader.
func (t *Tiles) Read(tile blocklog.Tile) ([]wire.Hash, error) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.read(tile)
}

func (t *Tiles) read(tile blocklog.Tile) ([]wire.Hash, error) {
	raw, err := t.bytes(tile)
	if err != nil {
		return nil, err
	}
	if len(raw)%len(wire.Hash{}) != 0 || len(raw) < tile.Width*len(wire.Hash{}) {
		return nil, ErrNotFound
	}
	out := make([]wire.Hash, tile.Width)
	for i := range out {
		out[i] = wire.Hash(raw[i*len(wire.Hash{}):])
	}
	return out, nil
}

// Root is the root over all leaves.
func (t *Tiles) Root() (wire.Hash, error) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return blocklog.RootOf(t.read, t.size)
}

// Clear removes everything, to be made anew.
func (t *Tiles) Clear() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.size, t.edges, t.entries = 0, nil, nil
	return os.RemoveAll(filepath.Join(t.dir, "tile"))
}
