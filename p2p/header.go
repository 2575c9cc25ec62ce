package p2p

import (
	"fmt"

	"github.com/libp2p/go-libp2p/core/peer"
)

// Bounds of one header asked for.
const (
	headerRequestMax = 10 // a list of one number of 64 bits
	// HeaderAnswerBytesMax is a header of 512 bytes, a certificate of 16,928 and a
	// set of 8,808 (specs/06), each behind its length, in a list.
	HeaderAnswerBytesMax = 512 + 16928 + 8808 + 3*3 + 4
)

// Header is a header and what makes it final, each in its encoding (specs/06):
// this room looks into none of them.
type Header struct{ Header, Certificate, Validators []byte }

// headerRequest asks for a height, 0 for the newest.
type headerRequest struct{ Height uint64 }

// answerHeader gives the step of a height.
//
// specs/26 LIGHT-6: A node MUST give the step of any height it has, and that of
// its newest header where height 0 is asked for.
func (h *Host) answerHeader(_ peer.ID, request []byte) ([]byte, error) {
	var r headerRequest
	if err := decode(request, headerRequestMax, &r); err != nil {
		return nil, err
	}
	found, ok := h.ledger.Header(r.Height)
	if !ok {
		return nil, fmt.Errorf("p2p: no header of height %d here", r.Height)
	}
	return encode(found), nil
}

func decodeHeader(raw []byte) (Header, error) {
	var h Header
	if err := decode(raw, HeaderAnswerBytesMax, &h); err != nil {
		return h, fmt.Errorf("header: %w", err)
	}
	return h, nil
}
