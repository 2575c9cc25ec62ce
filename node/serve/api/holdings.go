package api

import (
	"bytes"
	"context"
	"net/http"
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// holdingsShape is a page of what an account holds.
type holdingsShape struct {
	ID       light.Party    `json:"id"`
	Height   light.Decimal  `json:"height"`
	Time     light.Instant  `json:"time"`
	Holdings []holdingShape `json:"holdings"`
	Next     string         `json:"next"` // the after of the next page, or empty
}

// holdingShape is one title or estate of the account.
type holdingShape struct {
	At    string        `json:"at"`
	Kind  string        `json:"kind"` // title, grant, lease
	State string        `json:"state"`
	Grade string        `json:"grade"`
	Since light.Instant `json:"since"`
	Ends  light.Instant `json:"ends"`
	Right string        `json:"right_state"` // live, to come, suspended
}

// held answers with the blocks at which an account holds a title or a live
// estate, after the block named by after.
func (a *API) held(w http.ResponseWriter, r *http.Request) error {
	id, err := accountID(r)
	if err != nil {
		return err
	}
	prove, err := asked(r, "proof")
	if err != nil {
		return err
	}
	if prove {
		return a.heldProof(w, r, id)
	}
	n, err := limit(r)
	if err != nil {
		return err
	}
	v, err := a.view(r)
	if err != nil {
		return err
	}
	blocks, err := a.heldIn(r.Context(), v.State, id)
	if err != nil {
		return err
	}
	if blocks, err = afterBlock(r, blocks); err != nil {
		return err
	}
	out := holdingsShape{ID: light.Party(id), Height: light.Decimal(v.Height), Time: light.Instant(v.Time), Holdings: []holdingShape{}}
	for i, at := range blocks {
		if i == n {
			out.Next = blocks[i-1].String()
			break
		}
		answer, err := light.Read(v.State, at, v.moment())
		if err != nil {
			return err
		}
		out.Holdings = append(out.Holdings, holdingsAt(answer, id)...)
	}
	return writeJSON(w, out)
}

// HeldBy is the blocks at which an account holds a title or an estate in the newest
// state or one after it, ascending, for other rooms to look at.
func (a *API) HeldBy(id wire.Address) ([]wire.Resource, error) {
	return a.holdings.of(a.Ledger.View(), id, a.Ledger)
}

// heldIn is the blocks at which an account holds a title or an estate in a state,
// ascending: of the newest by the index, of one of the past by reading all of it.
//
// specs/13 API-23: What an account holds MUST be listed and proven of the height that is
// asked for. specs/13 API-11: states of the past are read for few at a time.
func (a *API) heldIn(ctx context.Context, s tree.State, id wire.Address) ([]wire.Resource, error) {
	if head := a.Ledger.View(); head.State.Root() == s.Root() {
		return a.holdings.of(head, id, a.Ledger)
	}
	leave, err := a.goBack(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	return readHeld(s, id)
}

// readHeld reads a whole state for the blocks at which an account holds something.
func readHeld(s tree.State, id wire.Address) (blocks []wire.Resource, err error) {
	for f := tree.IPv4; f <= tree.ASN && err == nil; f++ {
		s.Walk(tree.RootKey(f), func(l tree.Leaf) bool {
			if !bytes.Contains(l.Data, id[:]) {
				return true
			}
			var who []wire.Address
			if who, _, err = holdersAt(l); slices.Contains(who, id) {
				blocks = append(blocks, l.Key.Resource())
			}
			return err == nil
		})
	}
	return blocks, err
}

// afterBlock drops the blocks up to the one that a page before ended with.
func afterBlock(r *http.Request, blocks []wire.Resource) ([]wire.Resource, error) {
	if !r.URL.Query().Has("after") {
		return blocks, nil
	}
	after, err := parseResource(r.URL.Query().Get("after"))
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(blocks, func(b wire.Resource) bool { return inr.Compare(b, after) > 0 })
	if i < 0 {
		return nil, nil
	}
	return blocks[i:], nil
}

// holdingsAt is what the account holds at exactly this block.
func holdingsAt(a *light.Answer, id wire.Address) (out []holdingShape) {
	at := a.Resource
	if t := a.Title; t != nil && t.At == at && t.Holder == id {
		out = append(out, holdingShape{at.String(), "title", a.State, a.Grade.String(), light.Instant(t.Since), 0, "live"})
	}
	for _, shape := range append(a.EstateShapes(), a.ToComeShapes()...) {
		if shape.At == at.String() && wire.Address(shape.Holder) == id {
			out = append(out, holdingShape{shape.At, shape.Kind, a.State, a.Grade.String(), shape.Start, shape.Ends, shape.State})
		}
	}
	return out
}
