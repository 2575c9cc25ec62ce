// Package blocklog is the published form of the log of act-bearing blocks:
// checkpoints as signed notes, cosignatures of witnesses, tiles and proofs made
// of tiles (specs/25). The formats are those of C2SP.
//
// It holds no log: who gives tiles and keeps a witness's state are the callers.
// What the leaves are is for package chain.
package blocklog

import (
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/note"
)

// ErrForm reports a note, key, request or path in another form than its own.
var ErrForm = errors.New("block log: malformed")

// ErrRefused reports a checkpoint that a witness does not sign, or a reader does
// not take.
var ErrRefused = errors.New("block log: refused")

// Refused says by which rule, and what was met.
type Refused struct {
	Rule, Detail string
	Kind         error // ErrForm or ErrRefused
}

// Error says what was met and by which rule.
func (r *Refused) Error() string { return fmt.Sprintf("%v (%s): %s", r.Kind, r.Rule, r.Detail) }

// Unwrap returns the kind.
func (r *Refused) Unwrap() error { return r.Kind }

func malformed(rule, format string, args ...any) error {
	return &Refused{rule, fmt.Sprintf(format, args...), ErrForm}
}

// Verifier is a key that lines of notes are checked against.
type Verifier = note.Verifier
