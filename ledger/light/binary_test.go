package light

import (
	"flag"
	"testing"
)

// TestBinary_PRF21: each kind of file is read from its binary form as from its
// text, says the same, and no other bytes are taken.
func TestBinary_PRF21(t *testing.T) {
	files, trust := samples(t)
	for name, f := range files {
		raw := f.Binary()
		v, err := Verify(raw, trust)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if v.Statement != f.Statement {
			t.Errorf("%s: the binary form says %q, the text %q", name, v.Statement, f.Statement)
		}
		g, err := Parse(raw)
		if err == nil {
			_, err = g.Verify(trust)
		}
		if err != nil || string(g.Bytes()) != string(f.Bytes()) {
			t.Errorf("%s: the text of the binary form is another: %v", name, err)
		}
		flips(t, name, raw, trust)
	}
}

var everyBit = flag.Bool("every-bit", false, "turn every bit of all files, not one in eleven or in 97")

// flips tries a file with its bits turned, and cut and grown at its end.
func flips(t *testing.T, name string, raw []byte, trust *Trust) {
	step := 97
	if *everyBit {
		step = 1
	}
	for i := 0; i < len(raw)*8; i += step {
		raw[i/8] ^= 1 << (i % 8)
		if _, err := Verify(raw, trust); err == nil {
			t.Errorf("%s: taken with bit %d turned", name, i)
		}
		raw[i/8] ^= 1 << (i % 8)
	}
	for _, x := range [][]byte{raw[:len(raw)-1], append(raw[:len(raw):len(raw)], 0)} {
		if _, err := Verify(x, trust); err == nil {
			t.Errorf("%s: taken with %d bytes instead of %d", name, len(x), len(raw))
		}
	}
}
