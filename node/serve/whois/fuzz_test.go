package whois

import (
	"io"
	"math/rand/v2"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
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
			b = append(append(b, ' '), seeds[random.IntN(len(seeds))]...)
		}
	}
	if random.IntN(200) == 0 {
		return strings.Repeat(string(b)+" ", 2000/(len(b)+1)+1)
	}
	return string(b)
}

// TestBent_WHOIS2_WHOIS5 asks 10,000 bent queries, 20 on a connection: each connection
// ends, no goroutine stays, and no memory.
func TestBent_WHOIS2_WHOIS5(t *testing.T) {
	c := config(world(t))
	before, heap := runtime.NumGoroutine(), inUse()
	t.Run("asked", func(t *testing.T) {
		addr, random := started(t, c), rand.New(rand.NewPCG(29, 2))
		for range 500 {
			lines := "-k\n"
			for range 20 {
				lines += bent(random) + []string{"\n", "\r\n"}[random.IntN(2)]
			}
			checkLines(t, bentAnswers(t, addr, lines))
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
