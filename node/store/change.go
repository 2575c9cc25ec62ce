package store

import (
	"encoding/binary"
	"errors"

	"ipledger/ledger/tree"
	"ipledger/node/store/sealed"
)

// change is what a block did at one key: an item of its list of changes.
type change struct {
	key      tree.Key
	old, new []byte // nil for nothing
}

// Forms of what a change replaced and made.
const (
	dataAbsent  = 0x00
	dataPresent = 0x01 // ‖ length u32, of what was replaced ‖ data
)

var errChange = errors.New("the form of the change has no meaning")

// changeOverhead is the most that an item takes beside the data: key, forms,
// length.
const changeOverhead = treeKeyBytesMax + 1 + 4 + 1

// changeRuns is the list of what a block changed.
//
// specs/09 STO-15: For each change a commit MUST write the key, what the block
// replaced, and what it made.
func changeRuns(s *slab, height uint64, changes []tree.Change) []sealed.Sealed {
	l := listing{slab: s, max: sortedBytes}
	var room [changeOverhead]byte
	for i := range changes {
		c := &changes[i]
		first := func() []byte { return sortedKey(tableChanges, height, c.Key) }
		head := c.Key.AppendBytes(room[:0])
		var old, new []byte
		if c.Old == nil {
			head = append(head, dataAbsent)
		} else {
			old = c.Old.Data
			head = binary.BigEndian.AppendUint32(append(head, dataPresent), uint32(len(old)))
		}
		form := []byte{dataAbsent}
		if c.New != nil {
			form, new = []byte{dataPresent}, c.New.Data
		}
		l.add(first, head, old, form, new)
	}
	return l.end()
}

// parseChange reads an item of changeRuns, and nothing else. The data alias it.
func parseChange(item []byte) (c change, err error) {
	k, rest, err := leadingKey(item)
	if err != nil {
		return change{}, err
	}
	c.key = k
	if c.old, rest, err = parseOld(rest); err != nil {
		return change{}, err
	}
	switch {
	case len(rest) == 1 && rest[0] == dataAbsent:
	case len(rest) > 0 && rest[0] == dataPresent:
		c.new = rest[1:]
	default:
		return change{}, errChange
	}
	return c, nil
}

func parseOld(raw []byte) (old, rest []byte, err error) {
	const head = 1 + 4
	switch {
	case len(raw) > 0 && raw[0] == dataAbsent:
		return nil, raw[1:], nil
	case len(raw) >= head && raw[0] == dataPresent:
		if n := uint64(binary.BigEndian.Uint32(raw[1:])); n <= uint64(len(raw)-head) {
			return raw[head : head+n : head+n], raw[head+n:], nil
		}
	}
	return nil, nil, errChange
}

// changesIn reads the changes of a run.
func changesIn(r sealed.Row) ([]change, error) {
	items, err := unchunk(r.Key, r.Data)
	if err != nil {
		return nil, err
	}
	out := make([]change, len(items))
	for i, item := range items {
		if out[i], err = parseChange(item); err != nil {
			return nil, corrupt(r.Key, err.Error())
		}
	}
	return out, nil
}
