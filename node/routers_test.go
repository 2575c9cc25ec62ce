package node

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ipledger/ledger/inr"
	"ipledger/ledger/tx"
	"ipledger/node/internal/tiny"
	"ipledger/node/serve"
)

// TestRouters_RTR13 runs a node that at some moment knows no more what its blocks
// changed, as one with a fault in its store would: an authorisation that goes then has
// no reason that the node can see. Routers keep it, the node says so at every block,
// and started anew it serves its present state.
func TestRouters_RTR13(t *testing.T) {
	n := newTestnet(t, 1, 0, 1, 1)
	m, said, forgets := n.nodes[0], new(shared), new(atomic.Bool)
	c := serve.Default()
	c.HTTP, c.RTR, c.IRR, c.Whois = "127.0.0.1:0", tiny.FreePort(), "", ""
	m.serve, m.said, m.faults.forget = &c, said, forgets.Load
	n.start(0)
	at := inr.FromPrefix(netip.MustParsePrefix(tiny.Block))
	first, second := fmt.Sprint(tiny.Origin), fmt.Sprint(tiny.Origin+1)
	routers := func(what string, want ...string) {
		t.Helper()
		n.eventually(patience, what, func() bool { got, ok := told1(t, c.RTR); return ok && slices.Equal(got, want) })
	}
	act := func(number uint64, body tx.Body) {
		t.Helper()
		h := tx.Header{Number: number, Expires: uint64(time.Now().Add(time.Hour).Unix())}
		n.wait(0, n.submit(0, n.world.Sign(0, h, body)))
	}
	routers("what genesis has", first)
	act(0, &tx.OriginAuthorise{Resource: at, MaxLength: 24, AS: tiny.Origin + 1})
	routers("what an act added", first, second)
	act(1, &tx.OriginWithdraw{Resource: at, MaxLength: 24, AS: tiny.Origin + 1})
	routers("what an act took away", first)
	forgets.Store(true)
	act(2, &tx.OriginWithdraw{Resource: at, MaxLength: 24, AS: tiny.Origin})
	n.eventually(patience, "an alarm at three blocks", func() bool { return len(said.heights()) >= 3 })
	if got, ok := told1(t, c.RTR); !ok || !slices.Equal(got, []string{first}) {
		t.Errorf("routers are told of %v, %v; want what there was", got, ok)
	}
	if h := said.heights(); !slices.IsSorted(h) || len(slices.Compact(slices.Clone(h))) != len(h) {
		t.Errorf("alarms at %v, want one a block", h)
	}
	n.end(0)
	m.faults.forget = nil
	n.start(0)
	routers("the present state")
}

// shared is what a node logs.
type shared struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (s *shared) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all.Write(b)
}

var alarm = regexp.MustCompile(`level=ERROR msg="routers keep what they have: [^"]*\(RTR-13\)[^"]*" node=0 height=(\d+) since=\d+ payloads=1 `)

// heights are those at which the alarm of RTR-13 was said.
func (s *shared) heights() (list []int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, found := range alarm.FindAllSubmatch(s.all.Bytes(), -1) {
		height, _ := strconv.Atoi(string(found[1]))
		list = append(list, height)
	}
	return list
}

// told1 is the AS numbers of what a router of version 1 is told, ascending; none
// where the server has no set yet.
func told1(t *testing.T, addr string) (list []string, ok bool) {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, false
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	if _, err := conn.Write([]byte{1, 2, 0, 0, 0, 0, 0, 8}); err != nil {
		return nil, false
	}
	for {
		head := make([]byte, 8)
		if _, err := io.ReadFull(conn, head); err != nil {
			return nil, false
		}
		body := make([]byte, binary.BigEndian.Uint32(head[4:])-8)
		if _, err := io.ReadFull(conn, body); err != nil {
			return nil, false
		}
		switch head[1] {
		case 4: // an IPv4 prefix (RFC 8210, Section 5.6)
			list = append(list, fmt.Sprint(binary.BigEndian.Uint32(body[8:])))
		case 7: // the end of data
			slices.Sort(list)
			return list, true
		case 10: // an error
			return nil, false
		}
	}
}
