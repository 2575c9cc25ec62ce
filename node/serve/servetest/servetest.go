// Package servetest is what the tests of the rooms that answer have in common: a room
// on loopback, queries that are bent, and a look at what a room leaves behind. Only
// tests import it.
package servetest

import (
	"context"
	"io"
	"math/rand/v2"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"
)

// Patience is how long a test waits for what must come: a busy machine is slow.
const Patience = 60 * time.Second

// Listen serves on loopback until the test ends, and gives the address. What the room
// ends with fails the test.
func Listen(t testing.TB, serve func(context.Context, net.Listener) error) (addr string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		_ = l.Close()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return l.Addr().String()
}

// Bent is one of some queries with bytes exchanged, lost, doubled or put in, or another
// query after a separator; now and then one that is far too long.
func Bent(random *rand.Rand, seeds []string, separator string) string {
	b := []byte(seeds[random.IntN(len(seeds))])
	for range random.IntN(5) {
		i := random.IntN(len(b) + 1)
		switch random.IntN(4) {
		case 0:
			b = append(b[:i:i], append([]byte{byte(random.Uint32())}, b[i:]...)...)
		case 1:
			b = append(b[:i:i], b[min(len(b), i+1):]...)
		case 2:
			b = append(b, b[i:]...)
		default:
			b = append(append(b, separator...), seeds[random.IntN(len(seeds))]...)
		}
		if len(b) == 0 {
			b = []byte{'!'}
		}
	}
	if random.IntN(200) == 0 {
		return strings.Repeat(string(b)+separator, 2000/len(b)+1)
	}
	return string(b)
}

// Said is all that a room says to some bytes up to the end of the connection. The room
// may end it before it has them all.
func Said(t testing.TB, addr, sent string) string {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(Patience))
	_, _ = io.WriteString(c, sent)
	_ = c.(*net.TCPConn).CloseWrite()
	said, err := io.ReadAll(c)
	if err != nil {
		t.Fatalf("%.60q: after %.60q: %v", sent, said, err)
	}
	return string(said)
}

const (
	// goroutinesMost is more than a room has for one client at a time: that of the
	// test, the listener's, and those that wait for clients.
	goroutinesMost = 50
	// grownMost is what the heap may have more than before.
	grownMost = 8 << 20
)

// LeavesNothing runs what asks a room one thing after the other; when it and its
// cleanups are over, no goroutine and no memory of it is left.
func LeavesNothing(t *testing.T, ask func(t *testing.T)) {
	before, heap := runtime.NumGoroutine(), inUse()
	t.Run("asked", func(t *testing.T) {
		ask(t)
		if now := runtime.NumGoroutine(); now > before+goroutinesMost {
			t.Errorf("%d goroutines, %d before", now, before)
		}
	})
	for begun := time.Now(); runtime.NumGoroutine() > before && time.Since(begun) < Patience; {
		time.Sleep(10 * time.Millisecond)
	}
	if now := runtime.NumGoroutine(); now > before {
		t.Errorf("%d goroutines, %d before", now, before)
	}
	if now := inUse(); now > heap+grownMost {
		t.Errorf("%d bytes in use, %d before", now, heap)
	}
}

func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse
}
