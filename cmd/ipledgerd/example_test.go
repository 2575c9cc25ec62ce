package main

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// TestExamples fails when an example, of --help or of README.md, names a command,
// an argument or a flag that is not there.
func TestExamples(t *testing.T) {
	found := 0
	for _, text := range append(allExamples(newRoot(new(bool))), readmeText(t)) {
		for _, words := range typedLines(text, "ipledgerd") {
			found++
			if err := parses(newRoot(new(bool)), words); err != nil {
				t.Errorf("ipledgerd %s: %v", strings.Join(words, " "), err)
			}
		}
	}
	if found < 12 {
		t.Errorf("%d examples were found, want at least one for each command", found)
	}
}

func readmeText(t *testing.T) string {
	raw, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// allExamples is the examples of a command and of all below it.
func allExamples(c *cobra.Command) []string {
	out := []string{c.Example}
	for _, below := range c.Commands() {
		out = append(out, allExamples(below)...)
	}
	return out
}

// quotedWord is one word to a shell, whatever spaces it has.
var quotedWord = regexp.MustCompile(`"[^"]*"`)

// typedLines is what follows a program's name where a line begins with it, a
// prompt, the environment or go run before it left out.
func typedLines(text, program string) (out [][]string) {
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\\\n", " "), "\n") {
		line, _, _ = strings.Cut(line, " #")
		line, _, _ = strings.Cut(line, " > ")
		line = quotedWord.ReplaceAllString(strings.TrimSuffix(line, " --help"), "X")
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

// parses reads words as a command line, and runs nothing.
func parses(root *cobra.Command, words []string) error {
	c, rest, err := root.Find(slices.Clone(words))
	if err != nil {
		return err
	}
	if err := c.ParseFlags(rest); err != nil {
		return err
	}
	return c.ValidateArgs(c.Flags().Args())
}
