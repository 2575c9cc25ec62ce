package rdap

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// handles is the handles of a list of results, or of the one object.
func handles(v map[string]any) (out []string) {
	for _, member := range []string{"ipSearchResults", "autnumSearchResults", "domainSearchResults"} {
		list, _ := v[member].([]any)
		for _, x := range list {
			out = append(out, x.(map[string]any)["handle"].(string))
		}
	}
	if h, ok := v["handle"].(string); ok {
		out = append(out, h)
	}
	return out
}

// TestSearch_relations_RDAP15 finds those around and inside a block.
func TestSearch_relations_RDAP15(t *testing.T) {
	s := server(t, world(t))
	for path, want := range map[string]string{
		"ips/rirSearch1/rdap-up/60.0.1.128/25":              "60.0.1.0/24",
		"ips/rirSearch1/rdap-up/60.0.1.200":                 "60.0.1.128/25",
		"ips/rirSearch1/rdap-up/60.0.1.0/24?status=active":  "60.0.0.0/22",
		"ips/rirSearch1/rdap-up/60.0.0.0/22":                "",
		"ips/rirSearch1/rdap-top/60.0.1.128/25":             "60.0.0.0/22",
		"ips/rirSearch1/rdap-top/8.8.8.8":                   "",
		"ips/rirSearch1/rdap-down/60.0.0.0/22":              "60.0.1.0/24",
		"ips/rirSearch1/rdap-down/60.0.1.128/25":            "",
		"ips/rirSearch1/rdap-bottom/60.0.0.0/22":            "60.0.1.0/24 60.0.1.128/25",
		"ips/rirSearch1/rdap-bottom/60.0.1.0/24":            "60.0.1.128/25",
		"ips/rirSearch1/rdap-down/61.0.0.0/8":               "61.0.0.0/16",
		"ips/rirSearch1/rdap-down/61.0.0.0/8?status=active": "",
		"ips/rirSearch1/rdap-up/61.0.0.0/24?status=active":  "",
		"ips/rirSearch1/rdap-down/2400::/12":                "2400:100::/32",
		"autnums/rirSearch1/rdap-up/131073":                 "AS131072-AS131075",
		"autnums/rirSearch1/rdap-top/AS131072-AS131073":     "AS131072-AS131075",
		"autnums/rirSearch1/rdap-down/131072-131073":        "",
		"ips?handle=60.0.1.0/24":                            "60.0.1.0/24",
		"ips?handle=60.0.1.*":                               "60.0.1.0/24 60.0.1.128/25",
		"ips?handle=60.0.0.*":                               "60.0.0.0/22",
		"ips?handle=60.0.2.*":                               "",
		"ips?handle=60.0.1.0/25":                            "",
		"ips?handle=2400:100:*":                             "2400:100::/32",
		"ips?handle=2400:100::/32":                          "2400:100::/32",
		"ips?handle=nonsense":                               "",
		"ips?name=NET-60-0-1-0-24":                          "60.0.1.0/24",
		"ips?name=net-60-0-1-*":                             "60.0.1.0/24 60.0.1.128/25",
		"ips?name=AS4608":                                   "",
		"autnums?handle=as4608":                             "AS4608",
		"autnums?handle=AS131072-as131075":                  "AS131072-AS131075",
		"autnums?name=60.0.1.0/24":                          "",
	} {
		code, _, raw := get(t, s, path)
		if want == "" {
			if code != http.StatusNotFound {
				t.Errorf("%s: got %d %s, want 404", path, code, raw)
			}
			continue
		}
		if got := strings.Join(handles(good(t, s, path)), " "); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
}

// TestSearch_zones_RDAP17 finds stated zones around and inside one.
func TestSearch_zones_RDAP17(t *testing.T) {
	c := world(t)
	e := c.State.Edit()
	for at, servers := range map[string]string{"62.0.0.0/16": "ns.wide.example", "62.0.0.0/22": "ns.middle.example", "62.0.1.64/26": "ns.narrow.example"} {
		r := parsed(t, at)
		f := new(record.Folio)
		if leaf, ok := e.Get(tree.ResourceKey(r)); ok {
			var err error
			if f, err = record.FolioFromBytes(leaf.Data); err != nil {
				t.Fatal(err)
			}
		}
		f.Contacts = wire.Encode(&record.Services{Rules: 1, Holder: wire.Address{0xd4}, Servers: servers})
		e.Put(record.FolioLeaf(r, f))
	}
	c.State = e.Freeze()
	s := server(t, c)
	for path, want := range map[string]string{
		"rdap-up/7.1.0.62.in-addr.arpa":      "1.0.62.in-addr.arpa",
		"rdap-top/7.1.0.62.in-addr.arpa":     "0.62.in-addr.arpa",
		"rdap-up/1.0.62.in-addr.arpa":        "0.62.in-addr.arpa",
		"rdap-up/0.62.in-addr.arpa":          "",
		"rdap-up/8.in-addr.arpa":             "",
		"rdap-down/62.in-addr.arpa":          "0.62.in-addr.arpa",
		"rdap-down/0.62.in-addr.arpa":        "0.0.62.in-addr.arpa 1.0.62.in-addr.arpa 2.0.62.in-addr.arpa 3.0.62.in-addr.arpa",
		"rdap-down/2.0.62.in-addr.arpa":      "",
		"rdap-down/60.in-addr.arpa":          "0.0.60.in-addr.arpa 1.0.60.in-addr.arpa 2.0.60.in-addr.arpa 3.0.60.in-addr.arpa",
		"rdap-bottom/ip6.arpa":               "0.0.1.0.0.0.4.2.ip6.arpa",
		"rdap-bottom/ip6.arpa?status=active": "0.0.1.0.0.0.4.2.ip6.arpa",
		"rdap-down/0.0.1.0.0.0.4.2.ip6.arpa": "",
	} {
		code, _, raw := get(t, s, "domains/rirSearch1/"+path)
		if want == "" {
			if code != http.StatusNotFound {
				t.Errorf("%s: got %d %.300s, want 404", path, code, raw)
			}
			continue
		}
		if got := strings.Join(handles(good(t, s, "domains/rirSearch1/"+path)), " "); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
	inside := handles(good(t, s, "domains/rirSearch1/rdap-bottom/1.0.62.in-addr.arpa"))
	if len(inside) != 64 || inside[0] != "64.1.0.62.in-addr.arpa" || inside[63] != "127.1.0.62.in-addr.arpa" {
		t.Errorf("%d zones of a /26: %v", len(inside), inside)
	}
	near := links(good(t, s, "domain/1.0.62.in-addr.arpa"))
	for _, rel := range []string{"rdap-up", "rdap-top", "rdap-up rdap-active", "rdap-bottom"} {
		if code, _, raw := get(t, s, strings.TrimPrefix(near[rel], "http://"+host+Root)); code != http.StatusOK {
			t.Errorf("%s is at %q: %d %.200s", rel, near[rel], code, raw)
		}
	}
	long := good(t, s, "domains/rirSearch1/rdap-bottom/0.62.in-addr.arpa")
	if n := len(handles(long)); n != 4+64 {
		t.Errorf("%d zones in a /16: %v", n, handles(long))
	}
}

// TestSearch_filled_RDAP15 leaves out an entry that smaller ones fill.
func TestSearch_filled_RDAP15(t *testing.T) {
	c := world(t)
	e := c.State.Edit()
	for _, at := range []string{"62.0.0.0/17", "62.0.0.0/18", "62.0.64.0/18", "62.0.128.0/17"} {
		e.Put(record.FolioLeaf(parsed(t, at), &record.Folio{Estates: record.EstatesBytes([]record.Estate{{Rules: 1, Kind: record.Grant, Holder: wire.Address{1}, SubGrants: true}})}))
	}
	c.State = e.Freeze()
	s := server(t, c)
	want := []string{"62.0.0.0/18", "62.0.64.0/18", "62.0.128.0/17"}
	for _, q := range []string{"62.0.0.0/16", "62.0.0.0/8"} {
		if got := handles(good(t, s, "ips/rirSearch1/rdap-bottom/"+q)); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", q, got, want)
		}
	}
}

// TestSearch_bounds_RDAP14 cuts long lists short and says so, and answers few
// searches at once.
func TestSearch_bounds_RDAP14(t *testing.T) {
	c := world(t)
	e := c.State.Edit()
	title := (&record.Title{Rules: 1, State: record.Held, Holder: wire.Address{1}, Grade: record.GradeT, Source: record.Source{Registry: "arin", Class: record.Whole}}).Bytes()
	for i := range SearchMax + 1 {
		r := parsed(t, "63.0.0.0/24")
		r.Addr[2] = byte(i)
		e.Put(record.FolioLeaf(r, &record.Folio{Title: title}))
	}
	c.State = e.Freeze()
	s := server(t, c)
	for _, path := range []string{"ips/rirSearch1/rdap-down/63.0.0.0/8", "ips/rirSearch1/rdap-bottom/63.0.0.0/8", "ips?handle=63.0.*"} {
		code, _, raw := get(t, s, path)
		conforms(t, "ips", path, raw)
		if n := len(handles(decoded(t, raw))); code != http.StatusOK || n != SearchMax || !strings.Contains(string(raw), "result set truncated") {
			t.Errorf("%s: got %d with %d objects", path, code, n)
		}
	}
	for range SearchesMax {
		s.searches <- struct{}{}
	}
	code, h, raw := get(t, s, "ips?handle=60.0.1.0/24")
	conforms(t, "error", "a search too many", raw)
	if code != http.StatusServiceUnavailable || h.Get("Retry-After") == "" {
		t.Errorf("got %d, %v", code, h)
	}
}

// TestDomain_RDAP13 has the stated zone that a name is in.
func TestDomain_RDAP13(t *testing.T) {
	s := server(t, world(t))
	for path, want := range map[string][2]string{
		"2.0.60.in-addr.arpa":              {"2.0.60.in-addr.arpa", "60.0.0.0/22"},
		"9.1.0.60.IN-ADDR.ARPA.":           {"1.0.60.in-addr.arpa", "60.0.1.0/24"},
		"0.0.1.0.0.0.4.2.ip6.arpa":         {"0.0.1.0.0.0.4.2.ip6.arpa", "2400:100::/32"},
		"8.b.d.0.0.0.1.0.0.0.4.2.ip6.arpa": {"0.0.1.0.0.0.4.2.ip6.arpa", "2400:100::/32"},
		"0.60.in-addr.arpa":                {}, "62.in-addr.arpa": {}, "0.62.in-addr.arpa": {}, "example.com": {},
	} {
		code, _, raw := get(t, s, "domain/"+path)
		if want[0] == "" {
			if code != http.StatusNotFound {
				t.Errorf("%s: got %d %s, want 404", path, code, raw)
			}
			continue
		}
		v := good(t, s, "domain/"+path)
		if v["ldhName"] != want[0] || v["network"].(map[string]any)["handle"] != want[1] {
			t.Errorf("%s: got %v in %v", path, v["ldhName"], v["network"].(map[string]any)["handle"])
		}
	}
	secure := good(t, s, "domain/2.0.60.in-addr.arpa")["secureDNS"].(map[string]any)
	ds := secure["dsData"].([]any)[0].(map[string]any)
	if secure["delegationSigned"] != true || ds["keyTag"] != 12345.0 || ds["algorithm"] != 13.0 || ds["digestType"] != 2.0 || ds["digest"] != wire.Hash(append([]byte{8}, make([]byte, 31)...)).String() {
		t.Errorf("got %v", secure)
	}
}

// TestBootstrap_RDAP16 leads every number here.
func TestBootstrap_RDAP16(t *testing.T) {
	s := server(t, world(t))
	for file, want := range map[string]string{"asn": "0-4294967295", "dns": "in-addr.arpa,ip6.arpa", "ipv4": "0.0.0.0/0", "ipv6": "::/0"} {
		if got := join(good(t, s, "bootstrap/"+file+".json")["services"]); got != want+",http://directory.example/rdap/" {
			t.Errorf("%s: got %s", file, got)
		}
	}
}
