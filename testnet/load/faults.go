package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"

	"ipledger/ledger"
	"ipledger/ledger/archive"
	"ipledger/ledger/audit/mint"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// The blocks after those of the mix.
const (
	faultOffered = auditBlocks + 1 + iota // a lease is offered
	faultTaken                            // and accepted
	faultEnded                            // it ends, and nobody acts
	faultActs                             // two acts of one lane, and one that a rule refuses
	faultAfter
	faultLast
)

// fault is what is wrong at the end of an otherwise true chain, and what an audit
// has to say of it.
type fault struct {
	Why    string `json:"why"`
	Height uint64 `json:"height"`
	Rule   string `json:"rule"`

	rules func(mint.Rules) mint.Rules // of block Height
	swap  bool                        // the two acts of a lane
	alter func(tail []*archive.Block) // after all was signed
}

var planted = []fault{
	{Why: "a root that the rules do not give", Height: faultActs, Rule: "CHAIN-20", rules: mint.WrongRoot},
	{Why: "acts in an order that their lane does not allow", Height: faultActs, Rule: "ADM-4", rules: mint.AnyOrder, swap: true},
	{Why: "a lease that did not end", Height: faultEnded, Rule: "CHAIN-20", rules: mint.NoDue},
	{Why: "a receipt that tells of an act done which a rule refused", Height: faultActs, Rule: "ORIGIN-2", rules: mint.WrongReceipt},
	{Why: "a forged certificate", Height: faultAfter, Rule: "CHAIN-10", alter: func(tail []*archive.Block) {
		slots := slices.Clone(tail[faultAfter-faultOffered].Certificate.Slots)
		slots[1].Sig = append([]byte{slots[1].Sig[0] ^ 1}, slots[1].Sig[1:]...)
		tail[faultAfter-faultOffered].Certificate.Slots = slots
	}},
}

// faultFigures are what was planted and found.
type faultFigures struct {
	Bench   string  `json:"bench"`
	Acts    int     `json:"acts"`
	Found   []fault `json:"found"`
	Machine string  `json:"machine"`
}

// faults lets the auditor's own program replay chains from genesis that hold up
// to their last blocks. It fails unless each fault is named with its height and
// its rule, and the chain without any holds.
func faults() (any, error) {
	dir, err := os.MkdirTemp("", "ipledger-faults-")
	if err != nil {
		return nil, err
	}
	f, err := faultsIn(dir)
	return f, errors.Join(err, os.RemoveAll(dir))
}

func faultsIn(dir string) (any, error) {
	program, err := buildAuditor(dir)
	if err != nil {
		return nil, err
	}
	c, m, err := newMintedMix(mint.Holder{Name: "ann", Blocks: []string{"60.255.0.0/24"}}, mint.Holder{Name: "bob"})
	if err != nil {
		return nil, err
	}
	say("signing %d ledger blocks of %d acts", auditBlocks, blockActs)
	var blocks []*archive.Block
	acts := 0
	for n := range auditBlocks {
		if err := m.extend(n); err != nil {
			return nil, err
		}
		b := c.Last
		blocks, acts = append(blocks, &b), acts+len(b.Acts)
	}
	p := &plan{dir: dir, program: program, chain: c, blocks: blocks}
	for _, f := range append([]fault{{Why: "nothing"}}, planted...) {
		if err := p.find(f); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Why, err)
		}
	}
	return faultFigures{"faults", acts, planted, machine()}, nil
}

// plan is a true chain that faults are planted after.
type plan struct {
	dir, program string
	chain        *mint.Chain
	blocks       []*archive.Block
}

// find plants a fault and audits all.
func (p *plan) find(f fault) error {
	tail, err := p.tail(f)
	if err != nil {
		return err
	}
	if f.alter != nil {
		f.alter(tail)
	}
	all := slices.Concat(p.blocks, tail)
	if _, err := archiveOf(p.dir, p.chain, len(all), func(n int) (*archive.Block, error) { return all[n], nil }); err != nil {
		return err
	}
	got, err := p.audit()
	if err != nil {
		return err
	}
	say("planted %s: found block %d, %s", f.Why, got.Height, got.Rule)
	if got.Height != f.Height || got.Rule != f.Rule {
		return fmt.Errorf("found block %d, %q; planted at block %d, %q", got.Height, got.Rule, f.Height, f.Rule)
	}
	return nil
}

// audit is what the auditor's program finds; the zero finding for nothing.
func (p *plan) audit() (got struct {
	Height uint64 `json:",string"`
	Rule   string
}, err error) {
	cmd := exec.Command(p.program, "audit", "--json", "--fresh", "--archive", p.dir, "--genesis-hash", p.chain.Hash.String())
	cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+p.dir)
	out, failed := cmd.Output()
	report := struct {
		Holds   bool
		Finding any
	}{Finding: &got}
	if err := json.Unmarshal(out, &report); err != nil {
		return got, errors.Join(failed, err)
	}
	if report.Holds != (failed == nil) {
		return got, fmt.Errorf("it holds: %v, and the audit ended with %v", report.Holds, failed)
	}
	return got, nil
}

// leasedByAnn is the block of the lease that has to end.
var leasedByAnn = wire.Resource{Family: wire.IPv4, Len: 24, Addr: [16]byte{60, 255}}

// tail is the last blocks, with what is wrong in them.
func (p *plan) tail(f fault) (tail []*archive.Block, err error) {
	c := mint.Fork(p.chain)
	extend := func(seconds uint64, raws ...[]byte) {
		c.Rules = ledger.Apply
		if f.rules != nil && c.Last.Header.Height+1 == f.Height {
			c.Rules = f.rules(ledger.Apply)
		}
		if err == nil {
			var b *archive.Block
			b, err = c.Extend(seconds, raws...)
			tail = append(tail, b)
		}
	}
	offer, id := c.Sign("ann", &tx.LeaseOffer{
		Resource: leasedByAnn, To: c.ID("bob"), End: c.Now() + 100, Operator: "op", Abuse: "a@b.example", Value: c.Value(leasedByAnn), Until: c.Now() + 50,
	})
	extend(1, offer)
	accept, _ := c.Sign("bob", &tx.LeaseAccept{Offer: id, Resource: leasedByAnn, Value: c.Value(leasedByAnn)})
	extend(200, accept)
	extend(1)
	one, _ := c.Sign("ann", &tx.OriginAuthorise{Resource: leasedByAnn, MaxLength: 24, AS: 64500})
	two, _ := c.Sign("ann", &tx.OriginWithdraw{Resource: leasedByAnn, MaxLength: 24, AS: 64500})
	three, _ := c.Sign("bob", &tx.OriginAuthorise{Resource: leasedByAnn, MaxLength: 24, AS: 64501}) // no longer bob's
	if f.swap {
		one, two = two, one
	}
	extend(1, one, two, three)
	extend(1)
	extend(1)
	return tail, err
}
