package api

import (
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/tree"
	payloads "ipledger/ledger/vrp"
	"ipledger/ledger/wire"
)

// Bounds of what a preview says of announcements.
const (
	LooksMax = 65536 // folios looked at on each side: as many as an act may (ORIGIN-7)
	LostMax  = 256   // entries of the list
)

// lostShape is announcements that were valid before an act and are not after it
// (RFC 6811, Section 2): a prefix and all in it of some lengths, by one AS.
type lostShape struct {
	Prefix    string `json:"prefix"`
	MinLength uint64 `json:"min_length"`
	MaxLength uint64 `json:"max_length"`
	AS        string `json:"asn"`
	After     string `json:"after"` // invalid: others cover it, none matches; not found: nothing covers it
}

// lost compares the lists of route payloads before and after an act, where it
// changed something. part says that a bound was met and the list is not whole.
//
// specs/13 API-14: a preview names each announcement that the settled
// authorisations permit before the act and not after it.
func lost(before, after View, changed []wire.Resource) (out []lostShape, part bool, err error) {
	out = []lostShape{}
	roots := outermost(changed)
	old, part1, err := payloadsOver(before, roots)
	if err != nil {
		return out, false, err
	}
	now, part2, err := payloadsOver(after, roots)
	c := comparison{now: now, part: part1 || part2, out: out}
	for _, x := range old {
		if x.as != 0 && !slices.ContainsFunc(now, x.permitsAll) {
			c.walk(x, x.at, overlapping(now, x.at))
		}
	}
	return c.out, c.part, err
}

// permitsAll reports whether y permits what x does, and all of it.
func (x vrp) permitsAll(y vrp) bool {
	return y.as == x.as && y.MaxLength >= x.MaxLength && inr.Covers(y.at, x.at)
}

// outermost is the prefixes of a list that no other of it covers.
func outermost(list []wire.Resource) (out []wire.Resource) {
	for _, r := range list {
		around := func(x wire.Resource) bool { return x != r && inr.Covers(x, r) }
		if r.Family != wire.ASN && !slices.ContainsFunc(list, around) {
			out = append(out, r)
		}
	}
	return out
}

// payloadsOver is the route payloads at blocks that cover or lie in some blocks.
func payloadsOver(v View, roots []wire.Resource) (list []vrp, part bool, err error) {
	looks := 0
	take := func(l tree.Leaf) bool {
		if looks++; looks > LooksMax {
			part = true
			return false
		}
		if payloads.Authorises(l.Data) {
			list, err = appendVRPs(list, v, l.Key.Resource())
		}
		return err == nil
	}
	for _, r := range roots {
		k := tree.ResourceKey(r)
		for _, l := range v.State.Path(k) {
			if l.Key != k && !take(l) {
				return list, part, err
			}
		}
		v.State.Walk(k, take)
	}
	return list, part, err
}

// comparison collects what is lost.
type comparison struct {
	now  []vrp
	out  []lostShape
	part bool
}

// walk looks at what x permitted inside p, down the halves of p as far as
// payloads lie strictly inside it: elsewhere all of one length fare alike.
func (c *comparison) walk(x vrp, p wire.Resource, over []vrp) {
	best, covered, deeper := -1, false, false
	for _, y := range over {
		if !inr.Covers(y.at, p) {
			deeper = deeper || uint64(y.at.Len) <= x.MaxLength
			continue
		}
		covered = true
		if y.as == x.as {
			best = max(best, int(y.MaxLength))
		}
	}
	if !deeper {
		c.note(x, p, max(int(p.Len), best+1), int(x.MaxLength), covered)
		return
	}
	if best < int(p.Len) {
		c.note(x, p, int(p.Len), int(p.Len), covered)
	}
	if low, high, ok := inr.Halves(p); ok && uint64(p.Len) < x.MaxLength && !c.part {
		c.walk(x, low, overlapping(over, low))
		c.walk(x, high, overlapping(over, high))
	}
}

func (c *comparison) note(x vrp, p wire.Resource, from, to int, covered bool) {
	if from > to {
		return
	}
	if len(c.out) == LostMax {
		c.part = true
		return
	}
	after := "not found"
	if covered {
		after = "invalid"
	}
	one := lostShape{p.String(), uint64(from), uint64(to), x.AS, after}
	if !slices.Contains(c.out, one) {
		c.out = append(c.out, one)
	}
}

func overlapping(list []vrp, r wire.Resource) (out []vrp) {
	for _, x := range list {
		if inr.Overlaps(x.at, r) {
			out = append(out, x)
		}
	}
	return out
}

// changedBlocks is the blocks, among some keys, at which two states differ.
func changedBlocks(keys []tree.Key, before, after tree.State) (out []wire.Resource) {
	for _, k := range keys {
		if !k.Subtree.Prefixes() {
			continue
		}
		was, _ := before.Get(k)
		is, _ := after.Get(k)
		if was.Value != is.Value {
			out = append(out, k.Resource())
		}
	}
	return slices.Compact(out)
}
