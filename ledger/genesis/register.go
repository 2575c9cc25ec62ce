package genesis

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
)

// RegisterFormat is the tag of a register file.
const RegisterFormat = "ipledger-register/1"

// RegisterBytesMax bounds a register file: each of two million titles with a line
// of the usual 80 bytes, and full queues of all registries.
const RegisterBytesMax = 256 << 20

// ErrRegister reports bytes that are no register file.
var ErrRegister = errors.New("genesis: not a register file")

// Register is the titles of a state and the statements that wait, as registries'
// files are compared with them.
type Register struct {
	Height  uint64
	Titles  []*Listed // in the order of keys
	Waiting []Waiting // in the order in which they fall due
}

// Waiting is a page of statements that is not settled.
type Waiting struct {
	Registry string
	Date     uint64 // YYYYMMDD of the registry's file
	Ripe     uint64 // header time at which it falls due
	Lines    string // specs/21 SRC-18
}

// ReadRegister is the register of a state.
func ReadRegister(s tree.State, height uint64) (*Register, error) {
	titles, err := List(s)
	if err != nil {
		return nil, err
	}
	r := &Register{Height: height, Titles: titles}
	for _, name := range record.Registries {
		list, err := WaitingOf(s, name)
		if err != nil {
			return nil, err
		}
		r.Waiting = append(r.Waiting, list...)
	}
	slices.SortStableFunc(r.Waiting, func(a, b Waiting) int { return cmp.Compare(a.Ripe, b.Ripe) })
	return r, nil
}

// WaitingOf is the pages of one registry that wait, in their order.
func WaitingOf(s tree.State, registry string) (out []Waiting, err error) {
	leaf, ok := s.Get(record.FeedKey(registry))
	if !ok {
		return nil, nil
	}
	f, err := record.FeedFromBytes(leaf.Data)
	if err != nil {
		return nil, err
	}
	for n := f.First; n < f.Last; n++ {
		leaf, _ := s.Get(record.SheetKey(registry, n))
		x, err := record.SheetFromBytes(leaf.Data)
		if err != nil {
			return nil, err
		}
		out = append(out, Waiting{registry, x.Date, x.Ripe, x.Lines})
	}
	return out, nil
}

// Settled is the titles once all that waits is settled.
func (r *Register) Settled() ([]*Listed, error) {
	list := slices.Clone(r.Titles)
	for _, w := range r.Waiting {
		lines, err := tx.ParseStatements(w.Registry, w.Lines)
		if err != nil {
			return nil, err
		}
		list = Project(list, w.Registry, lines)
	}
	return list, nil
}

// Encode is the register as a file: a line that says what it is, one a title, one
// a page that waits.
func (r *Register) Encode() []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "%s|%d|%d|%d\n", RegisterFormat, r.Height, len(r.Titles), len(r.Waiting))
	for _, t := range r.Titles {
		s := tx.Statement{Block: t.Resource, Source: &t.Source}
		out.WriteString(t.Source.Registry + "|" + s.String())
		if t.Bound {
			out.WriteString("|bound")
		}
		if t.Mark != nil {
			out.WriteString("|diverges|" + t.Mark.At.String() + "|" + t.Mark.Says)
		}
		out.WriteByte('\n')
	}
	for _, w := range r.Waiting {
		fmt.Fprintf(&out, "waits|%s|%d|%d|%s\n", w.Registry, w.Date, w.Ripe, w.Lines)
	}
	return out.Bytes()
}

// DecodeRegister reads what Encode writes, and nothing else.
func DecodeRegister(raw []byte) (*Register, error) {
	if len(raw) > RegisterBytesMax {
		return nil, fmt.Errorf("%w: %d bytes, at most %d", ErrRegister, len(raw), RegisterBytesMax)
	}
	head, rest, ok := strings.Cut(string(raw), "\n")
	fields := strings.Split(head, "|")
	if !ok || len(fields) != 4 || fields[0] != RegisterFormat {
		return nil, fmt.Errorf("%w: it does not begin with %s|height|titles|pages", ErrRegister, RegisterFormat)
	}
	height, err := strconv.ParseUint(fields[1], 10, 64)
	if err != nil {
		return nil, fmt.Errorf("%w: height %q", ErrRegister, clip(fields[1]))
	}
	r, n := &Register{Height: height}, 1
	for line := range strings.Lines(rest) {
		n++
		if err := r.read(strings.TrimSuffix(line, "\n")); err != nil {
			return nil, fmt.Errorf("%w: line %d: %w", ErrRegister, n, err)
		}
	}
	if !bytes.Equal(r.Encode(), raw) {
		return nil, fmt.Errorf("%w: a byte differs from the one encoding of what it says", ErrRegister)
	}
	return r, nil
}

func (r *Register) read(line string) error {
	if rest, ok := strings.CutPrefix(line, "waits|"); ok {
		return r.readWaiting(strings.SplitN(rest, "|", 4))
	}
	fields := strings.Split(line, "|")
	if len(fields) < 8 {
		return fmt.Errorf("%d fields, a title has 8", len(fields))
	}
	var s tx.Statement
	if err := s.Parse(fields[0], strings.Join(fields[1:8], "|")); err != nil {
		return err
	}
	t := &Listed{Resource: s.Block, Source: *s.Source}
	more := fields[8:]
	if len(more) > 0 && more[0] == "bound" {
		t.Bound, more = true, more[1:]
	}
	if len(more) == 3 && more[0] == "diverges" {
		at, err := inr.Parse(more[1])
		if err != nil || !inr.Covers(t.Resource, at) {
			return fmt.Errorf("%q is no block of %v", clip(more[1]), t.Resource)
		}
		t.Mark = &record.Restriction{Kind: record.Diverges, At: at, Says: more[2]}
	}
	if k := len(r.Titles) - 1; k >= 0 && (inr.Compare(r.Titles[k].Resource, t.Resource) >= 0 || inr.Overlaps(r.Titles[k].Resource, t.Resource)) {
		return fmt.Errorf("%v does not come after %v, or overlaps it", t.Resource, r.Titles[k].Resource)
	}
	r.Titles = append(r.Titles, t)
	return nil
}

func (r *Register) readWaiting(fields []string) error {
	if len(fields) != 4 {
		return fmt.Errorf("%d fields, a page has 4", len(fields))
	}
	w := Waiting{Registry: fields[0], Lines: fields[3]}
	if _, ok := record.RegistryOf(w.Registry); !ok {
		return fmt.Errorf("%q is no registry", clip(w.Registry))
	}
	var err error
	if w.Date, err = strconv.ParseUint(fields[1], 10, 64); err != nil {
		return err
	}
	if w.Ripe, err = strconv.ParseUint(fields[2], 10, 64); err != nil {
		return err
	}
	r.Waiting = append(r.Waiting, w)
	_, err = tx.ParseStatements(w.Registry, w.Lines)
	return err
}
