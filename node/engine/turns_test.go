package engine

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// TestInTurn_ENG17 fills pools at random, with bundles and without, and counts
// what stands before each act of an account that is in no bundle.
func TestInTurn_ENG17(t *testing.T) {
	b := newBench(t, 5)
	for seed := range uint64(50) {
		dice := rand.New(rand.NewPCG(seed, 0))
		next := make([]uint64, 5)
		var units []unit
		for len(units) < 40 {
			if dice.IntN(4) > 0 {
				i := dice.IntN(5)
				units = append(units, unit{acts: b.verified([][]byte{b.world.Open(i, 0, next[i], fmt.Sprintf("u %d %d", i, next[i]))})})
				next[i]++
				continue
			}
			holders := []int{dice.IntN(4), dice.IntN(4), dice.IntN(4)} // the last account is in no bundle
			first := max(next[holders[0]], next[holders[1]], next[holders[2]])
			units = append(units, unit{acts: b.verified(b.world.Bundle(first, holders...))})
			for _, i := range holders {
				next[i] = first + 3
			}
		}
		check(t, b.world.Holders[4].ID, inTurn(units))
	}
}

// check holds the order of proposed units to the bound, for an account that is in no bundle.
func check(t *testing.T, modest wire.Address, units []unit) {
	t.Helper()
	before := map[wire.Address]int{}
	last := map[wire.Address]uint64{}
	n, bundled := 0, 0
	for _, u := range units {
		bundled = max(bundled, len(u.acts)-1)
		for _, v := range u.acts {
			author, number := v.Author(), v.Header().Number
			if at, ok := last[author]; ok && number <= at {
				t.Fatalf("number %d of %v stands behind %d", number, author, at)
			}
			last[author] = number
			if author == modest {
				n++
				for other, acts := range before {
					if other != modest && acts > n+bundled {
						t.Fatalf("before act %d stand %d acts of %v", n, acts, other)
					}
				}
			}
			before[author]++
		}
	}
}

// TestProposalFlood_ENG17: who keeps as many acts in the pool as it may, sixteen or a
// bundle of a hundred, and fills it first, delays another's act by no more than one who
// has a single act. The act is in the next proposal, however few acts that takes.
func TestProposalFlood_ENG17(t *testing.T) {
	b := newBench(t, 3)
	var single, many [][]byte
	for number := range uint64(PoolAccountMax) {
		many = append(many, b.world.Open(0, 0, number, fmt.Sprintf("flood %d", number)))
	}
	single = many[:1]
	hundred := b.world.Bundle(0, repeat(0, tx.BundleMax)...)
	mine := b.verify(b.world.Open(1, 0, 0, "mine"), b.world.Open(1, 0, 1, "mine too"))
	for name, c := range map[string]struct {
		flood [][]byte
		at    []int // where mine stand
	}{
		"beside one act":       {single, []int{1, 2}},
		"beside sixteen":       {many, []int{1, 3}},
		"beside a bundle":      {hundred, []int{tx.BundleMax, tx.BundleMax + 1}},
		"beside nothing":       {nil, []int{0, 1}},
		"beside, and after it": {append(append([][]byte{}, many...), b.world.Open(2, 0, 0, "another's")), []int{2, 4}},
	} {
		pool := append(b.verify(append([][]byte{}, c.flood...)...), mine...)
		got := b.prepare(1<<20, pool...)
		if len(got) != len(pool) {
			t.Fatalf("%s: %d of %d acts are proposed", name, len(got), len(pool))
		}
		for i, raw := range mine {
			if string(got[c.at[i]]) != string(raw) {
				t.Errorf("%s: act %d is not at place %d", name, i, c.at[i])
			}
		}
	}
}

// TestBundleOrder_ENG17 reads the worked example of the chapter.
func TestBundleOrder_ENG17(t *testing.T) {
	b := newBench(t, 2)
	a0, a2, b2 := b.world.Open(0, 0, 0, "a0"), b.world.Open(0, 0, 2, "a2"), b.world.Open(1, 0, 2, "b2")
	b0 := b.world.Open(1, 0, 0, "b0")
	x := b.world.Bundle(1, 0, 1)
	pool := [][]byte{a0, b0, x[0], x[1], a2, b2}
	got := b.prepare(1<<20, b.verify(pool...)...)
	for i, raw := range pool {
		if len(got) != len(pool) || string(got[i]) != string(raw) {
			t.Fatalf("%d acts, or place %d holds another act", len(got), i)
		}
	}
}

// TestCheckTx_onlyTheAuthorsWait_ENG6: an act ahead of its turn that its author did not
// sign would keep the author's own out of the side buffer.
func TestCheckTx_onlyTheAuthorsWait_ENG6(t *testing.T) {
	b := newBench(t, 2)
	good := b.verify(b.world.Open(0, 0, 3, "later"))[0]
	if r := b.checkTx(good); r.Code != codeLater {
		t.Errorf("its author's: %v", r)
	}
	v, err := b.acts.verify(good)
	if err != nil {
		t.Fatal(err)
	}
	act := v.Act()
	act.Signatures = nil
	forged := b.verify(b.world.SignAs(1, &act))[0]
	if r := b.checkTx(forged); r.Code != codeRefused || r.Codespace != "ADM-3" {
		t.Errorf("signed by another: %v", r)
	}
	if err := b.overlay.willed(v); err != nil {
		t.Errorf("its author's act may wait: %v", err)
	}
	w, err := b.acts.verify(forged)
	if err != nil || b.overlay.willed(w) == nil {
		t.Errorf("an act that another signed may wait, or %v", err)
	}
}
