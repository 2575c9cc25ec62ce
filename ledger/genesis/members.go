package genesis

import (
	"encoding/hex"
	"fmt"

	"ipledger/ledger/account"
	"ipledger/ledger/chain"
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// Bounds of members.
const (
	MembersMin      = 4   // one may fail of four, of three none (specs/08 GEN-12)
	ChainIDBytesMax = 50  // the engine's bound
	TextBytesMax    = 128 // of an operator's, organisation's or host's name
)

// Members is the members file: who validates the first block.
type Members struct {
	// Time is genesis time in Unix seconds, or 0 for the date of the statistics.
	Time uint64
	// Minimum is how many members a test network is content with; 0 is MembersMin.
	Minimum int
	List    []Member
	// The other bodies, and the keys of the RPKI that evidence is checked against.
	Registrars   []Body
	Adjudicators []Body
	TrustAnchors []Anchor
	RegistryCAs  []Anchor
}

// Member is an operator as the members file states it.
type Member struct {
	Line         int    // in the members file, for errors
	Operator     string // its name, one vote each
	Organisation string // the caps of governance count by it
	Jurisdiction string // ISO 3166-1 alpha-2
	Hosting      string // the AS or cloud that hosts it, such as AS64496
	PublicKey    string // ed25519, 64 lower-case hexadecimal digits
	Power        uint64 // 1; 0 is read as 1
	// The title keys of the account that votes for it; none on some test networks.
	TitleKeys []string
	TitleK    uint64 // 0 is read as 1
}

func (m *Member) refuse(rule, format string, args ...any) error {
	return &InputError{File: "members", Line: m.Line, Rule: rule, Detail: fmt.Sprintf(format, args...)}
}

// checkChainID checks what becomes part of topics, paths and the engine's genesis.
//
// specs/08 GEN-13: A chain id MUST be 1 to 50 of a-z, 0-9, point and hyphen.
func checkChainID(id string) error {
	ok := id != "" && len(id) <= ChainIDBytesMax
	for i := range len(id) {
		c := id[i]
		ok = ok && (c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '.' || c == '-')
	}
	if !ok {
		return fmt.Errorf("%w: chain id %q is not 1 to %d of a-z, 0-9, point and hyphen (GEN-13)", ErrInput, clip(id), ChainIDBytesMax)
	}
	return nil
}

// check validates the members file.
func (ms *Members) check(test bool) error {
	if err := ms.checkMembers(test); err != nil {
		return err
	}
	return ms.checkBodies(test)
}

// checkMembers validates what it says of members.
//
// specs/08 GEN-12: There MUST be 4 to 200 members, of power 1 each and distinct
// in operator and key; a test network MAY state a smaller number.
func (ms *Members) checkMembers(test bool) error {
	least := MembersMin
	if ms.Minimum > 0 && test {
		least = min(ms.Minimum, MembersMin)
	}
	if ms.Minimum > 0 && !test {
		return &InputError{File: "members", Rule: "GEN-12", Detail: "minimum is for test networks; remove it or mark genesis test"}
	}
	if ms.Time > timeMax {
		return &InputError{File: "members", Rule: "GEN-14", Detail: fmt.Sprintf("genesis_time %d is beyond the year 2199", ms.Time)}
	}
	if len(ms.List) < least || len(ms.List) > chain.ValidatorsMax {
		return &InputError{File: "members", Rule: "GEN-12",
			Detail: fmt.Sprintf("%d members, %d to %d wanted", len(ms.List), least, chain.ValidatorsMax)}
	}
	operators, keys := map[string]bool{}, map[string]bool{}
	for i := range ms.List {
		m := &ms.List[i]
		if err := m.check(); err != nil {
			return err
		}
		if operators[m.Operator] || keys[m.PublicKey] {
			return m.refuse("GEN-12", "operator %q or its key is listed before; each member has its own", m.Operator)
		}
		operators[m.Operator], keys[m.PublicKey] = true, true
	}
	if test {
		return nil
	}
	return ms.caps()
}

func (m *Member) check() error {
	for _, t := range []struct{ field, text string }{
		{"operator", m.Operator}, {"organisation", m.Organisation}, {"hosting", m.Hosting},
	} {
		if t.text == "" || account.CheckName(t.text) != nil {
			return m.refuse("GEN-12", "%s %q is not 1 to %d bytes of plain text", t.field, clip(t.text), TextBytesMax)
		}
	}
	if err := account.CheckJurisdiction(m.Jurisdiction); err != nil {
		return m.refuse("GEN-12", "%v", err)
	}
	if m.Power > 1 {
		return m.refuse("GEN-12", "power %d; one operator has one vote", m.Power)
	}
	if _, err := m.key(); err != nil {
		return m.refuse("GEN-12", "%v", err)
	}
	return nil
}

// key reads the member's public key: a point of the curve, not of small order,
// so that a signature under it shows who signed.
func (m *Member) key() (out [32]byte, err error) {
	raw, err := hex.DecodeString(m.PublicKey)
	if err != nil || len(raw) != 32 || hex.EncodeToString(raw) != m.PublicKey {
		return out, fmt.Errorf("public_key %q is not 64 lower-case hexadecimal digits", clip(m.PublicKey))
	}
	copy(out[:], raw)
	if err := record.CheckMemberKey(out); err != nil {
		return out, fmt.Errorf("public_key %s: %w", m.PublicKey, err)
	}
	return out, nil
}

// record is the member as the state holds it, with the account that votes for it.
func (m *Member) record(voter wire.Address) *record.Member {
	key, err := m.key()
	if err != nil {
		panic(err) // checked before
	}
	return &record.Member{
		Rules: record.Rules, Operator: m.Operator, Organisation: m.Organisation, Jurisdiction: m.Jurisdiction,
		Hosting: m.Hosting, Alg: chain.Ed25519, PubKey: key, Power: 1, Account: voter,
	}
}
