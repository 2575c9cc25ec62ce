package tiny

import (
	"fmt"
	"math/rand/v2"
	"net"
)

// Ports for tests lie below those that the system gives out by itself, so that
// no connection of another test takes one between its choice and its use.
const (
	portFirst = 10_000
	portLast  = 19_999
	portTries = 200
)

// FreePort is a loopback address that nobody listens on. It panics where none is
// found.
func FreePort() string {
	for range portTries {
		addr := fmt.Sprintf("127.0.0.1:%d", portFirst+rand.IntN(portLast-portFirst+1))
		if l, err := net.Listen("tcp", addr); err == nil {
			_ = l.Close() // it only tried the port
			return addr
		}
	}
	panic("tiny: no free port on loopback")
}
