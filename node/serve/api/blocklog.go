package api

import (
	"errors"
	"net/http"

	"ipledger/ledger/blocklog"
)

// BlockLog is the block log in its published form (specs/25). A nil one is a node
// that publishes none. All methods are safe for many goroutines at once.
type BlockLog interface {
	// Checkpoint is the newest signed note, or wraps ErrBusy before the first.
	Checkpoint() ([]byte, error)
	// Key is the log key as a verifier key.
	Key() string
	// Tile is a tile's bytes, or wraps ErrNotFound.
	Tile(blocklog.Tile) ([]byte, error)
}

// How long a cache may keep what it was given: a tile never changes, a
// checkpoint does with each block.
const (
	cacheTile       = "public, max-age=31536000, immutable"
	cacheCheckpoint = "no-cache"
)

var errNoLog = problem(http.StatusNotFound, "not_found", "this node publishes no block log: it does not have all blocks")

// specs/25 LOG-7: A node MUST serve /log/checkpoint ... and /log/key.
func (a *API) logCheckpoint(w http.ResponseWriter, _ *http.Request) error {
	if a.BlockLog == nil {
		return errNoLog
	}
	raw, err := a.BlockLog.Checkpoint()
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", cacheCheckpoint)
	return file(w, "text/plain; charset=utf-8", raw)
}

func (a *API) logKey(w http.ResponseWriter, _ *http.Request) error {
	if a.BlockLog == nil {
		return errNoLog
	}
	return file(w, "text/plain; charset=utf-8", []byte(a.BlockLog.Key()+"\n"))
}

// specs/25 LOG-5: A node MUST serve /log/tile/L/N ... and every other spelling is
// not found.
func (a *API) logTile(w http.ResponseWriter, r *http.Request) error {
	if a.BlockLog == nil {
		return errNoLog
	}
	none := problem(http.StatusNotFound, "not_found", "there is no such tile")
	t, err := blocklog.ParseTile("tile/" + r.PathValue("tile"))
	if err != nil {
		return none
	}
	raw, err := a.BlockLog.Tile(t)
	if errors.Is(err, ErrNotFound) {
		return none
	}
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", cacheTile)
	return file(w, "application/octet-stream", raw)
}
