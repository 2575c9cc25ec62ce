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
	w.change("ana", func(a *account.Account) { a.Credit = account.Credit{At: w.last.Time + 1}; a.Delay = 1000 })
	before := *w.account("ana")
	v := w.revocation("ana", key)
	w.block(1, v)
	if w.result.Receipts[0].Outcome != ledger.Done {
		t.Fatalf("got %+v", w.result.Receipts[0])
	}
	a := w.account("ana")
	if len(a.Policy.TitleKeys) != 0 || a.Policy.TitleK != 1 || a.Policy.Version != 2 || a.Lanes != before.Lanes || a.Credit != (account.Credit{At: before.Credit.At + 60}) {
		t.Fatalf("got %+v", a)
	}
	w.inadmissible("REV-1", v) // again
	w.inadmissible("ADM-3", w.sign("ana", someAct()))
	if trial, err := ledger.Try(w.state, w.last, w.header(1), v, false); err != nil || trial.Refusal == nil || trial.Refusal.Rule != "REV-1" || trial.Cost != 2 {
		t.Fatalf("got %+v, %v", trial, err)
	}
}

// many is a world of accounts that hold a block each, and as many that hold none,
// each with the same number of keys.
func many(t *testing.T, accounts, keys int) *world {
	held := map[string][]string{"ana": {"60.0.0.0/16"}}
	names := []string{"ana"}
	for i := range accounts {
		holder, other := fmt.Sprintf("holder %d", i), fmt.Sprintf("other %d", i)
		held[holder] = []string{fmt.Sprintf("60.1.%d.0/24", i)}
		names = append(names, holder, other)
	}
	w := newWorld(t, names, held)
	for _, name := range names[1:] {
		w.change(name, func(a *account.Account) {
			a.Policy.RoutingKeys, a.Policy.RoutingK = keysOf(keysNamed(name, keys)...), 1
			a.Credit = account.Credit{At: w.last.Time + 3600} // it owes for an hour
		})
	}
	return w
}

func keysNamed(name string, n int) (out []string) {
	for k := range n {
		out = append(out, fmt.Sprintf("key %d of %s", k, name))
	}
	return out
}

// allRevoked is the revocations of all keys of the holders, or of the others.
func (w *world) allRevoked(sort string, accounts, keys int) (acts []tx.Verified) {
	for i := range accounts {
		name := fmt.Sprintf("%s %d", sort, i)
		for _, of := range keysNamed(name, keys) {
			_, key := identity(of)
			acts = append(acts, w.revocation(name, key))
		}
	}
	return acts
}

func TestRevokeMany_REV1(t *testing.T) {
	w := many(t, 17, 3)
	holders, others := w.allRevoked("holder", 17, 3), w.allRevoked("other", 17, 3)
	if _, err := ledger.Apply(w.state, w.last, w.header(1), holders, nil); err == nil {
		t.Fatal("51 revocations of holders that owe in one ledger block")
	}
	chosen, err := ledger.Propose(w.state, w.last, w.header(1), slices.Concat(others, holders))
	if err != nil || len(chosen) != 101 {
		t.Fatalf("proposed %d, %v", len(chosen), err)
	}
	w.block(1, slices.Concat(holders[:50], others)...)
	w.block(1, holders[50])
}

// TestAttack_REV1_places has accounts that hold nothing and owe, such as anyone can open
// by work with 32 keys, revoke all they can before one who holds numbers does, one who
// has credit, and one account that does neither.
func TestAttack_REV1_places(t *testing.T) {
	w := many(t, 130, 4)
	ana := w.revocation("ana", w.keys[who("ana")])
	w.change("ana", func(a *account.Account) { a.Credit = account.Credit{At: w.last.Time + 60} })
	w.change("other 129", func(a *account.Account) { a.Credit = account.Credit{Amount: 2, At: w.last.Time} })
	flood := w.allRevoked("other", 129, 4)
	paying := w.allRevoked("other", 130, 4)[516:517]
	chosen, err := ledger.Propose(w.state, w.last, w.header(1), slices.Concat(flood, paying, []tx.Verified{ana}))
	if err != nil || len(chosen) != 502 || chosen[500] != len(flood) || chosen[501] != len(flood)+1 {
		t.Fatalf("a payer's or a holder's revocation found no place behind %d others: %d, %v", len(flood), len(chosen), err)
	}
	w = many(t, 1, 16)
	own := w.allRevoked("holder", 1, 16)
	if chosen, err = ledger.Propose(w.state, w.last, w.header(1), own); err != nil || len(chosen) != 4 {
		t.Fatalf("%d places for one account's sixteen, want 4, %v", len(chosen), err)
	}
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

// Pools admit what can be owed for without touching lanes.
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
	if ledger.Cost(v) != 2 {
		t.Fatalf("it costs %d", ledger.Cost(v))
	}
	if err := check.Admit(w.revocation("ben", w.keys[who("ana")])); err == nil {
		t.Fatal("another's key was revoked")
	}
}
