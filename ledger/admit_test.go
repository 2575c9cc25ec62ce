package ledger_test

import (
	"crypto/ecdsa"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func two(t testing.TB) *world {
	return newWorld(t, []string{"ana", "ben", "cat", "dan"}, map[string][]string{
		"ana": {"60.0.0.0/16", "2400:1000::/32", "AS2000-AS2015"}, "ben": {"61.0.0.0/20"},
	})
}

// header of a good act by ana, to be spoiled.
func good(w *world) tx.Header {
	return tx.Header{Author: who("ana"), Policy: 1, Number: w.lanes[who("ana")], Expires: w.last.Time + 600, Rules: 1}
}

func someAct() tx.Body {
	return &tx.OriginAuthorise{Resource: resource("60.0.0.0/16"), MaxLength: 16, AS: 2000}
}

func TestApply_ADM1(t *testing.T) {
	w := two(t)
	h := good(w)
	h.Author = wire.Address{1, 2, 3}
	w.inadmissible("ADM-1", w.signWith(h, someAct(), w.keys[who("ana")]))
}

func TestApply_ADM2(t *testing.T) {
	w := two(t)
	h := good(w)
	h.Policy = 2
	w.inadmissible("ADM-2", w.signWith(h, someAct(), w.keys[who("ana")]))
}

func TestApply_ADM3_R10(t *testing.T) {
	w := two(t)
	keys := w.keys
	w.inadmissible("ADM-3", w.signWith(good(w), someAct(), keys[who("ben")]))
	w.inadmissible("ADM-3", w.signWith(good(w), someAct(), ordered(keys[who("ana")], keys[who("ben")])...))
	h := good(w)
	h.Lane = 8 // ana has no routing keys
	w.inadmissible("ADM-3", w.signWith(h, someAct(), keys[who("ana")]))
}

func ordered(a, b *ecdsa.PrivateKey) []*ecdsa.PrivateKey {
	if keyOf(a).Addr.String() < keyOf(b).Addr.String() {
		return []*ecdsa.PrivateKey{a, b}
	}
	return []*ecdsa.PrivateKey{b, a}
}

func TestApply_ADM4_R12(t *testing.T) {
	w := two(t)
	h := good(w)
	h.Number = 1
	w.inadmissible("ADM-4", w.signWith(h, someAct(), w.keys[who("ana")]))
	v := w.sign("ana", someAct())
	w.block(1, v)
	w.inadmissible("ADM-4", v) // again
}

func TestApply_ADM5(t *testing.T) {
	w := two(t)
	for name, expires := range map[string]uint64{"now": w.last.Time + 1, "past": w.last.Time, "far": w.last.Time + 1 + 30*24*3600 + 1} {
		h := good(w)
		h.Expires = expires
		t.Run(name, func(t *testing.T) { w.inadmissible("ADM-5", w.signWith(h, someAct(), w.keys[who("ana")])) })
	}
}

func TestApply_ADM6_CRED2(t *testing.T) {
	w := two(t)
	a := w.account("dan")
	a.Credit = account.Credit{Amount: 3, At: start}
	a.Lanes[0] = 0
	e := w.state.Edit()
	e.Put(record.Leaf(tree.AccountKey(who("dan")), a.Bytes()))
	params := parameters(t, w.state)
	params.CreditCap = 3
	e.Put(record.Leaf(record.ParametersKey, wire.Encode(params)))
	w.state = e.Freeze()
	w.refused("ORIGIN-2", "dan", someAct()) // 1 credit
	if got := w.account("dan").Credit.Amount; got != 2 {
		t.Fatalf("credit is %d, want 2", got)
	}
	w.refused("TITLE-2", "dan", &tx.Split{Resource: resource("60.0.0.0/16"), Part: resource("60.0.0.0/17")}) // 2 credits
	w.inadmissible("ADM-6", w.sign("dan", someAct()))
	w.lanes[who("dan")]--
	w.block(120) // two minutes refill two
	w.refused("ORIGIN-2", "dan", someAct())
}

func parameters(t testing.TB, s tree.State) *record.Parameters {
	p, err := ledger.Parameters(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestApply_ADM10(t *testing.T) {
	w := two(t)
	h := good(w)
	h.Bundle, h.Count = wire.Hash{1}, 2
	w.inadmissible("ADM-10", w.signWith(h, someAct(), w.keys[who("ana")]))
}

func TestApply_ADM7(t *testing.T) {
	w := two(t)
	var acts []tx.Verified
	for range ledger.BlockActsMax + 1 {
		acts = append(acts, w.sign("ana", &tx.OriginWithdraw{Resource: resource("60.0.0.0/16"), MaxLength: 16, AS: 1}))
	}
	_, err := ledger.Apply(w.state, w.last, w.header(1), acts, nil)
	if err == nil {
		t.Fatal("a ledger block of 5,001 acts was applied")
	}
	chosen, err := ledger.Propose(w.state, w.last, w.header(1), acts)
	if err != nil || len(chosen) != ledger.BlockActsMax {
		t.Fatalf("proposed %d acts (%v), want %d", len(chosen), err, ledger.BlockActsMax)
	}
}

func openBody(w *world, name string) *tx.OpenAccount {
	_, key := identity(name)
	w.keys[who(name)] = key
	return &tx.OpenAccount{Name: name, Jurisdiction: "JP", TitleKeys: []account.Key{keyOf(key)}, TitleK: 1}
}

func TestApply_ACC3(t *testing.T) {
	w := two(t)
	id := w.do("ana", openBody(w, "eve"))
	leaf, ok := w.state.Get(tree.AccountKey(ledger.AccountID(id)))
	if !ok {
		t.Fatal("the account is not there")
	}
	if a, err := account.FromBytes(leaf.Data); err != nil || a.Name != "eve" || a.Policy.Version != 1 {
		t.Fatalf("got %+v, %v", a, err)
	}
}

// work finds a nonce for an opening over the given header.
func (w *world) work(name string, over wire.Hash, bits uint64) tx.Verified {
	body := openBody(w, name)
	body.Work = over
	h := tx.Header{Expires: w.last.Time + 600, Rules: 1}
	for {
		body.Nonce++
		act := &tx.Act{Header: h, Body: body}
		if got := tx.WorkBits(act.ID(w.salt), over); got >= bits && got < bits+8 {
			return w.signWith(h, body, w.keys[who(name)])
		}
	}
}

func TestApply_ADM9(t *testing.T) {
	w := two(t)
	w.do("ana", someAct())
	bearing := w.last.Hash
	v := w.work("eve", bearing, 8)
	w.inadmissible("ADM-9", w.work("eve", wire.Hash{9}, 8)) // no such header
	low := w.work("eve", bearing, 0)
	if tx.WorkBits(low.ID(), bearing) < 8 {
		w.inadmissible("ADM-9", low)
	}
	w.block(1, v)
	w.inadmissible("ADM-9", v) // the account is open (R12)
	for range record.RingSize {
		w.do("ana", &tx.OriginWithdraw{Resource: resource("60.0.0.0/16"), MaxLength: 16, AS: 2000})
		w.do("ana", someAct())
	}
	w.inadmissible("ADM-9", w.work("fay", bearing, 8)) // too long ago
	var many []tx.Verified
	for i := range 51 {
		many = append(many, w.work(string(rune('A'+i)), w.last.Hash, 8))
	}
	w.block(1, many[:50]...)
	_, err := ledger.Apply(w.state, w.last, w.header(1), many, nil)
	if err == nil {
		t.Fatal("51 openings by work in one ledger block")
	}
}

func TestApply_POL1_DUE6(t *testing.T) {
	w := two(t)
	_, fresh := identity("ana's next key")
	body := &tx.SetPolicy{TitleKeys: []account.Key{keyOf(fresh)}, TitleK: 1}
	w.do("ben", body) // no delay: at once
	if w.account("ben").Policy.Version != 2 {
		t.Fatal("the policy did not take effect at once")
	}
	w.inadmissible("ADM-2", w.signWith(tx.Header{Author: who("ben"), Policy: 1, Number: 1, Expires: w.last.Time + 60, Rules: 1}, someAct(), w.keys[who("ben")]))

	a := w.account("ana")
	a.Delay = 1000
	e := w.state.Edit()
	e.Put(record.Leaf(tree.AccountKey(who("ana")), a.Bytes()))
	w.state = e.Freeze()
	w.do("ana", body)
	w.do("ana", body) // replaces the first
	if p := w.account("ana").Policy; p.Version != 1 {
		t.Fatal("the policy did not wait")
	}
	w.block(5000) // a halt of 5000 s, of which 4400 beyond 600: the window extends
	if w.account("ana").Policy.Version != 1 {
		t.Fatal("a halted chain ate the window")
	}
	for range 10 {
		w.block(500)
	}
	if p := w.account("ana").Policy; p.Version != 2 || p.TitleKeys[0] != keyOf(fresh) {
		t.Fatalf("the policy did not take effect: %+v", p)
	}
}
