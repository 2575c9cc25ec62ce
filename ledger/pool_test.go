package ledger_test

import (
	"slices"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// TestCheck_ADM4_goes_on_from_block_to_block admits acts of two accounts, applies
// a block with one of them, and finds that only its author is to be looked at anew.
func TestCheck_ADM4_goes_on_from_block_to_block(t *testing.T) {
	w := two(t)
	c, err := ledger.NewCheck(w.state, w.last)
	if err != nil {
		t.Fatal(err)
	}
	root := w.state.Root()
	ana, second, ben := w.sign("ana", someAct()), w.sign("ana", someAct()), w.sign("ben", someAct())
	admit := func(want bool, acts ...int) {
		t.Helper()
		for _, i := range acts {
			v := ana
			if i == 1 {
				v = second
			} else if i == 2 {
				v = ben
			}
			if err := c.Admit(v); (err == nil) != want {
				t.Fatalf("act %d: admitted %v, want %v: %v", i, err == nil, want, err)
			}
		}
	}
	admit(true, 0, 1, 2)
	r := w.block(1, ana)
	authors, err := c.Advance(w.state, w.last, r.Changes)
	if err != nil || !slices.Equal(authors, []wire.Address{who("ana")}) {
		t.Fatalf("the block changed %v, %v; want ana alone", authors, err)
	}
	for name, want := range map[string]uint64{"ana": 1, "ben": 1} {
		if next, ok := c.Next(who(name), 0); !ok || next != want {
			t.Fatalf("%s is at %d %v, want %d", name, next, ok, want)
		}
	}
	admit(false, 0) // it is in the block
	admit(true, 1)  // it is the pool's still
	admit(false, 2) // what it took is not forgotten
	c.Forget(who("ben"))
	admit(true, 2)
	if root == w.state.Root() {
		t.Fatal("the block changed nothing")
	}
}

// TestCheck_ADM6_looks_at_everyone_when_the_parameters_change forgets what was
// taken by the old tariff.
func TestCheck_ADM6_looks_at_everyone_when_the_parameters_change(t *testing.T) {
	w := two(t)
	c, err := ledger.NewCheck(w.state, w.last)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"ana", "ben"} {
		if err := c.Admit(w.sign(name, someAct())); err != nil {
			t.Fatal(err)
		}
	}
	e := w.state.Edit()
	p, err := ledger.Parameters(w.state)
	if err != nil {
		t.Fatal(err)
	}
	p.CreditCap++
	e.Put(record.Leaf(record.ParametersKey, wire.Encode(p)))
	changes := e.Changes()
	authors, err := c.Advance(e.Freeze(), w.last, changes)
	if want := []wire.Address{who("ana"), who("ben")}; err != nil || len(authors) != 2 || !slices.Contains(authors, want[0]) || !slices.Contains(authors, want[1]) {
		t.Fatalf("got %v, %v; want everyone", authors, err)
	}
	if next, ok := c.Next(who("ana"), 0); !ok || next != 0 {
		t.Fatalf("ana is at %d %v, want 0", next, ok)
	}
	if _, err := c.Advance(tree.State{}, w.last, nil); err == nil {
		t.Fatal("a state without parameters was taken")
	}
	if _, ok := c.Next(who("ben"), 0); !ok {
		t.Fatal("the Check is not as it was before the error")
	}
}
