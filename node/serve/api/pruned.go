package api

import "net/http"

// kept refuses what this node no longer has, or never had.
//
// specs/13 API-21: A node that began with a snapshot MUST answer 410 and pruned to
// what is asked of blocks up to the snapshot's.
func (a *API) kept(height uint64) error {
	if height == 0 || height > a.Pruned {
		return nil
	}
	return problem(http.StatusGone, "pruned", "this node began with a snapshot of block %d, and has nothing of block %d; ask a node that keeps everything", a.Pruned, height)
}
