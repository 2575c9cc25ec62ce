package audit

import (
	"bytes"
	"errors"
	"fmt"

	"ipledger/ledger"
	"ipledger/ledger/archive"
	"ipledger/ledger/chain"
	"ipledger/ledger/genesis"
	"ipledger/ledger/light"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// Replay is a chain as far as an audit has come. It takes one block after the
// other, from one goroutine.
type Replay struct {
	chainID  string
	genesis  wire.Hash
	time     chain.Time // of the first block
	appFirst wire.Hash  // application hash of genesis
	trust    *light.Trust
	met      bool // the trust file's header

	last   point    // after the last block
	before [2]point // after the two before it, the later first
	count  Count
}

// point is where a chain is after a block; of genesis its header is zero.
type point struct {
	header   chain.Header
	cert     chain.Certificate
	set      chain.ValidatorSet
	state    tree.State
	frontier chain.Frontier
	next     wire.Hash // the set of the next block
	results  wire.Hash // of the block's acts
}

// Count is how much an audit has checked.
type Count struct{ Blocks, Acts, Signatures, Certificates, Votes uint64 }

// FromGenesis begins before block 1, with the state of a genesis file, which the
// caller has read with genesis.DecodeState.
//
// specs/24 AUD-1: The genesis file MUST have the hash that the auditor was given,
// and the state file MUST be the one it names (GEN-24).
func FromGenesis(g *genesis.Genesis, hash wire.Hash, state tree.State) (*Replay, error) {
	if got := g.Hash(); got != hash {
		return nil, found(0, "AUD-1", "GEN-22", "the genesis file has hash %v, %v was asked for", got, hash)
	}
	if state.Root() != g.State.Root {
		return nil, found(0, "AUD-1", "GEN-24", "the state has root %v, the genesis file names %v", state.Root(), g.State.Root)
	}
	return &Replay{
		chainID: g.ChainID, genesis: hash, time: chain.Time{Seconds: g.Time}, appFirst: g.AppHash,
		last: point{state: state, next: g.Validators().Hash(), results: chain.Root(nil)},
	}, nil
}

// Height is the last block that was taken; 0 for genesis.
func (r *Replay) Height() uint64 { return r.last.header.Height }

// State is the state after the last block.
func (r *Replay) State() tree.State { return r.last.state }

// Count is what was checked so far.
func (r *Replay) Count() Count { return r.count }

// Checker is a checker for blocks of this chain.
func (r *Replay) Checker() *Checker { return NewChecker(r.chainID, r.genesis) }

// Step takes the next block. An error is a *Finding, or wraps ledger.ErrCorrupt;
// after either the replay stands before that block and is of no further use.
func (r *Replay) Step(b *Checked) error {
	if f := r.header(b); f != nil {
		return f
	}
	if f := r.body(b); f != nil {
		return f
	}
	result, err := r.apply(b)
	if err != nil {
		return err
	}
	h := b.Block.Header
	now := point{
		header: h, cert: b.Block.Certificate, set: b.Block.Set, state: result.State,
		frontier: r.last.frontier, next: h.NextValidatorsHash,
	}
	if result.Bearing {
		now.frontier = now.frontier.Append(chain.LogLeaf(h.Height, h.Hash()))
	}
	if now.results, err = r.receipts(b, &result); err != nil {
		return err
	}
	r.before, r.last = [2]point{r.last, r.before[0]}, now
	r.counted(b)
	return nil
}

// header checks whatever the block's header says, first whether it is one.
func (r *Replay) header(b *Checked) *Finding {
	h := &b.Block.Header
	// specs/24 AUD-3: The validator set of an entry MUST be the next set that the
	// header before names; in the first block, that of the genesis file's members.
	if got := b.Block.Set.Hash(); got != r.last.next {
		return found(h.Height, "AUD-3", "", "its validator set is %v, %v comes next", got, r.last.next)
	}
	if b.Final != nil {
		return b.Final
	}
	for _, check := range []func(*archive.Block) *Finding{r.follows, r.voted, r.outcome, r.ruled, r.trusted} {
		if f := check(b.Block); f != nil {
			f.Signed = true
			return f
		}
	}
	return nil
}

// follows keeps specs/24 AUD-2: The header of an entry MUST be of the genesis
// file's chain, one higher than the one before, name that one's hash as its last
// block, and have its consensus hash.
func (r *Replay) follows(b *archive.Block) *Finding {
	h, last := &b.Header, &r.last.header
	wrong := func(format string, args ...any) *Finding { return found(h.Height, "AUD-2", "", format, args...) }
	switch {
	case h.Height != last.Height+1:
		return wrong("it comes after block %d", last.Height)
	case last.Height == 0 && h.LastBlock != chain.BlockID{}:
		return wrong("the first block names a block before it")
	case last.Height == 0:
		return nil
	case h.LastBlock != r.last.cert.Block || h.LastBlock.Hash != last.Hash():
		return wrong("it follows block %v, the block before is %v", h.LastBlock.Hash, last.Hash())
	case h.ConsensusHash != last.ConsensusHash:
		return wrong("the engine's parameters have changed, from %v to %v", last.ConsensusHash, h.ConsensusHash)
	}
	return nil
}

// ruled compares what a header says of who decides next and under which rules with
// the state before it, which is the members' own.
//
// specs/24 AUD-2: ... the rules version in force (GOV-10).
// specs/24 AUD-3: The next set that a header names MUST be that of the members in
// the state before it (GOV-21).
func (r *Replay) ruled(b *archive.Block) *Finding {
	h, s := &b.Header, r.last.state
	version, err := ledger.RulesAt(s, h.Height)
	if err != nil {
		return found(h.Height, "AUD-2", "GOV-10", "the state before it has no rules version: %v", err)
	}
	if h.Version.App != version {
		return found(h.Height, "AUD-2", "GOV-10", "it is under rules version %d, version %d is in force", h.Version.App, version)
	}
	set, err := ledger.Validators(s)
	if err != nil {
		return found(h.Height, "AUD-3", "GOV-21", "the state before it has no members: %v", err)
	}
	if want := set.Hash(); h.NextValidatorsHash != want {
		return found(h.Height, "AUD-3", "GOV-21", "the next validator set it names is %v, that of the members is %v", h.NextValidatorsHash, want)
	}
	return nil
}

// voted keeps specs/24 AUD-5: The header MUST have the last commit hash
// (CHAIN-21) and the time (CHAIN-22) that follow from the certificate of the
// entry before.
func (r *Replay) voted(b *archive.Block) *Finding {
	commit, at := chain.Root(nil), r.time
	if r.Height() > 0 {
		commit, at = r.last.cert.CommitHash(r.last.set), r.last.cert.MedianTime(r.last.set)
	}
	switch h := &b.Header; {
	case h.LastCommitHash != commit:
		return found(h.Height, "AUD-5", "CHAIN-21", "it names the last certificate %v, that of block %d is %v", h.LastCommitHash, r.Height(), commit)
	case h.Time != at:
		return found(h.Height, "AUD-5", "CHAIN-22", "its time is %d.%09d, the votes before it say %d.%09d", h.Time.Seconds, h.Time.Nanos, at.Seconds, at.Nanos)
	}
	return nil
}

// outcome compares what the header says of the block before with what the rules
// made of it. A finding is about that block.
func (r *Replay) outcome(b *archive.Block) *Finding {
	h := &b.Header
	// specs/24 AUD-9: ... the next header MUST have the last results hash of them
	// all (CHAIN-15).
	if h.LastResultsHash != r.last.results {
		return found(r.Height(), "AUD-9", "CHAIN-15", "its results have hash %v, header %d says %v", r.last.results, h.Height, h.LastResultsHash)
	}
	// specs/24 AUD-10: The next header MUST have the application hash of the state
	// and the log as the rules make them (CHAIN-20).
	want := r.last.app()
	if r.Height() == 0 {
		want = r.appFirst
	}
	if h.AppHash != want {
		return found(r.Height(), "AUD-10", "CHAIN-20", "the rules give state root %v, log root %v and so application hash %v, header %d says %v",
			r.last.state.Root(), r.last.frontier.Root(), want, h.Height, h.AppHash)
	}
	return nil
}

func (p *point) app() wire.Hash { return chain.AppHash(p.state.Root(), p.frontier.Root()) }

func (r *Replay) body(b *Checked) *Finding {
	f := b.Body
	if f == nil {
		// The header commits to the acts: whoever signed it signed them.
		if f = b.firstWrong(); f != nil {
			f.Signed = true
		}
	}
	return f
}

// apply keeps specs/24 AUD-8: What is due at the header's time and then the
// acts, in their order, MUST be admissible over the state before.
func (r *Replay) apply(b *Checked) (ledger.Result, error) {
	h := &b.Block.Header
	evidence, err := chain.Misbehaviours(b.Block.Evidence)
	if err != nil {
		f := found(h.Height, "AUD-8", "CHAIN-24", "its evidence cannot be read: %v", err)
		f.Signed = true
		return ledger.Result{}, f
	}
	result, err := ledger.Apply(r.last.state, r.headerOf(&r.last.header), r.headerOf(h), b.acts, evidence)
	var refused *ledger.Inadmissible
	if errors.As(err, &refused) {
		f := found(h.Height, "AUD-8", ruleOf(err), "it is not admissible: %v", refused.Err).about(refused.Index, b.acts[refused.Index].ID())
		f.Signed = true
		return result, f
	}
	if err != nil {
		return result, fmt.Errorf("apply block %d: %w", h.Height, err)
	}
	return result, nil
}

// headerOf is what the rules may know of a header; the zero header is genesis.
func (r *Replay) headerOf(h *chain.Header) ledger.Header {
	if h.Height == 0 {
		return ledger.Header{Time: r.time.Seconds, Hash: r.genesis}
	}
	return ledger.Header{Height: h.Height, Time: h.Time.Seconds, Hash: h.Hash()}
}

// receipts compares the receipts and gives the hash of all results.
//
// specs/24 AUD-9: Each receipt MUST be the one that the rules give.
func (r *Replay) receipts(b *Checked, result *ledger.Result) (wire.Hash, error) {
	results := make([]chain.Result, len(result.Receipts))
	for i := range result.Receipts {
		own := &result.Receipts[i]
		raw := own.Bytes()
		if !bytes.Equal(raw, b.Block.Receipts[i]) {
			return wire.Hash{}, found(b.Block.Header.Height, "AUD-9", own.Rule, "the rules say %s, the receipt says %s",
				outcomeOf(own), receiptOf(b.Block.Receipts[i])).about(i, own.Act)
		}
		results[i] = chain.Result{Code: uint32(own.Outcome), Data: raw}
	}
	return chain.ResultsHash(results), nil
}

func receiptOf(raw []byte) string {
	told, err := ledger.ReceiptFromBytes(raw)
	if err != nil {
		return fmt.Sprintf("nothing that can be read (%v)", err)
	}
	return outcomeOf(told)
}

func outcomeOf(r *ledger.Receipt) string {
	if r.Outcome == ledger.Done {
		return fmt.Sprintf("act %v was done", r.Act)
	}
	return fmt.Sprintf("rule %s refused act %v (field %q)", r.Rule, r.Act, r.Field)
}

func (r *Replay) counted(b *Checked) {
	r.count.Blocks, r.count.Certificates = r.count.Blocks+1, r.count.Certificates+1
	r.count.Acts += uint64(len(b.acts))
	for _, v := range b.acts {
		r.count.Signatures += uint64(len(v.Signers()))
	}
	for _, s := range b.Block.Certificate.Slots {
		if s.Flag != chain.Absent {
			r.count.Votes++
		}
	}
}
