package rib

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Bounds of a table.
const (
	BytesMax     = 1 << 30 // of a text: a table with the paths of one peer has some 150 MB
	LineBytesMax = 16 << 10
	RoutesMax    = 3 << 20 // the Internet has some 1.3 million
	ShownMax     = 10      // unreadable lines that are shown
)

// ErrTable reports text that is no routing table, or one beyond the bounds.
var ErrTable = errors.New("rib: not a routing table")

// Table is what a routing table says, and what became of its lines: Lines is the
// sum of Read, Comments and Unreadable.
type Table struct {
	Routes     []Route // ascending, each once
	Lines      int
	Read       int
	Comments   int
	Unreadable int
	Shown      []Unread // the first of those that are unreadable
}

// Unread is a line that could not be read.
type Unread struct {
	Number int // from 1 on
	Why    string
}

// chunk is how much is read at once.
const chunk = 64 << 10

// Read reads a table to its end, text or binary. An error wraps ErrTable, or is the
// reader's.
//
// specs/31 DRIFT-1: Each line MUST be counted once: as read, as a comment, or as
// unreadable ... A table in which no line can be read MUST be refused.
func Read(in io.Reader) (*Table, error) {
	head := make([]byte, recordHeader)
	n, err := io.ReadFull(in, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	whole := io.MultiReader(bytes.NewReader(head[:n]), in)
	if isDump(head[:n]) {
		return readDump(whole)
	}
	return readText(whole)
}

func readText(in io.Reader) (*Table, error) {
	b := builder{limit: 2 * chunk}
	var held []byte // the beginning of a line whose end has not come
	buf, total := make([]byte, chunk), 0
	for {
		n, err := in.Read(buf)
		if total += n; total > BytesMax {
			return nil, fmt.Errorf("%w: more than %d bytes", ErrTable, BytesMax)
		}
		var failed error
		if held, failed = b.take(held, buf[:n]); failed != nil {
			return nil, failed
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	if len(held) > 0 || b.long {
		b.line(held)
	}
	return b.table()
}

// builder gathers routes; those that come again are dropped now and then, so that
// a table of many peers takes the memory of one.
type builder struct {
	Table
	limit int // of routes, before those that came again are dropped
	long  bool
}

// take reads the lines of a piece, and gives what is left without an end.
func (b *builder) take(held, piece []byte) ([]byte, error) {
	for {
		line, rest, ended := bytes.Cut(piece, []byte{'\n'})
		if len(held)+len(line) > LineBytesMax {
			b.long, held = true, held[:0]
		} else {
			held = append(held, line...)
		}
		if !ended {
			return held, nil
		}
		b.line(held)
		held, piece = held[:0], rest
		if err := b.compact(); err != nil {
			return nil, err
		}
	}
}

// line counts one line, and takes its routes.
func (b *builder) line(raw []byte) {
	b.Lines++
	if b.long {
		b.long = false
		b.unread(fmt.Sprintf("more than %d bytes", LineBytesMax))
		return
	}
	text := bytes.TrimSpace(raw)
	if len(text) == 0 || bytes.IndexByte([]byte(";#%"), text[0]) >= 0 {
		b.Comments++
		return
	}
	more, err := appendLine(b.Routes, string(text))
	if err != nil {
		b.unread(err.Error())
		return
	}
	b.Routes = more
	b.Read++
}

func (b *builder) unread(why string) {
	if b.Unreadable++; len(b.Shown) < ShownMax {
		b.Shown = append(b.Shown, Unread{b.Lines, why})
	}
}

// compact drops what came again once the list is twice as long as when it did so last.
func (b *builder) compact() error {
	if len(b.Routes) < b.limit {
		return nil
	}
	b.unify()
	b.limit = max(b.limit, 2*len(b.Routes))
	if len(b.Routes) > RoutesMax {
		return fmt.Errorf("%w: more than %d routes", ErrTable, RoutesMax)
	}
	return nil
}

// unify puts the routes in order, each once.
//
// specs/31 DRIFT-2: ... each pair once, however many lines name it ... The order of
// lines MUST NOT matter.
func (b *builder) unify() {
	if !slices.IsSortedFunc(b.Routes, Compare) {
		slices.SortFunc(b.Routes, Compare)
	}
	b.Routes = slices.Compact(b.Routes)
}

func (b *builder) table() (*Table, error) {
	if b.unify(); len(b.Routes) > RoutesMax {
		return nil, fmt.Errorf("%w: more than %d routes", ErrTable, RoutesMax)
	}
	if b.Read == 0 {
		return nil, fmt.Errorf("%w: of %d lines none is a route; the first: %s", ErrTable, b.Lines, b.first())
	}
	return &b.Table, nil
}

func (b *builder) first() string {
	if len(b.Shown) == 0 {
		return "there is none but comments"
	}
	return fmt.Sprintf("line %d: %s", b.Shown[0].Number, b.Shown[0].Why)
}
