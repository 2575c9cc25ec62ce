package engine

import (
	"bytes"
	"testing"
	"time"

	"github.com/cometbft/cometbft/privval"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	"github.com/cometbft/cometbft/types"

	"ipledger/ledger/chain"
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// TestEquivocation_ENG20_GOV22 has one member sign two votes on a running network. The
// engine's own pool of one node is shown them, verifies them and tells its peers; a
// proposer puts them into a block, all vote for it, and every ledger records the
// offence once, whatever is shown again.
func TestEquivocation_ENG20_GOV22(t *testing.T) {
	t.Parallel()
	a := &assembly{newNetwork(t, 4, 0, 1, 1).startAll(), make([]uint64, 4), 1}
	const guilty = 3
	a.certified(0, 3)
	evidence := a.twice(guilty, 2)
	pool := a.peers[0].engine.node.EvidencePool()
	if err := pool.AddEvidence(evidence); err != nil {
		t.Fatalf("the engine's pool refuses the evidence: %v", err)
	}
	forged := *evidence
	forged.VoteB = forged.VoteB.Copy()
	forged.VoteB.Signature = bytes.Clone(forged.VoteA.Signature)
	if err := pool.AddEvidence(&forged); err == nil {
		t.Error("the engine's pool takes a vote that nobody signed")
	}
	for i := range a.peers {
		a.eventually(90*time.Second, "the offence in every ledger", func() bool { return a.offences(i, guilty).Count > 0 })
	}
	header := a.certified(0, 2).header
	at := a.peers[0].engine.View().Head.Height
	if err := pool.AddEvidence(evidence); err != nil {
		t.Errorf("evidence that is committed is no error, but of no use: %v", err)
	}
	a.eventually(90*time.Second, "three blocks more", func() bool { return a.peers[0].engine.View().Head.Height > at+3 })
	for i := range a.peers {
		got := a.offences(i, guilty)
		if want := (record.Offence{Height: 2, Time: header.Time.Seconds, Kind: 1}); got.Count != 1 || len(got.List) != 1 || got.List[0] != want {
			t.Errorf("peer %d records %+v, want %+v once", i, got, want)
		}
		if x := a.offences(0, i); i != guilty && x.Count != 0 {
			t.Errorf("member %d is said to have misbehaved: %+v", i, x)
		}
	}
	a.carried(evidence)
}

// twice is evidence that a member signed two precommits at a height.
func (a *assembly) twice(member int, height int64) *types.DuplicateVoteEvidence {
	a.t.Helper()
	e := a.peers[0].engine
	set, err := e.states.LoadValidators(height)
	if err != nil {
		a.t.Fatal(err)
	}
	key := a.peers[member].keys.validator.(*privval.FilePV).Key
	place, _ := set.GetByAddress(key.Address)
	meta := e.node.BlockStore().LoadBlockMeta(height)
	vote := func(mark byte) *types.Vote {
		hash := bytes.Repeat([]byte{mark}, 32)
		v := &types.Vote{Type: cmtproto.PrecommitType, Height: height, BlockID: types.BlockID{Hash: hash, PartSetHeader: types.PartSetHeader{Total: 1, Hash: hash}},
			Timestamp: meta.Header.Time.Add(time.Second), ValidatorAddress: key.Address, ValidatorIndex: place}
		sig, err := key.PrivKey.Sign(types.VoteSignBytes("tiny", v.ToProto()))
		if err != nil {
			a.t.Fatal(err)
		}
		v.Signature = sig
		return v
	}
	out, err := types.NewDuplicateVoteEvidence(vote(1), vote(2), meta.Header.Time, set)
	if err != nil {
		a.t.Fatal(err)
	}
	return out
}

// offences is what a peer's ledger records against a member.
func (a *assembly) offences(peer, member int) *record.Offences {
	a.t.Helper()
	leaf, ok := a.peers[peer].engine.View().State.Get(record.OffencesKey(a.member(member)))
	if !ok {
		return &record.Offences{}
	}
	x, err := record.OffencesFromBytes(leaf.Data)
	if err != nil {
		a.t.Fatal(err)
	}
	return x
}

// carried wants the block that carries the evidence, as an auditor reads it.
func (a *assembly) carried(evidence types.Evidence) {
	a.t.Helper()
	store := a.peers[1].engine.node.BlockStore()
	for h := store.Height(); h > 0; h-- {
		block := store.LoadBlock(h)
		if len(block.Evidence.Evidence) == 0 {
			continue
		}
		raw := block.Evidence.Evidence[0].Bytes()
		got, err := chain.Misbehaviours([][]byte{raw})
		if err != nil || len(got) != 1 || got[0].Kind != 1 || got[0].Height != uint64(evidence.Height()) {
			a.t.Errorf("an auditor reads %+v, %v", got, err)
		}
		if wire.Hash(a.certified(1, uint64(h)).header.EvidenceHash) != chain.EvidenceHash([][]byte{raw}) {
			a.t.Errorf("header %d does not commit to its evidence", h)
		}
		return
	}
	a.t.Error("no block carries the evidence")
}
