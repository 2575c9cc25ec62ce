package light

import (
	"ipledger/ledger/chain"
	"ipledger/ledger/wire"
)

// TrustBytesMax bounds a trust file; a written one has about 400 bytes.
const TrustBytesMax = 1 << 10

// Trust is a trust file: what its owner believes without proof. Who rewrites it
// decides what its owner believes, so it comes from elsewhere than the proofs.
type Trust struct {
	ChainID        string    `json:"chain_id"`
	GenesisHash    wire.Hash `json:"genesis_hash"`
	Height         uint64    `json:"height,string"`
	HeaderHash     wire.Hash `json:"header_hash"`     // of the header at Height
	ValidatorsHash wire.Hash `json:"validators_hash"` // of the set that signs at Height
}

// Bytes is the one form of the trust file.
func (t *Trust) Bytes() []byte { return encode(t) }

// TrustFromBytes reads what Bytes writes, and nothing else.
//
// specs/12 PRF-3: A trust file MUST have the five keys chain_id, genesis_hash,
// height, header_hash and validators_hash, in that order and in canonical form.
func TrustFromBytes(raw []byte) (*Trust, error) {
	t := new(Trust)
	if err := decode(raw, TrustBytesMax, t); err != nil {
		return nil, err
	}
	if t.ChainID == "" || len(t.ChainID) > chain.ChainIDBytesMax || t.Height == 0 {
		return nil, malformed("PRF-3", "chain id %q, height %d", t.ChainID, t.Height)
	}
	return t, nil
}
