package tx

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// What an act does is said of everything it names.
func TestText_ACT19(t *testing.T) {
	for _, a := range append(samples(), byWork(t)) {
		text := strings.Join(a.Text(salt), "\n")
		f := newJSON()
		a.Body.walk(f)
		for line := range strings.Lines(f.out.String()) {
			if a.Body.Kind() == KindEvidence {
				line = fmt.Sprintf("evidence: %x", sha256.Sum256(a.Body.(*Evidence).Evidence)) // said by its digest
			}
			name, value, _ := strings.Cut(strings.Trim(line, ",\n"), ": ")
			value = strings.Trim(value, `"`)
			if len(value) > 12 && !strings.Contains(text, strings.TrimPrefix(value, "0x")) && strings.Trim(value, "0x") != "" && !strings.Contains(value, " ") {
				t.Errorf("%v: %s %s is not in the text:\n%s", a.Body.Kind(), name, value, text)
			}
		}
		for _, need := range []string{UTC(a.Expires), salt.String()} {
			if !strings.Contains(text, need) {
				t.Errorf("%v: %s is not in the text:\n%s", a.Body.Kind(), need, text)
			}
		}
	}
}

// What differs in what it does reads differently.
func TestTextDiffers_ACT19(t *testing.T) {
	seen := map[string]string{}
	add := func(why string, b Body) {
		text := strings.Join(b.text(), "\n")
		if other, dup := seen[text]; dup {
			t.Errorf("%s and %s read alike: %s", why, other, text)
		}
		seen[text] = why
	}
	offer := TransferOffer{Resource: resource("192.0.2.0/24"), Until: 9}
	add("drop", &offer)
	kept := offer
	kept.Keep = true
	add("keep", &kept)
	late := offer
	late.Earliest = 5
	add("later", &late)
	grant := GrantOffer{Resource: resource("192.0.2.0/24"), Until: 9}
	add("no sub-grants", &grant)
	sub := grant
	sub.SubGrants = true
	add("sub-grants", &sub)
	noticed := grant
	noticed.Notice = 30 * day
	add("notice", &noticed)
	add("an AS", &OriginAuthorise{Resource: resource("192.0.2.0/24"), MaxLength: 24, AS: 64496})
	add("AS 0", &OriginAuthorise{Resource: resource("192.0.2.0/24"), MaxLength: 24})
	add("withdrawn", &OriginWithdraw{Resource: resource("192.0.2.0/24"), MaxLength: 24, AS: 64496})
	add("no name", &OpenAccount{Jurisdiction: "DE"})
	add("a name", &OpenAccount{Jurisdiction: "DE", Name: "x"})
	add("work", &OpenAccount{Jurisdiction: "DE", Work: mark(1)})
	add("keys", &SetPolicy{TitleKeys: keysOf(secrets(1)), TitleK: 1})
	add("routing keys", &SetPolicy{TitleKeys: keysOf(secrets(1)), TitleK: 1, RoutingKeys: keysOf(secrets(1)), RoutingK: 1})
}

// Dates are those of the standard library.
func TestUTC_ACT19(t *testing.T) {
	check := func(s uint64) {
		if got, want := UTC(s), time.Unix(int64(s), 0).UTC().Format(time.RFC3339); got != want {
			t.Fatalf("second %d: got %s, want %s", s, got, want)
		}
	}
	for s := uint64(0); s < lastSecond; s += 13*day + 4321 {
		check(s)
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		check(rnd.Uint64N(lastSecond + 1))
	}
	for _, s := range []uint64{0, 951782400, 951868799, 951868800, 1709164800, 1709251200, 4107542400, lastSecond} {
		check(s)
	}
	if got := UTC(lastSecond + 1); got != "Unix second 253402300800" {
		t.Errorf("beyond the year 9999: %s", got)
	}
}

func TestSpan_ACT19(t *testing.T) {
	for seconds, want := range map[uint64]string{
		0: "0 seconds", 1: "1 second", 59: "59 seconds", 60: "1 minute", 61: "61 seconds", 7200: "2 hours",
		5400: "90 minutes", 86400: "1 day", 172800: "2 days", 90000: "25 hours",
	} {
		if got := span(seconds); got != want {
			t.Errorf("%d: got %s, want %s", seconds, got, want)
		}
	}
}
