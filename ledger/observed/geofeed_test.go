package observed_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"ipledger/ledger/observed"
	"ipledger/ledger/wire"
)

// TestReadGeofeed_FILE24: good lines are taken, each bad one is named.
func TestReadGeofeed_FILE24(t *testing.T) {
	const feed = "\xef\xbb\xbf# a comment\r\n193.0.4.0/24,SE,SE-AB,Stockholm,\r\n2001:67c::/48,DE,DE-BE,Berlin\n193.0.5.1,NL\n193.0.6.0/24,,,,\n\n" +
		"193.0.7.1/24,SE,,,\n193.0.4.0/24,SE,,,\nexample,SE,,,\n193.0.7.0/24,se,,,\n193.0.7.0/24,SE,DE-BE,,\n193.0.7.0/24,SE,SE-ABCD,,\n8.8.8.0/24,US,,,\n193.0.7.0/25,SE,,,,x\n\"193.0.7.0/25,SE\n"
	list, faults, err := observed.ReadGeofeed(strings.NewReader(feed), []wire.Resource{at("193.0.0.0/16"), at("2001:67c::/32")})
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 4 || list[0] != (observed.Located{Prefix: at("193.0.4.0/24"), Country: "SE", Region: "SE-AB", City: "Stockholm"}) || list[2].Prefix != at("193.0.5.1/32") {
		t.Errorf("got %+v", list)
	}
	var lines []int
	for _, f := range faults {
		lines = append(lines, f.Line)
	}
	if fmt.Sprint(lines) != "[7 8 9 10 11 12 13 14 15]" {
		t.Errorf("got %v", faults)
	}
	if _, faults, _ := observed.ReadGeofeed(strings.NewReader("8.8.8.0/24,US,,,\n"), nil); len(faults) != 0 {
		t.Errorf("anywhere: got %v", faults)
	}
	if _, _, err := observed.ReadGeofeed(strings.NewReader("8.8.8.0/24,\xff\n"), nil); !errors.Is(err, observed.ErrFeed) {
		t.Errorf("not text: got %v", err)
	}
}

// FuzzReadGeofeed_FILE24 wants good lines to be good again.
func FuzzReadGeofeed_FILE24(f *testing.F) {
	f.Add([]byte("193.0.4.0/24,SE,SE-AB,Stockholm,\n\"2001:67c::/48\",DE\n# x\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		list, _, err := observed.ReadGeofeed(strings.NewReader(string(raw)), nil)
		if err != nil {
			return
		}
		var b strings.Builder
		for _, l := range list {
			fmt.Fprintf(&b, "%v,%s,%s,,\n", l.Prefix, l.Country, l.Region)
		}
		again, faults, err := observed.ReadGeofeed(strings.NewReader(b.String()), nil)
		if err != nil || len(faults) != 0 || len(again) != len(list) {
			t.Fatalf("%q: %v, %v", b.String(), faults, err)
		}
	})
}
