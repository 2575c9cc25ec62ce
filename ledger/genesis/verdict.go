package genesis

import (
	"cmp"
	"fmt"
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// outcome is what a row kept, and the first number it lost.
type outcome struct {
	kept bool
	next number // the first number not yet seen to be kept
	lost bool
	at   number
}

// report gives every record line its verdict.
func (c *contest) report() *Report {
	rep := &Report{Files: []FileReport{}, Lines: []Line{}, Totals: Totals{BySource: map[string]Counts{}}}
	for _, f := range c.files {
		rep.Files = append(rep.Files, FileReport{Name: f.name, SHA256: f.digest, Rows: f.rows,
			Rejected: len(f.rejected), Class: f.class.String(), Date: f.date, Warnings: f.warnings()})
	}
	done := c.outcomes()
	perFile := make([][]Line, len(c.files))
	for i := range c.rows {
		v, why := c.verdict(i, &done[i])
		f := c.rows[i].file
		rep.Files[f].count(v)
		if v != Taken {
			perFile[f] = append(perFile[f], Line{File: c.files[f].name, Line: c.rows[i].line, Verdict: v, Reason: why})
		}
	}
	for i, f := range c.files {
		lines := append(perFile[i], f.rejected...)
		slices.SortFunc(lines, func(a, b Line) int { return cmp.Compare(a.Line, b.Line) })
		rep.Lines = append(rep.Lines, lines...)
	}
	return rep
}

// outcomes walks the pieces once, upwards, and sees what each row kept.
func (c *contest) outcomes() []outcome {
	done := make([]outcome, len(c.rows))
	for i := range done {
		done[i].next = c.rows[i].first
	}
	for _, pieces := range c.pieces {
		for _, p := range pieces {
			if p.row == setAside {
				continue
			}
			o := &done[p.row]
			if o.kept = true; o.next != p.first && !o.lost {
				o.lost, o.at = true, o.next
			}
			o.next = p.last.next()
		}
	}
	for i := range done {
		o := &done[i]
		if !o.lost && (!o.kept || o.next != c.rows[i].last.next()) {
			o.lost, o.at = true, o.next
		}
	}
	return done
}

func (c *contest) verdict(i int, o *outcome) (Verdict, string) {
	r := &c.rows[i]
	if w := c.into[i]; w != i {
		return Merged, "the same block and registry as " + c.place(w)
	}
	if !o.lost {
		return Taken, ""
	}
	if source, ok := wholly(r.span); ok {
		return Rejected, "never registrable: " + source + " (GEN-6)"
	}
	why := fmt.Sprintf("number %s is won by %s (GEN-6)", textOf(r.family, o.at), c.winner(r.family, o.at))
	if o.kept {
		return Cut, "from " + why
	}
	return Conflicting, why
}

// place names a row: its file and line.
func (c *contest) place(i int) string {
	return fmt.Sprintf("%s line %d", c.files[c.rows[i].file].name, c.rows[i].line)
}

// winner names who won a number.
func (c *contest) winner(f wire.Family, n number) string {
	pieces := c.pieces[f]
	i, _ := slices.BinarySearchFunc(pieces, n, func(p piece, n number) int { return p.last.compare(n) })
	if i == len(pieces) || pieces[i].row == setAside {
		return "a special use"
	}
	w := &c.rows[pieces[i].row]
	return record.Registries[w.registry] + ", " + c.place(pieces[i].row)
}

// wholly reports whether the whole of s is never registrable, and by what.
func wholly(s span) (source string, ok bool) {
	for _, n := range neverSpans() {
		ok = ok || n.has(s)
	}
	if !ok {
		return "", false
	}
	for _, n := range inr.NeverRegistrable() {
		first, last := inr.Ends(n.Block)
		if n.Block.Family == s.family && !s.first.less(right(s.family, first)) && !right(s.family, last).less(s.first) {
			source = n.Source
		}
	}
	return source, true
}

func textOf(f wire.Family, n number) string {
	r := wire.Resource{Family: f, Len: uint8(f.Bits()), Addr: n.left(f)}
	if f == wire.ASN {
		return r.String()
	}
	return r.Prefix().Addr().String()
}

// warnings says where a file's summary lines contradict its rows.
func (f *statsFile) warnings() []string {
	out := []string{}
	for _, kind := range kinds {
		if stated, ok := f.summary[kind]; ok && stated != f.count[kind] {
			out = append(out, fmt.Sprintf("the summary states %d %s rows, %d were read", stated, kind, f.count[kind]))
		}
	}
	return out
}
