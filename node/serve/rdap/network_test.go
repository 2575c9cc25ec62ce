package rdap

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ipledger/ledger/directory"
)

// listen serves a handler on loopback and gives where.
func listen(t testing.TB, h http.Handler) string {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

// TestNetwork_record_RDAP1_RDAP10 has the state, its height, and everybody's part.
func TestNetwork_record_RDAP1_RDAP10(t *testing.T) {
	c := world(t)
	s := server(t, c)
	v := good(t, s, "ip/60.0.1.1")
	ann, bob := c.ID("ann").String(), c.ID("bob").String()
	got := v["ipledger_record"].(map[string]any)
	for name, want := range map[string]any{
		"chain": "minted", "height": "6", "time": "2027-01-15T08:00:50Z", "state": "held", "grade": "T", "stale": false,
		"holder": ann, "possessor": bob, "lessee": bob, "operator": "Cat Net \"South\"", "divergence": nil,
		"proof": "http://directory.example/v1/resources/60.0.1.0/24?at=6&proof=1",
	} {
		if got[name] != want {
			t.Errorf("%s: got %v, want %v", name, got[name], want)
		}
	}
	for name, want := range map[string]any{
		"handle": "60.0.1.0/24", "parentHandle": "60.0.0.0/22", "startAddress": "60.0.1.0", "endAddress": "60.0.1.255", "ipVersion": "v4",
		"name": "NET-60-0-1-0-24", "type": "LEASE", "country": "JP",
	} {
		if v[name] != want {
			t.Errorf("%s: got %v, want %v", name, v[name], want)
		}
	}
	diverging := good(t, s, "ip/62.0.0.0/16")["ipledger_record"].(map[string]any)["divergence"].(map[string]any)
	if got := diverging["sourceSays"]; got != "new \uFFFDhandle\uFFFD[31m\uFFFD" {
		t.Errorf("the source says %q", got)
	}
}

// roles is role and right of each entity of an answer, with its name.
func roles(v map[string]any) (list []string) {
	for _, x := range v["entities"].([]any) {
		e := x.(map[string]any)
		card := e["vcardArray"].([]any)[1].([]any)
		list = append(list, join(e["roles"])+" | "+join(e["ipledger_party"].(map[string]any)["rights"])+" | "+card[1].([]any)[3].(string))
	}
	return list
}

func join(v any) string {
	raw, _ := json.Marshal(v)
	return strings.NewReplacer(`"`, "", "[", "", "]", "").Replace(string(raw))
}

// TestNetwork_entities_RDAP9 names everybody with the role.
func TestNetwork_entities_RDAP9(t *testing.T) {
	s := server(t, world(t))
	for path, want := range map[string][]string{
		"ip/60.0.0.0/22": {"registrant | holder | ann", "abuse | abuse contact | Abuse contact"},
		"ip/60.0.1.1":    {"registrant | holder | ann", "administrative | lessee | bob", "technical | operator of record | Cat Net \"South\"", "abuse | abuse contact | Abuse contact"},
		"ip/60.0.1.129":  {"registrant | holder | ann", "administrative | lessee | bob", "administrative | grantee | cat", "technical | operator of record | Cat Net \"South\"", "abuse | abuse contact | Abuse contact"},
		"ip/61.0.0.1":    nil,
		"ip/62.0.0.1":    {"registrant | holder | 0xd400000000000000000000000000000000000000"},
	} {
		if got := roles(good(t, s, path)); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
	bob := good(t, s, "ip/60.0.1.1")["entities"].([]any)[1].(map[string]any)
	if join(bob["status"]) != "validated" || bob["ipledger_party"].(map[string]any)["declared"] != "attested" {
		t.Errorf("bob: %v", bob)
	}
}

// TestNetwork_remarks_RDAP9 tells in words who holds and who possesses, where these are
// two, whatever a name tries.
func TestNetwork_remarks_RDAP9(t *testing.T) {
	c := world(t)
	s := server(t, c)
	if got := good(t, s, "ip/60.0.0.1")["remarks"]; got != nil {
		t.Errorf("a title alone: %v", got)
	}
	ann, bob, cat := c.ID("ann").String(), c.ID("bob").String(), c.ID("cat").String()
	end := regexp.MustCompile(`2[0-9-]+T[0-9:]+Z`)
	got := good(t, s, "ip/60.0.1.129")["remarks"].([]any)[0].(map[string]any)
	want := []string{
		"The title of 60.0.0.0/22 is held by ann (" + ann + ").",
		"60.0.1.0/24 is leased to bob (" + bob + ") until END.",
		"60.0.1.128/25 is granted to cat (" + cat + ").",
	}
	for i, line := range got["description"].([]any) {
		if text := end.ReplaceAllString(line.(string), "END"); i >= len(want) || text != want[i] {
			t.Errorf("line %d is %q, want %q", i, text, want)
		}
	}
	p := page{}
	p.item(called([]person{{Party: directory.Party{ID: c.ID("bob"), Name: "x\u202e\n\"y"}}}, c.ID("bob")))
	if text := string(p.b); text != `"x\ufffd\ufffd\"y (`+bob+`)"` && text != "\"x\ufffd\ufffd\\\"y ("+bob+")\"" {
		t.Errorf("a hostile name: %s", text)
	}
}

// links is rel and href of each link.
func links(v map[string]any) map[string]string {
	out := map[string]string{}
	for _, x := range v["links"].([]any) {
		l := x.(map[string]any)
		out[l["rel"].(string)] = l["href"].(string)
	}
	return out
}

// TestNetwork_links_RDAP11 follows every link to a neighbour.
func TestNetwork_links_RDAP11(t *testing.T) {
	s := server(t, world(t))
	for path, want := range map[string]string{
		"ip/60.0.0.0/22": "rdap-bottom rdap-down", "ip/60.0.1.0/24": "rdap-bottom rdap-down rdap-top rdap-top rdap-active rdap-up rdap-up rdap-active",
		"ip/60.0.1.128/25": "rdap-top rdap-top rdap-active rdap-up rdap-up rdap-active", "autnum/4608": "", "ip/2400:100::": "geo",
	} {
		var rels []string
		for rel, href := range links(good(t, s, path)) {
			if rel == "self" || rel == "describedby" {
				continue
			}
			rels = append(rels, rel)
			if below, ok := strings.CutPrefix(href, "http://"+host+Root); ok {
				good(t, s, below)
			}
		}
		slices.Sort(rels)
		if got := strings.Join(rels, " "); got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
}

// TestNetwork_status_dates has the words and times of DIR-5 and DIR-8.
func TestNetwork_status_dates(t *testing.T) {
	s := server(t, world(t))
	for path, want := range map[string]string{
		"ip/60.0.0.1": "active", "ip/61.0.0.1": "inactive", "autnum/131072": "reserved", "ip/62.0.0.1": "active,locked",
	} {
		if got := join(good(t, s, path)["status"]); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
	const lease = "{eventAction:registration,eventDate:2027-01-15T08:00:30Z},{eventAction:expiration,eventDate:2027-04-15T08:00:20Z},{eventAction:last update of RDAP database,eventDate:2027-01-15T08:00:50Z}"
	if got := join(good(t, s, "ip/60.0.1.1")["events"]); got != lease {
		t.Errorf("got %s", got)
	}
}

// TestNetwork_redacted_RDAP12 says what is kept elsewhere.
func TestNetwork_redacted_RDAP12(t *testing.T) {
	s := server(t, world(t))
	if got := good(t, s, "ip/60.0.0.1")["redacted"]; got == nil {
		t.Error("nothing is said of the contacts under a hash")
	}
	if got := good(t, s, "ip/62.0.0.1")["redacted"]; got != nil {
		t.Errorf("got %v where there are none", got)
	}
}

// TestBase has links to the host that was asked, or none that can be led astray.
func TestBase(t *testing.T) {
	for _, c := range []struct{ host, proto, want string }{
		{"node.example:8440", "", "http://node.example:8440/rdap/"}, {"[::1]:8440", "https", "https://[::1]:8440/rdap/"},
		{"", "", "/rdap/"}, {"evil.example/x?", "", "/rdap/"}, {"a\"b", "", "/rdap/"}, {"a@b", "", "/rdap/"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/rdap/help", nil)
		r.Host = c.host
		r.Header.Set("X-Forwarded-Proto", c.proto)
		if got := base(r); got != c.want {
			t.Errorf("%q: got %q, want %q", c.host, got, c.want)
		}
	}
}

// TestEscapes answers the same for a path however it is escaped.
func TestEscapes(t *testing.T) {
	c := world(t)
	at := listen(t, server(t, c))
	fetch := func(path string) (int, string) {
		r, err := http.Get(at + Root + path)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		return r.StatusCode, string(raw)
	}
	for _, same := range [][]string{
		{"ip/60.0.1.0/24", "ip/60.0.1.0%2F24", "ip/60.0.1.0%2f24"}, {"ip/2400:100::", "ip/2400%3A100%3A%3A", "ip/2400:0100:0:0::0"},
		{"ip/2400:100:ab::/48", "ip/2400:100:AB::%2F48"},
	} {
		code, want := fetch(same[0])
		for _, path := range same {
			if got, text := fetch(path); got != http.StatusOK || got != code || text != want {
				t.Errorf("%s: got %d %s", path, got, text)
			}
		}
	}
}
