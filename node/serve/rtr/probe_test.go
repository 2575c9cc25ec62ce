package rtr

import (
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"slices"
	"testing"
	"time"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/vrp"
	"ipledger/ledger/wire"
	"ipledger/node/serve/servetest"
)

// started is a server on loopback.
func started(t testing.TB, c Config) (*Server, string) {
	t.Helper()
	s := New(c)
	return s, servetest.Listen(t, s.Serve)
}

// probe is a router that keeps what it is told, and complains of whatever a router
// must not be told.
type probe struct {
	t       testing.TB
	conn    net.Conn
	version byte
	has     map[route]bool
	aspa    map[uint32][]uint32
	session uint16
	serial  uint32
	timing  Timing
}

func dial(t testing.TB, addr string, version byte) *probe {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &probe{t: t, conn: conn, version: version, has: map[route]bool{}, aspa: map[uint32][]uint32{}}
}

func (p *probe) send(b []byte) {
	p.t.Helper()
	if _, err := p.conn.Write(b); err != nil {
		p.t.Fatal(err)
	}
}

// next is the next PDU; the connection has ended where there is none.
func (p *probe) next() *pdu {
	p.t.Helper()
	_ = p.conn.SetReadDeadline(time.Now().Add(servetest.Patience))
	got, err := readPDU(p.conn)
	if err != nil {
		if err == io.EOF {
			return nil
		}
		p.t.Fatalf("%v", err)
	}
	return got
}

// want reads one PDU of a kind.
func (p *probe) want(kind byte) *pdu {
	p.t.Helper()
	got := p.next()
	if got == nil || got.kind != kind || got.version != p.version {
		p.t.Fatalf("got %+v, want type %d of version %d", got, kind, p.version)
	}
	return got
}

func (p *probe) reset() {
	p.send(appendHeader(nil, p.version, typeResetQuery, 0, 0))
	clear(p.has)
	clear(p.aspa)
	p.take()
}

func (p *probe) query() {
	p.send(appendSerial(appendHeader(nil, p.version, typeSerialQuery, p.session, 4), p.serial))
	p.take()
}

// take reads an answer up to its end.
func (p *probe) take() {
	p.t.Helper()
	p.session = p.want(typeCacheResponse).session
	for {
		got := p.next()
		switch {
		case got == nil:
			p.t.Fatal("the connection ended inside an answer")
		case got.version != p.version:
			p.t.Fatalf("version %d in an answer of version %d", got.version, p.version)
		case got.kind == typeEndOfData:
			p.end(got)
			return
		case got.kind == typeASPA:
			p.authorisation(got)
		default:
			p.payload(got)
		}
	}
}

func (p *probe) end(got *pdu) {
	p.serial = binary.BigEndian.Uint32(got.body)
	if got.session != p.session {
		p.t.Errorf("the answer ends in session %d, it began in %d", got.session, p.session)
	}
	if p.version > 0 {
		for i, at := range []*uint32{&p.timing.Refresh, &p.timing.Retry, &p.timing.Expire} {
			*at = binary.BigEndian.Uint32(got.body[4+4*i:])
		}
	}
}

func (p *probe) payload(got *pdu) {
	r := route{family: wire.IPv4, length: got.body[1], most: got.body[2]}
	width := 4
	if got.kind == typeIPv6 {
		r.family, width = wire.IPv6, 16
	}
	copy(r.addr[:], got.body[4:4+width])
	r.as = binary.BigEndian.Uint32(got.body[4+width:])
	if now := got.body[0] == announce; p.has[r] == now {
		p.t.Errorf("told of %+v twice: announced %v", r, now)
	} else if p.has[r] = now; !now {
		delete(p.has, r)
	}
}

func (p *probe) authorisation(got *pdu) {
	customer := binary.BigEndian.Uint32(got.body)
	if got.session>>8 == withdraw {
		if _, ok := p.aspa[customer]; !ok || len(got.body) != 4 {
			p.t.Errorf("a withdrawal of AS%d, %d bytes, that it has not", customer, len(got.body))
		}
		delete(p.aspa, customer)
		return
	}
	var list []uint32
	for i := 4; i < len(got.body); i += 4 {
		list = append(list, binary.BigEndian.Uint32(got.body[i:]))
	}
	p.aspa[customer] = list
}

// fault reads an error report and the end of the connection after it.
func (p *probe) fault(version byte, code uint16) {
	p.t.Helper()
	got := p.next()
	if got == nil || got.kind != typeErrorReport || got.version != version || got.session != code {
		p.t.Fatalf("got %+v, want error %d of version %d", got, code, version)
	}
	if p.next() != nil {
		p.t.Error("the connection goes on after an error")
	}
}

// holds compares what the router has with a set.
func (p *probe) holds(s Set) {
	p.t.Helper()
	want := s.of(record.GradeT)
	if len(p.has) != len(want.routes) {
		p.t.Errorf("it has %d payloads, want %d", len(p.has), len(want.routes))
	}
	for _, r := range want.routes {
		if !p.has[r] {
			p.t.Errorf("it has not %+v", r)
		}
	}
	if p.version < Version2 {
		want.customers = nil
	}
	if len(p.aspa) != len(want.customers) {
		p.t.Errorf("it has providers of %d, want %d", len(p.aspa), len(want.customers))
	}
	for _, customer := range want.customers {
		if !slices.Equal(p.aspa[customer], want.providers[customer]) {
			p.t.Errorf("providers of AS%d: %v, want %v", customer, p.aspa[customer], want.providers[customer])
		}
	}
}

// payloads are some of what a server may serve, by text: prefix, length, AS.
func payload(prefix string, most, as uint64) vrp.Payload {
	return vrp.Payload{Prefix: inr.FromPrefix(netip.MustParsePrefix(prefix)), MaxLength: most, AS: as, Grade: record.GradeA}
}
