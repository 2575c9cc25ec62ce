package drift_test

import (
	"fmt"
	"testing"

	"ipledger/ledger/drift"
	"ipledger/ledger/record"
	"ipledger/ledger/rib"
	"ipledger/ledger/vrp"
)

func gathered(t *testing.T, in drift.Input) *drift.Report {
	t.Helper()
	r, err := drift.Gather(in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func news(list []drift.News) (out string) {
	for _, n := range list {
		out += fmt.Sprintf("%v %d;", n.Category, n.Count)
	}
	return out
}

// TestReport_DRIFT10 tells what is new, once.
func TestReport_DRIFT10(t *testing.T) {
	ledger := []vrp.Payload{payload("193.0.0.0/16", 16, 1, record.GradeA), payload("193.2.0.0/16", 17, 2, record.GradeA)}
	one := gathered(t, drift.Input{Ledger: ledger, RPKI: ledger, Routes: table(t, "193.0.0.0/16 1", "193.0.1.0/24 1", "193.2.0.0/16 2")})
	if got := news(one.Since(nil)); got != "invalid_length 1;permissive 1;" {
		t.Errorf("at first: %s", got)
	}
	if got := one.Since(one); got != nil {
		t.Errorf("again: %+v", got)
	}
	two := gathered(t, drift.Input{Ledger: ledger, RPKI: ledger[1:], Routes: table(t, "193.0.0.0/16 1", "193.0.2.0/24 1", "193.0.3.0/24 9")})
	got := two.Since(one)
	if news(got) != "invalid_origin 1;invalid_length 1;not_in_rpki 1;" || got[1].First[0].Prefix != at("193.0.2.0/24") {
		t.Errorf("then: %+v", got)
	}
	if got := news(one.Since(two)); got != "invalid_length 1;" {
		t.Errorf("back: %s", got)
	}
}

// TestReport_DRIFT11 counts what it does not list.
func TestReport_DRIFT11(t *testing.T) {
	in := drift.Input{Ledger: []vrp.Payload{payload("10.0.0.0/8", 8, 1, record.GradeA)}}
	in.RPKI = in.Ledger
	for i := range drift.ListedMax + 5 {
		r := rib.Route{Prefix: at("10.0.0.0/24"), Origin: 2}
		r.Prefix.Addr[1], r.Prefix.Addr[2] = byte(i>>8), byte(i)
		in.Routes = append(in.Routes, r)
	}
	most := in
	most.Routes = in.Routes[:drift.ListedMax+2]
	before, after := gathered(t, most), gathered(t, in)
	if len(after.Listed[drift.RouteInvalidOrigin]) != drift.ListedMax || after.Found[drift.RouteInvalidOrigin] != drift.ListedMax+5 {
		t.Errorf("listed %d of %d", len(after.Listed[drift.RouteInvalidOrigin]), after.Found[drift.RouteInvalidOrigin])
	}
	if got := news(after.Since(before)); got != "invalid_origin 3;" {
		t.Errorf("what came: %s", got)
	}
	if got := before.Since(after); got != nil {
		t.Errorf("what went: %+v", got)
	}
	most.Routes = in.Routes[1:]
	if got := gathered(t, most).Since(after); got != nil {
		t.Errorf("what moved into the list is not new: %+v", got)
	}
	if len(after.Listed[drift.RouteUnknown])+len(after.Listed[drift.RouteValid])+len(after.Listed[drift.Agreed]) > 0 {
		t.Error("what is no difference is only counted")
	}
}
