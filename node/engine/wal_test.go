package engine

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/cometbft/cometbft/consensus"
)

// TestWarnOfWAL reads what the engine's own encoder wrote, whole, cut off and damaged.
func TestWarnOfWAL(t *testing.T) {
	var good bytes.Buffer
	enc := consensus.NewWALEncoder(&good)
	for height := range int64(50) {
		if err := enc.Encode(&consensus.TimedWALMessage{Time: time.Unix(1_800_000_000+height, 0).UTC(), Msg: consensus.EndHeightMessage{Height: height}}); err != nil {
			t.Fatal(err)
		}
	}
	half := bytes.Clone(good.Bytes())
	clear(half[len(half)/2:])
	flipped := bytes.Clone(good.Bytes())
	flipped[len(flipped)/3] ^= 1
	for name, c := range map[string]struct {
		raw   []byte
		warns bool
	}{
		"whole":           {good.Bytes(), false},
		"empty":           {nil, false},
		"cut off":         {good.Bytes()[:good.Len()-3], false},
		"cut in a header": {good.Bytes()[:5], false},
		"half zeroed":     {half, true},
		"a flipped bit":   {flipped, true},
		"zeros behind":    {append(bytes.Clone(good.Bytes()), make([]byte, 4096)...), true},
	} {
		file := filepath.Join(t.TempDir(), "wal")
		if err := os.WriteFile(file, c.raw, 0o600); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		warnOfWAL(file, slog.New(slog.NewTextHandler(&out, nil)))
		if (out.Len() > 0) != c.warns {
			t.Errorf("%s: warned: %t, want %t\n%s", name, out.Len() > 0, c.warns, out.String())
		}
	}
	var out bytes.Buffer
	warnOfWAL(filepath.Join(t.TempDir(), "none"), slog.New(slog.NewTextHandler(&out, nil)))
	if out.Len() > 0 {
		t.Errorf("no file: %s", out.String())
	}
}
