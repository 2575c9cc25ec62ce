package tree

// window is the part of a subtree that a proof lays open: the keys from lo to
// hi. Of the nodes, those are opened that stand where a half of a node crosses
// the window's edge; a half outside is given by its hash, one inside is known
// from the list of entries.
type window struct {
	lo, hi Key
	// listed says that the keys of the window are listed beside the proof. A
	// point proof has no list: its window is one key, opened like its ancestors.
	listed bool
}

// where says how the keys at and beneath a place lie to the window.
type where int

const (
	outside where = iota
	across
	inside
)

func (w *window) place(half *Key) where {
	if !w.listed {
		// One key: what covers it crosses the window, all else lies outside.
		if half.covers(&w.lo) {
			return across
		}
		return outside
	}
	last := half.last()
	switch {
	case last.Compare(w.lo) < 0 || half.Compare(w.hi) > 0:
		return outside
	case half.Compare(w.lo) >= 0 && last.Compare(w.hi) <= 0:
		return inside
	}
	return across
}

// guide is the edge of the window that lies in a half across it: an opened node
// that covers the guide needs no address. The half holds the lower edge, or it
// starts in the window and holds the upper.
func (w *window) guide(half Key) Key {
	if half.Compare(w.lo) < 0 {
		return w.lo
	}
	return w.hi
}

// lists reports whether the value at k, if any, stands in the list.
func (w *window) lists(k *Key) bool {
	return w.listed && k.Compare(w.lo) >= 0 && k.Compare(w.hi) <= 0
}

// valueImplied reports whether a node's place tells if it has a value: at full
// width nothing else can be, and above it the subtrees of fixed length have
// none.
func valueImplied(k Key) bool {
	return int(k.Len) == k.Subtree.Width() || !k.Subtree.Prefixes()
}

// free reports whether a node may lack a child: a root, or a node with a value.
func free(k Key, valued bool) bool { return valued || k.Len == 0 }
