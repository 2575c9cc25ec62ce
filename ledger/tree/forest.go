package tree

// forest is the eight subtrees; nil stands for an empty one. It is what a
// State and an Editor have in common: reading.
type forest [SubtreeCount]*node

// Get is the leaf at k; ok is false if there is none.
func (f forest) Get(k Key) (leaf Leaf, ok bool) {
	l := f.leaf(&k)
	if l == nil {
		return Leaf{}, false
	}
	return *l, true
}

// leaf goes down by k's bits and looks at the address once, at the end: a branch
// has none of its own.
func (f *forest) leaf(k *Key) *Leaf {
	n := f.tree(k)
	for n != nil && n.len < k.Len {
		n = n.kids[k.bit(int(n.len))]
	}
	if n == nil || n.len != k.Len || n.leaf == nil || !k.covers(&n.leaf.Key) {
		return nil
	}
	return n.leaf
}

// Path is the leaves at or above k, the shortest first: the chain of
// delegations that ends at k.
func (f forest) Path(k Key) []Leaf { return f.AppendPath(nil, k) }

// AppendPath appends Path to chain.
func (f forest) AppendPath(chain []Leaf, k Key) []Leaf {
	for n := f.tree(&k); n != nil && n.len <= k.Len; n = n.kids[k.bit(int(n.len))] {
		if n.leaf != nil {
			if !n.leaf.Key.covers(&k) {
				break
			}
			chain = append(chain, *n.leaf)
		}
		if n.len == k.Len {
			break
		}
	}
	return chain
}

// Walk visits the leaves at or beneath under in the order of keys, until visit
// returns false.
func (f forest) Walk(under Key, visit func(Leaf) bool) { f.WalkFrom(under, under, visit) }

// WalkFrom is Walk that leaves out the leaves before from, without visiting
// them: the next page.
func (f forest) WalkFrom(under, from Key, visit func(Leaf) bool) {
	n := f.tree(&under)
	for n != nil && n.len < under.Len {
		n = n.kids[under.bit(int(n.len))]
	}
	if n != nil && under.covers(&n.sample().Key) {
		n.walkFrom(from, visit)
	}
}

// walkFrom visits the leaves at or beneath n from from on, and reports whether
// to go on. Below a place before from that does not cover it, all is before.
func (n *node) walkFrom(from Key, visit func(Leaf) bool) bool {
	if n == nil {
		return true
	}
	at := n.key()
	if at.Compare(from) >= 0 {
		return n.walk(visit)
	}
	if !at.Covers(from) {
		return true
	}
	if from.bit(int(n.len)) == 1 {
		return n.kids[1].walkFrom(from, visit)
	}
	return n.kids[0].walkFrom(from, visit) && n.kids[1].walk(visit)
}

// walk visits all leaves at or beneath n in pre-order, which is the order of
// keys.
func (n *node) walk(visit func(Leaf) bool) bool {
	if n == nil {
		return true
	}
	if n.leaf != nil && !visit(*n.leaf) {
		return false
	}
	return n.kids[0].walk(visit) && n.kids[1].walk(visit)
}

// tree is the subtree of k. It panics for a key that is none: keys come from
// constructors and ParseKey, which make no such key.
func (f *forest) tree(k *Key) *node {
	if k.Subtree >= SubtreeCount || int(k.Len) > widths[k.Subtree] || !k.clean() {
		panic("tree: " + k.String() + " is no key (TREE-2)")
	}
	return f[k.Subtree]
}
