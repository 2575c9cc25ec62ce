package irr

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"ipledger/node/serve/line"
	"ipledger/node/serve/servetest"
)

// seeds are queries that mean something.
var seeds = []string{
	"!!", "!nbgpq4 1.9", "!a", "!a4AS2121:AS-CONE", "!iAS2121:AS-CUSTOMERS,1", "!gas2121", "!6as2121", "!s-lc", "!sLEDGER,RADB", "!j-*",
	"!r5.44.0.0/22,L", "!r2001:67c::/32,M", "!r5.44.0.1,o", "!mroute,5.44.0.0/22AS2121", "!mas-set,AS70:AS-CONE", "!t30", "!v", "!q",
}

// FuzzQuery_IRR1 answers anything by whole answers, or by nothing.
func FuzzQuery_IRR1(f *testing.F) {
	for _, q := range seeds {
		f.Add(q)
	}
	s := New(Config{})
	s.Update(world, 41)
	f.Fuzz(func(t *testing.T, query string) {
		a, err := (&talk{server: s, conn: new(line.Conn)}).answer(query)
		if err != nil {
			return
		}
		checkAnswers(t, string(bytes.Join(a.parts(), nil)))
	})
}

// checkAnswers reads answers one after the other to their end.
func checkAnswers(t testing.TB, said string) {
	for said != "" {
		head, rest, ok := strings.Cut(said, "\n")
		if !ok || head == "" {
			t.Fatalf("an answer begins with %.60q", said)
		}
		switch {
		case head == "C" || head == "D" || strings.HasPrefix(head, "F "):
			said = rest
		case head[0] == 'A':
			n, err := strconv.Atoi(head[1:])
			if err != nil || n < 2 || len(rest) < n+2 || rest[n-1:n+2] != "\nC\n" {
				t.Fatalf("%q before %.60q: %v", head, rest, err)
			}
			said = rest[n+2:]
		default:
			t.Fatalf("an answer begins with %.60q", said)
		}
	}
}

// TestBent_IRR1 asks 10,000 bent queries, 20 on a connection: each connection ends, no
// goroutine stays, and no memory.
func TestBent_IRR1(t *testing.T) {
	servetest.LeavesNothing(t, func(t *testing.T) {
		addr, random := serving(t, Config{}), rand.New(rand.NewPCG(29, 1))
		for range 500 {
			lines := []string{"!!"}
			for range 20 {
				lines = append(lines, servetest.Bent(random, seeds, ""))
			}
			checkAnswers(t, servetest.Said(t, addr, strings.Join(lines, "\n")+"\n"))
		}
	})
}

// TestIdle_IRR7: 1,000 idle connections and 50 that take no answer delay nobody.
func TestIdle_IRR7(t *testing.T) {
	s, addr := started(t, Config{})
	set := world
	set.Payloads = slices.Clone(set.Payloads)
	for i := range 1 << 16 {
		set.Payloads = append(set.Payloads, payload(fmt.Sprintf("9.%d.%d.0/24", i>>8, i&255), 24, 5000))
	}
	s.Update(set, 1)
	for i := range 1050 {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		if i >= 1000 {
			_, _ = io.WriteString(c, "!!\n"+strings.Repeat("!gas5000\n", 100))
		}
	}
	worst := time.Duration(0)
	for range 200 {
		begun := time.Now()
		if got := asked(t, addr, "!gas3333"); got != data("5.44.0.0/24") {
			t.Fatalf("got %.60q", got)
		}
		worst = max(worst, time.Since(begun))
	}
	t.Logf("the slowest of 200 queries beside them took %v", worst)
	if worst > servetest.Patience/4 {
		t.Errorf("a query took %v", worst)
	}
}
