package light

import (
	"fmt"
	"testing"

	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
)

func blocks(t testing.TB, texts ...string) (out []wire.Resource) {
	for _, text := range texts {
		out = append(out, parse(t, text))
	}
	return out
}

// next is where the page after a file begins.
func (f *File) next(t testing.TB) wire.Resource {
	t.Helper()
	a := &BeneathAnswer{}
	if err := f.Beneath.read(a); err != nil || !a.More {
		t.Fatalf("no page follows: %v", err)
	}
	return a.Next
}

// TestBeneath_PRF18 reads pages that together have everything.
func TestBeneath_PRF18(t *testing.T) {
	files, trust := samples(t)
	var got []string
	for _, name := range []string{"beneath", "beneath, the last page"} {
		v, err := Verify(files[name].Bytes(), trust)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range v.Beneath.Entries {
			got = append(got, e.At.String())
		}
		if v.Beneath.More != (name == "beneath") {
			t.Errorf("%s: more is %v", name, v.Beneath.More)
		}
	}
	if want := "[193.0.0.0/16 193.0.0.0/17 193.0.8.0/24 193.0.8.128/25]"; fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
	for name, change := range map[string]func(p *BeneathPart){
		"an entry is missing":    func(p *BeneathPart) { p.Entries = p.Entries[1:] },
		"the last is missing":    func(p *BeneathPart) { p.Entries = p.Entries[:2] },
		"an entry at another":    func(p *BeneathPart) { p.Entries[1].At = "193.0.0.0/18" },
		"another record":         func(p *BeneathPart) { p.Entries[0].Record = p.Entries[1].Record },
		"no record":              func(p *BeneathPart) { p.Entries[0].Record = nil },
		"a wider query":          func(p *BeneathPart) { p.Query = "192.0.0.0/7" },
		"from another block":     func(p *BeneathPart) { p.From = "193.0.0.0/16" },
		"from outside":           func(p *BeneathPart) { p.From = "194.0.0.0/16" },
		"from no block":          func(p *BeneathPart) { p.From = "all" },
		"of no block":            func(p *BeneathPart) { p.Query = "all" },
		"more than there may be": func(p *BeneathPart) { p.Entries = make([]Entry, BeneathMax+1) },
	} {
		files, _ := samples(t)
		f := files["beneath"]
		change(f.Beneath)
		_, err := Verify(f.Bytes(), trust)
		if err == nil {
			t.Errorf("%s: accepted", name)
			continue
		}
		rule := "PRF-18"
		if name == "a wider query" {
			rule = "PRF-13" // the same page of a wider list: true, but not what the file says
		}
		refusedBy(t, err, ErrProof, rule)
	}
}

// TestHoldings_PRF19: a statement that leaves a title out does not add up.
func TestHoldings_PRF19(t *testing.T) {
	files, trust := samples(t)
	v, err := Verify(files["holdings"].Bytes(), trust)
	if err != nil {
		t.Fatal(err)
	}
	h := v.Holdings
	if len(h.Titles) != 3 || len(h.Estates) != 0 || len(h.Titles[1].Charges) != 2 || len(h.Titles[0].Out) != 2 {
		t.Errorf("%+v", h)
	}
	counts := h.Counts()
	if len(counts) != 2 || counts[0].Held.Int64() != 131072 || counts[0].Out.Int64() != 32768+65536 || counts[1].Family != wire.ASN {
		t.Errorf("%+v", counts)
	}
	if v, err = Verify(files["holdings by grant and lease"].Bytes(), trust); err != nil || len(v.Holdings.Estates) != 2 || len(v.Holdings.Titles) != 0 {
		t.Errorf("%+v, %v", v, err)
	}
	for name, change := range map[string]func(p *HoldingsPart){
		"a title is missing":     func(p *HoldingsPart) { p.Titles = p.Titles[1:] },
		"a title twice":          func(p *HoldingsPart) { p.Titles = append(p.Titles[:1], p.Titles...) },
		"titles out of order":    func(p *HoldingsPart) { p.Titles[0], p.Titles[1] = p.Titles[1], p.Titles[0] },
		"another's account":      func(p *HoldingsPart) { p.ID = customer },
		"an estate that is none": func(p *HoldingsPart) { p.Estates = append(p.Estates, Shown{"193.0.0.0/16", p.Titles[0].Proof, nil}) },
		"more than there may be": func(p *HoldingsPart) { p.Titles = make([]Listed, HoldingsMax+1) },
	} {
		files, _ := samples(t)
		f := files["holdings"]
		change(f.Holdings)
		if _, err := Verify(f.Bytes(), trust); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if inr.Compare(h.Titles[0].At, h.Titles[1].At) >= 0 {
		t.Error("titles are not ascending")
	}
}
