package genesis

import (
	"fmt"

	"ipledger/ledger/record"
)

// Rows reads statistics and settles their conflicts: the titles there are, in
// the order of keys, and an account of every record line. The order of the
// files changes the order of the report, never the titles.
func Rows(stats []Stats) ([]Row, *Report, error) {
	return rowsOf(stats, func(string, int, int) {})
}

func rowsOf(stats []Stats, step func(stage string, done, total int)) ([]Row, *Report, error) {
	files, rows, err := readAll(stats, step)
	if err != nil {
		return nil, nil, err
	}
	step("settle conflicts", 0, len(rows))
	c := settle(files, rows)
	rep, titles := c.report(), c.titles()
	rep.measure(titles)
	return titles, rep, nil
}

// readAll reads all files, of one date for each registry.
func readAll(stats []Stats, step func(stage string, done, total int)) (files []*statsFile, rows []row, err error) {
	if len(stats) > StatsFilesMax {
		return nil, nil, fmt.Errorf("%w: %d files, at most %d (GEN-1)", ErrStats, len(stats), StatsFilesMax)
	}
	for i, in := range stats {
		step("read "+in.Name, i, len(stats))
		f, more, err := readStats(in, i, rows)
		if err != nil {
			return nil, nil, err
		}
		files, rows = append(files, f), more
	}
	return files, rows, oneDate(files, rows)
}

// measure counts the titles that are not available or reserved.
func (r *Report) measure(titles []Row) {
	r.Totals = Totals{BySource: map[string]Counts{}}
	for i := range titles {
		t := &titles[i]
		if t.State == record.Available || t.State == record.Reserved {
			continue
		}
		r.Totals.add(t.Resource)
		by := r.Totals.BySource[t.Source.Registry]
		by.add(t.Resource)
		r.Totals.BySource[t.Source.Registry] = by
	}
}
