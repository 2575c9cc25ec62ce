package line

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"ipledger/node/serve/servetest"
)

// started serves talk on loopback.
func started(t testing.TB, talk func(context.Context, *Conn)) string {
	return servetest.Listen(t, func(ctx context.Context, l net.Listener) error { return Serve(ctx, l, talk) })
}

func dial(t testing.TB, addr string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(servetest.Patience))
	return c
}

// echo answers each line with itself, and what ends the lines with its error.
func echo(_ context.Context, c *Conn) {
	for {
		raw, err := c.Read()
		if err != nil {
			_ = c.Write([]byte("ended: " + err.Error()))
			return
		}
		if c.Write([]byte("<"), raw, []byte(">")) != nil {
			return
		}
	}
}

// TestRead_LINE1 reads lines that end in either way, and none that is too long.
func TestRead_LINE1(t *testing.T) {
	addr := started(t, echo)
	long := strings.Repeat("x", BytesMax)
	for _, c := range []struct{ name, sent, want string }{
		{"LF and CRLF", "a\nb\r\n\n\r\n", "<a><b><><>ended: EOF"},
		{"a CR inside", "a\rb\n\r\r\n", "<a\rb><\r>ended: EOF"},
		{"no end", "a\nb", "<a>ended: unexpected EOF"},
		{"as long as may be", long + "\r\n" + long + "\n", "<" + long + "><" + long + ">ended: EOF"},
		{"a byte too long", long + "x\n", "ended: " + ErrLong.Error()},
		{"8 KiB and no end", strings.Repeat(long, 8), "ended: " + ErrLong.Error()},
		{"8 KiB and more lines", strings.Repeat(long, 8) + "\na\nb\n", "ended: " + ErrLong.Error()},
		{"NUL", "a\x00b\n", "<a\x00b>ended: EOF"},
	} {
		t.Run(c.name, func(t *testing.T) {
			conn := dial(t, addr)
			if _, err := io.WriteString(conn, c.sent); err != nil {
				t.Fatal(err)
			}
			_ = conn.(*net.TCPConn).CloseWrite()
			if got, err := io.ReadAll(conn); err != nil || string(got) != c.want {
				t.Errorf("got %.80q, %v; want %.80q", got, err, c.want)
			}
		})
	}
}

// TestIdle_LINE1 ends a client that sends a byte now and then: its line has a time to
// be whole, however often a byte of it comes.
func TestIdle_LINE1(t *testing.T) {
	addr := started(t, func(ctx context.Context, c *Conn) {
		c.SetIdle(200 * time.Millisecond)
		echo(ctx, c)
	})
	conn := dial(t, addr)
	go func() {
		for range 1000 {
			if _, err := conn.Write([]byte("x")); err != nil {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	}()
	got, _ := io.ReadAll(conn) // it may end in a reset: bytes were under way
	if !bytes.Contains(got, []byte("timeout")) {
		t.Errorf("got %q", got)
	}
}

// TestServe_LINE2: clients that read nothing delay nobody, and end with ctx.
func TestServe_LINE2(t *testing.T) {
	whole := bytes.Repeat([]byte("0123456789abcdef"), 1<<20)
	addr := started(t, func(_ context.Context, c *Conn) {
		if _, err := c.Read(); err == nil {
			_ = c.Write(whole, []byte("end"))
		}
	})
	for range 50 {
		_, _ = dial(t, addr).Write([]byte("x\n"))
	}
	conn := dial(t, addr)
	_, _ = conn.Write([]byte("x\n"))
	got, err := io.ReadAll(conn)
	if err != nil || len(got) != len(whole)+3 || !bytes.HasPrefix(got, whole) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

// TestTimed_LINE2 drops a client that takes nothing.
func TestTimed_LINE2(t *testing.T) {
	ours, theirs := net.Pipe()
	defer theirs.Close()
	late := timed{deadlines{ours}}
	if n, err := late.Write(make([]byte, 3)); n != 0 || !isTimeout(err) {
		t.Errorf("wrote %d, %v", n, err)
	}
}

// deadlines lets every deadline come at once.
type deadlines struct{ net.Conn }

func (d deadlines) SetWriteDeadline(at time.Time) error {
	if wait := time.Until(at); wait > writeTimeout || wait < writeTimeout/2 {
		return errors.New("another deadline than the rule's")
	}
	return d.Conn.SetWriteDeadline(time.Now())
}

func isTimeout(err error) bool {
	var e net.Error
	return errors.As(err, &e) && e.Timeout()
}
