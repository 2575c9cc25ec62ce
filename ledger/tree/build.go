package tree

import (
	"fmt"
	"iter"

	"ipledger/ledger/wire"
)

// Build makes a State of leaves that ascend strictly by key. It makes and
// hashes each node once, where an Editor would go down for each leaf.
func Build(leaves iter.Seq[Leaf]) (State, error) {
	var b builder
	for l := range leaves {
		if err := b.add(l); err != nil {
			return State{}, err
		}
	}
	return b.state(), nil
}

// builder holds the way from a subtree's root to the latest leaf. What left
// that way is complete and hashed.
type builder struct {
	done  forest
	above tops
	spine []*node
	prev  Key // the latest leaf's
	count int
}

func (b *builder) add(l Leaf) error {
	if !l.Key.Holds() {
		return fmt.Errorf("%w: %v, length %d, holds no value (TREE-3)", ErrKey, l.Key, l.Key.Len)
	}
	if len(l.Data) > DataBytesMax {
		return fmt.Errorf("%w: %d bytes of data at %v, at most %d (TREE-12)", ErrSize, len(l.Data), l.Key, DataBytesMax)
	}
	if b.count > 0 && b.prev.Compare(l.Key) >= 0 {
		return fmt.Errorf("%w: %v after %v; sort by key, each once", ErrOrder, l.Key, b.prev)
	}
	if len(b.spine) > 0 && b.prev.Subtree != l.Key.Subtree {
		b.finish()
	}
	b.push(l)
	b.prev = l.Key
	b.count++
	return nil
}

func (b *builder) push(l Leaf) {
	if len(b.spine) == 0 {
		b.spine = append(b.spine, &node{})
	}
	if l.Key.Len == 0 {
		b.spine[0].leaf = l.own()
		return
	}
	if len(b.spine) > 1 || b.spine[0].leaf != nil {
		b.leave(common(b.prev.Addr[:], l.Key.Addr[:], int(min(b.prev.Len, l.Key.Len))))
	}
	b.spine = append(b.spine, &node{len: l.Key.Len, leaf: l.own()})
}

// leave closes the nodes of the spine below the first n bits of the latest key,
// and sees to it that the spine ends where the next leaf hangs.
func (b *builder) leave(n int) {
	for int(b.top().len) > n {
		c, sum := b.pop()
		if int(b.top().len) < n {
			b.spine = append(b.spine, &node{len: uint16(n)})
		}
		b.hang(c, sum)
	}
}

// state closes the last subtree and gives the whole.
func (b *builder) state() State {
	b.finish()
	for s, n := range b.done {
		if n == nil {
			b.above[s] = emptySums[s]
		}
	}
	above := b.above
	above.fold()
	return State{forest: b.done, above: &above, count: b.count}
}

// finish closes the subtree.
func (b *builder) finish() {
	if len(b.spine) == 0 {
		return
	}
	for len(b.spine) > 1 {
		b.hang(b.pop())
	}
	s := b.prev.Subtree
	root := b.top()
	b.done[s], b.above[s] = root, root.sum(s, b.prev.Addr[:])
	b.spine = b.spine[:0]
}

func (b *builder) top() *node { return b.spine[len(b.spine)-1] }

// pop takes the last node off the spine and hashes it: its children are done.
func (b *builder) pop() (kid, wire.Hash) {
	n := b.top()
	b.spine = b.spine[:len(b.spine)-1]
	sum := n.sum(b.prev.Subtree, b.prev.Addr[:])
	if n.kids[0].empty() && n.kids[1].empty() {
		return kid{tip: n.leaf}, sum
	}
	return kid{node: n}, sum
}

// hang makes kid, on the way to the latest leaf, a child of the spine's end.
func (b *builder) hang(c kid, sum wire.Hash) {
	top := b.top()
	side := b.prev.bit(int(top.len))
	top.kids[side], top.sums[side] = c, sum
}
