package vrp_test

import (
	"slices"
	"testing"

	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/vrp"
	"ipledger/ledger/wire"
)

var ann = wire.Address{1}

// folio is a title of ann's, unless its grade is none, with authorisations at it.
func folio(state record.State, g record.Grade, origins ...record.Origin) *record.Folio {
	f := &record.Folio{Authorisations: record.OriginsBytes(origins)}
	if g != record.GradeNone {
		f.Title = (&record.Title{Rules: record.Rules, State: state, Holder: ann, Grade: g, Proved: 1}).Bytes()
	}
	return f
}

func origin(length, as uint64) record.Origin {
	return record.Origin{Rules: record.Rules, Holder: ann, MaxLength: length, AS: as}
}

// TestShown_DRIFT13: what an answer alone shows of a block is what the list has of it.
func TestShown_DRIFT13(t *testing.T) {
	contested := folio(record.Held, record.GradeB, origin(24, 6))
	contested.Restrictions = record.RestrictionsBytes([]record.Restriction{{Rules: record.Rules, Kind: record.Contest, Until: 1000, At: at("198.51.104.0/22")}})
	e := tree.State{}.Edit()
	for block, f := range map[string]*record.Folio{
		"193.0.0.0/16":    folio(record.Held, record.GradeA, origin(24, 1), origin(16, 2)),
		"193.0.4.0/24":    folio(record.Held, record.GradeNone, origin(24, 3)),
		"62.0.0.0/16":     folio(record.Held, record.GradeC, origin(16, 4)),
		"2001:67c::/32":   folio(record.Held, record.GradeT, origin(48, 5)),
		"198.51.104.0/22": contested,
		"60.0.0.0/23":     folio(record.Held, record.GradeNone, origin(24, 7)),
		"60.0.0.0/24":     folio(record.Held, record.GradeA),
		"60.0.1.0/24":     folio(record.Held, record.GradeB),
	} {
		e.Put(record.FolioLeaf(at(block), f))
	}
	s, m := e.Freeze(), light.Moment{Height: 9, Time: 500}
	list, err := vrp.List(s, m)
	if err != nil || len(list) != 5 {
		t.Fatalf("got %v, %v", list, err)
	}
	for block, covered := range map[string]bool{
		"193.0.0.0/16": true, "193.0.4.0/24": true, "62.0.0.0/16": true, "2001:67c::/32": true, "198.51.104.0/22": true, "60.0.0.0/24": true, "193.0.5.0/24": true,
		"60.0.0.0/23": false,
	} {
		answer, err := light.Read(s, at(block), m)
		if err != nil {
			t.Fatal(err)
		}
		var want []vrp.Payload
		for _, p := range list {
			if p.Prefix == at(block) {
				want = append(want, p)
			}
		}
		got, whole := vrp.Shown(answer)
		if whole != covered {
			t.Errorf("%s: whole %v", block, whole)
		}
		if !whole {
			want[0].Grade = record.GradeNone
		}
		slices.SortFunc(got, func(a, b vrp.Payload) int { return int(a.AS) - int(b.AS) })
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", block, got, want)
		}
	}
}
