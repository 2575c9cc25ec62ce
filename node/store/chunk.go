package store

import (
	"ipledger/ledger/wire"
	"ipledger/node/store/sealed"
)

const (
	// chunkBytesMax bounds a row of a list: acts, receipts, keys of changes.
	chunkBytesMax = 512 << 10
	// itemOverhead is the most that the encoding adds to one item of a list.
	itemOverhead = 4
	// ItemBytesMax bounds one act or receipt, so that it fits a chunk with its id.
	ItemBytesMax = chunkBytesMax - 2*itemOverhead - 32
)

// chunk is a run of a list, which is stored as one row.
type chunk struct {
	key, data []byte
}

// chunks cuts a list into runs of at most chunkBytesMax each. A row's key holds
// the number of its first item, so an item's row is the last at or before it.
func chunks(table byte, height uint64, items [][]byte) []chunk {
	var out []chunk
	for first := 0; first < len(items); {
		end, size := first, itemOverhead
		for end < len(items) && size+len(items[end])+itemOverhead <= chunkBytesMax {
			size += len(items[end]) + itemOverhead
			end++
		}
		out = append(out, chunk{chunkKey(table, height, uint32(first)), wire.Encode(items[first:end])})
		first = end
	}
	return out
}

func unchunk(key, data []byte) (items [][]byte, err error) {
	if err := wire.Decode(data, chunkBytesMax, &items); err != nil {
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

// item reads one item of a list, which the caller knows to be there.
func item(t *sealed.Txn, table byte, height uint64, number uint32) (raw []byte, err error) {
	from := chunkKey(table, height, number)
	err = t.Scan(heightKey(table, height), from, true, func(r sealed.Row) (bool, error) {
		if !r.Live {
			return true, nil
		}
		items, err := unchunk(r.Key, r.Data)
		if at := uint64(number) - uint64(firstOf(r.Key)); err == nil && at < uint64(len(items)) {
			raw = items[at]
		}
		return false, err
	})
	if err == nil && raw == nil {
		err = corrupt(from, "the item is missing")
	}
	return raw, err
}
