package account

import (
	"testing"
	"unicode"
)

func TestName_ACC4_ACC5(t *testing.T) {
	v := readVectors(t)
	if len(v.Names) == 0 {
		t.Fatal("no vectors")
	}
	for _, c := range v.Names {
		wantRule(t, c.Why, CheckName(c.Name), c.Rule)
	}
	// What JSON cannot write.
	wantRule(t, "not UTF-8", CheckName("a\xff"), "ACC-4")
	wantRule(t, "a surrogate in UTF-8", CheckName("\xed\xa0\x80"), "ACC-4")
}

func TestJurisdiction_ACC6(t *testing.T) {
	v := readVectors(t)
	if len(v.Jurisdictions) == 0 {
		t.Fatal("no vectors")
	}
	for _, c := range v.Jurisdictions {
		wantRule(t, c.Why, CheckJurisdiction(c.Code), c.Rule)
	}
}

// The written-out repertoire is what its rule says, as far as the tables of the
// standard library are of the same version.
func TestRepertoire_ACC5(t *testing.T) {
	shown := func(r rune) bool {
		switch {
		case unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector):
			return false
		case r == 0x2800 || r == 0xfffc || r == 0xfffd:
			return false
		}
		return r == ' ' || unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S)
	}
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if inRepertoire(r) && !shown(r) {
			t.Fatalf("%U is in the repertoire, against its rule", r)
		}
		if unicode.Version == "15.0.0" && shown(r) && !inRepertoire(r) {
			t.Fatalf("%U is not in the repertoire, against its rule", r)
		}
	}
	for i := 1; i < len(repertoire); i++ {
		if repertoire[i-1] > repertoire[i] {
			t.Fatalf("pair %d is out of order", i/2)
		}
	}
}

func TestInRepertoire_ACC5(t *testing.T) {
	slow := func(r rune) bool {
		for i := 0; i < len(repertoire); i += 2 {
			if repertoire[i] <= r && r <= repertoire[i+1] {
				return true
			}
		}
		return false
	}
	for i := range repertoire {
		for _, r := range []rune{repertoire[i] - 1, repertoire[i], repertoire[i] + 1} {
			if inRepertoire(r) != slow(r) {
				t.Errorf("%U: got %v, want %v", r, inRepertoire(r), slow(r))
			}
		}
	}
}
