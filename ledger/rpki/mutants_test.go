package rpki

import (
	"errors"
	"testing"
)

func (m mutant) bytes() []byte {
	if m.raw != nil {
		return m.raw
	}
	return m.evidence.Bytes()
}

func (m mutant) time() uint64 {
	if m.at != 0 {
		return m.at
	}
	return moment0
}

func TestMutants_RPKI3(t *testing.T) {
	seen := map[string]bool{}
	rules := map[string]int{}
	for _, m := range mutants0() {
		if seen[m.why] {
			t.Errorf("%s stands twice", m.why)
		}
		seen[m.why] = true
		rules[m.rule]++
		_, err := Verify(m.bytes(), anchors0(), m.time())
		var refusal *Refusal
		if !errors.As(err, &refusal) || !errors.Is(err, ErrEvidence) {
			t.Errorf("%s: got %v, want %s", m.why, err, m.rule)
		} else if refusal.Rule != m.rule {
			t.Errorf("%s: got %v, want %s", m.why, err, m.rule)
		}
	}
	t.Log(len(seen), rules)
}
