package tree

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"ipledger/ledger/wire"
)

// Key is a place in the state: a subtree and the first Len bits of Addr. Bits
// of Addr beyond Len are zero (TREE-2), so keys compare with ==. The zero Key
// is the root of the IPv4 subtree, 0.0.0.0/0.
type Key struct {
	Subtree Subtree
	Len     uint16 // bits, 0 to Subtree.Width()
	Addr    [WidthMax / 8]byte
}

// ResourceKey is the place of a block of Internet numbers. It panics if r is
// not Valid: resources are checked where they are decoded.
func ResourceKey(r wire.Resource) Key {
	if !r.Valid() {
		panic(fmt.Sprintf("tree: %v is no resource (TREE-2)", r))
	}
	k := Key{Subtree: Subtree(r.Family), Len: uint16(r.Len)}
	copy(k.Addr[:], r.Addr[:])
	return k
}

// AccountKey is the place of an account.
func AccountKey(id wire.Address) Key { return fullKey(Accounts, id[:]) }

// HashKey is the place of something known by a hash: in Bodies, Parameters or
// Dealings. It panics for another subtree.
func HashKey(s Subtree, h wire.Hash) Key {
	if s != Bodies && s != Parameters && s != Dealings {
		panic(fmt.Sprintf("tree: subtree %d is not keyed by hashes (TREE-3)", s))
	}
	return fullKey(s, h[:])
}

// DueKey is the place of what falls due at a time, in unix seconds. Keys sort
// by time, then rank, then id, which is the order of their execution.
func DueKey(at uint64, rank uint8, id wire.Hash) Key {
	k := fullKey(Due, nil)
	binary.BigEndian.PutUint64(k.Addr[:], at)
	k.Addr[8] = rank
	copy(k.Addr[9:], id[:])
	return k
}

func fullKey(s Subtree, addr []byte) Key {
	k := Key{Subtree: s, Len: uint16(s.Width())}
	copy(k.Addr[:], addr)
	return k
}

// RootKey is the root of a subtree: every key of the subtree is at or beneath it.
func RootKey(s Subtree) Key { return Key{Subtree: s} }

// Resource is the block of Internet numbers at k; it is the zero Resource for
// a key of another kind.
func (k Key) Resource() wire.Resource {
	if !k.Subtree.Prefixes() {
		return wire.Resource{}
	}
	r := wire.Resource{Family: wire.Family(k.Subtree), Len: uint8(k.Len)}
	copy(r.Addr[:], k.Addr[:])
	return r
}

// Due takes apart what DueKey put together; ok is false for another key.
func (k Key) Due() (at uint64, rank uint8, id wire.Hash, ok bool) {
	if k.Subtree != Due || k.Len != WidthMax {
		return 0, 0, wire.Hash{}, false
	}
	return binary.BigEndian.Uint64(k.Addr[:]), k.Addr[8], wire.Hash(k.Addr[9:]), true
}

// Valid reports whether k is a key: a known subtree, a length within its
// width, and no bit set beyond the length (TREE-2).
func (k Key) Valid() bool {
	return k.Subtree < SubtreeCount && int(k.Len) <= k.Subtree.Width() && k.clean()
}

// clean reports whether no bit is set beyond the length.
func (k *Key) clean() bool {
	i := int(k.Len) / 8
	if i >= len(k.Addr) {
		return true
	}
	return k.Addr[i]&(0xff>>(k.Len%8)) == 0 && bytes.Equal(k.Addr[i+1:], zeros[i+1:])
}

var zeros [WidthMax / 8]byte

// Holds reports whether a value may stand at k: a valid key, in the subtrees
// of fixed length one of full width (TREE-3).
func (k Key) Holds() bool {
	return k.Valid() && (k.Subtree.Prefixes() || int(k.Len) == k.Subtree.Width())
}

// Bytes is the key for a database: subtree, address at the subtree's full
// width, length in two bytes. Bytes sort as keys do (TREE-4).
func (k Key) Bytes() []byte {
	return k.AppendBytes(make([]byte, 0, 1+k.Subtree.bytes()+2))
}

// AppendBytes appends Bytes to a longer key of a database.
func (k *Key) AppendBytes(out []byte) []byte {
	out = append(append(out, byte(k.Subtree)), k.Addr[:k.Subtree.bytes()]...)
	return binary.BigEndian.AppendUint16(out, k.Len)
}

// ParseKey reads what Bytes writes, and nothing else.
func ParseKey(raw []byte) (Key, error) {
	if len(raw) == 0 || raw[0] >= SubtreeCount || len(raw) != 3+Subtree(raw[0]).bytes() {
		return Key{}, fmt.Errorf("%w: a key is subtree, full address, length (TREE-4); %d bytes given", ErrKey, len(raw))
	}
	end := len(raw) - 2
	k := Key{Subtree: Subtree(raw[0]), Len: binary.BigEndian.Uint16(raw[end:])}
	copy(k.Addr[:], raw[1:end])
	if !k.Valid() {
		return Key{}, fmt.Errorf("%w: %x has a length or bits that no key has (TREE-2)", ErrKey, raw)
	}
	return k, nil
}

// Compare orders keys by subtree, address, length: what covers comes first.
func (k Key) Compare(other Key) int {
	if k.Subtree != other.Subtree {
		return int(k.Subtree) - int(other.Subtree)
	}
	if c := bytes.Compare(k.Addr[:], other.Addr[:]); c != 0 {
		return c
	}
	return int(k.Len) - int(other.Len)
}

// Covers reports whether other is k or lies beneath it.
func (k Key) Covers(other Key) bool { return k.covers(&other) }

func (k *Key) covers(other *Key) bool {
	return k.Subtree == other.Subtree && k.Len <= other.Len &&
		common(k.Addr[:], other.Addr[:], int(k.Len)) == int(k.Len)
}

// Next is the smallest key after k in its subtree; ok is false after the last.
// A page that ended at k goes on from Next.
func (k Key) Next() (next Key, ok bool) {
	if int(k.Len) < k.Subtree.Width() {
		k.Len++
		return k, true
	}
	for k.Len > 0 && k.bit(int(k.Len)-1) == 1 {
		k = k.cut(int(k.Len) - 1)
	}
	if k.Len == 0 {
		return Key{}, false
	}
	k.Addr[(k.Len-1)/8] |= 0x80 >> ((k.Len - 1) % 8)
	return k, true
}

// String is the resource's text, or the subtree's number and the address in
// hexadecimal digits.
func (k Key) String() string {
	if k.Subtree.Prefixes() {
		return k.Resource().String()
	}
	return fmt.Sprintf("%d:%x/%d", k.Subtree, k.Addr[:k.Subtree.bytes()], k.Len)
}

// last is the greatest key at or beneath k.
func (k Key) last() Key {
	i, w := int(k.Len)/8, k.Subtree.bytes()
	if i < w {
		k.Addr[i] |= 0xff >> (k.Len % 8)
		for i++; i < w; i++ {
			k.Addr[i] = 0xff
		}
	}
	k.Len = uint16(8 * w)
	return k
}

// half is the key one bit longer than k that ends in the given bit.
func (k Key) half(bit int) Key {
	k.Addr[k.Len/8] |= byte(bit) << (7 - k.Len%8)
	k.Len++
	return k
}

// cut is the first n bits of k.
func (k Key) cut(n int) Key {
	k.Len = uint16(n)
	i := n / 8
	if i < len(k.Addr) {
		k.Addr[i] &^= 0xff >> (n % 8)
		clear(k.Addr[i+1:])
	}
	return k
}

func (k *Key) bit(i int) int { return int(k.Addr[i/8]>>(7-i%8)) & 1 }
