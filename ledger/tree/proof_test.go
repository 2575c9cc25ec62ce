package tree

import (
	"math/rand"
	"testing"
)

// wantPoint is what a point proof has to show, by the oracle.
func (o oracle) point(q Key) Point {
	var p Point
	for _, l := range o.path(q) {
		p.Chain = append(p.Chain, KeyValue{l.Key, l.Value})
	}
	_, p.Found = o[q]
	for _, l := range o.under(q) {
		p.More = p.More || l.Key != q
	}
	return p
}

func samePoint(a, b Point) bool {
	if a.Found != b.Found || a.More != b.More || len(a.Chain) != len(b.Chain) {
		return false
	}
	for i := range a.Chain {
		if a.Chain[i] != b.Chain[i] {
			return false
		}
	}
	return true
}

func TestVerifyPoint_TREE8_agrees_with_the_oracle(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	for i := range 400 {
		s, o := randomState(t, r, i%90)
		for range 20 {
			q := randomQuery(r)
			if len(o) > 0 && r.Intn(2) == 0 {
				q = o.any(r)
			}
			got, err := VerifyPoint(s.Root(), q, s.Prove(q))
			if err != nil || !samePoint(got, o.point(q)) {
				t.Fatalf("%v: got %+v, %v, want %+v", q, got, err, o.point(q))
			}
		}
	}
}

func TestVerifyRange_TREE10_agrees_with_the_oracle(t *testing.T) {
	r := rand.New(rand.NewSource(4))
	for i := range 400 {
		s, o := randomState(t, r, i%90)
		for range 5 {
			under := randomQuery(r)
			want := o.under(under)
			var got []Leaf
			for from, more := under, true; more; {
				page, raw := s.ProveRange(under, from, 1+r.Intn(6))
				shown, err := VerifyRange(s.Root(), under, from, pairs(page), raw)
				if err != nil {
					t.Fatalf("%v from %v: %v", under, from, err)
				}
				got = append(got, page...)
				from, more = shown.Next, shown.More
			}
			if !equalLeaves(got, want) {
				t.Fatalf("%v: got %v, want %v", under, got, want)
			}
		}
	}
}

func pairs(leaves []Leaf) (out []KeyValue) {
	for _, l := range leaves {
		out = append(out, KeyValue{l.Key, l.Value})
	}
	return out
}
