package record

import "strconv"

// ReadDay reads YYYYMMDD between 1980 and 2199; ok is false for anything else.
func ReadDay(text string) (n uint32, ok bool) {
	v, err := strconv.ParseUint(text, 10, 32)
	if err != nil || len(text) != 8 || text[0] == '+' {
		return 0, false
	}
	y, m, d := v/10000, v/100%100, v%100
	return uint32(v), y >= 1980 && y < 2200 && m >= 1 && m <= 12 && d >= 1 && d <= 31
}

// Midnight is the Unix time at which a day YYYYMMDD begins in UTC; 0 for 0.
func Midnight(day uint32) uint64 {
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
