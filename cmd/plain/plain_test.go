package plain

import "testing"

func TestText(t *testing.T) {
	for text, want := range map[string]string{
		"plain, Ω":           "plain, Ω",
		"red \x1b[31m":       `red \u001b[31m`,
		"C1 \u009b31m":       `C1 \u009b31m`,
		"turned \u202e":      `turned \u202e`,
		"tag \U000e0041":     `tag \udb40\udc41`,
		"two\nlines\r":       `two\u000alines\u000d`,
		"no UTF-8 \xff, end": "no UTF-8 \ufffd, end",
	} {
		if got := Text(text, false); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	if got := Text("two\nlines\r", true); got != "two\nlines\\u000d" {
		t.Errorf("lines: got %q", got)
	}
}
