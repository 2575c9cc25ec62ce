package tx

import (
	"maps"
	"slices"

	"ipledger/ledger/wire"
)

// Kinds lists every kind of act there is, ascending.
func Kinds() []Kind { return slices.Sorted(maps.Keys(kinds)) }

// EncodeBody is the list of a body's fields, as an act has it on the wire: how an
// offer that waits keeps its terms (specs/14).
func EncodeBody(b Body) []byte {
	w := writer{wire.NewWriter(bytesUsual)}
	w.list(b.walk)
	return w.Bytes()
}

// DecodeBody reads what EncodeBody wrote, for the kind it was written for.
func DecodeBody(kind Kind, raw []byte) (Body, error) {
	known, ok := kinds[kind]
	if !ok {
		return nil, Refuse("ACT-2", "kind", "kind %d is unknown to rules version %d", kind, RulesVersion)
	}
	b, r := known.empty(), reader{rest: raw}
	r.fields("body", b.walk)
	r.end("body")
	return b, r.err
}
