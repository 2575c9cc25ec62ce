package tree

import "slices"

// made is how an editor made a state.
type made struct {
	base    *tops    // of the state that it began with, and of no other
	changes []Change // nobody else has this copy
}

// MadeOf reports whether s is known to be before with exactly these changes: an
// editor of before has given them as its Changes and then s, with no change
// between. It spares the way through both states that Since takes; what it does
// not know, Since can tell.
func (s State) MadeOf(before State, changes []Change) bool {
	return s.made != nil && s.made.base == before.tops() && slices.Equal(s.made.changes, changes)
}
