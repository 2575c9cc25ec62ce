package rtr

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"os"
	"testing"
	"time"

	"ipledger/ledger/record"
	"ipledger/ledger/vrp"
	"ipledger/node/serve/servetest"
)

var one = Set{
	Payloads:  []vrp.Payload{payload("193.0.0.0/16", 24, 3333), payload("193.0.0.0/16", 24, 3334), payload("2001:67c::/32", 48, 3333), payload("62.0.0.0/8", 8, 0)},
	Providers: []vrp.Providers{{Customer: 3333, List: []uint64{1299, 3356}, Grade: record.GradeA}, {Customer: 9, List: []uint64{1}, Grade: record.GradeB}},
}

// TestServer_RTR5_RTR7_RTR12 serves the whole set in each version.
func TestServer_RTR5_RTR7_RTR12(t *testing.T) {
	s, addr := started(t, Config{})
	s.Update(one)
	sessions := map[uint16]bool{}
	for version := byte(0); version <= VersionMax; version++ {
		p := dial(t, addr, version)
		p.reset()
		p.holds(one)
		sessions[p.session] = true
		if version > 0 && p.timing != DefaultTiming {
			t.Errorf("timing %+v", p.timing)
		}
	}
	if len(sessions) != VersionMax+1 {
		t.Errorf("%d sessions for %d versions", len(sessions), VersionMax+1)
	}
	first, _ := s.cache.all(Version1)
	again, _ := s.cache.all(Version1)
	if &first[0] != &again[0] {
		t.Error("the whole set is made again for each router")
	}
}

// TestServer_RTR7_least leaves out what rests on weaker evidence than is asked
// for, and what can never be registered.
func TestServer_RTR7_least(t *testing.T) {
	s := New(Config{Least: record.GradeA})
	weak := payload("193.0.0.0/16", 16, 1)
	weak.Grade = record.GradeB
	s.Update(Set{Payloads: []vrp.Payload{weak, payload("127.0.0.0/8", 8, 1), payload("62.0.0.0/8", 8, 1)}, Providers: one.Providers})
	if got := s.cache.set; len(got.routes) != 1 || got.routes[0].addr[0] != 62 || len(got.customers) != 1 {
		t.Errorf("got %+v", got)
	}
}

// TestServer_RTR6: no data is not an empty set.
func TestServer_RTR6(t *testing.T) {
	s, addr := started(t, Config{})
	p := dial(t, addr, Version1)
	p.send(appendHeader(nil, Version1, typeResetQuery, 0, 0))
	if got := p.want(typeErrorReport); got.session != codeNoData {
		t.Errorf("error %d", got.session)
	}
	s.Update(Set{})
	p.want(typeSerialNotify)
	p.reset()
	p.holds(Set{})
}

// TestServer_RTR8_RTR9_RTR10_wraps follows a server over the wrap of its serial by
// differences alone, now and then several at once.
func TestServer_RTR8_RTR9_RTR10_wraps(t *testing.T) {
	s, addr := started(t, Config{First: 1<<32 - 3})
	random := rand.New(rand.NewPCG(1, 2))
	s.Update(one)
	p, now := dial(t, addr, Version2), one
	p.reset()
	for range 60 {
		for range 1 + random.IntN(3) {
			before := s.cache.serial
			next := drawn(random)
			same := changed(s.cache.set, next.of(record.GradeT)).size() == 0
			s.Update(next)
			if moved := s.cache.serial - before; (moved == 0) != same || moved > 1 {
				t.Fatalf("the serial moved by %d, same set: %v", moved, same)
			}
			now = next
		}
		p.send(appendSerial(appendHeader(nil, p.version, typeSerialQuery, p.session, 4), p.serial))
		for {
			got := p.next()
			if got == nil {
				t.Fatal("the connection ended")
			}
			if got.kind != typeSerialNotify { // the first, at once
				p.session = got.session
				break
			}
		}
		p.rest()
		p.holds(now)
	}
	if p.serial > 1<<31 {
		t.Errorf("serial %d has not wrapped", p.serial)
	}
}

// rest reads an answer whose first PDU has been read.
func (p *probe) rest() {
	for {
		got := p.next()
		switch {
		case got == nil:
			p.t.Fatal("the connection ended inside an answer")
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

// drawn is a small set.
func drawn(random *rand.Rand) (s Set) {
	for _, p := range []vrp.Payload{payload("193.0.0.0/16", 24, 3333), payload("193.0.0.0/16", 22, 3333), payload("2001:67c::/32", 48, 7), payload("62.0.0.0/8", 8, 0)} {
		if random.IntN(2) == 0 {
			s.Payloads = append(s.Payloads, p)
		}
	}
	for customer := uint64(1); customer < 4; customer++ {
		if n := random.Uint64N(3); n > 0 {
			s.Providers = append(s.Providers, vrp.Providers{Customer: customer, List: []uint64{n}, Grade: record.GradeA})
		}
	}
	return s
}

// TestServer_RTR9 asks from a serial and from a session that are not known.
func TestServer_RTR9(t *testing.T) {
	s, addr := started(t, Config{})
	s.Update(one)
	p := dial(t, addr, Version1)
	p.reset()
	for _, q := range []struct {
		session uint16
		serial  uint32
	}{{p.session, 999}, {p.session + 7, p.serial}, {p.session, p.serial - 1}} {
		p.send(appendSerial(appendHeader(nil, Version1, typeSerialQuery, q.session, 4), q.serial))
		p.want(typeCacheReset)
	}
	p.query() // of the newest
	p.holds(one)
}

// TestCache_RTR9_bounds forgets the oldest changes.
func TestCache_RTR9_bounds(t *testing.T) {
	var c cache
	for i := range ChangesMax + 20 {
		c.update(Set{Payloads: []vrp.Payload{payload("193.0.0.0/16", 24, uint64(i))}}.of(record.GradeT))
	}
	if len(c.changes) != ChangesMax || c.size != 2*ChangesMax {
		t.Errorf("%d changes of %d payloads are kept", len(c.changes), c.size)
	}
}

// TestNegotiation_RTR1_RTR2_RTR3_RTR4 sends what a router must not.
func TestNegotiation_RTR1_RTR2_RTR3_RTR4(t *testing.T) {
	s, addr := started(t, Config{})
	s.Update(one)
	for name, c := range map[string]struct {
		bytes   []byte
		version byte
		code    uint16
	}{
		"version 3":               {appendHeader(nil, 3, typeResetQuery, 0, 0), 2, codeVersion},
		"version 255":             {appendHeader(nil, 255, typeResetQuery, 0, 0), 2, codeVersion},
		"too short":               {[]byte{1, 2, 0, 0, 0, 0, 0, 7}, 1, codeCorrupt},
		"too long":                {[]byte{1, 2, 0, 0, 0xff, 0xff, 0xff, 0xff}, 1, codeCorrupt},
		"a query with a body":     {append(appendHeader(nil, 1, typeResetQuery, 0, 4), 0, 0, 0, 0), 1, codeCorrupt},
		"a serial query without":  {appendHeader(nil, 0, typeSerialQuery, 0, 0), 0, codeCorrupt},
		"an answer":               {appendHeader(nil, 1, typeCacheResponse, 0, 0), 1, codeType},
		"a type that is not used": {appendHeader(nil, 2, 77, 0, 0), 2, codeType},
	} {
		t.Run(name, func(t *testing.T) {
			p := dial(t, addr, c.version)
			p.send(c.bytes)
			p.fault(c.version, c.code)
		})
	}
	p := dial(t, addr, Version1)
	p.reset()
	p.send(appendHeader(nil, Version0, typeResetQuery, 0, 0))
	p.fault(Version1, codeOtherVersion)
	p = dial(t, addr, Version1)
	p.send(appendError(nil, &fault{Version1, codeCorrupt, "no", nil}))
	if p.next() != nil {
		t.Error("an error report is answered")
	}
}

// TestNegotiation_RTR1_lower: an operator keeps to version 1.
func TestNegotiation_RTR1_lower(t *testing.T) {
	s, addr := started(t, Config{Most: Version1})
	s.Update(one)
	for name, bent := range map[string][]byte{
		"version 2":  appendHeader(nil, 2, typeResetQuery, 0, 0),
		"version 3":  appendHeader(nil, 3, typeSerialQuery, 0, 0),
		"and length": {2, 2, 0, 0, 0, 0, 0, 7},
	} {
		t.Run(name, func(t *testing.T) {
			p := dial(t, addr, Version1)
			p.send(bent)
			got := p.next()
			if got == nil || got.kind != typeErrorReport || got.version != Version1 || p.next() != nil {
				t.Errorf("got %+v", got)
			}
		})
	}
	p := dial(t, addr, Version1)
	p.reset()
	p.holds(one)
}

// TestNotices_RTR11 tells of the first news at once and gathers the rest.
func TestNotices_RTR11(t *testing.T) {
	s, addr := started(t, Config{})
	s.pace = time.Second
	s.Update(one)
	p := dial(t, addr, Version1)
	p.reset()
	s.mu.Lock()
	s.told = time.Time{} // a quiet minute
	s.mu.Unlock()
	begun := time.Now()
	for i := range 3 {
		s.Update(Set{Payloads: []vrp.Payload{payload("193.0.0.0/16", 24, uint64(i))}})
	}
	p.want(typeSerialNotify)
	p.want(typeSerialNotify)
	if took := time.Since(begun); took < s.pace {
		t.Errorf("two notices within %v", took)
	}
	p.query()
	if p.serial != s.cache.serial {
		t.Errorf("at serial %d, the server at %d", p.serial, s.cache.serial)
	}
	_ = p.conn.SetReadDeadline(time.Now().Add(2 * s.pace))
	if got, err := readPDU(p.conn); err == nil {
		t.Errorf("a third notice: %+v", got)
	}
}

// TestSlow_RTR12: a router that reads nothing delays nobody.
func TestSlow_RTR12(t *testing.T) {
	s, addr := started(t, Config{})
	var big Set
	for i := range 100_000 {
		big.Payloads = append(big.Payloads, payload("193.0.0.0/16", 24, uint64(i)))
	}
	s.Update(big)
	stuck := dial(t, addr, Version1)
	_ = stuck.conn.(*net.TCPConn).SetReadBuffer(4096)
	for range 3 {
		stuck.send(appendHeader(nil, Version1, typeResetQuery, 0, 0))
	}
	for range 4 {
		p := dial(t, addr, Version1)
		p.reset()
		if len(p.has) != 100_000 {
			t.Errorf("%d payloads", len(p.has))
		}
	}
}

// TestIdle_RTR12: 1,000 routers that say nothing, or read nothing, delay none.
func TestIdle_RTR12(t *testing.T) {
	s, addr := started(t, Config{})
	s.Update(one)
	for i := range 1000 {
		p := dial(t, addr, Version1)
		if i%2 == 0 {
			p.send(appendHeader(nil, Version1, typeResetQuery, 0, 0)) // and the answer is left
		}
	}
	worst := time.Duration(0)
	for range 100 {
		begun := time.Now()
		p := dial(t, addr, Version1)
		p.reset()
		p.holds(one)
		worst = max(worst, time.Since(begun))
	}
	t.Logf("the slowest of 100 routers beside them took %v", worst)
	if worst > servetest.Patience/4 {
		t.Errorf("a router took %v", worst)
	}
}

// TestServer_RTR14 drops who asks nothing, or never to the end, and nobody who has asked.
func TestServer_RTR14(t *testing.T) {
	s := New(Config{})
	s.first = time.Second
	addr := servetest.Listen(t, s.Serve)
	s.Update(one)
	for name, sent := range map[string][]byte{"nothing": nil, "half a query": {Version1, typeResetQuery, 0}} {
		p := dial(t, addr, Version1)
		p.send(sent)
		if got := p.next(); got != nil {
			t.Errorf("%s: got PDU %d", name, got.kind)
		}
	}
	p := dial(t, addr, Version1)
	p.reset()
	time.Sleep(2 * s.first)
	p.reset()
	p.holds(one)
}

// TestServer_RTR15 makes each query wait for its turn, and answers all.
func TestServer_RTR15(t *testing.T) {
	turns := make(chan struct{}, 1)
	s, addr := started(t, Config{Wait: func(ctx context.Context, _ net.Addr) error {
		select {
		case <-turns:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}})
	s.Update(one)
	p := dial(t, addr, Version1)
	p.send(appendHeader(nil, Version1, typeResetQuery, 0, 0))
	_ = p.conn.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
	if n, err := p.conn.Read(make([]byte, 1)); n != 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("before its turn: got %d bytes, %v", n, err)
	}
	turns <- struct{}{}
	if got := p.want(typeCacheResponse); got.version != Version1 {
		t.Errorf("version %d", got.version)
	}
}
