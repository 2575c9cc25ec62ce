package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"ipledger/ledger"
	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
	"ipledger/specs"
)

// previewShape is what would become of an act, or of a bundle, in the next block.
type previewShape struct {
	ID         wire.Hash     `json:"id"`     // of the act, or of the bundle
	Kind       string        `json:"kind"`   // or Bundle
	At         int           `json:"at"`     // the place in a bundle of the act that is refused, from 0
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
	outlook
	// IfAccepted is what its offers' acceptance would change, as things stand and
	// with every consent; null where there is no such offer.
	IfAccepted *outlook `json:"if_accepted"`
	// Starts is what the starts of leases to come that it writes, or that those
	// acceptances would, change.
	Starts []startShape `json:"starts"`
	// Lacking is the consents without which its offer cannot be accepted.
	Lacking []lackShape `json:"consents_lacking"`
	// Policy is what the source registry's policy profile says of the deal.
	Policy []policyShape `json:"source_policy"`
}

// outlook is what a step changes.
type outlook struct {
	// Changes is what it would change in the register, in words.
	Changes []recordChange `json:"changes"`
	// Lost is the announcements that are valid before it and not after it; LostPart
	// says that the list is not whole.
	Lost     []lostShape `json:"announcements_lost"`
	LostPart bool        `json:"announcements_part"`
}

// startShape is what the start of a lease to come changes.
type startShape struct {
	Resource string        `json:"resource"`
	Time     light.Instant `json:"time"`
	outlook
}

// lackShape is a consent that an offer needs and does not have.
type lackShape struct {
	Offer  wire.Hash   `json:"offer"`
	By     light.Party `json:"by"`
	Charge *wire.Hash  `json:"charge"` // the lender's, or null for a lessor's or title holder's
	Rule   string      `json:"rule"`
}

// effectShape is what is said of a block before and after.
type effectShape struct {
	Resource string `json:"resource"`
	Before   string `json:"before"`
	After    string `json:"after"`
}

// preview tries an act, signed or not, on a throwaway copy of the newest state.
func (a *API) preview(w http.ResponseWriter, r *http.Request) error {
	acts, err := a.anyActs(w, r)
	if err != nil {
		return err
	}
	// Before a signature is verified: a bundle may have 1,600 of them.
	leave, err := a.previews.enter(r.Context())
	if err != nil {
		return err
	}
	defer leave()
	all, signed, err := a.attempts(acts)
	if err != nil {
		return err
	}
	view := a.Ledger.View()
	if err := a.begun(view); err != nil {
		return err
	}
	head := ledger.Header{Height: view.Height, Time: view.Time, Hash: view.HeaderHash}
	next := ledger.Header{Height: view.Height + 1, Time: max(view.Time, uint64(max(a.Now().Unix(), 0)))}
	trial, err := ledger.TryBundle(view.State, head, next, all)
	if err != nil {
		return err
	}
	out := previewShape{
		ID: all[0].Act.ID(), Kind: all[0].Act.Kind().String(), At: trial.At, Height: light.Decimal(view.Height), Signed: signed,
		Cost: light.Decimal(trial.Cost), Effects: []effectShape{},
		outlook: outlook{Changes: []recordChange{}, Lost: []lostShape{}}, Lacking: shapeLacking(trial.Lacking),
		Starts: []startShape{},
	}
	if len(acts) > 1 {
		out.ID, out.Kind = acts[0].Bundle, "Bundle"
	}
	for _, act := range acts {
		out.Text = append(out.Text, act.Text(a.GenesisHash)...)
	}
	out.Policy = []policyShape{}
	for _, x := range all {
		out.Policy = append(out.Policy, sourcePolicy(view.State, next.Time, x.Act.Body())...)
	}
	out.judge(trial)
	if out.Outcome == "done" {
		err = a.foresee(&out, view, next, trial, all)
	}
	if err != nil {
		return err
	}
	return writeJSON(w, out)
}

// foresee tells what an act that would be done changes.
func (a *API) foresee(out *previewShape, view View, next ledger.Header, t ledger.Trial, all []ledger.Attempt) (err error) {
	var named []wire.Hash
	for _, x := range all {
		list, err := effects(view, next, t, x.Act)
		if err != nil {
			return err
		}
		out.Effects, named = append(out.Effects, list...), append(named, offerNamed(x.Act.Body()))
	}
	before, after := View{State: t.Settled, Time: next.Time}, View{State: t.State, Time: next.Time}
	if out.outlook, err = a.compare(view, before, after, t.Changed, named); err != nil {
		return err
	}
	for _, x := range all {
		named = append(named, x.Act.ID())
	}
	if t.Accepted != nil {
		accepted, err := a.follow(view, t.Accepted, named)
		if err != nil {
			return err
		}
		out.IfAccepted = &accepted
	}
	for i := range t.Starts {
		x := &t.Starts[i]
		one := startShape{Resource: x.At.String(), Time: light.Instant(x.Time)}
		if one.outlook, err = a.follow(view, &x.Sequel, named); err != nil {
			return err
		}
		out.Starts = append(out.Starts, one)
	}
	return nil
}

// follow tells what a sequel changes.
func (a *API) follow(view View, s *ledger.Sequel, named []wire.Hash) (outlook, error) {
	return a.compare(view, View{State: s.Before, Time: s.Time}, View{State: s.State, Time: s.Time}, s.Changed, named)
}

// compare tells what differs between two states, of which one follows the other;
// view is the state that clients can ask for, named are offers of which it is known
// what becomes of them.
func (a *API) compare(view, before, after View, keys []tree.Key, named []wire.Hash) (out outlook, err error) {
	changed := changedBlocks(keys, before.State, after.State)
	if out.Changes, err = a.registerChanges(view, before, after, changed, named); err != nil {
		return out, err
	}
	out.Lost, out.LostPart, err = lost(before, after, changed)
	return out, err
}

func shapeLacking(list []ledger.Lack) []lackShape {
	out := []lackShape{}
	for _, x := range list {
		one := lackShape{Offer: x.Offer, By: light.Party(x.By), Rule: x.Rule}
		if !x.Charge.IsZero() {
			one.Charge = &x.Charge
		}
		out = append(out, one)
	}
	return out
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

// effects says what is true of the act's blocks, and of the accounts that it is
// about, before and after.
func effects(view View, next ledger.Header, t ledger.Trial, v tx.Verified) ([]effectShape, error) {
	out := []effectShape{}
	at := light.Moment{Height: next.Height, Time: next.Time}
	for _, res := range touched(v.Body()) {
		before, err1 := light.Read(view.State, res, view.moment())
		after, err2 := light.Read(t.State, res, at)
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
		out = append(out, effectShape{res.String(), before.Statement(), after.Statement()})
	}
	if len(out) > 0 || v.Header().Author.IsZero() {
		return out, nil
	}
	who := subjectOf(v)
	before, err1 := light.ReadAccount(view.State, who, view.moment())
	after, err2 := light.ReadAccount(t.State, who, at)
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	return append(out, effectShape{who.String(), before.Statement(), after.Statement()}), nil
}

// touched is the blocks that an act names.
func touched(body tx.Body) (out []wire.Resource) {
	var fields struct{ Resource, Part string }
	if err := json.Unmarshal(tx.Terms(body), &fields); err != nil {
		return nil
	}
	for _, text := range []string{fields.Resource, fields.Part} {
		if r, err := inr.Parse(text); err == nil {
			out = append(out, r)
		}
	}
	return out
}

// subjectOf is the account that an act about no block is about.
func subjectOf(v tx.Verified) wire.Address {
	switch b := v.Body().(type) {
	case *tx.RecoveryStart:
		return b.Subject
	case *tx.RecoveryFinish:
		return b.Subject
	}
	return v.Header().Author
}

// offerNamed is the offer that an act names, zero for none.
func offerNamed(body tx.Body) (id wire.Hash) {
	var fields struct{ Offer string }
	if err := json.Unmarshal(tx.Terms(body), &fields); err == nil {
		_ = id.UnmarshalText([]byte(strings.TrimPrefix(fields.Offer, "0x"))) // none is zero
	}
	return id
}
