package engine

import (
	"fmt"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/types"

	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// take hands in the first acts of each holder, so many of each.
func (b *bench) take(holders, each int) (raw [][][]byte) {
	b.t.Helper()
	for i := range holders {
		raw = append(raw, nil)
		for number := range uint64(each) {
			act := b.verify(b.world.Open(i, 0, number, fmt.Sprintf("a %d %d", i, number)))[0]
			if r := b.checkTx(act); r.Code != codeTaken {
				b.t.Fatalf("act %d of holder %d: %v", number, i, r)
			}
			raw[i] = append(raw[i], act)
		}
	}
	return raw
}

// commit makes a block of these acts.
func (b *bench) commit(raw ...[]byte) {
	b.t.Helper()
	now, _ := b.views.last()
	_, err := b.FinalizeBlock(b.t.Context(), &abci.RequestFinalizeBlock{Height: int64(now.Head.Height) + 1, Time: time.Now(), Txs: raw, Hash: make([]byte, 32)})
	if err == nil {
		_, err = b.Commit(b.t.Context(), &abci.RequestCommit{})
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

// advance makes a block that changes the state by hand.
func (b *bench) advance(at uint64, change func(*tree.Editor)) {
	b.t.Helper()
	now, _ := b.views.last()
	e := now.State.Edit()
	change(e)
	head := now.Head
	head.Height, head.Time = head.Height+1, at
	changes := e.Changes()
	other := b.acts.young[string(b.verify(b.world.Open(0, 7, 0, "of no interest"))[0])]
	block := Block{Head: head, State: e.Freeze(), Changes: changes}
	block.Acts = append(block.Acts, other) // of an author without acts in the pool
	if err := b.overlay.advance(block, nil); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) left(raw []byte) { b.t.Helper(); b.expect(raw, true) }

func (b *bench) stays(raw []byte) { b.t.Helper(); b.expect(raw, false) }

func (b *bench) expect(raw []byte, gone bool) {
	b.t.Helper()
	if b.out.gone[types.Tx(raw).Key()] != gone {
		b.t.Errorf("act %x…: taken out of the pool: %t, want %t", raw[:8], !gone, gone)
	}
}

// TestAdvance_ENG5_ENG6 makes blocks under a pool: what a block took leaves it,
// the rest stays and keeps its place, whether it was looked at again or not.
func TestAdvance_ENG5_ENG6(t *testing.T) {
	b := newBench(t, 3)
	raw := b.take(3, 3)
	b.commit(raw[0][0], raw[0][1], raw[1][0]) // which the engine takes out itself
	for _, act := range [][]byte{raw[0][2], raw[1][1], raw[1][2], raw[2][0], raw[2][1], raw[2][2]} {
		b.stays(act)
	}
	if acts := b.overlay.acts.Load(); acts != 6 {
		t.Errorf("%d acts in the pool, want 6", acts)
	}
	for i := range 3 { // the next number of each is still 3
		if next, _ := b.overlay.next(b.world.Holders[i].ID, 0); next != 3 {
			t.Errorf("holder %d: next is %d, want 3", i, next)
		}
		gap := b.verify(b.world.Open(i, 0, 4, "after a gap"))[0]
		if r := b.checkTx(gap); r.Code != codeLater || r.Codespace != "ENG-6" {
			t.Errorf("holder %d: an act after a gap: %v", i, r)
		}
		if r := b.checkTx(raw[i][2]); r.Code != codeKnown {
			t.Errorf("holder %d: what the pool holds: %v", i, r)
		}
	}
	if r := b.checkTx(raw[0][0]); r.Code != codeRefused || r.Codespace != "ADM-4" {
		t.Errorf("what is final: %v", r)
	}
	b.commit() // nothing is taken for granted, and nothing has changed
	if acts := b.overlay.acts.Load(); acts != 6 {
		t.Errorf("%d acts in the pool after an empty block, want 6", acts)
	}
	b.commit(raw[0][2], raw[1][1], raw[1][2], raw[2][0], raw[2][1], raw[2][2])
	if acts, bytes := b.overlay.acts.Load(), b.overlay.bytes.Load(); acts != 0 || bytes != 0 || len(b.overlay.queues) > 0 {
		t.Errorf("%d acts of %d bytes, %d queues: want none", acts, bytes, len(b.overlay.queues))
	}
}

// TestAdvanceDrops_ENG6 changes under the pool what makes its acts admissible.
func TestAdvanceDrops_ENG6(t *testing.T) {
	for name, change := range map[string]func(b *bench, e *tree.Editor){
		"the author's policy": func(b *bench, e *tree.Editor) {
			leaf, _ := e.Get(tree.AccountKey(b.world.Holders[1].ID))
			a, err := account.FromBytes(leaf.Data)
			if err != nil {
				b.t.Fatal(err)
			}
			a.Policy.Version++
			e.Put(record.Leaf(tree.AccountKey(b.world.Holders[1].ID), a.Bytes()))
		},
		"the parameters": func(b *bench, e *tree.Editor) {
			leaf, _ := e.Get(record.ParametersKey)
			p, err := record.ParametersFromBytes(leaf.Data)
			if err != nil {
				b.t.Fatal(err)
			}
			p.CreditUnmetered, p.CreditCap, p.CreditRefill = false, 1, 0 // an opening costs more
			e.Put(record.Leaf(record.ParametersKey, wire.Encode(p)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, 3)
			raw := b.take(3, 1)
			b.advance(uint64(time.Now().Unix()), func(e *tree.Editor) { change(b, e) })
			b.left(raw[1][0])
			if name == "the author's policy" {
				b.stays(raw[2][0])
			}
		})
	}
}

// TestAdvanceExpires_ENG6 lets an act's time pass while its author does nothing.
func TestAdvanceExpires_ENG6(t *testing.T) {
	b := newBench(t, 3)
	now := uint64(time.Now().Unix())
	short := b.verify(b.world.OpenUntil(1, 0, 0, "soon over", now+600))[0]
	long := b.verify(b.world.OpenUntil(2, 0, 0, "not yet", now+6000))[0]
	for _, act := range [][]byte{short, long} {
		if r := b.checkTx(act); r.Code != codeTaken {
			t.Fatal(r)
		}
	}
	b.advance(now+599, func(*tree.Editor) {})
	b.stays(short)
	b.advance(now+600, func(*tree.Editor) {})
	b.left(short)
	b.stays(long)
}

// TestCheckTx_ENG9 does not let in again an act that was set aside.
func TestCheckTx_ENG9(t *testing.T) {
	b := newBench(t, 2)
	raw := b.take(2, 1)
	b.rules = poisoned{lane: 0, propose: true}
	b.prepare(1<<20, raw[0][0])
	b.rules = law{}
	b.commit(raw[1][0])
	b.left(raw[0][0])
	if r := b.checkTx(raw[0][0]); r.Code != codeRefused || r.Codespace != "ENG-9" {
		t.Errorf("an act that was set aside: %v", r)
	}
}

// Openings whose sponsors hold no numbers wait for a place among them, and are not
// refused: the next block has more (ADM-13).
func TestCheckTx_ENG6_ADM13(t *testing.T) {
	b := newBench(t, 4) // the first holds numbers
	now := uint64(time.Now().Unix())
	b.advance(now, func(e *tree.Editor) {
		leaf, _ := e.Get(record.ParametersKey)
		p, err := record.ParametersFromBytes(leaf.Data)
		if err != nil {
			t.Fatal(err)
		}
		p.CreditUnmetered, p.WorkOpensMax = false, 2
		e.Put(record.Leaf(record.ParametersKey, wire.Encode(p)))
	})
	var raw [][]byte
	for i := range 3 {
		raw = append(raw, b.verify(b.world.Open(1+i, 0, 0, fmt.Sprintf("puppet %d", i)))[0])
	}
	for i, want := range []uint32{codeTaken, codeTaken, codeLater} {
		if r := b.checkTx(raw[i]); r.Code != want || want == codeLater && r.Codespace != "ADM-13" {
			t.Fatalf("act %d: %v", i, r)
		}
	}
	b.commit(raw[:2]...)
	if r := b.checkTx(raw[2]); r.Code != codeTaken {
		t.Fatalf("in the next block: %v", r)
	}
}
