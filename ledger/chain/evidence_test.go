package chain

import (
	"errors"
	"testing"
)

// twoVotesOf and attackOf are evidence as the engine writes it, of made-up votes.
func twoVotesOf(who [20]byte, height, seconds uint64) []byte {
	vote := func(b byte) []byte {
		return proto(nil).varint(1, 2).varint(2, height).message(4, []byte{10, 1, b}).message(5, []byte{}).bytes(6, who[:]).bytes(8, []byte{b})
	}
	return proto(nil).message(1, vote(1)).message(2, vote(2)).varint(3, 4).varint(4, 1).message(5, proto(nil).varint(1, seconds).varint(2, 7))
}

func attackOf(height, seconds uint64, who ...[20]byte) []byte {
	p := proto(nil).message(1, []byte{}).varint(2, height)
	for _, w := range who {
		p = p.message(3, proto(nil).bytes(1, w[:]).message(2, []byte{}).varint(3, 1))
	}
	return p.varint(4, 4).message(5, proto(nil).varint(1, seconds))
}

func TestMisbehaviours_CHAIN24(t *testing.T) {
	a, b := [20]byte{1, 2}, [20]byte{3}
	got, err := Misbehaviours([][]byte{twoVotesOf(a, 9, 100), attackOf(5, 50, a, b)})
	want := []Misbehaviour{{a, 9, 100, TwoVotes}, {a, 5, 50, LightAttack}, {b, 5, 50, LightAttack}}
	if err != nil || len(got) != 3 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Fatalf("%+v, %v", got, err)
	}
	good := twoVotesOf(a, 9, 100)
	for why, bad := range map[string][]byte{
		"a byte short":             good[:len(good)-1],
		"a length beyond the end":  {1<<3 | 2, 9},
		"a length that never ends": {1<<3 | 2, 0xff, 0xff},
		"field 0":                  {0, 1},
		"field 16":                 {0x82, 1, 0},
		"a fixed number cut short": {1<<3 | 1, 1},
		"a group":                  {1<<3 | 3},
		"nobody's votes":           proto(nil).message(1, nil).message(2, []byte{1 << 3, 1}),
		"an attack of half a name": attackOf(1, 1)[:0:0],
	} {
		if why == "an attack of half a name" {
			bad = proto(nil).message(3, proto(nil).bytes(1, a[:19]))
		}
		if _, err := Misbehaviours([][]byte{bad}); !errors.Is(err, ErrEvidence) {
			t.Errorf("%s: %v", why, err)
		}
	}
}

// FuzzMisbehaviours_CHAIN24: no bytes make it panic, and a kind is one of two.
func FuzzMisbehaviours_CHAIN24(f *testing.F) {
	f.Add(twoVotesOf([20]byte{1}, 9, 100))
	f.Add(attackOf(9, 100, [20]byte{1}))
	f.Fuzz(func(t *testing.T, raw []byte) {
		list, err := Misbehaviours([][]byte{raw})
		for _, x := range list {
			if err != nil || x.Kind != TwoVotes && x.Kind != LightAttack {
				t.Fatalf("%+v, %v", x, err)
			}
		}
	})
}
