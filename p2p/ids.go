package p2p

import (
	"bytes"
	"fmt"
	"slices"
)

// Bounds of reconciliation.
const (
	// IDsMax is the ids in one list: 128 KiB, a tenth of a second at 10 Mbit/s.
	// A pool larger than this is compared a window at a time.
	IDsMax = 4096
	// PullMax is the acts asked for at once: one message's worth.
	PullMax = ActsPerMessageMax
	// PendingMax is the ids a node compares at all: the most acts its pool holds.
	PendingMax = 100_000

	HeldRequestBytesMax = 66 + 8 + IDsMax*33
	HeldAnswerBytesMax  = 8 + IDsMax*33
	PullRequestBytesMax = 8 + PullMax*33
	PullAnswerBytesMax  = 1 << 20 // fits the largest act fifteen times
)

// heldRequest asks: of the acts whose ids lie in [First, Last], these I hold;
// which others do you? Ids travel whole: a shortened id could be ground to
// collide, and the act would then be hidden from its seeker.
type heldRequest struct {
	First, Last [32]byte
	IDs         [][32]byte
}

// idList is the answer to a heldRequest, and the request for acts themselves.
type idList struct{ IDs [][32]byte }

// actList is the answer to a request for acts.
type actList struct{ Acts [][]byte }

func decodeHeldRequest(raw []byte) (heldRequest, error) {
	var r heldRequest
	if err := decode(raw, HeldRequestBytesMax, &r); err != nil {
		return heldRequest{}, fmt.Errorf("request for ids: %w", err)
	}
	return r, checkIDs(r.IDs, IDsMax, r.First, r.Last)
}

func decodeIDList(raw []byte, idsMax int) (idList, error) {
	var l idList
	if err := decode(raw, 8+idsMax*33, &l); err != nil {
		return idList{}, fmt.Errorf("list of ids: %w", err)
	}
	return l, checkIDs(l.IDs, idsMax, [32]byte{}, lastID)
}

func decodeActList(raw []byte) (actList, error) {
	var l actList
	if err := decode(raw, PullAnswerBytesMax, &l); err != nil {
		return actList{}, fmt.Errorf("list of acts: %w", err)
	}
	// specs/10 P2P-14: An answer MUST hold only acts that were asked for, each once,
	// in at most 1 MiB.
	if len(l.Acts) > PullMax {
		return actList{}, fmt.Errorf("list of acts: %w: %d acts, at most %d (P2P-14)", ErrSize, len(l.Acts), PullMax)
	}
	return l, nil
}

var lastID = [32]byte(bytes.Repeat([]byte{0xff}, 32))

// checkIDs holds a list of ids to its bounds.
func checkIDs(ids [][32]byte, idsMax int, first, last [32]byte) error {
	// specs/10 P2P-13: A list of ids MUST ascend without repeats, within the range
	// it is for, and hold at most 4,096 ids; a request for acts at most 256.
	if len(ids) > idsMax {
		return fmt.Errorf("%w: %d ids, at most %d (P2P-13)", ErrSize, len(ids), idsMax)
	}
	for i := range ids {
		if compareIDs(ids[i], first) < 0 || compareIDs(ids[i], last) > 0 {
			return fmt.Errorf("%w: id %d lies outside the range (P2P-13)", ErrCanonical, i)
		}
		if i > 0 && compareIDs(ids[i-1], ids[i]) >= 0 {
			return fmt.Errorf("%w: id %d does not ascend (P2P-13)", ErrCanonical, i)
		}
	}
	return nil
}

func compareIDs(a, b [32]byte) int { return bytes.Compare(a[:], b[:]) }

// windows is how many requests compare n ids. Neighbours share one id, so that
// no id the other side holds falls between two of them.
func windows(n int) int {
	if n <= IDsMax {
		return 1
	}
	return (n - 2 + IDsMax - 1) / (IDsMax - 1)
}

// window is request k of windows(len(ids)) for ids, which ascend. The first
// and the last reach to the ends of all ids there can be.
func window(ids [][32]byte, k int) heldRequest {
	at := k * (IDsMax - 1)
	end := min(at+IDsMax, len(ids))
	r := heldRequest{Last: lastID, IDs: ids[at:end]}
	if at > 0 {
		r.First = ids[at]
	}
	if end < len(ids) {
		r.Last = ids[end-1]
	}
	return r
}

// missing is the ids of ours within r's range that r does not name, at most IDsMax.
func missing(ours [][32]byte, r heldRequest) [][32]byte {
	at, _ := slices.BinarySearchFunc(ours, r.First, compareIDs)
	out := [][32]byte{}
	known := r.IDs
	for _, id := range ours[at:] {
		if compareIDs(id, r.Last) > 0 || len(out) == IDsMax {
			break
		}
		for len(known) > 0 && compareIDs(known[0], id) < 0 {
			known = known[1:]
		}
		if len(known) == 0 || known[0] != id {
			out = append(out, id)
		}
	}
	return out
}
