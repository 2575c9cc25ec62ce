package line

import (
	"context"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
)

// idleMax bounds the goroutines that wait for a connection. One that has answered
// before has a stack of the right size, which takes longer to get than most answers.
const idleMax = 32

// Serve gives each connection of a listener to talk, in a goroutine of its own, until
// ctx ends; what a client does then ends too. The connection is closed when talk
// returns.
func Serve(ctx context.Context, l net.Listener, talk func(context.Context, *Conn)) error {
	var all sync.WaitGroup
	defer all.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	h := hosts{talk: talk, conns: make(chan net.Conn)}
	for {
		conn, err := l.Accept()
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return fmt.Errorf("line: %w", err)
		}
		select {
		case h.conns <- conn:
		default: // nobody waits
			all.Go(func() { h.run(ctx, conn) })
		}
	}
}

// hosts are the goroutines of a server, each of which serves one client at a time.
type hosts struct {
	talk  func(context.Context, *Conn)
	conns chan net.Conn // to those that wait
	idle  atomic.Int32
}

// run serves a connection, and then those that come while few others wait.
func (h *hosts) run(ctx context.Context, conn net.Conn) {
	for {
		h.serve(ctx, conn)
		if h.idle.Add(1) > idleMax {
			h.idle.Add(-1)
			return
		}
		select {
		case conn = <-h.conns:
			h.idle.Add(-1)
		case <-ctx.Done():
			return
		}
	}
}

func (h *hosts) serve(ctx context.Context, conn net.Conn) {
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	c := newConn(conn)
	defer c.end()
	h.talk(ctx, c)
}
