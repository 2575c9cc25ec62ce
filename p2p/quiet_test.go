package p2p

import (
	"bytes"
	"log/slog"
	"testing"
)

func TestQuiet(t *testing.T) {
	for level, lines := range map[slog.Level]int{slog.LevelInfo: 1, slog.LevelDebug: 2} {
		var out bytes.Buffer
		log := slog.New(quiet{slog.NewTextHandler(&out, &slog.HandlerOptions{Level: level})}).With("of", "pubsub")
		log.Warn(relayedWarning, "err", "no decaying tag")
		log.Warn("something else")
		if got := bytes.Count(out.Bytes(), []byte("\n")); got != lines {
			t.Errorf("%v: %d lines, want %d:\n%s", level, got, lines, out.String())
		}
		if bytes.Contains(out.Bytes(), []byte("level=WARN msg=\""+relayedWarning)) {
			t.Errorf("%v: it still warns", level)
		}
	}
}
