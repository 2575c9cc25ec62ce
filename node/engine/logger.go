package engine

import (
	"context"
	"fmt"
	"log/slog"
	"slices"

	"github.com/cometbft/cometbft/libs/log"
)

// engineFailure is the engine's message when its consensus routine has died of
// a panic and everything else goes on.
const engineFailure = "CONSENSUS FAILURE!!!"

// engineTwin is the engine's message over two votes of this node's own key for one
// height, round and step. It would say so and go on.
const engineTwin = "found conflicting vote from ourselves; did you unsafe_reset a validator?"

// logger gives the engine's lines to slog, one level lower: what it calls
// information is detail to an operator of the ledger, and what it calls an
// error is mostly a peer that went away.
type logger struct {
	log    *slog.Logger
	failed func(where string, cause any, stack string)
	// with is what every line says. It is rendered with a line: the engine takes a
	// logger of its own some hundred times a second, and writes no line with most.
	with []any
}

func newLogger(l *slog.Logger, failed func(string, any, string)) log.Logger {
	return logger{log: l.With("from", "engine"), failed: failed}
}

func (l logger) Debug(string, ...any) {}

func (l logger) Info(msg string, keyvals ...any) { l.write(slog.LevelDebug, msg, keyvals) }

func (l logger) Warn(msg string, keyvals ...any) { l.write(slog.LevelInfo, msg, keyvals) }

func (l logger) Error(msg string, keyvals ...any) {
	l.write(slog.LevelWarn, msg, keyvals)
	// specs/11 ENG-24: A node MUST end itself where it meets a vote of its key that
	// contradicts one it has given.
	if msg == engineTwin {
		l.failed("signing", twin(keyvals), "")
	}
	// specs/11 ENG-11: a node whose consensus routine has died MUST NOT go on.
	if msg == engineFailure {
		var cause, stack any
		for i := 0; i+1 < len(keyvals); i += 2 {
			switch keyvals[i] {
			case "err":
				cause = keyvals[i+1]
			case "stack":
				stack = keyvals[i+1]
			}
		}
		l.failed("consensus", cause, fmt.Sprint(stack))
	}
}

func (l logger) With(keyvals ...any) log.Logger {
	return logger{l.log, l.failed, slices.Concat(l.with, keyvals)}
}

// write renders values only when the line is wanted: many are costly hashes.
func (l logger) write(level slog.Level, msg string, keyvals []any) {
	ctx := context.Background()
	if !l.log.Enabled(ctx, level) {
		return
	}
	l.log.Log(ctx, level, msg, slices.Concat(l.with, keyvals)...)
}
