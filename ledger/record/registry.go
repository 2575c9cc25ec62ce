package record

import (
	"encoding/binary"
	"fmt"
	"math/big"
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// Registries are the five regional Internet registries, in order of name.
var Registries = [...]string{"afrinic", "apnic", "arin", "lacnic", "ripencc"}

// RegistryOf is a registry's place in Registries.
func RegistryOf(name string) (place int, ok bool) { return slices.BinarySearch(Registries[:], name) }

// Amount is how many numbers: 32 bytes, big-endian, more than all additions of
// a family's 2^128 numbers can reach.
type Amount [32]byte

// AmountOf is n, which is not negative.
func AmountOf(n *big.Int) (c Amount) { n.FillBytes(c[:]); return c }

// Int is the amount as a number.
func (c Amount) Int() *big.Int { return new(big.Int).SetBytes(c[:]) }

// Plus is the sum of two amounts.
func (c Amount) Plus(n Amount) Amount { return AmountOf(new(big.Int).Add(c.Int(), n.Int())) }

// Minus is what is left of c without n, which is at most c.
func (c Amount) Minus(n Amount) Amount { return AmountOf(new(big.Int).Sub(c.Int(), n.Int())) }

// Amounts are amounts by family.
type Amounts [3]Amount

// Add counts a block.
func (c *Amounts) Add(r wire.Resource) { c[r.Family] = c[r.Family].Plus(AmountOf(inr.Count(r))) }

// Take takes a block's numbers away.
func (c *Amounts) Take(r wire.Resource) { c[r.Family] = c[r.Family].Minus(AmountOf(inr.Count(r))) }

// Balance is what the register counts of one registry (specs/21 SRC-13, SRC-15):
// listed is began and added and come, less retired and gone.
type Balance struct {
	Rules   uint64
	Listed  Amounts // numbers in titles whose source row is the registry's
	Began   Amounts // the same, in genesis
	Added   Amounts // that were in no title
	Retired Amounts // that are in none any more
	Come    Amounts // from other registries
	Gone    Amounts // to other registries
	Day     uint64  // of header time, in days since 1970, that Spent is of
	Spent   Amounts // of statements settled on that day, and of earlier ones not worked off
}

// BalanceFromBytes reads a canonical balance.
func BalanceFromBytes(raw []byte) (*Balance, error) {
	t := new(Balance)
	if err := wire.Decode(raw, 2048, t); err != nil {
		return nil, fmt.Errorf("balance: %w", err)
	}
	return t, nil
}

// Numbers is what is listed, in the units in which attestations are counted.
func (t *Balance) Numbers() Numbers {
	return Numbers{V4: t.Listed[wire.IPv4].low(0), V6: t.Listed[wire.IPv6].low(8), AS: t.Listed[wire.ASN].low(0)}
}

// low is 64 bits of the amount, so many bytes from its end.
func (c Amount) low(bytes int) uint64 {
	return binary.BigEndian.Uint64(c[len(c)-8-bytes : len(c)-bytes])
}

// BalanceKey is where the balance of a registry is kept.
func BalanceKey(registry string) tree.Key { return dealKey(dealBalance, []byte(registry)) }

// Balances makes the balances of a first state, while titles are put into it.
type Balances [len(Registries)]Amounts

// Add counts a title.
func (t *Balances) Add(at wire.Resource, s *Source) {
	if place, ok := RegistryOf(s.Registry); ok {
		t[place].Add(at)
	}
}

// Leaves are the balances as records.
func (t *Balances) Leaves() (out []tree.Leaf) {
	for i, c := range t {
		out = append(out, Leaf(BalanceKey(Registries[i]), wire.Encode(&Balance{Rules: Rules, Listed: c, Began: c})))
	}
	return out
}
