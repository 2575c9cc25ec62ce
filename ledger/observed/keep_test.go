package observed_test

import (
	"slices"
	"testing"

	"ipledger/ledger/observed"
	"ipledger/ledger/record"
	"ipledger/ledger/vrp"
)

// TestKeep_FILE8 leaves out what is invalid by the supplied set, and nothing else.
func TestKeep_FILE8(t *testing.T) {
	set := &observed.Export{
		Payloads: []observed.Payload{
			{Prefix: at("5.44.0.0/22"), MaxLength: 23, AS: 2121}, {Prefix: at("5.44.9.0/24"), MaxLength: 24, AS: 3333},
			{Prefix: at("5.44.16.0/24"), MaxLength: 24, AS: 0},
		},
		Providers: []observed.Providers{{Customer: 2121, List: []uint64{1299}}},
	}
	for _, c := range []struct {
		why     string
		prefix  string
		most    uint64
		as      uint64
		kept    bool
		overrun int
	}{
		{"the same", "5.44.0.0/22", 23, 2121, true, 0},
		{"less of the same", "5.44.0.0/23", 23, 2121, true, 0},
		{"a longer length", "5.44.0.0/22", 24, 2121, false, 0},
		{"another AS", "5.44.0.0/22", 22, 2122, false, 1},
		{"nobody, where somebody may", "5.44.0.0/23", 23, 0, false, 1},
		{"around one, not its lengths", "5.44.8.0/21", 23, 2121, true, 1},
		{"around one, its length too", "5.44.8.0/21", 24, 2121, false, 1},
		{"around one, nobody", "5.44.8.0/21", 21, 0, true, 1},
		{"where nobody may", "5.44.16.0/24", 24, 2121, false, 1},
		{"nobody, where nobody may", "5.44.16.0/24", 24, 0, true, 0},
		{"elsewhere", "8.8.8.0/24", 24, 2121, true, 0},
	} {
		list := []vrp.Payload{{Prefix: at(c.prefix), MaxLength: c.most, AS: c.as, Grade: record.GradeA}}
		kept, _, left := observed.Keep(list, nil, set)
		if len(kept) == 1 != c.kept || left != 1-len(kept) {
			t.Errorf("%s: got %v, %d left out", c.why, kept, left)
		}
		if got := observed.Overruled(list, set); len(got) != c.overrun {
			t.Errorf("%s: overruled %v", c.why, got)
		}
	}
	providers := []vrp.Providers{{Customer: 2121, List: []uint64{1299, 3356}}, {Customer: 2122, List: []uint64{1299}}}
	if _, kept, left := observed.Keep(nil, providers, set); left != 1 || len(kept) != 1 || kept[0].Customer != 2122 {
		t.Errorf("providers: got %v, %d left out", kept, left)
	}
	list := []vrp.Payload{{Prefix: at("5.44.0.0/22"), MaxLength: 22, AS: 2122}}
	if kept, _, left := observed.Keep(list, providers, nil); !slices.Equal(kept, list) || left != 0 {
		t.Errorf("without a set: got %v, %d left out", kept, left)
	}
}
