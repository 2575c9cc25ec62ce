package tx

import "fmt"

const (
	minute = 60
	hour   = 60 * minute
	day    = 24 * hour

	// lastSecond is the end of the year 9999, the last that a date of four
	// digits can show.
	lastSecond = 253402300799
)

// UTC is a Unix second as RFC 3339 writes it, in UTC.
func UTC(seconds uint64) string {
	if seconds > lastSecond {
		return fmt.Sprintf("Unix second %d", seconds)
	}
	y, m, d := civil(seconds / day)
	rest := seconds % day
	return fmt.Sprintf("%04d-%02d-%02dT%02d:%02d:%02dZ", y, m, d, rest/hour, rest%hour/minute, rest%minute)
}

// civil is the Gregorian date of a count of days since 1970. It counts years
// from March, so that the leap day is the last of its year.
func civil(days uint64) (year, month, dayOf uint64) {
	const (
		shift = 719468 // days from 1 March of the year 0 to 1970
		four  = 146097 // days in 400 years
	)
	days += shift
	era, d := days/four, days%four
	y := (d - d/1460 + d/36524 - d/146096) / 365
	d -= 365*y + y/4 - y/100
	m := (5*d + 2) / 153
	dayOf = d - (153*m+2)/5 + 1
	month = (m+2)%12 + 1
	year = era*400 + y
	if month <= 2 {
		year++
	}
	return year, month, dayOf
}

// span is a number of seconds in the largest unit that divides it.
func span(seconds uint64) string {
	for _, u := range []struct {
		name string
		size uint64
	}{{"day", day}, {"hour", hour}, {"minute", minute}} {
		if seconds != 0 && seconds%u.size == 0 {
			return count(seconds/u.size, u.name)
		}
	}
	return count(seconds, "second")
}

func count(n uint64, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}
