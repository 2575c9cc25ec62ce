package ledger_test

import (
	"errors"
	"fmt"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// thrifty is a world with the credit of genesis, in which ann holds numbers and bob
// does not.
func thrifty(t *testing.T, places uint64) *world {
	w := newWorld(t, []string{"ann", "bob", "cid"}, map[string][]string{"ann": {"16.0.0.0/8"}})
	p := parameters(t, w.state)
	p.CreditCap, p.WorkOpensMax = 100, places
	w.set(record.ParametersKey, wire.Encode(p))
	w.block(1)
	return w
}

// Accounts that open accounts make no credit: what there is of it in all falls with
// each opening, however long the line of sponsors is.
func TestAttack_CRED5_pump(t *testing.T) {
	w := thrifty(t, 1000)
	w.change("bob", func(a *account.Account) { a.Credit = account.Credit{Amount: 100, At: w.last.Time} })
	type one struct {
		name   string
		id     wire.Address
		number uint64
	}
	line, opened := []one{{"bob", who("bob"), 0}}, 0
	for len(line) > 0 && opened < 50 {
		from := line[0]
		name := fmt.Sprintf("puppet %d", opened)
		h := tx.Header{Author: from.id, Policy: 1, Number: from.number, Expires: w.last.Time + 900, Rules: 1}
		v := w.signWith(h, openBody(w, name), w.keys[who(from.name)])
		chosen, err := ledger.Propose(w.state, w.last, w.header(1), []tx.Verified{v})
		if err != nil {
			t.Fatal(err)
		}
		if len(chosen) == 0 { // it has no credit left
			line = line[1:]
			continue
		}
		w.block(1, v)
		line[0].number++
		line = append(line, one{name, ledger.AccountID(v.ID()), 0})
		opened++
	}
	if opened != 5 {
		t.Fatalf("a hundred of credit opened %d accounts, one after the other", opened)
	}
}

// Of openings whose sponsors hold nothing a ledger block takes as many as of openings by
// work; those of holders are not counted with them.
func TestAttack_ADM13_places(t *testing.T) {
	w := thrifty(t, 2)
	w.block(6000)
	open := func(sponsor, name string) tx.Verified { return w.sign(sponsor, openBody(w, name)) }
	acts := []tx.Verified{open("bob", "p0"), open("cid", "p1"), open("ann", "p2"), open("ann", "p3"), open("bob", "p4"), open("ann", "p5")}
	if _, err := ledger.Apply(w.state, w.last, w.header(1), acts, nil); !refusedBy(err, "ADM-13") {
		t.Fatalf("got %v", err)
	}
	chosen, err := ledger.Propose(w.state, w.last, w.header(1), acts)
	if err != nil || fmt.Sprint(chosen) != "[0 1 2 3 5]" {
		t.Fatalf("proposed are %v, %v", chosen, err)
	}
	check, err := ledger.NewCheck(w.state, w.header(1))
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range acts {
		if err := check.Admit(v); (i == 4) != refusedBy(err, "ADM-13") {
			t.Fatalf("the pool says of act %d: %v", i, err)
		}
	}
	p := parameters(t, w.state)
	p.CreditUnmetered = true
	w.set(record.ParametersKey, wire.Encode(p))
	w.block(1, acts...)
}

func refusedBy(err error, rule string) bool {
	var got *tx.RuleError
	return errors.As(err, &got) && got.Rule == rule
}
