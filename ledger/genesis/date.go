package genesis

import (
	"fmt"
	"strings"

	"ipledger/ledger/record"
)

// dateIn is the last date of eight digits in a file's name, or in that of its
// directory; 0 when neither has one.
//
// specs/08 GEN-4: A derived list has the date in its name, or else in its
// directory's name, or else none.
func dateIn(name string) uint32 {
	parts := strings.Split(strings.ReplaceAll(name, `\`, "/"), "/")
	for i := len(parts) - 1; i >= 0 && i >= len(parts)-2; i-- {
		words := strings.FieldsFunc(parts[i], func(c rune) bool { return c < '0' || c > '9' })
		for j := len(words) - 1; j >= 0; j-- {
			if d, ok := record.ReadDay(words[j]); ok {
				return d
			}
		}
	}
	return 0
}

// oneDate refuses rows of one registry from files of two dates.
//
// specs/08 GEN-5: Rows of one registry from files of two dates MUST be refused.
// A list without a date stands beside any.
func oneDate(files []*statsFile, rows []row) error {
	var from [len(record.Registries)]*statsFile
	for i := range rows {
		f := files[rows[i].file]
		was := &from[rows[i].registry]
		switch {
		case f.date == 0 || *was == f:
		case *was == nil:
			*was = f
		case (*was).date != f.date:
			return fmt.Errorf("%w: rows of %s come from %s (%d) and from %s (%d); give files of one date for each registry (GEN-5)",
				ErrStats, record.Registries[rows[i].registry], (*was).name, (*was).date, f.name, f.date)
		}
	}
	return nil
}
