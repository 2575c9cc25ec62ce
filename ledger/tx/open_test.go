package tx

import (
	"encoding/binary"
	"math/bits"
	"testing"

	"ipledger/ledger/wire"
)

func TestOpening_ACT11(t *testing.T) {
	wantRule(t, "by work", byWork(t).Check(), "")
	for why, change := range map[string]func(a *Act){
		"an author":      func(a *Act) { a.Author = address(1) },
		"a policy":       func(a *Act) { a.Policy = 1 },
		"a lane":         func(a *Act) { a.Lane = 1 },
		"a number":       func(a *Act) { a.Number = 1 },
		"a bundle":       func(a *Act) { a.Bundle, a.Count = mark(1), 2 },
		"neither of two": func(a *Act) { a.Body.(*OpenAccount).Work = wire.Hash{} },
	} {
		a := byWork(t)
		change(a)
		wantRule(t, "by work with "+why, a.Check(), "ACT-11")
	}
	refused(t, KindOpenAccount, "a sponsor and work", "ACT-11", func(a *Act) { a.Body.(*OpenAccount).Work = mark(1) })
	refused(t, KindOpenAccount, "a sponsor and a nonce", "ACT-11", func(a *Act) { a.Body.(*OpenAccount).Nonce = 1 })
}

func TestOpeningSigners_ACT12(t *testing.T) {
	verify := func(n int, change func(a *Act)) error {
		a := byWork(t)
		a.Signatures = nil
		change(a)
		_, err := Verify(signed(t, a, n).Encode(), salt)
		return err
	}
	as := func(a *Act) {}
	wantRule(t, "2 of 3", verify(2, as), "")
	wantRule(t, "1 where 2 are needed", verify(1, as), "ACT-12")
	wantRule(t, "3 where 2 are needed", verify(3, as), "ACT-12")
	wantRule(t, "a stranger", verify(2, func(a *Act) {
		b := a.Body.(*OpenAccount)
		b.TitleKeys = keysOf(secrets(4))[2:]
	}), "ACT-12")
}

func TestWorkBits_ACT15(t *testing.T) {
	header := mark(1)
	most := uint64(0)
	for n := range byte(255) {
		id := mark(n)
		sum := wire.Sum(wire.TagWork, append(header[:], id[:]...))
		want := uint64(bits.LeadingZeros64(binary.BigEndian.Uint64(sum[:])))
		if got := WorkBits(id, header); got != want {
			t.Errorf("id %d: got %d, want %d", n, got, want)
		}
		most = max(most, want)
	}
	if most < 4 {
		t.Errorf("the best of 255 tries has %d bits", most)
	}
}
