package vrp

import (
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
)

// Unexplained is the payloads of before that are not in after, although no term
// ended over them and no record changed that shares an address with them. lasting
// is the list of the earlier state at the later time; changed is the blocks whose
// records changed in between, in any order. What permits the same counts as the
// same, whatever its grade.
//
// specs/27 RTR-13: A withdrawal for which there is neither an act nor an end MUST NOT
// reach routers.
func Unexplained(before, after, lasting []Payload, changed []wire.Resource) (out []Payload) {
	now, still := setOf(after), setOf(lasting)
	c := newChanges(changed)
	for _, p := range before {
		k := p.key()
		if !now[k] && still[k] && !c.touch(p.Prefix) {
			out = append(out, p)
		}
	}
	return out
}

// key is what a payload permits.
func (p Payload) key() Payload { return Payload{Prefix: p.Prefix, MaxLength: p.MaxLength, AS: p.AS} }

func setOf(list []Payload) map[Payload]bool {
	out := make(map[Payload]bool, len(list))
	for _, p := range list {
		out[p.key()] = true
	}
	return out
}

// changes finds blocks that overlap one of many.
type changes struct {
	sorted []wire.Resource
	have   map[wire.Resource]bool
}

func newChanges(list []wire.Resource) changes {
	c := changes{slices.Clone(list), make(map[wire.Resource]bool, len(list))}
	slices.SortFunc(c.sorted, inr.Compare)
	for _, r := range list {
		c.have[r] = true
	}
	return c
}

// touch reports whether one of the changes covers r or lies inside it.
func (c changes) touch(r wire.Resource) bool {
	for length := range r.Len + 1 {
		if c.have[inr.Truncate(r, length)] {
			return true
		}
	}
	i, _ := slices.BinarySearchFunc(c.sorted, r, inr.Compare)
	return i < len(c.sorted) && inr.Covers(r, c.sorted[i])
}
