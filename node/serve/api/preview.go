package api

import (
	"errors"
	"net/http"

	"github.com/ethereum/go-ethereum/crypto"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/light"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
	"ipledger/specs"
)

// previewShape is what would become of an act in the next block.
type previewShape struct {
	ID         wire.Hash     `json:"id"`
	Kind       string        `json:"kind"`
	Height     light.Decimal `json:"height"` // of the state it was tried on
	Signed     bool          `json:"signed"` // whether it carried signatures; without, ADM-3 is not tried
	Admissible bool          `json:"admissible"`
	Outcome    string        `json:"outcome"` // done, failed, or inadmissible
	Rule       string        `json:"rule"`
	Field      string        `json:"field"`
	Detail     string        `json:"detail"`
	Sentence   string        `json:"sentence"`
	Cost       light.Decimal `json:"cost"` // credit
	Text       []string      `json:"text"` // what the act says
	Effects    []effectShape `json:"effects"`
}

// effectShape is what is said of a block before and after.
type effectShape struct {
	Resource string `json:"resource"`
	Before   string `json:"before"`
	After    string `json:"after"`
}

// preview tries an act, signed or not, on a throwaway copy of the newest state.
func (a *API) preview(w http.ResponseWriter, r *http.Request) error {
	act, err := a.anyAct(r)
	if err != nil {
		return err
	}
	signed := len(act.Signatures) > 0
	v, err := a.stamp(act)
	if err != nil {
		return err
	}
	leave, err := a.previews.enter(r.Context())
	if err != nil {
		return err
	}
	defer leave()
	view := a.Ledger.View()
	if err := a.begun(view); err != nil {
		return err
	}
	head := ledger.Header{Height: view.Height, Time: view.Time, Hash: view.HeaderHash}
	next := ledger.Header{Height: view.Height + 1, Time: max(view.Time, uint64(max(a.Now().Unix(), 0)))}
	trial, err := ledger.Try(view.State, head, next, v, signed)
	if err != nil {
		return err
	}
	out := previewShape{
		ID: v.ID(), Kind: v.Kind().String(), Height: light.Decimal(view.Height), Signed: signed,
		Cost: light.Decimal(trial.Cost), Text: act.Text(a.GenesisHash), Effects: []effectShape{},
	}
	out.judge(trial)
	if out.Outcome == "done" {
		out.Effects, err = effects(view, next, trial, v.Body())
	}
	if err != nil {
		return err
	}
	return writeJSON(w, out)
}

// judge notes what became of the trial.
func (p *previewShape) judge(t ledger.Trial) {
	p.Admissible = t.Refusal == nil
	if t.Refusal != nil {
		p.Outcome, p.Rule, p.Field, p.Detail = "inadmissible", t.Refusal.Rule, t.Refusal.Field, t.Refusal.Detail
	} else {
		p.Outcome, p.Rule, p.Field, p.Detail = light.OutcomeName(t.Receipt.Outcome), t.Receipt.Rule, t.Receipt.Field, t.Receipt.Detail
	}
	p.Sentence, _ = specs.Rule(p.Rule)
}

// anyAct reads an act from a body, with or without signatures, and checks all
// that can be checked without any.
func (a *API) anyAct(r *http.Request) (*tx.Act, error) {
	f, raw, err := a.readAct(r)
	if err != nil {
		return nil, err
	}
	if f != nil {
		return f.Act, nil
	}
	act, err := tx.Decode(raw)
	if err != nil {
		return nil, err
	}
	return act, act.Check()
}

// stampKey signs unsigned acts for a trial. Everyone knows it; what it signs
// never leaves this file, and the trial leaves the signers out.
var stampKey = func() [32]byte { return [32]byte{31: 1} }()

// stamp is the act verified; an unsigned one is signed with stampKey, since the
// rules take nothing unverified.
func (a *API) stamp(act *tx.Act) (tx.Verified, error) {
	if len(act.Signatures) > 0 {
		return tx.Verify(act.Encode(), a.GenesisHash)
	}
	if act.Header.Author.IsZero() {
		return tx.Verified{}, problem(http.StatusUnprocessableEntity, "unsigned", "an opening by work is tried only with its signatures")
	}
	key, err := crypto.ToECDSA(stampKey[:])
	if err != nil {
		return tx.Verified{}, err
	}
	sig, err := account.Sign(act.ID(a.GenesisHash), key)
	if err != nil {
		return tx.Verified{}, err
	}
	stamped := *act
	if err := stamped.Attach(sig, a.GenesisHash); err != nil {
		return tx.Verified{}, err
	}
	return tx.Verify(stamped.Encode(), a.GenesisHash)
}

// effects says what is true of the act's blocks before and after.
func effects(view View, next ledger.Header, t ledger.Trial, body tx.Body) ([]effectShape, error) {
	out := []effectShape{}
	at := light.Moment{Height: next.Height, Time: next.Time}
	for _, res := range touched(body) {
		before, err1 := light.Read(view.State, res, view.moment())
		after, err2 := light.Read(t.State, res, at)
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
		out = append(out, effectShape{res.String(), before.Statement(), after.Statement()})
	}
	return out, nil
}

// touched is the blocks that an act names.
func touched(body tx.Body) []wire.Resource {
	switch b := body.(type) {
	case *tx.TransferOffer:
		return []wire.Resource{b.Resource}
	case *tx.TransferAccept:
		return []wire.Resource{b.Resource}
	case *tx.Split:
		return []wire.Resource{b.Resource, b.Part}
	case *tx.Merge:
		return []wire.Resource{b.Resource}
	case *tx.GrantOffer:
		return []wire.Resource{b.Resource}
	case *tx.GrantAccept:
		return []wire.Resource{b.Resource}
	case *tx.GrantNotice:
		return []wire.Resource{b.Resource}
	case *tx.GrantGiveUp:
		return []wire.Resource{b.Resource}
	case *tx.OriginAuthorise:
		return []wire.Resource{b.Resource}
	case *tx.OriginWithdraw:
		return []wire.Resource{b.Resource}
	}
	return nil
}
