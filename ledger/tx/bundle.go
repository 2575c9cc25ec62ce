package tx

import "ipledger/ledger/wire"

// BundleID is the id that ties acts into one bundle, in their order.
//
// specs/04 ACT-17: The id of a bundle MUST be SHA-256 of 0x63 and, in order, the
// ids that its acts have when their bundle fields are zero.
func BundleID(acts []*Act, salt wire.Hash) wire.Hash {
	parts := make([][]byte, len(acts))
	for i, a := range acts {
		alone := *a
		alone.Bundle, alone.Index, alone.Count = wire.Hash{}, 0, 0
		id := alone.ID(salt)
		parts[i] = id[:]
	}
	return wire.Sum(wire.TagBundle, parts...)
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

// CheckBundle reports whether acts are one whole bundle in its order.
//
// specs/04 ACT-18: A bundle MUST be given whole: all its acts, each naming the
// bundle's id, its own place and the count of all.
func CheckBundle(acts []Verified, salt wire.Hash) error {
	all := make([]*Act, len(acts))
	for i, v := range acts {
		h := v.Header()
		if h.Count != uint64(len(acts)) || h.Index != uint64(i) {
			return Refuse("ACT-18", "index", "act %d of %d stands at place %d of %d", h.Index, h.Count, i, len(acts))
		}
		all[i] = v.act
	}
	if len(acts) < 2 {
		return Refuse("ACT-18", "count", "%d acts are no bundle", len(acts))
	}
	id := BundleID(all, salt)
	for i, a := range all {
		if a.Bundle != id {
			return Refuse("ACT-18", "bundle", "act %d names bundle %v, these acts are bundle %v", i, a.Bundle, id)
		}
	}
	return nil
}
