package sealed

import (
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
)

// ErrFatal reports that Badger met an error it could only log; what it did
// since is not to be trusted, so nothing more is read or written (STO-5).
var ErrFatal = errors.New("store: stopped by an error of the database")

// FatalError carries what Badger said.
type FatalError struct{ Message string }

// Error says what was met, by which rule, and what to do next.
func (e *FatalError) Error() string {
	return fmt.Sprintf("%v: %s (STO-5); stop the node, check the disk, start again", ErrFatal, e.Message)
}

// Unwrap returns ErrFatal.
func (e *FatalError) Unwrap() error { return ErrFatal }

// alarm is Badger's logger. A message of level ERROR trips it for good: some
// errors of reading a value reach no caller, only the log.
type alarm struct {
	log   *slog.Logger
	fatal atomic.Pointer[FatalError]
}

func (a *alarm) err() error {
	if e := a.fatal.Load(); e != nil {
		return e
	}
	return nil
}

func (a *alarm) Errorf(format string, v ...any) {
	message := fmt.Sprintf(format, v...)
	a.fatal.CompareAndSwap(nil, &FatalError{message})
	a.log.Error("database", "message", message)
}

func (a *alarm) Warningf(format string, v ...any) {
	a.log.Warn("database", "message", fmt.Sprintf(format, v...))
}

func (a *alarm) Infof(format string, v ...any) {
	a.log.Debug("database", "message", fmt.Sprintf(format, v...))
}

func (a *alarm) Debugf(string, ...any) {}
