package engine

import (
	"slices"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/crypto/ed25519"
	"github.com/cometbft/cometbft/types"

	"ipledger/ledger/chain"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// assembly is a network whose members vote; number is the next of each voter's lane.
type assembly struct {
	*network
	number []uint64
	rules  uint64
}

// act hands an act of a member's account to the pools of the validators, and waits
// until it is decided.
func (a *assembly) act(voter int, body tx.Body, to ...int) wire.Hash {
	a.t.Helper()
	id := a.hand(voter, body, to...)
	a.settle(id, to...)
	return id
}

func (a *assembly) hand(voter int, body tx.Body, to ...int) wire.Hash {
	a.t.Helper()
	raw := a.world.Vote(voter, a.number[voter], a.rules, body)
	a.number[voter]++
	a.offer(raw, to...)
	return a.idOf(raw)
}

func (a *assembly) settle(id wire.Hash, to ...int) {
	a.t.Helper()
	at := a.waitFor(id, to[0], 20*time.Second)
	a.eventually(20*time.Second, "the ledger block of the act everywhere", func() bool {
		for _, i := range to {
			if a.peers[i].engine.View().Head.Height < at {
				return false
			}
		}
		return true
	})
}

// carry proposes and lets members vote, all at once, until it passes.
func (a *assembly) carry(p *tx.Propose, voters []int, to ...int) {
	a.t.Helper()
	p.As = a.member(voters[0])
	id := a.act(voters[0], p, to...)
	var votes []wire.Hash
	for _, v := range voters {
		votes = append(votes, a.hand(v, &tx.Vote{Proposal: id, As: a.member(v), Yes: true}, to...))
	}
	for _, v := range votes {
		a.settle(v, to...)
	}
	leaf, _ := a.peers[to[0]].engine.View().State.Get(record.MotionKey(id))
	m, err := record.MotionFromBytes(leaf.Data)
	if err != nil || m.State != record.MotionDone {
		a.t.Fatalf("the proposal to %v is %+v, %v", record.Matter(p.Matter), m, err)
	}
}

// member is the validator key of a peer.
func (a *assembly) member(i int) wire.Hash {
	key, err := a.peers[i].keys.Validator()
	if err != nil {
		a.t.Fatal(err)
	}
	return key
}

// TestMembers_ENG20_GOV21_GOV10 lets members of a real network admit a fifth by
// vote, put new rules in force, and remove one of themselves. A verifier that knows
// genesis alone follows all of it.
func TestMembers_ENG20_GOV21_GOV10(t *testing.T) {
	t.Parallel()
	a := &assembly{newNetwork(t, 4, 1, 1, 1).startAll(), make([]uint64, 4), 1}
	all, e := []int{0, 1, 2, 3}, a.peers[4].engine
	first := a.certified(4, 1)
	a.carry(&tx.Propose{Matter: uint64(record.AdmitMember), Key: a.member(4), Subject: a.world.Holders[0].ID, Name: "operator 4",
		Organisation: "organisation 4", Jurisdiction: "DE", Hosting: "AS1"}, []int{0, 1, 2}, all...)
	fifth := a.height(4, func(s signed) bool { return s.voted(a.member(4)) })
	five := a.certified(4, fifth)
	if len(five.set) != 5 {
		t.Fatalf("%d validators at %d", len(five.set), fifth)
	}
	if err := chain.VerifyTrusting("tiny", first.set, five.set, five.header, five.cert); err != nil {
		t.Fatalf("from genesis to height %d: %v", fifth, err)
	}
	from := e.View().Head.Height + 12
	a.carry(&tx.Propose{Matter: uint64(record.Upgrade), Value: 2, Height: from}, []int{0, 1, 2, 3}, all...)
	a.height(4, func(s signed) bool { return s.header.Version.App == 2 })
	for h := from - 2; h <= from+1; h++ {
		a.eventually(20*time.Second, "the height", func() bool { return e.View().Head.Height > h })
		if got := a.certified(4, h).header.Version.App; got != 1+b2u(h >= from) {
			t.Errorf("header %d names version %d, new rules are in force from %d", h, got, from)
		}
	}
	if answer, err := a.tryOffer(a.world.Vote(0, a.number[0], 1, &tx.Propose{Matter: uint64(record.RemoveMember), Key: a.member(3), As: a.member(0), Reason: wire.Hash{1}}), 0); answer == Taken || !isRule(err, "ADM-12") {
		t.Errorf("an act for the old rules: answer %d, %v", answer, err)
	}
	a.rules = 2
	a.carry(&tx.Propose{Matter: uint64(record.RemoveMember), Key: a.member(3), Reason: wire.Hash{1}}, []int{0, 1, 2}, 0, 1, 2, 4)
	gone := a.height(4, func(s signed) bool { return len(s.set) == 4 })
	last := a.certified(4, gone)
	if slices.ContainsFunc(last.set, func(v chain.Validator) bool { return v.PubKey == a.member(3) }) {
		t.Errorf("the removed member is in the set of height %d", gone)
	}
	if err := chain.VerifyTrusting("tiny", five.set, last.set, last.header, last.cert); err != nil {
		t.Errorf("from height %d to %d: %v", fifth, gone, err)
	}
	// It may go; the others go on, whoever restarts.
	a.peers[3].stop()
	a.peers[4].stop()
	a.start(4)
	// Peers that dial each other at once may each turn the other away, and try again later.
	a.eventually(3*time.Minute, "five blocks without it", func() bool { return a.peers[4].engine.View().Head.Height > gone+5 })
	for _, i := range []int{0, 1, 2, 4} {
		if err := a.peers[i].dead(); err != nil {
			t.Errorf("peer %d: %v", i, err)
		}
	}
}

func b2u(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

// signed is a header with what makes it final.
type signed struct {
	header chain.Header
	cert   chain.Certificate
	set    chain.ValidatorSet
}

// voted reports whether the validator with a key voted for the block.
func (s signed) voted(key wire.Hash) bool {
	i := slices.IndexFunc(s.set, func(v chain.Validator) bool { return v.PubKey == key })
	return i >= 0 && s.cert.Slots[i].Flag == chain.Committed
}

func (a *assembly) certified(peer int, height uint64) (s signed) {
	a.t.Helper()
	a.eventually(20*time.Second, "a certificate", func() bool {
		var err error
		s.header, s.cert, s.set, err = a.peers[peer].engine.Certified(height)
		return err == nil
	})
	if err := chain.Verify("tiny", s.set, s.header, s.cert); err != nil {
		a.t.Fatalf("height %d: %v", height, err)
	}
	return s
}

// height is the first height, as a peer goes on, of which want holds.
func (a *assembly) height(peer int, want func(signed) bool) (at uint64) {
	a.t.Helper()
	at = a.peers[peer].engine.View().Head.Height
	a.eventually(time.Minute, "a header of the kind", func() bool {
		for ; at+1 <= a.peers[peer].engine.View().Head.Height; at++ {
			if want(a.certified(peer, at)) {
				return true
			}
		}
		return false
	})
	return at
}

// TestMisbehaviour_ENG20_GOV22 records evidence that the engine decided against a
// member, and hands on nothing else.
func TestMisbehaviour_ENG20_GOV22(t *testing.T) {
	b := newBench(t, 1)
	member := b.world.Genesis.Validators()[0]
	address := member.Address()
	at := time.Unix(int64(b.world.Genesis.Time)+5, 7)
	r, err := b.FinalizeBlock(t.Context(), &abci.RequestFinalizeBlock{Height: 1, Time: at, Hash: make([]byte, 32), Misbehavior: []abci.Misbehavior{
		{Type: abci.MisbehaviorType_DUPLICATE_VOTE, Validator: abci.Validator{Address: address[:], Power: 1}, Height: 7, Time: at},
	}})
	if err != nil || r.ValidatorUpdates != nil || r.ConsensusParamUpdates != nil {
		t.Fatalf("%+v, %v", r, err)
	}
	leaf, _ := b.final.result.State.Get(record.OffencesKey(member.PubKey))
	x, err := record.OffencesFromBytes(leaf.Data)
	if err != nil || x.Count != 1 || x.List[0] != (record.Offence{Height: 7, Time: uint64(at.Unix()), Kind: 1}) {
		t.Errorf("%+v, %v", x, err)
	}
	if got := misbehaviours(nil); got != nil {
		t.Errorf("%+v", got)
	}
	updates := validatorUpdates([]chain.Validator{member})
	if len(updates) != 1 || updates[0].Power != 1 || [32]byte(updates[0].PubKey.GetEd25519()) != member.PubKey {
		t.Errorf("%+v", updates)
	}
	if p := rulesUpdate(2); p.Version.App != 2 || p.Block != nil {
		t.Errorf("%+v", p)
	}
}

// What the ledger reads of evidence's bytes is what the engine tells of it.
func TestOracleEvidence_CHAIN24(t *testing.T) {
	keys := []ed25519.PrivKey{ed25519.GenPrivKey(), ed25519.GenPrivKey()}
	set := types.NewValidatorSet([]*types.Validator{types.NewValidator(keys[0].PubKey(), 1), types.NewValidator(keys[1].PubKey(), 1)})
	at := time.Unix(1_800_000_123, 456).UTC()
	vote := func(b byte) *types.Vote {
		hash := make([]byte, 32)
		hash[0] = b
		return &types.Vote{Type: 2, Height: 77, Round: 3, BlockID: types.BlockID{Hash: hash, PartSetHeader: types.PartSetHeader{Total: 1, Hash: hash}},
			Timestamp: at, ValidatorAddress: keys[0].PubKey().Address(), ValidatorIndex: 1, Signature: make([]byte, 64)}
	}
	two, err := types.NewDuplicateVoteEvidence(vote(1), vote(2), at, set)
	if err != nil {
		t.Fatal(err)
	}
	attack := &types.LightClientAttackEvidence{
		ConflictingBlock: &types.LightBlock{
			SignedHeader: &types.SignedHeader{Header: &types.Header{ChainID: "x", Height: 99, Time: at}, Commit: &types.Commit{Height: 99}}, ValidatorSet: set,
		},
		CommonHeight: 55, ByzantineValidators: set.Validators, TotalVotingPower: 2, Timestamp: at,
	}
	var raw [][]byte
	var told []abci.Misbehavior
	for _, e := range []types.Evidence{two, attack} {
		raw, told = append(raw, e.Bytes()), append(told, e.ABCI()...)
	}
	got, err := chain.Misbehaviours(raw)
	if err != nil || len(got) != 3 || !slices.Equal(got, misbehaviours(told)) {
		t.Errorf("read %+v, %v; the engine tells %+v", got, err, misbehaviours(told))
	}
	if ours := hashOf(types.EvidenceList{two, attack}.Hash()); ours != chain.EvidenceHash(raw) {
		t.Errorf("the evidence's hash is %v, the engine's %v", chain.EvidenceHash(raw), ours)
	}
}
