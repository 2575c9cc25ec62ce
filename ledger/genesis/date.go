package genesis

import (
	"fmt"
	"strconv"
	"strings"
)

// day reads YYYYMMDD between 1980 and 2199; ok is false for anything else.
func day(text string) (n uint32, ok bool) {
	v, err := strconv.ParseUint(text, 10, 32)
	if err != nil || len(text) != 8 || !digits(text) {
		return 0, false
	}
	y, m, d := v/10000, v/100%100, v%100
	return uint32(v), y >= 1980 && y < 2200 && m >= 1 && m <= 12 && d >= 1 && d <= 31
}

// midnight is the Unix time at which a day YYYYMMDD begins in UTC; 0 for 0.
func midnight(day uint32) uint64 {
	if day == 0 {
		return 0
	}
	y, m, d := int64(day/10000), int64(day/100%100), int64(day%100)
	if m <= 2 {
		y, m = y-1, m+12
	}
	// Days since 1970-01-01 in the Gregorian calendar, years beginning in March.
	days := 365*y + y/4 - y/100 + y/400 + (153*(m-3)+2)/5 + d - 719469
	return uint64(days) * 86400
}

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
			if d, ok := day(words[j]); ok {
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
	var from [len(Registries)]*statsFile
	for i := range rows {
		f := files[rows[i].file]
		was := &from[rows[i].registry]
		switch {
		case f.date == 0 || *was == f:
		case *was == nil:
			*was = f
		case (*was).date != f.date:
			return fmt.Errorf("%w: rows of %s come from %s (%d) and from %s (%d); give files of one date for each registry (GEN-5)",
				ErrStats, Registries[rows[i].registry], (*was).name, (*was).date, f.name, f.date)
		}
	}
	return nil
}
