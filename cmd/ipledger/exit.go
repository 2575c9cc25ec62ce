package main

import (
	"context"
	"errors"
	"fmt"

	"ipledger/ledger/account"
	"ipledger/ledger/archive"
	"ipledger/ledger/audit"
	"ipledger/ledger/genesis"
	"ipledger/ledger/light"
	"ipledger/ledger/rpki"
	"ipledger/ledger/tx"
	"ipledger/specs"
)

// Exit codes. Scripts rely on them; they never change their meaning.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitUnverified  = 3 // false or malformed
	exitNotFound    = 4 // an unknown account, act or height
	exitRefused     = 5 // by a numbered rule
	exitUnreachable = 6
	exitUnknown     = 7 // submitted, outcome unknown
	exitTimeout     = 8
)

// failure is an error with the exit code it ends the program with, and what the
// user can do about it.
type failure struct {
	code int
	err  error
	next []string
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

func fail(code int, format string, args ...any) *failure {
	return &failure{code: code, err: fmt.Errorf(format, args...)}
}

// usage is a mistake in what was typed.
func usage(format string, args ...any) *failure { return fail(exitUsage, format, args...) }

// hint adds what to do next.
func (f *failure) hint(format string, args ...any) *failure {
	f.next = append(f.next, fmt.Sprintf(format, args...))
	return f
}

// codeOf is the exit code of an error that a verb returned.
func codeOf(err error) int {
	var f *failure
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &f):
		return f.code
	case errors.Is(err, light.ErrForm), errors.Is(err, light.ErrProof):
		return exitUnverified // also where a rule of acts is what a file breaks
	case errors.Is(err, tx.ErrRefused):
		return exitRefused
	case errors.Is(err, audit.ErrFinding), errors.Is(err, archive.ErrForm),
		errors.Is(err, genesis.ErrFile), errors.Is(err, genesis.ErrState), errors.Is(err, rpki.ErrEvidence):
		return exitUnverified
	case errors.Is(err, context.DeadlineExceeded):
		return exitTimeout
	}
	return exitFailed
}

// report tells an error: what, why, the rule with its sentence, what to do next.
func report(p *printer, err error) {
	var rule *tx.RuleError
	if codeOf(err) == exitRefused && errors.As(err, &rule) {
		reportRule(p, rule)
	} else {
		p.linef("ipledger: %v", said(err.Error()))
	}
	var f *failure
	if errors.As(err, &f) {
		for _, line := range f.next {
			p.linef("  %s", line)
		}
	}
}

func reportRule(p *printer, rule *tx.RuleError) {
	p.linef("ipledger: refused by rule %v", said(rule.Rule))
	if sentence, ok := specs.Rule(rule.Rule); ok {
		p.linef("  the rule:  %v", said(sentence))
	}
	if rule.Field != "" {
		p.linef("  the field: %v", said(rule.Field))
	}
	if rule.Detail != "" {
		p.linef("  was met:   %v", said(rule.Detail))
	}
}

// refusalOf is what package account found, as the rule's refusal.
func refusalOf(form *account.FormError) error {
	return &tx.RuleError{Rule: form.Rule, Field: form.Field, Detail: form.Detail}
}
