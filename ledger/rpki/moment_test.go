package rpki

import (
	"testing"
	"time"
)

// Every day from 1970 to 2060 and ends of centuries read as the standard
// library has them, in the form for their year and in no other.
func TestMoment_RPKI7(t *testing.T) {
	read := func(der []byte) (uint64, bool) {
		r := newReader(der, "RPKI-7")
		m := r.moment("a time")
		return m, r.ok()
	}
	check := func(at time.Time) {
		short, long := utc(at.Format("060102150405Z")), generalized(at.Format("20060102150405Z"))
		right, wrong := short, long
		if at.Year() >= 2050 {
			right, wrong = long, short
		}
		if got, ok := read(right); !ok || got != uint64(at.Unix()) {
			t.Fatalf("%v: got %d, %v", at, got, ok)
		}
		if got, ok := read(wrong); ok && got == uint64(at.Unix()) {
			t.Fatalf("%v is read in the other form", at)
		}
	}
	for at := time.Unix(86399, 0).UTC(); at.Year() < 2060; at = at.Add(86399 * time.Second) {
		check(at)
	}
	for _, year := range []int{2096, 2100, 2104, 2200, 2400, 9999} {
		for _, day := range []string{"0101", "0228", "0301", "1231"} {
			check(time.Date(year, time.Month((day[0]-'0')*10+day[1]-'0'), int((day[2]-'0')*10+day[3]-'0'), 23, 59, 59, 0, time.UTC))
		}
	}
	for text, good := range map[string]bool{"21000229000000Z": false, "24000229000000Z": true, "20480229000000Z": false} {
		if _, ok := read(generalized(text)); ok != good {
			t.Errorf("%s: got %v", text, ok)
		}
	}
}
