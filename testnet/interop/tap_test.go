package interop_test

import (
	"encoding/binary"
	"net"
	"sync"
)

// tap is a listener that hears what its clients send.
type tap struct {
	net.Listener
	mu    sync.Mutex
	conns []*heard
}

// heard is a connection and all that its client has sent.
type heard struct {
	net.Conn
	of  *tap
	raw []byte
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

// Types of PDU that a router sends (RFC 8210, Section 5).
const (
	serialQuery = 1
	resetQuery  = 2
)

// count is how many PDUs of a type all clients have sent.
func (l *tap) count(kind byte) (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.conns {
		for raw := c.raw; len(raw) >= 8; {
			if raw[1] == kind {
				n++
			}
			size := binary.BigEndian.Uint32(raw[4:])
			if size < 8 || int(size) > len(raw) {
				break
			}
			raw = raw[size:]
		}
	}
	return n
}
