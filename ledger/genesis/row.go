package genesis

import (
	"fmt"
	"strings"

	"ipledger/ledger/record"
)

// Bounds of a record line (specs/08 GEN-1).
const (
	LineBytesMax   = 1024 // the longest real lines have about 180
	HandleBytesMax = 64   // what record.Source can hold
	fieldsMin      = 5    // registry, country, type, start, value
	fieldsMax      = 16   // the format allows extensions after the opaque id
)

// OwnRegistry is the registry's name in statistics that a ledger writes (specs/30
// FILE-12); each of their rows has its source as its ninth field.
const (
	OwnRegistry = "ipledger"
	sourceField = 8
)

// row is one record line of a statistics file that could be read.
type row struct {
	span
	registry uint8
	class    record.Class
	fit      bool // IANA names this registry for the whole row
	legacy   bool
	status   string
	date     uint32 // YYYYMMDD, 0 when not stated
	country  string
	handle   string // empty when the file states none
	file     int    // index of the file in the input
	line     int    // counted from 1, comments and blank lines included
}

// readRow reads a record line.
//
// specs/08 GEN-2: registry|cc|type|start|value[|date|status[|opaque-id or guess[|…]]].
func readRow(line string, whole bool) (row, error) {
	fields := strings.Split(line, "|")
	if len(fields) < fieldsMin || len(fields) > fieldsMax {
		return row{}, fmt.Errorf("%d fields, %d to %d wanted", len(fields), fieldsMin, fieldsMax)
	}
	for len(fields) < 8 {
		fields = append(fields, "")
	}
	if fields[0] == OwnRegistry && len(fields) > sourceField {
		fields[0] = fields[sourceField] // specs/30 FILE-13: the registry that the row came from
	}
	r := row{registry: registryOf(fields[0])}
	if r.registry == nobody {
		return row{}, fmt.Errorf("%q is not one of the five registries", clip(fields[0]))
	}
	if err := r.read(fields, whole); err != nil {
		return row{}, err
	}
	r.fit, r.legacy = fits(r.span, r.registry)
	r.legacy = r.legacy && r.date < legacyBefore
	return r, nil
}

// read reads what follows the registry.
func (r *row) read(fields []string, whole bool) (err error) {
	if r.country, err = readCountry(fields[1]); err != nil {
		return err
	}
	if r.span, err = readSpan(fields[2], fields[3], fields[4]); err != nil {
		return err
	}
	if r.date, err = readDate(fields[5]); err != nil {
		return err
	}
	return r.readEnd(fields[6], fields[7], whole)
}

// legacyBefore is the day ARIN began; before it nobody held legacy space by a
// registry's contract.
//
// specs/08 GEN-8: A row is legacy when IANA marks all its IPv4 space LEGACY and
// its date is unknown or earlier than 1997-12-22.
const legacyBefore = 19971222

func readCountry(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	if len(text) != 2 || !upper(text[0]) || !upper(text[1]) {
		return "", fmt.Errorf("country %q is not two capital letters", clip(text))
	}
	return text, nil
}

func upper(c byte) bool { return c >= 'A' && c <= 'Z' }

func readDate(text string) (uint32, error) {
	if text == "" || text == "00000000" {
		return 0, nil
	}
	n, ok := record.ReadDay(text)
	if !ok {
		return 0, fmt.Errorf("date %q is not YYYYMMDD", clip(text))
	}
	return n, nil
}

func digits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}

// readEnd reads the status and what follows it. A list made from other files
// may state its status as a guess: an eighth field that ends in a question mark.
func (r *row) readEnd(status, extra string, whole bool) error {
	if guess, ok := strings.CutSuffix(extra, "?"); ok && !whole {
		status, extra = guess, ""
	}
	switch status {
	case "allocated", "assigned", "available", "reserved":
	case "":
		if whole {
			return fmt.Errorf("a registry's own row has no status")
		}
	default:
		return fmt.Errorf("status %q is not allocated, assigned, available or reserved", clip(status))
	}
	if len(extra) > HandleBytesMax || !printable(extra) {
		return fmt.Errorf("opaque id %q is not at most %d printable characters", clip(extra), HandleBytesMax)
	}
	r.status, r.handle = status, extra
	return nil
}

func printable(text string) bool {
	for i := range len(text) {
		if text[i] <= ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

// clip shortens what a message quotes from a file.
func clip(text string) string {
	if len(text) > 40 {
		return text[:40] + "…"
	}
	return text
}
