package main

import (
	"encoding/json"
	"fmt"
	"io"

	"ipledger/cmd/plain"
)

// said is text from elsewhere: a node, a file, an account's name. Shown, it has
// no line ends, control or direction characters, whatever it was.
type said string

// String writes what would not be seen as JSON escapes it.
func (t said) String() string { return plain.Text(string(t), false) }

// printer writes lines of text that cannot make a terminal do anything.
type printer struct{ w io.Writer }

func (p *printer) linef(format string, args ...any) {
	// An error means that the reader is gone; there is nobody to tell.
	_, _ = io.WriteString(p.w, plain.Text(fmt.Sprintf(format, args...), true)+"\n")
}

// askf writes a line that waits for an answer.
func (p *printer) askf(format string, args ...any) {
	_, _ = io.WriteString(p.w, plain.Text(fmt.Sprintf(format, args...), true))
}

// field writes a line of a table of two columns.
func (p *printer) field(name, format string, args ...any) {
	p.linef("%-11s %s", name, fmt.Sprintf(format, args...))
}

// json writes v on lines of its own.
func (p *printer) json(v any) error {
	raw, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	p.linef("%s", raw)
	return nil
}
