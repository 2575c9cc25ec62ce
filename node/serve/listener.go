package serve

import (
	"errors"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"time"
)

// loopbackReserve is the places beyond the others that this machine's own
// programs have, so that health and metrics can be asked while strangers hold
// every other place.
const loopbackReserve = 16

// capListener closes connections beyond its limits as soon as they are made.
type capListener struct {
	net.Listener
	all, each int
	exempt    func(netip.Addr) bool
	refused   func()
	opened    func(by float64)

	mu   sync.Mutex
	open int
	by   map[netip.Prefix]int // of addresses and of sites
}

// capped puts the Config's limits on a listener.
func (s *Server) capped(room string, l net.Listener) net.Listener {
	return &capListener{
		Listener: l, all: s.cfg.ConnectionsMax, each: s.cfg.ConnectionsPerAddress, by: map[netip.Prefix]int{},
		exempt:  func(a netip.Addr) bool { return a.IsLoopback() && !s.cfg.LimitLoopback },
		refused: s.metrics.refused.WithLabelValues(room).Inc,
		opened:  s.metrics.connections.WithLabelValues(room).Add,
	}
}

// acceptRest is how long a listener rests where the machine lacks what a connection
// takes: file descriptors, memory.
const acceptRest = 50 * time.Millisecond

// Accept gives the next connection that is within the limits. While the machine lacks
// what a connection takes it waits: that strangers hold it is no reason for a node to end.
func (l *capListener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if lacking(err) {
			l.refused()
			time.Sleep(acceptRest)
			continue
		}
		if err != nil {
			return nil, err
		}
		who := client(c.RemoteAddr().String())
		if l.enter(who) {
			l.opened(1)
			return &cappedConn{Conn: c, done: func() { l.leave(who); l.opened(-1) }}, nil
		}
		l.refused()
		_ = c.Close()
	}
}

// lacking reports whether a connection could not be taken for want of something that
// comes back.
func lacking(err error) bool {
	for _, e := range []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.ECONNABORTED} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

func (l *capListener) enter(who netip.Addr) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := l.all
	if who.IsLoopback() {
		all += loopbackReserve
	}
	if l.open >= all {
		return false
	}
	counted := counts(who)
	for i, times := range shares[:len(counted)] {
		if l.by[counted[i]] >= times*l.each && !l.exempt(who) {
			return false
		}
	}
	l.open++
	for _, p := range counted {
		l.by[p]++
	}
	return true
}

func (l *capListener) leave(who netip.Addr) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open--
	for _, p := range counts(who) {
		if l.by[p]--; l.by[p] == 0 {
			delete(l.by, p)
		}
	}
}

// cappedConn gives its place back when it is closed, once.
type cappedConn struct {
	net.Conn
	once sync.Once
	done func()
}

func (c *cappedConn) Close() error {
	c.once.Do(c.done)
	return c.Conn.Close()
}

// CloseWrite lets a room end its side first, where the connection can.
func (c *cappedConn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return errors.ErrUnsupported
}

// client is whom a remote address is counted as: itself, or its /64, which one
// subscriber of IPv6 has whole.
func client(remote string) netip.Addr {
	at, err := netip.ParseAddrPort(remote)
	if err != nil {
		return netip.Addr{}
	}
	addr := at.Addr().Unmap().WithZone("")
	if addr.Is4() || addr.IsLoopback() {
		return addr
	}
	return netip.PrefixFrom(addr, 64).Masked().Addr()
}

// shares is how many times the share of an address each of its counts has.
var shares = [...]int{1, 4}

// counts is what a client is counted as: its address, and of IPv6 the /48 too, which one
// site gets (RFC 6177) and has 65,536 times a /64 in.
//
// specs/13 API-11: Of IPv6 a /64 counts as one address, and a /48 as four.
func counts(who netip.Addr) []netip.Prefix {
	if who.Is4() || who.IsLoopback() || !who.IsValid() {
		return []netip.Prefix{netip.PrefixFrom(who, who.BitLen())}
	}
	return []netip.Prefix{netip.PrefixFrom(who, 64), netip.PrefixFrom(who, 48).Masked()}
}
