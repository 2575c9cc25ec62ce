package vrp_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/vrp"
)

// listed is a list as a node gives it.
func listed(list []vrp.Payload) string {
	var rows []string
	for _, p := range list {
		rows = append(rows, string(p.AppendJSON(nil)))
	}
	return fmt.Sprintf(`{"chain_id":"t","height":"7","time":"2026-11-21T09:00:00Z","count":%d,"payloads":[%s]}`, len(list), strings.Join(rows, ",\n"))
}

// TestReadListed_DRIFT12 reads what is written.
func TestReadListed_DRIFT12(t *testing.T) {
	want := []vrp.Payload{
		{Prefix: at("193.0.4.0/22"), MaxLength: 24, AS: 64500, Grade: record.GradeA}, {Prefix: at("193.0.4.0/22"), MaxLength: 22, AS: 0, Grade: record.GradeA},
		{Prefix: at("2001:67c::/32"), MaxLength: 128, AS: 1<<32 - 1, Grade: record.GradeT},
	}
	got, err := vrp.ReadListed(strings.NewReader(listed(want)))
	if err != nil || got.Height != 7 || got.Time != "2026-11-21T09:00:00Z" || !slices.Equal(got.List, want) {
		t.Fatalf("got %+v, %v", got, err)
	}
	if _, err := vrp.ReadListed(strings.NewReader(strings.Replace(listed(want), `"A"`, `"D"`, 1))); !errors.Is(err, vrp.ErrListed) {
		t.Errorf("a grade that there is not: %v", err)
	}
	if _, err := vrp.ReadListed(strings.NewReader(strings.Repeat(`{"height":[`, 1000))); !errors.Is(err, vrp.ErrListed) {
		t.Errorf("deep: %v", err)
	}
}

// FuzzReadListed_DRIFT12: what is read is in order, can be announced, and is the same
// when it is written and read again.
func FuzzReadListed_DRIFT12(f *testing.F) {
	f.Add(listed([]vrp.Payload{{Prefix: at("193.0.4.0/22"), MaxLength: 24, AS: 64500, Grade: record.GradeA}, {Prefix: at("2001:67c::/32"), MaxLength: 48, Grade: record.GradeB}}))
	f.Add(`{"height":"1","payloads":[]}`)
	f.Fuzz(func(t *testing.T, raw string) {
		got, err := vrp.ReadListed(strings.NewReader(raw))
		if err != nil {
			if !errors.Is(err, vrp.ErrListed) {
				t.Fatal(err)
			}
			return
		}
		for i, p := range got.List {
			if p.MaxLength < uint64(p.Prefix.Len) || p.MaxLength > uint64(p.Prefix.Family.Bits()) || i > 0 && inr.Compare(got.List[i-1].Prefix, p.Prefix) > 0 {
				t.Fatalf("entry %d of %v", i, got.List)
			}
		}
		if again, err := vrp.ReadListed(strings.NewReader(listed(got.List))); err != nil || !slices.Equal(again.List, got.List) {
			t.Fatalf("%v came back as %+v, %v", got.List, again, err)
		}
	})
}
