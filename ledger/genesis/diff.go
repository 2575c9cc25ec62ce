package genesis

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// Diff compares registries' files of a day with the register, and gives for each
// registry that the files have rows of what they change, in order of name; Lines
// is empty where they change nothing. Conflicts are settled as in genesis (specs/08 GEN-6): rows of registries
// that have no file here take part with the rows that the register has of them.
//
// What it gives follows from the register's titles and the files alone, whatever
// their order: registrars who compare the same make the same bytes.
func Diff(register []*Listed, stats []Stats) ([]StatementFile, *Report, error) {
	files, rows, err := readAll(stats, func(string, int, int) {})
	if err != nil {
		return nil, nil, err
	}
	d := &diff{register: register, of: map[string]*StatementFile{}}
	if err := d.open(files, rows); err != nil {
		return nil, nil, err
	}
	files, rows = d.others(files, rows)
	c := settle(files, rows)
	d.titles = c.titles()
	d.news()
	d.gone()
	d.agreed()
	return d.close(), withoutRegister(c.report()), nil
}

// registerName stands for a file's name where rows come from the register itself.
const registerName = "the register"

// withoutRegister leaves the register's own rows out of a report.
func withoutRegister(r *Report) *Report {
	r.Files = slices.DeleteFunc(r.Files, func(f FileReport) bool { return f.Name == registerName })
	r.Lines = slices.DeleteFunc(r.Lines, func(l Line) bool { return l.File == registerName })
	return r
}

// diff is a comparison under way.
type diff struct {
	register []*Listed
	titles   []Row // as the files have it
	of       map[string]*StatementFile
}

// open makes a statement file for each registry that the files have rows of.
func (d *diff) open(files []*statsFile, rows []row) error {
	digests := map[string][]wire.Hash{}
	for i := range rows {
		name, f := record.Registries[rows[i].registry], files[rows[i].file]
		at := d.of[name]
		if at == nil {
			at = &StatementFile{Registry: name}
			d.of[name] = at
		}
		if at.Date = max(at.Date, uint64(f.date)); !slices.Contains(digests[name], f.digest) {
			digests[name] = append(digests[name], f.digest)
		}
	}
	for name, at := range d.of {
		if at.Date == 0 {
			return fmt.Errorf("%w: no file of %s has a date; put it into the file's name (SRC-2, GEN-4)", ErrStats, name)
		}
		at.File = digestOf(digests[name])
	}
	return nil
}

// digestOf is the digest of a registry's file.
//
// specs/21 SRC-21: where rows of a registry came from several, the SHA-256 of
// their digests, ascending.
func digestOf(list []wire.Hash) wire.Hash {
	if len(list) == 1 {
		return list[0]
	}
	slices.SortFunc(list, func(a, b wire.Hash) int { return bytes.Compare(a[:], b[:]) })
	h := sha256.New()
	for _, one := range list {
		h.Write(one[:])
	}
	return wire.Hash(h.Sum(nil))
}

// others adds the rows that the register has of registries without a file.
func (d *diff) others(files []*statsFile, rows []row) ([]*statsFile, []row) {
	seen := map[record.Source]bool{}
	files = append(files, &statsFile{name: registerName})
	for _, t := range d.register {
		s := &t.Source
		if d.of[s.Registry] != nil || registryOf(s.Registry) == nobody || seen[*s] {
			continue
		}
		seen[*s] = true
		f := t.Resource.Family
		r := row{span: span{f, right(f, s.First), right(f, s.Last)}, registry: registryOf(s.Registry), class: s.Class,
			legacy: s.Legacy, status: s.Status, date: uint32(s.Date), country: s.Country, handle: s.Handle, file: len(files) - 1}
		r.fit, _ = fits(r.span, r.registry)
		rows = append(rows, r)
	}
	return files, rows
}

func (d *diff) say(registry string, r wire.Resource, s *record.Source) {
	at := d.of[registry]
	at.Lines = append(at.Lines, tx.Statement{Block: r, Source: s})
}

// news states what the files list and the register has not, or has otherwise.
func (d *diff) news() {
	for i := range d.titles {
		n := &d.titles[i]
		if d.of[n.Source.Registry] == nil {
			continue
		}
		from, to := overlapped(d.register, n.Resource)
		over := d.register[from:to]
		if !stands(n, over) {
			d.say(n.Source.Registry, n.Resource, &n.Source)
			continue
		}
		for _, t := range over {
			if part := narrower(t.Resource, n.Resource); t.Bound && !t.Source.Agrees(&n.Source) && !t.says(part, &n.Source) {
				d.say(n.Source.Registry, part, &n.Source)
			}
		}
	}
}

// stands reports whether the titles over a block leave none of it to be stated:
// a title around it has the row, or those in it that are free have it and are the
// fewest that cover the block beside the bound ones.
func stands(n *Row, over []*Listed) bool {
	if len(over) == 1 && !over[0].Bound && over[0].Source == n.Source && inr.Covers(over[0].Resource, n.Resource) {
		return true // as nearly always
	}
	var bound, free []wire.Resource
	for _, t := range over {
		switch {
		case t.Bound:
			bound = append(bound, t.Resource)
		case t.Source != n.Source:
			return false
		default:
			free = append(free, t.Resource)
		}
	}
	if len(over) == 1 && inr.Covers(over[0].Resource, n.Resource) {
		return true
	}
	return slices.Equal(free, inr.Beside(n.Resource, bound))
}

// says reports whether a title's mark says of a part what the source says.
func (t *Listed) says(part wire.Resource, s *record.Source) bool {
	return t.Mark != nil && t.Mark.Says == s.Says() && inr.Covers(t.Mark.At, part)
}

func narrower(x, y wire.Resource) wire.Resource {
	if inr.Covers(x, y) {
		return y
	}
	return x
}

// gone states what the register has of the files' registries and they list no
// more, or another registry without a file lists.
func (d *diff) gone() {
	i := 0
	for _, t := range d.register {
		if d.of[t.Source.Registry] == nil {
			continue
		}
		for i < len(d.titles) && inr.Compare(d.titles[i].Resource, t.Resource) < 0 && !inr.Covers(d.titles[i].Resource, t.Resource) {
			i++
		}
		if i < len(d.titles) && inr.Covers(d.titles[i].Resource, t.Resource) && d.of[d.titles[i].Source.Registry] != nil {
			continue // as nearly always
		}
		var still []wire.Resource
		for j := i; j < len(d.titles) && inr.Overlaps(d.titles[j].Resource, t.Resource); j++ {
			if d.of[d.titles[j].Source.Registry] != nil {
				still = append(still, narrower(t.Resource, d.titles[j].Resource))
			}
		}
		for _, r := range inr.Beside(t.Resource, still) {
			if !t.Bound || !t.says(r, nil) {
				d.say(t.Source.Registry, r, nil)
			}
		}
	}
}

// agreed ends the divergence of titles about which the files agree again.
func (d *diff) agreed() {
	for _, t := range d.register {
		if t.Mark == nil || d.of[t.Source.Registry] == nil {
			continue
		}
		var row *record.Source
		var blocks []wire.Resource
		agrees := true
		for i := d.first(t.Mark.At); i < len(d.titles) && inr.Overlaps(d.titles[i].Resource, t.Mark.At); i++ {
			row = &d.titles[i].Source
			agrees = agrees && t.Source.Agrees(row)
			blocks = append(blocks, narrower(t.Mark.At, d.titles[i].Resource))
		}
		if row != nil && agrees && t.Bound && len(inr.Beside(t.Mark.At, blocks)) == 0 && !d.spoken(t.Source.Registry, t.Mark.At) {
			d.say(t.Source.Registry, t.Mark.At, over(row, t.Mark.At))
		}
	}
}

// over is a row that a statement about a block can name: one that covers it.
func over(row *record.Source, r wire.Resource) *record.Source {
	out := *row
	first, last := inr.Ends(r)
	if bytes.Compare(out.First[:], first[:]) > 0 || bytes.Compare(out.Last[:], last[:]) < 0 {
		out.First, out.Last = first, last
	}
	return &out
}

// first is the first of the files' titles that overlaps a block or comes after it.
func (d *diff) first(r wire.Resource) int {
	i, _ := slices.BinarySearchFunc(d.titles, r, func(n Row, r wire.Resource) int { return inr.Compare(n.Resource, r) })
	if i > 0 && inr.Covers(d.titles[i-1].Resource, r) {
		i--
	}
	return i
}

// spoken reports whether a statement about a block is made already.
func (d *diff) spoken(registry string, r wire.Resource) bool {
	return slices.ContainsFunc(d.of[registry].Lines, func(s tx.Statement) bool { return inr.Overlaps(s.Block, r) })
}

// close sorts what was stated.
func (d *diff) close() (out []StatementFile) {
	for _, name := range record.Registries {
		if at := d.of[name]; at != nil {
			slices.SortFunc(at.Lines, func(a, b tx.Statement) int { return inr.Compare(a.Block, b.Block) })
			out = append(out, *at)
		}
	}
	return out
}
