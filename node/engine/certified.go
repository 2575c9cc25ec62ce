package engine

import (
	"errors"
	"fmt"
	"sync"

	"github.com/cometbft/cometbft/types"

	"ipledger/ledger/chain"
	"ipledger/ledger/wire"
)

// ErrNotFound reports a height whose header or certificate this node has not.
var ErrNotFound = errors.New("engine: no certified header")

// Certified is the header of a height, a certificate that makes it final, and
// the set whose certificate it is: together they pass chain.Verify. The
// certificate of the newest header is this node's own view of the votes; others
// hold other ones, equally valid.
//
// specs/11 ENG-14: A node MUST serve for every height it has a header, a
// certificate and the validator set that together verify.
func (e *Engine) Certified(height uint64) (chain.Header, chain.Certificate, chain.ValidatorSet, error) {
	fail := func(err error) (chain.Header, chain.Certificate, chain.ValidatorSet, error) {
		return chain.Header{}, chain.Certificate{}, nil, fmt.Errorf("%w of height %d: %w", ErrNotFound, height, err)
	}
	if e.gate.shut.Load() {
		return fail(errStopped)
	}
	store := e.node.BlockStore()
	if height == 0 || height > uint64(store.Height()) {
		return fail(fmt.Errorf("this node has heights %d to %d", store.Base(), store.Height()))
	}
	meta := store.LoadBlockMeta(int64(height))
	commit := e.commit(height)
	if meta == nil || commit == nil {
		return fail(errors.New("the engine has pruned it"))
	}
	header := HeaderOf(&meta.Header)
	set, err := e.sets.of(header.ValidatorsHash, func() (*types.ValidatorSet, error) { return e.states.LoadValidators(int64(height)) })
	if err != nil {
		return fail(err)
	}
	return header, CertificateOf(commit), set, nil
}

// lastSet remembers the validator set asked for last: sets rarely change, and the
// engine computes the turns of proposers anew, up to 100,000 heights of them,
// whenever it gives one.
type lastSet struct {
	mu   sync.Mutex
	hash wire.Hash
	set  chain.ValidatorSet
}

func (l *lastSet) of(hash wire.Hash, load func() (*types.ValidatorSet, error)) (chain.ValidatorSet, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.set != nil && l.hash == hash {
		return l.set, nil
	}
	set, err := load()
	if err != nil {
		return nil, err
	}
	l.hash, l.set = hash, ValidatorSetOf(set)
	return l.set, nil
}

// Sealed is what Certified gives with the canonical certificate, the one that the
// next block carries, and the evidence in the block; ErrNotFound for the newest.
func (e *Engine) Sealed(height uint64) (h chain.Header, c chain.Certificate, set chain.ValidatorSet, evidence [][]byte, err error) {
	if h, c, set, err = e.Certified(height); err != nil {
		return h, c, set, nil, err
	}
	store := e.node.BlockStore()
	commit := store.LoadBlockCommit(int64(height))
	if commit == nil {
		return h, c, set, nil, fmt.Errorf("%w of height %d: no block has its certificate yet", ErrNotFound, height)
	}
	if c = CertificateOf(commit); h.EvidenceHash == chain.EvidenceHash(nil) {
		return h, c, set, nil, nil
	}
	block := store.LoadBlock(int64(height))
	if block == nil {
		return h, c, set, nil, fmt.Errorf("%w of height %d: the engine has pruned its block", ErrNotFound, height)
	}
	for _, ev := range block.Evidence.Evidence {
		evidence = append(evidence, ev.Bytes())
	}
	return h, c, set, evidence, nil
}

// NextSet is the set that signs at a height, which may be one above the newest.
func (e *Engine) NextSet(height uint64) (chain.ValidatorSet, error) {
	set, err := e.states.LoadValidators(int64(height))
	if err != nil {
		return nil, fmt.Errorf("%w: the set of height %d: %w", ErrNotFound, height, err)
	}
	return ValidatorSetOf(set), nil
}

// commit is the canonical certificate, which the next block carries, or what
// this node saw where there is no next block yet.
func (e *Engine) commit(height uint64) *types.Commit {
	store := e.node.BlockStore()
	if c := store.LoadBlockCommit(int64(height)); c != nil {
		return c
	}
	return store.LoadSeenCommit(int64(height))
}

// HeaderOf is an engine's header in the ledger's form.
func HeaderOf(h *types.Header) chain.Header {
	return chain.Header{
		Version:            chain.Version{Block: h.Version.Block, App: h.Version.App},
		ChainID:            h.ChainID,
		Height:             uint64(h.Height),
		Time:               timeOf(h.Time.Unix(), h.Time.Nanosecond()),
		LastBlock:          blockIDOf(h.LastBlockID),
		LastCommitHash:     hashOf(h.LastCommitHash),
		DataHash:           hashOf(h.DataHash),
		ValidatorsHash:     hashOf(h.ValidatorsHash),
		NextValidatorsHash: hashOf(h.NextValidatorsHash),
		ConsensusHash:      hashOf(h.ConsensusHash),
		AppHash:            hashOf(h.AppHash),
		LastResultsHash:    hashOf(h.LastResultsHash),
		EvidenceHash:       hashOf(h.EvidenceHash),
		Proposer:           addressOf(h.ProposerAddress),
	}
}

// CertificateOf is an engine's commit in the ledger's form.
func CertificateOf(c *types.Commit) chain.Certificate {
	out := chain.Certificate{Height: uint64(c.Height), Round: uint32(c.Round), Block: blockIDOf(c.BlockID)}
	for _, s := range c.Signatures {
		slot := chain.Slot{Flag: uint8(s.BlockIDFlag), Sig: s.Signature}
		if slot.Flag != chain.Absent {
			slot.Time = timeOf(s.Timestamp.Unix(), s.Timestamp.Nanosecond())
		}
		out.Slots = append(out.Slots, slot)
	}
	return out
}

// ValidatorSetOf is an engine's set in the ledger's form.
func ValidatorSetOf(s *types.ValidatorSet) chain.ValidatorSet {
	var out chain.ValidatorSet
	for _, v := range s.Validators {
		one := chain.Validator{Alg: chain.Ed25519, Power: uint64(v.VotingPower)}
		copy(one.PubKey[:], v.PubKey.Bytes())
		out = append(out, one)
	}
	return out
}

func timeOf(seconds int64, nanos int) chain.Time {
	return chain.Time{Seconds: uint64(seconds), Nanos: uint32(nanos)}
}

func blockIDOf(id types.BlockID) chain.BlockID {
	return chain.BlockID{Hash: hashOf(id.Hash), Total: id.PartSetHeader.Total, Parts: hashOf(id.PartSetHeader.Hash)}
}

func hashOf(raw []byte) (h wire.Hash) {
	copy(h[:], raw)
	return h
}

func addressOf(raw []byte) (a wire.Address) {
	copy(a[:], raw)
	return a
}
