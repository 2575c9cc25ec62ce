package main

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"ipledger/ledger/light"
)

// instant is Unix seconds; JSON shows them as RFC 3339 does, and null for none.
type instant uint64

func (i *instant) UnmarshalJSON(raw []byte) error {
	var text *string
	if err := json.Unmarshal(raw, &text); err != nil || text == nil {
		*i = 0
		return err
	}
	t, err := time.Parse(time.RFC3339, *text)
	if err != nil || t.Unix() < 0 {
		return fmt.Errorf("%q is no time from 1970 on", *text)
	}
	*i = instant(t.Unix())
	return nil
}

// MarshalJSON writes what UnmarshalJSON reads.
func (i instant) MarshalJSON() ([]byte, error) { return light.Instant(i).MarshalJSON() }

func (i instant) String() string {
	if i == 0 {
		return "never"
	}
	return light.Clock(uint64(i))
}

// parseWhen reads a moment: a duration from now on, such as 72h or +90d, a date,
// or RFC 3339.
func parseWhen(flag, text string, now uint64) (uint64, error) {
	if d, err := parseSpan(strings.TrimPrefix(text, "+")); err == nil {
		return now + d, nil
	}
	for _, form := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(form, text); err == nil && t.Unix() >= 0 {
			return uint64(t.Unix()), nil
		}
	}
	return 0, usage("--%s %q is neither a duration such as 72h or +90d nor a date such as 2027-01-31 or 2027-01-31T12:00:00Z", flag, text)
}

// span is a flag's whole seconds, typed as days, hours, minutes and seconds: 30d,
// 24h, 1d12h.
type span uint64

// Set reads what is typed; with String and Type it is what flags ask for.
func (d *span) Set(text string) error {
	n, err := parseSpan(text)
	*d = span(n)
	return err
}

// Type is the word for the value in a command's help.
func (*span) Type() string { return "duration" }

// String is the length in the largest units that fit it.
func (d *span) String() string {
	n, text := uint64(*d), ""
	for _, u := range spanUnits {
		if n >= u.seconds {
			text += strconv.FormatUint(n/u.seconds, 10) + u.name
			n %= u.seconds
		}
	}
	if text == "" {
		return "0s"
	}
	return text
}

var spanUnits = [...]struct {
	name    string
	seconds uint64
}{{"d", 24 * 3600}, {"h", 3600}, {"m", 60}, {"s", 1}}

// parseSpan reads whole seconds: numbers of days, hours, minutes and seconds, in
// that order.
func parseSpan(text string) (seconds uint64, err error) {
	rest := text
	for _, u := range spanUnits {
		digits, after, ok := strings.Cut(rest, u.name)
		n, err := strconv.ParseUint(digits, 10, 32)
		if !ok || err != nil {
			continue
		}
		seconds, rest = seconds+n*u.seconds, after
	}
	if rest != "" || text == "" || seconds > math.MaxInt64/uint64(time.Second) {
		return 0, usage("%q is no duration: write days, hours, minutes and seconds as in 30d, 24h or 1d12h", text)
	}
	return seconds, nil
}
