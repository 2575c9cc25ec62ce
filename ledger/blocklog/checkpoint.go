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

// Bounds of a note (specs/25 LOG-3): a text of at most 150 bytes and 16 lines of
// a name and a signature.
const (
	NoteBytesMax  = 8 << 10
	SignaturesMax = 16
)

// Origin is the name of the log of the chain with a genesis hash.
//
// specs/25 LOG-2: The origin MUST be ipledger/ and the genesis hash in 64 digits.
func Origin(genesis wire.Hash) string { return "ipledger/" + genesis.String() }

// Checkpoint is what a note says of the log.
type Checkpoint struct {
	Origin string
	Size   uint64 // blocks, at most chain.LeavesMax
	Root   wire.Hash
}

// Text is what is signed.
func (c Checkpoint) Text() string {
	return fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.Size, base64.StdEncoding.EncodeToString(c.Root[:]))
}

// CheckpointFromText reads what Text writes.
//
// specs/25 LOG-1: The text of a checkpoint MUST be three lines, each ended by one
// newline: the origin, the size in decimal digits without leading zeros, and the
// root in base64 with padding; no line may follow.
func CheckpointFromText(text string) (c Checkpoint, err error) {
	lines := strings.Split(text, "\n")
	if len(text) > NoteBytesMax || len(lines) != 4 || lines[3] != "" || lines[0] == "" {
		return c, malformed("LOG-1", "a checkpoint is three lines")
	}
	c.Origin = lines[0]
	c.Size, err = strconv.ParseUint(lines[1], 10, 63)
	if err != nil {
		return Checkpoint{}, malformed("LOG-1", "the size: %v", err)
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != len(c.Root) {
		return Checkpoint{}, malformed("LOG-1", "the root has %d bytes (%v)", len(root), err)
	}
	copy(c.Root[:], root)
	if c.Text() != text {
		return Checkpoint{}, malformed("LOG-1", "it is written in another way than the one")
	}
	return c, nil
}

const _ uint = chain.LeavesMax - (1<<63 - 1) // what 63 bits of size can say

// Note is a checkpoint whose signatures by known keys have been checked.
type Note struct {
	Checkpoint
	// Signers are the names of the known keys that signed, in the order of the note.
	Signers []string
}

// Open reads a note and checks the lines of the keys that are known.
//
// specs/25 LOG-3: A note MUST be the text, an empty line, and 1 to 16 signature
// lines of the signed-note format, in at most 8,192 bytes. specs/25 LOG-4: ... A
// line of a key that a reader does not know MUST be passed over; a line of one it
// knows that does not verify MUST make the note refused.
func Open(raw []byte, known ...note.Verifier) (*Note, error) {
	if len(raw) > NoteBytesMax {
		return nil, malformed("LOG-3", "%d bytes, at most %d", len(raw), NoteBytesMax)
	}
	n, err := note.Open(raw, verifiers(known))
	var none *note.UnverifiedNoteError
	if errors.As(err, &none) {
		n, err = none.Note, nil
	}
	if err != nil {
		return nil, malformed("LOG-3", "%v", err)
	}
	if len(n.Sigs)+len(n.UnverifiedSigs) > SignaturesMax {
		return nil, malformed("LOG-3", "more than %d signatures", SignaturesMax)
	}
	c, err := CheckpointFromText(n.Text)
	if err != nil {
		return nil, err
	}
	out := &Note{Checkpoint: c}
	for _, s := range n.Sigs {
		out.Signers = append(out.Signers, s.Name)
	}
	return out, nil
}

// verifiers finds a known key by its name and hash.
type verifiers []note.Verifier

// Verifier is what note.Open asks.
func (v verifiers) Verifier(name string, hash uint32) (note.Verifier, error) {
	for _, k := range v {
		if k.Name() == name && k.KeyHash() == hash {
			return k, nil
		}
	}
	return nil, &note.UnknownVerifierError{Name: name, KeyHash: hash}
}

// Sign is a note of a checkpoint with a line of each signer.
func (c Checkpoint) Sign(by ...note.Signer) ([]byte, error) {
	return note.Sign(&note.Note{Text: c.Text()}, by...)
}
