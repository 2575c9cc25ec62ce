package store

import (
	"bytes"
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
	// dataEdited is what was made out of what was replaced: how many bytes both
	// begin with, u32, then with how many of the rest both end, u32, then what
	// stands between. Most changes are of a few bytes.
	dataEdited = 0x02
)

var errChange = errors.New("the form of the change has no meaning")

// changeOverhead is the most that an item takes beside the data: key, forms,
// lengths.
const changeOverhead = treeKeyBytesMax + 1 + 4 + 1 + 4 + 4

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
		var form [1 + 4 + 4]byte
		made := form[:1]
		switch {
		case c.New != nil && c.Old != nil:
			made, new = edit(form[:], old, c.New.Data)
		case c.New != nil:
			form[0], new = dataPresent, c.New.Data
		}
		l.add(first, head, old, made, new)
	}
	return l.end()
}

// edit writes how new is made out of old, and gives what stands between.
func edit(form, old, new []byte) (head, between []byte) {
	begin, end := 0, 0
	for begin < min(len(old), len(new)) && old[begin] == new[begin] {
		begin++
	}
	for end < min(len(old), len(new))-begin && old[len(old)-1-end] == new[len(new)-1-end] {
		end++
	}
	form = append(form[:0], dataEdited)
	form = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(form, uint32(begin)), uint32(end))
	return form, new[begin : len(new)-end]
}

// parseChange reads an item of changeRuns, and nothing else. The data may alias it.
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
	case c.old != nil:
		c.new, err = parseEdit(c.old, rest)
	case len(rest) > 0 && rest[0] == dataPresent:
		c.new = rest[1:]
	default:
		err = errChange
	}
	return c, err
}

// parseEdit reads what edit writes, and nothing else.
func parseEdit(old, raw []byte) ([]byte, error) {
	var form [1 + 4 + 4]byte
	if len(raw) < len(form) || raw[0] != dataEdited {
		return nil, errChange
	}
	begin, end := uint64(binary.BigEndian.Uint32(raw[1:])), uint64(binary.BigEndian.Uint32(raw[5:]))
	if begin+end > uint64(len(old)) {
		return nil, errChange
	}
	between := raw[len(form):]
	new := make([]byte, 0, int(begin+end)+len(between))
	new = append(append(append(new, old[:begin]...), between...), old[uint64(len(old))-end:]...)
	if head, _ := edit(form[:], old, new); !bytes.Equal(head, raw[:len(form)]) {
		return nil, errChange
	}
	return new, nil
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
