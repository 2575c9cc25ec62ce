package rpki

import (
	"cmp"
	"errors"
	"fmt"
)

// ErrEvidence reports evidence or a statement that a rule of specs/19 refuses.
var ErrEvidence = errors.New("rpki: evidence refused")

// Refusal says which rule refuses which object and why. It is an ErrEvidence.
type Refusal struct {
	Rule   string // such as RPKI-16
	Object string // "checklist", "certificate 1", "CRL 0"; empty for the evidence as a whole
	Why    string
}

// Error is the object, the reason, the rule and what to do next.
func (r *Refusal) Error() string {
	return fmt.Sprintf("%v: %s: %s (%s); %s", ErrEvidence, r.Of(), r.Why, r.Rule, r.Next())
}

// Of is what is refused: an object, or the evidence as a whole.
func (r *Refusal) Of() string { return cmp.Or(r.Object, "evidence") }

// Unwrap is ErrEvidence.
func (r *Refusal) Unwrap() error { return ErrEvidence }

func refuse(rule, format string, args ...any) *Refusal {
	return &Refusal{Rule: rule, Why: fmt.Sprintf(format, args...)}
}

// of names the object that a refusal is about, unless it is named already.
func (r *Refusal) of(object string) *Refusal {
	if r != nil && r.Object == "" {
		r.Object = object
	}
	return r
}

// Next is what one who gathers evidence does about the refusal.
func (r *Refusal) Next() string { return next(r.Rule) }

// next is Next, by the rule.
func next(rule string) string {
	switch rule {
	case "RPKI-1", "RPKI-2":
		return "send the checklist with one certificate and one CRL of each CA from the trust anchor down, nothing else"
	case "RPKI-14":
		return "send the certificates of the CAs that lead from a trust anchor of the chain to this checklist"
	case "RPKI-16":
		return "fetch the certificates as they are published now, or have a new checklist signed"
	case "RPKI-17":
		return "fetch the CRLs as they are published now"
	case "RPKI-22", "RPKI-23":
		return "write the statement file anew and have its digest signed under its own name"
	}
	return "ask the CA that made the object to follow the RPKI's profile"
}
