package record

import (
	"bytes"
	"cmp"
	"fmt"

	"ipledger/ledger/wire"
)

// Ref names one authorisation of a holder: where it is written and what it says.
type Ref struct {
	Resource  wire.Resource
	MaxLength uint64
	AS        uint64
}

// CompareRefs is the order of references in an index: that of the bytes of
// their resources (wire.Resource.Key), then of numbers.
func CompareRefs(a, b Ref) int {
	return cmp.Or(ComparePlaces(a.Resource, b.Resource), cmp.Compare(a.MaxLength, b.MaxLength), cmp.Compare(a.AS, b.AS))
}

// ComparePlaces is the order of blocks in an index.
func ComparePlaces(a, b wire.Resource) int {
	return cmp.Or(cmp.Compare(a.Family, b.Family), cmp.Compare(a.Len, b.Len), bytes.Compare(a.Addr[:], b.Addr[:]))
}

// Resting is the index of the authorisations and services that rest on one
// possession, kept under the root because Apply reads it.
type Resting struct {
	Rules  uint64
	Refs   []Ref
	Places []wire.Resource // where services are set, in the order of wire.Resource.Key
}

// PlacesMax is how many blocks with services rest on one possession (specs/18 SVC-5).
const PlacesMax = 64

// RestingFromBytes reads a canonical index.
func RestingFromBytes(raw []byte) (*Resting, error) {
	x := new(Resting)
	if err := wire.Decode(raw, FolioBytesMax, x); err != nil {
		return nil, fmt.Errorf("resting: %w", err)
	}
	return x, nil
}

// OwnResting is RestingFromBytes for bytes that this process wrote (wire.Own).
func OwnResting(raw []byte) *Resting {
	x, r := new(Resting), wire.NewReader(raw)
	x.Read(&r)
	r.MustClose("resting")
	return x
}

// Append writes the index's canonical bytes.
func (x *Resting) Append(w *wire.Writer) {
	all := w.List()
	w.Uint(x.Rules)
	appendRefs(w, x.Refs)
	places := w.List()
	for _, r := range x.Places {
		w.Resource(r)
	}
	w.End(places)
	w.End(all)
}

// Read reads an index that Append wrote.
func (x *Resting) Read(r *wire.Reader) {
	all := r.List()
	x.Rules = all.Uint()
	x.Refs = readRefs(&all)
	places := all.List()
	for places.More() {
		x.Places = append(x.Places, places.Resource())
	}
	all.Leave(&places)
	r.Leave(&all)
}

func appendRefs(w *wire.Writer, refs []Ref) {
	list := w.List()
	for i := range refs {
		one := w.List()
		w.Resource(refs[i].Resource)
		w.Uint(refs[i].MaxLength)
		w.Uint(refs[i].AS)
		w.End(one)
	}
	w.End(list)
}

func readRefs(r *wire.Reader) (out []Ref) {
	list := r.List()
	for list.More() {
		one := list.List()
		out = append(out, Ref{Resource: one.Resource(), MaxLength: one.Uint(), AS: one.Uint()})
		list.Leave(&one)
	}
	r.Leave(&list)
	return out
}
