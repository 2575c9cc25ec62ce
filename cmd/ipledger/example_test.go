package main

import (
	"os"
	"testing"

	"github.com/spf13/cobra"

	"ipledger/cmd/examples"
)

// TestExamples holds the examples of --help and the README to the commands there are.
func TestExamples(t *testing.T) {
	raw, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	examples.Hold(t, func() *cobra.Command { return newRoot(new(session)) }, 35, string(raw))
}
