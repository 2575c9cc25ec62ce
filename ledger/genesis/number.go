package genesis

import (
	"cmp"
	"encoding/binary"
	"math/bits"

	"ipledger/ledger/wire"
)

// number is one Internet number, right-aligned: an IPv4 address and an AS
// number fill the low 32 bits.
type number struct{ hi, lo uint64 }

func (a number) compare(b number) int {
	return cmp.Or(cmp.Compare(a.hi, b.hi), cmp.Compare(a.lo, b.lo))
}

func (a number) less(b number) bool { return a.compare(b) < 0 }

// add is a+b; over is true when the sum does not fit 128 bits.
func (a number) add(b number) (sum number, over bool) {
	lo, c := bits.Add64(a.lo, b.lo, 0)
	hi, c := bits.Add64(a.hi, b.hi, c)
	return number{hi, lo}, c != 0
}

// sub is a-b for b at most a.
func (a number) sub(b number) number {
	lo, borrow := bits.Sub64(a.lo, b.lo, 0)
	hi, _ := bits.Sub64(a.hi, b.hi, borrow)
	return number{hi, lo}
}

func (a number) next() number { n, _ := a.add(number{lo: 1}); return n }

func (a number) prior() number { return a.sub(number{lo: 1}) }

// left is the number as wire.Resource and record.Source hold it.
func (a number) left(f wire.Family) (out [16]byte) {
	if f == wire.IPv6 {
		binary.BigEndian.PutUint64(out[:8], a.hi)
		binary.BigEndian.PutUint64(out[8:], a.lo)
		return out
	}
	binary.BigEndian.PutUint32(out[:4], uint32(a.lo))
	return out
}

// right reads what left writes.
func right(f wire.Family, raw [16]byte) number {
	if f == wire.IPv6 {
		return number{binary.BigEndian.Uint64(raw[:8]), binary.BigEndian.Uint64(raw[8:])}
	}
	return number{lo: uint64(binary.BigEndian.Uint32(raw[:4]))}
}
