package genesis

import (
	"errors"
	"fmt"
)

// ErrInput reports members, holdings or parameters that no genesis can have.
var ErrInput = errors.New("genesis: input")

// InputError says where in which file the input is wrong.
type InputError struct {
	File   string // members or holdings
	Line   int    // 0 when the whole file is meant
	Rule   string // such as GEN-12
	Detail string
}

// Error names file and line first, as compilers do.
func (e *InputError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%v: %s: %s (%s)", ErrInput, e.File, e.Detail, e.Rule)
	}
	return fmt.Sprintf("%v: %s line %d: %s (%s)", ErrInput, e.File, e.Line, e.Detail, e.Rule)
}

// Unwrap makes errors.Is(err, ErrInput) true.
func (e *InputError) Unwrap() error { return ErrInput }
