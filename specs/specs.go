// Package specs is the law: the numbered chapters, the vectors and the import
// policy, embedded so that tests and tools read the same text.
package specs

import (
	"embed"
	"io/fs"
	"strings"
)

// Files holds the chapters, the vectors and layers.txt.
//
//go:embed *.md decisions vectors layers.txt
var Files embed.FS

// Rule gives the sentence of a numbered rule, such as TITLE-2.
func Rule(id string) (sentence string, ok bool) {
	chapters, err := fs.Glob(Files, "*.md")
	if err != nil {
		return "", false
	}
	for _, chapter := range chapters {
		raw, err := fs.ReadFile(Files, chapter)
		if err != nil {
			continue
		}
		if _, after, found := strings.Cut(string(raw), "\n**"+id+"**: "); found {
			sentence, _, _ = strings.Cut(after, "\n")
			return sentence, true
		}
	}
	return "", false
}
