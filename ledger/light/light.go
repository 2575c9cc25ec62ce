// Package light turns a header, its certificate and a proof into an answer,
// with no state: it reads a proof file and says what is true (specs/12).
//
// It promises that an answer never depends on who answers (R16): Evaluate is
// the one place where records become a statement, for a verifier that has a
// proof and for a node that has the state.
//
// It follows no chain and knows no clock. Whether the trust file still
// deserves trust, and whether the answer is recent enough, is for the caller.
package light

import (
	"errors"
	"fmt"
)

// ErrForm reports bytes that are no proof or trust file in the one form they
// may have (PRF-1, PRF-2, PRF-3). The exit code of a command is 3.
var ErrForm = errors.New("light: malformed file")

// ErrProof reports a file in good form whose content does not verify (PRF-4 to
// PRF-12). The exit code of a command is 3.
var ErrProof = errors.New("light: does not verify")

// Malformed says by which rule a file is not in form, and what was met.
type Malformed struct{ Rule, Detail string }

// Error says what was met, by which rule, and what to do next.
func (e *Malformed) Error() string {
	return fmt.Sprintf("%v (%s): %s; fetch the file again and do not edit it", ErrForm, e.Rule, e.Detail)
}

// Unwrap returns ErrForm.
func (e *Malformed) Unwrap() error { return ErrForm }

// Unproven says by which rule a file does not verify, and what was met.
type Unproven struct {
	Rule, Detail string
	Cause        error // of the room below that refused it, or nil
}

// Error says what was met, by which rule, and what to do next.
func (e *Unproven) Error() string {
	text := fmt.Sprintf("%v (%s): %s", ErrProof, e.Rule, e.Detail)
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	return text + "; do not rely on it, ask another node"
}

// Unwrap returns ErrProof and the cause.
func (e *Unproven) Unwrap() []error {
	if e.Cause == nil {
		return []error{ErrProof}
	}
	return []error{ErrProof, e.Cause}
}

func malformed(rule, format string, args ...any) error {
	return &Malformed{Rule: rule, Detail: fmt.Sprintf(format, args...)}
}

func unproven(rule string, cause error, format string, args ...any) error {
	return &Unproven{Rule: rule, Cause: cause, Detail: fmt.Sprintf(format, args...)}
}
