package tree

import "ipledger/ledger/wire"

// State is everything at one height: a value that never changes. The zero
// State is empty. Many may read one State at once, its root and proofs too:
// every hash is computed before a State is made.
type State struct {
	forest
	above *tops  // nil for the zero State
	gen   uint32 // no node of the state has a greater one
	count int
	made  *made // nil if not known
}

// Root is the state root (TREE-6).
func (s State) Root() wire.Hash { return s.tops().root() }

func (s State) tops() *tops {
	if s.above == nil {
		return emptyTops
	}
	return s.above
}

// Len is the number of leaves.
func (s State) Len() int { return s.count }

// Edit starts a new state from s, which stays as it is.
func (s State) Edit() *Editor {
	return &Editor{forest: s.forest, above: *s.tops(), base: s, gen: nextGen(s.gen), count: s.count}
}

// nextGen is the mark of a new editor's nodes. An editor reaches the nodes of
// its base, none of a greater generation, and its own, so two editors of one
// base may share a mark.
func nextGen(gen uint32) uint32 {
	if gen+1 == 0 {
		// One state a second descending from the last takes 136 years to get
		// here, and a restart builds the state anew.
		panic("tree: 2^32 generations of states; restart")
	}
	return gen + 1
}
