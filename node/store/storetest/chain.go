// Package storetest is the one suite that every way of opening a store passes,
// and the chains that it and other tests commit.
package storetest

import (
	"encoding/binary"
	"math/rand/v2"

	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
	"ipledger/node/store"
)

// Value is the value of a leaf as these chains make it, for store.Options.
func Value(k tree.Key, data []byte) (wire.Hash, error) {
	return wire.Sum(wire.TagRecord, []byte{byte(k.Subtree)}, data), nil
}

// Chain makes blocks that follow one another, the same for the same seed.
type Chain struct {
	Base   store.Base
	Blocks []store.Block // in order; the first has height Base.Height+1
	random *rand.Rand
	keys   []tree.Key
}

// NewChain begins with a state of n leaves at height 0.
func NewChain(seed uint64, n int) *Chain {
	c := &Chain{random: rand.New(rand.NewPCG(seed, 9))}
	edit := tree.State{}.Edit()
	for range n {
		edit.Put(c.leaf(c.newKey()))
	}
	state := edit.Freeze()
	c.Base = store.Base{
		Time: 1_700_000_000, Hash: c.hash(), State: state, Root: state.Root(),
		LogRoot: c.hash(), Frontier: []byte("frontier"),
	}
	return c
}

// Next makes and remembers a block that touches about n keys, old and new.
func (c *Chain) Next(n int) store.Block {
	b := c.begin()
	edit := c.State().Edit()
	for range n {
		switch k := c.someKey(); c.random.IntN(4) {
		case 0:
			edit.Delete(k)
		default:
			edit.Put(c.leaf(k))
		}
	}
	b.Changes, b.State = edit.Changes(), edit.Freeze()
	for range n {
		b.Acts = append(b.Acts, store.Act{ID: c.hash(), Raw: c.bytes(200)})
		b.Receipts = append(b.Receipts, c.bytes(60))
	}
	if n > 0 {
		b.ActBearing, b.LogRoot, b.Frontier = true, c.hash(), c.bytes(90)
		b.Receipts = append(b.Receipts, c.bytes(60)) // of due work
	}
	c.Blocks = append(c.Blocks, b)
	return b
}

// begin is an empty block after the last.
func (c *Chain) begin() store.Block {
	b := store.Block{Height: c.Base.Height, Time: c.Base.Time, LogRoot: c.Base.LogRoot, Frontier: c.Base.Frontier}
	if n := len(c.Blocks); n > 0 {
		last := c.Blocks[n-1]
		b = store.Block{Height: last.Height, Time: last.Time, LogRoot: last.LogRoot, Frontier: last.Frontier}
	}
	b.Height, b.Time, b.HeaderHash, b.State = b.Height+1, b.Time+5, c.hash(), c.State()
	return b
}

// State is the state after the last block.
func (c *Chain) State() tree.State { return c.StateAt(c.Base.Height + uint64(len(c.Blocks))) }

// StateAt is the state after the block at height.
func (c *Chain) StateAt(height uint64) tree.State {
	if height == c.Base.Height {
		return c.Base.State
	}
	return c.Blocks[height-c.Base.Height-1].State
}

// Keys is every key that the chain ever touched.
func (c *Chain) Keys() []tree.Key { return c.keys }

func (c *Chain) someKey() tree.Key {
	if len(c.keys) == 0 || c.random.IntN(5) == 0 {
		return c.newKey()
	}
	return c.keys[c.random.IntN(len(c.keys))]
}

// newKey spreads over subtrees of short, long and variable keys.
func (c *Chain) newKey() (k tree.Key) {
	switch c.random.IntN(3) {
	case 0:
		r := wire.Resource{Family: wire.IPv4, Len: uint8(8 + c.random.IntN(17))}
		binary.BigEndian.PutUint32(r.Addr[:], c.random.Uint32()&^(1<<(32-r.Len)-1))
		k = tree.ResourceKey(r)
	case 1:
		k = tree.AccountKey(wire.Address(c.bytes(20)))
	default:
		k = tree.DueKey(c.random.Uint64N(1<<40), 3, c.hash())
	}
	c.keys = append(c.keys, k)
	return k
}

func (c *Chain) leaf(k tree.Key) tree.Leaf {
	data := c.bytes(c.random.IntN(300))
	value, _ := Value(k, data)
	return tree.Leaf{Key: k, Value: value, Data: data}
}

func (c *Chain) hash() wire.Hash { return wire.Hash(c.bytes(32)) }

func (c *Chain) bytes(n int) []byte {
	out := make([]byte, n)
	for i := range out {
		out[i] = byte(c.random.Uint32())
	}
	return out
}
