package main

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/BurntSushi/toml"
)

// inputBytesMax bounds a members or holdings file: what people write by hand is
// far smaller.
const inputBytesMax = 16 << 20

// readTOML decodes strictly: a key that the file format does not have is an
// error with its line.
func readTOML(raw []byte, into any) error {
	if len(raw) > inputBytesMax {
		return fmt.Errorf("%d bytes, at most %d", len(raw), inputBytesMax)
	}
	meta, err := toml.Decode(string(raw), into)
	if err != nil {
		return err
	}
	for _, key := range meta.Undecoded() {
		last := key[len(key)-1]
		return fmt.Errorf("line %d: unknown key %s", lines(raw).key(last, 0), key)
	}
	return nil
}

// fileLines is a file's lines, for errors: the TOML library does not say where
// it found what.
type fileLines []string

func lines(raw []byte) fileLines { return strings.Split(string(raw), "\n") }

// headers gives the lines, from 1, of the headers [[name]].
func (f fileLines) headers(name string) (at []int) {
	form := regexp.MustCompile(`^\s*\[\[\s*` + strings.ReplaceAll(regexp.QuoteMeta(name), `\.`, `\s*\.\s*`) + `\s*\]\]`)
	for i, line := range f {
		if form.MatchString(line) {
			at = append(at, i+1)
		}
	}
	return at
}

// header is the line of the header [name], 0 if there is none.
func (f fileLines) header(name string) int {
	form := regexp.MustCompile(`^\s*\[\s*` + regexp.QuoteMeta(name) + `\s*\]`)
	for i, line := range f {
		if form.MatchString(line) {
			return i + 1
		}
	}
	return 0
}

// key is the first line at or after from that sets or opens a key.
func (f fileLines) key(name string, from int) int {
	form := regexp.MustCompile(`^\s*(\[.*)?["']?` + regexp.QuoteMeta(name) + `["']?\s*[\].=]`)
	for i := from; i < len(f); i++ {
		if form.MatchString(f[i]) {
			return i + 1
		}
	}
	return 0
}

// quoted is the first line from line from on that holds text in quotes.
func (f fileLines) quoted(text string, from int) int {
	for i := max(from-1, 0); i < len(f); i++ {
		code, _, _ := strings.Cut(f[i], "#")
		if strings.Contains(code, `"`+text+`"`) || strings.Contains(code, `'`+text+`'`) {
			return i + 1
		}
	}
	return from
}

func nth(at []int, i int) int {
	if i < len(at) {
		return at[i]
	}
	return 0
}
