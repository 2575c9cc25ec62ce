package tx

import "ipledger/ledger/wire"

// BundleID is the id that ties acts into one bundle, in their order.
//
// specs/04 ACT-17: The id of a bundle MUST be SHA-256 of 0x63 and, in order, the
// ids that its acts have when their bundle fields are zero.
func BundleID(acts []*Act, salt wire.Hash) wire.Hash {
	parts := make([][]byte, len(acts))
	for i, a := range acts {
		id := a.alone().ID(salt)
		parts[i] = id[:]
	}
	return wire.Sum(wire.TagBundle, parts...)
}

// alone is the act outside its bundle.
func (a *Act) alone() *Act {
	alone := *a
	alone.Bundle, alone.Index, alone.Count = wire.Hash{}, 0, 0
	return &alone
}

// Bundle writes the bundle fields of acts that stand or fall together. It comes
// before any signature, which it would void.
func Bundle(acts []*Act, salt wire.Hash) error {
	if len(acts) < 2 || len(acts) > BundleMax {
		return Refuse("ACT-7", "count", "a bundle has 2 to %d acts, not %d", BundleMax, len(acts))
	}
	id := BundleID(acts, salt)
	for i, a := range acts {
		if len(a.Signatures) > 0 {
			return Refuse("ACT-17", "signatures", "act %d was signed before it was bundled", i)
		}
		a.Bundle, a.Index, a.Count = id, uint64(i), uint64(len(acts))
	}
	return nil
}

// CheckBundle reports whether acts, all verified on one chain, are one whole
// bundle in its order.
//
// specs/04 ACT-18: A bundle MUST be given whole: all its acts, each naming the
// bundle's id, its own place and the count of all.
func CheckBundle(acts []Verified) error {
	if len(acts) < 2 || len(acts) > BundleMax {
		return Refuse("ACT-18", "count", "%d acts are no bundle", len(acts))
	}
	parts := make([][]byte, len(acts))
	for i, v := range acts {
		h := v.Header()
		if h.Count != uint64(len(acts)) || h.Index != uint64(i) {
			return Refuse("ACT-18", "index", "act %d of %d stands at place %d of %d", h.Index, h.Count, i, len(acts))
		}
		parts[i] = v.alone[:]
	}
	id := wire.Sum(wire.TagBundle, parts...)
	for i, v := range acts {
		if v.act.Bundle != id {
			return Refuse("ACT-18", "bundle", "act %d names bundle %v, these acts are bundle %v", i, v.act.Bundle, id)
		}
	}
	return nil
}
