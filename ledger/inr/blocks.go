package inr

import (
	"bytes"
	"errors"
	"fmt"

	"ipledger/ledger/wire"
)

// ErrRange reports two ends between which there is no range (RES-5).
var ErrRange = errors.New("inr: not a range")

// Ends gives the first and the last number of a block, left-aligned: bits
// beyond the family's width are zero in both.
func Ends(r wire.Resource) (first, last [16]byte) {
	first, last = r.Addr, r.Addr
	for i := int(r.Len); i < r.Family.Bits(); i++ {
		last[i/8] |= 1 << (7 - i%8)
	}
	return first, last
}

// Blocks cuts the range from first to last, both left-aligned and both in the
// range, into the fewest aligned blocks, in ascending order. There are at most
// 2 x width of them. Ends in the wrong order or wider than the family are ErrRange.
//
// specs/01 RES-5: A range MUST be cut into the fewest aligned blocks, ascending.
func Blocks(f wire.Family, first, last [16]byte) ([]wire.Resource, error) {
	width := f.Bits()
	if width == 0 || bytes.Compare(first[:], last[:]) > 0 || wider(last, width) || wider(first, width) {
		return nil, fmt.Errorf("%w: family %d from %x to %x (RES-5)", ErrRange, f, first, last)
	}
	var out []wire.Resource
	for {
		r, end := largest(f, first, last)
		out = append(out, r)
		if end == last {
			return out, nil
		}
		first = next(end, width)
	}
}

// largest is the largest aligned block that starts at first and ends at or
// before last, with its last number.
func largest(f wire.Family, first, last [16]byte) (wire.Resource, [16]byte) {
	r := wire.Resource{Family: f, Len: uint8(f.Bits()), Addr: first}
	end := first
	for r.Len > 0 {
		i := int(r.Len) - 1
		wide := end
		wide[i/8] |= 1 << (7 - i%8)
		if Bit(r, i) == 1 || bytes.Compare(wide[:], last[:]) > 0 {
			break
		}
		r.Len, end = uint8(i), wide
	}
	return r, end
}

// next is the number after n among numbers of the given width.
func next(n [16]byte, width int) [16]byte {
	for i := width/8 - 1; i >= 0; i-- {
		n[i]++
		if n[i] != 0 {
			break
		}
	}
	return n
}

// wider reports whether n has a bit beyond the width.
func wider(n [16]byte, width int) bool {
	for _, b := range n[width/8:] {
		if b != 0 {
			return true
		}
	}
	return false
}
