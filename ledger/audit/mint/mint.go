// Package mint makes chains for tests and measurements: blocks signed by members
// whose keys everybody knows, true to the rules or not.
//
// Only tests and benchmarks import it. What it makes is what a node would export,
// without an engine.
package mint

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
	"maps"

	"github.com/ethereum/go-ethereum/crypto"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/archive"
	"ipledger/ledger/chain"
	"ipledger/ledger/genesis"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// Start is the time of genesis.
const Start = 1_800_000_000

// Rules is how a chain is ruled: ledger.Apply, or a lie.
type Rules func(s tree.State, prev, now ledger.Header, acts []tx.Verified, evidence []ledger.Misbehaviour) (ledger.Result, error)

// Chain is a chain in the making.
type Chain struct {
	*genesis.Output
	Rules Rules
	// Lie, if not nil, changes the next header before it is signed.
	Lie func(*chain.Header)

	State    tree.State
	Frontier chain.Frontier
	Last     archive.Block // zero before the first
	Set      chain.ValidatorSet

	members map[[32]byte]ed25519.PrivateKey
	results wire.Hash
	lanes   map[wire.Address]uint64
}

// MemberKey is the key of the i-th member of every chain made here.
func MemberKey(i int) ed25519.PrivateKey {
	seed := wire.Sum(wire.TagRecord, fmt.Appendf(nil, "member %d", i))
	return ed25519.NewKeyFromSeed(seed[:])
}

// HolderKey is the key of the holder of a name.
func HolderKey(name string) *ecdsa.PrivateKey {
	seed := wire.Sum(wire.TagRecord, []byte("holder "), []byte(name))
	key, err := crypto.ToECDSA(seed[:])
	if err != nil {
		panic(err)
	}
	return key
}

// Holder is an account of a genesis and the blocks that it holds.
type Holder struct {
	Name   string
	Blocks []string
}

// Input is a genesis of four members in which holders hold blocks of 60.0.0.0/8.
// Acts cost nothing.
func Input(holders ...Holder) genesis.Input {
	in := genesis.Input{ChainID: "minted", Test: true, Members: genesis.Members{Time: Start}, Holdings: &genesis.Holdings{
		Parameters: []genesis.Override{{Name: genesis.Unmetered, Value: 1}, {Name: "delay_seconds", Value: 0}},
	}}
	in.Stats = []genesis.Stats{{Name: "list", Raw: []byte("apnic|JP|ipv4|60.0.0.0|16777216|20200101|allocated\n")}}
	for i := range 4 {
		in.Members.List = append(in.Members.List, genesis.Member{
			Operator: fmt.Sprintf("operator %d", i), Organisation: fmt.Sprintf("organisation %d", i), Jurisdiction: "NL",
			Hosting: fmt.Sprintf("AS6455%d", i), PublicKey: hex.EncodeToString(MemberKey(i).Public().(ed25519.PublicKey)),
		})
	}
	for _, h := range holders {
		a := genesis.Account{Name: h.Name, Jurisdiction: "NL", TitleKeys: []string{
			account.Key{Alg: account.Secp256k1, Addr: account.AddressOf(&HolderKey(h.Name).PublicKey)}.String(),
		}}
		for _, block := range h.Blocks {
			a.Blocks = append(a.Blocks, genesis.Holding{Block: block})
		}
		in.Holdings.Accounts = append(in.Holdings.Accounts, a)
	}
	return in
}

// New is a chain of a genesis of Input, before its first block.
func New(in genesis.Input) (*Chain, error) {
	out, err := genesis.Build(in)
	if err != nil {
		return nil, err
	}
	c := &Chain{
		Output: out, Rules: ledger.Apply, State: out.State, Set: out.Genesis.Validators(),
		members: map[[32]byte]ed25519.PrivateKey{}, results: chain.Root(nil), lanes: map[wire.Address]uint64{},
	}
	for i := range 2 * len(in.Members.List) { // the members, and who may become one
		key := MemberKey(i)
		c.members[[32]byte(key.Public().(ed25519.PublicKey))] = key
	}
	return c, nil
}

// Fork is a chain that goes on from where c is, apart from it.
func Fork(c *Chain) *Chain {
	out := *c
	out.lanes = maps.Clone(c.lanes)
	return &out
}

// ID is the account of a name in genesis.
func (c *Chain) ID(name string) wire.Address {
	for _, a := range c.Accounts {
		if a.Name == name {
			return a.ID
		}
	}
	panic("mint: no account of this name: " + name)
}

// Value is the dealing value of a title, as an offer names it.
func (c *Chain) Value(r wire.Resource) wire.Hash {
	leaf, _ := c.State.Get(tree.ResourceKey(r))
	f, err := record.FolioFromBytes(leaf.Data)
	if err != nil {
		panic(err)
	}
	return f.Dealing()
}

// Sign is the next act in lane 0 of an account of genesis, and its id. It may
// wait a year.
func (c *Chain) Sign(name string, body tx.Body) ([]byte, wire.Hash) {
	id := c.ID(name)
	raw, hash := c.SignBy(id, HolderKey(name), c.lanes[id], body)
	c.lanes[id]++
	return raw, hash
}

// SignBy is the act with a number in lane 0 of an account whose key is given.
func (c *Chain) SignBy(id wire.Address, key *ecdsa.PrivateKey, number uint64, body tx.Body) ([]byte, wire.Hash) {
	act := tx.New(tx.Header{Author: id, Policy: 1, Number: number, Expires: c.Now() + tx.LifeSecondsUsual, Rules: c.RulesNext()}, body)
	hash := act.ID(c.Hash)
	sig, err := account.Sign(hash, key)
	if err != nil {
		panic(err)
	}
	act.Signatures = []account.Signature{sig}
	return act.Encode(), hash
}

// Now is the time of the next block.
func (c *Chain) Now() uint64 { return c.nextTime().Seconds }

func (c *Chain) nextTime() chain.Time {
	if c.Last.Header.Height == 0 {
		return chain.Time{Seconds: c.Genesis.Time}
	}
	return c.Last.Certificate.MedianTime(c.Last.Set)
}
