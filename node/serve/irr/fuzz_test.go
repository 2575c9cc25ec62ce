package irr

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"ipledger/node/serve/line"
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

// bent is a query with some bytes exchanged, lost, doubled or put in.
func bent(random *rand.Rand) string {
	b := []byte(seeds[random.IntN(len(seeds))])
	for range random.IntN(5) {
		i := random.IntN(len(b) + 1)
		switch random.IntN(4) {
		case 0:
			b = append(b[:i:i], append([]byte{byte(random.Uint32())}, b[i:]...)...)
		case 1:
			b = append(b[:i:i], b[min(len(b), i+1):]...)
		case 2:
			b = append(b, b[i:]...)
		default:
			b = append(b, seeds[random.IntN(len(seeds))]...)
		}
		if len(b) == 0 {
			b = []byte{'!'}
		}
	}
	if random.IntN(200) == 0 {
		return strings.Repeat(string(b), 2000/len(b)+1)
	}
	return string(b)
}

// TestBent_IRR1 asks 10,000 bent queries, 20 on a connection: each connection ends, no
// goroutine stays, and no memory.
func TestBent_IRR1(t *testing.T) {
	before, heap := runtime.NumGoroutine(), inUse()
	t.Run("asked", func(t *testing.T) {
		addr, random := serving(t, Config{}), rand.New(rand.NewPCG(29, 1))
		for range 500 {
			lines := []string{"!!"}
			for range 20 {
				lines = append(lines, bent(random))
			}
			checkAnswers(t, bentAnswers(t, addr, strings.Join(lines, "\n")+"\n"))
		}
		if now := runtime.NumGoroutine(); now > before+goroutinesMax {
			t.Errorf("%d goroutines, %d before", now, before)
		}
	})
	for begun := time.Now(); runtime.NumGoroutine() > before && time.Since(begun) < patience; {
		time.Sleep(10 * time.Millisecond)
	}
	if now := runtime.NumGoroutine(); now > before {
		t.Errorf("%d goroutines, %d before", now, before)
	}
	if now := inUse(); now > heap+8<<20 {
		t.Errorf("%d bytes in use, %d before", now, heap)
	}
}

// goroutinesMax is more than a server has for one client at a time: that of the test,
// the listener's, and those that wait for clients.
const goroutinesMax = 50

// bentAnswers is what the server says up to the end of the connection, which may cut
// off what is sent.
func bentAnswers(t testing.TB, addr, lines string) string {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(patience))
	_, _ = io.WriteString(c, lines)
	_ = c.(*net.TCPConn).CloseWrite()
	said, err := io.ReadAll(c)
	if err != nil {
		t.Fatalf("after %.60q: %v", said, err)
	}
	return string(said)
}

func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse
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
	if worst > patience/4 {
		t.Errorf("a query took %v", worst)
	}
}
