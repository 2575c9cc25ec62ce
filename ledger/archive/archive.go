// Package archive is the blocks of a chain as bytes: for an auditor, from a
// node's export or from its answers (specs/24).
//
// It promises that one chain from one height to another has one archive, and
// that a reader meets nothing larger than a block's bounds. It reads form, and
// judges no content: whether a block is true is for package audit.
package archive

import (
	"errors"
	"fmt"
)

// ErrForm reports bytes that are no archive (ARCH-1 to ARCH-5).
var ErrForm = errors.New("archive: malformed")

// Malformed says which rule the bytes break, and how.
type Malformed struct{ Rule, Detail string }

// Error says what was met, by which rule, and what to do next.
func (m *Malformed) Error() string {
	return fmt.Sprintf("%v (%s): %s; export or fetch it again", ErrForm, m.Rule, m.Detail)
}

// Unwrap returns ErrForm.
func (m *Malformed) Unwrap() error { return ErrForm }

func malformed(rule, format string, args ...any) error {
	return &Malformed{rule, fmt.Sprintf(format, args...)}
}
