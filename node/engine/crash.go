package engine

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"
)

func stack() string { return string(debug.Stack()) }

// crash reports what broke over a decided block, and ends the process: the
// engine alone would stop deciding and go on answering.
func (a *application) crash(where string, height uint64, err error) {
	trace := stack()
	var fault *panicked
	if errors.As(err, &fault) {
		trace = fault.stack
	}
	a.end(where, height, err, trace)
}

// failed is crash for what broke inside the engine itself.
func (a *application) failed(where string, cause any, trace string) {
	a.commits.Lock()
	stopped := a.stopped
	a.commits.Unlock()
	if stopped {
		return
	}
	now, _ := a.views.last()
	a.end(where, now.Head.Height+1, fmt.Errorf("%v", cause), trace)
}

// end reports and ends, once: what the engine says of a fault that was already
// reported adds nothing.
func (a *application) end(where string, height uint64, err error, trace string) {
	a.ended.Do(func() {
		a.report(where, height, err, trace)
		a.o.Fatal(fmt.Errorf("%s of block %d: %w", where, height, err))
	})
}

// report writes what an operator sends to those who mend it.
func (a *application) report(where string, height uint64, err error, trace string) {
	text := fmt.Sprintf("ipledger stopped itself\nwhere  %s\nheight %d\ntime   %s\nerror  %v\n\n%s\n",
		where, height, time.Now().UTC().Format(time.RFC3339), err, trace)
	name := filepath.Join(a.o.CrashDir, fmt.Sprintf("%d-%s.txt", height, where))
	if failed := os.MkdirAll(a.o.CrashDir, 0o700); failed != nil {
		a.log.Error("no crash report", "err", failed)
	} else if failed := os.WriteFile(name, []byte(text), 0o600); failed != nil {
		a.log.Error("no crash report", "err", failed)
	}
	a.log.Error("the node stops: see the crash report; a restart replays the block", "report", name, "err", err)
}
