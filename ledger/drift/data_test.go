package drift_test

import (
	"compress/gzip"
	"io"
	"os"
	"testing"

	"ipledger/ledger/drift"
	"ipledger/ledger/inr"
	"ipledger/ledger/observed"
	"ipledger/ledger/record"
	"ipledger/ledger/rib"
	"ipledger/ledger/vrp"
	"ipledger/ledger/wire"
)

// Real files beside the repository: the Internet's table of a day in 2015, and what
// LACNIC's RPKI said in 2013.
const (
	dataTable  = "../../../shared/data/dfz/ipasn6_20151101.dat.gz"
	dataExport = "../../../shared/data/vrp/lacnic-roa-prefixes-20130920.csv.gz"
)

func realFile[T any](t *testing.T, path string, read func(io.Reader) (T, error)) T {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Skipf("real routing data are not beside the repository: %v", err)
	}
	defer file.Close()
	plain, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	out, err := read(plain)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// byLength finds payloads by looking for each length that there is: another way to
// the verdicts of RFC 6811 than the sweep's.
type byLength struct {
	at      map[wire.Resource][]vrp.Payload
	lengths [129]bool
}

func newByLength(list []vrp.Payload) *byLength {
	b := &byLength{at: map[wire.Resource][]vrp.Payload{}}
	for _, p := range list {
		b.at[p.Prefix] = append(b.at[p.Prefix], p)
		b.lengths[p.Prefix.Len] = true
	}
	return b
}

func (b *byLength) state(r rib.Route) drift.State {
	var covering []vrp.Payload
	for length := range r.Prefix.Len + 1 {
		if b.lengths[length] {
			covering = append(covering, b.at[inr.Truncate(r.Prefix, length)]...)
		}
	}
	return slowState(r, covering)
}

// TestCompare_real_DRIFT3_DRIFT7 compares the Internet's table with LACNIC's payloads
// as the RPKI's, and with two in three of them as the ledger's. It is skipped where
// the data are not beside the repository.
func TestCompare_real_DRIFT3_DRIFT7(t *testing.T) {
	table := realFile(t, dataTable, rib.Read)
	in := drift.Input{Routes: table.Routes, RPKI: drift.Exported(realFile(t, dataExport, observed.ReadExport).Payloads)}
	for i, p := range in.RPKI {
		if p.Grade = record.GradeA; i%3 != 0 {
			in.Ledger = append(in.Ledger, p)
		}
	}
	_, c := all(t, in)
	t.Logf("%d routes, %d payloads of the ledger, %d of the RPKI", c.Routes, c.Ledger, c.RPKI)
	for category, n := range c.Found {
		t.Logf("%v: %d", drift.Category(category), n)
	}
	ledger, rpki := newByLength(in.Ledger), newByLength(in.RPKI)
	var want [drift.States][drift.States]int
	for _, r := range in.Routes {
		want[ledger.state(r)][rpki.state(r)]++
	}
	if c.States != want || c.Routes != 633_831 {
		t.Errorf("got %v, want %v", c.States, want)
	}
	if c.Found[drift.NotInRPKI]+c.Found[drift.Missing] > 0 || c.Found[drift.NotOnLedger] != c.RPKI-c.Ledger {
		t.Errorf("the ledger's are the RPKI's: %v", c.Found)
	}
}
