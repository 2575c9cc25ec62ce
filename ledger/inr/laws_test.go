package inr

import (
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"ipledger/ledger/wire"
)

// The oracle: a block as the two ends of a range of big numbers.
func ends(r wire.Resource) (first, last *big.Int) {
	width := r.Family.Bits()
	first = new(big.Int).SetBytes(r.Addr[:width/8])
	return first, new(big.Int).Sub(new(big.Int).Add(first, Count(r)), big.NewInt(1))
}

func inside(a, b wire.Resource) bool {
	af, al := ends(a)
	bf, bl := ends(b)
	return a.Family == b.Family && af.Cmp(bf) <= 0 && bl.Cmp(al) <= 0
}

func apart(a, b wire.Resource) bool {
	af, al := ends(a)
	bf, bl := ends(b)
	return a.Family != b.Family || al.Cmp(bf) < 0 || bl.Cmp(af) < 0
}

// anyBlock draws blocks that often nest: few bits, close together.
func anyBlock(rnd *rand.Rand) wire.Resource {
	r := wire.Resource{Family: wire.Family(rnd.IntN(3))}
	for i := range r.Family.Bits() / 8 {
		r.Addr[i] = byte(rnd.IntN(2)) * byte(rnd.IntN(256))
	}
	return Truncate(r, uint8(rnd.IntN(r.Family.Bits()+1)))
}

// pair draws two blocks, in half of the cases one inside the other.
func pair(rnd *rand.Rand) (a, b wire.Resource) {
	b = anyBlock(rnd)
	if rnd.IntN(2) == 0 {
		return Truncate(b, uint8(rnd.IntN(int(b.Len)+1))), b
	}
	return anyBlock(rnd), b
}

func random() *rand.Rand { return rand.New(rand.NewPCG(1, 2)) }

func TestCovers_RES3(t *testing.T) {
	rnd, covered := random(), 0
	for range 20000 {
		a, b := pair(rnd)
		if got, want := Covers(a, b), inside(a, b); got != want {
			t.Fatalf("Covers(%v, %v) = %v, want %v", a, b, got, want)
		}
		if got, want := Overlaps(a, b), !apart(a, b); got != want {
			t.Fatalf("Overlaps(%v, %v) = %v, want %v", a, b, got, want)
		}
		if Covers(a, b) {
			covered++
		}
	}
	if covered < 1000 {
		t.Fatalf("only %d of the pairs nest: the test shows little", covered)
	}
}

func TestHalves_RES4(t *testing.T) {
	rnd := random()
	for range 5000 {
		r := anyBlock(rnd)
		low, high, ok := Halves(r)
		if single := int(r.Len) == r.Family.Bits(); ok == single {
			t.Fatalf("Halves(%v) says %v", r, ok)
		}
		if !ok {
			continue
		}
		first, last := ends(r)
		lf, ll := ends(low)
		hf, hl := ends(high)
		if lf.Cmp(first) != 0 || hl.Cmp(last) != 0 || new(big.Int).Add(ll, big.NewInt(1)).Cmp(hf) != 0 {
			t.Fatalf("halves of %v are %v and %v", r, low, high)
		}
		for _, p := range [][2]wire.Resource{{low, high}, {high, low}} {
			if sib, ok := Sibling(p[0]); !ok || sib != p[1] {
				t.Fatalf("Sibling(%v) = %v, %v", p[0], sib, ok)
			}
		}
	}
	if _, ok := Sibling(wire.Resource{Family: wire.IPv6}); ok {
		t.Fatal("a whole family has a sibling")
	}
}

func TestCut_RES4(t *testing.T) {
	rnd := random()
	for range 5000 {
		part := anyBlock(rnd)
		whole := Truncate(part, uint8(rnd.IntN(int(part.Len)+1)))
		rest := Cut(whole, part)
		if len(rest) != int(part.Len)-int(whole.Len) {
			t.Fatalf("%v less %v has %d blocks", whole, part, len(rest))
		}
		sum := Count(part)
		for i, r := range rest {
			sum.Add(sum, Count(r))
			if !r.Valid() || !inside(whole, r) || !apart(r, part) || i > 0 && !apart(rest[i-1], r) {
				t.Fatalf("%v less %v gives %v", whole, part, rest)
			}
		}
		if sum.Cmp(Count(whole)) != 0 || !slices.IsSortedFunc(rest, Compare) {
			t.Fatalf("%v less %v gives %v", whole, part, rest)
		}
	}
}

func TestCompare_RES3(t *testing.T) {
	rnd := random()
	for range 20000 {
		a, b := pair(rnd)
		af, _ := ends(a)
		bf, _ := ends(b)
		want := int(a.Family) - int(b.Family)
		if want == 0 {
			want = af.Cmp(bf)
		}
		if want == 0 {
			want = int(a.Len) - int(b.Len)
		}
		if got := Compare(a, b); got < 0 != (want < 0) || got > 0 != (want > 0) {
			t.Fatalf("Compare(%v, %v) = %d, want sign of %d", a, b, got, want)
		}
	}
}

func TestBit_RES1(t *testing.T) {
	rnd := random()
	for range 2000 {
		r := anyBlock(rnd)
		first, _ := ends(r)
		for i := range r.Family.Bits() {
			if got, want := Bit(r, i), int(first.Bit(r.Family.Bits()-1-i)); got != want {
				t.Fatalf("bit %d of %v is %d, want %d", i, r, got, want)
			}
		}
	}
}

// TestBeside cuts one part as Cut does, and several one after the other.
func TestBeside_RES4(t *testing.T) {
	rnd := random()
	for range 2000 {
		whole := anyBlock(rnd)
		var parts []wire.Resource
		left := []wire.Resource{whole}
		for range rnd.IntN(6) {
			i := rnd.IntN(len(left))
			part := left[i]
			for range rnd.IntN(5) {
				if low, high, ok := Halves(part); ok && rnd.IntN(2) == 0 {
					part = low
				} else if ok {
					part = high
				}
			}
			parts = append(parts, part)
			if left = slices.Replace(left, i, i+1, Cut(left[i], part)...); len(left) == 0 {
				break
			}
		}
		slices.SortFunc(parts, Compare)
		slices.SortFunc(left, Compare)
		if got := Beside(whole, parts); !slices.Equal(got, left) {
			t.Fatalf("%v beside %v is %v, want %v", whole, parts, got, left)
		}
	}
}
