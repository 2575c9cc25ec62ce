package store

import (
	"bytes"
	"encoding/binary"
	"sort"

	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
	"ipledger/node/store/sealed"
)

const (
	// chunkBytesMax bounds a row of a list.
	chunkBytesMax = 512 << 10
	// sortedBytes is how long the runs of a sorted list become, so that one item
	// is found at the price of a short row. A single item may be longer.
	sortedBytes = 16 << 10
	// itemOverhead is the most that the encoding adds to one item of a list.
	itemOverhead = 4
	// ItemBytesMax bounds one act or receipt, so that it fits a chunk with its id.
	ItemBytesMax = chunkBytesMax - 2*itemOverhead - 32
)

// listing cuts a list into runs, which are stored as one row each.
type listing struct {
	slab *slab
	max  int // bytes of a run, if it has more than one item
	key  []byte
	runs []sealed.Sealed
}

// add appends an item, which is the joined parts. key gives the key of a run
// that begins with it.
func (l *listing) add(key func() []byte, parts ...[]byte) {
	size := 0
	for _, p := range parts {
		size += len(p)
	}
	if n := len(l.slab.items); n > 0 && itemOverhead+n+size+itemOverhead > l.max {
		l.cut()
	}
	if l.key == nil {
		l.key = key()
	}
	l.slab.items = appendItem(l.slab.items, size, parts)
}

// cut ends the run under way.
func (l *listing) cut() {
	if l.key == nil {
		return
	}
	items := l.slab.items
	var head [itemOverhead]byte
	room := l.slab.take(sealed.SealedBytes(itemOverhead + len(items)))
	l.runs = append(l.runs, sealed.Seal(room, l.key, appendHeader(head[:0], listShort, len(items)), items))
	l.key, l.slab.items = nil, items[:0]
}

// end is all runs.
func (l *listing) end() []sealed.Sealed {
	l.cut()
	return l.runs
}

// Where the encoding of chapter 02 tells strings from lists.
const (
	stringShort = 0x80
	listShort   = 0xc0
	shortMax    = 55
)

func appendItem(out []byte, size int, parts [][]byte) []byte {
	first := len(out)
	out = appendHeader(out, stringShort, size)
	begin := len(out)
	for _, p := range parts {
		out = append(out, p...)
	}
	if size == 1 && out[begin] < stringShort { // such a byte is its own encoding
		out = append(out[:first], out[begin])
	}
	return out
}

func appendHeader(out []byte, short byte, size int) []byte {
	switch {
	case size <= shortMax:
		return append(out, short+byte(size))
	case size < 1<<8:
		return append(out, short+shortMax+1, byte(size))
	case size < 1<<16:
		return append(out, short+shortMax+2, byte(size>>8), byte(size))
	}
	return append(out, short+shortMax+3, byte(size>>16), byte(size>>8), byte(size))
}

// numbered is the runs of a list whose items have numbers. A row's key holds the
// number of its first item, so an item's row is the last at or before it.
func numbered(s *slab, table byte, height uint64, count int, item func(i int) [][]byte) []sealed.Sealed {
	l := listing{slab: s, max: chunkBytesMax}
	for i := range count {
		l.add(func() []byte { return chunkKey(table, height, uint32(i)) }, item(i)...)
	}
	return l.end()
}

func unchunk(key, data []byte) (items [][]byte, err error) {
	if err := wire.Decode(data, sealed.RowBytesMax, &items); err != nil {
		return nil, corrupt(key, "the list is not canonical: "+err.Error())
	}
	return items, nil
}

// list reads a whole list and checks that it has the number of items that the
// block's row says.
func list(t *sealed.Txn, table byte, height uint64, count uint32) ([][]byte, error) {
	all := make([][]byte, 0, count)
	prefix := heightKey(table, height)
	err := t.Scan(prefix, prefix, false, func(r sealed.Row) (bool, error) {
		if !r.Live {
			return true, nil
		}
		items, err := unchunk(r.Key, r.Data)
		all = append(all, items...)
		return true, err
	})
	if err == nil && len(all) != int(count) {
		err = corrupt(prefix, "items of the list are missing")
	}
	return all, err
}

// item reads one item of a numbered list, which the caller knows to be there.
func item(t *sealed.Txn, table byte, height uint64, number uint32) ([]byte, error) {
	from := chunkKey(table, height, number)
	p := t.Probe(heightKey(table, height), true)
	defer p.Close()
	row, ok, err := p.Find(from)
	if err != nil {
		return nil, err
	}
	if ok {
		items, err := unchunk(row.Key, row.Data)
		if err != nil {
			return nil, err
		}
		if at := uint64(number) - uint64(firstOf(row.Key)); at < uint64(len(items)) {
			return items[at], nil
		}
	}
	return nil, corrupt(from, "the item is missing")
}

// sortedItem looks in a list sorted by tree keys for the item that begins with a
// key; nil if there is none. p is a probe of the list's table, in reverse.
func sortedItem(p *sealed.Probe, table byte, height uint64, k tree.Key) ([]byte, error) {
	key := sortedKey(table, height, k)
	row, ok, err := p.Find(key)
	if err != nil || !ok || heightOf(row.Key) != height {
		return nil, err
	}
	items, err := unchunk(row.Key, row.Data)
	if err != nil {
		return nil, err
	}
	want := key[1+8:]
	at := sort.Search(len(items), func(i int) bool { return bytes.Compare(items[i], want) >= 0 })
	if at < len(items) && bytes.HasPrefix(items[at], want) {
		return items[at], nil
	}
	return nil, nil
}

// leadingKey is the tree key that an item begins with, and what follows it.
func leadingKey(item []byte) (k tree.Key, rest []byte, err error) {
	n := 0
	if len(item) > 0 && item[0] < tree.SubtreeCount {
		n = 1 + tree.Subtree(item[0]).Width()/8 + 2
	}
	n = min(n, len(item))
	k, err = tree.ParseKey(item[:n])
	return k, item[n:], err
}

// place is where an act stands.
type place struct {
	height uint64
	number uint32
}

const placeBytes = 8 + 4

func (p place) bytes() []byte {
	return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint64(nil, p.height), p.number)
}
