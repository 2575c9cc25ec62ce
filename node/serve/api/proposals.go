package api

import (
	"encoding/json"
	"net/http"

	"ipledger/ledger"
	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// motionsShape is what is to be decided: what is open for votes, and what has
// passed and waits for its notice.
type motionsShape struct {
	Height    light.Decimal `json:"height"`
	Time      light.Instant `json:"time"`
	Proposals []motionShape `json:"proposals"`
}

// motionShape is one proposal, with what is asked and how it stands.
type motionShape struct {
	ID      wire.Hash       `json:"id"` // of the act that made it
	Matter  string          `json:"matter"`
	State   string          `json:"state"`
	By      light.Party     `json:"by"`
	Made    light.Instant   `json:"made"`
	At      light.Instant   `json:"at"`   // when votes or support end, it takes effect, or it is dropped
	Body    string          `json:"body"` // whose members vote: members or adjudicators
	Voters  light.Decimal   `json:"voters"`
	Quorum  light.Decimal   `json:"quorum"`          // votes it needs at its end; as many for it pass at once
	OfAll   bool            `json:"majority_of_all"` // else of the votes cast
	Notice  light.Decimal   `json:"notice_seconds"`  // from its passing to its effect
	Yes     light.Decimal   `json:"yes"`
	No      light.Decimal   `json:"no"`
	Support light.Decimal   `json:"support"` // holders, of a petition
	Needs   light.Decimal   `json:"support_needed"`
	Rule    string          `json:"refused_by"` // rule that refused its effect, or empty
	Votes   []ballotShape   `json:"votes"`
	Terms   json.RawMessage `json:"terms"` // the fields of its act
	Text    []string        `json:"text"`  // the same in words
}

type ballotShape struct {
	By     light.Party `json:"by"`
	Member *wire.Hash  `json:"member"` // the member's key, of other bodies null
	Yes    bool        `json:"yes"`
}

// proposals lists what is to be decided.
func (a *API) proposals(w http.ResponseWriter, _ *http.Request) error {
	v := a.Ledger.View()
	list, err := ledger.Motions(v.State)
	if err != nil {
		return err
	}
	out := motionsShape{Height: light.Decimal(v.Height), Time: light.Instant(v.Time), Proposals: []motionShape{}}
	for i := range list {
		out.Proposals = append(out.Proposals, shapeMotion(&list[i]))
	}
	return writeJSON(w, out)
}

// petitionsShape is a page of the petitions that gather support.
type petitionsShape struct {
	motionsShape
	Next string `json:"next"` // the after of the next page, or empty
}

// petitions lists what gathers support and is not voted on yet.
//
// specs/13 API-22: A list of petitions MUST have each petition that gathers support,
// once, by the id of the act that made it.
func (a *API) petitions(w http.ResponseWriter, r *http.Request) error {
	n, after, v, err := a.pageByID(r)
	if err != nil {
		return err
	}
	list, err := a.dealings.petitions(v, a.Ledger, after)
	if err != nil {
		return err
	}
	out := petitionsShape{motionsShape{light.Decimal(v.Height), light.Instant(v.Time), []motionShape{}}, ""}
	if len(list) > n {
		list, out.Next = list[:n], list[n-1].String()
	}
	for _, id := range list {
		m, ok, err := ledger.MotionOf(v.State, id)
		if err != nil {
			return err
		}
		if ok {
			out.Proposals = append(out.Proposals, shapeMotion(&m))
		}
	}
	return writeJSON(w, out)
}

// proposal answers with one, also with one that was decided in the last 90 days
// and with a petition that gathers support.
func (a *API) proposal(w http.ResponseWriter, r *http.Request) error {
	var id wire.Hash
	if err := id.UnmarshalText([]byte(r.PathValue("id"))); err != nil {
		return problem(http.StatusBadRequest, "bad_act", "%v", err)
	}
	v := a.Ledger.View()
	m, ok, err := ledger.MotionOf(v.State, id)
	if err == nil && !ok {
		err = problem(http.StatusNotFound, "unknown_proposal", "no proposal of act %v is kept after block %d", id, v.Height)
	}
	if err != nil {
		return err
	}
	return writeJSON(w, shapeMotion(&m))
}

func shapeMotion(m *ledger.Motion) motionShape {
	out := motionShape{
		ID: m.ID, Matter: m.Matter.String(), State: m.State.String(), By: light.Party(m.By), Made: light.Instant(m.Made), At: light.Instant(m.At),
		Body: m.Decided.Voters.String(), Voters: light.Decimal(m.Voters), Quorum: light.Decimal(m.Quorum), OfAll: m.Decided.OfAll, Notice: light.Decimal(m.Notice), Yes: light.Decimal(m.Yes), No: light.Decimal(m.No), Support: light.Decimal(m.Support), Rule: m.Rule,
		Votes: []ballotShape{}, Terms: tx.Terms(m.Asked), Text: tx.Words(m.Asked),
	}
	if m.State == record.MotionPetition {
		out.Needs = light.Decimal(m.Needs)
	}
	for _, b := range m.Ballots {
		shape := ballotShape{By: light.Party(b.By), Yes: b.Yes}
		if !b.As.IsZero() {
			shape.Member = &b.As
		}
		out.Votes = append(out.Votes, shape)
	}
	return out
}
