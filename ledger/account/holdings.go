package account

import "ipledger/ledger/wire"

// Holdings counts what the account holds by title, in the units of credit.
type Holdings struct {
	V4 uint64 // addresses / 256, rounded down a title
	V6 uint64 // /48s, rounded down a title
	AS uint64 // AS numbers
}

// Units counts one title's block in the units of credit: /24s, /48s or AS numbers.
func Units(r wire.Resource) Holdings {
	size := func(of uint8) uint64 {
		if r.Len > of {
			return 0
		}
		return 1 << min(of-r.Len, 63)
	}
	switch r.Family {
	case wire.IPv4:
		return Holdings{V4: size(24)}
	case wire.IPv6:
		return Holdings{V6: size(48)}
	}
	return Holdings{AS: size(32)}
}

// Plus is the sum of two counts.
func (h Holdings) Plus(x Holdings) Holdings { return Holdings{h.V4 + x.V4, h.V6 + x.V6, h.AS + x.AS} }

// Minus is what is left of a count without a part of it.
func (h Holdings) Minus(x Holdings) Holdings { return Holdings{h.V4 - x.V4, h.V6 - x.V6, h.AS - x.AS} }
