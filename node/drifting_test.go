package node

import (
	"errors"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ipledger/ledger/drift"
	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/observed"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// permitting is a state in which one title lets one AS announce its prefix down to a
// length.
func permitting(prefix string, length, as uint64) tree.State {
	holder := wire.Address{1}
	e := tree.State{}.Edit()
	e.Put(record.FolioLeaf(inr.FromPrefix(netip.MustParsePrefix(prefix)), &record.Folio{
		Title:          (&record.Title{Rules: record.Rules, State: record.Held, Holder: holder, Grade: record.GradeA, Proved: 1}).Bytes(),
		Authorisations: record.OriginsBytes([]record.Origin{{Rules: record.Rules, Holder: holder, MaxLength: length, AS: as}}),
	}))
	return e.Freeze()
}

func exported(t *testing.T, text string) *observed.Export {
	t.Helper()
	e, err := observed.ReadExport(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// driftTest is a comparison by hand, at one state and export after another.
type driftTest struct {
	*testing.T
	drifting
	height uint64
}

func newDriftTest(t *testing.T) *driftTest {
	d := &driftTest{T: t, drifting: newDrifting(filepath.Join(t.TempDir(), "rib.txt"))}
	d.every = 0
	return d
}

// write puts a table in the place of the one before, as an operator should.
func (d *driftTest) write(lines ...string) {
	d.Helper()
	if err := os.WriteFile(d.path+".new", []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		d.Fatal(err)
	}
	if err := os.Rename(d.path+".new", d.path); err != nil {
		d.Fatal(err)
	}
	d.look()
}

// warned is the categories of what is new, and their numbers.
func (d *driftTest) warned(s tree.State, set *observed.Export) (out string) {
	d.Helper()
	d.height++
	news, err := d.compare(s, light.Moment{Height: d.height, Time: 1000 * d.height}, set)
	if err != nil {
		d.Fatal(err)
	}
	for _, n := range news {
		out += n.Category.String() + " " + n.First[0].String() + ";"
	}
	return out
}

// TestDrift_DRIFT10 warns of what is new, once, whatever changed.
func TestDrift_DRIFT10(t *testing.T) {
	d := newDriftTest(t)
	one, other := permitting("193.0.4.0/22", 22, 64500), permitting("193.0.4.0/22", 24, 64500)
	agrees := exported(t, `{"roas":[{"asn":64500,"prefix":"193.0.4.0/22","maxLength":22}]}`)
	contradicts := exported(t, `{"roas":[{"asn":64501,"prefix":"193.0.4.0/22","maxLength":22}]}`)
	d.look()
	if got := d.warned(one, agrees); got != "" || d.Drift().Report != nil || d.Drift().Fault == "" {
		t.Errorf("without a table: %q, %+v", got, d.Drift())
	}
	if fault := d.Drift().Fault; strings.Contains(fault, filepath.Dir(d.path)) || !strings.Contains(fault, filepath.Base(d.path)) {
		t.Errorf("API-25: readers are told %q", fault)
	}
	d.write("193.0.4.0/22 64500")
	if got := d.warned(one, agrees); got != "" || d.Drift().Report == nil || d.Drift().Report.Found[drift.Agreed] != 1 || d.Drift().Fault != "" {
		t.Errorf("where nothing drifts: %q, %+v", got, d.Drift())
	}
	d.write("193.0.4.0/22 64500", "193.0.5.0/24 64501")
	if got := d.warned(one, agrees); got != "invalid_origin 193.0.5.0/24 AS64501;" {
		t.Errorf("a table: %q", got)
	}
	if got := d.warned(one, agrees); got != "" || d.Drift().Height != d.height {
		t.Errorf("again: %q of height %d", got, d.Drift().Height)
	}
	if got := d.warned(one, contradicts); got != "contradicted 193.0.4.0/22 AS64500;not_in_rpki 193.0.4.0/22-22 AS64500;" {
		t.Errorf("an export: %q", got)
	}
	if got := d.warned(other, contradicts); got != "not_in_rpki 193.0.4.0/22-24 AS64500;permissive 193.0.4.0/22-24 AS64500;" {
		t.Errorf("an act: %q", got)
	}
	if got := d.warned(tree.State{}, contradicts); got != "" || d.Drift().Report.Ledger != 0 {
		t.Errorf("all is gone: %q", got)
	}
	d.every = time.Hour
	if got := d.warned(one, agrees); got != "" || d.Drift().Report.Ledger != 0 {
		t.Errorf("too early: %q", got)
	}
}

// TestDrift_DRIFT11 keeps the last comparison where a table cannot be read.
func TestDrift_DRIFT11(t *testing.T) {
	d := newDriftTest(t)
	state, set := permitting("193.0.4.0/22", 22, 64500), exported(t, `{"roas":[{"asn":64500,"prefix":"193.0.4.0/22"}]}`)
	d.write("193.0.4.0/22 64500")
	d.warned(state, set)
	first := d.Drift().Report
	for why, do := range map[string]func(){
		"no table": func() { d.write("<html>") }, "empty": func() { d.write("") },
		"gone": func() {
			if err := os.Remove(d.path); err != nil {
				t.Fatal(err)
			}
			d.look()
		},
	} {
		do()
		if got := d.warned(state, set); got != "" || d.Drift().Report != first || d.Drift().Fault == "" || d.fault == nil {
			t.Errorf("%s: %q, %+v", why, got, d.Drift())
		}
	}
	d.write("193.0.4.0/22 64501")
	if got := d.warned(state, set); got == "" || d.Drift().Fault != "" || d.fault != nil {
		t.Errorf("a table again: %q, %+v", got, d.Drift())
	}
}

// TestDrift_beingWritten_DRIFT11 does not take a table that another takes the place of
// while it is read, and reads that one.
func TestDrift_beingWritten_DRIFT11(t *testing.T) {
	d := newDriftTest(t)
	d.open = func(path string) (io.ReadCloser, error) {
		file, err := os.Open(path)
		d.open = func(path string) (io.ReadCloser, error) { return os.Open(path) }
		if err := os.WriteFile(path, []byte("193.0.4.0/22 1\n193.0.4.0/22 2\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return file, err
	}
	d.write("193.0.4.0/22 1")
	if d.table != nil || !errors.Is(d.fault, errBeingWritten) {
		t.Errorf("got %+v, %v", d.table, d.fault)
	}
	if d.look(); d.table == nil || len(d.table.Routes) != 2 || d.fault != nil {
		t.Errorf("got %+v, %v", d.table, d.fault)
	}
}
