package tree

import (
	"encoding/binary"
	"math/bits"
)

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
