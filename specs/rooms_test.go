package specs_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// roomRow is a row of the map of rooms in ARCHITECTURE.md.
var roomRow = regexp.MustCompile("(?m)^\\| `([a-z0-9/]+)` \\|")

// TestArchitecture fails when the map of rooms names one that is not there, or
// leaves out a package that stands beneath none of those it names.
func TestArchitecture(t *testing.T) {
	raw, err := os.ReadFile("../ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for _, m := range roomRow.FindAllStringSubmatch(string(raw), -1) {
		named[m[1]] = true
		if info, err := os.Stat("../" + m[1]); err != nil || !info.IsDir() {
			t.Errorf("the map names %s, which is not there: %v", m[1], err)
		}
	}
	goFiles(t, func(room, path string) {
		if strings.Contains(room, "internal") {
			return // of one room alone
		}
		for at := room; ; at = at[:strings.LastIndex(at, "/")] {
			if named[at] {
				return
			}
			if !strings.Contains(at, "/") {
				t.Errorf("the map leaves out %s (%s)", room, path)
				return
			}
		}
	})
}
