package tree

import (
	"encoding/binary"
	"math/bits"
)

// bitWriter packs bits, the most significant of each byte first.
type bitWriter struct {
	out []byte
	n   int
}

func (w *bitWriter) bit(b int) {
	if w.n%8 == 0 {
		w.out = append(w.out, 0)
	}
	w.out[w.n/8] |= byte(b) << (7 - w.n%8)
	w.n++
}

func (w *bitWriter) flag(b bool) {
	if b {
		w.bit(1)
	} else {
		w.bit(0)
	}
}

// gamma writes v ≥ 1 as Elias did: one zero for each bit of v after the first,
// then v itself.
func (w *bitWriter) gamma(v int) {
	size := bits.Len(uint(v))
	for range size - 1 {
		w.bit(0)
	}
	for i := size - 1; i >= 0; i-- {
		w.bit(v >> i & 1)
	}
}

// bitReader reads what bitWriter wrote. Past the end it reads zeros and
// remembers that it failed.
type bitReader struct {
	in   []byte
	n    int
	fail bool
}

func (r *bitReader) bit() int {
	if r.n >= 8*len(r.in) {
		r.fail = true
		return 0
	}
	r.n++
	return bitAt(r.in, r.n-1)
}

func (r *bitReader) flag() bool { return r.bit() == 1 }

// gamma reads a number from 1 to max. Every number has one code, so a longer
// one fails.
func (r *bitReader) gamma(max int) int {
	size := 1
	for r.bit() == 0 {
		if size++; r.fail || size > bits.Len(uint(max)) {
			r.fail = true
			return 1
		}
	}
	v := 1
	for range size - 1 {
		v = v<<1 | r.bit()
	}
	if v > max {
		r.fail = true
		return 1
	}
	return v
}

// done reports whether everything was read, the padding to a byte being zero.
func (r *bitReader) done() bool {
	for r.n%8 != 0 {
		if r.bit() != 0 {
			return false
		}
	}
	return !r.fail && r.n == 8*len(r.in)
}

// common counts the leading bits that a and b share, at most limit. Both hold
// at least limit bits.
func common(a, b []byte, limit int) int {
	n := 0
	for ; limit-n >= 64; n += 64 {
		x := binary.BigEndian.Uint64(a[n/8:]) ^ binary.BigEndian.Uint64(b[n/8:])
		if x != 0 {
			return n + bits.LeadingZeros64(x)
		}
	}
	for ; n < limit; n += 8 {
		if x := a[n/8] ^ b[n/8]; x != 0 {
			return min(limit, n+bits.LeadingZeros8(x))
		}
	}
	return limit
}

// bitAt is bit i of addr, 0 the first.
func bitAt(addr []byte, i int) int { return int(addr[i/8]>>(7-i%8)) & 1 }
