package light

import (
	"fmt"
	"testing"

	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// descent is a title's past: two halves of genesis merge, a part is sold, and the
// buyer authorises an AS.
type descent struct {
	state tree.State
	once  map[wire.Hash][]byte
}

func (d *descent) past(at wire.Resource, value wire.Hash) ([]byte, error) {
	if raw, ok := d.once[value]; ok {
		return raw, nil
	}
	return nil, fmt.Errorf("nothing of value %v ever stood at %v", value, at)
}

// stood notes a folio, and gives it for the next to name.
func (d *descent) stood(t testing.TB, at string, title record.Title, before *record.Folio, from ...record.Predecessor) (*record.Folio, record.Predecessor) {
	title.Rules, title.State, title.Predecessors = 1, record.Held, from
	title.Source = record.Source{Registry: "ripencc", Handle: "h-1", Status: "allocated", Class: record.Extended}
	f := &record.Folio{Title: title.Bytes()}
	if before != nil {
		f.Previous = before.Value()
	}
	d.once[f.Value()] = wire.Encode(f)
	return f, record.Predecessor{Resource: parse(t, at), Value: f.Value()}
}

func newDescent(t testing.TB) *descent {
	d := &descent{once: map[wire.Hash][]byte{}}
	const at = clockZero - 10000
	_, low := d.stood(t, "60.0.0.0/17", record.Title{Holder: alice, Grade: record.GradeT}, nil)
	first, _ := d.stood(t, "60.0.128.0/17", record.Title{Holder: customer, Grade: record.GradeT}, nil)
	_, high := d.stood(t, "60.0.128.0/17", record.Title{Holder: alice, Grade: record.GradeT, Since: at, Counter: 1}, first)
	_, whole := d.stood(t, "60.0.0.0/16", record.Title{Holder: alice, Grade: record.GradeT, Since: at + 100, Counter: 2}, nil, low, high)
	sold, _ := d.stood(t, "60.0.64.0/18", record.Title{Holder: provider, Grade: record.GradeT, Since: at + 200, Counter: 3}, nil, whole)
	last := *sold
	last.Previous = sold.Value()
	last.Authorisations = record.OriginsBytes([]record.Origin{{Rules: 1, Holder: provider, MaxLength: 18, AS: 1299}})
	e := tree.State{}.Edit()
	e.Put(record.FolioLeaf(parse(t, "60.0.64.0/18"), &last))
	d.state = e.Freeze()
	return d
}

// TestLineage_PRF17 follows a title to the rows of genesis.
func TestLineage_PRF17(t *testing.T) {
	files, trust := samples(t)
	v, err := Verify(files["chain of title"].Bytes(), trust)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range v.Lineage.Links {
		got = append(got, fmt.Sprintf("%v %s %v", l.At, holder(l.Title.Holder)[:4], l.Root))
	}
	want := []string{"60.0.64.0/18 0xb2 false", "60.0.0.0/16 0xa1 false", "60.0.0.0/17 0xa1 true", "60.0.128.0/17 0xa1 false", "60.0.128.0/17 0xc3 true"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for name, change := range map[string]func(p *LineagePart){
		"a folio is missing":     func(p *LineagePart) { p.Past = p.Past[:len(p.Past)-1] },
		"a folio more":           func(p *LineagePart) { p.Past = append(p.Past, p.Past[0]) },
		"two folios swapped":     func(p *LineagePart) { p.Past[0], p.Past[1] = p.Past[1], p.Past[0] },
		"another holder":         func(p *LineagePart) { p.Past[0] = spoiled(p.Past[0], 30) },
		"no folio":               func(p *LineagePart) { p.Past[0] = Hex{1} },
		"no title over it":       func(p *LineagePart) { p.Query = "61.0.0.0/18" },
		"more than there may be": func(p *LineagePart) { p.Past = make([]Hex, LineageMax+1) },
	} {
		files, _ := samples(t)
		f := files["chain of title"]
		change(f.Lineage)
		if _, err := Verify(f.Bytes(), trust); err == nil {
			t.Errorf("%s: accepted", name)
		} else if name != "no title over it" {
			refusedBy(t, err, ErrProof, "PRF-17")
		}
	}
}

func spoiled(raw Hex, at int) Hex {
	out := append(Hex{}, raw...)
	out[at] ^= 1
	return out
}

// TestSource_PRF17_tooLong: a node that has forgotten, or a past without end, makes
// no file.
func TestSource_PRF17_tooLong(t *testing.T) {
	d := newDescent(t)
	s := source(newCommittee(1, 4), d.state, nil)
	for value := range d.once {
		delete(d.once, value)
		break
	}
	if _, err := s.Lineage(parse(t, "60.0.64.0/18"), d.past); err == nil {
		t.Error("a chain of title with a gap was made")
	}
	if _, err := s.Lineage(parse(t, "61.0.0.0/18"), d.past); err == nil {
		t.Error("a chain of title of nothing was made")
	}
}
