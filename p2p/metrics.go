package p2p

import (
	"errors"

	pubsub "github.com/libp2p/go-libp2p-pubsub"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/prometheus/client_golang/prometheus"
)

// metrics is what an operator can watch of p2p. The peers GossipSub counts
// stand beside those connected: where they part, dead peers are held.
type metrics struct {
	registerer prometheus.Registerer
	collectors []prometheus.Collector

	messages    *prometheus.CounterVec // by verdict
	acts        *prometheus.CounterVec // by verdict
	throttled   prometheus.Counter
	duplicates  prometheus.Counter
	droppedRPCs prometheus.Counter
	panics      prometheus.Counter
	published   prometheus.Counter
	reconciled  prometheus.Counter
	greetings   *prometheus.CounterVec // by outcome
	requests    *prometheus.CounterVec // by outcome
	bans        prometheus.Counter
}

// newMetrics registers everything with r; nil registers nothing.
func newMetrics(r prometheus.Registerer, connected, inTopic func() float64) (*metrics, error) {
	m := &metrics{registerer: r}
	m.gauge("peers", "Peers connected.", connected)
	m.gauge("topic_peers", "Peers that GossipSub counts in the topic of acts.", inTopic)
	m.messages = m.family("messages_total", "Gossip messages judged.", "verdict")
	m.acts = m.family("acts_total", "Acts checked, by gossip and reconciliation.", "verdict")
	m.throttled = m.counter("messages_throttled_total", "Gossip messages dropped because too many waited to be judged.")
	m.duplicates = m.counter("messages_duplicate_total", "Gossip messages received again.")
	m.droppedRPCs = m.counter("rpcs_dropped_total", "Outgoing gossip dropped because a peer's queue was full.")
	m.panics = m.counter("validator_panics_total", "Panics while judging a message; each is a fault of this program.")
	m.published = m.counter("acts_published_total", "Acts published by this node.")
	m.reconciled = m.counter("acts_reconciled_total", "Acts accepted that gossip had not brought.")
	m.greetings = m.family("greetings_total", "Handshakes.", "outcome")
	m.requests = m.family("requests_total", "Requests of peers.", "outcome")
	m.bans = m.counter("bans_total", "Peers refused for an hour.")
	return m, m.register()
}

func (m *metrics) gauge(name, help string, read func() float64) {
	m.collectors = append(m.collectors, prometheus.NewGaugeFunc(
		prometheus.GaugeOpts{Namespace: "ipledger", Subsystem: "p2p", Name: name, Help: help}, read))
}

func (m *metrics) counter(name, help string) prometheus.Counter {
	c := prometheus.NewCounter(prometheus.CounterOpts{Namespace: "ipledger", Subsystem: "p2p", Name: name, Help: help})
	m.collectors = append(m.collectors, c)
	return c
}

func (m *metrics) family(name, help, label string) *prometheus.CounterVec {
	c := prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "ipledger", Subsystem: "p2p", Name: name, Help: help}, []string{label})
	m.collectors = append(m.collectors, c)
	return c
}

func (m *metrics) register() error {
	if m.registerer == nil {
		return nil
	}
	var errs []error
	for _, c := range m.collectors {
		errs = append(errs, m.registerer.Register(c))
	}
	return errors.Join(errs...)
}

func (m *metrics) unregister() {
	if m.registerer == nil {
		return
	}
	for _, c := range m.collectors {
		m.registerer.Unregister(c)
	}
}

// The methods below are what GossipSub reports (pubsub.RawTracer).

// RejectMessage counts the messages lost before they were judged.
func (m *metrics) RejectMessage(_ *pubsub.Message, reason string) {
	if reason == pubsub.RejectValidationThrottled || reason == pubsub.RejectValidationQueueFull {
		m.throttled.Inc()
	}
}

// DuplicateMessage counts what arrived again.
func (m *metrics) DuplicateMessage(*pubsub.Message) { m.duplicates.Inc() }

// DropRPC counts what a slow peer did not get.
func (m *metrics) DropRPC(*pubsub.RPC, peer.ID) { m.droppedRPCs.Inc() }

func (m *metrics) OnNewOutboundStream(peer.ID, protocol.ID) {}
func (m *metrics) OnClosedOutboundStream(peer.ID)           {}
func (m *metrics) Join(string)                              {}
func (m *metrics) Leave(string)                             {}
func (m *metrics) Graft(peer.ID, string)                    {}
func (m *metrics) Prune(peer.ID, string)                    {}
func (m *metrics) ValidateMessage(*pubsub.Message)          {}
func (m *metrics) DeliverMessage(*pubsub.Message)           {}
func (m *metrics) ThrottlePeer(peer.ID)                     {}
func (m *metrics) RecvRPC(*pubsub.RPC)                      {}
func (m *metrics) SendRPC(*pubsub.RPC, peer.ID)             {}
func (m *metrics) UndeliverableMessage(msg *pubsub.Message) {}
