package p2p

import (
	"context"
	"log/slog"
)

// quiet is a log handler for GossipSub, which warns of every message that a peer
// delivers on a topic that is relayed and not subscribed to. That is how this
// node takes part in the topic, so the line is detail.
type quiet struct{ slog.Handler }

const relayedWarning = "error bumping delivery tag"

func (q quiet) Handle(ctx context.Context, r slog.Record) error {
	if r.Message == relayedWarning {
		if !q.Enabled(ctx, slog.LevelDebug) {
			return nil
		}
		r.Level = slog.LevelDebug
	}
	return q.Handler.Handle(ctx, r)
}

func (q quiet) WithAttrs(attrs []slog.Attr) slog.Handler { return quiet{q.Handler.WithAttrs(attrs)} }

func (q quiet) WithGroup(name string) slog.Handler { return quiet{q.Handler.WithGroup(name)} }
