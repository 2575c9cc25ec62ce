package whois

import (
	"context"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"ipledger/ledger/audit/mint"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
	"ipledger/node/serve/servetest"
)

func parsed(t testing.TB, text string) wire.Resource { return servetest.Block(t, text) }

// world is ann's blocks with services and origins, of which bob leases and cat uses a
// part.
func world(t testing.TB) *mint.Chain {
	t.Helper()
	w := servetest.NewWorld(t)
	whole, six := parsed(t, servetest.Whole), parsed(t, servetest.Six)
	w.Do(w.Act("ann", &tx.ContactsSet{Resource: whole, Abuse: "abuse@ann.example"}),
		w.Act("ann", &tx.ReverseSet{Resource: whole, Servers: "ns1.ann.example ns2.ann.example", DS: "12345 13 2 " + wire.Hash{8}.String()}),
		w.Act("ann", &tx.GeofeedSet{Resource: six, URL: "https://ann.example/geo.csv"}),
		w.Act("ann", &tx.ProvidersAuthorise{Resource: parsed(t, "AS4608"), Providers: "174 3356"}),
		w.Act("ann", &tx.OriginAuthorise{Resource: six, MaxLength: 48, AS: 4608}))
	w.Lend()
	w.Do(w.Act("ann", &tx.OriginAuthorise{Resource: parsed(t, "60.0.0.0/24"), MaxLength: 24, AS: 4608}),
		w.Act("ann", &tx.OriginAuthorise{Resource: parsed(t, "60.0.2.0/23"), MaxLength: 24, AS: 4608}),
		w.Act("ann", &tx.OriginAuthorise{Resource: parsed(t, "60.0.2.0/23"), MaxLength: 23, AS: 0}),
		w.Act("bob", &tx.OriginAuthorise{Resource: parsed(t, "60.0.1.0/25"), MaxLength: 25, AS: 7}))
	text := strings.ToValidUTF8(hostile, "\ufffd")
	w.Mark(text, text)
	return w.Chain
}

// hostile is text that tries to end its line, to look like another object and to turn
// what stands after it round.
const hostile = "x\nsource: RIPE\r\n\n% end\x00\x1b[31m\u2028\u202eend\xff"

// config serves a chain.
func config(c *mint.Chain) Config {
	return Config{
		ChainID: "minted", Version: "ipledgerd 9.9",
		View: func() View {
			return View{State: c.State, Height: c.Last.Header.Height, Time: c.Last.Header.Time.Seconds}
		},
		Held:   func(wire.Address) ([]wire.Resource, error) { return blocks(c.State), nil },
		Routed: func(uint32) []wire.Resource { return slices.DeleteFunc(blocks(c.State), asNumbers) },
	}
}

func asNumbers(r wire.Resource) bool { return r.Family == wire.ASN }

// blocks is every block with records: an index that says too much, as one may that is
// of another height.
func blocks(s tree.State) (list []wire.Resource) {
	for f := tree.IPv4; f <= tree.ASN; f++ {
		s.Walk(tree.RootKey(f), func(l tree.Leaf) bool { list = append(list, l.Key.Resource()); return true })
	}
	return list
}

// started serves on loopback.
func started(t testing.TB, c Config) string {
	return servetest.Listen(t, func(ctx context.Context, l net.Listener) error { return New(c).Serve(ctx, narrow{l}) })
}

// narrow keeps little of what a client does not take.
type narrow struct{ net.Listener }

func (n narrow) Accept() (net.Conn, error) {
	c, err := n.Listener.Accept()
	if err == nil {
		err = c.(*net.TCPConn).SetWriteBuffer(16 << 10)
	}
	return c, err
}

// asked is all that the server says to bytes.
func asked(t testing.TB, addr, sent string) string {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(servetest.Patience))
	if _, err := io.WriteString(c, sent); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(c)
	if err != nil {
		t.Fatalf("%.60q: after %.80q: %v", sent, got, err)
	}
	return string(got)
}

// keys is the objects of an answer by class and key, or its error.
func keys(answer string) string {
	var out []string
	begins := true
	for line := range strings.SplitSeq(answer, "\n") {
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch {
		case strings.HasPrefix(line, "%ERROR:"):
			out = append(out, strings.SplitN(line, ":", 3)[1])
		case name == "origin" && len(out) > 0:
			out[len(out)-1] += value
		case begins && line != "" && line[0] != '%':
			out = append(out, strings.TrimPrefix(name, "*")+" "+value)
		}
		begins = line == "" || line[0] == '%'
	}
	return strings.Join(out, "; ")
}
