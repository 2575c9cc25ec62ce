package p2p

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/peer"
)

// heldShare bounds the time spent on listing held ids to a fiftieth of one core:
// a list is used for fifty times as long as it took to make. A small pool's is
// always fresh; one of 100,000 acts, which takes some 20 ms to sort, lasts a second.
const heldShare = 50

// held is the ids this node holds, ascending, as of a moment ago.
type held struct {
	mu    sync.Mutex
	until time.Time  // when the list is to be made anew
	ids   [][32]byte // replaced, never changed
}

func (c *held) sorted(pool Pool) [][32]byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	began := time.Now()
	if began.After(c.until) {
		ids := slices.Clone(pool.Pending(PendingMax))
		slices.SortFunc(ids, compareIDs)
		ids = slices.Compact(ids)
		c.ids = ids[:min(len(ids), PendingMax)]
		c.until = began.Add(heldShare * time.Since(began))
	}
	return c.ids
}

// reconcileForEver compares pools with one random peer after another.
func (h *Host) reconcileForEver() {
	for {
		// A tenth of jitter keeps nodes that started together from asking together.
		pause := h.cfg.ReconcilePeriod + rand.N(h.cfg.ReconcilePeriod/10+1)
		select {
		case <-h.ctx.Done():
			return
		case <-time.After(pause):
		}
		// specs/10 P2P-17: A node SHOULD compare the acts it holds with a random peer
		// every 2 seconds, and MUST with each peer once it is greeted.
		if p := h.book.random(); p != "" {
			h.reconcileWith(p)
		}
	}
}

// reconcileWith compares pools with p, and holds p to account for what it answers.
func (h *Host) reconcileWith(p peer.ID) {
	defer h.survive(p)
	n, err := h.reconcile(h.ctx, p)
	if n > 0 {
		h.metrics.reconciled.Add(float64(n))
	}
	if err == nil || h.ctx.Err() != nil {
		return
	}
	h.cfg.Logger.Debug("reconciliation failed", "peer", p, "err", err)
	if isForm(err) {
		h.offended(p, err)
	}
}

// reconcile asks p for the ids it holds and this node does not, within one
// window, and pulls the acts this node wants. It returns how many were accepted.
func (h *Host) reconcile(ctx context.Context, p peer.ID) (accepted int, err error) {
	if h.book.silenced(p) {
		return 0, nil
	}
	ours := h.held.sorted(h.pool)
	request := window(ours, rand.IntN(windows(len(ours))))
	raw, err := h.ask(ctx, p, h.names.held, encode(request), HeldAnswerBytesMax)
	if err != nil {
		return 0, err
	}
	theirs, err := decodeIDList(raw, IDsMax)
	if err != nil {
		return 0, err
	}
	wanted := h.pool.Wants(theirs.IDs)
	slices.SortFunc(wanted, compareIDs)
	for len(wanted) > 0 {
		n := min(len(wanted), PullMax)
		got, good, err := h.pull(ctx, p, wanted[:n])
		accepted += good
		if err != nil {
			return accepted, err
		}
		// An answer may be cut short at 1 MiB; its first act always fits, so an
		// empty one means that the peer no longer holds any of these.
		if len(got) == 0 {
			wanted = wanted[n:]
			continue
		}
		wanted = slices.DeleteFunc(wanted, func(id [32]byte) bool { return got[id] })
	}
	return accepted, nil
}

// errWasted reports a peer whose acts are not wanted more often than it may cost.
var errWasted = errors.New("p2p: too many of the peer's acts are not wanted here (P2P-12)")

// pull asks p for acts by id, checks and delivers them. got names those that came.
func (h *Host) pull(ctx context.Context, p peer.ID, ids [][32]byte) (got map[[32]byte]bool, accepted int, err error) {
	raw, err := h.ask(ctx, p, h.names.acts, encode(idList{IDs: ids}), PullAnswerBytesMax)
	if err != nil {
		return nil, 0, err
	}
	list, err := decodeActList(raw)
	if err != nil {
		return nil, 0, err
	}
	got = map[[32]byte]bool{}
	var good []Act
	for _, raw := range list.Acts {
		act, verdict := h.checkPulled(ctx, raw)
		_, asked := slices.BinarySearchFunc(ids, act.ID, compareIDs)
		switch {
		case verdict == Reject:
			return got, 0, fmt.Errorf("%w: an act that is provably bad (P2P-10)", ErrCanonical)
		case verdict == Accept && (!asked || got[act.ID]):
			// specs/10 P2P-14: An answer MUST hold only acts that were asked for, each once,
			// in at most 1 MiB.
			return got, 0, fmt.Errorf("%w: act %x was not asked for (P2P-14)", ErrCanonical, act.ID[:8])
		case verdict == Accept:
			good = append(good, act)
		case !h.book.allowActs(p, cost(raw)):
			// Acts that are accepted cost the peer nothing: it answered a question.
			return got, 0, errWasted
		}
		if asked {
			got[act.ID] = true
		}
	}
	if len(good) > 0 {
		h.ledger.Deliver(ctx, p, good)
	}
	return got, len(good), nil
}

// checkPulled is the ledger's verdict on one act, its size first.
func (h *Host) checkPulled(ctx context.Context, raw []byte) (Act, Verdict) {
	if len(raw) == 0 || len(raw) > ActBytesMax {
		return Act{}, Reject
	}
	h.judging <- struct{}{}
	defer func() { <-h.judging }()
	return h.checkAct(ctx, raw)
}

// answerHeld names the acts this node holds and the asking peer does not.
func (h *Host) answerHeld(_ peer.ID, request []byte) ([]byte, error) {
	r, err := decodeHeldRequest(request)
	if err != nil {
		return nil, err
	}
	return encode(idList{IDs: missing(h.held.sorted(h.pool), r)}), nil
}

// answerActs is the acts asked for, as many as fit one answer.
func (h *Host) answerActs(_ peer.ID, request []byte) ([]byte, error) {
	l, err := decodeIDList(request, PullMax)
	if err != nil {
		return nil, err
	}
	out := actList{Acts: [][]byte{}}
	size := 8
	for _, act := range h.pool.Acts(l.IDs) {
		size += len(act) + actOverhead
		if len(out.Acts) == len(l.IDs) || size > PullAnswerBytesMax {
			break
		}
		out.Acts = append(out.Acts, act)
	}
	return encode(out), nil
}
