// Package tiny is a network small enough for a test: a genesis with a few
// accounts whose keys are known, and acts that always apply. Only tests import
// it.
package tiny

import (
	"crypto/ecdsa"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"ipledger/ledger/account"
	"ipledger/ledger/genesis"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// World is a genesis and the keys to its accounts.
type World struct {
	*genesis.Output
	Holders []Holder
	Voters  []Holder // the accounts of the members, as New was given them
}

// Holder is an account and its one key.
type Holder struct {
	ID  wire.Address
	Key *ecdsa.PrivateKey
}

// Block is held by holder 0, who lets Origin announce it.
const (
	Block  = "62.0.0.0/24"
	Origin = 3333
)

// New makes a test network of the members with these keys and n accounts, with
// a heartbeat in whole seconds. Acts cost nothing.
func New(members [][32]byte, n int, heartbeat uint64) (*World, error) {
	in := genesis.Input{ChainID: "tiny", Test: true, Holdings: &genesis.Holdings{
		Parameters: []genesis.Override{{Name: "heartbeat_seconds", Value: heartbeat}, {Name: genesis.Unmetered, Value: 1}, {Name: "upgrade_seconds"}},
	}}
	in.Members = genesis.Members{Time: uint64(time.Now().Unix()) - 1, Minimum: 1}
	for i, key := range members {
		in.Members.List = append(in.Members.List, genesis.Member{
			Operator: operator(i), Organisation: fmt.Sprintf("organisation %d", i),
			Jurisdiction: "NL", Hosting: "AS65550", PublicKey: hex.EncodeToString(key[:]), TitleKeys: []string{keyText(Key(operator(i)))},
		})
	}
	keys := make([]*ecdsa.PrivateKey, n)
	for i := range keys {
		keys[i] = Key(fmt.Sprintf("holder %d", i))
		in.Holdings.Accounts = append(in.Holdings.Accounts, genesis.Account{
			Name: fmt.Sprintf("holder %d", i), Jurisdiction: "NL",
			TitleKeys: []string{keyText(keys[i])},
		})
	}
	if n > 0 {
		first := &in.Holdings.Accounts[0]
		in.Stats = []genesis.Stats{{Name: "registry", Raw: []byte("ripencc|NL|ipv4|62.0.0.0|256|19970101|allocated|tiny\n")}}
		first.Blocks, first.Origins = []genesis.Holding{{Block: Block}}, []genesis.Origin{{Prefix: Block, AS: Origin}}
	}
	out, err := genesis.Build(in)
	if err != nil {
		return nil, err
	}
	w := &World{Output: out}
	for i, opened := range out.Accounts[:n] {
		w.Holders = append(w.Holders, Holder{ID: opened.ID, Key: keys[i]})
	}
	for i, opened := range out.Accounts[n:] {
		w.Voters = append(w.Voters, Holder{ID: opened.ID, Key: Key(operator(i))})
	}
	return w, nil
}

func operator(i int) string { return fmt.Sprintf("operator %d", i) }

func keyText(key *ecdsa.PrivateKey) string {
	return account.Key{Alg: account.Secp256k1, Addr: account.AddressOf(&key.PublicKey)}.String()
}

// Key is the key of a name: the same in every test.
func Key(name string) *ecdsa.PrivateKey {
	seed := wire.Sum(wire.TagRecord, []byte("tiny key of "), []byte(name))
	key, err := crypto.ToECDSA(seed[:])
	if err != nil {
		panic(err)
	}
	return key
}

// Open is an act in which holder i sponsors a new account of a name: it always
// applies. It is the number-th act of its lane and expires in an hour.
func (w *World) Open(i int, lane, number uint64, name string) []byte {
	return w.OpenUntil(i, lane, number, name, uint64(time.Now().Add(time.Hour).Unix()))
}

// OpenUntil is Open with an expiry of its own.
func (w *World) OpenUntil(i int, lane, number uint64, name string, expires uint64) []byte {
	key := Key(name)
	return w.Sign(i, tx.Header{Lane: lane, Number: number, Expires: expires}, &tx.OpenAccount{
		Name: name, Jurisdiction: "NL", TitleK: 1,
		TitleKeys: []account.Key{{Alg: account.Secp256k1, Addr: account.AddressOf(&key.PublicKey)}},
	})
}

// Bundle is acts that stand or fall together: of each of these holders in turn
// one that opens an account, the numbers of whose lane 0 begin with first.
func (w *World) Bundle(first uint64, holders ...int) [][]byte {
	var acts []*tx.Act
	number := map[int]uint64{}
	for _, i := range holders {
		name := fmt.Sprintf("bundled %d %d", i, first+number[i])
		key := Key(name)
		acts = append(acts, tx.New(tx.Header{
			Author: w.Holders[i].ID, Policy: 1, Number: first + number[i], Expires: uint64(time.Now().Add(time.Hour).Unix()),
		}, &tx.OpenAccount{
			Name: name, Jurisdiction: "NL", TitleK: 1,
			TitleKeys: []account.Key{{Alg: account.Secp256k1, Addr: account.AddressOf(&key.PublicKey)}},
		}))
		number[i]++
	}
	if err := tx.Bundle(acts, w.Hash); err != nil {
		panic(err)
	}
	var out [][]byte
	for n, a := range acts {
		out = append(out, w.Sign(holders[n], a.Header, a.Body))
	}
	return out
}

// Revoke takes holder i's key out of its account.
func (w *World) Revoke(i int) []byte {
	h := w.Holders[i]
	act := tx.New(tx.Header{Author: h.ID}, &tx.KeyRevoke{Key: []account.Key{{Alg: account.Secp256k1, Addr: account.AddressOf(&h.Key.PublicKey)}}})
	return w.signed(i, act)
}

// Sign makes an act of holder i under its first policy.
func (w *World) Sign(i int, h tx.Header, body tx.Body) []byte {
	h.Author, h.Policy = w.Holders[i].ID, 1
	return w.signed(i, tx.New(h, body))
}

// Vote makes an act of the account of member i under its first policy, for a
// version of the rules.
func (w *World) Vote(i int, number, rules uint64, body tx.Body) []byte {
	v := w.Voters[i]
	h := tx.Header{Author: v.ID, Policy: 1, Number: number, Rules: rules, Expires: uint64(time.Now().Add(time.Hour).Unix())}
	return w.signedBy(v.Key, tx.New(h, body))
}

// SignAs makes an act as it is, signed by holder i, whoever its author is.
func (w *World) SignAs(i int, act *tx.Act) []byte { return w.signed(i, act) }

func (w *World) signed(i int, act *tx.Act) []byte { return w.signedBy(w.Holders[i].Key, act) }

func (w *World) signedBy(key *ecdsa.PrivateKey, act *tx.Act) []byte {
	sig, err := account.Sign(act.ID(w.Hash), key)
	if err != nil {
		panic(err)
	}
	if err := act.Attach(sig, w.Hash); err != nil {
		panic(err)
	}
	return act.Encode()
}
