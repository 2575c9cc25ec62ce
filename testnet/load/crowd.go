package main

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

// crowdMax is the accounts of the benchmark's genesis, as many as a holdings
// file may have. Each holds a /24 of one registry's block.
const (
	crowdMax  = 10_000
	crowdRows = "2|ripencc|20260101|1|20100101|20260101|+0000\n" +
		"ripencc|*|ipv4|*|1|summary\n" +
		"ripencc|NL|ipv4|5.0.0.0|4194304|20100101|allocated|load\n"
)

// crowd signs acts, none of them ever seen before: its accounts take turns, and
// each authorises an origin of its own block and withdraws it the next time.
type crowd struct {
	genesis *genesis.Output
	expires uint64
	ids     []wire.Address
	keys    []*ecdsa.PrivateKey
	next    int // acts made so far
}

// newCrowd makes a genesis with validators of these keys. Acts cost no credit.
func newCrowd(validators [][32]byte) (*crowd, error) {
	now := uint64(time.Now().Unix())
	in := genesis.Input{ChainID: "load", Test: true, Holdings: &genesis.Holdings{
		Parameters: []genesis.Override{{Name: "heartbeat_seconds", Value: 15}, {Name: genesis.Unmetered, Value: 1}},
	}}
	in.Stats = []genesis.Stats{{Name: "delegated-ripencc-extended-20260101", Raw: []byte(crowdRows)}}
	in.Members = genesis.Members{Time: now - 1, Minimum: 1}
	for i, key := range validators {
		in.Members.List = append(in.Members.List, genesis.Member{
			Operator: fmt.Sprintf("operator %d", i), Organisation: fmt.Sprintf("organisation %d", i),
			Jurisdiction: "NL", Hosting: "AS65550", PublicKey: hex.EncodeToString(key[:]),
		})
	}
	c := &crowd{expires: now + 3600}
	for i := range crowdMax {
		seed := wire.Sum(wire.TagRecord, fmt.Appendf(nil, "one of the crowd, %d", i))
		key, err := crypto.ToECDSA(seed[:])
		if err != nil {
			return nil, err
		}
		c.keys = append(c.keys, key)
		in.Holdings.Accounts = append(in.Holdings.Accounts, genesis.Account{
			Name: fmt.Sprintf("holder %d", i), Jurisdiction: "NL",
			TitleKeys: []string{account.Key{Alg: account.Secp256k1, Addr: account.AddressOf(&key.PublicKey)}.String()},
			Blocks:    []genesis.Holding{{Block: blockOf(i).String()}},
		})
	}
	var err error
	if c.genesis, err = genesis.Build(in); err != nil {
		return nil, err
	}
	for _, opened := range c.genesis.Accounts {
		c.ids = append(c.ids, opened.ID)
	}
	return c, nil
}

// blockOf is the /24 that account i holds.
func blockOf(i int) wire.Resource {
	return wire.Resource{Family: wire.IPv4, Len: 24, Addr: [16]byte{5, byte(i >> 8), byte(i)}}
}

// signed is an act ready to be handed in.
type signed struct {
	id  wire.Hash
	raw []byte
}

// sign makes the next n acts, on all processors.
func (c *crowd) sign(n int) ([]signed, error) {
	out, first := make([]signed, n), c.next
	c.next += n
	return out, onAll(n, func(i int) (err error) {
		out[i], err = c.act(first + i)
		return err
	})
}

// act is the n-th act of the crowd. An account's turns go through the lanes of
// its title key, so that one act that is late holds up as few as possible.
func (c *crowd) act(n int) (signed, error) { return c.turn(n%crowdMax, n/crowdMax) }

// turn is an account's act in a turn of its own.
func (c *crowd) turn(who, turn int) (signed, error) {
	h := tx.Header{
		Author: c.ids[who], Policy: 1, Lane: uint64(turn % titleLanes), Number: uint64(turn / titleLanes),
		Expires: c.expires, Rules: tx.RulesVersion,
	}
	most, as := uint64(24+turn/2%9), uint64(1000+turn/2)
	var body tx.Body = &tx.OriginAuthorise{Resource: blockOf(who), MaxLength: most, AS: as}
	if turn%2 == 1 {
		body = &tx.OriginWithdraw{Resource: blockOf(who), MaxLength: most, AS: as}
	}
	act := &tx.Act{Header: h, Body: body}
	id := act.ID(c.genesis.Hash)
	sig, err := account.Sign(id, c.keys[who])
	act.Signatures = []account.Signature{sig}
	return signed{id, act.Encode()}, err
}

// titleLanes is how many lanes a title key has.
const titleLanes = 8
