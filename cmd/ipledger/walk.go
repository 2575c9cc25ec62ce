package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

// walker follows headers from a trust file, by what a node says and others
// confirm.
type walker struct {
	primary   source
	witnesses []source
	head      light.Head // the header that is trusted
	genesis   wire.Hash
	now       func() time.Time
}

// walker begins at a trust file's own header.
func (s *session) walker(ctx context.Context, trust *light.Trust, witnesses []string) (*walker, error) {
	all, err := sources(trust, append([]string{s.node}, witnesses...))
	if err != nil {
		return nil, err
	}
	w := &walker{primary: all[0], witnesses: all[1:], genesis: trust.GenesisHash, now: time.Now}
	first, err := w.primary.step(ctx, trust.Height)
	if err == nil {
		w.head, err = trust.Begin(first)
	}
	if err != nil {
		w.close()
	}
	return w, err
}

// close leaves every network that was entered to ask.
func (w *walker) close() {
	for _, c := range append([]source{w.primary}, w.witnesses...) {
		c.close()
	}
}

// path follows from the trusted header to a step that a node gave, asking the
// same node for headers in between.
func (w *walker) path(ctx context.Context, c source, to light.Step) ([]light.Head, error) {
	path, err := light.Follow(w.head, to, uint64(w.now().Unix()), func(height uint64) (light.Step, error) {
		return c.step(ctx, height)
	})
	if errors.Is(err, light.ErrOld) {
		return nil, w.old(err)
	}
	return path, err
}

// old is the error of a trust file that can no longer be followed.
func (w *walker) old(err error) error {
	return fail(exitUnverified, "the trust file's header, %d, is of %s: %w", w.head.Height(), instant(w.head.Time()), err).
		hint("take a newer trust file from somebody you trust, and compare it with another's")
}

// advance goes to the primary's newest header, if that is a later one, and
// compares it with what the witnesses have.
func (w *walker) advance(ctx context.Context) (moved bool, told []witnessed, err error) {
	newest, err := w.primary.step(ctx, newestHeader)
	if err != nil {
		return false, nil, err
	}
	if height, err := newest.Height(); err != nil || height < w.head.Height() {
		return false, nil, cmp.Or(err, error(fail(exitUnreachable, "the node is at height %d, behind the trusted header %d; ask another", height, w.head.Height())))
	}
	if at, err := w.head.At(newest); at || err != nil {
		return false, nil, err
	}
	path, err := w.path(ctx, w.primary, newest)
	if err != nil {
		return false, nil, err
	}
	last := path[len(path)-1]
	if told, err = w.compare(ctx, last); err != nil {
		return false, told, err
	}
	w.head = last
	return true, told, nil
}

// witnessed is what a witness says of a header.
type witnessed struct {
	URL   string `json:"url"`
	Says  string `json:"says"`
	agree bool
}

// compare asks each witness for a header of the same height.
//
// specs/26 LIGHT-5: A witness's header of that height with another hash MUST be
// followed from the same trusted header in the same way, and where it can be,
// both MUST be kept as evidence and neither trusted.
func (w *walker) compare(ctx context.Context, h light.Head) (out []witnessed, err error) {
	for _, c := range w.witnesses {
		said := witnessed{URL: c.name()}
		theirs, err := c.step(ctx, h.Height())
		if err != nil {
			said.Says = err.Error()
			out = append(out, said)
			continue
		}
		if said.agree, _ = h.At(theirs); said.agree {
			said.Says = "the same"
			out = append(out, said)
			continue
		}
		path, err := w.path(ctx, c, theirs)
		if err != nil {
			said.Says = "another header, which does not verify: " + err.Error()
			out = append(out, said)
			continue
		}
		return out, w.forked(h, path[len(path)-1], c.name())
	}
	return out, nil
}

// forked keeps two headers of one height as evidence.
func (w *walker) forked(a, b light.Head, witness string) error {
	if a.Hash() == b.Hash() {
		return fail(exitUnverified, "the witness %s changed its answer; ask again", witness)
	}
	f := fail(exitUnverified, "the chain is forked: %s and the witness %s show different final headers of height %d; neither is trusted", w.primary.name(), witness, a.Height())
	name, err := keepFork(a.Height(), light.NewFork(a, b).Bytes())
	if err != nil {
		return f.hint("the evidence could not be kept here: %v", said(err.Error())).hint("run it again in a folder that you may write in")
	}
	return f.hint("the evidence is in %s; hand it to the members and to other auditors", name).
		hint("ipledger verify %s", name)
}

// forksMax bounds the evidence of one height that a folder keeps: as many as there are
// witnesses.
const forksMax = witnessesMax

// keepFork writes evidence of a fork into a file of its own, and never over other
// evidence of that height.
func keepFork(height uint64, raw []byte) (name string, err error) {
	for n := 1; n <= forksMax; n++ {
		name = "ipledger-" + strconv.FormatUint(height, 10) + ".fork.json"
		if n > 1 {
			name = "ipledger-" + strconv.FormatUint(height, 10) + "-" + strconv.Itoa(n) + ".fork.json"
		}
		if there, err := readSmall(name, light.ForkBytesMax); err == nil && bytes.Equal(there, raw) {
			return name, nil
		}
		if err = writeFresh(name, raw, 0o644); codeOf(err) != exitUsage {
			break
		}
	}
	return name, err
}

// keep writes the trusted header as a trust file, so that a crash leaves the old
// one or the new.
func (w *walker) keep(file string) error {
	tmp, err := os.CreateTemp(filepath.Dir(file), ".trust-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(w.head.Trust(w.genesis).Bytes())
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), file)
}
