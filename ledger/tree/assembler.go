package tree

import (
	"fmt"

	"ipledger/ledger/wire"
)

// Assembler makes a State of the chunks of its snapshot, in their order. A
// chunk is checked as it comes, so a bad one is asked for anew and no other.
type Assembler struct {
	root  wire.Hash
	value Valuer
	build builder
	next  Key
	more  bool
}

// NewAssembler awaits the chunks of the state with root, which the caller has
// from a certified header.
func NewAssembler(root wire.Hash, value Valuer) *Assembler {
	return &Assembler{root: root, value: value, next: RootKey(IPv4), more: true}
}

// Next is where the next chunk starts; ok is false when none is missing.
func (a *Assembler) Next() (from Key, ok bool) { return a.next, a.more }

// Add takes the next chunk. After an error the assembler is as it was.
func (a *Assembler) Add(raw []byte) error {
	c, err := OpenChunk(a.root, raw, a.value)
	if err != nil {
		return err
	}
	if !a.more || c.From != a.next {
		return fmt.Errorf("%w: chunk from %v, awaited from %v; add chunks in order (TREE-11)", ErrOrder, c.From, a.next)
	}
	for _, l := range c.Leaves {
		if err := a.build.add(l); err != nil {
			panic(fmt.Sprintf("tree: a verified chunk does not build: %v", err))
		}
	}
	a.next, a.more = c.Next()
	return nil
}

// State is the state, once no chunk is missing. Its root is computed anew.
func (a *Assembler) State() (State, error) {
	if a.more {
		return State{}, fmt.Errorf("%w: the chunk from %v is missing (TREE-11)", ErrProof, a.next)
	}
	s := a.build.state()
	if s.Root() != a.root {
		panic("tree: verified chunks do not give their root")
	}
	return s, nil
}
