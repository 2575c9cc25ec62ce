package engine

import (
	"bytes"
	"context"
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/mempool"
	"github.com/cometbft/cometbft/types"

	"ipledger/ledger/tx"
)

// asking is a pool that asks the application about each act, as the engine's does.
type asking struct {
	*removing
	app    *application
	taken  [][]byte
	before func() // the next act is asked about
}

func (p *asking) CheckTx(raw types.Tx, done func(*abci.ResponseCheckTx), _ mempool.TxInfo) error {
	if p.before != nil {
		p.before()
	}
	r, err := p.app.CheckTx(context.Background(), &abci.RequestCheckTx{Tx: raw})
	if err != nil {
		return err
	}
	if r.Code == codeTaken {
		p.taken = append(p.taken, raw)
	}
	done(r)
	return nil
}

// offering is a bench with an engine's door to its pool.
func offering(t *testing.T, holders int) (*bench, *asking, *Engine) {
	b := newBench(t, holders)
	p := &asking{removing: b.out, app: b.application}
	b.pool.Store(&pool{p})
	return b, p, &Engine{app: b.application}
}

func (b *bench) verified(raw [][]byte) (out []tx.Verified) {
	b.t.Helper()
	for _, r := range raw {
		v, err := b.acts.verify(r)
		if err != nil {
			b.t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

func (b *bench) want(what string, want Answer, got Answer, err error) {
	b.t.Helper()
	if got != want || (err == nil) != (want == Taken) {
		b.t.Fatalf("%s: got %v, %v, want %v", what, got, err, want)
	}
}

func TestOfferBundle_ENG5_ENG6(t *testing.T) {
	b, p, e := offering(t, 3)
	raw := b.world.Bundle(0, 0, 1, 0)
	acts := b.verified(raw)
	ahead := b.verified(b.world.Bundle(3, 0, 0))
	answer, err := e.Offer(acts[0])
	b.want("a part alone", Refused, answer, err)
	answer, err = e.OfferBundle(acts[:2])
	b.want("a part of a bundle", Refused, answer, err)
	answer, err = e.OfferBundle(ahead)
	b.want("before its turn", Later, answer, err)
	answer, err = e.OfferBundle(acts)
	b.want("the bundle", Taken, answer, err)
	answer, err = e.OfferBundle(acts)
	b.want("once more", Known, answer, err)
	if len(p.taken) != 3 || !bytes.Equal(p.taken[0], raw[0]) || !bytes.Equal(p.taken[2], raw[2]) {
		t.Fatalf("the pool has %d acts", len(p.taken))
	}
	if n, _ := e.Pool(); n != 3 {
		t.Fatalf("%d acts are counted", n)
	}
	if next, _ := e.Next(b.world.Holders[0].ID, 0); next != 2 {
		t.Fatalf("the lane awaits %d", next)
	}
	single := b.verified([][]byte{b.world.Open(0, 0, 2, "after it")})
	answer, err = e.Offer(single[0])
	b.want("an act after it", Taken, answer, err)
	answer, err = e.OfferBundle(ahead)
	b.want("its turn has come", Taken, answer, err)

	// Beside the acts that an account has in the pool there is room for sixteen;
	// for a bundle alone there always is.
	answer, err = e.OfferBundle(b.verified(b.world.Bundle(5, repeat(0, 12)...)))
	b.want("more than an account may have", Later, answer, err)
	answer, err = e.OfferBundle(b.verified(b.world.Bundle(1, repeat(1, 100)...)))
	b.want("a hundred beside one", Later, answer, err)
}

func TestOfferBundleAlone_ENG5(t *testing.T) {
	b, _, e := offering(t, 1)
	answer, err := e.OfferBundle(b.verified(b.world.Bundle(0, repeat(0, 100)...)))
	b.want("a hundred acts", Taken, answer, err)
}

func repeat(holder, n int) (out []int) {
	for range n {
		out = append(out, holder)
	}
	return out
}

// A block that takes a bundle, or makes an act of it inadmissible, takes all of
// it out of the pool.
func TestAdvanceBundle_ENG6(t *testing.T) {
	b, _, e := offering(t, 3)
	raw := b.world.Bundle(0, 0, 1)
	first := b.world.Open(0, 0, 2, "stays")
	answer, err := e.OfferBundle(b.verified(raw))
	b.want("the bundle", Taken, answer, err)
	next := b.world.Bundle(1, 0, 1)
	answer, err = e.OfferBundle(b.verified(next))
	b.want("another", Taken, answer, err)
	answer, err = e.Offer(b.verified([][]byte{first})[0])
	b.want("an act after it", Taken, answer, err)
	b.commit(raw...)
	if n, _ := e.Pool(); n != 3 {
		t.Fatalf("%d acts are left, want 3", n)
	}
	for _, r := range append(next, first) {
		b.stays(r)
	}
	other := b.verify(b.world.Open(1, 0, 1, "instead of the bundle's"))
	b.commit(other...) // from a peer's proposal
	b.left(next[0])
	b.left(next[1])
	b.left(first) // its number comes after the bundle's
	if n, bytes := e.Pool(); n != 0 || bytes != 0 {
		t.Fatalf("%d acts of %d bytes are left", n, bytes)
	}
}

// A block that comes while a bundle goes into the pool leaves none of it there.
func TestOfferBundleMeanwhile_ENG6(t *testing.T) {
	b, p, e := offering(t, 2)
	raw := b.world.Bundle(0, 0, 1)
	other := b.verify(b.world.Open(1, 0, 0, "instead of the bundle's"))
	p.before = func() {
		p.before = nil
		b.commit(other...)
	}
	answer, err := e.OfferBundle(b.verified(raw))
	b.want("a bundle that is late", Full, answer, err)
	b.left(raw[0])
	b.left(raw[1])
	if n, _ := e.Pool(); n != 0 {
		t.Fatalf("%d acts are left", n)
	}
}

// A proposal has bundles whole and side by side, whatever stands beside them.
func TestProposalBundle_ENG7(t *testing.T) {
	b := newBench(t, 4)
	one, two := b.world.Bundle(1, 0, 1, 0), b.world.Bundle(0, 2, 3)
	early := [][]byte{b.world.Open(0, 0, 0, "early 0"), b.world.Open(1, 0, 0, "early 1"), b.world.Open(1, 1, 0, "lane 1")}
	late := b.world.Open(0, 0, 3, "late")
	pool := b.verify(early[0], early[2], early[1], two[0], one[0], one[1], one[2], two[1], late)
	got := b.prepare(1<<20, pool...)
	if len(got) != len(pool) || !b.process(got...) {
		t.Fatalf("%d of %d acts are proposed, or the proposal is refused", len(got), len(pool))
	}
	if got := b.prepare(1<<20, one[0], one[2], early[0], early[1]); len(got) != 2 {
		t.Fatalf("a part of a bundle is proposed: %d acts", len(got))
	}
	size := int64(0)
	for n := range got {
		size += int64(len(got[n])) + 8
		cut := b.prepare(size, pool...)
		if !b.process(cut...) {
			t.Fatalf("within %d bytes: a proposal that is refused, of %d acts", size, len(cut))
		}
	}
	if b.process(early[0], early[1], one[0], one[1]) || !b.process(early[0], early[1], one[0], one[1], one[2]) {
		t.Fatal("a proposal with a part of a bundle is accepted, or one with the whole is not")
	}
}

// A revocation stays in the pool until a block has it.
func TestAdvanceRevocation_ENG6(t *testing.T) {
	b := newBench(t, 2)
	raw := b.verify(b.world.Revoke(0), b.world.Open(1, 0, 0, "a"))
	for _, r := range raw {
		if got := b.checkTx(r); got.Code != codeTaken {
			t.Fatalf("got %v", got)
		}
	}
	b.commit(raw[1])
	b.stays(raw[0])
	if got := b.prepare(1<<20, raw[0]); len(got) != 1 || !b.process(got...) {
		t.Fatal("a revocation is not proposed")
	}
	b.commit(raw[0])
	if got := b.checkTx(raw[0]); got.Code != codeRefused || got.Codespace != "REV-1" {
		t.Fatalf("got %v for a revocation that applied", got)
	}
}
