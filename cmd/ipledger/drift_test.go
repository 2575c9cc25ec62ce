package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/vrp"
)

// listOf is a node's list of payloads.
func listOf(rows ...string) string {
	return `{"chain_id":"t","height":"7","time":"2026-11-21T09:00:00Z","count":1,"payloads":[` + strings.Join(rows, ",") + `]}`
}

func row(prefix string, length int, as, grade string) string {
	return fmt.Sprintf(`{"prefix":%q,"max_length":%d,"as":%q,"grade":%q}`, prefix, length, as, grade)
}

// driftFiles writes a validator's export and a routing table.
func driftFiles(t *testing.T, table string) (flags []string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"vrps.json": `{"roas":[{"asn":64500,"prefix":"193.0.4.0/22","maxLength":24}]}`, "rib.txt": table, "trust.json": "{}",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return []string{"drift", "--vrps", filepath.Join(dir, "vrps.json"), "--table", filepath.Join(dir, "rib.txt"), "--trust", filepath.Join(dir, "trust.json")}
}

// TestDrift_lists_DRIFT12 takes a list as a node has it, and nothing else for one.
func TestDrift_lists_DRIFT12(t *testing.T) {
	flags := driftFiles(t, "193.0.4.0/22 64500\n193.0.5.0/24 64501\n")
	good := listOf(row("193.0.4.0/22", 24, "64500", "A"), row("193.0.4.0/22", 24, "64502", "A"), row("2001:67c::/32", 48, "64500", "B"))
	for _, c := range []struct {
		why, list, want string
		status, code    int
	}{
		{"a list", good, "1 agreed, 0 idle, 0 not_in_rpki, 2 missing; 3 permissive", 200, exitDone},
		{"an empty list", listOf(), "1 not_on_ledger", 200, exitDone},
		{"out of order", listOf(row("193.0.8.0/22", 24, "1", "A"), row("193.0.4.0/22", 24, "1", "A")), "out of order", 200, exitFailed},
		{"one twice", listOf(row("193.0.8.0/22", 24, "1", "A"), row("193.0.8.0/22", 24, "1", "A")), "out of order", 200, exitFailed},
		{"too long", listOf(row("193.0.8.0/22", 33, "1", "A")), "nothing that can be announced", 200, exitFailed},
		{"too short", listOf(row("193.0.8.0/22", 21, "1", "A")), "nothing that can be announced", 200, exitFailed},
		{"AS numbers", listOf(row("AS64496", 32, "1", "A")), "nothing that can be announced", 200, exitFailed},
		{"host bits", listOf(row("193.0.8.1/22", 24, "1", "A")), "host bits", 200, exitFailed},
		{"half of it", good[:len(good)-10], "EOF", 200, exitFailed},
		{"no height", `{"payloads":[]}`, "no height", 200, exitFailed},
		{"another thing", `[]`, "where { begins", 200, exitFailed},
		{"none yet", `{"code":"unknown_height","detail":"there is no such block"}`, "no such block", 404, exitNotFound},
	} {
		code, out, errs := typed(t, answers{"/v1/payloads": text(c.status, c.list)}, flags...)
		if code != c.code || !strings.Contains(out+errs, c.want) {
			t.Errorf("%s: exit code %d, want %d with %q\n%s%s", c.why, code, c.code, c.want, out, errs)
		}
	}
}

// TestDrift_proofs_DRIFT13 proves at most so many findings, and tells nothing of more.
func TestDrift_proofs_DRIFT13(t *testing.T) {
	var table strings.Builder
	for i := range provenMax + 1 {
		fmt.Fprintf(&table, "193.%d.%d.0/24 64501\n", i>>8, i&255)
	}
	asked := 0
	node := answers{
		"/v1/payloads":  text(200, listOf(row("193.0.0.0/16", 16, "64500", "A"), row("193.1.0.0/16", 16, "64500", "A"), row("193.2.0.0/16", 16, "64500", "A"), row("193.3.0.0/16", 16, "64500", "A"))),
		"/v1/resources": func(w http.ResponseWriter, r *http.Request) { asked++; text(404, `{"code":"not_found"}`)(w, r) },
	}
	code, out, errs := typed(t, node, append(driftFiles(t, table.String()), "--prove", "--only", "invalid_origin")...)
	if code != exitUsage || out != "" || asked != 0 || !strings.Contains(errs, "more than 1000 findings") {
		t.Errorf("exit code %d after %d questions\n%s%s", code, asked, out, errs)
	}
	code, out, _ = typed(t, node, append(driftFiles(t, table.String()), "--prove", "--only", "invalid_origin", "--prefix", "193.0.0.0/24")...)
	if code != exitUnverified || out != "" {
		t.Errorf("what is not proven is told: exit code %d\n%s", code, out)
	}
}

// TestDrift_json is one object whatever is found.
func TestDrift_json(t *testing.T) {
	for _, only := range []string{"all", "missing", "contradicted"} {
		node := answers{"/v1/payloads": text(200, listOf(row("193.0.4.0/22", 24, "64500", "A"), row("193.0.8.0/22", 24, "64500", "none")))}
		code, out, errs := typed(t, node, append(driftFiles(t, "193.0.4.0/22 64500\n193.0.4.0/22 {1,2}\n"), "--json", "--only", only)...)
		var got struct {
			Findings []findingShape
			Counts   map[string]int
		}
		if err := json.Unmarshal([]byte(out), &got); err != nil || code != exitDone || got.Counts["agreed"] != 1 {
			t.Errorf("%s: exit code %d, %v\n%s%s", only, code, err, out, errs)
		}
		if want := map[string]int{"all": 6, "missing": 1, "contradicted": 0}[only]; len(got.Findings) != want {
			t.Errorf("%s: %d findings, want %d\n%s", only, len(got.Findings), want, out)
		}
	}
}

// TestAgree_DRIFT13 compares what a list has at a block with what a proof shows there.
func TestAgree_DRIFT13(t *testing.T) {
	at := inr.FromPrefix(netip.MustParsePrefix("193.0.4.0/22"))
	one := vrp.Payload{Prefix: at, MaxLength: 24, AS: 64500, Grade: record.GradeA}
	shown := func(titled bool, g record.Grade) *light.Answer {
		a := &light.Answer{Resource: at, Grade: g, Origins: []light.Origin{
			{At: at, Origin: record.Origin{MaxLength: 24, AS: 64500}}, {At: at, Origin: record.Origin{MaxLength: 24, AS: 64501}, Suspended: 9},
			{At: inr.Truncate(at, 16), Origin: record.Origin{MaxLength: 24, AS: 64502}},
		}}
		if titled {
			a.Title = &light.Title{At: at, Title: record.Title{State: record.Held, Grade: g}}
		}
		return a
	}
	other := func(change func(*vrp.Payload)) []vrp.Payload { p := one; change(&p); return []vrp.Payload{p} }
	for _, c := range []struct {
		why    string
		listed []vrp.Payload
		titled bool
		grade  record.Grade
		want   bool
	}{
		{"the same", []vrp.Payload{one}, true, record.GradeA, true},
		{"nothing listed", nil, true, record.GradeA, false},
		{"another grade", []vrp.Payload{one}, true, record.GradeB, false},
		{"a grade that is not settled", []vrp.Payload{one}, true, record.GradeC, false},
		{"nothing of one that is not settled", nil, true, record.GradeC, true},
		{"another length", other(func(p *vrp.Payload) { p.MaxLength = 23 }), true, record.GradeA, false},
		{"a suspended one", other(func(p *vrp.Payload) { p.AS = 64501 }), true, record.GradeA, false},
		{"one from around it", other(func(p *vrp.Payload) { p.AS = 64502 }), true, record.GradeA, false},
		{"over several titles", []vrp.Payload{one}, false, record.GradeNone, true},
		{"over several, not all settled", nil, false, record.GradeNone, true},
		{"over several, invented", other(func(p *vrp.Payload) { p.AS = 64503 }), false, record.GradeNone, false},
	} {
		if got := agree(c.listed, shown(c.titled, c.grade)); got != c.want {
			t.Errorf("%s: got %v", c.why, got)
		}
	}
}
