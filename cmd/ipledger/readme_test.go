package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// step is one command of a script with what it printed to standard output.
type step struct{ command, stdout string }

// transcript is what a script typed so far, under this name in its values.
const transcript = "transcript"

// typing runs a command and keeps it for readme: type ipledger key list.
func typing(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(ts.Exec(args[0], args[1:]...))
	all := ts.Value(transcript).(*[]step)
	*all = append(*all, step{strings.Join(args, " "), ts.ReadFile("stdout")})
}

// readme compares what the script typed, and what was printed, with the fenced
// console blocks of README.md.
func readme(ts *testscript.TestScript, _ bool, _ []string) {
	want, got := readmeTour(ts), *ts.Value(transcript).(*[]step)
	for i := range max(len(want), len(got)) {
		switch {
		case i >= len(want):
			ts.Fatalf("README.md does not tell: %s", got[i].command)
		case i >= len(got):
			ts.Fatalf("the script does not type: %s", want[i].command)
		case !alike(want[i].command, got[i].command):
			ts.Fatalf("README.md says %q, the script typed %q", want[i].command, got[i].command)
		}
		if line := missing(want[i].stdout, got[i].stdout); line != "" {
			ts.Fatalf("README.md says that %q prints\n%s\nbut it printed\n%s", got[i].command, line, got[i].stdout)
		}
	}
}

// readmeTour is the commands of README.md, each with the lines shown after it.
func readmeTour(ts *testscript.TestScript) []step {
	raw, err := os.ReadFile(readmePath)
	ts.Check(err)
	return consoleBlocks(string(raw))
}

// readmePath is absolute, for scripts change the working directory.
var readmePath = func() string {
	dir, err := os.Getwd()
	if err != nil {
		panic(err)
	}
	return dir + "/../../README.md"
}()

func consoleBlocks(text string) (out []step) {
	inside := false
	for line := range strings.SplitSeq(text, "\n") {
		switch command, isCommand := strings.CutPrefix(line, "$ "); {
		case strings.HasPrefix(line, "```"):
			inside = line == "```console"
		case !inside:
		case isCommand:
			out = append(out, step{command: command})
		case len(out) > 0:
			out[len(out)-1].stdout += line + "\n"
		}
	}
	return out
}

// missing is the first shown line that was not printed after those before it.
func missing(shown, printed string) string {
	rest := strings.Split(printed, "\n")
next:
	for line := range strings.Lines(shown) {
		line = strings.TrimSuffix(line, "\n")
		for i, have := range rest {
			if alike(line, have) {
				rest = rest[i+1:]
				continue next
			}
		}
		return line
	}
	return ""
}

// alike reports whether the text is the pattern, in which … stands for anything.
func alike(pattern, text string) bool {
	quoted := strings.ReplaceAll(regexp.QuoteMeta(pattern), "…", ".+")
	return regexp.MustCompile("^" + quoted + "$").MatchString(text)
}

// TestReadmeMissing holds the comparison itself: it must find what is not there.
func TestReadmeMissing(t *testing.T) {
	const printed = "key  carol\naddress  0x12\nnext  go\n"
	for _, c := range []struct{ name, shown, want string }{
		{"all of it", printed, ""},
		{"a part, in order", "key  carol\nnext  go\n", ""},
		{"what differs each time", "address  0x…\n", ""},
		{"out of order", "next  go\nkey  carol\n", "key  carol"},
		{"another value", "key  bob\n", "key  bob"},
		{"nothing where something stands", "key  carol…\n", "key  carol…"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := missing(c.shown, printed); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	blocks := consoleBlocks("```sh\n$ no\n```\n```console\n$ a\nx\n```\ny\n```console\n$ b\n```\n")
	if len(blocks) != 2 || blocks[0] != (step{"a", "x\n"}) || blocks[1] != (step{"b", ""}) {
		t.Errorf("got %q, want the commands a and b", blocks)
	}
}
