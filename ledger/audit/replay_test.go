package audit_test

import (
	"errors"
	"slices"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/archive"
	"ipledger/ledger/audit"
	"ipledger/ledger/audit/mint"
	"ipledger/ledger/chain"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

var leased = wire.Resource{Family: wire.IPv4, Len: 24, Addr: [16]byte{60}}

// story is a short chain: an origin, a lease that ends while nobody acts, an act
// that a rule refuses, blocks without any act.
func story(t *testing.T, plant func(c *mint.Chain, height uint64), swap ...bool) (*mint.Chain, []*archive.Block) {
	t.Helper()
	c, err := mint.New(mint.Input(mint.Holder{Name: "ann", Blocks: []string{"60.0.0.0/24", "60.0.1.0/24"}}, mint.Holder{Name: "bob", Blocks: []string{"60.9.0.0/24"}}))
	if err != nil {
		t.Fatal(err)
	}
	var blocks []*archive.Block
	extend := func(seconds uint64, raws ...[]byte) {
		t.Helper()
		if plant != nil {
			plant(c, c.Last.Header.Height+1)
		}
		b, err := c.Extend(seconds, raws...)
		if err != nil {
			t.Fatal(err)
		}
		blocks = append(blocks, b)
	}
	extend(1)
	one, _ := c.Sign("ann", &tx.OriginAuthorise{Resource: leased, MaxLength: 24, AS: 64500})
	two, _ := c.Sign("ann", &tx.OriginWithdraw{Resource: leased, MaxLength: 24, AS: 64500})
	three, _ := c.Sign("bob", &tx.OriginAuthorise{Resource: leased, MaxLength: 24, AS: 64501}) // not bob's
	if len(swap) > 0 && swap[0] {
		one, two = two, one
	}
	extend(1, one, two, three)
	offer, id := c.Sign("ann", &tx.LeaseOffer{
		Resource: leased, To: c.ID("bob"), End: c.Now() + 100, Operator: "op", Abuse: "a@b.example", Value: c.Value(leased), Until: c.Now() + 50,
	})
	extend(1, offer)
	accept, _ := c.Sign("bob", &tx.LeaseAccept{Offer: id, Resource: leased, Value: c.Value(leased)})
	extend(1, accept)
	extend(200)
	extend(1) // the lease has ended
	extend(1)
	extend(1)
	return c, blocks
}

// run audits blocks over a chain's genesis.
func run(t *testing.T, c *mint.Chain, blocks []*archive.Block) (*audit.Replay, error) {
	t.Helper()
	r, err := audit.FromGenesis(c.Genesis, c.Hash, c.Output.State)
	if err != nil {
		t.Fatal(err)
	}
	return r, step(r, blocks)
}

func step(r *audit.Replay, blocks []*archive.Block) error {
	checker := r.Checker()
	for _, b := range blocks {
		checked := audit.NewChecked(b)
		checker.Whole(checked)
		checker.Acts(checked, 0, len(b.Acts))
		if err := r.Step(checked); err != nil {
			return err
		}
	}
	return nil
}

// TestReplay_AUD1 takes a true chain from genesis to its end, and no genesis but
// the one it was asked for.
func TestReplay_AUD1(t *testing.T) {
	c, blocks := story(t, nil)
	r, err := run(t, c, blocks)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := r.Count(), (audit.Count{Blocks: 8, Acts: 5, Signatures: 5, Certificates: 8, Votes: 32}); got != want {
		t.Errorf("counted %+v, want %+v", got, want)
	}
	if r.Height() != 8 || r.State().Root() != c.State.Root() {
		t.Errorf("at height %d with root %v, want 8 with %v", r.Height(), r.State().Root(), c.State.Root())
	}
	if blocks[1].Receipts[2] == nil || c.Frontier.Size != 4 {
		t.Errorf("the story bears %d blocks, want 4: the end of a lease among them", c.Frontier.Size)
	}
	if _, err := audit.FromGenesis(c.Genesis, wire.Hash{1}, c.Output.State); !errors.Is(err, audit.ErrFinding) {
		t.Errorf("another genesis was taken: %v", err)
	}
	if _, err := audit.FromGenesis(c.Genesis, c.Hash, c.State); !errors.Is(err, audit.ErrFinding) {
		t.Errorf("another state was taken: %v", err)
	}
}

// lies are what two thirds of the members may sign against the rules.
var lies = []struct {
	why    string
	at     uint64 // block in whose making it is planted
	rules  func(mint.Rules) mint.Rules
	lie    func(*chain.Header)
	swap   bool   // of two acts in block 2
	height uint64 // where it is found
	act    int
	asked  string
	rule   string
}{
	{why: "a record changed that no act changed", at: 5, rules: mint.WrongRoot, height: 5, act: -1, asked: "AUD-10", rule: "CHAIN-20"},
	{why: "a lease that was not ended", at: 6, rules: mint.NoDue, height: 6, act: -1, asked: "AUD-10", rule: "CHAIN-20"},
	{why: "acts in an order that their lane does not allow", at: 2, swap: true, rules: mint.AnyOrder, height: 2, act: 0, asked: "AUD-8", rule: "ADM-4"},
	{why: "an act done that a rule refuses", at: 2, rules: mint.WrongReceipt, height: 2, act: 2, asked: "AUD-9", rule: "ORIGIN-2"},
	{why: "another log", at: 6, lie: func(h *chain.Header) { h.AppHash[0] ^= 1 }, height: 5, act: -1, asked: "AUD-10", rule: "CHAIN-20"},
	{why: "other results", at: 3, lie: func(h *chain.Header) { h.LastResultsHash[0] ^= 1 }, height: 2, act: -1, asked: "AUD-9", rule: "CHAIN-15"},
	{why: "a time that nobody voted for", at: 3, lie: func(h *chain.Header) { h.Time.Seconds += 1000 }, height: 3, act: -1, asked: "AUD-5", rule: "CHAIN-22"},
	{why: "votes that are not those of the certificate", at: 3, lie: func(h *chain.Header) { h.LastCommitHash[0] ^= 1 }, height: 3, act: -1, asked: "AUD-5", rule: "CHAIN-21"},
	{why: "another past", at: 4, lie: func(h *chain.Header) { h.LastBlock.Hash[0] ^= 1 }, height: 4, act: -1, asked: "AUD-2", rule: "AUD-2"},
	{why: "a height left out", at: 4, lie: func(h *chain.Header) { h.Height++ }, height: 5, act: -1, asked: "AUD-2", rule: "AUD-2"},
	{why: "other parameters of the engine", at: 4, lie: func(h *chain.Header) { h.ConsensusHash[0] ^= 1 }, height: 4, act: -1, asked: "AUD-2", rule: "AUD-2"},
	{why: "another rules version", at: 4, lie: func(h *chain.Header) { h.Version.App++ }, height: 4, act: -1, asked: "AUD-2", rule: "GOV-10"},
	{why: "a past before the first block", at: 1, lie: func(h *chain.Header) { h.LastBlock = chain.BlockID{Hash: wire.Hash{1}, Total: 1, Parts: wire.Hash{1}} }, height: 1, act: -1, asked: "AUD-2", rule: "AUD-2"},
	{why: "a set that nobody agreed on", at: 3, lie: func(h *chain.Header) { h.NextValidatorsHash[0] ^= 1 }, height: 3, act: -1, asked: "AUD-3", rule: "GOV-21"},
	{why: "other acts than the block's", at: 2, lie: func(h *chain.Header) { h.DataHash[0] ^= 1 }, height: 2, act: -1, asked: "AUD-6", rule: "CHAIN-14"},
	{why: "evidence that is not there", at: 2, lie: func(h *chain.Header) { h.EvidenceHash[0] ^= 1 }, height: 2, act: -1, asked: "AUD-6", rule: "CHAIN-23"},
	{why: "another state at genesis", at: 1, lie: func(h *chain.Header) { h.AppHash[0] ^= 1 }, height: 0, act: -1, asked: "AUD-10", rule: "CHAIN-20"},
}

// TestLies_AUD2_AUD3_AUD5_AUD6_AUD8_AUD9_AUD10 finds whatever the members signed
// against the rules, at its height, and that they signed it.
func TestLies_AUD2_AUD3_AUD5_AUD6_AUD8_AUD9_AUD10(t *testing.T) {
	for _, l := range lies {
		t.Run(l.why, func(t *testing.T) {
			c, blocks := story(t, func(c *mint.Chain, height uint64) {
				c.Rules, c.Lie = ledger.Apply, nil
				if height == l.at {
					c.Lie = l.lie
					if l.rules != nil {
						c.Rules = l.rules(ledger.Apply)
					}
				}
			}, l.swap)
			r, err := run(t, c, blocks)
			var f *audit.Finding
			if !errors.As(err, &f) {
				t.Fatalf("nothing was found: %v", err)
			}
			if f.Height != l.height || f.Act != l.act || f.Asked != l.asked || f.Rule != l.rule {
				t.Errorf("found %v; want block %d, act %d, %s, %s", f, l.height, l.act, l.asked, l.rule)
			}
			if r.Height() > l.at {
				t.Errorf("the replay went on to block %d", r.Height())
			}
			if signed := l.asked != "AUD-6"; f.Signed != signed && l.rule != "ORIGIN-2" {
				t.Errorf("%v: signed by the members: %v, want %v", f, f.Signed, signed)
			}
		})
	}
}

// TestForged_AUD4_AUD7 alters what an archive gives: nobody signed that.
func TestForged_AUD4_AUD7(t *testing.T) {
	c, blocks := story(t, nil)
	stranger, _ := mint.New(mint.Input(mint.Holder{Name: "eve"}))
	for _, f := range []struct {
		why    string
		change func(b []*archive.Block)
		height uint64
		act    int
		rule   string
	}{
		{"a signature changed", func(b []*archive.Block) { b[3].Certificate.Slots[2].Sig[9] ^= 1 }, 4, -1, "CHAIN-10"},
		{"a vote taken away", func(b []*archive.Block) { b[3].Certificate.Slots[2] = chain.Slot{Flag: chain.Absent, Sig: []byte{}} }, 5, -1, "CHAIN-21"},
		{"two votes taken away", func(b []*archive.Block) {
			for i := range 2 {
				b[3].Certificate.Slots[i] = chain.Slot{Flag: chain.Absent, Sig: []byte{}}
			}
		}, 4, -1, "CHAIN-11"},
		{"another header", func(b []*archive.Block) { b[3].Header.AppHash[3] ^= 1 }, 4, -1, "CHAIN-8"},
		{"a set of one's own", func(b []*archive.Block) { b[3].Set = b[3].Set[:3] }, 4, -1, "AUD-3"},
		{"acts swapped", func(b []*archive.Block) { b[1].Acts[0], b[1].Acts[1] = b[1].Acts[1], b[1].Acts[0] }, 2, -1, "CHAIN-14"},
		{"an act left out", func(b []*archive.Block) { b[1].Acts, b[1].Receipts = b[1].Acts[:2], b[1].Receipts[:2] }, 2, -1, "CHAIN-14"},
		{"another receipt", func(b []*archive.Block) { b[1].Receipts[0] = b[1].Receipts[2] }, 2, 0, "AUD-9"},
		{"a receipt of noise", func(b []*archive.Block) { b[1].Receipts[1] = []byte("noise") }, 2, 1, "AUD-9"},
		{"a block left out", func(b []*archive.Block) { copy(b[3:], b[4:]) }, 5, -1, "AUD-2"},
		{"evidence added", func(b []*archive.Block) { b[3].Evidence = [][]byte{{1}} }, 4, -1, "CHAIN-23"},
	} {
		t.Run(f.why, func(t *testing.T) {
			copied := make([]*archive.Block, len(blocks))
			for i, b := range blocks {
				x := *b
				x.Acts, x.Receipts = slices.Clone(b.Acts), slices.Clone(b.Receipts)
				x.Certificate.Slots = slices.Clone(b.Certificate.Slots)
				for n := range x.Certificate.Slots {
					x.Certificate.Slots[n].Sig = slices.Clone(x.Certificate.Slots[n].Sig)
				}
				copied[i] = &x
			}
			f.change(copied)
			_, err := run(t, c, copied)
			var got *audit.Finding
			if !errors.As(err, &got) || got.Height != f.height || got.Act != f.act || got.Rule != f.rule {
				t.Errorf("found %v; want block %d, act %d, %s", err, f.height, f.act, f.rule)
			}
		})
	}
	t.Run("an act of another chain", func(t *testing.T) {
		raw, _ := stranger.Sign("eve", &tx.OriginAuthorise{Resource: leased, MaxLength: 24, AS: 1})
		c, err := mint.New(mint.Input(mint.Holder{Name: "ann"}))
		if err != nil {
			t.Fatal(err)
		}
		c.Rules = func(s tree.State, prev, now ledger.Header, _ []tx.Verified, evidence []ledger.Misbehaviour) (ledger.Result, error) {
			return ledger.Apply(s, prev, now, nil, evidence)
		}
		b, err := c.ExtendVerified(1, [][]byte{raw}, nil)
		if err != nil {
			t.Fatal(err)
		}
		b.Receipts = [][]byte{{}}
		_, err = run(t, c, []*archive.Block{b})
		var got *audit.Finding
		if !errors.As(err, &got) || got.Asked != "AUD-7" || got.Act != 0 || !got.Signed {
			t.Errorf("found %v, want act 0 by AUD-7, signed by the members", err)
		}
	})
}
