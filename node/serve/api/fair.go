package api

import (
	"net/http"
	"net/netip"
	"sync"
)

// BundlesEach is how many of the lists that are read at once may be one address's (of
// IPv6 one /48's): whoever sends slowly holds a place for as long as a body may take.
const BundlesEach = 4

// fair lets an address have so many of some places at once. Programs of this machine,
// among them a proxy before it, have no bound of their own.
type fair struct {
	each int
	mu   sync.Mutex
	by   map[netip.Prefix]int
}

// enter takes one of an address's places; leave gives it back.
func (f *fair) enter(r *http.Request) (leave func(), err error) {
	who := siteOf(r.RemoteAddr)
	if who.Addr().IsLoopback() {
		return func() {}, nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.by[who] >= f.each {
		return nil, ErrBusy
	}
	f.by[who]++
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.by[who]--; f.by[who] == 0 {
			delete(f.by, who)
		}
	}, nil
}

// siteOf is an IPv4 address, or the /48 that an IPv6 address lies in.
func siteOf(remote string) netip.Prefix {
	at, err := netip.ParseAddrPort(remote)
	if err != nil {
		return netip.Prefix{}
	}
	addr := at.Addr().Unmap().WithZone("")
	if addr.Is4() || addr.IsLoopback() {
		return netip.PrefixFrom(addr, addr.BitLen())
	}
	return netip.PrefixFrom(addr, 48).Masked()
}
