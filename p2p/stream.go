package p2p

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
)

// Deadlines of one request. The slowest line an answer of 1 MiB is meant for
// carries 50 KiB/s.
const (
	requestPeriod = 5 * time.Second
	answerPeriod  = 10*time.Second + PullAnswerBytesMax/(50<<10)*time.Second
)

// answer makes the bytes of an answer, or says why the request gets none.
type answer func(p peer.ID, request []byte) ([]byte, error)

// serve answers one request a stream, within the bounds of specs/10.
func (h *Host) serve(requestMax int, answer answer) network.StreamHandler {
	return func(s network.Stream) {
		p := s.Conn().RemotePeer()
		// The peer may have read our greeting before we have judged its own.
		if err := h.awaitGreeting(p); err != nil {
			h.metrics.requests.WithLabelValues("refused").Inc()
			_ = s.Reset()
			return
		}
		// specs/10 P2P-15: A node MUST bound the requests it answers for one peer, by
		// default to 20 a second and 8 at one time, and reset streams beyond that.
		if !h.book.allowRequest(p) {
			h.metrics.requests.WithLabelValues("refused").Inc()
			_ = s.Reset()
			return
		}
		defer h.book.endRequest(p)
		if err := h.serveOne(s, requestMax, answer); err != nil {
			h.metrics.requests.WithLabelValues("failed").Inc()
			_ = s.Reset()
			if isForm(err) {
				h.offended(p, err)
			}
			return
		}
		h.metrics.requests.WithLabelValues("answered").Inc()
	}
}

// awaitGreeting waits out a handshake under way; how many streams may wait is
// bounded by protocolPeerMax.
func (h *Host) awaitGreeting(p peer.ID) error {
	ctx, cancel := context.WithTimeout(h.ctx, h.cfg.GreetingTimeout)
	defer cancel()
	return h.book.outcome(ctx, p)
}

func (h *Host) serveOne(s network.Stream, requestMax int, answer answer) error {
	// specs/10 P2P-16: A node MUST end a stream whose request has not arrived within
	// 5 seconds, or whose answer has not been taken within 30.
	if err := s.SetReadDeadline(time.Now().Add(requestPeriod)); err != nil {
		return err
	}
	request, done, err := readFrame(s, requestMax)
	if err != nil {
		return err
	}
	defer done()
	raw, err := answer(s.Conn().RemotePeer(), request)
	if err != nil {
		return err
	}
	if err := s.Scope().ReserveMemory(len(raw), network.ReservationPriorityMedium); err != nil {
		return err
	}
	defer s.Scope().ReleaseMemory(len(raw))
	if err := s.SetWriteDeadline(time.Now().Add(answerPeriod)); err != nil {
		return err
	}
	return errors.Join(writeFrame(s, raw), s.Close())
}

// ask sends one request and reads its answer, at most answerMax bytes, within
// ctx and the deadlines of this room.
func (h *Host) ask(ctx context.Context, p peer.ID, name string, request []byte, answerMax int) ([]byte, error) {
	ctx, cancel := context.WithTimeout(network.WithNoDial(ctx, "answers come from connected peers"), requestPeriod+answerPeriod)
	defer cancel()
	s, err := h.host.NewStream(ctx, p, protocol.ID(name))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", name, err)
	}
	// A context that ends early, at Close, ends the stream too.
	stop := context.AfterFunc(ctx, func() { _ = s.Reset() })
	defer stop()
	deadline, _ := ctx.Deadline()
	raw, err := exchange(s, deadline, request, answerMax)
	if err != nil {
		_ = s.Reset()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	_ = s.Close()
	return raw, nil
}

func exchange(s network.Stream, deadline time.Time, request []byte, answerMax int) ([]byte, error) {
	if err := s.SetDeadline(deadline); err != nil {
		return nil, err
	}
	if err := errors.Join(writeFrame(s, request), s.CloseWrite()); err != nil {
		return nil, err
	}
	raw, done, err := readFrame(s, answerMax)
	if err != nil {
		return nil, err
	}
	// The bytes outlive the stream for a moment only: until they are decoded.
	done()
	return raw, nil
}

// tracked is a stream handler that Close waits for.
func (h *Host) tracked(handle network.StreamHandler) network.StreamHandler {
	return func(s network.Stream) {
		h.mu.Lock()
		if h.closed {
			h.mu.Unlock()
			_ = s.Reset()
			return
		}
		h.work.Add(1)
		h.mu.Unlock()
		defer h.work.Done()
		defer h.survive(s.Conn().RemotePeer())
		handle(s)
	}
}
