package tx

import (
	"errors"
	"fmt"
)

// ErrRefused reports an act that a numbered rule of specs/ refuses.
var ErrRefused = errors.New("refused by a rule")

// RuleError says which rule refuses an act, at which field, and what was met.
type RuleError struct {
	Rule   string // id in specs/, such as TITLE-3
	Field  string // of the act, or empty
	Detail string // what was met, in words, with the record that it was met in
}

// Refuse makes a RuleError; format and args give its detail.
func Refuse(rule, field, format string, args ...any) error {
	return &RuleError{Rule: rule, Field: field, Detail: fmt.Sprintf(format, args...)}
}

// For is a refusal for another field, where what refuses is asked of several acts.
func For(field string, err error) error {
	var e *RuleError
	if !errors.As(err, &e) {
		return err
	}
	return &RuleError{Rule: e.Rule, Field: field, Detail: e.Detail}
}

// Error is the rule, the field and what was met.
func (e *RuleError) Error() string {
	if e.Field == "" {
		return fmt.Sprintf("%s: %s", e.Rule, e.Detail)
	}
	return fmt.Sprintf("%s: %s: %s", e.Rule, e.Field, e.Detail)
}

// Unwrap makes errors.Is(err, ErrRefused) true.
func (e *RuleError) Unwrap() error { return ErrRefused }
