package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
)

// Bounds of a stream of heads.
const (
	headPatience     = time.Minute // a stream that lives shows it every 15 seconds
	headLineBytesMax = 4096        // an event has some 300
)

// errSilent reports a stream on which nothing comes any more.
var errSilent = errors.New("nothing came for a minute")

// heads follows the node's stream of new heads, and gives each height to take until
// that wants no more. An error of the connection has the code of an unreachable node.
func (s *session) heads(ctx context.Context, take func(height uint64) (more bool, err error)) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	silence := time.AfterFunc(headPatience, func() { cancel(errSilent) })
	defer silence.Stop()
	stream := &http.Client{CheckRedirect: astray} // it has no end, and no time to be there by
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.client().base+"/v1/events", nil)
	if err != nil {
		return usage("--node %q: %w", s.node, err)
	}
	res, err := stream.Do(r)
	if err != nil {
		return judged(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fail(exitUnreachable, "the node gives no stream of heads: %s", said(res.Status))
	}
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(make([]byte, headLineBytesMax), headLineBytesMax)
	for lines.Scan() {
		silence.Stop() // what take does has bounds of its own
		height, ok := headIn(lines.Text())
		if ok {
			if more, err := take(height); !more || err != nil {
				return err
			}
		}
		silence.Reset(headPatience)
	}
	err = errors.Join(lines.Err(), context.Cause(ctx))
	if err == nil {
		err = io.EOF
	}
	return fail(exitUnreachable, "the stream of heads ended: %w", err)
}

// headIn reads the height of a head in a line of a stream of events.
func headIn(line string) (uint64, bool) {
	data, ok := strings.CutPrefix(line, "data: ")
	var head struct {
		Height uint64 `json:"height,string"`
	}
	return head.Height, ok && json.Unmarshal([]byte(data), &head) == nil
}
