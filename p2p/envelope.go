package p2p

import (
	"crypto/rand"
	"fmt"
)

// Bounds of a gossip message. A message of the greatest size crosses a
// 10 Mbit/s line in a tenth of a second; acts are a few hundred bytes, so a full
// message holds about ActsPerMessageMax of them.
const (
	ActBytesMax       = 68 << 10  // one act; the ledger's own bound for the largest kind, which Check keeps by kind
	MessageBytesMax   = 128 << 10 // one envelope
	ActsPerMessageMax = 256

	envelopeOverhead = 32 // nonce and list headers, at most 9+9+9
	actOverhead      = 4  // the length of one act, at most 3 bytes after the tag
	// actShareBytes is how many bytes of an act a peer's budget counts as one:
	// what is longer takes longer to hash and to pass on.
	actShareBytes = 4 << 10
	// messageCostMax is the most that a message counts for in a peer's budget.
	messageCostMax = ActsPerMessageMax + MessageBytesMax/actShareBytes
)

// The largest act fits a message alone.
const _ uint = MessageBytesMax - envelopeOverhead - actOverhead - ActBytesMax

// envelope is one gossip message: some acts, and a nonce that makes a second
// publication of the same acts a message of its own. Without it the network
// would take a repeat for a duplicate, and lost acts would stay lost.
type envelope struct {
	Nonce [8]byte
	Acts  [][]byte
}

// newEnvelope wraps acts under a fresh nonce.
func newEnvelope(acts [][]byte) envelope {
	e := envelope{Acts: acts}
	rand.Read(e.Nonce[:]) // never fails (crypto/rand)
	return e
}

// decodeEnvelope reads one gossip message.
func decodeEnvelope(raw []byte) (envelope, error) {
	var e envelope
	if err := decode(raw, MessageBytesMax, &e); err != nil {
		return envelope{}, fmt.Errorf("envelope: %w", err)
	}
	return e, e.check()
}

// check holds the envelope to the bounds its encoding cannot.
func (e envelope) check() error {
	// specs/10 P2P-3: An envelope MUST hold 1 to 256 acts of 1 to 69,632 bytes, all
	// different, in at most 131,072 bytes.
	if len(e.Acts) == 0 {
		return fmt.Errorf("%w: an envelope without acts (P2P-3)", ErrCanonical)
	}
	if len(e.Acts) > ActsPerMessageMax {
		return fmt.Errorf("%w: %d acts in an envelope, at most %d (P2P-3)", ErrSize, len(e.Acts), ActsPerMessageMax)
	}
	seen := make(map[string]struct{}, len(e.Acts))
	for i, act := range e.Acts {
		if len(act) == 0 || len(act) > ActBytesMax {
			return fmt.Errorf("%w: act %d has %d bytes, 1 to %d allowed (P2P-3)", ErrSize, i, len(act), ActBytesMax)
		}
		if _, twice := seen[string(act)]; twice {
			return fmt.Errorf("%w: act %d is in the envelope twice (P2P-3)", ErrCanonical, i)
		}
		seen[string(act)] = struct{}{}
	}
	return nil
}

// cost is how many of the acts that a peer may have checked an act counts for.
func cost(act []byte) int { return 1 + max(len(act)-1, 0)/actShareBytes }

func (e envelope) cost() (n int) {
	for _, act := range e.Acts {
		n += cost(act)
	}
	return n
}

// pack divides acts into lists that each fit one envelope, in the order given
// and without repeats.
func pack(acts [][]byte) ([][][]byte, error) {
	var out [][][]byte
	var batch [][]byte
	size := envelopeOverhead
	seen := make(map[string]struct{}, len(acts))
	for i, act := range acts {
		if len(act) == 0 || len(act) > ActBytesMax {
			return nil, fmt.Errorf("%w: act %d has %d bytes, 1 to %d allowed (P2P-3); do not publish it", ErrSize, i, len(act), ActBytesMax)
		}
		if _, twice := seen[string(act)]; twice {
			continue
		}
		seen[string(act)] = struct{}{}
		room := len(act) + actOverhead
		if len(batch) == ActsPerMessageMax || size+room > MessageBytesMax {
			out, batch, size = append(out, batch), nil, envelopeOverhead
		}
		batch, size = append(batch, act), size+room
	}
	if len(batch) > 0 {
		out = append(out, batch)
	}
	return out, nil
}
