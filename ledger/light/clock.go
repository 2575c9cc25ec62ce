package light

import "fmt"

// clockMax is the last second of the year 9999.
const clockMax = 253402300799

// Clock writes Unix seconds as 2006-01-02T15:04:05Z. Beyond the year 9999 it
// writes the seconds.
func Clock(seconds uint64) string {
	if seconds > clockMax {
		return fmt.Sprintf("second %d", seconds)
	}
	days, rest := seconds/86400, seconds%86400
	year, month, day := civil(days)
	b := make([]byte, 0, len("2006-01-02T15:04:05Z"))
	b = append(digits(digits(digits(b, year, 1000), month, 10, '-'), day, 10, '-'), 'T')
	b = digits(digits(digits(b, rest/3600, 10), rest/60%60, 10, ':'), rest%60, 10, ':')
	return string(append(b, 'Z'))
}

// digits appends a number after what comes before it; first is what its first digit
// counts.
func digits(b []byte, n, first uint64, before ...byte) []byte {
	b = append(b, before...)
	for ; first > 0; first /= 10 {
		b = append(b, byte('0'+n/first%10))
	}
	return b
}

// civil is the date so many days after 1970-01-01 in the Gregorian calendar.
// It counts in eras of 400 years that start on the first of March, so that the
// leap day is the last of its year.
func civil(days uint64) (year, month, day uint64) {
	days += 719468 // from 0000-03-01 to 1970-01-01
	era, inEra := days/146097, days%146097
	yearOfEra := (inEra - inEra/1460 + inEra/36524 - inEra/146096) / 365
	inYear := inEra - (365*yearOfEra + yearOfEra/4 - yearOfEra/100)
	shifted := (5*inYear + 2) / 153 // months since March
	day = inYear - (153*shifted+2)/5 + 1
	month = (shifted+2)%12 + 1
	year = era*400 + yearOfEra
	if month <= 2 {
		year++
	}
	return year, month, day
}

// sinceTold says since when something is so; 0 is from genesis.
func sinceTold(at uint64) string {
	if at == 0 {
		return "from the start"
	}
	return "since " + Clock(at)
}
