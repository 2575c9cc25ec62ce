package rpki

import (
	"errors"
	"strings"
	"testing"

	"ipledger/specs"
)

// A refusal says the object, the reason, a rule that the chapter states, and
// what to do next.
func TestRefusal_RPKI18(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range mutants0() {
		_, err := Verify(m.bytes(), anchors0(), m.time())
		var r *Refusal
		if !errors.As(err, &r) {
			t.Fatalf("%s: %v", m.why, err)
		}
		if _, ok := specs.Rule(r.Rule); !ok {
			t.Errorf("%s: no chapter states %s", m.why, r.Rule)
		}
		text, object := err.Error(), r.Object
		if object == "" {
			object = "evidence"
		}
		if !strings.HasPrefix(text, "rpki: evidence refused: "+object+": "+r.Why+" ("+r.Rule+"); ") || len(text) > 600 {
			t.Errorf("%s: %s", m.why, text)
		}
		seen[next(r.Rule)] = true
	}
	if len(seen) < 5 {
		t.Errorf("only %d things to do next", len(seen))
	}
	if text := refuse("RPKI-22", "why").of("statement").Error(); !strings.Contains(text, "write the statement file anew") {
		t.Error(text)
	}
}

// A name at its bound is read, one beyond it not.
func TestNameBound_RPKI7(t *testing.T) {
	for n, want := range map[int]bool{nameBytesMax: true, nameBytesMax + 1: false} {
		text := string(repeat('a', n-21))
		der := seq(setOf(seq(oidCommonName, tlv(0x13, []byte(text)))))
		r := newReader(der, "RPKI-7")
		r.name("a name")
		if len(der) != n || r.ok() != want {
			t.Errorf("a name of %d bytes (%d): got %v", n, len(der), r.fault.refusal)
		}
	}
}
