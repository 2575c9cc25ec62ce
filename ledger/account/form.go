package account

import "fmt"

// FormError says which rule of specs/03 an account, a policy or a signature
// breaks, where, and what was met.
type FormError struct {
	Rule   string // such as ACC-2
	Field  string // of the thing checked, or empty
	Detail string // what was met, in words
}

// Error names the rule first, so that the reader can look it up.
func (e *FormError) Error() string {
	if e.Field == "" {
		return fmt.Sprintf("%v: %s: %s", ErrForm, e.Rule, e.Detail)
	}
	return fmt.Sprintf("%v: %s: %s: %s", ErrForm, e.Rule, e.Field, e.Detail)
}

// Unwrap makes errors.Is(err, ErrForm) true.
func (e *FormError) Unwrap() error { return ErrForm }

func formError(rule, field, format string, args ...any) error {
	return &FormError{Rule: rule, Field: field, Detail: fmt.Sprintf(format, args...)}
}
