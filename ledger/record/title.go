package record

import (
	"fmt"

	"ipledger/ledger/wire"
)

// State is what has become of a title. The numbers are on the wire.
type State uint8

const (
	Available State = 1 // its registry has it to give out
	Reserved  State = 2 // its registry keeps it back
	Unclaimed State = 3 // a source lists it, no account holds it
	Pending   State = 4 // claimed; the window runs
	Held      State = 5 // an account holds it
	Qualified State = 6 // held on evidence that better evidence defeats for a time
	Contested State = 7 // two claim it
	Dormant   State = 8 // its holder has not answered
)

var stateNames = [...]string{"", "available", "reserved", "unclaimed", "pending", "held", "qualified", "contested", "dormant"}

// String is the word for the state, as answers use it.
func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return fmt.Sprintf("state %d", uint8(s))
}

// Grade is the evidence a title rests on: 'A', 'B', 'C', 'T', or 0 for none.
type Grade uint8

const (
	GradeNone Grade = 0   // nobody has proved anything
	GradeA    Grade = 'A' // an RPKI signed checklist
	GradeB    Grade = 'B' // two registrars
	GradeC    Grade = 'C' // one registrar: an entry only
	GradeT    Grade = 'T' // the author of a test network's genesis
)

// String is the letter, or none.
func (g Grade) String() string {
	if g == GradeNone {
		return "none"
	}
	return string(rune(g))
}

// Settled reports whether a title of this grade may be dealt in.
func (g Grade) Settled() bool { return g == GradeA || g == GradeB || g == GradeT }

// Class says what kind of file a source row was read from.
type Class uint8

const (
	Whole    Class = 1 // a registry's own file with a version line
	Extended Class = 2 // the same, with opaque ids
	Derived  Class = 3 // a list that someone made from such files
)

var classNames = [...]string{"", "whole", "extended", "derived"}

// String is the word for the class, as answers use it.
func (c Class) String() string {
	if int(c) < len(classNames) {
		return classNames[c]
	}
	return fmt.Sprintf("class %d", uint8(c))
}

// Source is the registry row that a title came from; only a statement of a registry changes
// it, while nobody holds the title. Titles cut from one row carry the same source.
type Source struct {
	Registry string // afrinic, apnic, arin, lacnic, ripencc, iana; at most 16 bytes
	Handle   string // the row's opaque id, empty where the file has none; at most 64 bytes
	Status   string // as the row says: allocated, assigned, …; at most 16 bytes
	Date     uint64 // YYYYMMDD, 0 where the row has none
	Country  string // two letters, or empty
	Class    Class
	Legacy   bool     // listed before its registry was formed
	First    [16]byte // first and last number of the whole row, left-aligned
	Last     [16]byte
}

// PredecessorsMax is two: a merge has two, a part or a transfer one, genesis none.
const PredecessorsMax = 2

// Predecessor names a folio that a title was made from, by block and value.
type Predecessor struct {
	Resource wire.Resource
	Value    wire.Hash
}

// Bounds of what a title says of its proof.
const (
	BasisMax      = 5  // the most attestations that a parameter may ask for
	ForumBytesMax = 64 // as a governing law
)

// Title is the folio of one block: who holds it and where that comes from.
type Title struct {
	Rules        uint64
	State        State
	Holder       wire.Address // zero while unclaimed, available, reserved
	Grade        Grade
	Proved       uint64         // Unix seconds of the proof that gave the grade; 0 without one
	Since        uint64         // header time at which this holder's folio was opened; 0 from genesis
	Counter      uint64         // rises with each change of an estate, charge, restriction or grade inside
	Qualified    uint64         // header time until which better evidence defeats it; 0 for an absolute title
	Basis        []wire.Address // the registrars whose attestations the grade rests on, ascending, at most BasisMax
	Forum        string         // whose law and court its holder named for disputes, at most ForumBytesMax; or empty
	Stated       uint64         // YYYYMMDD of the registry's file that a statement gave Source from; 0 from genesis
	Source       Source
	Predecessors []Predecessor
}

// Bytes is the title's canonical record.
func (t *Title) Bytes() []byte {
	w := wire.NewWriter(titleBytesUsual)
	t.Append(&w)
	return w.Bytes()
}

// titleBytesUsual is more than most titles take.
const titleBytesUsual = 192

// OwnTitle is TitleFromBytes for bytes that this process wrote (wire.Own).
func OwnTitle(raw []byte) *Title {
	t, r := new(Title), wire.NewReader(raw)
	t.Read(&r)
	r.MustClose("title")
	return t
}

// TitleFromBytes reads what Bytes writes.
func TitleFromBytes(raw []byte) (*Title, error) {
	t := new(Title)
	if err := wire.Decode(raw, FolioBytesMax, t); err != nil {
		return nil, fmt.Errorf("title: %w", err)
	}
	if len(t.Predecessors) > PredecessorsMax {
		return nil, fmt.Errorf("title: %w: %d predecessors", wire.ErrCanonical, len(t.Predecessors))
	}
	if len(t.Basis) > BasisMax || len(t.Forum) > ForumBytesMax {
		return nil, fmt.Errorf("title: %w: a basis of %d, a forum of %d bytes", wire.ErrCanonical, len(t.Basis), len(t.Forum))
	}
	return t, nil
}

// Append writes the title's canonical bytes.
func (t *Title) Append(w *wire.Writer) {
	all := w.List()
	w.Uint(t.Rules)
	w.Uint(uint64(t.State))
	w.String(t.Holder[:])
	w.Uint(uint64(t.Grade))
	w.Uint(t.Proved)
	w.Uint(t.Since)
	w.Uint(t.Counter)
	w.Uint(t.Qualified)
	basis := w.List()
	for i := range t.Basis {
		w.String(t.Basis[i][:])
	}
	w.End(basis)
	w.Text(t.Forum)
	w.Uint(t.Stated)
	t.Source.append(w)
	list := w.List()
	for i := range t.Predecessors {
		one := w.List()
		w.Resource(t.Predecessors[i].Resource)
		w.String(t.Predecessors[i].Value[:])
		w.End(one)
	}
	w.End(list)
	w.End(all)
}

func (s *Source) append(w *wire.Writer) {
	all := w.List()
	w.Text(s.Registry)
	w.Text(s.Handle)
	w.Text(s.Status)
	w.Uint(s.Date)
	w.Text(s.Country)
	w.Uint(uint64(s.Class))
	w.Bool(s.Legacy)
	w.String(s.First[:])
	w.String(s.Last[:])
	w.End(all)
}

// Read reads a title that Append wrote.
func (t *Title) Read(r *wire.Reader) {
	all := r.List()
	t.Rules, t.State = all.Uint(), State(all.Byte())
	all.Fill(t.Holder[:])
	t.Grade, t.Proved, t.Since, t.Counter = Grade(all.Byte()), all.Uint(), all.Uint(), all.Uint()
	t.Qualified = all.Uint()
	t.readBasis(&all)
	t.Forum, t.Stated = all.Text(), all.Uint()
	t.Source.read(&all)
	list := all.List()
	for list.More() {
		one := list.List()
		p := Predecessor{Resource: one.Resource()}
		one.Fill(p.Value[:])
		list.Leave(&one)
		t.Predecessors = append(t.Predecessors, p)
	}
	all.Leave(&list)
	r.Leave(&all)
}

func (t *Title) readBasis(r *wire.Reader) {
	list := r.List()
	for list.More() {
		var by wire.Address
		list.Fill(by[:])
		t.Basis = append(t.Basis, by)
	}
	r.Leave(&list)
}

func (s *Source) read(r *wire.Reader) {
	all := r.List()
	s.Registry, s.Handle, s.Status = all.Text(), all.Text(), all.Text()
	s.Date, s.Country = all.Uint(), all.Text()
	s.Class, s.Legacy = Class(all.Byte()), all.Bool()
	all.Fill(s.First[:])
	all.Fill(s.Last[:])
	r.Leave(&all)
}
