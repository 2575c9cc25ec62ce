package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A cure term of the members is shown in every status, and as overdue after its end.
func TestStatus_GOV18(t *testing.T) {
	node := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"chain_id":"t","height":"7","synced":true,"time":"2026-11-21T09:00:00Z","version":"1.2","rules_version":"2","cures":[
			{"scope":"jurisdiction","name":"NL","since":"2026-11-20T09:00:00Z","until":"2027-02-18T09:00:00Z","overdue":false},
			{"scope":"hosting","name":"a\u001bcloud","since":"2026-01-20T09:00:00Z","until":"2026-04-20T09:00:00Z","overdue":true}]}`))
	}))
	defer node.Close()
	raw, s, err := ask(t.Context(), node.URL)
	if err != nil || !json.Valid(raw) {
		t.Fatal(err)
	}
	var out bytes.Buffer
	printStatus(&out, s)
	for _, want := range []string{
		"version  1.2, rules 2\n",
		`cure     jurisdiction "NL" is above its cap among the members since 2026-11-20T09:00:00Z, to be cured by 2027-02-18T09:00:00Z`,
		`cure     hosting "a\x1bcloud" is above its cap among the members since 2026-01-20T09:00:00Z, overdue since 2026-04-20T09:00:00Z`,
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("lacks %q:\n%s", want, out.String())
		}
	}
}

// TestStatus_plain: what a node says does nothing to a terminal.
func TestStatus_plain(t *testing.T) {
	node := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"table":"\u001b[3m","counts":{},"chain_id":"\u001b]0;owned\u0007","height":"7","phase":"\u001b[2J","version":"`+"\u009b31m"+`","rpki":{"fault":"\u001b[1m"}}`)
	}))
	defer node.Close()
	for _, args := range [][]string{{"status"}, {"status", "--json"}, {"wait", "--synced", "--timeout", "1s"}} {
		var out, errs bytes.Buffer
		execute(append(args, "--node", node.URL), strings.NewReader(""), &out, &errs)
		if strings.ContainsAny(out.String()+errs.String(), "\x1b\a\u009b") || out.Len()+errs.Len() == 0 {
			t.Errorf("%v: %q, %q", args, out.String(), errs.String())
		}
	}
}

// What the node's last comparison found is in the status; nothing is where it compares
// with no table, and why it has not compared where it has not.
func TestStatus_DRIFT10_DRIFT11(t *testing.T) {
	for answer, want := range map[string]string{
		`{"status":404,"code":"not_found","detail":"no table"}`:             "",
		`{"status":503,"code":"not_ready","detail":"nothing was compared"}`: "drift    nothing was compared\n",
		`not JSON`: "",
		`{"table":"rib.bz2","table_read":"1764500000","judged":{"routes":6},"counts":{"valid":2,"agreed":5,"missing":0},"fault":""}`: "drift    none; 6 routes of rib.bz2, read 2025-11-30T10:53:20Z\n",
		`{"table":"rib.gz","table_read":1764500000,"judged":{"routes":6},"counts":{"missing":2,"invalid_origin":1,"idle":9},"fault":"it is gone"}`: "drift    1 invalid_origin, 2 missing; 6 routes of rib.gz, read 2025-11-30T10:53:20Z\n" +
			"drift    the newest table was not taken: it is gone\n",
	} {
		node := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/v1/drift" {
				_, _ = w.Write([]byte(answer))
			}
		}))
		got := driftText(askDrift(t.Context(), node.URL))
		node.Close()
		if got != want {
			t.Errorf("%s: got %q, want %q", answer, got, want)
		}
	}
}
