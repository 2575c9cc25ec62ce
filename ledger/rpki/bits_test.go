package rpki

import (
	"flag"
	"testing"
)

var everyBit = flag.Bool("every-bit", false, "flip every bit of the evidence, not one in seven")

// TestEveryBit_RPKI4 flips every bit of a good evidence: none may verify. Unless
// asked for all it flips every seventh, in short mode every 23rd, and says so.
func TestEveryBit_RPKI4(t *testing.T) {
	good := loadVectors(t).Evidence
	step := 7
	switch {
	case *everyBit:
		step = 1
	case testing.Short():
		step = 23
	}
	t.Logf("one bit of %d is flipped", step)
	anchors, raw, flips := anchors0(), append([]byte(nil), good...), 0
	rules := map[string]int{}
	for i := 0; i < 8*len(raw); i += step {
		raw[i/8] ^= 1 << (i % 8)
		_, err := Verify(raw, anchors, moment0)
		if err == nil {
			t.Errorf("bit %d of byte %d makes no difference", i%8, i/8)
		}
		rules[ruleOf(err)]++
		raw[i/8] ^= 1 << (i % 8)
		flips++
	}
	t.Logf("%d bits flipped, refused by %v", flips, rules)
	if rules[""] > 0 || flips < 1000 {
		t.Errorf("%d flips, %d without a rule", flips, rules[""])
	}
}

// Every evidence that is cut short or has a byte taken out is refused.
func TestEveryByte_RPKI2(t *testing.T) {
	good := loadVectors(t).Evidence
	anchors := anchors0()
	for i := range good {
		if _, err := Verify(good[:i], anchors, moment0); err == nil {
			t.Errorf("%d bytes of it verify", i)
		}
		if _, err := Verify(append(append([]byte(nil), good[:i]...), good[i+1:]...), anchors, moment0); err == nil {
			t.Errorf("without byte %d it verifies", i)
		}
	}
}
