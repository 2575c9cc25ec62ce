package line

import (
	"context"
	"fmt"
	"net"
	"sync"
)

// Serve gives each connection of a listener to talk, in a goroutine of its own, until
// ctx ends; what a client does then ends too. The connection is closed when talk
// returns.
func Serve(ctx context.Context, l net.Listener, talk func(context.Context, *Conn)) error {
	var all sync.WaitGroup
	defer all.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for {
		conn, err := l.Accept()
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return fmt.Errorf("line: %w", err)
		}
		all.Go(func() {
			stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
			defer stop()
			c := newConn(conn)
			defer c.end()
			talk(ctx, c)
		})
	}
}
