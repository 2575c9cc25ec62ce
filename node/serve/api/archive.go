package api

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"ipledger/ledger/archive"
)

// ArchivesMax is how many answers of blocks are made at once: each may take
// archive.AnswerBytesMax of memory.
const ArchivesMax = 2

// archived gives whole blocks for an auditor, from a height on.
//
// specs/24 ARCH-8: The answer of a node to /v1/archive/{height} MUST be a segment
// of blocks from that height on, of at least one and at most 1,000, that takes no
// further block once it has 4 MiB.
func (a *API) archived(w http.ResponseWriter, r *http.Request) error {
	height, err := number("height", r.PathValue("height"), 1<<63-1)
	if err != nil {
		return err
	}
	if err := a.kept(height); err != nil {
		return err
	}
	leave, err := a.archives.enter(r.Context())
	if err != nil {
		return err
	}
	defer leave()
	var out bytes.Buffer
	segment, err := archive.NewWriter(&out)
	if err != nil {
		return err
	}
	for ; segment.Count() < archive.SegmentBlocks && segment.Bytes() < archive.AnswerBytes && r.Context().Err() == nil; height++ {
		b, err := a.Ledger.Archived(height)
		if errors.Is(err, ErrNotFound) {
			break
		}
		if err != nil {
			return err
		}
		if err := segment.Add(b); err != nil {
			return err
		}
	}
	if segment.Count() == 0 {
		return problem(http.StatusNotFound, "unknown_height", "block %d is not there, or no block has its certificate yet", height)
	}
	if err := segment.Close(); err != nil {
		return err
	}
	w.Header().Set("Content-Length", strconv.Itoa(out.Len()))
	return file(w, "application/octet-stream", out.Bytes())
}

// genesisState is the state file that the genesis file names; a client takes it
// in ranges, each within the time of one answer.
func (a *API) genesisState(w http.ResponseWriter, r *http.Request) error {
	none := problem(http.StatusNotFound, "not_found", "this node has no state file; the genesis file names it by its hash, so any copy will do")
	if a.State == nil {
		return none
	}
	state, err := a.State()
	if err != nil {
		return none
	}
	defer state.Close()
	w.Header().Set("Content-Type", "application/octet-stream")
	http.ServeContent(w, r, "", time.Time{}, state)
	return nil
}

// StateFile opens the state file of genesis.
type StateFile func() (io.ReadSeekCloser, error)
