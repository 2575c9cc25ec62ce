package serve

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// start runs a server on a free port until the test ends.
func start(t *testing.T, change func(*Config, *Options), rooms ...Room) *Server {
	t.Helper()
	cfg := Default()
	cfg.HTTP = "127.0.0.1:0"
	o := Options{
		Health: func() Health { return Health{Ready: true} }, Registry: prometheus.NewRegistry(),
		HTTP: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "rest") }),
	}
	if change != nil {
		change(&cfg, &o)
	}
	s, err := New(cfg, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rooms {
		s.Add(r)
	}
	if err := s.Listen(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(2 * StopTimeout):
			t.Error("the server does not stop")
		}
	})
	return s
}

func fetch(t *testing.T, s *Server, path string) (int, string) {
	t.Helper()
	r, err := http.Get("http://" + s.Addr("http") + path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(raw)
}

// eventually waits for what comes to pass within a few seconds.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s does not come to pass", what)
		}
	}
}

func TestReadyz_saysWhy_API12(t *testing.T) {
	var ready atomic.Bool
	s := start(t, func(_ *Config, o *Options) {
		o.Health = func() Health {
			if ready.Load() {
				return Health{Ready: true}
			}
			return Health{Reason: "the last block is 3m old"}
		}
	})
	eventually(t, "the reason", func() bool {
		code, body := fetch(t, s, "/readyz")
		return code == http.StatusServiceUnavailable && strings.Contains(body, "the last block is 3m old")
	})
	if code, _ := fetch(t, s, "/livez"); code != http.StatusOK {
		t.Errorf("livez: got %d", code)
	}
	ready.Store(true)
	eventually(t, "readiness", func() bool { code, _ := fetch(t, s, "/readyz"); return code == http.StatusOK })
}

// TestHealth_methods answers what only reads, and names it where it does not.
func TestHealth_methods(t *testing.T) {
	s := start(t, nil)
	for _, path := range []string{"/livez", "/readyz"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, "http://"+s.Addr("http")+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusMethodNotAllowed || answer.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("DELETE %s: got %d, Allow %q", path, answer.StatusCode, answer.Header.Get("Allow"))
		}
	}
}

// TestReadyz_doesNotWait_API12: a look that hangs holds up no request, and says
// nothing after a while.
func TestReadyz_doesNotWait_API12(t *testing.T) {
	hang := make(chan struct{})
	defer close(hang)
	b := newHealthBoard(func() Health { <-hang; return Health{Ready: true} })
	go b.watch(t.Context())
	rec := httptest.NewRecorder()
	b.readyz(rec, nil)
	if rec.Code != http.StatusServiceUnavailable || !strings.Contains(rec.Body.String(), "starting") {
		t.Errorf("got %d %s", rec.Code, rec.Body)
	}
	old := newHealthBoard(func() Health { return Health{Ready: true} })
	old.last.Store(&healthEntry{Health{Ready: true}, time.Now().Add(-2 * healthAgeMax)})
	if h := old.read(); h.Ready || !strings.Contains(h.Reason, "not answered") {
		t.Errorf("got %+v", h)
	}
}

func TestMetrics_loopbackOnly_API24(t *testing.T) {
	s := start(t, nil)
	code, body := fetch(t, s, "/metrics")
	if code != http.StatusOK || !strings.Contains(body, "ipledger_serve_connections") {
		t.Errorf("got %d %.200s", code, body)
	}
	h := loopbackOnly(http.NotFoundHandler())
	for remote, want := range map[string]int{"192.0.2.1:9": 403, "[2001:db8::1]:9": 403, "127.0.0.1:9": 404, "[::1]:9": 404, "[::ffff:127.0.0.1]:9": 404, "nonsense": 403} {
		r := httptest.NewRequest("GET", "/metrics", nil)
		r.RemoteAddr = remote
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		if rec.Code != want {
			t.Errorf("%s: got %d, want %d", remote, rec.Code, want)
		}
	}
	for _, name := range forwarded {
		r := httptest.NewRequest("GET", "/metrics", nil)
		r.RemoteAddr = "127.0.0.1:9"
		r.Header.Set(name, "for=198.51.100.7")
		rec := httptest.NewRecorder()
		if h.ServeHTTP(rec, r); rec.Code != http.StatusForbidden {
			t.Errorf("passed on with %s: got %d", name, rec.Code)
		}
	}
}

// TestRest_hearsPathsAsAsked: each protocol judges a path itself; nothing is redirected
// in the form of none.
func TestRest_hearsPathsAsAsked(t *testing.T) {
	s := start(t, func(_ *Config, o *Options) {
		o.HTTP = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.URL.Path) })
	})
	for _, path := range []string{"/rdap//ip/192.0.2.1", "/rdap/../livez", "//livez", "/livez/", "/"} {
		if code, body := fetch(t, s, path); code != http.StatusOK || body != path {
			t.Errorf("%s: got %d %s", path, code, body)
		}
	}
}

// lackingListener lacks file descriptors before it gives a connection.
type lackingListener struct {
	net.Listener
	left int
}

func (l *lackingListener) Accept() (net.Conn, error) {
	if l.left--; l.left >= 0 {
		return nil, &net.OpError{Op: "accept", Net: "tcp", Err: os.NewSyscallError("accept4", syscall.EMFILE)}
	}
	return l.Listener.Accept()
}

// TestAccept_waitsForWhatIsLacking_API11: that strangers hold every file descriptor ends
// no room, and with it no node.
func TestAccept_waitsForWhatIsLacking_API11(t *testing.T) {
	s := start(t, nil)
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := s.capped("whois", &lackingListener{plain, 3})
	go func() {
		if c, err := net.Dial("tcp", plain.Addr().String()); err == nil {
			_ = c.Close()
		}
	}()
	c, err := l.Accept()
	if err != nil {
		t.Fatalf("got %v", err)
	}
	_, _ = c.Close(), l.Close()
	if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("closed: got %v", err)
	}
}

func TestRequests_areLimitedByAddress_API11(t *testing.T) {
	s := start(t, func(c *Config, _ *Options) { c.Burst, c.RequestsPerSecond, c.LimitLoopback = 3, 0.001, true })
	for range 3 {
		if code, _ := fetch(t, s, "/x"); code != http.StatusOK {
			t.Fatalf("got %d", code)
		}
	}
	code, body := fetch(t, s, "/x")
	if code != http.StatusTooManyRequests || !strings.Contains(body, `"code":"rate_limited"`) {
		t.Errorf("got %d %s", code, body)
	}
	if code, _ := fetch(t, s, "/livez"); code != http.StatusOK {
		t.Errorf("livez is limited: %d", code)
	}
}

// TestRequests_areLimitedInTheirProtocol_API11 lets a path's own protocol refuse.
func TestRequests_areLimitedInTheirProtocol_API11(t *testing.T) {
	s := start(t, func(c *Config, o *Options) {
		c.Burst, c.RequestsPerSecond, c.LimitLoopback = 1, 0.001, true
		o.Limited = func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path != "/own/x" {
				return false
			}
			w.WriteHeader(http.StatusTooManyRequests)
			fmt.Fprint(w, "own words")
			return true
		}
	})
	fetch(t, s, "/x")
	for path, want := range map[string]string{"/own/x": "own words", "/x": `"code":"rate_limited"`} {
		if code, body := fetch(t, s, path); code != http.StatusTooManyRequests || !strings.Contains(body, want) {
			t.Errorf("%s: got %d %s", path, code, body)
		}
	}
}

func TestLimiter_boundedAndFair_API11(t *testing.T) {
	cfg := Default()
	cfg.Burst, cfg.RequestsPerSecond = 1, 1
	l := newLimiter(cfg)
	at := time.Unix(0, 0)
	l.now = func() time.Time { return at }
	addr := func(i int) netip.Addr { return netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}) }
	for i := range bucketsMax {
		if !l.allow(addr(i)) {
			t.Fatalf("address %d has no share", i)
		}
	}
	if l.allow(addr(0)) || !l.allow(addr(bucketsMax)) || l.allow(addr(bucketsMax+1)) || len(l.buckets) != bucketsMax {
		t.Errorf("%d buckets, want %d and one shared", len(l.buckets), bucketsMax)
	}
	at = at.Add(2 * time.Second)
	if !l.allow(addr(bucketsMax+1)) || len(l.buckets) != 1 {
		t.Errorf("%d buckets after all were full again", len(l.buckets))
	}
	for range 2 {
		if !l.allow(netip.MustParseAddr("::1")) {
			t.Error("loopback is limited")
		}
	}
}

// TestShare_API11: rooms draw on the share that HTTP requests draw on, and may wait
// for their turn.
func TestShare_API11(t *testing.T) {
	s := start(t, func(c *Config, _ *Options) { c.LimitLoopback, c.Burst, c.RequestsPerSecond = true, 3, 0.01 })
	who := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 7}
	if code, _ := fetch(t, s, "/"); code != http.StatusOK || !s.Allow(who) || !s.Allow(who) || s.Allow(who) {
		t.Errorf("status %d; or a fourth is allowed, or a third is not", code)
	}
	if other := (&net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}); !s.Allow(other) {
		t.Error("another address has no share")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Wait(ctx, who); err != context.Canceled {
		t.Errorf("got %v", err)
	}
	s = start(t, func(c *Config, _ *Options) { c.LimitLoopback, c.Burst, c.RequestsPerSecond = true, 1, 4 })
	begun := time.Now()
	for range 2 {
		if err := s.Wait(t.Context(), who); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(begun); took < 250*time.Millisecond {
		t.Errorf("two turns came within %v", took)
	}
}

// TestSites_API11: who has a whole /48 does not have 65,536 shares.
func TestSites_API11(t *testing.T) {
	l := newLimiter(Config{RequestsPerSecond: 0.001, Burst: 2})
	now := time.Now()
	l.now = func() time.Time { return now }
	allowed := 0
	for i := range 100 {
		if l.allow(client(fmt.Sprintf("[2001:db8:7:%x::1]:9", i))) {
			allowed++
		}
	}
	if other := client("[2001:db8:8::1]:9"); allowed != 8 || !l.allow(other) || !l.allow(other) || l.allow(other) {
		t.Errorf("a /48 had %d requests, or another site none, or three", allowed)
	}
	c := &capListener{all: 100, each: 3, by: map[netip.Prefix]int{}, exempt: func(netip.Addr) bool { return false }}
	var in []netip.Addr
	for i := range 100 {
		if who := client(fmt.Sprintf("[2001:db8:7:%x::1]:9", i/2)); c.enter(who) {
			in = append(in, who)
		}
	}
	if len(in) != 12 || !c.enter(client("192.0.2.1:9")) {
		t.Errorf("a /48 had %d connections", len(in))
	}
	for _, who := range append(in, client("192.0.2.1:9")) {
		c.leave(who)
	}
	if c.open != 0 || len(c.by) != 0 {
		t.Errorf("%d open, %v counted after all have left", c.open, c.by)
	}
}

// TestCloseWrite lets a room end its side, and read what still comes.
func TestCloseWrite(t *testing.T) {
	heard := make(chan string, 1)
	s := start(t, nil, Room{Name: "half", Addr: "127.0.0.1:0", Serve: func(_ context.Context, l net.Listener) error {
		c, err := l.Accept()
		if err != nil {
			return err
		}
		defer c.Close()
		if err := c.(interface{ CloseWrite() error }).CloseWrite(); err != nil {
			return err
		}
		rest, err := io.ReadAll(c)
		heard <- string(rest)
		return err
	}})
	c, err := net.Dial("tcp", s.Addr("half"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(c); err != nil || len(got) > 0 {
		t.Errorf("got %q, %v", got, err)
	}
	_, _ = io.WriteString(c, "after the end")
	_ = c.Close()
	if got := <-heard; got != "after the end" {
		t.Errorf("the room heard %q", got)
	}
}

func TestClient_countsA64AsOne(t *testing.T) {
	for remote, want := range map[string]string{
		"192.0.2.7:1": "192.0.2.7", "[2001:db8::1:2]:1": "2001:db8::", "[::ffff:192.0.2.7]:1": "192.0.2.7", "[::1]:1": "::1", "[fe80::1%eth0]:1": "fe80::",
	} {
		if got := client(remote); got.String() != want {
			t.Errorf("%s: got %v, want %s", remote, got, want)
		}
	}
}

func TestConnections_areCapped_API11(t *testing.T) {
	echo := Room{Name: "echo", Addr: "127.0.0.1:0", Serve: func(ctx context.Context, l net.Listener) error {
		for {
			c, err := l.Accept()
			if err != nil {
				return nil
			}
			go func() {
				defer c.Close()
				stop := context.AfterFunc(ctx, func() { c.Close() })
				defer stop()
				_, _ = io.Copy(c, c)
			}()
		}
	}}
	s := start(t, func(c *Config, _ *Options) { c.ConnectionsMax, c.ConnectionsPerAddress, c.LimitLoopback = 5, 2, true }, echo)
	alive := func(c net.Conn) bool {
		_ = c.SetDeadline(time.Now().Add(time.Minute))
		if _, err := fmt.Fprintln(c, "hello"); err != nil {
			return false
		}
		line, err := bufio.NewReader(c).ReadString('\n')
		return err == nil && line == "hello\n"
	}
	dial := func() net.Conn {
		c, err := net.Dial("tcp", s.Addr("echo"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		return c
	}
	first, second, third := dial(), dial(), dial()
	if !(alive(first) && alive(second)) || alive(third) {
		t.Error("two connections of one address are to live, and no third")
	}
	first.Close()
	eventually(t, "a place for another", func() bool { return alive(dial()) })
}

// TestConnections_keepPlacesForLoopback_API11: strangers that hold every place
// do not keep this machine from asking for health and metrics.
func TestConnections_keepPlacesForLoopback_API11(t *testing.T) {
	l := &capListener{all: 2, each: 1, by: map[netip.Prefix]int{}, exempt: netip.Addr.IsLoopback}
	stranger := func(i byte) netip.Addr { return netip.AddrFrom4([4]byte{192, 0, 2, i}) }
	if !l.enter(stranger(1)) || !l.enter(stranger(2)) || l.enter(stranger(3)) {
		t.Fatal("two strangers are to have a place, and no third")
	}
	own := netip.MustParseAddr("::1")
	for i := range loopbackReserve {
		if !l.enter(own) {
			t.Fatalf("loopback has %d places, want %d", i, loopbackReserve)
		}
	}
	if l.enter(own) {
		t.Error("loopback has no bound")
	}
	l.leave(own)
	if l.enter(stranger(3)) {
		t.Error("a stranger took a place kept for loopback")
	}
}

func TestRun_stopsStreams(t *testing.T) {
	begun := make(chan struct{})
	cfg := Default()
	cfg.HTTP = "127.0.0.1:0"
	s, err := New(cfg, Options{Health: func() Health { return Health{} }, HTTP: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(begun)
		<-r.Context().Done()
	})})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Listen(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	url := "http://" + s.Addr("http") + "/stream"
	go func() {
		if r, err := http.Get(url); err == nil {
			r.Body.Close()
		}
	}()
	<-begun
	cancel()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(2 * StopTimeout):
		t.Error("a stream holds the server up")
	}
}

// TestRun_waitingOutlivesTheReadTimeout: a request without a body that waits is
// not ended by the limit on reading; one that does not send its body is.
func TestRun_waitingOutlivesTheReadTimeout(t *testing.T) {
	cfg := Default()
	cfg.HTTP = "127.0.0.1:0"
	const read = time.Second / 2 // a busy machine sends a head later than it means to
	s, err := New(cfg, Options{Health: func() Health { return Health{} }, HTTP: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err != nil {
			w.WriteHeader(http.StatusRequestTimeout)
			return
		}
		select {
		case <-r.Context().Done():
			w.WriteHeader(http.StatusInternalServerError)
		case <-time.After(2 * read):
		}
	})})
	if err != nil {
		t.Fatal(err)
	}
	s.read = read
	if err := s.Listen(); err != nil {
		t.Fatal(err)
	}
	go func() { _ = s.Run(t.Context()) }()
	if code, _ := fetch(t, s, "/wait"); code != http.StatusOK {
		t.Errorf("a waiting request was ended: %d", code)
	}
	c, err := net.Dial("tcp", s.Addr("http"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprint(c, "POST /x HTTP/1.1\r\nHost: n\r\nContent-Length: 9\r\n\r\nhal")
	if line, err := bufio.NewReader(c).ReadString('\n'); err != nil || !strings.Contains(line, "408") {
		t.Errorf("half a body: got %q, %v", line, err)
	}
}

func TestListen_allOrNone(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	cfg := Default()
	cfg.HTTP = "127.0.0.1:0"
	s, err := New(cfg, Options{Health: func() Health { return Health{} }})
	if err != nil {
		t.Fatal(err)
	}
	s.Add(Room{Name: "whois", Addr: taken.Addr().String()})
	if err := s.Listen(); err == nil || !strings.Contains(err.Error(), "whois") || s.Addr("http") != "" {
		t.Errorf("got %v, http at %q", err, s.Addr("http"))
	}
}

func TestConfig_Validate(t *testing.T) {
	if err := Default().Validate(); err != nil {
		t.Error(err)
	}
	bad := Config{HTTP: "nowhere", RTR: "nowhere", IRR: "nowhere", Whois: "nowhere"}
	err := bad.Validate()
	for _, want := range []string{"http_listen", "rtr_listen", "irr_listen", "whois_listen", "connections_max", "connections_per_address", "requests_burst", "requests_per_second"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s named", err, want)
		}
	}
}
