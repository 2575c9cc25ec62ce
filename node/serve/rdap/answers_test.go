package rdap

import (
	"net/http"
	"slices"
	"testing"
)

// questions is one of each kind, with the schema of its answer.
func questions(ann string) [][2]string {
	return [][2]string{
		{"ip/60.0.0.1", "ip"}, {"ip/60.0.1.0/24", "ip"}, {"ip/60.0.1.200", "ip"}, {"ip/2400:100::1", "ip"}, {"ip/61.0.9.9", "ip"}, {"ip/62.0.0.0/17", "ip"},
		{"autnum/4608", "as"}, {"autnum/131073", "as"},
		{"entity/" + ann, "account entity"},
		{"domain/2.0.60.in-addr.arpa", "domain"}, {"domain/9.1.0.60.in-addr.arpa.", "domain"}, {"domain/0.0.1.0.0.0.4.2.ip6.arpa", "domain"},
		{"help", "help"},
		{"ips?handle=60.0.1.0/24", "ips"}, {"ips?handle=60.0.*", "ips"}, {"ips?name=net-60-0-*", "ips"}, {"ips?name=NET6-2400-100-*", "ips"},
		{"autnums?handle=AS4608", "autnums"}, {"autnums?name=as4608", "autnums"},
		{"ips/rirSearch1/rdap-up/60.0.1.128/25", "ip"}, {"ips/rirSearch1/rdap-top/60.0.1.128/25", "ip"},
		{"ips/rirSearch1/rdap-down/60.0.0.0/8", "ips"}, {"ips/rirSearch1/rdap-bottom/60.0.0.0/8?status=active", "ips"},
		{"autnums/rirSearch1/rdap-up/131072", "as"}, {"autnums/rirSearch1/rdap-down/0-4294967295", "autnums"},
		{"domains/rirSearch1/rdap-down/in-addr.arpa", "domains"}, {"domains/rirSearch1/rdap-bottom/ip6.arpa", "domains"}, {"domains/rirSearch1/rdap-up/7.2.0.60.in-addr.arpa", "domain"},
		{"bootstrap/asn.json", "bootstrap"}, {"bootstrap/dns.json", "bootstrap"}, {"bootstrap/ipv4.json", "bootstrap"}, {"bootstrap/ipv6.json", "bootstrap"},
		{"ip/8.8.8.8", "error"}, {"ip/300.1.1.1", "error"}, {"nameserver/ns.example", "error"}, {"ips?handle=*0", "error"},
	}
}

// TestAnswers_schemas_RDAP2_RDAP3 has answers of all kinds in the form that the
// documents prescribe.
func TestAnswers_schemas_RDAP2_RDAP3(t *testing.T) {
	c := world(t)
	s := server(t, c)
	for _, q := range questions(c.ID("ann").String()) {
		code, h, raw := get(t, s, q[0])
		if (code == http.StatusOK) == (q[1] == "error") {
			t.Errorf("%s: got %d %s", q[0], code, raw)
			continue
		}
		conforms(t, q[1], q[0], raw)
		if h.Get("Content-Type") != "application/rdap+json" || h.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: got %v", q[0], h)
		}
		if q[1] == "error" && decoded(t, raw)["errorCode"] != float64(code) {
			t.Errorf("%s: got %d with %s", q[0], code, raw)
		}
	}
}

// TestAnswers_conformance_RDAP7 declares what is used and nothing else.
func TestAnswers_conformance_RDAP7(t *testing.T) {
	c := world(t)
	s := server(t, c)
	for path, want := range map[string][]string{
		"ip/60.0.0.1":                          {"rdap_level_0", "cidr0", "rirSearch1", "redacted", "ipledger"},
		"ip/62.0.0.1":                          {"rdap_level_0", "cidr0", "rirSearch1", "ipledger"},
		"ip/2400:100::1":                       {"rdap_level_0", "cidr0", "rirSearch1", "geofeed1", "ipledger"},
		"autnum/4608":                          {"rdap_level_0", "rirSearch1", "ipledger"},
		"entity/" + c.ID("ann").String():       {"rdap_level_0", "ipledger"},
		"ips?handle=62.0.0.0/16":               {"rdap_level_0", "cidr0", "rirSearch1", "ips", "ipSearchResults", "ipledger"},
		"autnums?handle=AS4608":                {"rdap_level_0", "rirSearch1", "autnums", "autnumSearchResults", "ipledger"},
		"domain/0.0.1.0.0.0.4.2.ip6.arpa":      {"rdap_level_0", "cidr0", "rirSearch1", "geofeed1", "ipledger"},
		"ips/rirSearch1/rdap-up/60.0.1.128/25": {"rdap_level_0", "cidr0", "rirSearch1", "redacted", "ipledger"},
		"help":                                 {"rdap_level_0", "cidr0", "rirSearch1", "geofeed1", "redacted", "ips", "ipSearchResults", "autnums", "autnumSearchResults", "ipledger"},
	} {
		var got []string
		for _, x := range good(t, s, path)["rdapConformance"].([]any) {
			got = append(got, x.(string))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", path, got, want)
		}
	}
}

// TestMethods answers HEAD as GET, without a body, and nothing that writes.
func TestMethods(t *testing.T) {
	s := server(t, world(t))
	code, _, raw := request(t, s, http.MethodPost, Root+"ip/60.0.0.1")
	conforms(t, "error", "POST", raw)
	if code != http.StatusMethodNotAllowed {
		t.Errorf("POST: got %d", code)
	}
	listening := listen(t, s)
	full, err := http.Get(listening + Root + "ip/60.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	full.Body.Close()
	head, err := http.Head(listening + Root + "ip/60.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	head.Body.Close()
	if head.StatusCode != http.StatusOK || head.ContentLength < 1000 || head.ContentLength != full.ContentLength || head.Header.Get("Content-Type") != MediaType {
		t.Errorf("HEAD: got %d, %d bytes, %v; GET has %d", head.StatusCode, head.ContentLength, head.Header, full.ContentLength)
	}
}

// TestNotReady says so before the first block.
func TestNotReady(t *testing.T) {
	s := New(Config{ChainID: "minted", View: func() View { return View{} }})
	code, h, raw := get(t, s, "help")
	conforms(t, "error", "help", raw)
	if code != http.StatusServiceUnavailable || h.Get("Retry-After") != "1" {
		t.Errorf("got %d, %v", code, h)
	}
}
