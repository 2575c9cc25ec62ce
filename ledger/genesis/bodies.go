package genesis

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// Body is a registrar or an adjudicator as the members file states it: an account
// that genesis opens, and what it counts for.
type Body struct {
	Line         int    // in the members file, for errors
	Name         string // of its account
	Organisation string
	Jurisdiction string // ISO 3166-1 alpha-2
	TitleKeys    []string
	TitleK       uint64 // 0 is read as 1
}

// Anchor is a trust anchor or a registry CA as the members file states it.
type Anchor struct {
	Line     int
	Registry string
	Key      string // SubjectPublicKeyInfo in DER, in base64 with padding
}

// voter is the account that votes for a member, if it has one.
func (m *Member) voter() (*Account, bool) {
	return &Account{Line: m.Line, Name: m.Operator, Jurisdiction: m.Jurisdiction, TitleKeys: m.TitleKeys, TitleK: m.TitleK},
		len(m.TitleKeys) > 0
}

func (b *Body) account() *Account {
	return &Account{Line: b.Line, Name: b.Name, Jurisdiction: b.Jurisdiction, TitleKeys: b.TitleKeys, TitleK: b.TitleK}
}

// open makes the account of a body; what is wrong with it is said of the members file.
func (ms *Members) open(a *Account, rule string, now uint64, p *record.Parameters) (*account.Account, error) {
	out, err := a.open(now, p)
	var wrong *InputError
	if errors.As(err, &wrong) {
		wrong.File, wrong.Rule = "members", rule
	}
	return out, err
}

// checkBodies validates what the members file says of accounts, registrars,
// adjudicators and anchors.
func (ms *Members) checkBodies(test bool) error {
	for i := range ms.List {
		// specs/08 GEN-26: A member MUST have an account to vote with; on a test
		// network it MAY have none.
		a, ok := ms.List[i].voter()
		if !ok && !test {
			return ms.List[i].refuse("GEN-26", "member %q has no title_keys; it needs an account to vote with", ms.List[i].Operator)
		}
		if !ok {
			continue
		}
		if _, err := ms.open(a, "GEN-26", 0, &record.Parameters{}); err != nil {
			return err
		}
	}
	if err := ms.checkSort("registrars", ms.Registrars, record.RegistrarsMax); err != nil {
		return err
	}
	if err := ms.checkSort("adjudicators", ms.Adjudicators, record.AdjudicatorsMax); err != nil {
		return err
	}
	return ms.checkAnchors()
}

// checkSort validates registrars or adjudicators.
//
// specs/08 GEN-27: Registrars and adjudicators, at most 128 each, are accounts
// with an organisation and a jurisdiction; their names are distinct.
func (ms *Members) checkSort(sort string, list []Body, most int) error {
	refuse := func(line int, format string, args ...any) error {
		return &InputError{File: "members", Line: line, Rule: "GEN-27", Detail: fmt.Sprintf(format, args...)}
	}
	if len(list) > most {
		return refuse(0, "%d %s, at most %d", len(list), sort, most)
	}
	names := map[string]bool{}
	for i := range list {
		b := &list[i]
		if names[b.Name] {
			return refuse(b.Line, "%q is listed before among the %s", b.Name, sort)
		}
		names[b.Name] = true
		if err := b.serves(); err != nil {
			return refuse(b.Line, "%v", err)
		}
		if _, err := ms.open(b.account(), "GEN-27", 0, &record.Parameters{}); err != nil {
			return err
		}
	}
	return nil
}

// serves checks what a body counts for.
func (b *Body) serves() error {
	if b.Organisation == "" || account.CheckName(b.Organisation) != nil {
		return fmt.Errorf("organisation %q is not 1 to %d bytes of plain text", clip(b.Organisation), TextBytesMax)
	}
	return account.CheckJurisdiction(b.Jurisdiction)
}

// checkAnchors validates the keys of the RPKI.
//
// specs/08 GEN-28: A trust anchor and a registry CA MUST be a registry's name and
// a SubjectPublicKeyInfo of an RSA key of 2,048 bits; of both together at most 64.
func (ms *Members) checkAnchors() error {
	refuse := func(line int, format string, args ...any) error {
		return &InputError{File: "members", Line: line, Rule: "GEN-28", Detail: fmt.Sprintf(format, args...)}
	}
	if n := len(ms.TrustAnchors) + len(ms.RegistryCAs); n > record.AnchorsMax {
		return refuse(0, "%d trust anchors and registry CAs, at most %d", n, record.AnchorsMax)
	}
	seen := map[wire.Hash]bool{}
	for _, sort := range ms.anchors() {
		for i := range sort.list {
			x, err := sort.list[i].record(sort.kind)
			if err != nil {
				return refuse(sort.list[i].Line, "%v", err)
			}
			if seen[x.Hash()] {
				return refuse(sort.list[i].Line, "this key is listed before")
			}
			seen[x.Hash()] = true
		}
	}
	return nil
}

// sortOfAnchor is the anchors of one kind.
type sortOfAnchor struct {
	kind record.AnchorKind
	list []Anchor
}

func (ms *Members) anchors() []sortOfAnchor {
	return []sortOfAnchor{{record.TrustAnchor, ms.TrustAnchors}, {record.RegistryCA, ms.RegistryCAs}}
}

// record is the anchor as the state holds it.
func (a *Anchor) record(kind record.AnchorKind) (*record.Anchor, error) {
	key, err := base64.StdEncoding.DecodeString(a.Key)
	if err != nil || base64.StdEncoding.EncodeToString(key) != a.Key {
		return nil, fmt.Errorf("key %q is not base64 with padding", clip(a.Key))
	}
	x := &record.Anchor{Rules: record.Rules, Kind: kind, Registry: strings.Clone(a.Registry), Key: key}
	return x, x.Check()
}
