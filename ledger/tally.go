package ledger

import (
	"bytes"
	"maps"
	"slices"

	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// tally is what the ledger block has changed in the counts that governance goes
// by: of authorisations, and of settled titles by the owner of their source row.
// The counts are written when the ledger block closes.
type tally struct {
	origins int
	titles  map[wire.Hash]int
	log     []counted
	watched bool // it is noted which authorisations go and come, not only how many
}

// counted is one change of the counts; mark is where the tree stood before it.
type counted struct {
	mark    int
	origins int
	titles  int
	owner   wire.Hash
	seen    []seen // while it is watched
}

// seen is an authorisation that went, by -1, or came, by 1. Which act entered it is
// left out: one that is written anew as it was has not gone.
type seen struct {
	what spotted
	by   int
}

type spotted struct {
	at     wire.Resource
	holder wire.Address
	most   uint64
	as     uint64
}

// sightings are the authorisations at a block before and after it is written.
func sightings(at wire.Resource, before, after []byte) (out []seen) {
	note := func(raw []byte, by int) {
		if len(raw) == 0 {
			return
		}
		for _, o := range record.OwnOrigins(raw) {
			out = append(out, seen{spotted{at, o.Holder, o.MaxLength, o.AS}, by})
		}
	}
	note(before, -1)
	note(after, 1)
	return out
}

// withdrawn is how many authorisations that stood at a place of the log stand no more.
func (t *tally) withdrawn(from int) (n uint64) {
	left := map[spotted]int{}
	for _, c := range t.log[from:] {
		for _, s := range c.seen {
			left[s.what] += s.by
		}
	}
	for _, by := range left {
		if by < 0 {
			n++
		}
	}
	return n
}

// tallyFolio notes what writing f on a page changes in the counts. It gives the title
// in f if it decoded it.
func (b *block) tallyFolio(p *page, f *record.Folio) (after *record.Title) {
	var before *record.Folio
	if before = p.folio; before == nil {
		before = new(record.Folio)
	}
	if !bytes.Equal(before.Authorisations, f.Authorisations) {
		n := int(record.CountOrigins(f.Authorisations)) - int(record.CountOrigins(before.Authorisations))
		c := counted{origins: n}
		if b.tally.watched {
			c.seen = sightings(p.at, before.Authorisations, f.Authorisations)
		}
		b.tallied(c)
	}
	if bytes.Equal(before.Title, f.Title) {
		return nil
	}
	var was, is wire.Hash
	if p.folio != nil {
		was = settledOwner(p.titleHere())
	}
	if len(f.Title) > 0 {
		after = record.OwnTitle(f.Title)
		is = settledOwner(after)
	}
	if was != is {
		b.tallied(counted{titles: -1, owner: was})
		b.tallied(counted{titles: 1, owner: is})
	}
	return after
}

// settledOwner is whom a title counts for, zero where it does not.
//
// specs/23 GOV-13: a holder is a handle of a source with a title held at grade A
// or B, or T on a test network.
func settledOwner(t *record.Title) (owner wire.Hash) {
	if t == nil || t.State != record.Held || !t.Grade.Settled() {
		return owner
	}
	return t.Source.Owner()
}

func (b *block) tallied(c counted) {
	if c.origins == 0 && c.owner.IsZero() && len(c.seen) == 0 {
		return
	}
	c.mark = b.e.Mark()
	b.tally.origins += c.origins
	if !c.owner.IsZero() {
		if b.tally.titles == nil {
			b.tally.titles = map[wire.Hash]int{}
		}
		b.tally.titles[c.owner] += c.titles
		k := record.HandleKey(c.owner)
		leaf, _ := b.e.Get(k)
		b.wrote(b.touch(k, len(leaf.Data)), handleBytes)
	}
	b.tally.log = append(b.tally.log, c)
}

// handleBytes is more than a record.Handle takes.
const handleBytes = 16

// uncount takes back what was counted since mark.
func (b *block) uncount(mark int) {
	log := b.tally.log
	for n := len(log); n > 0 && log[n-1].mark >= mark; n-- {
		c := log[n-1]
		b.tally.origins -= c.origins
		if !c.owner.IsZero() {
			b.tally.titles[c.owner] -= c.titles
		}
		b.tally.log = log[:n-1]
	}
}

// writeCounts writes the counts as the ledger block leaves them.
func (b *block) writeCounts() {
	b.chain.Origins += uint64(b.tally.origins)
	owners := slices.SortedFunc(maps.Keys(b.tally.titles), func(x, y wire.Hash) int { return bytes.Compare(x[:], y[:]) })
	for _, owner := range owners {
		b.countTitles(owner, b.tally.titles[owner])
	}
}

func (b *block) countTitles(owner wire.Hash, n int) {
	if n == 0 {
		return
	}
	k, x := record.HandleKey(owner), &record.Handle{Rules: record.Rules}
	if leaf, ok := b.e.Get(k); ok {
		x = wire.Own[record.Handle](leaf.Data)
	} else {
		b.chain.Holders++
	}
	if x.Titles += uint64(n); x.Titles == 0 {
		b.chain.Holders--
		b.remove(k)
		return
	}
	b.put(k, wire.Encode(x))
}

// Tally counts a state that was made by hand, or of files, as Apply would have
// counted it: settled titles by owner, and authorisations.
func Tally(s tree.State) (tree.State, error) {
	b, err := open(s, Header{}, 0)
	if err != nil {
		return s, err
	}
	b.chain.Origins, b.chain.Holders, b.tally.titles = 0, 0, map[wire.Hash]int{}
	for f := tree.IPv4; f <= tree.ASN; f++ {
		s.Walk(tree.Key{Subtree: f}, func(l tree.Leaf) bool {
			folio := decodeFolio(l)
			b.tally.origins += int(record.CountOrigins(folio.Authorisations))
			if len(folio.Title) > 0 {
				t := record.OwnTitle(folio.Title)
				b.e.Delete(record.HandleKey(t.Source.Owner()))
				if owner := settledOwner(t); !owner.IsZero() {
					b.tally.titles[owner]++
				}
			}
			return true
		})
	}
	b.writeCounts()
	b.write(record.ChainKey, b.chain)
	return b.e.Freeze(), nil
}
