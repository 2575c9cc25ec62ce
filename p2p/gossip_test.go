package p2p

import (
	"testing"
)

func TestPublish_reachesEveryHost(t *testing.T) {
	var hosts []*Host
	var shelves []*shelf
	for i := range 5 {
		c := testConfig(i)
		if i%2 == 1 {
			c.Listen = []string{"/ip4/127.0.0.1/udp/0/quic-v1"}
		}
		shelves = append(shelves, newShelf())
		hosts = append(hosts, start(t, c, shelves[i]))
	}
	for i, h := range hosts {
		link(t, h, hosts[(i+1)%len(hosts)])
	}
	meshed(t, 2, hosts...)
	acts := []string{"one", "two", "three"}
	if err := hosts[0].Publish(t.Context(), [][]byte{[]byte("one"), []byte("two"), []byte("three")}); err != nil {
		t.Fatal(err)
	}
	for i, s := range shelves[1:] {
		for _, act := range acts {
			eventually(t, act, func() bool { return s.holds(act) })
		}
		if got := hosts[i+1].Peers()[0].Status; got != (Status{Base: 1, Height: 7, Head: [32]byte{9}}) {
			t.Errorf("host %d: peer's status %+v", i+1, got)
		}
	}
}
