package observed

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// LineBytesMax bounds a line of CSV: the longest real ones have about 300 bytes, of
// a ROA's address.
const LineBytesMax = 4096

// columns says where a line has what; -1 for nowhere.
type columns struct{ as, prefix, most, expires int }

// readCSV reads lines under a line of column names: ASN, IP Prefix, Max Length, and
// perhaps Expires or Not After; others are passed over.
func (e *Export) readCSV(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return broken(err)
	}
	n, at, begun := 0, columns{}, false
	for len(raw) > 0 {
		end := len(raw)
		if i := bytes.IndexByte(raw[:min(end, LineBytesMax+2)], '\n'); i >= 0 {
			end = i
		} else if end > LineBytesMax {
			return fmt.Errorf("%w: line %d: more than %d bytes (FILE-1)", ErrExport, n+1, LineBytesMax)
		}
		line := strings.TrimSuffix(string(raw[:end]), "\r")
		raw, n = raw[min(end+1, len(raw)):], n+1
		if line == "" || line[0] == '#' {
			continue
		}
		fields, err := split(line)
		if err == nil && !begun {
			at, err = named(fields)
			begun = true
		} else if err == nil {
			err = e.line(fields, at)
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	if !begun {
		return fmt.Errorf("%w: it is empty (FILE-2)", ErrExport)
	}
	return nil
}

// split cuts a line into its fields, each perhaps in quotes.
func split(line string) (out []string, err error) {
	for {
		field, rest, more := line, "", false
		if quoted, ok := strings.CutPrefix(line, `"`); ok {
			end := strings.IndexByte(quoted, '"')
			if end < 0 || end+1 < len(quoted) && quoted[end+1] != ',' {
				return nil, fmt.Errorf("%w: a quote without its other (FILE-2)", ErrExport)
			}
			field, rest = quoted[:end], quoted[end+1:]
			rest, more = strings.CutPrefix(rest, ",")
		} else {
			field, rest, more = strings.Cut(line, ",")
		}
		if out = append(out, strings.TrimSpace(field)); !more {
			return out, nil
		}
		line = rest
	}
}

// named finds the columns by their names.
func named(fields []string) (columns, error) {
	c := columns{-1, -1, -1, -1}
	for i, name := range fields {
		switch strings.ToLower(name) {
		case "asn":
			c.as = i
		case "ip prefix", "prefix":
			c.prefix = i
		case "max length", "maxlength":
			c.most = i
		case "expires", "not after":
			c.expires = i
		}
	}
	if c.as < 0 || c.prefix < 0 {
		return c, fmt.Errorf("%w: no columns ASN and IP Prefix (FILE-2)", ErrExport)
	}
	return c, nil
}

func (e *Export) line(fields []string, at columns) error {
	field := func(i int) string {
		if i < 0 || i >= len(fields) {
			return ""
		}
		return fields[i]
	}
	as, err := readAS(field(at.as))
	if err != nil {
		return err
	}
	var most *uint64
	if text := field(at.most); text != "" {
		n, err := strconv.ParseUint(text, 10, 8)
		if err != nil {
			return fmt.Errorf("%w: %q is no length (FILE-2)", ErrExport, clip(text))
		}
		most = &n
	}
	expires, err := readExpiry(field(at.expires))
	return errors.Join(err, e.row(field(at.prefix), most, as, expires))
}

// readExpiry reads Unix seconds or a time.
func readExpiry(text string) (uint64, error) {
	if text == "" || text == "N/A" {
		return 0, nil
	}
	if n, err := strconv.ParseUint(text, 10, 63); err == nil {
		return n, nil
	}
	if n, ok := readClock(text); ok {
		return n, nil
	}
	return 0, fmt.Errorf("%w: %q is no time (FILE-2)", ErrExport, clip(text))
}
