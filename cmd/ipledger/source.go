package main

import (
	"context"

	"ipledger/ledger/light"
	"ipledger/p2p"
)

// newestHeader is the height by which the newest header is asked for.
const newestHeader = 0

// source is a node as a light client asks it.
type source interface {
	// step is the header of a height with what makes it final, unchecked.
	step(ctx context.Context, height uint64) (light.Step, error)
	name() string
	close()
}

// sources are the nodes at URLs and multiaddresses. They share one host for
// multiaddresses, which the first of them closes.
func sources(trust *light.Trust, names []string) ([]source, error) {
	var reader *p2p.Reader
	out := make([]source, len(names))
	for i, name := range names {
		if !p2p.IsAddr(name) {
			out[i] = overHTTP{newClient(name)}
			continue
		}
		if reader == nil {
			var err error
			if reader, err = p2p.NewReader(trust.ChainID, trust.GenesisHash); err != nil {
				return nil, err
			}
		}
		out[i] = overStreams{reader, name}
	}
	return out, nil
}

// overHTTP asks a node's HTTP interface.
type overHTTP struct{ *client }

func (c overHTTP) name() string { return c.base }
func (c overHTTP) close()       {}

func (c overHTTP) step(ctx context.Context, height uint64) (s light.Step, err error) {
	path := "/v1/headers/latest"
	if height != newestHeader {
		path = "/v1/headers/" + decimal(height)
	}
	return s, c.get(ctx, path, &s)
}

// overStreams asks a node over libp2p.
type overStreams struct {
	reader *p2p.Reader
	addr   string
}

func (c overStreams) name() string { return c.addr }
func (c overStreams) close()       { _ = c.reader.Close() } // nothing is lost by a close that fails

func (c overStreams) step(ctx context.Context, height uint64) (light.Step, error) {
	h, err := c.reader.Header(ctx, c.addr, height)
	if err != nil {
		return light.Step{}, fail(exitUnreachable, "the node at %s gives no header %d: %w", c.addr, height, err)
	}
	return light.Step{Header: h.Header, Certificate: h.Certificate, Validators: h.Validators}, nil
}
