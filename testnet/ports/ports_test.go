package ports

import (
	"net"
	"testing"
)

// TestFree gives two processes no port twice.
func TestFree(t *testing.T) {
	one, two := newChooser(), newChooser() // as two processes are
	seen := map[string]bool{}
	for range 3 * size {
		for _, c := range []*chooser{one, two} {
			addr, err := c.free()
			if err != nil {
				t.Fatal(err)
			}
			if seen[addr] {
				t.Fatalf("%s was given twice", addr)
			}
			seen[addr] = true
		}
	}
}

// TestFree_taken passes over a port that another program listens on.
func TestFree_taken(t *testing.T) {
	c := newChooser()
	if _, err := c.free(); err != nil {
		t.Fatal(err)
	}
	taken := address(first + c.block*size + c.next)
	l, err := net.Listen("tcp", taken)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if got, err := c.free(); err != nil || got == taken {
		t.Errorf("got %s, %v, where another program listens on %s", got, err, taken)
	}
}

// TestKeep gives a port again to a process that comes later, and to no other.
func TestKeep(t *testing.T) {
	one, two := newChooser(), newChooser()
	had, err := one.free()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := two.keep(had); err != nil || got == had {
		t.Errorf("got %s, %v, which another process has", got, err)
	}
	for _, l := range one.guards {
		_ = l.Close() // it ends
	}
	if got, err := two.keep(had); err != nil || got != had {
		t.Errorf("got %s, %v, want %s again", got, err, had)
	}
	if got, err := two.keep(had); err != nil || got == had {
		t.Errorf("got %s, %v a second time", got, err)
	}
	for _, have := range []string{"", "127.0.0.1:1", "8.8.8.8:10001", "127.0.0.1:no"} {
		if got, err := two.keep(have); err != nil || got == have {
			t.Errorf("for %q got %q, %v, want another port", have, got, err)
		}
	}
}
