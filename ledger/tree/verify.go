package tree

import (
	"encoding/binary"
	"fmt"

	"ipledger/ledger/wire"
)

// proofHead is the kind of a proof and the number of its hashes.
const proofHead = 3

// KeyValue is a leaf without its data: what a proof speaks of.
type KeyValue struct {
	Key   Key
	Value wire.Hash
}

// verifier reads a proof in the order in which it was written and computes the
// root that it leads to. It reads each bit and hash once, and there is one way
// to write each, so a state has one proof of a question (TREE-9).
type verifier struct {
	window
	asked  Key // the key, or what the list is beneath
	bits   bitReader
	hashes []byte
	list   []KeyValue // what the nodes have not claimed yet
	chain  []KeyValue // values at or above asked that are not listed
	more   bool       // something stands beneath asked and after the window
	nodes  int        // opened so far
	err    error
}

// chainUsual is how many values cover a key, in most registries.
const chainUsual = 4

// run checks raw, whose kind has been looked at, against root.
func (v *verifier) run(root wire.Hash, raw []byte) error {
	count := int(binary.BigEndian.Uint16(raw[1:proofHead]))
	if count < topLevels || len(raw)-proofHead < 32*count {
		return refused("%d hashes do not fit (TREE-8)", count)
	}
	v.hashes = raw[proofHead : proofHead+32*count]
	v.bits.in = raw[proofHead+32*count:]
	var top [topLevels]wire.Hash
	for i := range top {
		top[i] = *v.hash()
	}
	got := foldTop(v.asked.Subtree, v.open(RootKey(v.asked.Subtree)), top)
	switch {
	case v.err != nil:
		return v.err
	case !v.bits.done() || len(v.hashes) > 0:
		return refused("bits or hashes left over or missing (TREE-9)")
	case len(v.list) > 0:
		return refused("%v is listed but not in the tree (TREE-10)", v.list[0].Key)
	case got != root:
		return refused("it leads to root %v, not %v (TREE-8)", got, root)
	}
	return nil
}

// open reads the node at k and gives its hash.
func (v *verifier) open(k Key) wire.Hash {
	if v.err != nil {
		return wire.Hash{}
	}
	v.nodes++
	v.sight(k)
	value := v.value(k)
	free := free(k, value != nil)
	var kids [2]wire.Hash
	var has [2]*wire.Hash
	if int(k.Len) < k.Subtree.Width() {
		for side := range kids {
			if v.half(k.half(side), free, &kids[side]) {
				has[side] = &kids[side]
			}
		}
	}
	// specs/05 TREE-7: A node MUST exist if and only if it has a value, or has
	// two children, or is a subtree's root.
	if !free && (has[0] == nil || has[1] == nil) {
		v.refuse("the node at %v has no reason to be (TREE-7)", k)
	}
	return nodeHash(k.Subtree, int(k.Len), k.Addr[:], value, has[0], has[1])
}

// value is the value of the node at k, nil for none.
func (v *verifier) value(k Key) *wire.Hash {
	if v.lists(&k) {
		if len(v.list) == 0 || v.list[0].Key != k {
			return nil
		}
		value := &v.list[0].Value
		v.list = v.list[1:]
		return value
	}
	valued := int(k.Len) == k.Subtree.Width()
	if !valueImplied(k) {
		valued = v.bits.flag()
	}
	if !valued {
		return nil
	}
	value := v.hash()
	if k.covers(&v.asked) {
		if v.chain == nil {
			v.chain = make([]KeyValue, 0, chainUsual)
		}
		v.chain = append(v.chain, KeyValue{Key: k, Value: *value})
	}
	return value
}

// half gives the hash of what stands in one half of a node, if anything does.
func (v *verifier) half(half Key, free bool, hash *wire.Hash) bool {
	at := v.place(&half)
	if at == inside {
		return v.claim(half, hash)
	}
	if free && !v.bits.flag() {
		return false
	}
	if at == outside {
		v.sight(half)
		*hash = *v.hash()
	} else {
		*hash = v.open(v.descend(half))
	}
	return true
}

// descend reads where the node in half stands.
func (v *verifier) descend(half Key) Key {
	strays := v.bits.flag()
	length := int(half.Len) - 1 + v.bits.gamma(half.Subtree.Width()-int(half.Len)+1)
	guide := v.guide(half)
	if !strays {
		if length > int(guide.Len) {
			v.refuse("a node is said to cover %v and is longer (TREE-9)", guide)
			return half
		}
		return guide.cut(length)
	}
	k := half
	for int(k.Len) < length {
		k = k.half(v.bits.bit())
	}
	// specs/05 TREE-9: A verifier MUST refuse anything written in another way:
	// what covers the guide takes its address from it.
	if k.Covers(guide) {
		v.refuse("the node at %v covers %v and is written as if not (TREE-9)", k, guide)
	}
	return k
}

// sight notes that something stands at or beneath k.
func (v *verifier) sight(k Key) {
	v.more = v.more || v.asked.Len <= k.Len && v.asked.covers(&k) && k.Compare(v.hi) > 0
}

// hash is the next hash of the proof, where it stands.
func (v *verifier) hash() *wire.Hash {
	if len(v.hashes) == 0 {
		v.refuse("a hash is missing (TREE-8)")
		return new(wire.Hash)
	}
	h := (*wire.Hash)(v.hashes[:32])
	v.hashes = v.hashes[32:]
	return h
}

func (v *verifier) refuse(format string, args ...any) {
	if v.err == nil {
		v.err = refused(format, args...)
	}
}

func refused(format string, args ...any) error {
	return fmt.Errorf("%w: %s; ask another source", ErrProof, fmt.Sprintf(format, args...))
}
