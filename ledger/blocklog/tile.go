package blocklog

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/proof"

	"ipledger/ledger/chain"
	"ipledger/ledger/wire"
)

// TileWidth is how many hashes a full tile has, and TileHeight its height.
const (
	TileWidth  = 256
	TileHeight = 8
	levelMax   = 7 // 63 bits of size
)

// Entries is the level of bundles of leaves.
const Entries = -1

// Tile names a tile, or a bundle of entries.
type Tile struct {
	Level int // 0 to 7, or Entries
	Index uint64
	Width int // hashes, 1 to TileWidth
}

// Path is the tile's path beneath /log/.
//
// specs/25 LOG-5: ... N is in groups of three digits, all but the last with an x
// before them.
func (t Tile) Path() string {
	n := fmt.Sprintf("%03d", t.Index%1000)
	for rest := t.Index / 1000; rest > 0; rest /= 1000 {
		n = fmt.Sprintf("x%03d/%s", rest%1000, n)
	}
	level := "entries"
	if t.Level != Entries {
		level = strconv.Itoa(t.Level)
	}
	if t.Width < TileWidth {
		n += ".p/" + strconv.Itoa(t.Width)
	}
	return "tile/" + level + "/" + n
}

// ParseTile reads what Path writes.
func ParseTile(path string) (t Tile, err error) {
	no := func() (Tile, error) { return Tile{}, malformed("LOG-5", "there is no tile of this name") }
	rest, ok := strings.CutPrefix(path, "tile/")
	level, rest, found := strings.Cut(rest, "/")
	if !ok || !found || len(path) > 64 {
		return no()
	}
	t.Level, t.Width = Entries, TileWidth
	if level != "entries" {
		if t.Level, err = strconv.Atoi(level); err != nil || t.Level < 0 || t.Level > levelMax {
			return no()
		}
	}
	if n, width, partial := strings.Cut(rest, ".p/"); partial {
		if t.Width, err = strconv.Atoi(width); err != nil || t.Width < 1 || t.Width >= TileWidth {
			return no()
		}
		rest = n
	}
	digits := strings.ReplaceAll(strings.ReplaceAll(rest, "x", ""), "/", "")
	if t.Index, err = strconv.ParseUint(digits, 10, 63); err != nil || t.Path() != path {
		return no()
	}
	return t, nil
}

// Reader gives the hashes of a tile, as many as its width says.
type Reader func(Tile) ([]wire.Hash, error)

// tileOf is the tile of a log of size leaves that holds hash n of a level.
func tileOf(level int, n, size uint64) Tile {
	at := size >> (TileHeight * level) // hashes at the level
	t := Tile{Level: level, Index: n / TileWidth, Width: TileWidth}
	if t.Index == at/TileWidth {
		t.Width = int(at % TileWidth)
	}
	return t
}

// Inclusion proves leaf index of a log of size leaves from its tiles. What it
// gives is not checked: verify it.
func Inclusion(read Reader, index, size uint64) (chain.Inclusion, error) {
	p := chain.Inclusion{Index: index, Size: size}
	nodes, err := proof.Inclusion(index, size)
	if err == nil {
		p.Path, err = gather(read, nodes, size)
	}
	return p, err
}

// Consistency proves that a log of size leaves begins with that of old, from its
// tiles. What it gives is not checked: verify it.
func Consistency(read Reader, old, size uint64) (chain.Consistency, error) {
	p := chain.Consistency{Old: old, New: size}
	if old == 0 || old == size {
		return p, nil
	}
	nodes, err := proof.Consistency(old, size)
	if err == nil {
		p.Path, err = gather(read, nodes, size)
	}
	return p, err
}

// RootOf is the root of a log of size leaves, from its tiles.
func RootOf(read Reader, size uint64) (wire.Hash, error) {
	f := chain.Frontier{Size: size}
	for level, from := 62, uint64(0); level >= 0; level-- {
		if size>>level&1 == 0 {
			continue
		}
		h, err := node(read, compact.NodeID{Level: uint(level), Index: from >> level}, size)
		if err != nil {
			return wire.Hash{}, err
		}
		f.Roots = append(f.Roots, h)
		from += 1 << level
	}
	return f.Root(), nil
}

func gather(read Reader, nodes proof.Nodes, size uint64) ([]wire.Hash, error) {
	hashes := make([][]byte, len(nodes.IDs))
	for i, id := range nodes.IDs {
		h, err := node(read, id, size)
		if err != nil {
			return nil, err
		}
		hashes[i] = h[:]
	}
	made, err := nodes.Rehash(hashes, func(l, r []byte) []byte {
		h := chain.Node(wire.Hash(l), wire.Hash(r))
		return h[:]
	})
	out := make([]wire.Hash, len(made))
	for i := range made {
		out[i] = wire.Hash(made[i])
	}
	return out, err
}

// node is the root of a perfect tree of the log: a run of hashes in one tile.
func node(read Reader, id compact.NodeID, size uint64) (wire.Hash, error) {
	level := int(id.Level) / TileHeight
	run := uint64(1) << (id.Level % TileHeight)
	first := id.Index * run
	t := tileOf(level, first, size)
	hashes, err := read(t)
	if err != nil {
		return wire.Hash{}, err
	}
	from := first % TileWidth
	if len(hashes) != t.Width || from+run > uint64(len(hashes)) {
		return wire.Hash{}, malformed("LOG-5", "tile %s has %d hashes", t.Path(), len(hashes))
	}
	return chain.Root(hashes[from : from+run]), nil
}
