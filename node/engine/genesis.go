package engine

import (
	"fmt"
	"time"

	"github.com/cometbft/cometbft/crypto/ed25519"
	"github.com/cometbft/cometbft/types"

	"ipledger/ledger"
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// Limits of a block in the engine's terms. The engine's own limit must also
// hold 3,358 bytes a validator that it sets aside for their signatures.
const (
	BlockBytesMax       = ledger.BlockBytesMax
	engineBlockBytesMax = 8 << 20
	evidenceAge         = 14 * 24 * time.Hour // the light client's trusting period
	evidenceBlocks      = 100_000             // evidence lives until both have passed
	evidenceBytes       = 64 << 10
)

// The acts of a full block, with the engine's framing, fit beside the votes of
// the largest set.
const _ uint = engineBlockBytesMax - BlockBytesMax - 200*3358 - evidenceBytes - 8*ledger.BlockActsMax

// Member is a validator of the first block.
type Member struct {
	Name   string
	PubKey [32]byte // ed25519
	Power  uint64
}

// Genesis is what every node must agree on before the first block.
type Genesis struct {
	ChainID string
	Hash    wire.Hash // of the genesis file; the salt of every signature
	Time    time.Time
	Members []Member
	AppHash wire.Hash // of the first state
}

// document is the engine's own genesis.
//
// specs/11 ENG-1: The engine's genesis MUST be a function of the genesis file
// alone: its chain id, time, members and application hash, and the constants of
// this chapter.
func (g Genesis) document() (*types.GenesisDoc, error) {
	doc := &types.GenesisDoc{
		GenesisTime:     g.Time.UTC(),
		ChainID:         g.ChainID,
		InitialHeight:   1,
		ConsensusParams: types.DefaultConsensusParams(),
		AppHash:         g.AppHash[:],
	}
	p := doc.ConsensusParams
	p.Block = types.BlockParams{MaxBytes: engineBlockBytesMax, MaxGas: -1}
	p.Evidence = types.EvidenceParams{MaxAgeNumBlocks: evidenceBlocks, MaxAgeDuration: evidenceAge, MaxBytes: evidenceBytes}
	p.Validator.PubKeyTypes = []string{types.ABCIPubKeyTypeEd25519}
	p.Version.App = record.Rules
	for _, m := range g.Members {
		key := ed25519.PubKey(m.PubKey[:])
		doc.Validators = append(doc.Validators, types.GenesisValidator{
			Address: key.Address(), PubKey: key, Power: int64(m.Power), Name: m.Name,
		})
	}
	if len(doc.Validators) == 0 {
		return nil, fmt.Errorf("%w: the genesis has no members (ENG-1)", ErrConfig)
	}
	if err := doc.ValidateAndComplete(); err != nil {
		return nil, fmt.Errorf("%w: the engine's genesis: %w (ENG-1)", ErrConfig, err)
	}
	return doc, nil
}
