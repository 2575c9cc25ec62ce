package api

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"ipledger/ledger/record"
	payloads "ipledger/ledger/vrp"
	"ipledger/ledger/wire"
)

// payloadLines is the route payloads of a view, a line for each.
func payloadLines(t *testing.T, v View) (lines []string) {
	t.Helper()
	list, err := payloads.List(v.State, v.moment())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range list {
		lines = append(lines, fmt.Sprintf("AS%d,%v,%d", p.AS, p.Prefix, p.MaxLength))
	}
	return lines
}

func TestVRPs_settledOnly_API8(t *testing.T) {
	w, _, _, _ := busy(t)
	want := "AS3333,193.0.0.0/16,24 AS3333,2001:67c::/32,48"
	if got := strings.Join(payloadLines(t, w.views[len(w.views)-1]), " "); got != want {
		t.Errorf("got %s", got)
	}
}

// TestVRPs_suspended_API8: the authorisations of a lessee are left out while its
// lease is suspended, and are there again from the moment at which that ends.
func TestVRPs_suspended_API8(t *testing.T) {
	w, _, _, _ := busy(t)
	at := res("193.0.4.0/24")
	v := w.views[len(w.views)-1]
	until := v.Time + 20
	e := v.State.Edit()
	e.Put(record.FolioLeaf(at, &record.Folio{
		Estates: record.EstatesBytes([]record.Estate{{
			Rules: 1, ID: wire.Hash{1}, Kind: record.Lease, Holder: who("bob"), Start: epoch, Ends: epoch + 9000, Started: true,
			Lease: []record.Terms{{Suspend: true, Suspended: until, Operator: "o", Abuse: "a@b.example"}},
		}}),
		Authorisations: record.OriginsBytes([]record.Origin{{Rules: 1, Holder: who("bob"), MaxLength: 24, AS: 64500}}),
	}))
	v.State = e.Freeze()
	for _, c := range []struct {
		time uint64
		want bool
	}{{until - 1, false}, {until, true}, {epoch + 9000, false}} {
		v.Time = c.time
		if got := payloadLines(t, v); slices.Contains(got, "AS64500,193.0.4.0/24,24") != c.want {
			t.Errorf("%d seconds after it is suspended: got %s", c.time-until, got)
		}
	}
}
