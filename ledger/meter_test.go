package ledger

import (
	"math/rand/v2"
	"testing"

	"ipledger/ledger/record"
)

// What is taken back with its count leaves the counts as if it had never been: beside a
// twin that did not do it.
func TestUnwrite_ADM11(t *testing.T) {
	for seed := range uint64(50) {
		dice := rand.New(rand.NewPCG(seed, 11))
		b, twin := crowded(t, 40, 1, 1, 0), crowded(t, 40, 1, 1, 0)
		write := func(x *block, at, origins int) {
			f := x.folio(spot(at))
			f.Authorisations = nil
			if origins > 0 {
				list := make([]record.Origin, origins)
				for i := range list {
					list[i] = record.Origin{Rules: 1, MaxLength: 24, AS: uint64(i)}
				}
				f.Authorisations = record.OriginsBytes(list)
			}
			x.putFolio(spot(at), f)
		}
		for range 30 {
			b.touches, b.newPages = b.touches[:0], b.newPages[:0]
			mark, m := b.e.Mark(), b.meter()
			taken := dice.IntN(2) == 0
			for range 5 {
				at, n := dice.IntN(60), dice.IntN(9)
				write(b, at, n)
				if !taken {
					write(twin, at, n)
				}
			}
			if taken {
				b.undo(mark)
				b.unwrite(m)
			}
			if b.written != twin.written || b.weight != twin.weight {
				t.Fatalf("seed %d: %d records of %d bytes are counted, want %d of %d", seed, b.written, b.weight, twin.written, twin.weight)
			}
		}
	}
}

// An act has half of a ledger block, by each of three measures.
func TestExcess_ADM11(t *testing.T) {
	for _, c := range []struct {
		by   func(b *block)
		want bool
	}{
		{func(*block) {}, false},
		{func(b *block) { b.written += BlockChangesMax / 2 }, false},
		{func(b *block) { b.written += BlockChangesMax/2 + 1 }, true},
		{func(b *block) { b.weight += BlockWeightMax/2 + 1 }, true},
		{func(b *block) { b.looked += blockLooksMax/2 + 1 }, true},
	} {
		b := crowded(t, 1, 1, 1, 0)
		b.written, b.weight, b.looked = 7, 7, 7
		m := b.meter()
		if c.by(b); b.excess(m) != c.want {
			t.Errorf("of %+v to %d, %d, %d: %v", m, b.written, b.weight, b.looked, !c.want)
		}
		if b.spend(m); b.written != 7 || b.weight != 7 || b.looked != 7+blockLooksMax/2 {
			t.Errorf("it counts %d, %d, %d", b.written, b.weight, b.looked)
		}
	}
}
