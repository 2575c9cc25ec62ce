package interop_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"ipledger/ledger/light"
)

// directory is where the node answers RDAP.
func directory() string { return network.HTTP(full) + "/rdap" }

// rdap asks by OpenRDAP's client, and gives what it says and how it ended.
func rdap(t *testing.T, args ...string) (string, error) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), tool(t, "rdap"), append([]string{"--cache-dir=", "-s", directory()}, args...)...).CombinedOutput()
	return string(out), err
}

// curl asks for a path of the directory and gives status, headers and body.
func curl(t *testing.T, path string, args ...string) (status, head string, body []byte) {
	t.Helper()
	args = append(args, "-s", "-g", "-i", directory()+path)
	out, err := exec.CommandContext(t.Context(), tool(t, "curl"), args...).Output()
	if err != nil {
		t.Fatal(err)
	}
	head, rest, _ := strings.Cut(string(out), "\r\n\r\n")
	if words := strings.Fields(head); len(words) > 1 {
		status = words[1]
	}
	return status, head, []byte(rest)
}

// TestOpenRDAP reads networks, AS numbers, accounts and help.
func TestOpenRDAP(t *testing.T) {
	nordlicht, err := network.Account("nordlicht")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ args, want []string }{
		"an address":          {[]string{"5.44.200.77"}, []string{"Handle: 5.44.0.0/16", "Start Address: 5.44.0.0", "End Address: 5.44.255.255", "vCard fn: nordlicht"}},
		"a part of a network": {[]string{"5.44.200.128/25"}, []string{"Handle: 5.44.0.0/16", "vCard fn: nordlicht"}},
		"IPv6 in upper case":  {[]string{"2A00:F100:AB::1"}, []string{"Handle: 2a00:f100::/32", "IP Version: v6", "vCard fn: nordlicht"}},
		"an AS number":        {[]string{"AS219911"}, []string{"Handle: AS219911", "vCard fn: nordlicht"}},
		"an account":          {[]string{"-t", "entity", nordlicht.ID.String()}, []string{"Handle: " + nordlicht.ID.String(), "vCard fn: nordlicht"}},
		"help":                {[]string{"-t", "help"}, []string{"Conformance: rdap_level_0", "Conformance: rirSearch1", "Conformance: ipledger", "Questions"}},
	} {
		t.Run(name, func(t *testing.T) {
			said, err := rdap(t, c.args...)
			if err != nil {
				t.Fatalf("%v: %s", err, said)
			}
			for _, want := range c.want {
				if !strings.Contains(said, want) {
					t.Errorf("it does not say %q:\n%s", want, said)
				}
			}
		})
	}
	if said, err := rdap(t, "8.8.8.8"); err == nil || !strings.Contains(said, "404") {
		t.Errorf("what is not there: %v: %s", err, said)
	}
}

// TestOpenRDAP_bootstrap finds the node by its own bootstrap files.
func TestOpenRDAP_bootstrap(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), tool(t, "rdap"), "--cache-dir=", "--bs-url", directory()+"/bootstrap/", "5.44.200.77").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "vCard fn: nordlicht") {
		t.Errorf("%v: %s", err, out)
	}
}

// TestCurl_errors has errors in RDAP's form, with its headers.
func TestCurl_errors(t *testing.T) {
	for path, want := range map[string]string{
		"/ip/5.44.0.1": "200", "/ip/8.8.8.8": "404", "/ip/300.1.1.1": "400", "/ip/5.44.0.1%2F16": "400", "/ip/::ffff:5.44.0.1": "400", "/nameserver/ns.example": "501",
	} {
		status, head, body := curl(t, path)
		head = strings.ToLower(head)
		if status != want || !strings.Contains(head, "content-type: application/rdap+json") || !strings.Contains(head, "access-control-allow-origin: *") {
			t.Errorf("%s: want %s, got %s\n%s", path, want, head, body)
		}
		if want != "200" && !strings.Contains(string(body), `"errorCode":`+want) {
			t.Errorf("%s: got %s", path, body)
		}
	}
}

// TestCurl_schemas holds live answers to the schemas.
func TestCurl_schemas(t *testing.T) {
	f, err := os.Open("../../node/serve/rdap/testdata/schema.json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	doc, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("rdap.json", doc); err != nil {
		t.Fatal(err)
	}
	for path, name := range map[string]string{
		"/ip/5.44.0.1": "ip", "/ip/2a00:f100::": "ip", "/autnum/219911": "as", "/help": "help", "/ip/8.8.8.8": "error", "/bootstrap/ipv4.json": "bootstrap",
		"/ips/rirSearch1/rdap-down/5.0.0.0/8": "ips", "/autnums?handle=AS219911": "autnums",
	} {
		_, _, body := curl(t, path)
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(string(body)))
		if err == nil {
			err = c.MustCompile("rdap.json#/$defs/" + url.PathEscape(name)).Validate(v)
		}
		if err != nil {
			t.Errorf("%s is no %s: %v\n%s", path, name, err, body)
		}
	}
}

// TestCurl_relations walks between entries (RFC 9910).
func TestCurl_relations(t *testing.T) {
	_, _, body := curl(t, "/ips/rirSearch1/rdap-up/5.44.3.0/24")
	var up struct{ Handle string }
	if err := json.Unmarshal(body, &up); err != nil || up.Handle != "5.44.0.0/16" {
		t.Errorf("up: %v %s", err, body)
	}
	_, _, body = curl(t, "/ips/rirSearch1/rdap-top/5.44.3.0/24?status=active")
	if err := json.Unmarshal(body, &up); err != nil || up.Handle != "5.44.0.0/16" {
		t.Errorf("top: %v %s", err, body)
	}
	for _, relation := range []string{"down", "bottom"} {
		_, _, body = curl(t, "/ips/rirSearch1/rdap-"+relation+"/5.44.0.0/15")
		var down struct {
			Results []struct{ Handle string } `json:"ipSearchResults"`
		}
		if err := json.Unmarshal(body, &down); err != nil || !slices.ContainsFunc(down.Results, func(x struct{ Handle string }) bool { return x.Handle == "5.44.0.0/16" }) {
			t.Errorf("%s: %v %s", relation, err, body)
		}
	}
	for _, path := range []string{"/ips/rirSearch1/rdap-up/5.44.0.0/16", "/ips/rirSearch1/rdap-down/8.8.8.0/24"} {
		if status, _, body := curl(t, path); status != "404" {
			t.Errorf("%s: got %s %s", path, status, body)
		}
	}
}

// TestCurl_proof follows an answer to its proof, which verifies offline and says the
// same.
func TestCurl_proof(t *testing.T) {
	_, _, body := curl(t, "/ip/5.44.200.77")
	var said struct {
		Record struct{ Holder, Height, Proof string } `json:"ipledger_record"`
	}
	if err := json.Unmarshal(body, &said); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	raw, err := exec.CommandContext(t.Context(), tool(t, "curl"), "-s", "-f", said.Record.Proof).Output()
	if err != nil {
		t.Fatalf("%s: %v", said.Record.Proof, err)
	}
	file, err := os.ReadFile(network.File.TrustFile)
	if err != nil {
		t.Fatal(err)
	}
	trust, err := light.TrustFromBytes(file)
	if err != nil {
		t.Fatal(err)
	}
	v, err := light.Verify(raw, trust)
	if err != nil || v.Resource == nil || fmt.Sprint(v.Resource.Height) != said.Record.Height || v.Resource.Title.Holder.String() != said.Record.Holder {
		t.Errorf("the proof says %+v (%v), the answer %+v", v, err, said.Record)
	}
}

// TestCurl_limit goes on until it is told to slow down, in RDAP's form.
func TestCurl_limit(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), tool(t, "curl"), "-s", "-o", "/dev/null", "-w", "%{http_code} %{content_type} %header{retry-after}\n",
		fmt.Sprintf("%s/ip/5.44.0.1?[1-%d]", directory(), 2*burst)).Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if n := len(lines); n != 2*burst || !strings.HasPrefix(lines[0], "200 ") || !slices.ContainsFunc(lines, func(l string) bool { return l == "429 application/rdap+json 1" }) {
		t.Errorf("%d answers, the first %q, the last %q", n, lines[0], lines[n-1])
	}
	time.Sleep(15 * time.Second) // gives back the share of requests, for the tests that follow
}
