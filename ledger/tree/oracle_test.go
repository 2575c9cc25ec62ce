package tree

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"ipledger/ledger/wire"
)

// oracle is the slow obvious twin of a State: a map, and every answer by
// looking at all of it. It shares no code with what it checks but Key itself.
type oracle map[Key]Leaf

func (o oracle) sorted() []Leaf { return o.those(func(Key) bool { return true }) }

func (o oracle) those(want func(Key) bool) []Leaf {
	var out []Leaf
	for k, l := range o {
		if want(k) {
			out = append(out, l)
		}
	}
	slices.SortFunc(out, func(a, b Leaf) int {
		return cmp.Or(cmp.Compare(a.Key.Subtree, b.Key.Subtree), bytes.Compare(a.Key.Addr[:], b.Key.Addr[:]), cmp.Compare(a.Key.Len, b.Key.Len))
	})
	return out
}

// any is one of the keys, the same one for the same r.
func (o oracle) any(r *rand.Rand) Key {
	all := o.sorted()
	return all[r.Intn(len(all))].Key
}

// bitsOf is a key as a text of 0 and 1, on which covering is having a prefix.
func bitsOf(k Key) string {
	var out []byte
	for i := range int(k.Len) {
		out = append(out, '0'+k.Addr[i/8]>>(7-i%8)&1)
	}
	return string(out)
}

func covers(a, b Key) bool {
	return a.Subtree == b.Subtree && a.Len <= b.Len && strings.HasPrefix(bitsOf(b), bitsOf(a))
}

func (o oracle) path(k Key) []Leaf { return o.those(func(a Key) bool { return covers(a, k) }) }

func (o oracle) under(k Key) []Leaf { return o.those(func(a Key) bool { return covers(k, a) }) }

func (o oracle) root() wire.Hash {
	var row [][32]byte
	for s := range Subtree(SubtreeCount) {
		leaves := map[string]wire.Hash{}
		for _, l := range o.under(Key{Subtree: s}) {
			leaves[bitsOf(l.Key)] = l.Value
		}
		row = append(row, slowHash(s, "", leaves, true))
	}
	for level := byte(0); len(row) > 1; level++ {
		var up [][32]byte
		for i := 0; i < len(row); i += 2 {
			up = append(up, sha256.Sum256(slices.Concat([]byte{0x60, level}, row[i][:], row[i+1][:])))
		}
		row = up
	}
	return row[0]
}

// slowHash hashes the subtree of leaves that all start with at, straight from
// the text of specs/05: a place with at most one child and no value is no node.
func slowHash(s Subtree, at string, leaves map[string]wire.Hash, root bool) [32]byte {
	var value []byte
	sides := [2]map[string]wire.Hash{{}, {}}
	for bits, v := range leaves {
		if bits == at {
			value = v[:]
		} else {
			sides[bits[len(at)]-'0'][bits] = v
		}
	}
	if value == nil && !root {
		for i, bit := range []string{"0", "1"} {
			if len(sides[1-i]) == 0 {
				return slowHash(s, at+bit, sides[i], false)
			}
		}
	}
	tag, tail := byte(0x50), value
	if value != nil {
		tag |= 1
	}
	for i, bit := range []string{"0", "1"} {
		if len(sides[i]) > 0 {
			tag |= 2 << i
			h := slowHash(s, at+bit, sides[i], false)
			tail = append(slices.Clip(tail), h[:]...)
		}
	}
	addr := make([]byte, map[Subtree]int{0: 4, 1: 16, 2: 4, 3: 20, 4: 32, 5: 32, 6: 32, 7: 41}[s])
	for i, c := range at {
		addr[i/8] |= byte(c-'0') << (7 - i%8)
	}
	head := []byte{tag, byte(s), byte(len(at) >> 8), byte(len(at))}
	return sha256.Sum256(slices.Concat(head, addr, tail))
}

// randomKey draws keys that crowd together, so that they nest and part late.
func randomKey(r *rand.Rand) Key {
	s := Subtree(r.Intn(SubtreeCount))
	k := Key{Subtree: s, Len: uint16(s.Width())}
	pattern := []byte{0x00, 0xff, 0x80, 0x01, byte(r.Intn(256))}
	for i := range s.bytes() {
		k.Addr[i] = pattern[r.Intn(len(pattern))]
		if r.Intn(3) > 0 {
			k.Addr[i] = 0
		}
	}
	if s.Prefixes() {
		k = k.cut(r.Intn(s.Width() + 1))
	}
	return k
}

// randomQuery is a key that need not hold a value: of any length.
func randomQuery(r *rand.Rand) Key {
	k := randomKey(r)
	return k.cut(r.Intn(int(k.Len) + 1))
}

func randomLeaf(r *rand.Rand) Leaf {
	l := Leaf{Key: randomKey(r), Data: make([]byte, r.Intn(5))}
	r.Read(l.Value[:])
	r.Read(l.Data)
	return l
}

func randomState(t testing.TB, r *rand.Rand, n int) (State, oracle) {
	t.Helper()
	o := oracle{}
	e := State{}.Edit()
	for range n {
		l := randomLeaf(r)
		o[l.Key] = l
		e.Put(l)
	}
	return e.Freeze(), o
}

func equalLeaves(a, b []Leaf) bool {
	return slices.EqualFunc(a, b, func(a, b Leaf) bool {
		return a.Key == b.Key && a.Value == b.Value && bytes.Equal(a.Data, b.Data)
	})
}
