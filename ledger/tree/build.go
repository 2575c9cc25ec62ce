package tree

import (
	"fmt"
	"iter"
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
		b.spine[0].body = newBody(l)
		return
	}
	if len(b.spine) > 1 || b.spine[0].body != nil {
		b.leave(common(b.prev.Addr[:], l.Key.Addr[:], int(min(b.prev.Len, l.Key.Len))))
	}
	b.spine = append(b.spine, &node{len: l.Key.Len, body: newBody(l)})
}

// leave closes the nodes of the spine below the first n bits of the latest key,
// and sees to it that the spine ends where the next leaf hangs.
func (b *builder) leave(n int) {
	for int(b.top().len) > n {
		kid := b.pop()
		if int(b.top().len) < n {
			b.spine = append(b.spine, &node{len: uint16(n)})
		}
		b.hang(kid)
	}
}

// state closes the last subtree and gives the whole.
func (b *builder) state() State {
	b.finish()
	return State{forest: b.done, top: b.done.root(), count: b.count}
}

// finish closes the subtree.
func (b *builder) finish() {
	if len(b.spine) == 0 {
		return
	}
	for len(b.spine) > 1 {
		kid := b.pop()
		b.hang(kid)
	}
	b.done[b.prev.Subtree] = b.pop()
}

func (b *builder) top() *node { return b.spine[len(b.spine)-1] }

// pop takes the last node off the spine and hashes it: its children are done.
func (b *builder) pop() *node {
	n := b.top()
	b.spine = b.spine[:len(b.spine)-1]
	n.seal(b.prev.Subtree, b.prev.Addr[:])
	return n
}

// hang makes kid, on the way to the latest leaf, a child of the spine's end.
func (b *builder) hang(kid *node) {
	top := b.top()
	top.kids[b.prev.bit(int(top.len))] = kid
}
