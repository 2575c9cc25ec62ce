package p2p

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/peer"
)

// shelf is a Ledger and a Pool whose acts are plain text: an act that begins
// with "bad" is provably bad, with "late" unwanted; "panic" is a fault of ours.
type shelf struct {
	mu      sync.Mutex
	acts    map[[32]byte][]byte
	checks  int
	arrived map[[32]byte]int
	height  uint64
}

func newShelf(acts ...string) *shelf {
	s := &shelf{acts: map[[32]byte][]byte{}, arrived: map[[32]byte]int{}, height: 7}
	for _, a := range acts {
		s.acts[sha256.Sum256([]byte(a))] = []byte(a)
	}
	return s
}

func (s *shelf) Status() Status { return Status{Base: 1, Height: s.height, Head: [32]byte{9}} }

func (s *shelf) Header(height uint64) (Header, bool) {
	if height == 0 {
		height = s.height
	}
	return Header{[]byte{byte(height)}, []byte("certificate"), []byte("validators")}, height <= s.height
}

func (s *shelf) Check(_ context.Context, raw []byte) (Act, Verdict) {
	s.mu.Lock()
	s.checks++
	s.mu.Unlock()
	act := Act{ID: sha256.Sum256(raw), Raw: raw, Checked: "checked"}
	switch text := string(raw); {
	case strings.HasPrefix(text, "bad"):
		return Act{}, Reject
	case strings.HasPrefix(text, "late"):
		return act, Ignore
	case strings.HasPrefix(text, "panic"):
		panic("planted")
	}
	return act, Accept
}

func (s *shelf) Deliver(_ context.Context, _ peer.ID, acts []Act) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range acts {
		s.acts[a.ID] = a.Raw
		s.arrived[a.ID]++
	}
}

func (s *shelf) Pending(max int) [][32]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out [][32]byte
	for id := range s.acts {
		if len(out) < max {
			out = append(out, id)
		}
	}
	return out
}

func (s *shelf) Wants(ids [][32]byte) [][32]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(ids), func(id [32]byte) bool { return s.acts[id] != nil })
}

func (s *shelf) Acts(ids [][32]byte) [][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out [][]byte
	for _, id := range ids {
		if raw := s.acts[id]; raw != nil {
			out = append(out, raw)
		}
	}
	return out
}

func (s *shelf) holds(act string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.acts[sha256.Sum256([]byte(act))] != nil
}

func (s *shelf) checked() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.checks
}

// testConfig is a node's configuration on loopback; number fixes its identity.
func testConfig(number int) Config {
	seed := sha256.Sum256(fmt.Appendf(nil, "node %d", number))
	c := Default()
	c.ChainID = "test-1"
	c.Genesis = [32]byte{1, 2, 3}
	c.Identity = ed25519.NewKeyFromSeed(seed[:])
	c.Listen = []string{"/ip4/127.0.0.1/tcp/0"}
	c.PeersTarget = 0
	if os.Getenv("P2P_LOG") != "" {
		c.Logger = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug})).With("node", number)
	}
	return c
}

// start runs a host until the test ends.
func start(t *testing.T, c Config, s *shelf, extra ...libp2p.Option) *Host {
	t.Helper()
	h, err := newHost(c, s, s, nil, extra...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return h
}

// link connects two hosts and waits until each has greeted the other.
func link(t *testing.T, a, b *Host) {
	t.Helper()
	if err := a.Connect(t.Context(), b.Addrs()[0]); err != nil {
		t.Fatal(err)
	}
	eventually(t, "both hosts have greeted", func() bool { return a.book.greeted(b.ID()) && b.book.greeted(a.ID()) })
}

// meshed waits until every host counts want peers in the topic.
func meshed(t *testing.T, want int, hosts ...*Host) {
	t.Helper()
	eventually(t, fmt.Sprintf("%d peers in every topic", want), func() bool {
		return !slices.ContainsFunc(hosts, func(h *Host) bool { return len(h.topic.ListPeers()) < want })
	})
}

// eventually waits for what other goroutines bring about.
// patience is how long a test waits for what must come to pass. It says nothing
// of how long that may take: a busy machine takes longer.
const patience = 90 * time.Second

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	within(t, patience, what, ok)
}

func within(t *testing.T, limit time.Duration, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("after %v still not so: %s", limit, what)
		}
	}
}

func idOf(act string) [32]byte { return sha256.Sum256([]byte(act)) }

// testID is the peer id that testConfig(number) gives.
func testID(t *testing.T, number int) string {
	t.Helper()
	key, err := crypto.UnmarshalEd25519PrivateKey(testConfig(number).Identity)
	if err != nil {
		t.Fatal(err)
	}
	id, err := peer.IDFromPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return id.String()
}
