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

// WriteStatistics writes the titles of a state in the format in which registries
// publish theirs, extended: a version line, a summary line for each type, then one
// line for each run. height is that of the state's block, day YYYYMMDD of its header.
// It looks at the titles twice and keeps none.
//
// specs/30 FILE-12: The statistics MUST have the version line 2.3 of the registry
// `ipledger`, with the height as serial, and one line for each run of titles.
func WriteStatistics(w io.Writer, s tree.State, height, day uint64) error {
	count := counter{earliest: 99999999}
	if err := runs(s, count.add); err != nil {
		return err
	}
	if count.earliest > day {
		count.earliest = day
	}
	fmt.Fprintf(w, "2.3|%s|%d|%d|%d|%d|+0000\n", OwnRegistry, height, count.rows[0]+count.rows[1]+count.rows[2], count.earliest, day)
	for f, n := range count.rows {
		fmt.Fprintf(w, "%s|*|%s|*|%d|summary\n", OwnRegistry, kinds[f], n)
	}
	var out error
	if err := runs(s, func(r run) {
		if out == nil {
			out = r.write(w)
		}
	}); err != nil {
		return err
	}
	return out
}

// counter counts lines by family, and finds the earliest date.
type counter struct {
	rows     [3]uint64
	earliest uint64
}

func (c *counter) add(r run) {
	c.rows[r.family] += uint64(len(r.values()))
	if r.said.date != 0 {
		c.earliest = min(c.earliest, r.said.date)
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
