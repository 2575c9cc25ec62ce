package ledger_test

import (
	"crypto/ecdsa"
	"fmt"
	"slices"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/tx"
)

// revocation is the act by which a key takes itself out of an account.
func (w *world) revocation(name string, key *ecdsa.PrivateKey) tx.Verified {
	return w.signWith(tx.Header{Author: who(name), Rules: 1}, &tx.KeyRevoke{Key: []account.Key{keyOf(key)}}, key)
}

// signBy signs by the keys of made-up holders.
func (w *world) signBy(h tx.Header, body tx.Body, names ...string) tx.Verified {
	var keys []*ecdsa.PrivateKey
	for _, k := range keysOf(names...) {
		for _, name := range names {
			if _, key := identity(name); keyOf(key) == k {
				keys = append(keys, key)
			}
		}
	}
	return w.signWith(h, body, keys...)
}

func TestRevoke_REV1_R12(t *testing.T) {
	w := two(t)
	key := w.keys[who("ana")]
	w.inadmissible("REV-1", w.revocation("ben", key))
	w.inadmissible("ADM-1", w.revocation("nobody", key))
	w.change("ana", func(a *account.Account) { a.Credit = account.Credit{}; a.Delay = 1000 })
	before := *w.account("ana")
	v := w.revocation("ana", key)
	w.block(1, v)
	if w.result.Receipts[0].Outcome != ledger.Done {
		t.Fatalf("got %+v", w.result.Receipts[0])
	}
	a := w.account("ana")
	if len(a.Policy.TitleKeys) != 0 || a.Policy.TitleK != 1 || a.Policy.Version != 2 || a.Lanes != before.Lanes || a.Credit != before.Credit {
		t.Fatalf("got %+v", a)
	}
	w.inadmissible("REV-1", v) // again
	w.inadmissible("ADM-3", w.sign("ana", someAct()))
	if trial, err := ledger.Try(w.state, w.last, w.header(1), v, false); err != nil || trial.Refusal == nil || trial.Refusal.Rule != "REV-1" || trial.Cost != 0 {
		t.Fatalf("got %+v, %v", trial, err)
	}
}

func TestRevokeMany_REV1(t *testing.T) {
	w := two(t)
	var acts []tx.Verified
	for i := range 51 {
		name := []string{"ana", "ben", "cat", "dan"}[i/16]
		of := fmt.Sprintf("key %d", i)
		w.change(name, func(a *account.Account) {
			if i%16 == 0 {
				a.Policy.RoutingKeys, a.Policy.RoutingK = nil, 1
			}
			var names []string
			for j := i / 16 * 16; j <= i; j++ {
				names = append(names, fmt.Sprintf("key %d", j))
			}
			a.Policy.RoutingKeys = keysOf(names...)
		})
		_, key := identity(of)
		acts = append(acts, w.revocation(name, key))
	}
	if _, err := ledger.Apply(w.state, w.last, w.header(1), acts, false); err == nil {
		t.Fatal("51 revocations in one ledger block")
	}
	chosen, err := ledger.Propose(w.state, w.last, w.header(1), acts)
	if err != nil || len(chosen) != 50 {
		t.Fatalf("proposed %d, %v", len(chosen), err)
	}
	w.block(1, acts[:50]...)
	w.block(1, acts[50])
}

func TestRevoke_REV2_ACC9(t *testing.T) {
	w := two(t)
	w.change("ana", func(a *account.Account) {
		a.Policy = account.Policy{Version: 1, TitleKeys: keysOf("k1", "k2", "k3"), TitleK: 2, RoutingKeys: keysOf("k1"), RoutingK: 1}
		a.Delay = 1000
	})
	header := func(version uint64) tx.Header {
		return tx.Header{Author: who("ana"), Policy: version, Number: w.account("ana").Lanes[0], Expires: w.last.Time + 60, Rules: 1}
	}
	w.block(1, w.signBy(header(1), &tx.SetPolicy{TitleKeys: keysOf("k1", "k4"), TitleK: 1}, "k2", "k3"))
	waits := w.last.Time + 1000
	_, k1 := identity("k1")
	w.block(1, w.revocation("ana", k1))
	a := w.account("ana")
	if !slices.Equal(a.Policy.TitleKeys, keysOf("k2", "k3")) || a.Policy.TitleK != 2 || len(a.Policy.RoutingKeys) != 0 || a.Policy.RoutingK != 1 || a.Policy.Version != 2 {
		t.Fatalf("got %+v", a.Policy)
	}
	_, k2 := identity("k2")
	w.inadmissible("ADM-2", w.signBy(header(1), someAct(), "k2", "k3"))
	w.block(1, w.signBy(header(2), someAct(), "k2", "k3"))
	w.block(1, w.revocation("ana", k2))
	w.inadmissible("ADM-3", w.signBy(header(3), someAct(), "k3")) // one key never does what two were needed for
	w.inadmissible("ADM-3", w.signBy(header(3), &tx.RecoveryVeto{}, "k3"))
	w.until(waits)
	if a := w.account("ana"); !slices.Equal(a.Policy.TitleKeys, keysOf("k4")) || a.Policy.Version != 4 {
		t.Fatalf("the policy that waited: %+v", a.Policy)
	}
}

func TestRevokedKey_REV3(t *testing.T) {
	w := two(t)
	w.do("ana", &tx.SetPolicy{TitleKeys: keysOf("k1", "k2"), TitleK: 1, RoutingKeys: keysOf("k3"), RoutingK: 1})
	_, k1 := identity("k1")
	w.block(1, w.revocation("ana", k1))
	w.takes("ana", "k2")
	w.refused("REV-3", "ana", &tx.SetPolicy{TitleKeys: keysOf("k1"), TitleK: 1})
	w.refused("REV-3", "ana", &tx.SetPolicy{TitleKeys: keysOf("k2"), TitleK: 1, RoutingKeys: keysOf("k1"), RoutingK: 1})
	w.do("ana", &tx.SetPolicy{TitleKeys: keysOf("k2", "k4"), TitleK: 1})
	w.do("ben", &tx.SetPolicy{TitleKeys: keysOf("k1"), TitleK: 1}) // in another account it is a key like any
	w.do("ana", &tx.SetGuardians{Guardians: accounts("cat"), Threshold: 1})
	w.refused("REV-3", "cat", newKey("k1"))
}

// A key that is lost, not stolen: guardians replace it, nobody objects.
func TestLostKey_RCV3(t *testing.T) {
	w, _ := running(t)
	w.until(w.recovery("ana").At)
	w.takes("ana", "new")
	w.do("ana", &tx.Split{Resource: resource("60.0.0.0/16"), Part: resource("60.0.0.0/17")})
}

// Pools admit what costs nothing without touching lanes or credit.
func TestCheckAdmit_REV1(t *testing.T) {
	w := two(t)
	check, err := ledger.NewCheck(w.state, w.last)
	if err != nil {
		t.Fatal(err)
	}
	v := w.revocation("ana", w.keys[who("ana")])
	if err := check.Admit(v); err != nil {
		t.Fatal(err)
	}
	if next, ok := check.Next(who("ana"), 0); !ok || next != 0 {
		t.Fatalf("a revocation took number %d", next)
	}
	if ledger.Cost(v) != 0 {
		t.Fatalf("it costs %d", ledger.Cost(v))
	}
	if err := check.Admit(w.revocation("ben", w.keys[who("ana")])); err == nil {
		t.Fatal("another's key was revoked")
	}
}
