package whois

import (
	"math/rand/v2"
	"net"
	"strings"
	"testing"
	"unicode/utf8"

	"ipledger/node/serve/servetest"
)

// seeds are queries that mean something.
var seeds = []string{
	"60.0.0.1", "60.0.0.0 - 60.0.1.255", "-x 60.0.1.0/24", "-rB -T inetnum,route 60.0.0.0/22", "-L 60.0.1.200", "-M 60.0.0.0/16", "-m 2400::/12", "as4608", "AS1 - AS5000",
	"ann", "-i org ann", "-i origin AS4608", "0.0.60.in-addr.arpa", "4.2.ip6.arpa", "-q types", "-k", "-F -K --resource 60.0.1.1", "-V x -s LEDGER -a -G NET-60-0-0-0-22", "2400:100::/32",
	"0x2003342433228b95d4a428847acd65fc8fcbbc83",
}

// FuzzQuery_WHOIS2_WHOIS3_WHOIS5 answers anything by lines that are whole: comments,
// attributes, or empty.
func FuzzQuery_WHOIS2_WHOIS3_WHOIS5(f *testing.F) {
	for _, q := range seeds {
		f.Add(q)
	}
	s := New(config(world(f)))
	f.Fuzz(func(t *testing.T, query string) {
		b, _ := s.answer(t.Context(), new(net.TCPAddr), query, false)
		checkLines(t, string(b))
	})
}

// checkLines reads an answer.
func checkLines(t testing.TB, said string) {
	if !utf8.ValidString(said) || said != "" && !strings.HasSuffix(said, "\n\n\n") {
		t.Fatalf("an answer ends with %q", said[max(0, len(said)-60):])
	}
	for line := range strings.SplitSeq(said, "\n") {
		name, _, ok := strings.Cut(strings.TrimPrefix(line, "*"), ":")
		if line == "" || line[0] == '%' || line == Source+":3:N:0-7" || strings.HasPrefix(line, "ipledgerd 9.9") || strings.Contains(said, "\n\n"+strings.Join(classes, "\n")) {
			continue
		}
		if !ok || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz-0123456789") != "" || strings.ContainsFunc(line, unsafe) {
			t.Fatalf("a line is %q", line)
		}
	}
}

// TestBent_WHOIS2_WHOIS5 asks 10,000 bent queries, 20 on a connection: each connection
// ends, no goroutine stays, and no memory.
func TestBent_WHOIS2_WHOIS5(t *testing.T) {
	c := config(world(t))
	servetest.LeavesNothing(t, func(t *testing.T) {
		addr, random := started(t, c), rand.New(rand.NewPCG(29, 2))
		for range 500 {
			lines := "-k\n"
			for range 20 {
				lines += servetest.Bent(random, seeds, " ") + []string{"\n", "\r\n"}[random.IntN(2)]
			}
			checkLines(t, servetest.Said(t, addr, lines))
		}
	})
}
