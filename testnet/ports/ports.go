// Package ports chooses where the nodes of test networks listen on loopback, so
// that nobody else, of this process or of another, chooses the same: a node may
// bind its port long after it was chosen, and bind it again after a restart.
//
// Each process takes blocks of ports, and holds a block by listening on its first
// port for as long as it runs.
package ports

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"sync"
)

// The ports lie below those that systems give to outgoing connections, so that
// none takes the port of a node that is being restarted.
const (
	first  = 10_000
	blocks = 220
	// size is enough for three networks of five nodes, so that few ports are held
	// that nobody uses, and few processes could hold all blocks.
	size = 100
)

// ErrNone reports that no port is free.
var ErrNone = errors.New("ports: no free port")

// chooser is what one process has taken.
type chooser struct {
	mu     sync.Mutex
	guards map[int]net.Listener // by block; open until the process ends
	given  map[int]bool         // every port that was given out
	block  int                  // whose ports are given out next
	next   int                  // in that block; the first is its guard
}

var here = newChooser()

func newChooser() *chooser {
	return &chooser{guards: map[int]net.Listener{}, given: map[int]bool{}, next: size}
}

// Free is a loopback address, host:port, that nobody listens on and that nobody
// else is given while this process runs.
func Free() (string, error) { return here.free() }

// Keep is Free, and gives have again, a loopback address of an earlier process,
// where nobody else has it.
func Keep(have string) (string, error) { return here.keep(have) }

func (c *chooser) free() (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for range blocks * size { // all that could be given
		if c.next == size {
			if err := c.another(); err != nil {
				return "", err
			}
		}
		port := first + c.block*size + c.next
		c.next++
		if !c.given[port] && listens(port) {
			c.given[port] = true
			return address(port), nil
		}
	}
	return "", ErrNone
}

func (c *chooser) keep(have string) (string, error) {
	host, text, err := net.SplitHostPort(have)
	port, bad := strconv.Atoi(text)
	if err == nil && bad == nil && host == "127.0.0.1" && c.take(port) {
		return have, nil
	}
	return c.free()
}

// take gives out one port of a block that is this process's or nobody's.
func (c *chooser) take(port int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if port < first || port >= first+blocks*size || (port-first)%size == 0 || c.given[port] {
		return false
	}
	if !c.guard((port-first)/size) || !listens(port) {
		return false
	}
	c.given[port] = true
	return true
}

// another goes on to a block that is nobody's.
func (c *chooser) another() error {
	from := rand.IntN(blocks)
	for i := range blocks {
		b := (from + i) % blocks
		if _, ours := c.guards[b]; !ours && c.guard(b) {
			c.block, c.next = b, 1
			return nil
		}
	}
	return fmt.Errorf("%w between %d and %d on loopback", ErrNone, first, first+blocks*size-1)
}

// guard holds a block, and reports whether it is this process's.
func (c *chooser) guard(block int) bool {
	if _, ours := c.guards[block]; ours {
		return true
	}
	l, err := net.Listen("tcp", address(first+block*size))
	if err == nil {
		c.guards[block] = l
	}
	return err == nil
}

// listens reports whether one can listen on the port now.
func listens(port int) bool {
	l, err := net.Listen("tcp", address(port))
	return err == nil && l.Close() == nil
}

func address(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }
