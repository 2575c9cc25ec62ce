package tree

// Subtree names one of the eight trees under the state root.
type Subtree uint8

// The eight subtrees, in the order of the state root (TREE-1). The first three
// have the numbers of wire.Family.
const (
	IPv4       Subtree = 0 // prefixes of IPv4
	IPv6       Subtree = 1 // prefixes of IPv6
	ASN        Subtree = 2 // aligned blocks of AS numbers
	Accounts   Subtree = 3 // accounts, by their 20 byte ids
	Bodies     Subtree = 4 // members, registrars, adjudicators, by hash
	Parameters Subtree = 5 // parameters of the registry, by hash
	Dealings   Subtree = 6 // offers, cases, proposals, by hash
	Due        Subtree = 7 // what falls due: time, rank, id
)

// SubtreeCount is how many subtrees there are; the state root is fixed to eight.
const SubtreeCount = 8

// WidthMax is the width of the widest subtree, Due, in bits.
const WidthMax = 328

var widths = [SubtreeCount]int{32, 128, 32, 160, 256, 256, 256, WidthMax}

// Width is the number of bits of the subtree's longest keys, a multiple of 8;
// 0 for a subtree there is not.
func (s Subtree) Width() int {
	if s >= SubtreeCount {
		return 0
	}
	return widths[s]
}

// Prefixes reports whether keys of every length may hold a value. In the other
// subtrees only keys of the full width may (TREE-3).
func (s Subtree) Prefixes() bool { return s <= ASN }

func (s Subtree) bytes() int { return s.Width() / 8 }
