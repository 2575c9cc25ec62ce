package genesis

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// BodyFile is a registrar or an adjudicator in the genesis file.
type BodyFile struct {
	Account      wire.Address `json:"account"`
	Organisation string       `json:"organisation"`
	Jurisdiction string       `json:"jurisdiction"`
}

// AnchorFile is a trust anchor or a registry CA in the genesis file.
type AnchorFile struct {
	Registry string `json:"registry"`
	Key      string `json:"key"` // SubjectPublicKeyInfo in DER, in base64 with padding
}

// list fills the genesis file's lists of bodies, each in its order.
//
// specs/08 GEN-21: members and anchors ascending by key, registrars and
// adjudicators by account.
func (s *start) list(g *Genesis) {
	ms := &s.in.Members
	for i := range ms.List {
		m := &ms.List[i]
		g.Members = append(g.Members, MemberFile{m.Operator, m.Organisation, m.Jurisdiction, m.Hosting, m.PublicKey, strconv.Itoa(1), s.voters[i]})
	}
	slices.SortFunc(g.Members, func(a, b MemberFile) int { return cmp.Compare(a.PublicKey, b.PublicKey) })
	g.Registrars, g.Adjudicators = bodiesOf(ms.Registrars, s.registrars), bodiesOf(ms.Adjudicators, s.adjudicators)
	g.TrustAnchors, g.RegistryCAs = anchorsOf(ms.TrustAnchors), anchorsOf(ms.RegistryCAs)
}

func bodiesOf(list []Body, ids []wire.Address) []BodyFile {
	out := []BodyFile{}
	for i := range list {
		out = append(out, BodyFile{ids[i], list[i].Organisation, list[i].Jurisdiction})
	}
	slices.SortFunc(out, compareBodies)
	return out
}

func compareBodies(a, b BodyFile) int { return bytes.Compare(a.Account[:], b.Account[:]) }

func anchorsOf(list []Anchor) []AnchorFile {
	out := []AnchorFile{}
	for _, a := range list {
		out = append(out, AnchorFile{a.Registry, a.Key})
	}
	slices.SortFunc(out, compareAnchors)
	return out
}

func compareAnchors(a, b AnchorFile) int { return cmp.Compare(a.Key, b.Key) }

// members is the members of the file as the state holds them.
func (g *Genesis) members() []*record.Member {
	var out []*record.Member
	for _, f := range g.Members {
		m := Member{Operator: f.Operator, Organisation: f.Organisation, Jurisdiction: f.Jurisdiction, Hosting: f.Hosting, PublicKey: f.PublicKey}
		out = append(out, m.record(f.Account))
	}
	return out
}

// bodies is every record of the bodies that the file lists, and the roll of them.
//
// specs/08 GEN-29: The roll MUST list every body of the state, each list ascending.
func (g *Genesis) bodies() []tree.Leaf {
	var out []tree.Leaf
	roll := &record.Roll{Rules: record.Rules}
	for _, m := range g.members() {
		roll.Members = append(roll.Members, m.PubKey)
		out = append(out, record.Leaf(record.MemberKey(m.PubKey), wire.Encode(m)))
	}
	for _, b := range g.Registrars {
		roll.Registrars = append(roll.Registrars, b.Account)
		out = append(out, record.Leaf(record.RegistrarKey(b.Account), wire.Encode(&record.Registrar{
			Rules: record.Rules, Account: b.Account, Organisation: b.Organisation, Jurisdiction: b.Jurisdiction})))
	}
	for _, b := range g.Adjudicators {
		roll.Adjudicators = append(roll.Adjudicators, b.Account)
		out = append(out, record.Leaf(record.AdjudicatorKey(b.Account), wire.Encode(&record.Adjudicator{
			Rules: record.Rules, Account: b.Account, Organisation: b.Organisation, Jurisdiction: b.Jurisdiction})))
	}
	for _, a := range g.anchors() {
		roll.Anchors = append(roll.Anchors, a.Hash())
		out = append(out, record.Leaf(record.AnchorKey(a.Hash()), wire.Encode(a)))
	}
	slices.SortFunc(roll.Anchors, func(a, b wire.Hash) int { return bytes.Compare(a[:], b[:]) })
	return append(out, record.Leaf(record.RollKey, wire.Encode(roll)))
}

// anchors is the file's keys of the RPKI, which were checked.
func (g *Genesis) anchors() []*record.Anchor {
	var out []*record.Anchor
	ms := g.keys()
	for _, sort := range ms.anchors() {
		for i := range sort.list {
			x, err := sort.list[i].record(sort.kind)
			if err != nil {
				panic(err) // checked before
			}
			out = append(out, x)
		}
	}
	return out
}

// keys is the file's anchors as the members file states them.
func (g *Genesis) keys() Members {
	return Members{TrustAnchors: fromFile(g.TrustAnchors), RegistryCAs: fromFile(g.RegistryCAs)}
}

func fromFile(list []AnchorFile) []Anchor {
	var out []Anchor
	for _, a := range list {
		out = append(out, Anchor{Registry: a.Registry, Key: a.Key})
	}
	return out
}

// checkRoll holds the file's lists of registrars, adjudicators and anchors to
// their form; that their accounts are there is seen in the state.
func (g *Genesis) checkRoll() error {
	if g.Registrars == nil || g.Adjudicators == nil || g.TrustAnchors == nil || g.RegistryCAs == nil {
		return errors.New("a list of bodies is missing (GEN-21)")
	}
	for _, list := range [][]BodyFile{g.Registrars, g.Adjudicators} {
		if err := checkBodyFiles(list); err != nil {
			return err
		}
	}
	for _, list := range [][]AnchorFile{g.TrustAnchors, g.RegistryCAs} {
		if !ascending(list, compareAnchors) {
			return errors.New("anchors are not ascending by key (GEN-21)")
		}
	}
	ms := g.keys()
	return ms.checkAnchors()
}

func checkBodyFiles(list []BodyFile) error {
	if !ascending(list, compareBodies) || len(list) > record.RegistrarsMax {
		return fmt.Errorf("registrars or adjudicators are not ascending by account, or more than %d (GEN-21)", record.RegistrarsMax)
	}
	for i := range list {
		b := Body{Name: "a body", Organisation: list[i].Organisation, Jurisdiction: list[i].Jurisdiction}
		if err := b.serves(); err != nil || list[i].Account.IsZero() {
			return fmt.Errorf("body %v: no account, or %v (GEN-27)", list[i].Account, err)
		}
	}
	return nil
}

func ascending[T any](list []T, compare func(a, b T) int) bool {
	for i := 1; i < len(list); i++ {
		if compare(list[i-1], list[i]) >= 0 {
			return false
		}
	}
	return true
}

const _ = uint(record.RegistrarsMax-record.AdjudicatorsMax) + uint(record.AdjudicatorsMax-record.RegistrarsMax) // one bound for both
