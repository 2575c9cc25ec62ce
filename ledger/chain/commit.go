package chain

import (
	"cmp"
	"slices"

	"ipledger/ledger/wire"
)

// CommitHash is what the next header says of a canonical certificate, given the
// set that signed it, which Verify has compared with the certificate.
//
// specs/06 CHAIN-21: The last commit hash of a header MUST be the list hash
// (CHAIN-13) of the slots, in protobuf, of one certificate of the block before.
func (c Certificate) CommitHash(set ValidatorSet) wire.Hash {
	leaves := make([]proto, len(c.Slots))
	for i, s := range c.Slots {
		leaves[i] = s.proto(set[i])
	}
	return listHash(leaves...)
}

// proto is the slot of v. The engine writes year 1 where there was no vote.
func (s Slot) proto(v Validator) proto {
	if s.Flag == Absent {
		year1 := int64(secondsMin)
		return proto(nil).varint(1, Absent).message(3, Time{Seconds: uint64(year1)}.proto())
	}
	by := v.Address()
	return proto(nil).varint(1, uint64(s.Flag)).bytes(2, by[:]).message(3, s.Time.proto()).bytes(4, s.Sig)
}

// MedianTime is the time of the next header, given a canonical certificate and
// the set that signed it; the zero Time where nobody voted for the block.
//
// specs/06 CHAIN-22: The time of a header MUST be the median of the times of the
// votes for the block in the canonical certificate of the block before, weighted
// by power.
func (c Certificate) MedianTime(set ValidatorSet) Time {
	var votes []int
	half := uint64(0)
	for i, s := range c.Slots {
		if s.Flag == Committed {
			votes = append(votes, i)
			half += set[i].Power
		}
	}
	slices.SortFunc(votes, func(a, b int) int { return c.Slots[a].Time.compare(c.Slots[b].Time) })
	half /= 2
	for _, i := range votes {
		if half <= set[i].Power {
			return c.Slots[i].Time
		}
		half -= set[i].Power
	}
	return Time{}
}

func (t Time) compare(u Time) int {
	return cmp.Or(cmp.Compare(int64(t.Seconds), int64(u.Seconds)), cmp.Compare(t.Nanos, u.Nanos))
}

// EvidenceHash is what a header says of the evidence in its block, given the
// engine's bytes of each piece.
//
// specs/06 CHAIN-23: The evidence hash of a header MUST be the list hash
// (CHAIN-13) of the evidence in its block.
func EvidenceHash(evidence [][]byte) wire.Hash { return listHash(evidence...) }
