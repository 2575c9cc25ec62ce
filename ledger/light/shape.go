package light

import (
	"strconv"

	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// Decimal is a count of 64 bits, which JSON shows as a decimal string: readers
// that keep numbers as floats round them beyond 2^53.
type Decimal uint64

// MarshalText writes the digits.
func (d Decimal) MarshalText() ([]byte, error) { return strconv.AppendUint(nil, uint64(d), 10), nil }

// Instant is Unix seconds, which JSON shows as Clock does; 0 is null.
type Instant uint64

// MarshalJSON writes the time in UTC, or null.
func (i Instant) MarshalJSON() ([]byte, error) {
	if i == 0 {
		return []byte("null"), nil
	}
	return []byte(`"` + Clock(uint64(i)) + `"`), nil
}

// Party is an account's id, which JSON shows as null where it is nobody.
type Party wire.Address

// MarshalJSON writes the id, or null.
func (p Party) MarshalJSON() ([]byte, error) {
	if wire.Address(p).IsZero() {
		return []byte("null"), nil
	}
	return []byte(`"` + wire.Address(p).String() + `"`), nil
}

// TitleShape is a title as JSON shows it.
type TitleShape struct {
	At           string             `json:"at"`
	State        string             `json:"state"`
	Holder       Party              `json:"holder"`
	Grade        string             `json:"grade"`
	Proved       Instant            `json:"proved"`
	Since        Instant            `json:"since"`
	Source       SourceShape        `json:"source"`
	Predecessors []PredecessorShape `json:"predecessors"`
	Qualified    Instant            `json:"qualified_until"`         // null for an absolute title
	Basis        []Party            `json:"basis"`                   // registrars that the grade rests on
	Forum        string             `json:"forum"`                   // empty where none was named
	Dealing      *wire.Hash         `json:"dealing_value,omitempty"` // what an offer names
	Marked       *wire.Hash         `json:"marked_value,omitempty"`  // what an acceptance names
}

// SourceShape is a title's source row as JSON shows it.
type SourceShape struct {
	Registry string `json:"registry"`
	Handle   string `json:"handle"`
	Status   string `json:"status"`
	Date     string `json:"date"`
	Country  string `json:"country"`
	Class    string `json:"class"`
	Legacy   bool   `json:"legacy"`
	Stated   string `json:"stated"` // YYYYMMDD of the registry's file that a statement gave the row from; empty from genesis
}

// PredecessorShape is a folio that a title was made from.
type PredecessorShape struct {
	At    string    `json:"at"`
	Value wire.Hash `json:"value"`
}

// EstateShape is an estate as JSON shows it.
type EstateShape struct {
	At        string    `json:"at"`
	ID        wire.Hash `json:"id"`
	Kind      string    `json:"kind"`
	Holder    Party     `json:"holder"`
	Start     Instant   `json:"start"`
	Notice    Decimal   `json:"notice_seconds"`
	SubGrants bool      `json:"sub_grants"`
	Ends      Instant   `json:"ends"`
	// State is live, to come or suspended, at an answer's time; a record by
	// itself has none.
	State string      `json:"state,omitempty"`
	Lease *LeaseShape `json:"lease"` // null for a grant
}

// LeaseShape is what a lease says beyond what every estate does.
type LeaseShape struct {
	Renew        Decimal       `json:"renew_seconds"` // 0 for a fixed term
	Clause       string        `json:"clause"`        // none, notice, agent
	ClauseNotice Decimal       `json:"clause_notice_seconds"`
	Agent        Party         `json:"agent"`
	Suspend      bool          `json:"abuse_clause"`
	Reversion    bool          `json:"reversion"`
	Operator     string        `json:"operator"`
	Abuse        string        `json:"abuse"`
	Price        string        `json:"price"`
	Suspended    Instant       `json:"suspended_until"`
	Spent        Decimal       `json:"suspended_seconds"`
	Answer       *wire.Hash    `json:"answer"`
	First        string        `json:"first_origins"` // that enter at a start to come
	Lessor       Party         `json:"returns_to"`
	Back         []OriginShape `json:"returning"` // the lessor's, at its end
}

// OriginShape is an authorisation as JSON shows it.
type OriginShape struct {
	At        string    `json:"at"`
	MaxLength uint64    `json:"max_length"`
	AS        Decimal   `json:"as"`
	Holder    Party     `json:"holder"`
	Act       wire.Hash `json:"act"`
	Since     Instant   `json:"since"` // null from genesis
	Suspended Instant   `json:"suspended_until"`
}

// ShapeTitle is a title as JSON shows it.
func ShapeTitle(at wire.Resource, t *record.Title) TitleShape {
	s := TitleShape{
		At: at.String(), State: t.State.String(), Holder: Party(t.Holder), Grade: t.Grade.String(),
		Proved: Instant(t.Proved), Since: Instant(t.Since), Predecessors: []PredecessorShape{},
		Qualified: Instant(t.Qualified), Basis: []Party{}, Forum: t.Forum,
		Source: SourceShape{
			Registry: t.Source.Registry, Handle: t.Source.Handle, Status: t.Source.Status, Date: day(t.Source.Date),
			Country: t.Source.Country, Class: t.Source.Class.String(), Legacy: t.Source.Legacy, Stated: day(t.Stated),
		},
	}
	for _, by := range t.Basis {
		s.Basis = append(s.Basis, Party(by))
	}
	for _, p := range t.Predecessors {
		s.Predecessors = append(s.Predecessors, PredecessorShape{p.Resource.String(), p.Value})
	}
	return s
}

func day(yyyymmdd uint64) string {
	if yyyymmdd == 0 {
		return ""
	}
	return strconv.FormatUint(yyyymmdd, 10)
}

// ShapeEstate is an estate as JSON shows it.
func ShapeEstate(at wire.Resource, e record.Estate) EstateShape {
	s := EstateShape{
		At: at.String(), ID: e.ID, Kind: EstateName(e.Kind), Holder: Party(e.Holder), Start: Instant(e.Start), Notice: Decimal(e.Notice),
		SubGrants: e.SubGrants, Ends: Instant(e.Ends),
	}
	if len(e.Lease) > 0 {
		s.Lease = shapeLease(&e.Lease[0])
	}
	return s
}

func shapeLease(t *record.Terms) *LeaseShape {
	s := &LeaseShape{
		Renew: Decimal(t.Renew), Clause: clauseName(t.Clause), ClauseNotice: Decimal(t.ClauseNotice), Agent: Party(t.Agent),
		Suspend: t.Suspend, Reversion: t.Reversion, Operator: t.Operator, Abuse: t.Abuse, Price: t.Price,
		Suspended: Instant(t.Suspended), Spent: Decimal(t.Spent), Answer: some(t.Answer), First: t.Origins, Lessor: Party(t.Lessor), Back: []OriginShape{},
	}
	for _, ref := range t.Back {
		s.Back = append(s.Back, OriginShape{At: ref.Resource.String(), MaxLength: ref.MaxLength, AS: Decimal(ref.AS), Holder: s.Lessor})
	}
	return s
}

// some is a hash, or nil for none.
func some(h wire.Hash) *wire.Hash {
	if h.IsZero() {
		return nil
	}
	return &h
}

// clauseNames are the words for who ends a lease inside its term, by tx.Clause.
var clauseNames = [...]string{"none", "notice", "agent"}

func clauseName(c uint64) string {
	if c < uint64(len(clauseNames)) {
		return clauseNames[c]
	}
	return "clause " + strconv.FormatUint(c, 10)
}

// ShapeOrigin is an authorisation as JSON shows it.
func ShapeOrigin(at wire.Resource, o record.Origin) OriginShape {
	return OriginShape{At: at.String(), MaxLength: o.MaxLength, AS: Decimal(o.AS), Holder: Party(o.Holder), Act: o.Act, Since: Instant(o.Since)}
}
