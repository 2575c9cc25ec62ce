package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"ipledger/cmd/plain"
	"ipledger/ledger/archive"
	"ipledger/ledger/audit"
	"ipledger/ledger/genesis"
	"ipledger/ledger/light"
	"ipledger/node"
	"ipledger/node/engine"
	"ipledger/node/serve"
)

// Exit codes. Scripts rely on them; they never change their meaning.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitUnverified  = 3 // false or malformed
	exitNotFound    = 4
	exitUnreachable = 6
	exitTimeout     = 8
	exitConfig      = 78
)

// failure is an error with the exit code it ends the program with, and what the
// operator can do about it.
type failure struct {
	code int
	err  error
	next string
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

func fail(code int, err error, next string) error { return &failure{code, err, next} }

func usage(format string, args ...any) error {
	return &failure{code: exitUsage, err: fmt.Errorf(format, args...)}
}

// codeOf is the exit code of an error that a command returned.
func codeOf(err error) int {
	var f *failure
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &f):
		return f.code
	case errors.Is(err, node.ErrConfig), errors.Is(err, engine.ErrConfig), errors.Is(err, serve.ErrConfig):
		return exitConfig
	case errors.Is(err, genesis.ErrFile), errors.Is(err, genesis.ErrState), errors.Is(err, genesis.ErrStats), errors.Is(err, genesis.ErrInput),
		errors.Is(err, archive.ErrForm), errors.Is(err, audit.ErrFinding), errors.Is(err, light.ErrForm):
		return exitUnverified
	case errors.Is(err, context.DeadlineExceeded):
		return exitTimeout
	}
	return exitFailed
}

// report tells an error: what and why, and what to do next.
func report(w io.Writer, err error) {
	fmt.Fprintf(w, "ipledgerd: %s\n", plain.Text(err.Error(), true))
	var f *failure
	if errors.As(err, &f) && f.next != "" {
		fmt.Fprintf(w, "  %s\n", f.next)
	}
}
