package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

func delegated(at, servers, ds string) light.Services {
	r, err := inr.Parse(at)
	if err != nil {
		panic(err)
	}
	return light.Services{At: r, Services: record.Services{Servers: servers, DS: ds}}
}

func zoneFor(at string, stated ...light.Services) *zonefile {
	r, err := inr.Parse(at)
	if err != nil {
		panic(err)
	}
	return &zonefile{of: r, servers: []string{"ns1.example.net", "ns2.example.net"}, primary: "ns1.example.net", mailbox: "dns.example.net", Moment: light.Moment{Height: 7, Time: 1796025600}, stated: stated}
}

// zoneText is a file, which BIND's own check takes where this machine has it.
func zoneText(t *testing.T, z *zonefile, origin string) string {
	t.Helper()
	var b bytes.Buffer
	if err := z.write(&b); err != nil {
		t.Fatal(err)
	}
	if check, err := exec.LookPath("named-checkzone"); err == nil {
		name := filepath.Join(t.TempDir(), "zone")
		if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(check, "-i", "local", "-k", "fail", origin, name).CombinedOutput(); err != nil || bytes.Contains(out, []byte("ignor")) {
			t.Errorf("%v: %s\n%s", err, out, b.Bytes())
		}
	}
	return b.String()
}

const digest = "5f3c6a0e1d2b4c5a6978877665544332211000ffeeddccbbaa99887766554433"

// TestZonefile_FILE17 is one zone to the byte.
func TestZonefile_FILE17(t *testing.T) {
	got := zoneText(t, zoneFor("5.44.0.0/16",
		delegated("5.44.1.0/24", "ns1.a.example ns2.a.example", "12345 13 2 "+digest),
		delegated("5.44.2.0/23", "ns1.b.example", "")), "44.5.in-addr.arpa")
	want := `; the reverse zone of 5.44.0.0/16 as the ledger has it after block 7, at 2026-11-30T08:00:00Z
$ORIGIN 44.5.in-addr.arpa.
$TTL 86400
@ IN SOA ns1.example.net. dns.example.net. 7 3600 900 1209600 3600
@ IN NS ns1.example.net.
@ IN NS ns2.example.net.
1 IN NS ns1.a.example.
1 IN NS ns2.a.example.
1 IN DS 12345 13 2 ` + digest + `
2 IN NS ns1.b.example.
3 IN NS ns1.b.example.
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	six := zoneText(t, zoneFor("2a00:f100::/32", delegated("2a00:f100:8::/47", "ns1.a.example", "")), "0.0.1.f.0.0.a.2.ip6.arpa")
	if !strings.HasSuffix(six, "\n8.0.0.0 IN NS ns1.a.example.\n9.0.0.0 IN NS ns1.a.example.\n") {
		t.Errorf("got\n%s", six)
	}
}

// TestZonefile_FILE18: whose delegation a name has.
func TestZonefile_FILE18(t *testing.T) {
	for _, c := range []struct {
		why, of string
		stated  []light.Services
		want    string
	}{
		{"the smaller block", "5.44.0.0/16", []light.Services{delegated("5.44.0.0/23", "a.example", ""), delegated("5.44.1.0/24", "b.example", "")}, "0 a 1 b"},
		{"in any order", "5.44.0.0/16", []light.Services{delegated("5.44.1.0/24", "b.example", ""), delegated("5.44.0.0/23", "a.example", "")}, "0 a 1 b"},
		{"inside another zone", "5.0.0.0/8", []light.Services{delegated("5.44.0.0/16", "a.example", ""), delegated("5.44.1.0/24", "b.example", "")}, "44 a"},
		{"beside it", "5.0.0.0/8", []light.Services{delegated("5.44.0.0/16", "a.example", ""), delegated("5.45.1.0/24", "b.example", "")}, "44 a 1.45 b"},
		{"of the zone itself", "5.44.0.0/16", []light.Services{delegated("5.44.0.0/16", "a.example", ""), delegated("5.44.1.0/24", "b.example", "")}, "1 b"},
		{"one address", "5.44.1.0/24", []light.Services{delegated("5.44.1.9/32", "a.example", "")}, "9 a"},
	} {
		text := zoneText(t, zoneFor(c.of, c.stated...), map[string]string{"5.44.0.0/16": "44.5.in-addr.arpa", "5.0.0.0/8": "5.in-addr.arpa", "5.44.1.0/24": "1.44.5.in-addr.arpa"}[c.of])
		var got []string
		for _, line := range strings.Split(text, "\n")[6:] {
			if name, server, ok := strings.Cut(line, " IN NS "); ok {
				got = append(got, name, strings.TrimSuffix(server, ".example."))
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: got %v, want %s", c.why, got, c.want)
		}
	}
}

// TestZonefile_FILE19: an address of a small prefix is an alias in the zone of that.
func TestZonefile_FILE19(t *testing.T) {
	text := zoneText(t, zoneFor("5.44.1.0/24", delegated("5.44.1.64/26", "a.example", "12345 13 2 "+digest)), "1.44.5.in-addr.arpa")
	if strings.Count(text, " IN CNAME ") != 64 || !strings.Contains(text, "\n64/26 IN NS a.example.\n64/26 IN DS ") ||
		!strings.Contains(text, "\n64 IN CNAME 64.64/26\n") || !strings.Contains(text, "\n127 IN CNAME 127.64/26\n") {
		t.Errorf("got\n%s", text)
	}
	text = zoneText(t, zoneFor("5.44.0.0/16", delegated("5.44.1.64/31", "a.example", ""), delegated("5.44.1.64/32", "b.example", "")), "44.5.in-addr.arpa")
	if !strings.HasSuffix(text, "\n64/31.1 IN NS a.example.\n64.1 IN CNAME 64.64/31.1\n65.1 IN CNAME 65.64/31.1\n") {
		t.Errorf("got\n%s", text)
	}
}

// TestStanding: a delegation ends with the possession that it rests on.
func TestStanding(t *testing.T) {
	ann, bob := wire.Address{1}, wire.Address{2}
	title := record.Title{Rules: 1, State: record.Held, Holder: ann, Grade: record.GradeT, Source: record.Source{Registry: "ripencc", Class: record.Whole}}
	stated := func(who wire.Address) []byte {
		return wire.Encode(&record.Services{Rules: 1, Holder: who, Servers: "a.example"})
	}
	at := func(text string, f record.Folio) light.Valued {
		r, err := inr.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		return light.Valued{At: r, Folio: &f}
	}
	lease := record.Estate{Rules: 1, ID: wire.Hash{1}, Kind: record.Grant, Holder: bob, Start: 5, Started: true}
	ended := record.Estate{Rules: 1, ID: wire.Hash{2}, Kind: record.Grant, Holder: wire.Address{3}, Start: 5, Ends: 9, Started: true}
	all := []light.Valued{
		at("5.44.1.0/24", record.Folio{Contacts: stated(bob)}),
		at("5.44.0.0/16", record.Folio{Title: title.Bytes(), Contacts: stated(ann)}),
		at("5.44.2.0/24", record.Folio{Contacts: stated(ann)}),
		at("5.44.1.0/25", record.Folio{Contacts: stated(wire.Address{3}), Estates: record.EstatesBytes([]record.Estate{ended})}),
		at("5.44.0.0/23", record.Folio{Estates: record.EstatesBytes([]record.Estate{lease})}),
	}
	got, err := standing(inrOf(t, "5.44.0.0/16"), all, light.Moment{Height: 7, Time: 10})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range got {
		names = append(names, s.At.String())
	}
	if strings.Join(names, " ") != "5.44.0.0/16 5.44.1.0/24 5.44.2.0/24" {
		t.Errorf("got %v", names)
	}
}

func inrOf(t *testing.T, text string) wire.Resource {
	t.Helper()
	r, err := inr.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
