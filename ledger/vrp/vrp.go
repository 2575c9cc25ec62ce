// Package vrp is what a state lets networks announce, as routers are told it:
// route payloads and provider authorisations of settled titles (specs/13 API-8,
// specs/20 CLAIM-30).
//
// It promises each payload once, in an order that the state alone decides. It
// serialises nothing.
package vrp

import (
	"slices"

	"github.com/ethereum/go-ethereum/rlp"

	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// Payload is one validated route payload (RFC 6811, Section 2), with the weakest
// grade of the titles that it rests on.
type Payload struct {
	Prefix    wire.Resource // IPv4 or IPv6
	MaxLength uint64        // of announcements, from the prefix's length to the family's
	AS        uint64        // 0: nobody may announce it
	Grade     record.Grade
}

// List is the payloads of a state at a moment, in order of prefix, AS number and
// length. An error wraps ledger.ErrCorrupt.
//
// specs/13 API-8: A list of route payloads MUST have every authorisation that
// rests on settled titles alone, held or qualified, and is not suspended
// (LEASE-18), and no other, each with its grade, in order of prefix, AS number and
// length, each once.
func List(s tree.State, m light.Moment) (list []Payload, err error) {
	for _, sub := range []tree.Subtree{tree.IPv4, tree.IPv6} {
		s.Walk(tree.RootKey(sub), func(l tree.Leaf) bool {
			if Authorises(l.Data) {
				list, err = Append(list, s, l.Key.Resource(), m)
			}
			return err == nil
		})
	}
	return list, err
}

// The places of what is looked for in a folio's encoding.
const (
	authorisationsSlot = 4
	contactsSlot       = 5
)

// Authorises reports whether a folio has authorisations, without decoding it:
// of a million folios few have.
func Authorises(folio []byte) bool { return has(folio, authorisationsSlot) }

func has(folio []byte, slot int) bool {
	rest, _, err := rlp.SplitList(folio)
	for range slot {
		if err == nil {
			_, _, rest, err = rlp.Split(rest)
		}
	}
	if err != nil {
		return true // let the decoder say what is wrong
	}
	data, _, err := rlp.SplitString(rest)
	return err != nil || len(data) > 0
}

// Append adds what is authorised at exactly a block.
func Append(list []Payload, s tree.State, at wire.Resource, m light.Moment) ([]Payload, error) {
	answer, err := light.Read(s, at, m)
	if err != nil {
		return list, err
	}
	grade, ok, err := settled(s, answer)
	if err != nil || !ok {
		return list, err
	}
	return exactly(list, answer, grade), nil
}

// exactly adds what stands at the block of an answer and nowhere else.
func exactly(list []Payload, a *light.Answer, grade record.Grade) []Payload {
	for _, o := range a.Origins {
		if o.Suspended != 0 {
			continue // specs/15 LEASE-18: they are left out of every export
		}
		one := Payload{a.Resource, o.MaxLength, o.AS, grade}
		if o.At == a.Resource && !slices.Contains(list[max(0, len(list)-2*record.OriginsMax):], one) {
			list = append(list, one)
		}
	}
	return list
}

// Shown is the payloads at exactly the block of an answer, by what the answer alone
// shows: those that List has of that block. Where no title covers the block they rest
// on titles inside it, of which the answer says nothing: whole is false then, and
// what would be there, were those all settled, is given without a grade.
func Shown(a *light.Answer) (list []Payload, whole bool) {
	switch {
	case a.Title == nil:
		return exactly(nil, a, record.GradeNone), false
	case !sound(&a.Title.Title) || a.Contested():
		return nil, true
	}
	return exactly(nil, a, a.Grade), true
}

// settled is the weakest grade of the titles under a block, and whether each is
// settled and the block is not all contested.
//
// specs/20 CLAIM-30: exports serve what lies in titles of a settled grade, and not
// inside a contested block.
func settled(s tree.State, a *light.Answer) (grade record.Grade, ok bool, err error) {
	if a.Title != nil {
		return a.Grade, sound(&a.Title.Title) && !a.Contested(), nil
	}
	ok = true
	s.Walk(tree.ResourceKey(a.Resource), func(l tree.Leaf) bool {
		var f *record.Folio
		if f, err = record.FolioFromBytes(l.Data); err != nil || len(f.Title) == 0 {
			return err == nil
		}
		var t *record.Title
		if t, err = record.TitleFromBytes(f.Title); err != nil {
			return false
		}
		whole, e := light.Read(s, l.Key.Resource(), a.Moment)
		if err = e; err != nil {
			return false
		}
		grade, ok = max(grade, t.Grade), ok && sound(t) && !whole.Contested()
		return ok
	})
	return grade, ok && grade != record.GradeNone, err
}

func sound(t *record.Title) bool {
	return t.Grade.Settled() && (t.State == record.Held || t.State == record.Qualified)
}
