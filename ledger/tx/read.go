package tx

import (
	"bytes"

	"github.com/ethereum/go-ethereum/rlp"

	"ipledger/ledger/account"
	"ipledger/ledger/wire"
)

// Decode reads the bytes of an act, and nothing else than what Encode writes.
// It checks neither what the act means nor its signatures; Verify does.
func Decode(raw []byte) (*Act, error) {
	a, _, err := decode(raw)
	return a, err
}

// decode also gives the act's own copy of its bytes.
func decode(raw []byte) (*Act, []byte, error) {
	if most := bytesMax(raw); len(raw) > most {
		return nil, nil, Refuse("ACT-1", "", "%d bytes, at most %d", len(raw), most)
	}
	a, err := read(raw)
	if err != nil {
		return nil, nil, err
	}
	// specs/02 WIRE-1: A decoder MUST refuse bytes that do not re-encode to themselves.
	again := a.encode(len(raw))
	if !bytes.Equal(again, raw) {
		return nil, nil, Refuse("WIRE-1", "", "the bytes are not the one encoding of what they say")
	}
	return a, again, nil
}

// bytesMax is how long these bytes may be. What is longer than others may be says
// in its first bytes whether it is evidence; no more of it is looked at.
//
// specs/04 ACT-1: An act MUST be at most 4,096 bytes, or 69,632 if it begins as
// evidence does; this is checked before anything else is.
func bytesMax(raw []byte) int {
	if len(raw) > BytesMax && len(raw) <= LargestBytesMax && begins(raw, KindEvidence) {
		return LargestBytesMax
	}
	return BytesMax
}

// begins reports whether bytes too long for other acts begin with the head of a
// list, of two or three bytes of length, and a kind.
func begins(raw []byte, kind Kind) bool {
	head := int(raw[0]) - 0xf7
	return (head == 2 || head == 3) && raw[1+head] == byte(kind)
}

func read(raw []byte) (*Act, error) {
	r := reader{rest: raw}
	after := r.enter("act")
	kind := r.uint("kind", most64)
	if r.err != nil {
		return nil, r.err
	}
	// specs/04 ACT-2: The kind of an act MUST be one of the table of kinds.
	known, ok := kinds[Kind(kind)]
	if !ok {
		return nil, Refuse("ACT-2", "kind", "kind %d is unknown to rules version %d", kind, RulesVersion)
	}
	a := &Act{Body: known.empty()}
	r.fields("body", a.Body.walk)
	r.fields("header", a.Header.walk)
	a.Signatures = r.signatures()
	r.leave("act", after)
	r.end("act")
	return a, r.err
}

// reader is the walker that reads the fields of one list. After its first
// error it reads nothing more.
type reader struct {
	rest []byte
	err  error
}

func (r *reader) fail(rule, name, format string, args ...any) {
	if r.err == nil {
		r.err = Refuse(rule, name, format, args...)
	}
}

func (r *reader) end(name string) {
	if len(r.rest) > 0 {
		r.fail("ACT-3", name, "%d bytes follow the last field", len(r.rest))
	}
}

// enter goes into a list; after is what follows it, for leave.
func (r *reader) enter(name string) (after []byte) {
	if !r.more(name) {
		return nil
	}
	content, after, err := rlp.SplitList(r.rest)
	if err != nil {
		r.fail("WIRE-1", name, "%v", err)
	}
	r.rest = content
	return after
}

// leave ends a list that was entered.
func (r *reader) leave(name string, after []byte) {
	r.end(name)
	r.rest = after
}

// fields reads one list through the walk method of a body or a header.
func (r *reader) fields(name string, walk func(walker)) {
	after := r.enter(name)
	walk(r)
	r.leave(name, after)
}

// more reports whether another value may be read, and fails where none is left.
func (r *reader) more(name string) bool {
	if r.err == nil && len(r.rest) == 0 {
		r.fail("ACT-3", name, "missing")
	}
	return r.err == nil
}

func (r *reader) content(name string) []byte {
	if !r.more(name) {
		return nil
	}
	content, rest, err := rlp.SplitString(r.rest)
	if err != nil {
		r.fail("WIRE-1", name, "%v", err)
		return nil
	}
	r.rest = rest
	return content
}

func (r *reader) uint(name string, most uint64) uint64 {
	if !r.more(name) {
		return 0
	}
	n, rest, err := rlp.SplitUint64(r.rest)
	if err != nil {
		r.fail("WIRE-1", name, "%v", err)
		return 0
	}
	// specs/04 ACT-4: A field MUST be within the bound that the table states.
	if n > most {
		r.fail("ACT-4", name, "%d, at most %d", n, most)
	}
	r.rest = rest
	return n
}

// fixed reads a byte string that has exactly the length of dst.
func (r *reader) fixed(name string, dst []byte) {
	raw := r.content(name)
	if r.err == nil && len(raw) != len(dst) {
		r.fail("ACT-3", name, "%d bytes, want %d", len(raw), len(dst))
	}
	copy(dst, raw)
}

func (r *reader) number(name string, v *uint64, most uint64) { *v = r.uint(name, most) }
func (r *reader) flag(name string, v *bool)                  { *v = r.uint(name, 1) == 1 }
func (r *reader) address(name string, v *wire.Address)       { r.fixed(name, v[:]) }
func (r *reader) hash(name string, v *wire.Hash)             { r.fixed(name, v[:]) }

func (r *reader) text(name string, v *string, bytesMax int) {
	raw := r.content(name)
	if len(raw) > bytesMax {
		r.fail("ACT-4", name, "%d bytes, at most %d", len(raw), bytesMax)
		return
	}
	*v = string(raw)
}

func (r *reader) bytes(name string, v *[]byte, most int) {
	raw := r.content(name)
	if len(raw) > most {
		r.fail("ACT-4", name, "%d bytes, at most %d", len(raw), most)
		return
	}
	*v = nil
	if len(raw) > 0 {
		*v = bytes.Clone(raw)
	}
}

func (r *reader) resource(name string, v *wire.Resource) {
	raw := r.content(name)
	if r.err != nil {
		return
	}
	got, err := wire.ResourceFromKey(raw)
	if err != nil {
		r.fail("WIRE-4", name, "%v", err)
		return
	}
	*v = got
}

func (r *reader) keys(name string, v *[]account.Key) {
	after := r.enter(name)
	for r.err == nil && len(r.rest) > 0 {
		if len(*v) == account.KeysMax {
			r.fail("ACT-4", name, "more than %d keys", account.KeysMax)
			break
		}
		next := r.enter(name)
		k := account.Key{Alg: uint8(r.uint(name, 255))}
		r.fixed(name, k.Addr[:])
		r.leave(name, next)
		*v = append(*v, k)
	}
	r.leave(name, after)
}

func (r *reader) signatures() []account.Signature {
	const name = "signatures"
	var sigs []account.Signature
	after := r.enter(name)
	for r.err == nil && len(r.rest) > 0 {
		if len(sigs) == account.SignaturesMax {
			r.fail("ACT-4", name, "more than %d signatures", account.SignaturesMax)
			break
		}
		next := r.enter(name)
		s := account.Signature{Alg: uint8(r.uint(name, 255))}
		r.fixed(name, s.Signer[:])
		r.fixed(name, s.Sig[:])
		r.leave(name, next)
		sigs = append(sigs, s)
	}
	r.leave(name, after)
	return sigs
}
