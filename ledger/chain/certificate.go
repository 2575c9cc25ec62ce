package chain

import (
	"encoding/binary"
	"math"

	"ipledger/ledger/wire"
)

// What a validator did, in its slot of a certificate (specs/06 CHAIN-7).
const (
	Absent    = 1 // no vote is known
	Committed = 2 // voted for the block
	VotedNil  = 3 // voted for no block in this round
)

// RoundMax is the highest round: the engine counts rounds in 32 bits.
const RoundMax = math.MaxInt32

// CertificateBytesMax fits ValidatorsMax slots of at most 84 bytes each.
const CertificateBytesMax = 128 + 84*ValidatorsMax

const precommit = 2 // the engine's type of vote that certificates are made of

// Certificate is the validators' votes that made a block final. Nodes hold
// different ones of the same block; any that verifies will do.
type Certificate struct {
	Height uint64 // 1 to 2^63-1
	Round  uint32 // 0 to RoundMax
	Block  BlockID
	Slots  []Slot // one a validator, in the order of the set
}

// Slot is what one validator voted. Its place says whose it is.
type Slot struct {
	Flag uint8 // Absent, Committed or VotedNil
	Time Time  // that validator's own clock
	Sig  []byte
}

// Check reports whether c is within its bounds.
//
// specs/06 CHAIN-7: A certificate MUST name a height, a round, a block id
// (CHAIN-4), and 1 to 200 slots; a slot MUST be absent with neither time nor
// signature, or have flag 2 or 3, a time, and a signature of 64 bytes.
func (c Certificate) Check() error {
	switch {
	case c.Height == 0 || c.Height > math.MaxInt64:
		return formError("CHAIN-7", "certificate's height %d is not within 1 to 2^63-1", c.Height)
	case c.Round > RoundMax:
		return formError("CHAIN-7", "round %d is above %d", c.Round, RoundMax)
	case !c.Block.complete():
		return formError("CHAIN-4", "the certificate's block id is not complete")
	case len(c.Slots) == 0 || len(c.Slots) > ValidatorsMax:
		return formError("CHAIN-7", "a certificate has 1 to %d slots, this has %d", ValidatorsMax, len(c.Slots))
	}
	for i, s := range c.Slots {
		if !s.valid() {
			return formError("CHAIN-7", "slot %d has flag %d, time %d.%09d and %d bytes of signature",
				i, s.Flag, int64(s.Time.Seconds), s.Time.Nanos, len(s.Sig))
		}
	}
	return nil
}

func (s Slot) valid() bool {
	switch s.Flag {
	case Absent:
		return s.Time == Time{} && len(s.Sig) == 0
	case Committed, VotedNil:
		return s.Time.valid() && len(s.Sig) == 64
	}
	return false
}

// Bytes is the certificate's canonical encoding.
func (c Certificate) Bytes() []byte { return wire.Encode(c) }

// DecodeCertificate reads what Bytes writes, at most CertificateBytesMax of it.
func DecodeCertificate(raw []byte) (Certificate, error) {
	return decode[Certificate]("certificate", raw, CertificateBytesMax)
}

// SignBytes is what the validator of slot i signed.
//
// specs/06 CHAIN-9: The bytes a validator signs MUST be its CanonicalVote in
// protobuf, preceded by its length as a varint: a vote for the block names the
// block, a vote for no block leaves it out, and each has the slot's own time.
func (c Certificate) SignBytes(chainID string, i int) []byte {
	slot := c.Slots[i]
	vote := proto(nil).varint(1, precommit).fixed64(2, c.Height).fixed64(3, uint64(c.Round))
	if slot.Flag == Committed {
		vote = vote.message(4, c.Block.proto())
	}
	vote = vote.message(5, slot.Time.proto()).bytes(6, []byte(chainID))
	return append(binary.AppendUvarint(nil, uint64(len(vote))), vote...)
}
