package p2p

import (
	"encoding/binary"
	"fmt"
	"io"

	"github.com/libp2p/go-libp2p/core/network"
)

// readFrame reads one message from a stream: its length, then its bytes. The
// caller has set the deadline. done gives back the memory reserved; call it
// when raw is no longer used.
func readFrame(s network.Stream, max int) (raw []byte, done func(), err error) {
	n, err := readLength(s, max)
	if err != nil {
		return nil, nil, err
	}
	// specs/10 P2P-11: A receiver MUST refuse a stated length above the cap of the
	// message's kind before it reads or reserves anything for it.
	scope := s.Scope()
	if err := scope.ReserveMemory(n, network.ReservationPriorityMedium); err != nil {
		return nil, nil, fmt.Errorf("reserve %d bytes: %w", n, err)
	}
	raw = make([]byte, n)
	if _, err := io.ReadFull(s, raw); err != nil {
		scope.ReleaseMemory(n)
		return nil, nil, fmt.Errorf("read %d bytes: %w", n, err)
	}
	return raw, func() { scope.ReleaseMemory(n) }, nil
}

// readLength reads an unsigned varint of the shortest form, at most max.
func readLength(r io.Reader, max int) (int, error) {
	var n uint64
	var one [1]byte
	for i := 0; i < 4; i++ { // four bytes say 2^28, far above every cap
		if _, err := io.ReadFull(r, one[:]); err != nil {
			return 0, fmt.Errorf("read a length: %w", err)
		}
		n |= uint64(one[0]&0x7f) << (7 * i)
		if one[0] >= 0x80 {
			continue
		}
		if i > 0 && one[0] == 0 {
			return 0, fmt.Errorf("%w: a length longer than it need be (P2P-11)", ErrCanonical)
		}
		if n > uint64(max) {
			return 0, fmt.Errorf("%w: %d bytes announced, at most %d (P2P-11)", ErrSize, n, max)
		}
		return int(n), nil
	}
	return 0, fmt.Errorf("%w: a length of more than four bytes (P2P-11)", ErrSize)
}

// writeFrame writes one message with its length before it.
func writeFrame(w io.Writer, raw []byte) error {
	_, err := w.Write(append(binary.AppendUvarint(nil, uint64(len(raw))), raw...))
	return err
}
