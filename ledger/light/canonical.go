package light

import (
	"bytes"
	"encoding/json"
)

// encode writes the one form of a file: keys in the order of the struct, two
// spaces a level, and one newline at the end.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		panic("light: a file of plain fields does not encode: " + err.Error())
	}
	return b.Bytes()
}

// decode reads what encode writes, at most max bytes, and nothing else.
//
// specs/12 PRF-1: A reader MUST refuse a file longer than its bound before it
// reads it. specs/12 PRF-2: A reader MUST decode a file, encode it again, and
// refuse it if any byte differs, or if a value is null.
func decode(raw []byte, max int, v any) error {
	if len(raw) > max {
		return malformed("PRF-1", "%d bytes, at most %d", len(raw), max)
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return malformed("PRF-2", "%v", err)
	}
	if !bytes.Equal(encode(v), raw) {
		return malformed("PRF-2", "it is not written in the one canonical form")
	}
	if nulls(raw) {
		return malformed("PRF-2", "a null stands in it")
	}
	return nil
}

// nulls reports whether a value of a file in canonical form is null, which decodes
// and encodes again where a list is wanted: a text never ends a line without a quote.
func nulls(raw []byte) bool {
	for line := range bytes.Lines(raw) {
		if bytes.HasSuffix(bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte(",")), []byte("null")) {
			return true
		}
	}
	return false
}
