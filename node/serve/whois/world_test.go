package whois

import (
	"context"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/audit/mint"
	"ipledger/ledger/genesis"
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// patience is how long a test waits for what must come.
const patience = 60 * time.Second

func parsed(t testing.TB, text string) wire.Resource {
	t.Helper()
	r, err := inr.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// world is a chain by the rules: ann holds a /22, a /32 of IPv6 and an AS number, and
// states services and origins; bob leases a /24 and grants a /25 of it to cat.
func world(t testing.TB) *mint.Chain {
	t.Helper()
	in := mint.Input(mint.Holder{Name: "ann", Blocks: []string{"60.0.0.0/22", "2400:100::/32", "AS4608"}}, mint.Holder{Name: "bob"}, mint.Holder{Name: "cat"})
	in.Stats = append(in.Stats, genesis.Stats{Name: "more", Raw: []byte("apnic|AU|asn|4608|1|20200102|allocated\napnic|JP|ipv6|2400:100::|32|20200103|allocated\napnic||ipv4|61.0.0.0|65536||available\napnic||asn|131072|4||reserved\n")})
	c, err := mint.New(in)
	if err != nil {
		t.Fatal(err)
	}
	act := func(who string, body tx.Body) []byte { raw, _ := c.Sign(who, body); return raw }
	whole, part, six := parsed(t, "60.0.0.0/22"), parsed(t, "60.0.1.0/24"), parsed(t, "2400:100::/32")
	do(t, c)
	do(t, c, act("ann", &tx.ContactsSet{Resource: whole, Abuse: "abuse@ann.example"}),
		act("ann", &tx.ReverseSet{Resource: whole, Servers: "ns1.ann.example ns2.ann.example", DS: "12345 13 2 " + wire.Hash{8}.String()}),
		act("ann", &tx.GeofeedSet{Resource: six, URL: "https://ann.example/geo.csv"}),
		act("ann", &tx.ProvidersAuthorise{Resource: parsed(t, "AS4608"), Providers: "174 3356"}),
		act("ann", &tx.OriginAuthorise{Resource: six, MaxLength: 48, AS: 4608}))
	offer, id := c.Sign("ann", &tx.LeaseOffer{Resource: part, To: c.ID("bob"), End: c.Now() + 90*86400, SubLet: true,
		Operator: "Cat Net \"South\"", Abuse: "https://cat.example/abuse", Value: c.Value(whole), Until: c.Now() + 5000})
	do(t, c, offer)
	do(t, c, act("bob", &tx.LeaseAccept{Offer: id, Resource: part, Value: c.Value(whole)}))
	inner := parsed(t, "60.0.1.128/25")
	offer, id = c.Sign("bob", &tx.GrantOffer{Resource: inner, To: c.ID("cat"), Notice: 86400, Value: c.Value(whole), Until: c.Now() + 5000})
	do(t, c, offer)
	do(t, c, act("cat", &tx.GrantAccept{Offer: id, Resource: inner, Value: c.Value(whole)}))
	do(t, c, act("ann", &tx.OriginAuthorise{Resource: parsed(t, "60.0.0.0/24"), MaxLength: 24, AS: 4608}),
		act("ann", &tx.OriginAuthorise{Resource: parsed(t, "60.0.2.0/23"), MaxLength: 24, AS: 4608}),
		act("ann", &tx.OriginAuthorise{Resource: parsed(t, "60.0.2.0/23"), MaxLength: 23, AS: 0}),
		act("bob", &tx.OriginAuthorise{Resource: parsed(t, "60.0.1.0/25"), MaxLength: 25, AS: 7}))
	marked(t, c)
	return c
}

// do extends the chain by a block of acts, none of which may fail.
func do(t testing.TB, c *mint.Chain, acts ...[]byte) {
	t.Helper()
	b, err := c.Extend(10, acts...)
	if err != nil {
		t.Fatal(err)
	}
	for i, raw := range b.Receipts {
		if r, err := ledger.ReceiptFromBytes(raw); err != nil || r.Outcome == ledger.Failed {
			t.Fatalf("act %d of block %d was refused: %+v, %v", i, b.Header.Height, r, err)
		}
	}
}

// hostile is text that tries to end its line, to look like another object and to turn
// what stands after it round.
const hostile = "x\nsource: RIPE\r\n\n% end\x00\x1b[31m\u2028\u202eend\xff"

// marked adds what takes registrars and sources to come about: a name that was
// attested, and a title that diverges and is frozen, all of whose text is hostile.
func marked(t testing.TB, c *mint.Chain) {
	t.Helper()
	e := c.State.Edit()
	leaf, _ := e.Get(tree.AccountKey(c.ID("bob")))
	a, err := account.FromBytes(leaf.Data)
	if err != nil {
		t.Fatal(err)
	}
	a.Attested = []account.Attested{{By: wire.Address{0xf1}, At: mint.Start}}
	e.Put(record.Leaf(leaf.Key, a.Bytes()))
	at := parsed(t, "62.0.0.0/16")
	now := c.Last.Header.Time.Seconds
	text := strings.ToValidUTF8(hostile, "\ufffd")
	e.Put(record.FolioLeaf(at, &record.Folio{
		Title: (&record.Title{Rules: 1, State: record.Held, Holder: wire.Address{0xd4}, Grade: record.GradeA, Proved: now,
			Source: record.Source{Registry: "ripencc", Handle: text, Status: "assigned", Country: "SE", Class: record.Extended}}).Bytes(),
		Restrictions: record.RestrictionsBytes([]record.Restriction{
			{Rules: 1, Kind: record.Freeze, Act: wire.Hash{1}, Since: now - 60, Until: now + 60, At: at},
			{Rules: 1, Kind: record.Diverges, Act: wire.Hash{2}, Since: now - 40, At: at, Says: text},
		}),
	}))
	c.State = e.Freeze()
}

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
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- New(c).Serve(ctx, narrow{l}) }()
	t.Cleanup(func() {
		cancel()
		_ = l.Close()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return l.Addr().String()
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
	_ = c.SetDeadline(time.Now().Add(patience))
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
