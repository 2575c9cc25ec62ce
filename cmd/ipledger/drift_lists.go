package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"time"

	"ipledger/cmd/statsfile"
	"ipledger/ledger/drift"
	"ipledger/ledger/observed"
	"ipledger/ledger/rib"
	"ipledger/ledger/vrp"
)

// compared is what is compared, and where it comes from.
type compared struct {
	drift.Input
	choice    drift.Choice
	whole     bool // no payload is missing around and inside the chosen blocks: that is proven
	permitted *vrp.Listed
	export    *observed.Export
	table     *rib.Table
}

// compared reads the two files and the ledger's payloads.
func (s *session) compared(ctx context.Context, d *drifting) (*compared, error) {
	c := new(compared)
	if err := s.choosing(d, &c.choice); err != nil {
		return nil, err
	}
	var err error
	if c.export, err = readFileOf(d.vrps, observed.ReadExport); err != nil {
		return nil, err
	}
	if c.table, err = readFileOf(d.table, rib.Read); err != nil {
		return nil, err
	}
	if c.permitted, err = s.payloads(ctx, d.at); err != nil {
		return nil, err
	}
	if d.holder != "" {
		if c.choice.Holder, err = s.heldBy(ctx, d, decimal(c.permitted.Height)); err != nil {
			return nil, err
		}
	}
	c.Keep = c.choice.Keep()
	c.Routes, c.Ledger, c.RPKI = c.table.Routes, c.permitted.List, drift.Exported(c.export.Payloads)
	return c, nil
}

// readFileOf reads a file of others, compressed or not.
func readFileOf[T any](path string, read func(io.Reader) (T, error)) (T, error) {
	var none T
	file, err := statsfile.Open(path)
	if err != nil {
		return none, usage("%w", err)
	}
	defer file.Close()
	out, err := read(file)
	if err != nil {
		return none, fail(exitUnverified, "%s: %w", filepath.Base(path), err)
	}
	return out, nil
}

// permittedPatience is somewhat more than a node takes to write its list, at the most.
const permittedPatience = 90 * time.Second

// payloads asks a node for all payloads of a height or date.
func (s *session) payloads(ctx context.Context, at string) (*vrp.Listed, error) {
	when, err := parseAt(at)
	if err != nil {
		return nil, err
	}
	path := "/v1/payloads"
	if when != "" {
		path += "?at=" + when
	}
	ctx, cancel := context.WithTimeout(ctx, permittedPatience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.client().base+path, nil)
	if err != nil {
		return nil, usage("--node %q: %w", s.node, err)
	}
	res, err := (&http.Client{CheckRedirect: astray}).Do(r)
	if err != nil {
		return nil, judged(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		_, err := s.client().raw(ctx, path) // says why, once it is asked again
		return nil, errors.Join(err, fail(exitUnreachable, "the node gives no payloads: %s", said(res.Status)))
	}
	out, err := vrp.ReadListed(res.Body)
	if err != nil {
		return nil, fail(exitFailed, "the node's answer: %w", err).hint("is --node the URL of a node of this ledger?")
	}
	if asked, ok := heightOf(when); ok && asked != out.Height {
		return nil, fail(exitFailed, "the node gave the payloads of height %d, not %d; ask another", out.Height, asked)
	}
	return out, nil
}
