package genesis

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// Bounds of the statistics (specs/08 GEN-1). All five registries' extended
// files together have about 60 MB and a million rows.
const (
	StatsBytesMax = 128 << 20 // of one file, decompressed
	StatsFilesMax = 64
	RowsMax       = 4 << 20 // of all files
)

// ErrStats reports a statistics file, or a set of them, that cannot be read at
// all. A row that cannot be read is no error: the report lists it.
var ErrStats = errors.New("genesis: statistics")

// Stats is one statistics file, decompressed. Its name appears in the report;
// it also dates a derived list (GEN-4).
type Stats struct {
	Name string
	Raw  []byte
}

// statsFile is what was read of one file.
type statsFile struct {
	name     string
	digest   wire.Hash // of the bytes
	class    record.Class
	registry string            // of the version line, empty for a derived list
	date     uint32            // of the data, 0 when unknown
	summary  map[string]uint64 // rows by type, as the file itself states
	count    map[string]uint64 // rows by type, as read
	rows     int               // record lines
	rejected []Line
	words    map[string]string // one copy of each short text, so that rows do not pin the file
}

// readStats reads one file and appends its rows.
//
// specs/08 GEN-3: A file without a version line is a derived list. Comments,
// blank lines, the version line and summary lines are not record lines.
func readStats(in Stats, index int, rows []row) (*statsFile, []row, error) {
	if len(in.Raw) > StatsBytesMax {
		return nil, nil, fmt.Errorf("%w: %s has %d bytes, at most %d (GEN-1)", ErrStats, in.Name, len(in.Raw), StatsBytesMax)
	}
	if bytes.IndexByte(in.Raw, 0) >= 0 {
		return nil, nil, fmt.Errorf("%w: %s is not text; is it still compressed? (GEN-1)", ErrStats, in.Name)
	}
	f := &statsFile{name: in.Name, digest: sha256.Sum256(in.Raw), class: record.Derived,
		summary: map[string]uint64{}, count: map[string]uint64{}, words: map[string]string{}}
	from, begun, n := len(rows), false, 0
	for text := range strings.SplitSeq(string(in.Raw), "\n") {
		n++
		text = strings.TrimSuffix(text, "\r")
		if text == "" || text[0] == '#' {
			continue
		}
		if !begun && f.version(text) {
			begun = true
			continue
		}
		begun = true
		if f.summarised(text) {
			continue
		}
		if len(rows) == RowsMax {
			return nil, nil, fmt.Errorf("%w: more than %d rows (GEN-1)", ErrStats, RowsMax)
		}
		rows = f.record(rows, text, index, n)
	}
	f.finish(rows[from:])
	f.words = nil
	return f, rows, nil
}

// version reads version|registry|serial|records|startdate|enddate|UTCoffset.
func (f *statsFile) version(text string) bool {
	fields := strings.Split(text, "|")
	if len(fields) != 7 || fields[0] != "2" && !(strings.HasPrefix(fields[0], "2.") && digits(fields[0][2:])) {
		return false
	}
	f.class, f.registry = record.Whole, fields[1]
	if d, ok := record.ReadDay(fields[5]); ok {
		f.date = d
	} else if d, ok := record.ReadDay(fields[2]); ok {
		f.date = d
	}
	return true
}

// summarised reads registry|*|type|*|count|summary.
func (f *statsFile) summarised(text string) bool {
	if !strings.HasSuffix(text, "|summary") {
		return false
	}
	fields := strings.Split(text, "|")
	if len(fields) != 6 || fields[1] != "*" || fields[3] != "*" {
		return false
	}
	var n uint64
	if _, err := fmt.Sscan(fields[4], &n); err == nil && len(f.summary) < 8 {
		f.summary[clip(fields[2])] = n
	}
	return true
}

// record reads a record line into rows, or rejects it with a reason.
func (f *statsFile) record(rows []row, text string, index, n int) []row {
	f.rows++
	r, err := row{}, error(nil)
	if len(text) > LineBytesMax {
		err = fmt.Errorf("%d bytes, at most %d (GEN-1)", len(text), LineBytesMax)
	} else {
		r, err = readRow(text, f.class != record.Derived)
	}
	if name := record.Registries; err == nil && f.registry != "" && f.registry != "nro" && f.registry != OwnRegistry && name[r.registry] != f.registry {
		err = fmt.Errorf("a row of %s in a file of %q", name[r.registry], clip(f.registry))
	}
	if err != nil {
		f.rejected = append(f.rejected, Line{File: f.name, Line: n, Verdict: Rejected, Reason: err.Error()})
		return rows
	}
	r.file, r.line = index, n
	r.status, r.country, r.handle = f.word(r.status), f.word(r.country), f.word(r.handle)
	f.count[kinds[r.family]]++
	return append(rows, r)
}

// word is one lasting copy of a text.
func (f *statsFile) word(text string) string {
	if w, ok := f.words[text]; ok {
		return w
	}
	w := strings.Clone(text)
	f.words[w] = w
	return w
}

var kinds = [...]string{"ipv4", "ipv6", "asn"}

// finish gives the file's rows their class, and a derived list its date.
func (f *statsFile) finish(rows []row) {
	for i := range rows {
		if f.class == record.Whole && rows[i].handle != "" {
			f.class = record.Extended
		}
	}
	for i := range rows {
		rows[i].class = f.class
	}
	if f.class == record.Derived {
		f.date = dateIn(f.name)
	}
}
