package archive

import (
	"fmt"

	"ipledger/ledger/chain"
	"ipledger/ledger/wire"
)

// Bounds of an entry (specs/24 ARCH-4).
const (
	// BlockBytesMax fits a block at all limits: acts 4 MiB and 4 bytes of head
	// each, receipts of 512 bytes, and the rest below.
	BlockBytesMax    = 8 << 20
	ActsMax          = 5_000
	ActsBytesMax     = 4 << 20
	ReceiptBytesMax  = 512
	EvidenceBytesMax = 64 << 10
	EvidenceMax      = 1_000 // pieces: the engine's shortest has more than 65 bytes
)

const _ uint = BlockBytesMax - ActsBytesMax - ActsMax*(4+ReceiptBytesMax+3) - EvidenceBytesMax - EvidenceMax*4 -
	chain.HeaderBytesMax - chain.CertificateBytesMax - chain.ValidatorSetBytesMax - 64

// Block is a block as an archive holds it: all that an auditor needs of it.
type Block struct {
	Header      chain.Header
	Certificate chain.Certificate // the canonical one
	Set         chain.ValidatorSet
	Acts        [][]byte
	Receipts    [][]byte // one an act
	Evidence    [][]byte // the engine's bytes of each piece
}

// entry is a block's encoding; Set is empty where it is that of the one before.
type entry struct {
	Header      chain.Header
	Certificate chain.Certificate
	Set         []chain.Validator
	Acts        [][]byte
	Receipts    [][]byte
	Evidence    [][]byte
}

// encode is the entry of b; set says whether it has the validator set.
func (b *Block) encode(set bool) []byte {
	e := entry{b.Header, b.Certificate, nil, b.Acts, b.Receipts, b.Evidence}
	if set {
		e.Set = b.Set
	}
	return wire.Encode(e)
}

// decode reads an entry, given the set of the entry before, nil for none.
func decode(raw []byte, before chain.ValidatorSet) (*Block, error) {
	var e entry
	if err := wire.Decode(raw, BlockBytesMax, &e); err != nil {
		return nil, malformed("ARCH-3", "%v", err)
	}
	b := &Block{e.Header, e.Certificate, e.Set, e.Acts, e.Receipts, e.Evidence}
	if len(e.Set) == 0 {
		b.Set = before
	} else if before != nil && b.Set.Hash() == before.Hash() {
		return nil, malformed("ARCH-5", "block %d repeats the validator set of the block before", b.Header.Height)
	}
	if len(b.Set) == 0 {
		return nil, malformed("ARCH-5", "block %d is the first and has no validator set", b.Header.Height)
	}
	return b, b.check()
}

// check holds b to the bounds of its parts.
//
// specs/24 ARCH-4: An entry MUST have at most 8,388,608 bytes, 5,000 acts of
// together at most 4,194,304 bytes, as many receipts as acts, each of at most
// 512 bytes, and evidence of together at most 65,536 bytes.
func (b *Block) check() error {
	for _, check := range []func() error{b.Header.Check, b.Certificate.Check, b.Set.Check} {
		if err := check(); err != nil {
			return fmt.Errorf("%w: %w", ErrForm, err)
		}
	}
	switch {
	case len(b.Certificate.Slots) != len(b.Set):
		return malformed("ARCH-4", "block %d has %d slots for %d validators", b.Header.Height, len(b.Certificate.Slots), len(b.Set))
	case len(b.Acts) > ActsMax || total(b.Acts) > ActsBytesMax:
		return malformed("ARCH-4", "block %d has %d acts of %d bytes", b.Header.Height, len(b.Acts), total(b.Acts))
	case len(b.Receipts) != len(b.Acts):
		return malformed("ARCH-4", "block %d has %d receipts for %d acts", b.Header.Height, len(b.Receipts), len(b.Acts))
	case len(b.Evidence) > EvidenceMax || total(b.Evidence) > EvidenceBytesMax:
		return malformed("ARCH-4", "block %d has %d pieces of evidence of %d bytes", b.Header.Height, len(b.Evidence), total(b.Evidence))
	}
	for _, r := range b.Receipts {
		if len(r) > ReceiptBytesMax {
			return malformed("ARCH-4", "block %d has a receipt of %d bytes", b.Header.Height, len(r))
		}
	}
	return nil
}

func total(parts [][]byte) (n int) {
	for _, p := range parts {
		n += len(p)
	}
	return n
}
