package p2p

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
)

type libp2pHost = host.Host

func TestReadLength_P2P11(t *testing.T) {
	cases := []struct {
		name string
		raw  []byte
		want int
		err  error
	}{
		{"one byte", []byte{5}, 5, nil},
		{"nothing announced", []byte{0}, 0, nil},
		{"two bytes", []byte{0x80, 0x01}, 128, nil},
		{"the cap", binary.AppendUvarint(nil, 1000), 1000, nil},
		{"above the cap", binary.AppendUvarint(nil, 1001), 0, ErrSize},
		{"four gigabytes", binary.AppendUvarint(nil, 1<<32), 0, ErrSize},
		{"never ending", bytes.Repeat([]byte{0xff}, 20), 0, ErrSize},
		{"longer than need be", []byte{0x85, 0x00}, 0, ErrCanonical},
		{"cut short", []byte{0x80}, 0, io.EOF},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := readLength(bytes.NewReader(c.raw), 1000)
			if got != c.want || !errors.Is(err, c.err) {
				t.Errorf("got %d, %v; want %d, %v", got, err, c.want, c.err)
			}
		})
	}
}

// An announced length above the cap ends the stream before its bytes are read.
func TestServe_P2P11(t *testing.T) {
	h, greeted := visited(t)
	s := openStream(t, greeted.host, h, h.names.acts)
	if _, err := s.Write(binary.AppendUvarint(nil, PullRequestBytesMax+1)); err != nil {
		t.Fatal(err)
	}
	wantReset(t, s)
	eventually(t, "the offence is counted", func() bool {
		h.book.mu.RLock()
		defer h.book.mu.RUnlock()
		return h.book.entries[greeted.ID()].invalid == 1
	})
}

// A request that never arrives whole ends by itself.
func TestServe_P2P16(t *testing.T) {
	t.Parallel()
	h, greeted := visited(t)
	s := openStream(t, greeted.host, h, h.names.acts)
	if _, err := s.Write([]byte{10, 1}); err != nil { // ten bytes announced, one sent
		t.Fatal(err)
	}
	wantReset(t, s)
}

// A peer that asks and does not read holds at most its share of streams.
func TestServe_P2P15(t *testing.T) {
	var acts []string
	for i := range 200 {
		acts = append(acts, fmt.Sprint(i, strings.Repeat("x", 5000)))
	}
	shelf := newShelf(acts...)
	h := start(t, testConfig(1), shelf)
	slow := stranger(t)
	acquaint(t, slow, h)
	request := encode(idList{IDs: h.held.sorted(shelf)})
	refused := 0
	for range 4 * RequestsConcurrentMax {
		s := openStream(t, slow, h, h.names.acts)
		_ = writeFrame(s, request)                      // a stream refused at once may not take it
		_ = s.SetReadDeadline(time.Now().Add(patience)) // it is answered or refused long before
		// Only the first byte is read: the answer stays in the sender's hands.
		if _, err := s.Read(make([]byte, 1)); errors.Is(err, network.ErrReset) {
			refused++
		}
		h.book.mu.RLock()
		serving := h.book.entries[slow.ID()].serving
		h.book.mu.RUnlock()
		if serving > RequestsConcurrentMax {
			t.Fatalf("%d requests of one peer in work, at most %d", serving, RequestsConcurrentMax)
		}
	}
	if refused < 2*RequestsConcurrentMax {
		t.Errorf("%d of %d requests refused", refused, 4*RequestsConcurrentMax)
	}
}

// Who has not greeted gets no answer.
func TestServe_strangersGetNothing(t *testing.T) {
	c := testConfig(1)
	c.GreetingTimeout = time.Second
	h := start(t, c, newShelf("act"))
	ask := func(p libp2pHost) error {
		s, err := p.NewStream(t.Context(), h.ID(), protocol.ID(h.names.held))
		if err != nil {
			return err
		}
		raw, err := exchange(s, time.Now().Add(patience), encode(heldRequest{Last: lastID}), HeldAnswerBytesMax)
		if err == nil {
			_, err = decodeIDList(raw, IDsMax)
		}
		return err
	}
	p := stranger(t)
	_ = openStream(t, p, h, h.names.status).Reset() // connects, and says nothing
	if err := ask(p); err == nil {
		t.Error("a stranger was answered")
	}
	acquaint(t, p, h)
	if err := ask(p); err != nil {
		t.Errorf("a greeted peer was not answered: %v", err)
	}
}

func TestAllowRequest_boundsTheRate(t *testing.T) {
	h, greeted := visited(t)
	allowed := 0
	for range 10 * RequestsBurst {
		if h.book.allowRequest(greeted.ID()) {
			allowed++
			h.book.endRequest(greeted.ID())
		}
	}
	if allowed > RequestsBurst+RequestsPerSecond {
		t.Errorf("%d requests allowed at once, burst %d", allowed, RequestsBurst)
	}
}

// visited is a host with one greeted peer, whose libp2p host the test can misuse.
func visited(t *testing.T) (h, greeted *Host) {
	t.Helper()
	h, greeted = start(t, testConfig(1), newShelf()), start(t, testConfig(2), newShelf())
	link(t, greeted, h)
	return h, greeted
}

func openStream(t *testing.T, from libp2pHost, to *Host, name string) network.Stream {
	t.Helper()
	info, err := peer.AddrInfoFromString(to.Addrs()[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := from.Connect(t.Context(), *info); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	s, err := from.NewStream(ctx, to.ID(), protocol.ID(name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Reset() })
	return s
}

func wantReset(t *testing.T, s network.Stream) {
	t.Helper()
	_ = s.SetReadDeadline(time.Now().Add(patience))
	if raw, err := io.ReadAll(s); !errors.Is(err, network.ErrReset) {
		t.Errorf("read %d bytes, %v; want the stream reset", len(raw), err)
	}
}
