package genesis

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"ipledger/ledger/record"
)

// TestChapter_GEN17 holds the table of parameters in the chapter to the one
// that is kept.
func TestChapter_GEN17(t *testing.T) {
	raw, err := os.ReadFile("../../specs/08-genesis.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range record.ParameterTable {
		_, row, ok := strings.Cut(string(raw), "\n| `"+p.Name+"`")
		if !ok {
			t.Errorf("the chapter leaves out %s", p.Name)
			continue
		}
		row, _, _ = strings.Cut(row, "\n")
		_, row, _ = strings.Cut(row, "|") // after a unit, where one is given
		want := fmt.Sprintf(" %d | %d | %d to %s |", p.Value, p.Test, p.Least, bound(p.Most))
		if got := strings.ReplaceAll(row, ",", ""); got != want {
			t.Errorf("%s: the chapter says %q, want %q", p.Name, got, want)
		}
	}
}

// bound is a number as the chapter writes it.
func bound(n uint64) string {
	if n == 1<<32 {
		return "2^32"
	}
	return fmt.Sprint(n)
}
