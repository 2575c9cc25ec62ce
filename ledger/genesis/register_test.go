package genesis

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"ipledger/ledger/record"
)

func sampleRegister(t testing.TB) *Register {
	rows, _, err := Rows(filesOf(20250101, []string{
		"apnic|JP|ipv4|60.0.0.0|1536|20200101|allocated|ANA", "apnic|JP|asn|5000|9||assigned", "ripencc|NL|ipv6|2a00::|29||reserved", "arin|US|ipv4|4.0.0.0|256|19920101|allocated",
	}))
	if err != nil {
		t.Fatal(err)
	}
	r := &Register{Height: 7, Titles: asListed(rows), Waiting: []Waiting{
		{"apnic", 20251128, 9, "60.0.4.0/24 60.0.5.0/24|allocated|KR||whole||NEW"}, {"ripencc", 20251129, 10, "2a00::/29"},
	}}
	r.Titles[1].Bound, r.Titles[1].Mark = true, &record.Restriction{Kind: record.Diverges, At: r.Titles[1].Resource, Says: record.SaysUnknown}
	return r
}

// TestRegister writes a register, reads it, and lets what waits be settled.
func TestRegister_SRC8(t *testing.T) {
	r := sampleRegister(t)
	raw := r.Encode()
	again, err := DecodeRegister(raw)
	if err != nil || !bytes.Equal(again.Encode(), raw) || again.Height != 7 || len(again.Titles) != len(r.Titles) || !again.Titles[1].Bound {
		t.Fatalf("%v\n%s", err, raw)
	}
	after, err := again.Settled()
	if err != nil {
		t.Fatal(err)
	}
	if got := words(after); !strings.Contains(got, "apnic 60.0.5.0/24|allocated|KR||whole||NEW") || strings.Contains(got, "2a00") || strings.Contains(got, " 60.0.4.0") {
		t.Fatal(got)
	}
	if len(after) == len(again.Titles) || words(again.Titles) != words(r.Titles) {
		t.Fatal("what waits changed the register it waits for")
	}
	for why, change := range map[string][2]string{
		"a height with a sign": {"|7|", "|+7|"}, "another number of titles": {"|7|", "|7|1"}, "titles out of order": {"AS5000", "AS9000"},
		"a mark outside its title": {"diverges|60.0", "diverges|61.0"}, "a word more": {"|bound", "|bound|x"}, "a page of no registry": {"waits|apnic", "waits|iana"},
	} {
		bad := strings.Replace(string(raw), change[0], change[1], 1)
		if bad == string(raw) {
			t.Fatalf("%s: nothing changed", why)
		}
		if _, err := DecodeRegister([]byte(bad)); err == nil {
			t.Errorf("%s is read", why)
		}
	}
}

// FuzzDecodeRegister wants what is read to be written as it was.
func FuzzDecodeRegister_SRC8(f *testing.F) {
	f.Add(sampleRegister(f).Encode())
	f.Add([]byte(RegisterFormat + "|1|0|0\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if got, err := DecodeRegister(raw); err == nil && !slices.Equal(got.Encode(), raw) {
			t.Fatal("another register is written")
		}
	})
}
