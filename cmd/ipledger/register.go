package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"ipledger/ledger/genesis"
)

// registerRange is how much of a register file is asked for at once: a second's
// worth at 64 Mbit/s.
const registerRange = 8 << 20

// registerTriesMax is how often a register file is begun anew, where the node made
// another one while it was read.
const registerTriesMax = 3

// register is the register of the node, by its word.
func (s *session) register(ctx context.Context) (*genesis.Register, error) {
	for range registerTriesMax {
		raw, err := s.registerFile(ctx)
		if err != nil {
			return nil, err
		}
		if raw == nil {
			continue
		}
		r, err := genesis.DecodeRegister(raw)
		if err != nil {
			return nil, fail(exitUnverified, "the node's answer: %w", err)
		}
		return r, nil
	}
	return nil, fail(exitUnreachable, "the node makes registers faster than they can be read").hint("ask a node that is nearer: --node URL")
}

// registerFile reads a register file range by range; nil where the node made
// another one meanwhile.
func (s *session) registerFile(ctx context.Context) ([]byte, error) {
	var all bytes.Buffer
	tell := s.progressOf("register, bytes")
	for name, size := "", int64(1); int64(all.Len()) < size; tell(uint64(all.Len()), uint64(size)) {
		part, err := s.registerPart(ctx, name, all.Len())
		if err != nil || part == nil {
			return nil, err
		}
		if name, size = part.name, part.size; len(part.raw) == 0 || size > genesis.RegisterBytesMax {
			return nil, fail(exitUnverified, "the node's answer is no register file: %d bytes of %d", len(part.raw), size)
		}
		all.Write(part.raw)
	}
	return all.Bytes(), nil
}

// registerPart is a range of a register file.
type registerPart struct {
	name string // of the whole, as an entity tag
	size int64  // of the whole
	raw  []byte
}

// registerPart asks for the bytes from a place on, of the register of a name; nil
// where there is none of that name any more.
func (s *session) registerPart(ctx context.Context, name string, from int) (*registerPart, error) {
	c := s.client()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+"/v1/register", nil)
	if err != nil {
		return nil, usage("--node %q: %w", c.base, err)
	}
	req.Header.Set("Range", fmt.Sprintf("bytes=%d-%d", from, from+registerRange-1))
	if name != "" {
		req.Header.Set("If-Match", name)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, judged(err)
	}
	defer res.Body.Close()
	if res.StatusCode == http.StatusPreconditionFailed {
		return nil, nil
	}
	_, total, _ := strings.Cut(res.Header.Get("Content-Range"), "/")
	p := &registerPart{name: res.Header.Get("ETag")}
	if p.size, err = strconv.ParseInt(total, 10, 64); err != nil || res.StatusCode != http.StatusPartialContent {
		return nil, fail(exitFailed, "the node gives no register: %s", res.Status).hint("is --node the URL of a node of this ledger?")
	}
	p.raw, err = io.ReadAll(io.LimitReader(res.Body, registerRange))
	return p, err
}
