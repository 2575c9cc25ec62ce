package vrp_test

import (
	"net/netip"
	"slices"
	"testing"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/vrp"
	"ipledger/ledger/wire"
)

func at(prefix string) wire.Resource { return inr.FromPrefix(netip.MustParsePrefix(prefix)) }

// TestUnexplained_RTR13 takes payloads away with and without a reason.
func TestUnexplained_RTR13(t *testing.T) {
	one := vrp.Payload{Prefix: at("193.0.4.0/22"), MaxLength: 24, AS: 64500, Grade: record.GradeA}
	two := vrp.Payload{Prefix: at("2001:67c::/32"), MaxLength: 48, AS: 64500, Grade: record.GradeA}
	regraded := two
	regraded.Grade = record.GradeB
	before := []vrp.Payload{one, two}
	for _, c := range []struct {
		why            string
		after, lasting []vrp.Payload
		changed        []string
		want           []vrp.Payload
	}{
		{"nothing went", before, before, nil, nil},
		{"a weaker grade", []vrp.Payload{one, regraded}, before, nil, nil},
		{"no record changed", []vrp.Payload{two}, before, nil, []vrp.Payload{one}},
		{"its own record", []vrp.Payload{two}, before, []string{"193.0.4.0/22"}, nil},
		{"one around it", []vrp.Payload{two}, before, []string{"0.0.0.0/0"}, nil},
		{"one inside it", []vrp.Payload{two}, before, []string{"193.0.7.0/24", "10.0.0.0/8"}, nil},
		{"others beside it", []vrp.Payload{two}, before, []string{"193.0.0.0/22", "193.0.8.0/22", "2001:67c::/32"}, []vrp.Payload{one}},
		{"its term ended", []vrp.Payload{two}, []vrp.Payload{two}, nil, nil},
		{"all at once", nil, before, []string{"2001::/16"}, []vrp.Payload{one}},
	} {
		var changed []wire.Resource
		for _, text := range c.changed {
			changed = append(changed, at(text))
		}
		if got := vrp.Unexplained(before, c.after, c.lasting, changed); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.why, got, c.want)
		}
	}
}
