package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"ipledger/ledger/archive"
	"ipledger/ledger/genesis"
	"ipledger/ledger/tree"
)

// remote is a node that gives blocks. It is trusted with nothing.
type remote struct {
	client *client
	height uint64 // of the next block
	answer *archive.Reader
}

func newRemote(base string) *remote {
	c := newClient(base)
	c.limit = archive.AnswerBytesMax
	return &remote{client: c}
}

func (r *remote) genesis(ctx context.Context) ([]byte, error) {
	return r.client.raw(ctx, "/v1/genesis")
}

// stateRange is how much of a state file is asked for at once: a second's worth
// at 64 Mbit/s.
const stateRange = 8 << 20

func (r *remote) state(ctx context.Context, g *genesis.Genesis, progress func(done, all uint64)) (tree.State, error) {
	in := &ranged{ctx: ctx, client: r.client, size: g.State.Bytes}
	state, err := genesis.DecodeState(g, bufio.NewReaderSize(in, readBuffer), progress)
	if in.err != nil { // and not what the reader made of it
		err = in.err
	}
	return state, err
}

func (r *remote) begin(height uint64) error {
	r.height = height
	return nil
}

// last is how far the node is by its own word, for showing progress.
func (r *remote) last(ctx context.Context) (uint64, error) {
	var status struct {
		Height uint64 `json:"height,string"`
	}
	err := r.client.get(ctx, "/v1/status", &status)
	return max(status.Height, 1) - 1, err
}

func (r *remote) next(ctx context.Context) (*archive.Block, error) {
	for {
		if r.answer == nil {
			raw, err := r.client.raw(ctx, "/v1/archive/"+strconv.FormatUint(r.height, 10))
			var f *failure
			if errors.As(err, &f) && f.code == exitNotFound {
				return nil, errEnd
			}
			if err != nil {
				return nil, err
			}
			if r.answer, err = archive.NewReader(bytes.NewReader(raw)); err != nil {
				return nil, fail(exitUnverified, "the node's answer: %w", err)
			}
		}
		b, more, err := r.answer.Next()
		if err != nil {
			return nil, fail(exitUnverified, "the node's answer: %w", err)
		}
		if !more {
			r.answer = nil
			continue
		}
		if b.Header.Height != r.height {
			return nil, fail(exitUnverified, "the node gave block %d, block %d was asked for", b.Header.Height, r.height)
		}
		r.height++
		return b, nil
	}
}

// ranged reads a node's state file, a range at a time.
type ranged struct {
	ctx    context.Context
	client *client
	size   uint64
	at     uint64
	have   []byte
	err    error // that ended the reading
}

func (r *ranged) Read(p []byte) (int, error) {
	if len(r.have) == 0 {
		if r.at >= r.size {
			return 0, io.EOF
		}
		if r.err = r.fetch(); r.err != nil {
			return 0, r.err
		}
	}
	n := copy(p, r.have)
	r.have = r.have[n:]
	return n, nil
}

func (r *ranged) fetch() error {
	end := min(r.at+stateRange, r.size) - 1
	req, err := http.NewRequestWithContext(r.ctx, http.MethodGet, r.client.base+"/v1/genesis/state", nil)
	if err != nil {
		return err
	}
	req.Header.Set("Range", fmt.Sprintf("bytes=%d-%d", r.at, end))
	res, err := r.client.http.Do(req)
	if err != nil {
		return judged(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusPartialContent {
		return fail(exitNotFound, "the node does not give the state file of genesis: %s", res.Status).
			hint("any copy will do: put it into an archive, or begin with --from-snapshot FILE")
	}
	want := int(end - r.at + 1)
	if r.have, err = io.ReadAll(io.LimitReader(res.Body, int64(want))); err == nil && len(r.have) != want {
		err = io.ErrUnexpectedEOF
	}
	r.at = end + 1
	return err
}
