package main

import (
	"encoding/json"
	"fmt"
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

// parseWhen reads a moment: a duration from now on, a date, or RFC 3339.
func parseWhen(flag, text string, now uint64) (uint64, error) {
	if d, err := time.ParseDuration(text); err == nil && d >= 0 {
		return now + uint64(d/time.Second), nil
	}
	for _, form := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(form, text); err == nil && t.Unix() >= 0 {
			return uint64(t.Unix()), nil
		}
	}
	return 0, usage("--%s %q is neither a duration such as 72h nor a date such as 2027-01-31 or 2027-01-31T12:00:00Z", flag, text)
}
