package frozen

import "testing"

func TestDiffers(t *testing.T) {
	for _, c := range []struct {
		a, b string
		line int
		text string
	}{
		{"one\ntwo\n", "one\ntoo\n", 2, "two"},
		{"one\n", "one\ntwo\n", 2, ""},
		{"", "one\n", 1, ""},
		{"one\ntwo\n", "", 1, "one"},
	} {
		n := differs([]byte(c.a), []byte(c.b))
		if n != c.line || lineOf([]byte(c.a), n) != c.text {
			t.Errorf("%q, %q: line %d %q, want %d %q", c.a, c.b, n, lineOf([]byte(c.a), n), c.line, c.text)
		}
	}
}

// What is not in the file fails the test that holds it; what is passes.
func TestHold(t *testing.T) {
	raw := Read(t, "contacts", new(any))
	Hold(t, "contacts", raw)
	r := new(reporter)
	Hold(r, "contacts", append(raw, ' '))
	if r.failures != 1 {
		t.Errorf("%d failures for bytes that differ, want 1", r.failures)
	}
}

// reporter counts what a test would say.
type reporter struct {
	testing.TB
	failures int
}

func (*reporter) Helper()                 {}
func (r *reporter) Errorf(string, ...any) { r.failures++ }
