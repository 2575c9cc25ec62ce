package tx

import (
	"errors"
	"strings"
	"testing"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// badPages are texts that no page of statements may be.
var badPages = []struct{ why, lines string }{
	{"no statement", ""},
	{"a statement of nothing", "60.0.0.0/24 "},
	{"two spaces", "60.0.0.0/24  60.0.1.0/24"},
	{"statements out of order", "60.0.1.0/24 60.0.0.0/24"},
	{"a statement twice", "60.0.0.0/24 60.0.0.0/24"},
	{"a block inside another", "60.0.0.0/22 60.0.1.0/24"},
	{"65 statements", strings.TrimSpace(strings.Repeat("60.0.0.0/24 ", 65))},
	{"a block with host bits", "60.0.0.1/24"},
	{"a block that is never registrable", "10.0.0.0/24"},
	{"a field too few", "60.0.0.0/24|allocated|JP|20251127|whole|"},
	{"a field too many", "60.0.0.0/24|allocated|JP|20251127|whole|||"},
	{"a status that there is not", "60.0.0.0/24|given|JP|20251127|whole||"},
	{"a country in lower case", "60.0.0.0/24|allocated|jp|20251127|whole||"},
	{"a date of zeros", "60.0.0.0/24|allocated|JP|00000000|whole||"},
	{"a day of the month 13", "60.0.0.0/24|allocated|JP|20251301|whole||"},
	{"a class that there is not", "60.0.0.0/24|allocated|JP|20251127|half||"},
	{"legacy written in another way", "60.0.0.0/24|allocated|JP|20251127|whole+Legacy||"},
	{"a row beside its block", "60.0.0.0/24|allocated|JP|20251127|whole|60.0.1.0-60.0.2.255|"},
	{"a row smaller than its block", "60.0.0.0/24|allocated|JP|20251127|whole|60.0.0.0-60.0.0.127|"},
	{"the row stated though it is the block", "60.0.0.0/24|allocated|JP|20251127|whole|60.0.0.0-60.0.0.255|"},
	{"a row of another family", "60.0.0.0/24|allocated|JP|20251127|whole|AS1-AS9|"},
	{"a row of AS numbers without AS", "AS5|allocated|JP|20251127|whole|1-9|"},
	{"an IPv6 row with leading zeros", "2400:1000::/32|allocated|JP|20251127|whole|2400:0::-2400:ffff:ffff:ffff:ffff:ffff:ffff:ffff|"},
	{"a handle of 65 characters", "60.0.0.0/24|allocated|JP|20251127|whole||" + strings.Repeat("h", 65)},
	{"a handle with a control character", "60.0.0.0/24|allocated|JP|20251127|whole||a\tb"},
}

func TestParseStatements_SRC18(t *testing.T) {
	for _, bad := range badPages {
		if _, err := ParseStatements("apnic", bad.lines); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %q is read, %v", bad.why, bad.lines, err)
		}
	}
	for _, good := range []string{
		"60.0.0.0/24", "AS5|allocated|JP|20251127|whole|AS1-AS9|h", "2400:1000::/32|reserved||||", "60.0.0.0/24|||||derived||",
	} {
		want := strings.Count(good, "|") == 6 && !strings.Contains(good, "||||") || !strings.Contains(good, "|")
		if _, err := ParseStatements("apnic", good); (err == nil) != want {
			t.Errorf("%q: %v", good, err)
		}
	}
	list, err := ParseStatements("apnic", "60.0.0.0/22|allocated|JP|20251127|extended+legacy|60.0.0.0-60.0.5.255|A91872ED 60.0.8.0/22")
	if err != nil || len(list) != 2 || list[1].Source != nil {
		t.Fatalf("%+v, %v", list, err)
	}
	want := record.Source{Registry: "apnic", Handle: "A91872ED", Status: "allocated", Country: "JP", Date: 20251127, Class: record.Extended, Legacy: true}
	want.First, _ = inr.Ends(resource("60.0.0.0/24"))
	_, want.Last = inr.Ends(resource("60.0.5.0/24"))
	if *list[0].Source != want {
		t.Errorf("%+v, want %+v", *list[0].Source, want)
	}
}

// FuzzStatement wants every statement that is read to be written in its one form.
func FuzzStatement_SRC18(f *testing.F) {
	for _, bad := range badPages {
		f.Add(bad.lines)
	}
	f.Add("60.0.0.0/22|allocated|JP|20251127|extended+legacy|60.0.0.0-60.0.5.255|A91872ED")
	f.Add("AS5|assigned||20251127|whole|AS1-AS9|h")
	f.Add("2400:1000::/32|allocated|JP||derived|2400::-2400:ffff:ffff:ffff:ffff:ffff:ffff:ffff|x")
	f.Fuzz(func(t *testing.T, lines string) {
		list, err := ParseStatements("apnic", lines)
		if err != nil {
			return
		}
		var again []string
		for i := range list {
			again = append(again, list[i].String())
		}
		if got := strings.Join(again, " "); got != lines {
			t.Fatalf("%q is read, and written as %q", lines, got)
		}
	})
}

// TestCheck_SRC19_SRC20 is what attestations and pages are refused for.
func TestCheck_SRC19_SRC20(t *testing.T) {
	good := SourceAttest{Registry: "lacnic", Date: 20251128, File: mark(1), Root: mark(2), Pages: 1}
	wantRule(t, "an attestation", good.check(nil), "")
	for why, c := range map[string]struct {
		rule   string
		change func(*SourceAttest)
	}{
		"another registry": {"SRC-19", func(b *SourceAttest) { b.Registry = "LACNIC" }},
		"no date":          {"SRC-20", func(b *SourceAttest) { b.Date = 0 }},
		"the month 0":      {"SRC-20", func(b *SourceAttest) { b.Date = 20250028 }},
		"before the files": {"SRC-20", func(b *SourceAttest) { b.Date = 19791231 }},
		"no digest":        {"SRC-20", func(b *SourceAttest) { b.File = wire.Hash{} }},
		"no page":          {"SRC-20", func(b *SourceAttest) { b.Pages = 0 }},
	} {
		b := good
		c.change(&b)
		wantRule(t, why, b.check(nil), c.rule)
	}
	wantRule(t, "a page of no registry", (&SourceStatement{Registry: "iana", Lines: "60.0.0.0/24"}).check(nil), "SRC-19")
}
