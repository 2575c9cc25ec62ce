// Package stategen draws large registries for tests and benchmarks: blocks of
// addresses in the proportions of the real ones, the same for the same seed on
// every machine.
//
// Registries hold large blocks; local registries hold parts of those, a fifth
// of them through a national or larger one; customers hold parts of theirs; and
// a fifth of all blocks are delegated onwards, by customers or by those who have
// them from others, to any depth. A block's chain of covering blocks, itself
// counted, has a mean of 3.8.
package stategen

import "ipledger/ledger/wire"

// Resources is v4 IPv4 and v6 IPv6 prefixes, all distinct, each after the one
// it was cut from.
func Resources(seed uint64, v4, v6 int) []wire.Resource {
	d := dice(seed)
	out := draw(&d, plan4, v4)
	return append(out, draw(&d, plan6, v6)...)
}

// plan says how one family is handed down: the lengths at each level, from and
// to, in bits.
type plan struct {
	family             wire.Family
	registries         []wire.Resource
	local, customer    [2]int
	lengthMax, stepMax int // of onward delegations
}

var plan4 = plan{
	family: wire.IPv4, registries: slash8s(),
	local: [2]int{14, 20}, customer: [2]int{23, 29}, lengthMax: 32, stepMax: 3,
}

var plan6 = plan{
	family: wire.IPv6, registries: slash12s(),
	local: [2]int{24, 32}, customer: [2]int{40, 48}, lengthMax: 64, stepMax: 5,
}

// slash8s is the unicast space of IPv4, without 0/8, 10/8 and 127/8.
func slash8s() (out []wire.Resource) {
	for first := byte(1); first < 224; first++ {
		if first != 10 && first != 127 {
			out = append(out, wire.Resource{Family: wire.IPv4, Len: 8, Addr: [16]byte{first}})
		}
	}
	return out
}

// slash12s is the blocks of the five regional registries.
func slash12s() (out []wire.Resource) {
	for _, second := range []byte{0x00, 0x10, 0x30} {
		out = append(out, wire.Resource{Family: wire.IPv6, Len: 12, Addr: [16]byte{0x26, second}})
	}
	for _, first := range []byte{0x24, 0x28, 0x2a, 0x2c} {
		out = append(out, wire.Resource{Family: wire.IPv6, Len: 12, Addr: [16]byte{first}})
	}
	return out
}

// hand is one family as it is handed down. What is drawn joins its level, so
// that later draws may be cut from it.
type hand struct {
	plan
	dice                      *dice
	out                       []wire.Resource
	locals, customers, onward []wire.Resource
}

func draw(d *dice, p plan, n int) []wire.Resource {
	h := hand{plan: p, dice: d}
	taken := make(map[wire.Resource]bool, n)
	for len(h.out) < n {
		r, level := h.next()
		if r == (wire.Resource{}) || taken[r] {
			continue
		}
		taken[r] = true
		h.out = append(h.out, r)
		*level = append(*level, r)
	}
	return h.out
}

// next is one more block, which may be taken or zero, and the level it joins.
func (h *hand) next() (wire.Resource, *[]wire.Resource) {
	roll := h.dice.below(100)
	switch {
	case len(h.out) < len(h.registries):
		return h.registries[len(h.out)], new([]wire.Resource)
	case roll < 4 || len(h.locals) == 0:
		return h.localBlock(), &h.locals
	case roll < 80 || len(h.customers) == 0:
		return h.dice.cut(h.dice.pick(h.locals), h.customer[0], h.customer[1]), &h.customers
	}
	from := h.customers
	if len(h.onward) > 0 && h.dice.below(5) == 0 {
		from = h.onward
	}
	r := h.dice.pick(from)
	return h.dice.cut(r, int(r.Len)+1, min(int(r.Len)+h.stepMax, h.lengthMax)), &h.onward
}

// localBlock is a local registry's block, cut from a registry's or, one time in
// five, from that of another local one.
func (h *hand) localBlock() wire.Resource {
	if len(h.locals) > 0 && h.dice.below(5) == 0 {
		from := h.dice.pick(h.locals)
		return h.dice.cut(from, int(from.Len)+2, h.local[1])
	}
	return h.dice.cut(h.dice.pick(h.registries), h.local[0], h.local[1])
}

// dice is the splitmix64 generator (Steele, Lea, Flood 2014): the same numbers
// in every release of Go.
type dice uint64

func (d *dice) next() uint64 {
	*d += 0x9e3779b97f4a7c15
	z := uint64(*d)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (d *dice) below(n int) int { return int(d.next() % uint64(n)) }

func (d *dice) pick(from []wire.Resource) wire.Resource { return from[d.below(len(from))] }

// cut is a random block of from, between two lengths; the zero Resource if from
// has no room for one.
func (d *dice) cut(from wire.Resource, low, high int) wire.Resource {
	low = max(low, int(from.Len)+1)
	if low > high {
		return wire.Resource{}
	}
	r := from
	r.Len = uint8(low + d.below(high-low+1))
	for i := int(from.Len); i < int(r.Len); i++ {
		r.Addr[i/8] |= byte(d.next()>>63) << (7 - i%8)
	}
	return r
}
