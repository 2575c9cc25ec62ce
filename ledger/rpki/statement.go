package rpki

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
)

// Statement is what a holder signs: that on a chain, until a moment, an account
// speaks for a block.
type Statement struct {
	Chain   wire.Hash // the genesis hash
	Account wire.Address
	Block   wire.Resource
	Expiry  uint64 // seconds since 1970; the statement is good before it
}

// statementBytesMax bounds a statement file; the longest has less.
const statementBytesMax = 256

// statementHead is the first line, and names the format and its version.
const statementHead = "ipledger statement 1"

// Bytes is the statement file.
//
// specs/19 RPKI-22: A statement MUST be five lines, each ended by one line feed:
// `ipledger statement 1`, `chain`, `account`, `block` and `expiry` with a space
// and the value in its canonical text.
func (s *Statement) Bytes() []byte {
	return fmt.Appendf(nil, "%s\nchain %v\naccount %v\nblock %v\nexpiry %d\n", statementHead, s.Chain, s.Account, s.Block, s.Expiry)
}

// ParseStatement reads what Bytes writes, and nothing else.
func ParseStatement(raw []byte) (*Statement, error) {
	if len(raw) > statementBytesMax {
		return nil, refuse("RPKI-22", "it has %d bytes, more than %d", len(raw), statementBytesMax).of("statement")
	}
	s := new(Statement)
	if err := s.read(string(raw)); err != nil {
		return nil, refuse("RPKI-22", "%v", err).of("statement")
	}
	if string(s.Bytes()) != string(raw) {
		return nil, refuse("RPKI-22", "it is not in its one form").of("statement")
	}
	return s, nil
}

// read fills s from the lines; what it reads over, writing again shows.
func (s *Statement) read(text string) (err error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 6 {
		return fmt.Errorf("it has %d lines, not five", len(lines)-1)
	}
	var values [4]string
	for i, name := range []string{"chain ", "account ", "block ", "expiry "} {
		var ok bool
		if values[i], ok = strings.CutPrefix(lines[i+1], name); !ok {
			return fmt.Errorf("line %d does not start with %q", i+2, name)
		}
	}
	if err = s.Chain.UnmarshalText([]byte(values[0])); err != nil {
		return err
	}
	if err = s.Account.UnmarshalText([]byte(values[1])); err != nil {
		return err
	}
	if s.Block, err = inr.Parse(values[2]); err != nil {
		return err
	}
	s.Expiry, err = strconv.ParseUint(values[3], 10, 64)
	return err
}

// Digest is the SHA-256 of the statement file, by which a checklist names it.
func (s *Statement) Digest() wire.Hash { return sha256.Sum256(s.Bytes()) }

// FileName is the name under which the statement stands in a checklist: one for
// each statement, so that a checklist can carry many.
func (s *Statement) FileName() string { return statementName(s.Digest()) }

func statementName(digest wire.Hash) string { return fmt.Sprintf("ipledger-%x.txt", digest[:8]) }

// Statements is the digests of the statements that the checklist signs,
// ascending: of each file under the name that a statement with its digest has.
func (v *Verified) Statements() (out []wire.Hash) {
	for _, f := range v.files {
		if f.Name == statementName(f.Digest) {
			out = append(out, f.Digest)
		}
	}
	slices.SortFunc(out, func(a, b wire.Hash) int { return bytes.Compare(a[:], b[:]) })
	return out
}

// Supports reports, by a nil error, whether the checklist signs the statement
// and speaks for its block, at a moment before its expiry. The caller makes the
// statement of its own chain and of what the act claims.
//
// specs/19 RPKI-23: Evidence supports a statement only if its checklist has the
// SHA-256 of the file under the name `ipledger-`, the digest's first 16
// hexadecimal digits and `.txt`, its resources cover the block, and the stated
// time is before the expiry.
func (v *Verified) Supports(s *Statement, at uint64) error {
	if !slices.Contains(v.Statements(), s.Digest()) {
		return refuse("RPKI-23", "the checklist does not list %s with the digest %v", s.FileName(), s.Digest()).of("checklist")
	}
	return v.covers(s, at)
}

func (v *Verified) covers(s *Statement, at uint64) error {
	switch {
	case !v.resources.Covers(s.Block):
		return refuse("RPKI-23", "the checklist does not speak for %v", s.Block).of("checklist")
	case at >= s.Expiry:
		return refuse("RPKI-23", "it expired at %d, before %d", s.Expiry, at).of("statement")
	}
	return nil
}
