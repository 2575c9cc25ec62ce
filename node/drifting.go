package node

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"

	"ipledger/ledger/drift"
	"ipledger/ledger/light"
	"ipledger/ledger/observed"
	"ipledger/ledger/rib"
	"ipledger/ledger/tree"
	"ipledger/ledger/vrp"
	"ipledger/ledger/wire"
	"ipledger/node/serve/api"
)

const (
	// driftLooks is the pause between two looks whether anything has changed.
	driftLooks = 2 * time.Second
	// driftEvery is the least time between two comparisons: one of a whole table takes
	// seconds of a processor.
	driftEvery = time.Minute
)

// errBeingWritten reports a table that changed while it was read.
var errBeingWritten = errors.New("node: the file changed while it was read; write another beside it and rename it")

// drifting compares routing with the ledger, and keeps the newest comparison.
type drifting struct {
	path  string // of the routing table; empty compares nothing
	open  func(path string) (io.ReadCloser, error)
	every time.Duration
	now   atomic.Pointer[api.Drifted] // nil before the first look

	// Of the loop alone.
	seen  fs.FileInfo // of the file that was looked at last; nil for none
	table *rib.Table  // the newest that could be read
	read  time.Time   // when it was
	fault error       // why the newest file was not taken
	told  string      // the fault that was told last
	last  compared
}

// compared is what the last comparison was of.
type compared struct {
	ended  time.Time
	table  *rib.Table
	set    *observed.Export
	root   wire.Hash
	time   uint64 // of the state's header
	list   []vrp.Payload
	report *drift.Report
}

func newDrifting(path string) drifting {
	plain := func(path string) (io.ReadCloser, error) { return os.Open(path) }
	return drifting{path: path, open: plain, every: driftEvery}
}

// OpenWith sets how a routing table is opened, where it is not plain text. Call it
// between New and Run.
func (n *Node) OpenWith(open func(path string) (io.ReadCloser, error)) { n.drift.open = open }

// Drift is the newest comparison; its report is nil before the first.
func (d *drifting) Drift() *api.Drifted {
	if now := d.now.Load(); now != nil {
		return now
	}
	return new(api.Drifted)
}

// followDrift compares whenever something has changed, and warns of what is new.
func (n *Node) followDrift(ctx context.Context) error {
	d := &n.drift
	for {
		d.look()
		if d.fault != nil && d.fault.Error() != d.told {
			n.log.Warn("the routing table could not be read; the last comparison stands", "file", d.path, "err", d.fault)
		}
		if d.told = ""; d.fault != nil {
			d.told = d.fault.Error()
		}
		if err := n.compareRouting(); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(driftLooks):
		}
	}
}

// look reads the table if it is another than the last, or if that was being written.
//
// specs/31 DRIFT-11: A file that cannot be read MUST leave the last comparison in
// force, and its node warns and shows since when.
func (d *drifting) look() {
	info, err := os.Stat(d.path)
	if err == nil && d.seen != nil && sameFile(info, d.seen) {
		return
	}
	d.seen = info
	if err == nil {
		var table *rib.Table
		if table, err = d.readTable(); err == nil {
			d.table, d.read = table, time.Now()
		}
	}
	if d.fault = err; err != nil {
		now := *d.Drift()
		now.Fault = unplaced(err, d.path)
		d.now.Store(&now)
	}
}

// readTable reads the table, and looks whether it is the one that was looked at.
func (d *drifting) readTable() (*rib.Table, error) {
	file, err := d.open(d.path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	table, err := rib.Read(file)
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(d.path); err != nil || !sameFile(info, d.seen) {
		d.seen = nil
		return nil, errors.Join(err, errBeingWritten)
	}
	return table, nil
}

func sameFile(a, b fs.FileInfo) bool {
	return os.SameFile(a, b) && a.ModTime().Equal(b.ModTime()) && a.Size() == b.Size()
}

// compareRouting compares the newest state of a node that is ready, and warns.
func (n *Node) compareRouting() error {
	set, ok := n.supplied.set()
	if !ok || set == nil || !n.Health().Ready {
		return nil
	}
	v := n.View()
	m := light.Moment{Height: v.Head.Height, Time: v.Head.Time}
	news, err := n.drift.compare(v.State, m, set)
	n.warnOfDrift(news, m.Height)
	return err
}

// compare compares if it is time to and something has changed, and gives what is new.
//
// specs/31 DRIFT-10: A node that is given both files MUST compare anew when a file or
// what the ledger allows has changed, at most once a minute, and warn once of findings
// that were not there before.
func (d *drifting) compare(s tree.State, m light.Moment, set *observed.Export) (news []drift.News, err error) {
	if d.table == nil || time.Since(d.last.ended) < d.every {
		return nil, nil
	}
	next := compared{table: d.table, set: set, root: s.Root(), time: m.Time, report: d.last.report}
	same := next.table == d.last.table && next.set == d.last.set
	if same && next.root == d.last.root && next.time < d.last.time+uint64(listsEvery/time.Second) {
		return nil, nil
	}
	if next.list, err = vrp.List(s, m); err != nil {
		return nil, fmt.Errorf("list route payloads of height %d: %w", m.Height, err)
	}
	if !same || !slices.Equal(next.list, d.last.list) {
		in := drift.Input{Routes: next.table.Routes, Ledger: next.list, RPKI: drift.Exported(set.Payloads)}
		if next.report, err = drift.Gather(in); err != nil {
			return nil, err
		}
		news = next.report.Since(d.last.report)
	}
	next.ended = time.Now()
	d.last = next
	d.now.Store(d.drifted(m))
	return news, nil
}

// drifted is what readers are shown of the last comparison.
func (d *drifting) drifted(m light.Moment) *api.Drifted {
	out := &api.Drifted{
		Report: d.last.report, Height: m.Height, Time: m.Time, Compared: uint64(d.last.ended.Unix()),
		Table: filepath.Base(d.path), TableRead: uint64(d.read.Unix()), Built: d.last.set.Built,
	}
	if d.fault != nil {
		out.Fault = unplaced(d.fault, d.path)
	}
	return out
}

// warnOfDrift says what drifts since now, a line for each category.
func (n *Node) warnOfDrift(news []drift.News, height uint64) {
	for _, x := range news {
		var first []string
		for _, f := range x.First {
			first = append(first, f.String())
		}
		n.log.Warn("routing drifts from the ledger; /v1/drift lists it", "category", x.Category.String(), "new", x.Count, "height", height, "first", first)
	}
}
