package chain

import (
	"crypto/sha256"

	"ipledger/ledger/wire"
)

// ActLeaf is the hash of an act's leaf under a header's DataHash.
func ActLeaf(act []byte) wire.Hash {
	sum := sha256.Sum256(act)
	return leaf(sum[:])
}

// DataHash is what a header says of its block's acts, given their bytes as
// the block carried them.
//
// specs/06 CHAIN-14: The data hash MUST be the list hash (CHAIN-13) of the SHA-256
// hashes of the block's acts, in the order of the block.
func DataHash(acts [][]byte) wire.Hash {
	leaves := make([]wire.Hash, len(acts))
	for i, act := range acts {
		leaves[i] = ActLeaf(act)
	}
	return Root(leaves)
}

// Result is what became of an act: the part of its receipt that the engine
// hashes. No gas is used on this chain, so the gas fields are never written.
type Result struct {
	Code uint32 // 0 for an act that was applied
	Data []byte
}

// Leaf is the hash of the result's leaf under a header's LastResultsHash.
func (r Result) Leaf() wire.Hash {
	return leaf(proto(nil).varint(1, uint64(r.Code)).bytes(2, r.Data))
}

// ResultsHash is what the header AFTER the block says of its acts' results.
//
// specs/06 CHAIN-15: The last results hash of the header after a block MUST be the
// list hash (CHAIN-13) of the results of the block's acts in protobuf, in the
// order of the block.
func ResultsHash(results []Result) wire.Hash {
	leaves := make([]wire.Hash, len(results))
	for i, r := range results {
		leaves[i] = r.Leaf()
	}
	return Root(leaves)
}
