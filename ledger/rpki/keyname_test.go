package rpki

import (
	"bytes"
	"crypto/sha1"
	"testing"
)

// The name is what the standard library computes, for every length about the
// ends of blocks.
func TestKeyName_RPKI8(t *testing.T) {
	for n := range 300 {
		message := bytes.Repeat([]byte{byte(n), 0xa5}, n)[:n]
		if got, want := keyName(message), sha1.Sum(message); !bytes.Equal(got, want[:]) {
			t.Fatalf("%d bytes: got %x, want %x", n, got, want)
		}
	}
}
