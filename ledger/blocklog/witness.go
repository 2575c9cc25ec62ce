package blocklog

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"ipledger/ledger/chain"
	"ipledger/ledger/wire"
)

// RequestBytesMax bounds a request to a witness: a note, and 64 hashes in base64.
const RequestBytesMax = NoteBytesMax + 64*48

// Why a witness does not sign; each is an answer of its own (LOG-10).
var (
	ErrConflict = errors.New("block log: another size or root was signed before")
	ErrUnsigned = errors.New("block log: no known log key signed this")
	ErrUnproven = errors.New("block log: the proof does not lead there")
)

// Held is what a witness signed last for an origin; zero for nothing.
type Held struct {
	Size uint64
	Root wire.Hash
}

// Request is what a log asks of a witness.
type Request struct {
	Old  uint64 // the size that the log believes was signed last
	Path []wire.Hash
	Note []byte
}

// Bytes is the request as it is sent.
func (r Request) Bytes() []byte {
	out := fmt.Appendf(nil, "old %d\n", r.Old)
	for _, h := range r.Path {
		out = fmt.Appendf(out, "%s\n", base64.StdEncoding.EncodeToString(h[:]))
	}
	return append(append(out, '\n'), r.Note...)
}

// ParseRequest reads what Bytes writes.
//
// specs/25 LOG-10: The request of POST /add-checkpoint MUST be old, space, the
// size last signed, newline; up to 64 lines of a hash in base64 each; an empty
// line; the note.
func ParseRequest(raw []byte) (r Request, err error) {
	if len(raw) > RequestBytesMax {
		return r, malformed("LOG-10", "%d bytes, at most %d", len(raw), RequestBytesMax)
	}
	head, body, ok := strings.Cut(string(raw), "\n\n")
	lines := strings.Split(head, "\n")
	old, found := strings.CutPrefix(lines[0], "old ")
	if !ok || !found || len(lines)-1 > chain.PathMax {
		return r, malformed("LOG-10", "it begins with old, a size and at most %d hashes", chain.PathMax)
	}
	if r.Old, err = strconv.ParseUint(old, 10, 63); err != nil {
		return Request{}, malformed("LOG-10", "old: %v", err)
	}
	for _, line := range lines[1:] {
		h, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(h) != len(wire.Hash{}) {
			return Request{}, malformed("LOG-10", "a hash of %d bytes (%v)", len(h), err)
		}
		r.Path = append(r.Path, wire.Hash(h))
	}
	r.Note = []byte(body)
	if string(r.Bytes()) != string(raw) {
		return Request{}, malformed("LOG-10", "it is written in another way than the one")
	}
	return r, nil
}

// Judge is what a witness that signed h last makes of a request by a log with
// one of these keys: the checkpoint to be kept and then signed. Errors wrap
// ErrForm, ErrUnsigned, ErrConflict or ErrUnproven.
//
// specs/25 LOG-8: A witness MUST sign a checkpoint only if the note verifies
// under a log key it knows for the origin, the size is not below the one it has
// signed for that origin, and a consistency proof (CHAIN-19) leads from that one
// to this, or both are the same.
func (h Held) Judge(r Request, keys ...note.Verifier) (Checkpoint, error) {
	n, err := Open(r.Note, keys...)
	if err != nil {
		return Checkpoint{}, err
	}
	c := n.Checkpoint
	switch {
	case len(n.Signers) == 0:
		return c, fmt.Errorf("%w (LOG-8)", ErrUnsigned)
	case r.Old > c.Size:
		return c, malformed("LOG-10", "from size %d to %d", r.Old, c.Size)
	case r.Old != h.Size:
		return c, fmt.Errorf("%w (LOG-8): size %d was signed last, not %d", ErrConflict, h.Size, r.Old)
	}
	was := h.Root
	if h.Size == 0 {
		was = chain.Root(nil)
	}
	if c.Size == h.Size && c.Root != was {
		return c, fmt.Errorf("%w (LOG-8): at size %d the root was %v, now it is %v", ErrConflict, c.Size, was, c.Root)
	}
	if err := (chain.Consistency{Old: h.Size, New: c.Size, Path: r.Path}).Verify(was, c.Root); err != nil {
		return c, fmt.Errorf("%w (LOG-8): %w", ErrUnproven, err)
	}
	return c, nil
}
