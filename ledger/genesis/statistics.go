package genesis

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"net/netip"
	"slices"

	"github.com/ethereum/go-ethereum/rlp"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// Summary is what the head of statistics says of the lines below it.
type Summary struct {
	rows     [3]uint64 // by family
	earliest uint64    // date of any line, YYYYMMDD; 0 where none has one
}

// StatisticsLines writes the lines of a state's titles as registries publish theirs,
// extended, and sums them up: the head, which stands before them, is known when they
// are written. It looks at each title once and keeps none.
//
// specs/30 FILE-12: The statistics MUST have one line for each run of titles, IPv4,
// IPv6, AS numbers, each ascending.
func StatisticsLines(w io.Writer, s tree.State) (sum Summary, err error) {
	var failed error
	err = runs(s, func(r run) {
		if failed == nil {
			sum.add(r)
			failed = r.write(w)
		}
	})
	if err == nil {
		err = failed
	}
	return sum, err
}

// Head is the lines before the others: of a state after the block of a height, whose
// header is of a day, YYYYMMDD.
//
// specs/30 FILE-12: ... a version line 2.3 of the registry `ipledger` with the height
// as serial, the earliest date and the day; a summary line for each type.
func (c *Summary) Head(height, day uint64) string {
	first := day
	if c.earliest != 0 {
		first = min(first, c.earliest)
	}
	out := fmt.Sprintf("2.3|%s|%d|%d|%d|%d|+0000\n", OwnRegistry, height, c.rows[0]+c.rows[1]+c.rows[2], first, day)
	for f, n := range c.rows {
		out += fmt.Sprintf("%s|*|%s|*|%d|summary\n", OwnRegistry, kinds[f], n)
	}
	return out
}

func (c *Summary) add(r run) {
	c.rows[r.family] += uint64(len(r.values()))
	if date := r.said.date; date != 0 && (c.earliest == 0 || date < c.earliest) {
		c.earliest = date
	}
}

// run is numbers of one family, from first to last, of whom the same is said.
type run struct {
	family      wire.Family
	first, last [16]byte
	said        said
}

// said is what a line says beside its numbers. Titles that touch and of which the
// same is said are one run.
type said struct {
	country, status, holder, source string
	date                            uint64
}

// runs visits the runs of a state, ascending.
//
// specs/30 FILE-13: A run is numbers of titles that touch and have the same holder,
// status, country, date and source.
func runs(s tree.State, visit func(run)) (err error) {
	for f, sub := range []tree.Subtree{tree.IPv4, tree.IPv6, tree.ASN} {
		var last *run
		s.Walk(tree.RootKey(sub), func(l tree.Leaf) bool {
			var t *record.Title
			if t, err = titleAt(l); err != nil || t == nil {
				return err == nil
			}
			next := run{family: wire.Family(f), said: saidOf(t)}
			next.first, next.last = inr.Ends(l.Key.Resource())
			if last != nil && last.joins(&next) {
				last.last = next.last
				return true
			}
			if last != nil {
				visit(*last)
			}
			last = &next
			return true
		})
		if err != nil {
			return err
		}
		if last != nil {
			visit(*last)
		}
	}
	return nil
}

// titleAt is the title of a folio, nil where it has none. It decodes the title alone,
// which is the first of a folio's slots: a folio in a state is canonical, and a million
// of them are looked at.
func titleAt(l tree.Leaf) (*record.Title, error) {
	slots, _, err := rlp.SplitList(l.Data)
	if err != nil {
		return nil, err
	}
	title, _, err := rlp.SplitString(slots)
	if err != nil || len(title) == 0 {
		return nil, err
	}
	return record.TitleFromBytes(title)
}

// joins reports whether next begins where r ends, and the same is said of both.
func (r *run) joins(next *run) bool {
	return r.said == next.said && right(r.family, r.last).next() == right(r.family, next.first) && bytes.Compare(r.last[:], next.first[:]) < 0
}

func saidOf(t *record.Title) said {
	out := said{t.Source.Country, t.Source.Status, holderOf(t), t.Source.Registry, t.Source.Date}
	switch {
	case t.State == record.Available || t.State == record.Reserved:
		out.status, out.holder = t.State.String(), ""
	case out.status != "assigned":
		out.status = "allocated"
	}
	return out
}

// holderOf is the opaque id of a title's holder.
//
// specs/30 FILE-14: The opaque id MUST be the account of the holder, or without one the
// first 40 digits of a hash of the registry's row: SHA-256 of 0x75, registry, 0x00, and
// its handle, or where it has none 0x00 and both ends of it.
func holderOf(t *record.Title) string {
	if !t.Holder.IsZero() {
		return t.Holder.String()
	}
	if t.Source.Handle != "" {
		return hex.EncodeToString(handleSum([]byte(t.Source.Handle), t))
	}
	return hex.EncodeToString(handleSum(slices.Concat([]byte{0}, t.Source.First[:], t.Source.Last[:]), t))
}

func handleSum(of []byte, t *record.Title) []byte {
	sum := wire.Sum(wire.TagHandle, []byte(t.Source.Registry), []byte{0}, of)
	return sum[:20]
}

// values is the start and value of each line of the run: addresses and AS numbers are
// counted, IPv6 is cut into prefixes.
func (r run) values() (out [][2]string) {
	first, last := right(r.family, r.first), right(r.family, r.last)
	switch r.family {
	case wire.IPv4:
		start := netip.AddrFrom4([4]byte(r.first[:4]))
		return [][2]string{{start.String(), fmt.Sprint(last.sub(first).lo + 1)}}
	case wire.ASN:
		return [][2]string{{fmt.Sprint(first.lo), fmt.Sprint(last.sub(first).lo + 1)}}
	}
	blocks, _ := inr.Blocks(r.family, r.first, r.last) // ends of titles are in their order
	for _, b := range blocks {
		out = append(out, [2]string{netip.AddrFrom16(b.Addr).String(), fmt.Sprint(b.Len)})
	}
	return out
}

func (r run) write(w io.Writer) (err error) {
	date := ""
	if r.said.date != 0 || r.said.holder != "" {
		date = fmt.Sprintf("%08d", r.said.date)
	}
	for _, v := range r.values() {
		_, err = fmt.Fprintf(w, "%s|%s|%s|%s|%s|%s|%s|%s|%s\n", OwnRegistry, r.said.country, kinds[r.family], v[0], v[1], date, r.said.status, r.said.holder, r.said.source)
	}
	return err
}
