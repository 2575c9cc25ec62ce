package interop_test

import (
	"encoding/binary"
	"io"
	"net"
	"sync"
	"testing"
)

// tap is a listener that hears what its clients send and are sent.
type tap struct {
	net.Listener
	mu    sync.Mutex
	conns []*heard
}

// heard is a connection, all that its client has sent, and all that it was sent.
type heard struct {
	net.Conn
	of       *tap
	raw, was []byte
}

func (l *tap) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	h := &heard{Conn: c, of: l}
	l.conns = append(l.conns, h)
	return h, nil
}

func (h *heard) Read(b []byte) (int, error) {
	n, err := h.Conn.Read(b)
	h.of.mu.Lock()
	defer h.of.mu.Unlock()
	h.raw = append(h.raw, b[:n]...)
	return n, err
}

func (h *heard) Write(b []byte) (int, error) {
	n, err := h.Conn.Write(b)
	h.of.mu.Lock()
	defer h.of.mu.Unlock()
	h.was = append(h.was, b[:n]...)
	return n, err
}

// tapped is a tap before a server, and its address.
func tapped(t *testing.T, server string) (l *tap, host, port string) {
	t.Helper()
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { _ = plain.Close() })
	l = &tap{Listener: plain}
	go l.forward(server)
	host, port, _ = net.SplitHostPort(plain.Addr().String())
	return l, host, port
}

func (l *tap) forward(server string) {
	for {
		from, err := l.Accept()
		if err != nil {
			return
		}
		to, err := net.Dial("tcp", server)
		if err != nil {
			_ = from.Close()
			continue
		}
		for _, way := range [][2]net.Conn{{from, to}, {to, from}} {
			go func() {
				_, _ = io.Copy(way[0], way[1])
				_, _ = from.Close(), to.Close()
			}()
		}
	}
}

// Types of PDU (RFC 8210, Section 5) and the flags of those that carry data.
const (
	serialNotify = 0
	serialQuery  = 1
	resetQuery   = 2
	payloadFour  = 4
	providers    = 11

	withdrawn = 0
	announced = 1
)

// count is how many PDUs of a type all clients have sent.
func (l *tap) count(kind byte) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, c := range l.conns {
		n += count(c.raw, func(pdu []byte) bool { return pdu[1] == kind })
	}
	return n
}

// told is how many PDUs of a type and a flag clients were sent.
func (l *tap) told(kind, flag byte) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, c := range l.conns {
		n += count(c.was, func(pdu []byte) bool {
			return pdu[1] == kind && (kind == providers && pdu[2] == flag || kind != providers && len(pdu) > 8 && pdu[8] == flag)
		})
	}
	return n
}

// notices is how many notices of a new serial clients were sent.
func (l *tap) notices() (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.conns {
		n += count(c.was, func(pdu []byte) bool { return pdu[1] == serialNotify })
	}
	return n
}

// spoken is the version of the last PDU that a client was sent.
func (l *tap) spoken() (version byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.conns {
		count(c.was, func(pdu []byte) bool { version = pdu[0]; return false })
	}
	return version
}

func count(raw []byte, is func(pdu []byte) bool) (n int) {
	for len(raw) >= 8 {
		size := binary.BigEndian.Uint32(raw[4:])
		if size < 8 || int(size) > len(raw) {
			break
		}
		if is(raw[:size]) {
			n++
		}
		raw = raw[size:]
	}
	return n
}
