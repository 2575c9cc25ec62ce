package rpki

import "golang.org/x/crypto/cryptobyte/asn1"

// moment takes a UTCTime or a GeneralizedTime, as seconds since 1970.
//
// specs/19 RPKI-7: A time MUST be from 1970 to 9999, to the second, in UTC;
// UTCTime through 2049 and GeneralizedTime from 2050 on.
func (r *reader) moment(what string) uint64 {
	generalized := r.peek(asn1.GeneralizedTime)
	tag, digits := asn1.UTCTime, 12
	if generalized {
		tag, digits = asn1.GeneralizedTime, 14
	}
	text := r.take(tag, what)
	if !r.ok() {
		return 0
	}
	if len(text) != digits+1 || text[digits] != 'Z' || !allDigits(text[:digits]) {
		r.refuse(r.rule, "%s is %q, not a time to the second in UTC", what, head(text))
		return 0
	}
	seconds, ok := unix(year(text[:digits-10]), text[digits-10:digits])
	if !ok {
		r.refuse(r.rule, "%s is %q, which is no time from 1970 on in the form for its year", what, text)
	}
	return seconds
}

// year reads two digits, of 1950 to 2049, or four, of 2050 to 9999; it is 0
// for a year in the wrong form.
func year(text []byte) uint64 {
	y := number(text)
	switch {
	case len(text) == 4 && y < 2050:
		return 0
	case len(text) == 4:
		return y
	case y >= 50:
		return 1900 + y
	}
	return 2000 + y
}

// daysBefore is how many days of a common year lie before each month.
var daysBefore = [13]uint64{0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365}

// unix is the seconds from 1970 to a year and MMDDHHMMSS in it; ok is false
// for what is no such time.
func unix(y uint64, rest []byte) (seconds uint64, ok bool) {
	month, d := number(rest[:2]), number(rest[2:4])
	h, m, s := number(rest[4:6]), number(rest[6:8]), number(rest[8:])
	if y < 1970 || month < 1 || month > 12 || h > 23 || m > 59 || s > 59 {
		return 0, false
	}
	leap := y%4 == 0 && (y%100 != 0 || y%400 == 0)
	before, length := daysBefore[month-1], daysBefore[month]-daysBefore[month-1]
	if leap && month == 2 {
		length++
	}
	if leap && month > 2 {
		before++
	}
	days := 365*(y-1970) + leaps(y-1) - leaps(1969) + before + d - 1
	return days*86400 + h*3600 + m*60 + s, d >= 1 && d <= length
}

// leaps is how many leap years there are from the year 1 through y.
func leaps(y uint64) uint64 { return y/4 - y/100 + y/400 }

func allDigits(text []byte) bool {
	for _, c := range text {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

func number(digits []byte) (n uint64) {
	for _, c := range digits {
		n = 10*n + uint64(c-'0')
	}
	return n
}
