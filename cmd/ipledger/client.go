package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"ipledger/ledger/tx"
)

// answerBytesMax bounds what is read of an answer: a proof file has at most 2 MiB.
const answerBytesMax = 4 << 20

// requestPatience is how long one request may take; a node answers or says that
// it is busy within 40 seconds.
const requestPatience = 45 * time.Second

// redirectsMax bounds how often a node may send a question on to another of its paths.
const redirectsMax = 3

// client asks one node. It believes nothing of what it reads.
type client struct {
	base  string
	http  *http.Client
	limit int64 // of an answer's bytes
}

func newClient(base string) *client {
	return &client{strings.TrimSuffix(base, "/"), &http.Client{Timeout: requestPatience, CheckRedirect: astray}, answerBytesMax}
}

// astray refuses to be led from the node that the user named to another one, and to have
// an act handed to somebody else, or turned into a question, on the way.
func astray(to *http.Request, before []*http.Request) error {
	first := before[0]
	if first.Method == http.MethodGet && to.URL.Host == first.URL.Host && to.URL.Scheme == first.URL.Scheme && len(before) < redirectsMax {
		return nil
	}
	return fail(exitUnreachable, "what answers at %s sends on to %s", first.URL.Host, said(to.URL.Redacted())).
		hint("name the node itself with --node URL, if you trust that one")
}

// problem is an error as a node tells it.
type problem struct {
	Status   int    `json:"status"`
	Code     string `json:"code"`
	Detail   string `json:"detail"`
	Rule     string `json:"rule"`
	Field    string `json:"field"`
	Sentence string `json:"sentence"`
}

func (p *problem) Error() string { return fmt.Sprintf("the node says %s: %s", p.Code, p.Detail) }

// busy reports whether the same request may pass a moment later.
func (p *problem) busy() bool {
	return p.Status == http.StatusServiceUnavailable || p.Status == http.StatusTooManyRequests
}

// get reads a JSON answer into out.
func (c *client) get(ctx context.Context, path string, out any) error {
	raw, err := c.raw(ctx, path)
	if err != nil {
		return err
	}
	return readAnswer(raw, out)
}

func readAnswer(raw []byte, out any) error {
	if err := json.Unmarshal(raw, out); err != nil {
		return fail(exitFailed, "the node's answer is not what was asked for: %w", err).hint("is --node the URL of a node of this ledger?")
	}
	return nil
}

// raw reads an answer.
func (c *client) raw(ctx context.Context, path string) ([]byte, error) {
	raw, err := c.patient(ctx, http.MethodGet, path, "", nil)
	return raw, judged(err)
}

// busyTriesMax is how often a node that is busy is asked, once a second.
const busyTriesMax = 10

// patient makes a request, and makes it again while the node is busy.
func (c *client) patient(ctx context.Context, method, path, kind string, body []byte) (raw []byte, err error) {
	for range busyTriesMax {
		raw, err = c.once(ctx, method, path, kind, body)
		var p *problem
		if !errors.As(err, &p) || !p.busy() || !rest(ctx, time.Second) {
			break
		}
	}
	return raw, err
}

// once makes one request. Its error is a *problem where the node answered.
func (c *client) once(ctx context.Context, method, path, kind string, body []byte) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, usage("--node %q: %w", c.base, err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	res, err := c.http.Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, c.limit))
	if err != nil || res.StatusCode < 300 {
		return raw, err
	}
	p := &problem{Status: res.StatusCode, Code: res.Status}
	if err := json.Unmarshal(raw, p); err != nil {
		p.Detail = "it gave no reason"
	}
	p.Status = res.StatusCode
	return nil, p
}

// judged gives an error of a request its exit code.
func judged(err error) error {
	var p *problem
	var f *failure
	switch {
	case err == nil:
		return nil
	case errors.As(err, &f):
		return f
	case !errors.As(err, &p):
		return fail(exitUnreachable, "the node cannot be reached: %w", err).
			hint("start it, or name another with --node URL or IPLEDGER_NODE")
	case p.Rule != "" && p.Status == http.StatusUnprocessableEntity:
		return &tx.RuleError{Rule: p.Rule, Field: p.Field, Detail: p.Detail}
	case p.Status == http.StatusNotFound || p.Status == http.StatusGone:
		return fail(exitNotFound, "%s", p.Detail)
	case p.Status == http.StatusBadRequest:
		return fail(exitUsage, "%w", p)
	case p.busy():
		return fail(exitUnreachable, "%w", p).hint("the node is not ready for this; try again in a few seconds")
	}
	return fail(exitFailed, "%w", p)
}

// neverSent reports whether err shows that a request never left this machine.
func neverSent(err error) bool {
	var dial *net.OpError
	return errors.As(err, &dial) && dial.Op == "dial"
}

// rest waits, and reports whether there is time left.
func rest(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
