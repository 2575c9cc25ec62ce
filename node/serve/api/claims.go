package api

import (
	"net/http"

	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// claimShape is a claim or a succession that is open.
type claimShape struct {
	Height     light.Decimal    `json:"height"`
	Time       light.Instant    `json:"time"`
	ID         wire.Hash        `json:"id"`   // of the act that made it
	Kind       string           `json:"kind"` // claim, succession
	Account    light.Party      `json:"account"`
	Against    light.Party      `json:"against"` // the holder, or null
	Resource   string           `json:"resource"`
	Grade      string           `json:"grade"`
	Stage      string           `json:"stage"` // attesting, window, disputed, silent, answered, caution
	Evidence   *wire.Hash       `json:"evidence"`
	Proved     light.Instant    `json:"proved"`
	Entered    light.Instant    `json:"entered"`
	Began      light.Instant    `json:"began"`
	Next       light.Instant    `json:"next"`   // when it is looked at again
	Lapses     light.Instant    `json:"lapses"` // contested and undecided
	Words      []wordShape      `json:"words"`
	Objections []objectionShape `json:"objections"`
}

// wordShape is what a registrar said.
type wordShape struct {
	Kind     string        `json:"kind"` // attests, notifies, refuses, objects
	By       light.Party   `json:"by"`
	Digest   wire.Hash     `json:"digest"`
	Date     light.Instant `json:"date"`
	At       light.Instant `json:"at"`
	Resource string        `json:"resource"`
}

// objectionShape is an objection with evidence.
type objectionShape struct {
	By       light.Party   `json:"by"`
	Signed   light.Instant `json:"signed"`
	Resource string        `json:"resource"`
}

// wordKinds are the words for what registrars say, by record.WordKind.
var wordKinds = [...]string{"", "attests", "notifies", "refuses", "objects"}

// claim answers with one that is open.
func (a *API) claim(w http.ResponseWriter, r *http.Request) error {
	var id wire.Hash
	if err := id.UnmarshalText([]byte(r.PathValue("id"))); err != nil {
		return problem(http.StatusBadRequest, "bad_act", "%v", err)
	}
	v := a.Ledger.View()
	if err := a.begun(v); err != nil {
		return err
	}
	leaf, ok := v.State.Get(record.ClaimKey(id))
	if !ok {
		return problem(http.StatusNotFound, "unknown_claim", "no claim or succession %v is open after block %d: it was never made, or settled, withdrawn, decided or lapsed", id, v.Height)
	}
	c, err := record.ClaimFromBytes(leaf.Data)
	if err != nil {
		return err
	}
	return writeJSON(w, shapeClaim(v, id, c))
}

func shapeClaim(v View, id wire.Hash, c *record.Claim) claimShape {
	s := claimShape{
		Height: light.Decimal(v.Height), Time: light.Instant(v.Time), ID: id, Kind: "claim", Account: light.Party(c.Account), Against: light.Party(c.From),
		Resource: c.Resource.String(), Grade: c.Grade.String(), Stage: c.Stage.String(), Proved: light.Instant(c.Proved), Entered: light.Instant(c.Entered),
		Began: light.Instant(c.Began), Next: light.Instant(c.At), Lapses: light.Instant(c.Ends), Words: []wordShape{}, Objections: []objectionShape{},
	}
	if c.Succession {
		s.Kind = "succession"
	}
	if !c.Evidence.IsZero() {
		s.Evidence = &c.Evidence
	}
	for _, x := range c.Words {
		s.Words = append(s.Words, wordShape{
			wordKinds[min(int(x.Kind), len(wordKinds)-1)], light.Party(x.By), x.Digest, light.Instant(x.Date), light.Instant(x.At), x.Block.String(),
		})
	}
	for _, x := range c.Objections {
		s.Objections = append(s.Objections, objectionShape{light.Party(x.By), light.Instant(x.Signed), x.Block.String()})
	}
	return s
}
