package p2p

import (
	"context"

	"github.com/libp2p/go-libp2p/core/peer"
)

// Verdict is what a pure check of an act's bytes says. The zero value is no
// verdict, and counts as Ignore.
type Verdict uint8

const (
	// Accept: the act is well formed and signed; deliver it and pass it on.
	Accept Verdict = 1
	// Reject: the bytes are wrong for everybody, at any time, whatever the state.
	// Only a pure function of the bytes may say so: it costs the sender its score.
	Reject Verdict = 2
	// Ignore: not wanted here and now (expired by this clock, unknown here, no
	// room). It costs nobody anything.
	Ignore Verdict = 3
)

// Act is one checked act: its id, its canonical bytes, and what Check kept of
// its work for Deliver to find again, which p2p does not look at.
type Act struct {
	ID      [32]byte
	Raw     []byte
	Checked any
}

// Status is how much of the chain a node has: the first and the last height it
// can serve, and the header hash at the last. A new node has zeros.
type Status struct {
	Base   uint64
	Height uint64
	Head   [32]byte
}

// Ledger is what p2p needs of the chain. All methods are safe for concurrent use.
type Ledger interface {
	// Status is the newest committed height. It is asked at every handshake.
	Status() Status
	// Header is the header of a height with what makes it final, 0 standing for
	// the newest; ok is false where there is none here.
	Header(height uint64) (h Header, ok bool)
	// Check judges one act's bytes, at most ActBytesMax, by themselves. The act it
	// returns has its ID if the verdict is Accept; computing one for an act that
	// is only ignored would cost more than the rest of the look at it. It SHOULD
	// remember acts it has accepted: a re-published act is checked again.
	Check(ctx context.Context, raw []byte) (Act, Verdict)
	// Deliver hands over acts that Check accepted, as often as they arrive. It
	// must not keep its caller waiting: a full pool drops, it does not block.
	Deliver(ctx context.Context, from peer.ID, acts []Act)
}

// Pool is what reconciliation needs of the acts a node holds. All methods are
// safe for concurrent use, and answers may be a moment old.
type Pool interface {
	// Pending is the ids of acts held and not final, at most max, in any order.
	Pending(max int) [][32]byte
	// Wants is which of ids this node would take: it neither holds them, nor knows
	// them final, nor refused them lately.
	Wants(ids [][32]byte) [][32]byte
	// Acts is the bytes of those acts that are held, in any order.
	Acts(ids [][32]byte) [][]byte
}
