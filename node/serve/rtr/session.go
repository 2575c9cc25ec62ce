package rtr

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"time"
)

// session is one router's connection. One goroutine reads, one writes; the reader
// waits while an answer is written, so a router has one at a time.
type session struct {
	cache *cache
	conn  net.Conn
	wait  func(ctx context.Context, who net.Addr) error
	first time.Duration // firstTimeout, but in tests

	version byte // of the first PDU; the reader's
	settled bool

	asks    chan ask
	notices chan struct{} // holds one
	ended   chan struct{} // the writer has
}

// ask is what the reader lets the writer answer.
type ask struct {
	version byte
	whole   bool
	session uint16
	serial  uint32
	last    *fault // tell it and end
}

func newSession(c *cache, conn net.Conn) *session {
	free := func(context.Context, net.Addr) error { return nil }
	return &session{cache: c, conn: conn, wait: free, first: firstTimeout, asks: make(chan ask), notices: make(chan struct{}, 1), ended: make(chan struct{})}
}

// notice lets the router know that there is news; it never waits.
func (s *session) notice() {
	select {
	case s.notices <- struct{}{}:
	default:
	}
}

// run serves the router until one side ends, and says why.
func (s *session) run(ctx context.Context) error {
	defer s.conn.Close()
	wrote := make(chan error, 1)
	go func() {
		defer close(s.ended)
		wrote <- s.writing()
		_ = s.conn.Close() // ends the reader
	}()
	err := s.reading(ctx)
	close(s.asks)
	return errors.Join(err, <-wrote)
}

// arriving is a connection on which a PDU is whole some time after its first byte.
type arriving struct {
	net.Conn
	begun bool
}

func (a *arriving) Read(b []byte) (n int, err error) {
	if n, err = a.Conn.Read(b); n > 0 && !a.begun {
		a.begun = true
		err = errors.Join(err, a.SetReadDeadline(time.Now().Add(wholeTimeout)))
	}
	return n, err
}

// read reads the next PDU. A router that has asked may be silent as long as it likes.
//
// specs/27 RTR-14: A router whose first query has not arrived whole a minute after it
// connected, or another PDU of it 20 seconds after its first byte, MUST be dropped.
func (s *session) read() (*pdu, error) {
	if !s.settled {
		if err := s.conn.SetReadDeadline(time.Now().Add(s.first)); err != nil {
			return nil, err
		}
		return readPDU(s.conn)
	}
	if err := s.conn.SetReadDeadline(time.Time{}); err != nil {
		return nil, err
	}
	return readPDU(&arriving{Conn: s.conn})
}

// reading hands each query to the writer, in its turn.
//
// specs/27 RTR-15: A router that asks more than its address's share of requests MUST be
// made to wait; no answer may be left out.
func (s *session) reading(ctx context.Context) error {
	for {
		p, err := s.read()
		var a ask
		if err == nil {
			a, err = s.asked(p)
		}
		if err == nil {
			err = s.wait(ctx, s.conn.RemoteAddr())
		}
		var f *fault
		if errors.As(err, &f) {
			f.version = min(f.version, s.cache.most)
			a = ask{last: f}
		} else if err != nil {
			return err
		}
		select {
		case s.asks <- a:
		case <-s.ended:
			return nil
		}
		if f != nil {
			return f
		}
	}
}

// errLeft is a router that reported an error of ours.
var errLeft = errors.New("the router reported an error")

// asked is what a PDU asks for.
//
// specs/27 RTR-4: A PDU of another type than a router sends MUST be answered by
// error 5, one of another length than its type has by error 0; both end the
// connection.
func (s *session) asked(p *pdu) (ask, error) {
	if err := s.negotiate(p); err != nil {
		return ask{}, err
	}
	switch {
	case p.kind == typeErrorReport:
		return ask{}, fmt.Errorf("%w: code %d", errLeft, p.session)
	case p.kind == typeSerialQuery && len(p.body) == 4:
		return ask{version: s.version, session: p.session, serial: binary.BigEndian.Uint32(p.body)}, nil
	case p.kind == typeResetQuery && len(p.body) == 0:
		return ask{version: s.version, whole: true}, nil
	case p.kind == typeSerialQuery || p.kind == typeResetQuery:
		return ask{}, &fault{s.version, codeCorrupt, fmt.Sprintf("a query of %d bytes", headerBytes+len(p.body)), p.head()}
	}
	return ask{}, &fault{s.version, codeType, fmt.Sprintf("type %d is not a query", p.kind), p.head()}
}

// negotiate takes the version of the first PDU.
//
// specs/27 RTR-1: A first PDU of a version above the highest that a server speaks MUST
// be answered by error 4 in that highest version. RTR-2: a later PDU of another version
// by error 8. Both end the connection.
func (s *session) negotiate(p *pdu) error {
	if p.kind == typeErrorReport && !s.settled {
		return fmt.Errorf("%w before it asked anything: code %d", errLeft, p.session)
	}
	switch {
	case !s.settled && p.version > s.cache.most:
		return &fault{s.cache.most, codeVersion, fmt.Sprintf("version %d is not spoken here; 0 to %d are", p.version, s.cache.most), p.head()}
	case !s.settled:
		s.version, s.settled = p.version, true
	case p.version != s.version:
		return &fault{s.version, codeOtherVersion, fmt.Sprintf("version %d after version %d", p.version, s.version), p.head()}
	}
	return nil
}

// writing answers queries and sends notices. A notice comes in the version of the
// queries, none before the first.
func (s *session) writing() error {
	version, asked := byte(0), false
	for {
		var b []byte
		select {
		case a, open := <-s.asks:
			switch {
			case !open:
				return nil
			case a.last != nil:
				return s.write(appendError(nil, a.last))
			}
			version, asked = a.version, true
			b = s.answer(a)
		case <-s.notices:
			if !asked {
				continue
			}
			b = s.cache.notice(version)
		}
		if err := s.write(b); err != nil {
			return err
		}
	}
}

func (s *session) answer(a ask) []byte {
	b, err := s.cache.since(a.version, a.session, a.serial)
	if a.whole {
		b, err = s.cache.all(a.version)
	}
	if err != nil {
		return appendError(nil, &fault{a.version, codeNoData, "no verified state yet; ask again soon", nil})
	}
	return b
}

// write gives the router so long for each piece.
//
// specs/27 RTR-12: A router that takes more than 20 seconds for a mebibyte of an
// answer MUST be dropped.
func (s *session) write(b []byte) error {
	for len(b) > 0 {
		if err := s.conn.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
			return err
		}
		piece := b[:min(len(b), writeBytes)]
		if _, err := s.conn.Write(piece); err != nil {
			return err
		}
		b = b[len(piece):]
	}
	return nil
}
