package engine

import (
	"testing"
	"time"
)

func TestNetwork_commits_acts(t *testing.T) {
	n := newNetwork(t, 4, 0, 4, 1).startAll()
	raw := n.world.Open(0, 0, 0, "new one")
	n.offer(raw, 0, 1, 2, 3)
	id := n.idOf(raw)
	for i := range n.peers {
		n.waitFor(id, i, 20*time.Second)
	}
}
