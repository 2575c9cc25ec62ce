package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strconv"
	"time"

	"ipledger/cmd/statsfile"
	"ipledger/ledger/drift"
	"ipledger/ledger/inr"
	"ipledger/ledger/observed"
	"ipledger/ledger/record"
	"ipledger/ledger/rib"
	"ipledger/ledger/vrp"
)

// compared is what is compared, and where it comes from.
type compared struct {
	drift.Input
	choice    drift.Choice
	whole     bool // no payload is missing around and inside the chosen blocks: that is proven
	permitted *permitted
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
		if c.choice.Holder, err = s.heldBy(ctx, d, decimal(c.permitted.height)); err != nil {
			return nil, err
		}
	}
	c.Keep = c.choice.Keep()
	c.Routes, c.Ledger, c.RPKI = c.table.Routes, c.permitted.list, drift.Exported(c.export.Payloads)
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

// permitted is the payloads of the ledger at a height, as a node gives them.
type permitted struct {
	height uint64
	time   instant
	list   []vrp.Payload // in order
}

// Bounds of a node's list: three times as many payloads as the RPKI has, and no
// longer than a node writes.
const (
	permittedMax      = 2 << 20
	permittedPatience = 90 * time.Second
)

// payloads asks a node for all payloads of a height or date.
func (s *session) payloads(ctx context.Context, at string) (*permitted, error) {
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
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, judged(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		_, err := s.client().raw(ctx, path) // says why, once it is asked again
		return nil, errors.Join(err, fail(exitUnreachable, "the node gives no payloads: %s", said(res.Status)))
	}
	out, err := readPermitted(json.NewDecoder(res.Body))
	if err != nil {
		return nil, fail(exitFailed, "the node's answer is no list of payloads: %w", err).hint("is --node the URL of a node of this ledger?")
	}
	if asked, ok := heightOf(when); ok && asked != out.height {
		return nil, fail(exitFailed, "the node gave the payloads of height %d, not %d; ask another", out.height, asked)
	}
	return out, nil
}

// readPermitted reads a list as it comes, never as a whole.
func readPermitted(d *json.Decoder) (*permitted, error) {
	out := new(permitted)
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, errors.Join(err, errors.New("it is no object"))
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		switch key {
		case "height":
			var text string
			if err = d.Decode(&text); err == nil {
				out.height, err = strconv.ParseUint(text, 10, 64)
			}
		case "time":
			err = d.Decode(&out.time)
		case "payloads":
			err = out.read(d)
		default:
			err = d.Decode(new(json.RawMessage))
		}
		if err != nil {
			return nil, err
		}
	}
	if out.height == 0 {
		return nil, errors.New("it names no height")
	}
	_, err := d.Token()
	return out, err
}

// payloadShape is one payload of a node's list.
type payloadShape struct {
	Prefix    string `json:"prefix"`
	MaxLength uint64 `json:"max_length"`
	AS        string `json:"as"`
	Grade     string `json:"grade"`
}

func (p *permitted) read(d *json.Decoder) error {
	if t, err := d.Token(); err != nil || t != json.Delim('[') {
		return errors.Join(err, errors.New("payloads is no list"))
	}
	for d.More() {
		var x payloadShape
		if err := d.Decode(&x); err != nil {
			return err
		}
		one, err := x.payload()
		if err != nil {
			return err
		}
		if n := len(p.list); n >= permittedMax || n > 0 && !rises(p.list[n-1], one) {
			return fmt.Errorf("entry %d: out of order, or more than %d", n+1, permittedMax)
		}
		p.list = append(p.list, one)
	}
	_, err := d.Token()
	return err
}

// rises reports whether b may follow a in a list (specs/13 API-8).
func rises(a, b vrp.Payload) bool { return inr.Compare(a.Prefix, b.Prefix) <= 0 && a != b }

func (x *payloadShape) payload() (p vrp.Payload, err error) {
	if p.Prefix, err = inr.Parse(x.Prefix); err != nil {
		return p, err
	}
	if p.AS, err = strconv.ParseUint(x.AS, 10, 32); err != nil {
		return p, err
	}
	if bits := uint64(p.Prefix.Family.Bits()); x.MaxLength < uint64(p.Prefix.Len) || x.MaxLength > bits || p.Prefix.Prefix().Bits() < 0 || !p.Prefix.Prefix().IsValid() {
		return p, fmt.Errorf("%v down to /%d is nothing that can be announced", p.Prefix, x.MaxLength)
	}
	p.MaxLength = x.MaxLength
	if p.Grade = record.GradeNone; len(x.Grade) == 1 {
		p.Grade = record.Grade(x.Grade[0])
	}
	return p, nil
}
