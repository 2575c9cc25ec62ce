package mint

import (
	"crypto/ed25519"
	"fmt"

	"ipledger/ledger"
	"ipledger/ledger/archive"
	"ipledger/ledger/chain"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// Extend makes the next block, of acts; the block after it comes so many
// seconds later, at least one.
func (c *Chain) Extend(seconds uint64, raws ...[]byte) (*archive.Block, error) {
	verified, err := c.verify(raws)
	if err != nil {
		return nil, err
	}
	return c.ExtendVerified(seconds, raws, verified)
}

func (c *Chain) verify(raws [][]byte) ([]tx.Verified, error) {
	on := tx.On(c.Hash)
	out := make([]tx.Verified, len(raws))
	for i, raw := range raws {
		v, err := on.Verify(raw)
		if err != nil {
			return nil, fmt.Errorf("mint: act %d: %w", i, err)
		}
		out[i] = v
	}
	return out, nil
}

// ExtendVerified is Extend for who has verified the acts.
func (c *Chain) ExtendVerified(seconds uint64, raws [][]byte, verified []tx.Verified) (*archive.Block, error) {
	b := archive.Block{Header: c.header(raws), Set: c.Set, Acts: raws}
	next := c.nextSet()
	if c.Lie != nil {
		c.Lie(&b.Header)
	}
	hash := b.Header.Hash()
	prev := ledger.Header{Height: c.Last.Header.Height, Time: c.Genesis.Time}
	if prev.Height > 0 {
		prev.Time = c.Last.Header.Time.Seconds
	}
	r, err := c.Rules(c.State, prev, ledger.Header{Height: b.Header.Height, Time: b.Header.Time.Seconds, Hash: hash}, verified, nil)
	if err != nil {
		return nil, err
	}
	var results []chain.Result
	for i := range r.Receipts {
		raw := r.Receipts[i].Bytes()
		b.Receipts = append(b.Receipts, raw)
		results = append(results, chain.Result{Code: uint32(r.Receipts[i].Outcome), Data: raw})
	}
	b.Certificate = c.Certify(b.Header, seconds)
	if r.Bearing {
		c.Frontier = c.Frontier.Append(chain.LogLeaf(b.Header.Height, hash))
	}
	c.State, c.results, c.Last, c.Set = r.State, chain.ResultsHash(results), b, next
	return &b, nil
}

// header is the next block's, true to what the chain did so far.
func (c *Chain) header(raws [][]byte) chain.Header {
	h := chain.Header{
		Version: chain.Version{Block: chain.BlockVersion, App: c.RulesNext()}, ChainID: c.Genesis.ChainID,
		Height: c.Last.Header.Height + 1, Time: c.nextTime(), LastCommitHash: chain.Root(nil), DataHash: chain.DataHash(raws),
		ValidatorsHash: c.Set.Hash(), NextValidatorsHash: c.nextSet().Hash(), ConsensusHash: wire.Sum(wire.TagRecord, []byte("engine")),
		AppHash: chain.AppHash(c.State.Root(), c.Frontier.Root()), LastResultsHash: c.results, EvidenceHash: chain.EvidenceHash(nil),
		Proposer: c.Set[0].Address(),
	}
	if h.Height > 1 {
		h.LastBlock, h.LastCommitHash = c.Last.Certificate.Block, c.Last.Certificate.CommitHash(c.Last.Set)
	}
	return h
}

// nextSet is the validators of the block after the next: the members, as they are.
func (c *Chain) nextSet() chain.ValidatorSet {
	set, err := ledger.Validators(c.State)
	if err != nil {
		panic(err)
	}
	return set
}

// RulesNext is the rules version of the next block.
func (c *Chain) RulesNext() uint64 {
	version, err := ledger.RulesAt(c.State, c.Last.Header.Height+1)
	if err != nil {
		panic(err)
	}
	return version
}

// Certify makes a header final: all members vote for it, so many seconds after
// its time.
func (c *Chain) Certify(h chain.Header, seconds uint64) chain.Certificate {
	cert := chain.Certificate{Height: h.Height, Block: chain.BlockID{Hash: h.Hash(), Total: 1, Parts: wire.Sum(wire.TagRecord, []byte("parts"))}}
	for i := range c.Set {
		cert.Slots = append(cert.Slots, chain.Slot{Flag: chain.Committed, Time: chain.Time{Seconds: h.Time.Seconds + seconds, Nanos: uint32(i)}})
	}
	for i, v := range c.Set {
		cert.Slots[i].Sig = ed25519.Sign(c.members[v.PubKey], cert.SignBytes(h.ChainID, i))
	}
	return cert
}
