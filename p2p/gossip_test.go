package p2p

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	pubsub "github.com/libp2p/go-libp2p-pubsub"
	pb "github.com/libp2p/go-libp2p-pubsub/pb"
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
	publish(t, hosts[0], acts...)
	for i, s := range shelves[1:] {
		for _, act := range acts {
			eventually(t, act, func() bool { return s.holds(act) })
		}
		if got := hosts[i+1].Peers()[0].Status; got != (Status{Base: 1, Height: 7, Head: [32]byte{9}}) {
			t.Errorf("host %d: peer's status %+v", i+1, got)
		}
	}
}

func TestPublish_withoutPeersSaysSo(t *testing.T) {
	h := start(t, testConfig(0), newShelf())
	if err := h.Publish(t.Context(), [][]byte{[]byte("act")}); err != ErrNoPeers {
		t.Errorf("got %v, want %v", err, ErrNoPeers)
	}
	if err := h.Publish(t.Context(), [][]byte{make([]byte, ActBytesMax+1)}); err == nil {
		t.Error("an act above ActBytesMax was published")
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	if err := h.Publish(t.Context(), nil); err != ErrClosed {
		t.Errorf("got %v, want %v", err, ErrClosed)
	}
}

// Lost acts return by publishing again: the nonce makes it a new message.
func TestPublish_againIsANewMessage(t *testing.T) {
	a, b, got := pair(t, func(*Config) {})
	for n := 1; n <= 3; n++ {
		publish(t, a, "same")
		eventually(t, "another delivery", func() bool {
			got.mu.Lock()
			defer got.mu.Unlock()
			return got.arrived[idOf("same")] == n
		})
	}
	_ = b
}

func TestValidate_P2P10(t *testing.T) {
	cases := []struct {
		name      string
		data      []byte
		want      pubsub.ValidationResult
		delivered int
	}{
		{"all acts good", sealed("a", "b"), pubsub.ValidationAccept, 2},
		{"one act provably bad", sealed("a", "b", "bad"), pubsub.ValidationReject, 0},
		{"one act not wanted", sealed("a", "late", "b"), pubsub.ValidationIgnore, 2},
		{"no act wanted", sealed("late"), pubsub.ValidationIgnore, 0},
		{"bad behind not wanted", sealed("late", "bad"), pubsub.ValidationReject, 0},
		{"a panic of ours", sealed("a", "panic"), pubsub.ValidationIgnore, 0},
		{"not an envelope", []byte("junk"), pubsub.ValidationReject, 0},
		{"no bytes", nil, pubsub.ValidationReject, 0},
		{"trailing byte", append(sealed("a"), 0), pubsub.ValidationReject, 0},
		{"too long", make([]byte, MessageBytesMax+1), pubsub.ValidationReject, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			a, b, shelf := pair(t, func(*Config) {})
			m := &pubsub.Message{Message: &pb.Message{Data: c.data}, ReceivedFrom: a.ID()}
			if got := b.validate(t.Context(), a.ID(), m); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
			if got := len(shelf.Pending(PendingMax)); got != c.delivered {
				t.Errorf("%d acts delivered, want %d", got, c.delivered)
			}
		})
	}
}

// The budget is spent before any act is checked.
func TestJudge_P2P12(t *testing.T) {
	a, b, shelf := pair(t, func(c *Config) { c.ActsPerSecond, c.ActsBurst = 0.001, 300 })
	var acts []string
	for i := range ActsPerMessageMax {
		acts = append(acts, fmt.Sprint("act ", i))
	}
	if got := b.judge(t.Context(), a.ID(), sealed(acts...)); got != Accept {
		t.Fatalf("within the budget: got %v, want Accept", got)
	}
	if got := b.judge(t.Context(), a.ID(), sealed(acts...)); got != Ignore {
		t.Errorf("beyond the budget: got %v, want Ignore", got)
	}
	if got := shelf.checked(); got != ActsPerMessageMax {
		t.Errorf("%d acts checked, want %d", got, ActsPerMessageMax)
	}
}

// A long act counts as many times as it begins 4,096 bytes.
func TestJudge_long_P2P12(t *testing.T) {
	const rooms = 17 // of the longest act
	a, b, shelf := pair(t, func(c *Config) { c.ActsPerSecond, c.ActsBurst = 0.001, 17*rooms+3 })
	try := func(n int, want Verdict) {
		t.Helper()
		if got := b.judge(t.Context(), a.ID(), sealed(fmt.Sprintf("%0*d", n, shelf.checked()))); got != want {
			t.Errorf("an act of %d bytes: got %v, want %v", n, got, want)
		}
	}
	for range 17 {
		try(ActBytesMax, Accept)
	}
	try(4097, Accept)
	try(4097, Ignore)
	try(4096, Accept)
	try(1, Ignore)
	if got := shelf.checked(); got != 17+2 {
		t.Errorf("%d acts checked, want 19", got)
	}
}

// A configured peer may carry what a stranger may not.
func TestJudge_configured_P2P12(t *testing.T) {
	carrier := start(t, testConfig(1), newShelf())
	c, shelf := testConfig(2), newShelf()
	c.Peers = []string{carrier.Addrs()[0]}
	c.ActsPerSecond, c.ActsBurst = 0.001, 300
	c.ConfiguredActsPerSecond, c.ConfiguredActsBurst = 0.001, 3*ActsPerMessageMax
	b := start(t, c, shelf)
	eventually(t, "the configured peer is greeted", func() bool { return b.book.greeted(carrier.ID()) })
	for n, want := range []Verdict{Accept, Accept, Accept, Ignore} {
		var acts []string
		for i := range ActsPerMessageMax {
			acts = append(acts, fmt.Sprint("act ", n, i))
		}
		if got := b.judge(t.Context(), carrier.ID(), sealed(acts...)); got != want {
			t.Errorf("message %d: got %v, want %v", n, got, want)
		}
	}
	if got := shelf.checked(); got != 3*ActsPerMessageMax {
		t.Errorf("%d acts checked, want %d", got, 3*ActsPerMessageMax)
	}
}

// A flood of provably bad acts costs a node few checks, and its sender the peer.
func TestOffended_P2P20(t *testing.T) {
	a, b, shelf := pair(t, func(*Config) {})
	for i := range 2000 {
		if a.Publish(t.Context(), [][]byte{fmt.Appendf(nil, "bad %d", i)}) == ErrNoPeers {
			break
		}
	}
	eventually(t, "the flooder is disconnected", func() bool { return b.book.count() == 0 })
	if !b.gater.banned(a.ID()) {
		t.Error("the flooder may come back")
	}
	if got := shelf.checked(); got < InvalidMax || got > 50 {
		t.Errorf("%d checks for one flooder, want %d to 50", got, InvalidMax)
	}
	if err := a.Connect(t.Context(), b.Addrs()[0]); err == nil {
		t.Error("the flooder connected again")
	}
}

// Four bad messages lower the score; a configured peer that sends more is
// silenced and stays.
func TestOffended_configuredPeerIsSilenced(t *testing.T) {
	attacker := start(t, testConfig(1), newShelf())
	c, shelf := testConfig(2), newShelf()
	c.Peers = attacker.Addrs()
	victim := start(t, c, shelf)
	meshed(t, 1, victim, attacker)
	score := func() float64 {
		peers := victim.Peers()
		if len(peers) == 0 {
			return 0
		}
		return peers[0].Score
	}
	eventually(t, "the score of a configured peer", func() bool { return score() > configuredScore/2 })
	for i := range InvalidMax - 1 {
		publish(t, attacker, fmt.Sprint("bad ", i))
	}
	eventually(t, "the score falls", func() bool { return score() < configuredScore/2 })
	for i := range 1000 {
		publish(t, attacker, fmt.Sprint("bad and more ", i))
	}
	eventually(t, "the peer is silenced", func() bool { return victim.book.silenced(attacker.ID()) })
	if got := shelf.checked(); got > 50 {
		t.Errorf("%d checks for one flooder, want at most 50", got)
	}
	if victim.gater.banned(attacker.ID()) || len(victim.Peers()) != 1 {
		t.Error("the configured peer was refused")
	}
}

func TestInspectRPC_P2P8(t *testing.T) {
	h := start(t, testConfig(0), newShelf())
	topic := h.names.topic
	full := func() *pubsub.RPC {
		return &pubsub.RPC{RPC: pb.RPC{
			Subscriptions: []*pb.RPC_SubOpts{{Topicid: &topic}},
			Publish:       []*pb.Message{{Data: sealed("early"), Topic: &topic}},
			Control:       &pb.ControlMessage{Ihave: []*pb.ControlIHave{{}}, Graft: []*pb.ControlGraft{{}}},
		}}
	}
	rpc := full()
	if err := h.inspectRPC("stranger", rpc); err != nil {
		t.Fatal(err)
	}
	if len(rpc.Publish) != 0 || len(rpc.Control.Ihave) != 0 {
		t.Error("a peer not yet greeted may send acts")
	}
	if len(rpc.Subscriptions) != 1 || len(rpc.Control.Graft) != 1 {
		t.Error("its subscription or its place in the mesh was lost")
	}
	h.book.entries["friend"] = &entry{greeted: true}
	rpc = full()
	if err := h.inspectRPC("friend", rpc); err != nil || len(rpc.Publish) != 1 || len(rpc.Control.Ihave) != 1 {
		t.Errorf("a greeted peer's message was taken away (%v)", err)
	}
}

func TestMessageID_P2P7(t *testing.T) {
	topic, other := "/ipledger/a/act/1", "/ipledger/b/act/1"
	message := func(topic, data string) *pb.Message {
		return &pb.Message{Topic: &topic, Data: []byte(data), From: []byte("x"), Seqno: []byte("y")}
	}
	id := messageID(message(topic, "data"))
	if len(id) != 20 {
		t.Fatalf("%d bytes, want 20", len(id))
	}
	if id != messageID(&pb.Message{Topic: &topic, Data: []byte("data")}) {
		t.Error("the id depends on more than topic and data")
	}
	if id == messageID(message(topic, "datb")) || id == messageID(message(other, "data")) {
		t.Error("two messages have one id")
	}
}

// A message with an author or a signature is refused by who receives it.
func TestJoinTopic_P2P19(t *testing.T) {
	a, b, shelf := pair(t, func(*Config) {})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	signer := stranger(t)
	acquaint(t, signer, b)
	signing, err := pubsub.NewGossipSub(ctx, signer, pubsub.WithMessageSignaturePolicy(pubsub.StrictSign), pubsub.WithFloodPublish(true))
	if err != nil {
		t.Fatal(err)
	}
	topic, err := signing.Join(a.names.topic)
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the signer sees the topic", func() bool { return len(topic.ListPeers()) > 0 })
	if err := topic.Publish(ctx, sealed("signed twice")); err != nil {
		t.Fatal(err)
	}
	publish(t, a, "signed once")
	eventually(t, "the plain message", func() bool { return shelf.holds("signed once") })
	if shelf.holds("signed twice") {
		t.Error("a message with an author was used")
	}
}

// Announced topics of a peer's invention leave no trace.
func TestJoinTopic_P2P21(t *testing.T) {
	a, b, _ := pair(t, func(*Config) {})
	filter := pubsub.WrapLimitSubscriptionFilter(pubsub.NewAllowlistSubscriptionFilter(b.names.topic), subscriptionsMax)
	var many []*pb.RPC_SubOpts
	for i := range subscriptionsMax + 1 {
		name := fmt.Sprint("topic ", i)
		many = append(many, &pb.RPC_SubOpts{Topicid: &name})
	}
	if _, err := filter.FilterIncomingSubscriptions(a.ID(), many); err == nil {
		t.Error("more subscriptions than the bound were taken")
	}
	if _, err := b.pubsub.Join("another topic"); err == nil {
		t.Error("a node can join a topic other than its own")
	}
	if got := b.pubsub.ListPeers("another topic"); len(got) != 0 {
		t.Errorf("peers counted in a topic not ours: %v", got)
	}
}

func TestJudge_doesNotBlockWhenClosing(t *testing.T) {
	a, b, _ := pair(t, func(*Config) {})
	for range cap(b.judging) {
		b.judging <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got := b.judge(ctx, a.ID(), sealed("act")); got != Ignore {
		t.Errorf("got %v, want Ignore", got)
	}
}

// pair is two hosts, linked and meshed; the second's shelf is returned.
func pair(t *testing.T, set func(*Config)) (a, b *Host, bShelf *shelf) {
	t.Helper()
	ca, cb := testConfig(1), testConfig(2)
	set(&ca)
	set(&cb)
	bShelf = newShelf()
	a, b = start(t, ca, newShelf()), start(t, cb, bShelf)
	link(t, a, b)
	meshed(t, 1, a, b)
	return a, b, bShelf
}

func publish(t *testing.T, h *Host, acts ...string) {
	t.Helper()
	if err := h.Publish(t.Context(), bytesOf(acts)); err != nil {
		t.Fatal(err)
	}
}

func sealed(acts ...string) []byte { return encode(newEnvelope(bytesOf(acts))) }

func bytesOf(acts []string) [][]byte {
	return bytes.Split([]byte(strings.Join(acts, "\x00")), []byte{0})
}
