package directory_test

import (
	"math/rand/v2"
	"testing"

	"ipledger/ledger/directory"
	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

func TestZone_names(t *testing.T) {
	for text, want := range map[string]string{
		"0.0.0.0/0": "in-addr.arpa", "193.0.0.0/8": "193.in-addr.arpa", "193.0.64.0/24": "64.0.193.in-addr.arpa", "193.0.64.9/32": "9.64.0.193.in-addr.arpa",
		"::/0": "ip6.arpa", "2001:67c:2e8::/48": "8.e.2.0.c.7.6.0.1.0.0.2.ip6.arpa", "2a00::/12": "0.a.2.ip6.arpa",
	} {
		if r, err := inr.Parse(text); err == nil && directory.Zone(r) != want {
			t.Errorf("%s: got %s, want %s", text, directory.Zone(r), want)
		}
		if r, ok := directory.ParseZone(want); !ok || directory.Zone(r) != want {
			t.Errorf("%s: read as %v, %v", want, r, ok)
		}
	}
	for _, bad := range []string{
		"", "arpa", "xin-addr.arpa", ".in-addr.arpa", "256.in-addr.arpa", "01.in-addr.arpa", "1.2.3.4.5.in-addr.arpa", "a.in-addr.arpa", "+1.in-addr.arpa",
		"0-127.2.0.192.in-addr.arpa", "g.ip6.arpa", "10.ip6.arpa", "..ip6.arpa", "1.2.ip6.arpa.", "é.ip6.arpa",
		"1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.2.ip6.arpa",
	} {
		if r, ok := directory.ParseZone(bad); ok {
			t.Errorf("%q: read as %v", bad, r)
		}
	}
	rng := rand.New(rand.NewPCG(28, 4))
	for range 1000 {
		r := wire.Resource{Family: wire.Family(rng.IntN(2))}
		for i := range r.Family.Bits() / 8 {
			r.Addr[i] = byte(rng.Uint32())
		}
		r = inr.Truncate(r, uint8(rng.IntN(r.Family.Bits()+1)))
		r = inr.Truncate(r, directory.ZoneLen(r)/16*8)
		if got, ok := directory.ParseZone(directory.Zone(r)); !ok || got != r {
			t.Fatalf("%v: got %v, %v from %s", r, got, ok, directory.Zone(r))
		}
	}
}

// TestZoneOf_DIR9 finds the zone that a name lies in.
func TestZoneOf_DIR9(t *testing.T) {
	for _, c := range []struct{ stated, asked, want string }{
		{"60.0.0.0/22", "60.0.2.0/24", "60.0.2.0/24"},
		{"60.0.0.0/22", "60.0.2.9/32", "60.0.2.0/24"},
		{"60.0.0.0/24", "60.0.0.0/24", "60.0.0.0/24"},
		{"60.0.0.128/25", "60.0.0.200/32", "60.0.0.200/32"},
		{"60.0.0.0/22", "60.0.0.0/16", ""},
		{"60.0.0.0/22", "60.0.4.0/24", ""},
		{"2a00:f100::/29", "2a00:f107:1::/48", "2a00:f107::/32"},
	} {
		got, ok := directory.ZoneOf(parse(t, c.stated), parse(t, c.asked))
		if ok != (c.want != "") || ok && got != parse(t, c.want) {
			t.Errorf("%s stated, %s asked: got %v, %v, want %q", c.stated, c.asked, got, ok, c.want)
		}
	}
	a := light.Answer{Services: []light.Services{
		{At: parse(t, "60.0.0.0/16"), Services: record.Services{Servers: "ns.a.example"}},
		{At: parse(t, "60.0.0.0/24"), Services: record.Services{Servers: "ns.b.example"}},
		{At: parse(t, "60.0.0.0/25"), Services: record.Services{Abuse: "abuse@c.example"}},
	}}
	if d := directory.Delegation(&a); d != &a.Services[1] || directory.Delegation(&light.Answer{}) != nil {
		t.Errorf("got %v", d)
	}
}
