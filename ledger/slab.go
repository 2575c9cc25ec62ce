package ledger

// slabLen is how many things are made at once.
const slabLen = 16

// slab makes things that live as long as their ledger block, some at a time: a
// block of a thousand acts asks for as many of several kinds.
type slab[T any] []T

func (s *slab[T]) next() *T {
	if len(*s) == 0 {
		*s = make([]T, slabLen)
	}
	out := &(*s)[0]
	*s = (*s)[1:]
	return out
}
