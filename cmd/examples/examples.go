// Package examples is for tests of the command lines that are shown to people: it
// finds what a page or a help text tells them to type, and reads it as a command.
package examples

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// quotedWord is one word to a shell, whatever spaces it has.
var quotedWord = regexp.MustCompile(`"[^"]*"`)

// Hold fails a test where a line of the pages, or of an example below the root
// command that make builds anew, is no command of it, and where there are fewer
// than atLeast lines. It runs none.
func Hold(t *testing.T, make func() *cobra.Command, atLeast int, pages ...string) {
	t.Helper()
	program, found := make().Name(), 0
	for _, text := range append(below(make()), pages...) {
		for _, words := range Lines(text, program) {
			found++
			if err := Parses(make(), words); err != nil {
				t.Error(err)
			}
		}
	}
	if found < atLeast {
		t.Errorf("%d lines were found, want at least %d", found, atLeast)
	}
}

// below is the examples of a command and of all below it.
func below(c *cobra.Command) []string {
	out := []string{c.Example}
	for _, sub := range c.Commands() {
		out = append(out, below(sub)...)
	}
	return out
}

// Lines is the words that follow a program's name where a line begins with it, a
// prompt, the environment or go run before it left out.
func Lines(text, program string) (out [][]string) {
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\\\n", " "), "\n") {
		line, _, _ = strings.Cut(line, " #")
		line, _, _ = strings.Cut(line, " > ")
		line = quotedWord.ReplaceAllString(strings.TrimSuffix(line, " --help"), "X")
		line = strings.ReplaceAll(line, "…", "X") // stands for what differs each time
		words := strings.Fields(strings.Replace(line, "go run ./cmd/"+program, program, 1))
		for len(words) > 0 && (words[0] == "$" || strings.Contains(words[0], "=")) {
			words = words[1:]
		}
		if len(words) > 0 && words[0] == program {
			out = append(out, words[1:])
		}
	}
	return out
}

// Parses reads words as a command line of root, and runs nothing. The error says
// which line is none.
func Parses(root *cobra.Command, words []string) error {
	c, rest, err := root.Find(slices.Clone(words))
	if err == nil {
		err = c.ParseFlags(rest)
	}
	if err == nil {
		err = c.ValidateArgs(c.Flags().Args())
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", root.Name(), strings.Join(words, " "), err)
	}
	return nil
}
