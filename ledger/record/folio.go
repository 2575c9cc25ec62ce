// Package record is what is written down about a block, a deal, a member: the
// records of the register, each with one canonical encoding (specs/14).
//
// A record says nothing of how it came to be; that is for package ledger.
package record

import (
	"fmt"

	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// Rules is the version of the rules that write records today.
const Rules = 1

// FolioBytesMax bounds everything written at one block. Its largest part are
// 64 authorisations for each of the 4 possessors that a block can have.
const FolioBytesMax = 64 << 10

// Folio is everything written at one block: six slots, each the bytes of a
// record or empty, and the folio's value before the ledger block that changed
// it last. All slots are there from rules version 1, so that one path proves
// each of them present or absent.
type Folio struct {
	Title          []byte
	Estates        []byte
	Charges        []byte
	Restrictions   []byte
	Authorisations []byte
	Contacts       []byte
	Previous       wire.Hash
}

// slots are the parts of a folio in the order of the law.
func (f *Folio) slots() [6][]byte {
	return [6][]byte{f.Title, f.Estates, f.Charges, f.Restrictions, f.Authorisations, f.Contacts}
}

// Parts are the seven hashes that a folio's value is made of: specs/14 REC-1.
func (f *Folio) Parts() [7]wire.Hash {
	var parts [7]wire.Hash
	for i, raw := range f.slots() {
		parts[i] = PartHash(i, raw)
	}
	parts[6] = f.Previous
	return parts
}

// PartHash is the hash of slot i of a folio, zero where the slot is empty.
func PartHash(i int, raw []byte) wire.Hash {
	if len(raw) == 0 {
		return wire.Hash{}
	}
	return wire.Sum(wire.TagRecord, []byte{0xf0 | byte(i)}, raw)
}

// Value is what the state tree holds at the folio's block.
//
// specs/14 REC-1: value = SHA-256(0x70 ‖ title ‖ estates ‖ charges ‖
// restrictions ‖ authorisations ‖ contacts ‖ previous), a part being 32 zero
// bytes where its slot is empty.
func (f *Folio) Value() wire.Hash {
	return ValueOf(f.Parts())
}

// ValueOf folds the seven parts of a folio.
func ValueOf(parts [7]wire.Hash) wire.Hash {
	var raw [7 * 32]byte
	for i, p := range parts {
		copy(raw[i*32:], p[:])
	}
	return wire.Sum(wire.TagValue, raw[:])
}

// Dealing is the part of the value that an offer is made on. The folio's bytes
// are this process's own, or were read by RestrictionsFromBytes.
//
// specs/04 DEAL-1: the dealing value leaves out authorisations, contacts, marks
// and the previous value, so that routing goes on while an offer is open.
func (f *Folio) Dealing() wire.Hash { return f.dealing(binding(f.Restrictions)) }

// Marked is the value that an acceptance names: the dealing value with the marks
// in it, so that who accepts has seen them. It is the dealing value where there
// are none.
func (f *Folio) Marked() wire.Hash { return f.dealing(f.Restrictions) }

func (f *Folio) dealing(restrictions []byte) wire.Hash {
	var raw [4 * 32]byte
	for i, slot := range [4][]byte{f.Title, f.Estates, f.Charges, restrictions} {
		part := PartHash(i, slot)
		copy(raw[i*32:], part[:])
	}
	return wire.Sum(wire.TagDealing, raw[:])
}

// Empty reports whether no slot is filled: such a folio leaves the tree.
func (f *Folio) Empty() bool {
	for _, raw := range f.slots() {
		if len(raw) > 0 {
			return false
		}
	}
	return true
}

// Append writes the folio's canonical bytes.
func (f *Folio) Append(w *wire.Writer) {
	all := w.List()
	for _, raw := range f.slots() {
		w.String(raw)
	}
	w.String(f.Previous[:])
	w.End(all)
}

// Read reads a folio that Append wrote; its slots alias what is read.
func (f *Folio) Read(r *wire.Reader) {
	all := r.List()
	for _, slot := range []*[]byte{&f.Title, &f.Estates, &f.Charges, &f.Restrictions, &f.Authorisations, &f.Contacts} {
		*slot = all.String()
	}
	all.Fill(f.Previous[:])
	r.Leave(&all)
}

// ReadFolio reads into f what this process wrote (wire.Own).
func ReadFolio(f *Folio, raw []byte) {
	*f = Folio{}
	r := wire.NewReader(raw)
	f.Read(&r)
	r.MustClose("folio")
}

// FolioFromBytes reads the canonical bytes of a folio.
func FolioFromBytes(raw []byte) (*Folio, error) {
	f := new(Folio)
	if err := wire.Decode(raw, FolioBytesMax, f); err != nil {
		return nil, fmt.Errorf("folio: %w", err)
	}
	return f, nil
}

// ValueOfData is the value the tree holds for a leaf's data, in any subtree.
//
// specs/14 REC-2: outside the resource subtrees value = SHA-256(0x71 ‖ subtree ‖ data).
func ValueOfData(k tree.Key, data []byte) (wire.Hash, error) {
	if k.Subtree > tree.ASN {
		return wire.Sum(wire.TagRecord, []byte{byte(k.Subtree)}, data), nil
	}
	f, err := FolioFromBytes(data)
	if err != nil {
		return wire.Hash{}, fmt.Errorf("%v: %w", k, err)
	}
	return f.Value(), nil
}

// Leaf is a record as the tree holds it.
func Leaf(k tree.Key, data []byte) tree.Leaf {
	return tree.Leaf{Key: k, Value: wire.Sum(wire.TagRecord, []byte{byte(k.Subtree)}, data), Data: data}
}

// FolioLeaf is a folio as the tree holds it.
func FolioLeaf(r wire.Resource, f *Folio) tree.Leaf {
	return tree.Leaf{Key: tree.ResourceKey(r), Value: f.Value(), Data: wire.Encode(f)}
}
