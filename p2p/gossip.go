package p2p

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"time"

	pubsub "github.com/libp2p/go-libp2p-pubsub"
	pb "github.com/libp2p/go-libp2p-pubsub/pb"
	"github.com/libp2p/go-libp2p/core/peer"
)

// Bounds of gossip.
const (
	rpcBytesMax       = MessageBytesMax + 64<<10 // one message and its control traffic
	outboundQueueMax  = 256                      // messages a slow peer may owe us; their bytes are shared between peers
	waitingMax        = 512                      // messages received and not yet judged: 64 MiB at the very most
	validateQueueMax  = 512
	subscriptionsMax  = 16 // announced at once; a node needs one
	scoreInspectEvery = time.Second
)

// judgingMax is the messages checked at one time: one core is left to consensus.
// A check holds its core for milliseconds, and a block takes some twenty steps
// that would each wait for one.
func judgingMax() int { return max(1, runtime.GOMAXPROCS(0)-1) }

// joinTopic enters the mesh of the topic of acts.
func (h *Host) joinTopic() error {
	var err error
	// specs/10 P2P-21: A node MUST remember no subscription but to its own topic.
	filter := pubsub.WrapLimitSubscriptionFilter(pubsub.NewAllowlistSubscriptionFilter(h.names.topic), subscriptionsMax)
	h.pubsub, err = pubsub.NewGossipSub(h.ctx, h.host,
		pubsub.WithGossipSubParams(gossipParams()),
		// specs/10 P2P-19: A message MUST carry neither author nor signature of its own.
		// Acts are signed; a second signature would only say who sent them first.
		pubsub.WithMessageSignaturePolicy(pubsub.StrictNoSign),
		pubsub.WithNoAuthor(),
		pubsub.WithMessageIdFn(messageID),
		pubsub.WithMaxMessageSize(rpcBytesMax),
		pubsub.WithPeerOutboundQueueSize(outboundQueueMax),
		pubsub.WithValidateQueueSize(validateQueueMax),
		pubsub.WithValidateThrottle(waitingMax),
		pubsub.WithSubscriptionFilter(filter),
		pubsub.WithAppSpecificRpcInspector(h.inspectRPC),
		pubsub.WithPeerScore(scoreParams(h.names.topic, h.book, h.cfg.Trusted), scoreThresholds()),
		pubsub.WithPeerScoreInspect(pubsub.PeerScoreInspectFn(h.book.setScores), scoreInspectEvery),
		pubsub.WithRawTracer(h.metrics),
		// Own acts go to every peer: in its first second a node has no mesh, and
		// what it published then would reach nobody.
		pubsub.WithFloodPublish(true),
		pubsub.WithPeerExchange(false),
		pubsub.WithLogger(slog.New(quiet{h.cfg.Logger.Handler()})),
	)
	if err != nil {
		return fmt.Errorf("gossip: %w", err)
	}
	// The validator waits its turn itself (judging), so libp2p's throttle counts
	// those waiting; at the number of workers it would drop every burst.
	err = h.pubsub.RegisterTopicValidator(h.names.topic, h.validate, pubsub.WithValidatorConcurrency(waitingMax))
	if err != nil {
		return fmt.Errorf("gossip: %w", err)
	}
	if h.topic, err = h.pubsub.Join(h.names.topic); err != nil {
		return fmt.Errorf("gossip: %w", err)
	}
	// Acts are delivered by the validator, decoded once. A subscription would be
	// one more queue, and one that drops in silence.
	_, err = h.topic.Relay()
	return err
}

// messageID names a message by its content, so that what two peers send is known for one.
func messageID(m *pb.Message) string {
	// specs/10 P2P-7: A message's id MUST be the first 20 bytes of SHA-256(length of
	// the topic as 2 bytes ‖ topic ‖ data).
	sum := sha256.New()
	sum.Write(binary.BigEndian.AppendUint16(nil, uint16(len(m.GetTopic()))))
	sum.Write([]byte(m.GetTopic()))
	sum.Write(m.GetData())
	return string(sum.Sum(nil)[:20])
}

// inspectRPC takes from a peer not yet greeted everything but its
// subscriptions and its place in the mesh, before GossipSub remembers a message
// as seen: the same message must still be welcome from others.
func (h *Host) inspectRPC(p peer.ID, rpc *pubsub.RPC) error {
	// specs/10 P2P-8: Until its handshake has succeeded, a node MUST NOT use acts
	// that a peer sends.
	if h.book.greeted(p) {
		return nil
	}
	rpc.Publish = nil
	if c := rpc.GetControl(); c != nil {
		c.Ihave, c.Iwant, c.Idontwant = nil, nil, nil
	}
	return nil
}

// validate is GossipSub's question: pass this message on?
func (h *Host) validate(ctx context.Context, from peer.ID, m *pubsub.Message) (result pubsub.ValidationResult) {
	if from == h.ID() {
		return pubsub.ValidationAccept // Publish's caller has checked it
	}
	result = pubsub.ValidationIgnore // what a panic leaves
	defer h.survive(from)
	switch h.judge(ctx, from, m.GetData()) {
	case Accept:
		h.metrics.messages.WithLabelValues("accept").Inc()
		return pubsub.ValidationAccept
	case Reject:
		h.metrics.messages.WithLabelValues("reject").Inc()
		h.offended(from, errors.New("p2p: provably bad messages (P2P-20)"))
		return pubsub.ValidationReject
	}
	h.metrics.messages.WithLabelValues("ignore").Inc()
	return pubsub.ValidationIgnore
}

// judge takes a message past the walls in their order: size, canonical form,
// the sender's budget, and only then the acts themselves.
func (h *Host) judge(ctx context.Context, from peer.ID, data []byte) Verdict {
	e, err := decodeEnvelope(data)
	if err != nil {
		return Reject
	}
	// specs/10 P2P-12: A node MUST bound the acts it checks for one peer, by default
	// to 200 a second and 1,000 at once, for a configured peer to 10,000 and 20,000,
	// and ignore without a check what exceeds it. An act counts once for each 4,096
	// bytes that it begins.
	if !h.book.allowActs(from, e.cost()) {
		return Ignore
	}
	select {
	case h.judging <- struct{}{}:
		defer func() { <-h.judging }()
	case <-ctx.Done():
		return Ignore
	}
	// Here, not before: what waited its turn behind bad messages must not be checked.
	if h.book.silenced(from) {
		return Ignore
	}
	good, verdict := h.check(ctx, e.Acts)
	if verdict != Reject && len(good) > 0 {
		h.ledger.Deliver(ctx, from, good)
	}
	return verdict
}

// check asks the ledger about each act, up to the first that is provably bad.
func (h *Host) check(ctx context.Context, acts [][]byte) (good []Act, verdict Verdict) {
	// specs/10 P2P-10: A node MUST reject a message with any provably bad act, pass
	// on a message whose acts are all accepted, and ignore any other.
	verdict = Accept
	for _, raw := range acts {
		act, v := h.checkAct(ctx, raw)
		switch v {
		case Accept:
			good = append(good, act)
		case Reject:
			return nil, Reject
		default:
			verdict = Ignore
		}
	}
	return good, verdict
}

// checkAct is the ledger's verdict on one act, counted.
func (h *Host) checkAct(ctx context.Context, raw []byte) (Act, Verdict) {
	act, verdict := h.ledger.Check(ctx, raw)
	name := "ignore"
	switch verdict {
	case Accept:
		name = "accept"
	case Reject:
		name = "reject"
	}
	h.metrics.acts.WithLabelValues(name).Inc()
	return act, verdict
}

// survive, deferred, ends a panic that a peer's bytes led to. It is a fault of
// this program, so the peer must not pay for it, and the node must not fall to it.
func (h *Host) survive(from peer.ID) {
	if fault := recover(); fault != nil {
		h.metrics.panics.Inc()
		h.cfg.Logger.Error("panic over a peer's bytes", "peer", from, "panic", fault, "stack", string(debug.Stack()))
	}
}

// offended counts a provably bad message against a peer, and refuses the peer
// when there have been enough.
func (h *Host) offended(p peer.ID, why error) {
	// specs/10 P2P-20: After 5 provably bad messages of a peer a node MUST ignore its
	// acts for one hour, and unless the peer is configured disconnect and refuse it.
	if h.book.offend(p) {
		h.spawn(func() { h.refuse(p, why) })
	}
}

// Publish sends acts to the network, several to a message, in their order. They
// MUST have passed Check: what is provably bad costs this node its standing
// with every peer. Each call makes new messages, so calling again re-publishes.
// After an error some of the acts may have been sent; publish them all again.
func (h *Host) Publish(ctx context.Context, acts [][]byte) error {
	if h.ctx.Err() != nil {
		return ErrClosed
	}
	batches, err := pack(acts)
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	if len(batches) > 0 && len(h.topic.ListPeers()) == 0 {
		return ErrNoPeers
	}
	for _, batch := range batches {
		if err := h.topic.Publish(ctx, encode(newEnvelope(batch))); err != nil {
			return fmt.Errorf("publish %d acts: %w", len(batch), err)
		}
		h.metrics.published.Add(float64(len(batch)))
	}
	return nil
}
