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

// TestEffects tells what changes of a block, and nothing that stays.
func TestEffects(t *testing.T) {
	var p preview
	err := json.Unmarshal([]byte(`{"outcome":"done","cost":"2","effects":[{"resource":"193.0.8.0/24",
		"before":"After block 4, at 2026-11-21T09:00:00Z, 193.0.8.0/24 lies in the title 193.0.0.0/16: held. In possession: 0xa1. 0xa1 authorises AS1 to originate 193.0.0.0/16 down to /24. Nothing inside.",
		"after":"After block 5, at 2026-11-21T09:00:01Z, 193.0.8.0/24 lies in the title 193.0.0.0/16: held. In possession: 0xb2. Nothing inside."}]}`), &p)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	s := &session{book: &book{}}
	s.tellEffects(&printer{&out}, &p)
	const want = `Of 193.0.8.0/24, - before, + after:
  - In possession: 0xa1.
  - 0xa1 authorises AS1 to originate 193.0.0.0/16 down to /24.
    this authorisation ends or is narrowed
  + In possession: 0xb2.
It would be done, and costs 2 of the account's credit.
`
	if out.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", out.String(), want)
	}
}
