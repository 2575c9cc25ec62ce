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
	c := kid{node: f.tree(k)}
	for c.node != nil && c.node.len < k.Len {
		c = c.node.kids[k.bit(int(c.node.len))]
	}
	if l := c.leaf(); l != nil && l.Key.Len == k.Len && k.covers(&l.Key) {
		return l
	}
	return nil
}

// Path is the leaves at or above k, the shortest first: the chain of
// delegations that ends at k.
func (f forest) Path(k Key) []Leaf { return f.AppendPath(nil, k) }

// AppendPath appends Path to chain.
func (f forest) AppendPath(chain []Leaf, k Key) []Leaf {
	for c := (kid{node: f.tree(&k)}); ; c = c.node.kids[k.bit(int(c.node.len))] {
		if l := c.leaf(); l != nil {
			if !l.Key.covers(&k) {
				return chain
			}
			chain = append(chain, *l)
		}
		if c.node == nil || c.node.len >= k.Len {
			return chain
		}
	}
}

// Walk visits the leaves at or beneath under in the order of keys, until visit
// returns false.
func (f forest) Walk(under Key, visit func(Leaf) bool) { f.WalkFrom(under, under, visit) }

// WalkFrom is Walk that leaves out the leaves before from, without visiting
// them: the next page.
func (f forest) WalkFrom(under, from Key, visit func(Leaf) bool) {
	c := kid{node: f.tree(&under)}
	for c.node != nil && c.node.len < under.Len {
		c = c.node.kids[under.bit(int(c.node.len))]
	}
	if !c.empty() && under.covers(&c.sample().Key) {
		c.walkFrom(from, visit)
	}
}

// tree is the subtree of k. It panics for a key that is none: keys come from
// constructors and ParseKey, which make no such key.
func (f *forest) tree(k *Key) *node {
	if k.Subtree >= SubtreeCount || int(k.Len) > widths[k.Subtree] || !k.clean() {
		panic("tree: " + k.String() + " is no key (TREE-2)")
	}
	return f[k.Subtree]
}
