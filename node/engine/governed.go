package engine

import (
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/crypto/ed25519"
	"github.com/cometbft/cometbft/crypto/encoding"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"

	"ipledger/ledger"
	"ipledger/ledger/chain"
)

// validatorUpdates are the ledger's changes of the validator set in the engine's
// terms.
//
// specs/11 ENG-20: The engine MUST be given, over every decided block, the changes
// of the validator set and the rules version of the next block that the rules name.
func validatorUpdates(list []chain.Validator) []abci.ValidatorUpdate {
	var out []abci.ValidatorUpdate
	for _, v := range list {
		key, err := encoding.PubKeyToProto(ed25519.PubKey(v.PubKey[:]))
		if err != nil {
			panic(err) // it is an ed25519 key
		}
		out = append(out, abci.ValidatorUpdate{PubKey: key, Power: int64(v.Power)})
	}
	return out
}

// rulesUpdate makes headers name a rules version from the next on; 0 is no change.
func rulesUpdate(version uint64) *cmtproto.ConsensusParams {
	if version == 0 {
		return nil
	}
	return &cmtproto.ConsensusParams{Version: &cmtproto.VersionParams{App: version}}
}

// misbehaviours is the evidence that a block carries in the ledger's terms.
func misbehaviours(list []abci.Misbehavior) []ledger.Misbehaviour {
	var out []ledger.Misbehaviour
	for _, m := range list {
		one := ledger.Misbehaviour{Height: uint64(max(m.Height, 0)), Time: seconds(m.Time), Kind: uint64(m.Type)}
		copy(one.Validator[:], m.Validator.Address)
		out = append(out, one)
	}
	return out
}

func seconds(t time.Time) uint64 { return uint64(max(t.Unix(), 0)) }
