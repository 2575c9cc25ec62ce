package engine

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"time"

	dbm "github.com/cometbft/cometbft-db"
	"github.com/cometbft/cometbft/crypto/ed25519"
	"github.com/cometbft/cometbft/state"
	blocks "github.com/cometbft/cometbft/store"
	"github.com/cometbft/cometbft/types"

	"ipledger/ledger/archive"
	"ipledger/ledger/chain"
)

// ErrBegun reports databases of an engine that has begun already.
var ErrBegun = errors.New("engine: it has blocks already")

// ErrTurns reports a member whose turns to propose a snapshot does not tell.
var ErrTurns = errors.New("engine: the members changed since genesis")

// Bootstrap lets an engine with empty databases go on after a snapshot's block. The
// caller has checked the head and has a reason to trust it (ARCH-11). A
// node whose key is a member's may begin so only while the members are those of genesis.
//
// specs/11 ENG-22: An engine MAY begin after a block that it does not have, with the
// header that follows it; a member MUST NOT, once the members have changed: whose
// turn it is to propose follows from all that went before.
func Bootstrap(databases func(name string) dbm.DB, g Genesis, keys Keys, head *archive.Head) error {
	states := state.NewStore(databases("state"), state.StoreOptions{DiscardABCIResponses: true})
	store := blocks.NewBlockStore(databases("blockstore"))
	if s, err := states.Load(); err != nil || !store.IsEmpty() || !s.IsEmpty() && s.LastBlockHeight != int64(head.Block.Header.Height) {
		return errors.Join(ErrBegun, err)
	}
	s, err := g.after(head, keys)
	if err != nil {
		return err
	}
	if err := states.Bootstrap(s); err != nil {
		return fmt.Errorf("write the engine's state: %w", err)
	}
	return store.SaveSeenCommit(s.LastBlockHeight, commitOf(&head.Block.Certificate, head.Block.Set))
}

// after is the engine's state after a snapshot's block.
func (g Genesis) after(head *archive.Head, keys Keys) (s state.State, err error) {
	doc, err := g.document()
	if err != nil {
		return s, err
	}
	if s, err = state.MakeGenesisState(doc); err != nil {
		return s, err
	}
	block, next := &head.Block.Header, &head.After.Header
	s.LastValidators, s.Validators, s.NextValidators, err = g.turns(head, s.Validators, keys)
	s.Version.Consensus.App = next.Version.App
	s.LastBlockHeight, s.LastBlockTime = int64(block.Height), timeIn(block.Time)
	s.LastBlockID = blockIDIn(head.Block.Certificate.Block)
	s.AppHash, s.LastResultsHash = bytes.Clone(next.AppHash[:]), bytes.Clone(next.LastResultsHash[:])
	s.LastHeightValidatorsChanged = int64(next.Height) + 1
	s.LastHeightConsensusParamsChanged = int64(next.Height)
	s.ConsensusParams.Version.App = next.Version.App
	return s, err
}

// turns is the three sets with the turns of their members to propose: those that
// follow from genesis where the members are still the same, else some.
func (g Genesis) turns(head *archive.Head, first *types.ValidatorSet, keys Keys) (last, now, next *types.ValidatorSet, err error) {
	same := ValidatorSetOf(first).Hash()
	if head.Block.Set.Hash() == same && head.After.Set.Hash() == same && head.Next.Hash() == same {
		last = first.Copy()
		if n := min(head.Block.Header.Height-1, math.MaxInt32); n > 0 {
			last.IncrementProposerPriority(int32(n)) // once a block
		}
		now = last.CopyIncrementProposerPriority(1)
		return last, now, now.CopyIncrementProposerPriority(1), nil
	}
	self, err := keys.Validator()
	if err != nil {
		return nil, nil, nil, err
	}
	for _, v := range head.Next {
		if v.PubKey == self {
			return nil, nil, nil, fmt.Errorf("%w, and this node is one: whose turn it is to propose follows from all blocks (ENG-22); let it fetch them from genesis on", ErrTurns)
		}
	}
	return setOf(head.Block.Set), setOf(head.After.Set), setOf(head.Next), nil
}

func setOf(set chain.ValidatorSet) *types.ValidatorSet {
	var list []*types.Validator
	for _, v := range set {
		list = append(list, types.NewValidator(ed25519.PubKey(bytes.Clone(v.PubKey[:])), int64(v.Power)))
	}
	return types.NewValidatorSet(list)
}

// commitOf is a certificate in the engine's form: what CertificateOf reads.
func commitOf(c *chain.Certificate, set chain.ValidatorSet) *types.Commit {
	out := &types.Commit{Height: int64(c.Height), Round: int32(c.Round), BlockID: blockIDIn(c.Block)}
	for i, s := range c.Slots {
		sig := types.CommitSig{BlockIDFlag: types.BlockIDFlag(s.Flag)}
		if s.Flag != chain.Absent {
			address := set[i].Address()
			sig.ValidatorAddress, sig.Timestamp, sig.Signature = address[:], timeIn(s.Time), s.Sig
		}
		out.Signatures = append(out.Signatures, sig)
	}
	return out
}

func blockIDIn(b chain.BlockID) types.BlockID {
	return types.BlockID{Hash: bytes.Clone(b.Hash[:]), PartSetHeader: types.PartSetHeader{Total: b.Total, Hash: bytes.Clone(b.Parts[:])}}
}

func timeIn(t chain.Time) time.Time { return time.Unix(int64(t.Seconds), int64(t.Nanos)).UTC() }

// begun is the height after which the engine goes on: its last block's or, where it
// has none, that of the snapshot it began with, of which it is told anew at each
// start until it has one.
func (e *Engine) begun() (uint64, error) {
	if height := blocks.NewBlockStore(e.database("blockstore")).Height(); height > 0 {
		return uint64(height), nil
	}
	s, err := e.states.Load()
	if err != nil || s.LastBlockHeight == 0 {
		return 0, err
	}
	return uint64(s.LastBlockHeight), e.states.SetOfflineStateSyncHeight(s.LastBlockHeight)
}
