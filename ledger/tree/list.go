package tree

import (
	"fmt"
	"sort"

	"ipledger/ledger/wire"
)

// checkList checks that a list ascends strictly within its window, all keys
// being such as hold values.
func checkList(w window, list []KeyValue) error {
	for i, e := range list {
		if !e.Key.Holds() || e.Key.Subtree != w.lo.Subtree {
			return fmt.Errorf("%w: %v holds no value there (TREE-3)", ErrKey, e.Key)
		}
		if e.Key.Compare(w.lo) < 0 || e.Key.Compare(w.hi) > 0 || i > 0 && list[i-1].Key.Compare(e.Key) >= 0 {
			return fmt.Errorf("%w: %v stands outside the page or out of order (TREE-10)", ErrOrder, e.Key)
		}
	}
	return nil
}

// claim takes what is listed in half off the list and gives its hash.
func (v *verifier) claim(half Key, hash *wire.Hash) bool {
	n := sort.Search(len(v.list), func(i int) bool { return !half.Covers(v.list[i].Key) })
	if n == 0 {
		return false
	}
	*hash = listHash(v.list[:n])
	v.list = v.list[n:]
	return true
}

// listHash is the hash of the tree of a list that ascends strictly.
func listHash(list []KeyValue) wire.Hash {
	first, last := &list[0].Key, &list[len(list)-1].Key
	length := common(first.Addr[:], last.Addr[:], int(min(first.Len, last.Len)))
	var value *wire.Hash
	if length == int(first.Len) {
		value, list = &list[0].Value, list[1:]
	}
	ones := sort.Search(len(list), func(i int) bool { return bitAt(list[i].Key.Addr[:], length) == 1 })
	var kids [2]wire.Hash
	var has [2]*wire.Hash
	for side, part := range [2][]KeyValue{list[:ones], list[ones:]} {
		if len(part) > 0 {
			kids[side] = listHash(part)
			has[side] = &kids[side]
		}
	}
	return nodeHash(first.Subtree, length, first.Addr[:], value, has[0], has[1])
}
