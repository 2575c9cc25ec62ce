package chain

import (
	"math"
	"unicode/utf8"

	"ipledger/ledger/wire"
)

// Bounds of a header (specs/06 CHAIN-1).
const (
	BlockVersion    = 11  // the engine's block protocol that this chapter describes
	ChainIDBytesMax = 50  // as the engine bounds it
	HeaderBytesMax  = 512 // the longest header has fewer than 480 bytes; a round number above
)

// Bounds of a Time: what protobuf's Timestamp can say, years 1 to 9999.
const (
	secondsMin = -62135596800
	secondsMax = 253402300799
	nanosMax   = 999999999
)

// Time is an instant as the engine writes it. A header's is never before 1970;
// a vote's may be, because the engine lets a validator claim any instant.
type Time struct {
	Seconds uint64 // Unix seconds; before 1970 in two's complement
	Nanos   uint32 // 0 to 999,999,999, always counted forward
}

func (t Time) valid() bool {
	s := int64(t.Seconds)
	return s >= secondsMin && s <= secondsMax && t.Nanos <= nanosMax
}

func (t Time) proto() proto {
	return proto(nil).varint(1, t.Seconds).varint(2, uint64(t.Nanos))
}

// BlockID names a block: the hash of its header, and the root and number of
// the parts it was sent in. It is all zero for "no block".
type BlockID struct {
	Hash  wire.Hash
	Total uint32 // number of parts
	Parts wire.Hash
}

func (b BlockID) isZero() bool { return b == BlockID{} }

// specs/06 CHAIN-4: A block id MUST have two hashes that are not zero and at
// least one part; a header's last block MAY be all zero, for no block.
func (b BlockID) complete() bool { return !b.Hash.IsZero() && b.Total > 0 && !b.Parts.IsZero() }

// proto is field 1 the hash, field 2 the part set header, which is written
// even when it is empty.
func (b BlockID) proto() proto {
	if b.isZero() {
		return proto(nil).message(2, nil)
	}
	parts := proto(nil).varint(1, uint64(b.Total)).bytes(2, b.Parts[:])
	return proto(nil).bytes(1, b.Hash[:]).message(2, parts)
}

// Header is what the validators sign of a block. AppHash and LastResultsHash
// speak of the block before this one.
type Header struct {
	Version            Version
	ChainID            string // 1 to 50 bytes of UTF-8
	Height             uint64 // 1 to 2^63-1
	Time               Time   // from 1970 on
	LastBlock          BlockID
	LastCommitHash     wire.Hash // of the previous block's certificate, as the engine keeps it
	DataHash           wire.Hash // of this block's acts (CHAIN-14)
	ValidatorsHash     wire.Hash // of the set that signs this block (CHAIN-6)
	NextValidatorsHash wire.Hash // of the set that signs the next
	ConsensusHash      wire.Hash // of the engine's parameters
	AppHash            wire.Hash // of the state after the previous block (CHAIN-20)
	LastResultsHash    wire.Hash // of the previous block's results (CHAIN-15)
	EvidenceHash       wire.Hash // of the double-signing reported in this block
	Proposer           wire.Address
}

// Version is the engine's block protocol and the rules version of the ledger.
type Version struct{ Block, App uint64 }

// Check reports whether h is within its bounds.
//
// specs/06 CHAIN-1: A header MUST have the fourteen fields of the table, each
// within its bounds.
func (h Header) Check() error {
	switch {
	case h.Version.Block != BlockVersion:
		return formError("CHAIN-1", "header has block version %d, want %d", h.Version.Block, BlockVersion)
	case len(h.ChainID) == 0 || len(h.ChainID) > ChainIDBytesMax || !utf8.ValidString(h.ChainID):
		return formError("CHAIN-1", "chain id is 1 to %d bytes of UTF-8, this has %d", ChainIDBytesMax, len(h.ChainID))
	case h.Height == 0 || h.Height > math.MaxInt64:
		return formError("CHAIN-1", "height %d is not within 1 to 2^63-1", h.Height)
	case !h.Time.valid() || int64(h.Time.Seconds) < 0:
		return formError("CHAIN-1", "time %d.%09d is not within 1970 to 9999", int64(h.Time.Seconds), h.Time.Nanos)
	case !h.LastBlock.isZero() && !h.LastBlock.complete():
		return formError("CHAIN-4", "the last block's id is neither empty nor complete")
	}
	return nil
}

// Bytes is the header's canonical encoding.
func (h Header) Bytes() []byte { return wire.Encode(h) }

// DecodeHeader reads what Bytes writes, at most HeaderBytesMax of it.
func DecodeHeader(raw []byte) (Header, error) {
	return decode[Header]("header", raw, HeaderBytesMax)
}

// Hash is the block's hash.
//
// specs/06 CHAIN-2: The hash of a header MUST be the list hash (CHAIN-13) of
// its fourteen fields in protobuf, in the order of the table.
func (h Header) Hash() wire.Hash {
	return listHash(
		proto(nil).varint(1, h.Version.Block).varint(2, h.Version.App),
		proto(nil).bytes(1, []byte(h.ChainID)),
		proto(nil).varint(1, h.Height),
		h.Time.proto(),
		h.LastBlock.proto(),
		proto(nil).bytes(1, h.LastCommitHash[:]),
		proto(nil).bytes(1, h.DataHash[:]),
		proto(nil).bytes(1, h.ValidatorsHash[:]),
		proto(nil).bytes(1, h.NextValidatorsHash[:]),
		proto(nil).bytes(1, h.ConsensusHash[:]),
		proto(nil).bytes(1, h.AppHash[:]),
		proto(nil).bytes(1, h.LastResultsHash[:]),
		proto(nil).bytes(1, h.EvidenceHash[:]),
		proto(nil).bytes(1, h.Proposer[:]),
	)
}
