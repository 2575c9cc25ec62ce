package interop_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// whois is what the client of Debian prints of the node.
func whois(t *testing.T, args ...string) string {
	t.Helper()
	client := tool(t, "whois")
	host, port, err := net.SplitHostPort(network.File.Nodes[full].Whois)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	out, err := exec.CommandContext(ctx, client, append([]string{"-h", host, "-p", port}, args...)...).Output()
	if err != nil && ctx.Err() != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return string(out) // its exit says nothing of the answer
}

// objects is the classes and keys of an answer.
func objects(answer string) string {
	var out []string
	before := ""
	for line := range strings.SplitSeq(answer, "\n") {
		if name, value, ok := strings.Cut(line, ":"); ok && before == "" && line[0] != '%' && name != "Warning" { // of the client
			out = append(out, name+" "+strings.TrimSpace(value))
		}
		before = line
	}
	return strings.Join(out, "; ")
}

// TestWhois_WHOIS4: the client shows holder, grade, source and place of the proof.
func TestWhois_WHOIS4(t *testing.T) {
	got := whois(t, "--", "5.44.3.9")
	for _, line := range []string{"inetnum:        5.44.0.0 - 5.44.255.255\n", "descr:          nordlicht\n", "remarks:        grade: T", " nordlicht (self-declared)\n", "remarks:        divergence: none\n", "remarks:        proof: /v1/resources/5.44.0.0/16?proof=1&at=", "source:         LEDGER\n", "organisation:   0x", "% Block "} {
		if !strings.Contains(got, line) {
			t.Errorf("no %q in:\n%s", line, got)
		}
	}
}

// TestWhois_WHOIS10: the client passes its flags on, and an AS number in lower case.
func TestWhois_WHOIS10(t *testing.T) {
	const halves = "inetnum 31.20.0.0 - 31.20.127.255; inetnum 31.20.128.0 - 31.20.255.255"
	for args, want := range map[string]string{
		"-x 5.44.0.0/16": "inetnum 5.44.0.0 - 5.44.255.255", "-x 5.44.0.0/17": "", "-l 5.44.0.0/17": "inetnum 5.44.0.0 - 5.44.255.255", "-l 5.44.0.0/16": "",
		"-L 5.44.7.7": "inetnum 5.44.0.0 - 5.44.255.255", "-m 31.20.0.0/16": halves, "-M 31.20.0.0/16": halves, "-M 31.20.0.0/17": "",
		"AS219911": "aut-num AS219911", "as219912": "aut-num AS219912", "2a00:f100::1": "inet6num 2a00:f100::/32", "5.44.9.0 - 5.44.9.9": "inetnum 5.44.0.0 - 5.44.255.255",
	} {
		words := strings.Fields(args)
		if strings.Contains(args, " - ") {
			words = []string{args}
		}
		got := whois(t, append([]string{"-r", "-T", "inetnum,inet6num,aut-num"}, words...)...)
		if objects(got) != want || strings.Contains(got, "%ERROR:101:") != (want == "") {
			t.Errorf("whois -r %s: got %q, want %q:\n%s", args, objects(got), want, got)
		}
	}
}

// TestWhois_WHOIS11: accounts by name and id, what they hold, and routes by origin.
func TestWhois_WHOIS11(t *testing.T) {
	id := ""
	for _, a := range network.File.Accounts {
		if a.Name == "nordlicht" {
			id = a.ID.String()
		}
	}
	holds := "inetnum 5.44.0.0 - 5.44.255.255; inet6num 2a00:f100::/32; aut-num AS219911"
	for query, want := range map[string]string{
		"Nordlicht": "organisation " + id, id: "organisation " + id, "-r -i org nordlicht": holds, "-r -i org " + id: holds,
		"-T route -i origin AS219911": "route 5.44.0.0/16", "-T route6 -i origin as219911": "route6 2a00:f100::/32", "NET-5-44-0-0-16": "inetnum 5.44.0.0 - 5.44.255.255; organisation " + id + "; route 5.44.0.0/16",
	} {
		eventually(t, query+" to be answered", patience, func() bool { return objects(whois(t, "--", query)) == want })
	}
}

// TestWhois_LINE1_WHOIS5: lines that no client sends get an error or the end, and a
// thousand connections that say nothing delay nobody.
func TestWhois_LINE1_WHOIS5(t *testing.T) {
	addr := network.File.Nodes[full].Whois
	dial := func() net.Conn {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		_ = c.SetDeadline(time.Now().Add(patience))
		return c
	}
	for sent, want := range map[string]string{
		strings.Repeat("x", 8192): "%ERROR:107:", "5.44.0.0\x00/16\r\n": "%ERROR:115:", "\xff\xfe\r\n": "%ERROR:115:", "\r\n": "%ERROR:106:", "5.44.0.1\n": "inetnum:",
	} {
		c := dial()
		if _, err := io.WriteString(c, sent); err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(c); err != nil || !bytes.Contains(got, []byte(want)) {
			t.Errorf("%.20q: got %q, %v", sent, got, err)
		}
	}
	for range 1000 {
		dial()
	}
	begun := time.Now()
	if got := whois(t, "--", "-r AS219911"); !strings.Contains(got, "aut-num:") {
		t.Errorf("beside 1,000 idle connections: %s", got)
	}
	t.Logf("answered beside 1,000 idle connections in %v", time.Since(begun).Round(time.Millisecond))
	if got := fmt.Sprint(len(served(t))); got == "0" {
		t.Error("the node serves nothing any more")
	}
}
