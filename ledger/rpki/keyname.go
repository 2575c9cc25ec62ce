package rpki

import (
	"encoding/binary"
	"math/bits"
)

// keyNameBytes is the length of a key identifier.
const keyNameBytes = 20

// keyName is the name of a key: the SHA-1 (FIPS 180-4, Section 6.1) of its bit
// string, RFC 6487, Section 4.8.2. The standard library's would end the process
// in some environments, and nothing rests on it but that names agree.
func keyName(bitString []byte) []byte {
	state := [5]uint32{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0}
	size := len(bitString)
	padded := append(append([]byte(nil), bitString...), 0x80)
	for len(padded)%64 != 56 {
		padded = append(padded, 0)
	}
	padded = binary.BigEndian.AppendUint64(padded, 8*uint64(size))
	for ; len(padded) > 0; padded = padded[64:] {
		mix(&state, padded[:64])
	}
	var out []byte
	for _, word := range state {
		out = binary.BigEndian.AppendUint32(out, word)
	}
	return out
}

// mix takes one block of 64 bytes into the state.
func mix(state *[5]uint32, block []byte) {
	var w [80]uint32
	for i := range w {
		if i < 16 {
			w[i] = binary.BigEndian.Uint32(block[4*i:])
		} else {
			w[i] = bits.RotateLeft32(w[i-3]^w[i-8]^w[i-14]^w[i-16], 1)
		}
	}
	a, b, c, d, e := state[0], state[1], state[2], state[3], state[4]
	for i, word := range w {
		next := bits.RotateLeft32(a, 5) + round(i, b, c, d) + e + word
		a, b, c, d, e = next, a, bits.RotateLeft32(b, 30), c, d
	}
	for i, v := range [5]uint32{a, b, c, d, e} {
		state[i] += v
	}
}

// round is the function of one of 80 rounds, with its constant.
func round(i int, b, c, d uint32) uint32 {
	switch i / 20 {
	case 0:
		return (b&c | ^b&d) + 0x5a827999
	case 1:
		return (b ^ c ^ d) + 0x6ed9eba1
	case 2:
		return (b&c | b&d | c&d) + 0x8f1bbcdc
	}
	return (b ^ c ^ d) + 0xca62c1d6
}
