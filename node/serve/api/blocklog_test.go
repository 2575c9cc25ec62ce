package api

import (
	"net/http"
	"testing"

	"ipledger/ledger/blocklog"
)

// shelf is a log of one tile.
type shelf struct{ empty bool }

func (s shelf) Checkpoint() ([]byte, error) {
	if s.empty {
		return nil, ErrBusy
	}
	return []byte("a note\n"), nil
}

func (shelf) Key() string { return "name+hash+key" }

func (shelf) Tile(t blocklog.Tile) ([]byte, error) {
	if t != (blocklog.Tile{Level: 0, Index: 1234, Width: 7}) {
		return nil, ErrNotFound
	}
	return []byte("seven"), nil
}

// TestBlockLog_LOG5_LOG7 serves tiles under their one name each, a checkpoint and
// the key; and says so where there is no log.
func TestBlockLog_LOG5_LOG7(t *testing.T) {
	_, a, _, _ := busy(t)
	for _, target := range []string{"/log/checkpoint", "/log/key", "/log/tile/0/x001/234.p/7"} {
		if code, raw := get(t, a, target); code != http.StatusNotFound {
			t.Errorf("%s without a log: %d %s", target, code, raw)
		}
	}
	a.BlockLog = shelf{}
	for target, want := range map[string]string{"/log/checkpoint": "a note\n", "/log/key": "name+hash+key\n", "/log/tile/0/x001/234.p/7": "seven"} {
		if code, raw := get(t, a, target); code != http.StatusOK || string(raw) != want {
			t.Errorf("%s: %d %s", target, code, raw)
		}
	}
	for _, target := range []string{"/log/tile/0/1234.p/7", "/log/tile/0/x001/234", "/log/tile/0/x001/234.p/07", "/log/tile/00/x001/234.p/7", "/log/tile/"} {
		if code, raw := get(t, a, target); code != http.StatusNotFound {
			t.Errorf("%s: %d %s", target, code, raw)
		}
	}
	a.BlockLog = shelf{empty: true}
	if code, _ := get(t, a, "/log/checkpoint"); code != http.StatusServiceUnavailable {
		t.Errorf("before the first checkpoint: %d", code)
	}
}
