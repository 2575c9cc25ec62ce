package record

import (
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

// Count is how many numbers: 32 bytes, big-endian, more than all additions of
// a family's 2^128 numbers can reach.
type Count [32]byte

// CountOf is n, which is not negative.
func CountOf(n *big.Int) (c Count) { n.FillBytes(c[:]); return c }

// Int is the count as a number.
func (c Count) Int() *big.Int { return new(big.Int).SetBytes(c[:]) }

// Plus is the sum of two counts.
func (c Count) Plus(n Count) Count { return CountOf(new(big.Int).Add(c.Int(), n.Int())) }

// Minus is what is left of c without n, which is at most c.
func (c Count) Minus(n Count) Count { return CountOf(new(big.Int).Sub(c.Int(), n.Int())) }

// Counts are counts by family.
type Counts [3]Count

// Add counts a block.
func (c *Counts) Add(r wire.Resource) { c[r.Family] = c[r.Family].Plus(CountOf(inr.Count(r))) }

// Take takes a block's numbers away.
func (c *Counts) Take(r wire.Resource) { c[r.Family] = c[r.Family].Minus(CountOf(inr.Count(r))) }

// Tally is what the register counts of one registry (specs/21 SRC-13, SRC-15):
// listed is began and added and come, less retired and gone.
type Tally struct {
	Rules   uint64
	Listed  Counts // numbers in titles whose source row is the registry's
	Began   Counts // the same, in genesis
	Added   Counts // that were in no title
	Retired Counts // that are in none any more
	Come    Counts // from other registries
	Gone    Counts // to other registries
	Day     uint64 // of header time, in days since 1970, that Spent is of
	Spent   Counts // of statements settled on that day, and of earlier ones not worked off
}

// TallyFromBytes reads a canonical tally.
func TallyFromBytes(raw []byte) (*Tally, error) {
	t := new(Tally)
	if err := wire.Decode(raw, 2048, t); err != nil {
		return nil, fmt.Errorf("tally: %w", err)
	}
	return t, nil
}

// TallyKey is where the tally of a registry is kept.
func TallyKey(registry string) tree.Key { return dealKey(dealTally, []byte(registry)) }

// Tallies makes the tallies of a first state, while titles are put into it.
type Tallies [len(Registries)]Counts

// Add counts a title.
func (t *Tallies) Add(at wire.Resource, s *Source) {
	if place, ok := RegistryOf(s.Registry); ok {
		t[place].Add(at)
	}
}

// Leaves are the tallies as records.
func (t *Tallies) Leaves() (out []tree.Leaf) {
	for i, c := range t {
		out = append(out, Leaf(TallyKey(Registries[i]), wire.Encode(&Tally{Rules: Rules, Listed: c, Began: c})))
	}
	return out
}
