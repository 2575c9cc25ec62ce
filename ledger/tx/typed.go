package tx

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"ipledger/ledger/account"
	"ipledger/ledger/wire"
)

// member is one member of an act's EIP-712 struct.
type member struct{ name, kind string }

// schema is the EIP-712 struct of a kind of act.
type schema struct {
	name    string // the primary type, such as TransferOffer
	members []member
	sum     wire.Hash // Keccak-256 of the type as EIP-712 writes it
}

// schemas has the schema of each kind, made once from its walk method.
var schemas = func() map[Kind]*schema {
	all := make(map[Kind]*schema, len(kinds))
	for kind, k := range kinds {
		all[kind] = newSchema(k.name, k.empty())
	}
	return all
}()

// kindsByName finds a kind by its primary type.
var kindsByName = func() map[string]Kind {
	all := make(map[string]Kind, len(schemas))
	for kind, s := range schemas {
		all[s.name] = kind
	}
	return all
}()

// String is the kind's name, which is the primary type of its typed data.
func (k Kind) String() string {
	if known, ok := kinds[k]; ok {
		return known.name
	}
	return fmt.Sprintf("kind %d", uint64(k))
}

// Member is the member of a kind's typed data to blame for a field: the field itself,
// or the first member where an act of the kind only names what has it, such as a claim
// whose block is too small.
func (k Kind) Member(field string) string {
	s, ok := schemas[k]
	if !ok || field == "" || slices.ContainsFunc(s.members, func(m member) bool { return m.name == field }) {
		return field
	}
	return s.members[0].name
}

// newSchema walks an empty act.
//
// specs/04 ACT-8: The typed data of an act MUST be flat: the members of its
// body, then those of its header, in the order of the table.
func newSchema(name string, b Body) *schema {
	s := &schema{name: name}
	b.walk(s)
	new(Header).walk(s)
	s.sum = account.Keccak([]byte(s.String()))
	return s
}

// String is the type as EIP-712 writes it: Name(type name,…).
func (s *schema) String() string {
	parts := make([]string, len(s.members))
	for i, m := range s.members {
		parts[i] = m.kind + " " + m.name
	}
	return s.name + "(" + strings.Join(parts, ",") + ")"
}

func (s *schema) add(name, kind string) { s.members = append(s.members, member{name, kind}) }

func (s *schema) number(name string, _ *uint64, _ uint64) { s.add(name, "uint64") }
func (s *schema) flag(name string, _ *bool)               { s.add(name, "bool") }
func (s *schema) text(name string, _ *string, _ int)      { s.add(name, "string") }
func (s *schema) bytes(name string, _ *[]byte, _ int)     { s.add(name, "bytes") }
func (s *schema) address(name string, _ *wire.Address)    { s.add(name, "bytes20") }
func (s *schema) hash(name string, _ *wire.Hash)          { s.add(name, "bytes32") }
func (s *schema) resource(name string, _ *wire.Resource)  { s.add(name, "string") }
func (s *schema) keys(name string, _ *[]account.Key)      { s.add(name, "string") }

// MembersMax is the most members that the typed data of an act has; a test
// compares it with every kind.
const MembersMax = 28

// hasher is the walker that lays an act out as EIP-712 hashes it: 32 bytes for
// the type and 32 for each member. It can be used again.
type hasher struct {
	*account.Hasher
	raw  [32 + 32*MembersMax]byte
	n    int
	room [64]byte // for the text of a resource, at most 43 bytes
}

// message is the hash of the act's EIP-712 struct.
func (a *Act) message() wire.Hash { return a.messageBy(&hasher{Hasher: account.NewHasher()}) }

// messageBy is message for who has a hasher.
func (a *Act) messageBy(h *hasher) wire.Hash {
	h.n = 0
	s, ok := schemas[a.Body.Kind()]
	if !ok {
		panic(fmt.Sprintf("tx: no schema of %T", a.Body)) // a body that kinds forgets
	}
	copy(h.word(), s.sum[:])
	a.Body.walk(h)
	a.Header.walk(h)
	return h.Keccak(h.raw[:h.n])
}

// ID is what the act's keys sign and what it is known by.
//
// specs/04 ACT-9: The id of an act MUST be its EIP-712 digest: signatures are
// no part of it, bundle fields are.
func (a *Act) ID(salt wire.Hash) wire.Hash {
	return account.Digest(account.Domain(salt), a.message())
}

func (h *hasher) word() []byte {
	w := h.raw[h.n : h.n+32]
	clear(w)
	h.n += 32
	return w
}

func (h *hasher) string(text string) { h.digest([]byte(text)) }

func (h *hasher) digest(raw []byte) {
	sum := h.Keccak(raw)
	copy(h.word(), sum[:])
}

func (h *hasher) number(_ string, v *uint64, _ uint64) { binary.BigEndian.PutUint64(h.word()[24:], *v) }
func (h *hasher) text(_ string, v *string, _ int)      { h.string(*v) }
func (h *hasher) bytes(_ string, v *[]byte, _ int)     { h.digest(*v) }
func (h *hasher) address(_ string, v *wire.Address)    { copy(h.word(), v[:]) }
func (h *hasher) hash(_ string, v *wire.Hash)          { copy(h.word(), v[:]) }
func (h *hasher) keys(_ string, v *[]account.Key)      { h.string(account.Keys(*v)) }

func (h *hasher) flag(_ string, v *bool) {
	w := h.word()
	if *v {
		w[31] = 1
	}
}

func (h *hasher) resource(_ string, v *wire.Resource) {
	h.digest(v.AppendTo(h.room[:0]))
}
