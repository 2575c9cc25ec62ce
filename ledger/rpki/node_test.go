package rpki

import (
	"encoding/asn1"
	"fmt"
)

// node is a DER value that a test may bend: it is written again from its parts,
// or as raw says.
type node struct {
	tag  byte
	body []byte  // of a value without parts
	kids []*node // of a value with parts
	raw  []byte  // stands for the whole value where it is set
}

func (n *node) isList() bool { return n.tag&0x20 != 0 }

// tree reads DER with the standard library, not with what is tested.
func tree(der []byte) *node {
	var v asn1.RawValue
	rest, err := asn1.Unmarshal(der, &v)
	if err != nil || len(rest) > 0 {
		panic(fmt.Sprintf("%x: %v, %d bytes behind", der, err, len(rest)))
	}
	n := &node{tag: v.FullBytes[0]}
	if !v.IsCompound {
		n.body = v.Bytes
		return n
	}
	for in := v.Bytes; len(in) > 0; {
		var kid asn1.RawValue
		if in, err = asn1.Unmarshal(in, &kid); err != nil {
			panic(err)
		}
		n.kids = append(n.kids, tree(kid.FullBytes))
	}
	return n
}

// bytes writes the value.
func (n *node) bytes() []byte {
	if n.raw != nil {
		return n.raw
	}
	body := n.body
	if n.isList() {
		body = nil
		for _, k := range n.kids {
			body = append(body, k.bytes()...)
		}
	}
	return tlv(n.tag, body)
}

// at is the value down a path of places.
func (n *node) at(path ...int) *node {
	for _, i := range path {
		n = n.kids[i]
	}
	return n
}

func (n *node) drop(i int) { n.kids = append(n.kids[:i:i], n.kids[i+1:]...) }

func (n *node) insert(i int, kid *node) {
	n.kids = append(n.kids[:i:i], append([]*node{kid}, n.kids[i:]...)...)
}

func (n *node) swap(i, j int) { n.kids[i], n.kids[j] = n.kids[j], n.kids[i] }

// become makes the value another.
func (n *node) become(der []byte) { *n = node{raw: der} }

// flip changes the lowest bit of a byte of the content.
func (n *node) flip(i int) {
	n.body = append([]byte(nil), n.body...)
	n.body[i] ^= 1
}

// tlv writes a value with the shortest length there is.
func tlv(tag byte, body []byte) []byte { return append(header(tag, len(body)), body...) }

func header(tag byte, n int) []byte {
	switch {
	case n < 0x80:
		return []byte{tag, byte(n)}
	case n < 0x100:
		return []byte{tag, 0x81, byte(n)}
	case n < 0x10000:
		return []byte{tag, 0x82, byte(n >> 8), byte(n)}
	}
	return []byte{tag, 0x83, byte(n >> 16), byte(n >> 8), byte(n)}
}

func seq(parts ...[]byte) []byte   { return list(0x30, parts...) }
func setOf(parts ...[]byte) []byte { return list(0x31, parts...) }

func list(tag byte, parts ...[]byte) []byte {
	var body []byte
	for _, p := range parts {
		body = append(body, p...)
	}
	return tlv(tag, body)
}
