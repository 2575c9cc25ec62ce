package directory

import (
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// ZonesAround is the blocks of the stated zones that the block of an answer lies in and
// that are larger, the smallest first.
func ZonesAround(a *light.Answer) (list []wire.Resource) {
	for i := range a.Services {
		s := &a.Services[i]
		zone, ok := ZoneOf(s.At, a.Resource)
		if s.Servers != "" && ok && zone.Len < a.Resource.Len && !slices.Contains(list, zone) {
			list = append(list, zone)
		}
	}
	slices.SortFunc(list, func(x, y wire.Resource) int { return int(y.Len) - int(x.Len) })
	return list
}

// ZonesInside is the blocks of the stated zones inside q, q itself left out, each once,
// in the order of keys. It lists at most limit of them, and more says that there are
// others, or may be beyond VisitsMax.
//
// specs/28 DIR-9: A reverse delegation stated at a prefix is of the zones at the next
// whole byte of IPv4 or half byte of IPv6.
func ZonesInside(s tree.State, q wire.Resource, m light.Moment, limit int) (list []wire.Resource, more bool, err error) {
	left := VisitsMax
	s.Walk(tree.ResourceKey(q), func(l tree.Leaf) bool {
		if left--; left < 0 || len(list) > limit {
			more = true
			return false
		}
		list, err = appendZones(list, s, l, q, m)
		return err == nil
	})
	slices.SortFunc(list, inr.Compare)
	if list = slices.Compact(list); len(list) > limit {
		list, more = list[:limit], true
	}
	return list, more, err
}

// appendZones adds the zones inside q of what is stated at exactly a leaf's block.
func appendZones(list []wire.Resource, s tree.State, l tree.Leaf, q wire.Resource, m light.Moment) ([]wire.Resource, error) {
	f, err := record.FolioFromBytes(l.Data)
	if err != nil || len(f.Contacts) == 0 {
		return list, err
	}
	at := l.Key.Resource()
	a, err := light.Read(s, at, m)
	if err != nil {
		return list, err
	}
	if d := Delegation(a); d == nil || d.At != at {
		return list, nil
	}
	length := ZoneLen(at)
	for i := range 1 << (length - at.Len) { // at most 128, from one whole byte to the next
		if zone := part(at, length, i); zone.Len > q.Len {
			list = append(list, zone)
		}
	}
	return list, nil
}

// part is the i-th block of a length in a block that is at most a byte larger, and
// ends in the same byte.
func part(of wire.Resource, length uint8, i int) wire.Resource {
	out := of
	out.Len = length
	if length > of.Len {
		out.Addr[(length-1)/8] |= byte(i << ((8 - length%8) % 8))
	}
	return out
}
