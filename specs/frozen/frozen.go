// Package frozen is for tests of the vectors: it reads a file of specs/vectors,
// and holds what the code makes today against what the file says.
//
// A difference is a change of the law or of a format. Where it is meant, the
// flag -update writes the file anew, and the difference is reviewed like code.
package frozen

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"ipledger/specs"
)

var update = flag.Bool("update", false, "write the files of specs/vectors that this package makes anew; review the difference")

// Read decodes the vectors of a name, such as "acts", into v, and gives their bytes.
func Read(t testing.TB, name string, v any) []byte {
	t.Helper()
	raw, err := specs.Files.ReadFile("vectors/" + name + ".json")
	if err == nil {
		err = json.Unmarshal(raw, v)
	}
	if err != nil {
		t.Fatalf("the vectors %s: %v", name, err)
	}
	return raw
}

// Hold fails a test unless the vectors of a name are what is made now.
func Hold(t testing.TB, name string, made []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path(name), made, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	frozen, err := specs.Files.ReadFile("vectors/" + name + ".json")
	if err != nil || !bytes.Equal(frozen, made) {
		line := differs(frozen, made)
		t.Errorf("specs/vectors/%s.json differs from what is made today at line %d (%v); if that is meant, -update writes it, and review the difference:\nfrozen %s\nmade   %s",
			name, line, err, lineOf(frozen, line), lineOf(made, line))
	}
}

// Text is a value as files of vectors show it: JSON in lines that review reads
// well, and a newline at the end.
func Text(t testing.TB, v any) []byte {
	t.Helper()
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// path is where a file of vectors stands in the checkout this was built from.
func path(name string) string {
	_, here, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(here), "..", "vectors", name+".json")
}

// differs is the number of the first line, from 1, in which two texts differ.
func differs(a, b []byte) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return 1 + bytes.Count(a[:n], []byte("\n"))
}

// lineOf is line n of a text, from 1, cut where a terminal would be flooded.
func lineOf(text []byte, n int) string {
	const shown = 200
	lines := bytes.SplitN(text, []byte("\n"), n+1)
	if len(lines) < n {
		return ""
	}
	return string(lines[n-1][:min(shown, len(lines[n-1]))])
}

// Octets is bytes that vectors show in lower-case hexadecimal.
type Octets []byte

// MarshalText gives two digits for each byte.
func (o Octets) MarshalText() ([]byte, error) { return []byte(hex.EncodeToString(o)), nil }

// UnmarshalText reads what MarshalText gives.
func (o *Octets) UnmarshalText(text []byte) (err error) {
	*o, err = hex.DecodeString(string(text))
	return err
}
