package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode"
)

// FuzzPrinter holds that nothing from elsewhere makes a terminal do anything,
// and that JSON stays JSON.
func FuzzPrinter(f *testing.F) {
	for _, text := range []string{"plain", "\x1b[2Jgone", "a\nb", "abc\u202etxt", "\u200b", "\xff\xfe", "\u009b31m", "日本語", "\U000e0001", "e\u0301", "\x7f"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var out bytes.Buffer
		p := &printer{&out}
		p.field("name", "%s", said(text))
		line := strings.TrimSuffix(out.String(), "\n")
		if i := strings.IndexFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }); i >= 0 {
			t.Errorf("%q is shown as %q", text, line)
		}
		out.Reset()
		if err := p.json(map[string]string{"name": text}); err != nil {
			t.Fatal(err)
		}
		var back map[string]string
		if err := json.Unmarshal(out.Bytes(), &back); err != nil || back["name"] != strings.ToValidUTF8(text, "\ufffd") && !strings.ContainsRune(back["name"], unicode.ReplacementChar) {
			t.Errorf("%q came back as %q, %v", text, back["name"], err)
		}
	})
}

// TestReport tells a rule's id, its sentence, the field and what was met, and
// gives each error its exit code.
func TestReport(t *testing.T) {
	var out bytes.Buffer
	report(&printer{&out}, (&problem{Rule: "RES-2", Status: 422, Field: "resource", Detail: "met\x1b[1m"}).judge())
	for _, want := range []string{"RES-2", "host bits", "resource", `met\u001b[1m`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, out.String())
		}
	}
	for status, want := range map[int]int{404: exitNotFound, 422: exitFailed, 400: exitUsage, 503: exitUnreachable, 429: exitUnreachable, 500: exitFailed} {
		if got := codeOf((&problem{Status: status}).judge()); got != want {
			t.Errorf("status %d exits %d, want %d", status, got, want)
		}
	}
}

// judge is judged, for a problem.
func (p *problem) judge() error { return judged(p) }
