package api

import (
	"errors"
	"net/http"
	"time"

	"ipledger/ledger"
	"ipledger/ledger/chain"
	"ipledger/ledger/light"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// pendingShape is an act that this node knows and no block has yet.
type pendingShape struct {
	ID      wire.Hash     `json:"id"`
	Outcome string        `json:"outcome"` // pending
	Height  light.Decimal `json:"height"`  // of the newest block looked at
}

// act answers what became of an act, waiting for it if asked, or proves it.
func (a *API) act(w http.ResponseWriter, r *http.Request) error {
	var id wire.Hash
	if err := id.UnmarshalText([]byte(r.PathValue("id"))); err != nil {
		return problem(http.StatusBadRequest, "bad_act", "%v", err)
	}
	prove, err := asked(r, "proof")
	if err != nil {
		return err
	}
	wait, err := optional(r, "wait", uint64(WaitMax/time.Second), 0)
	if err != nil {
		return err
	}
	f, err := a.find(r, id, time.Duration(wait)*time.Second)
	switch {
	case errors.Is(err, ErrNotFound) && a.Relay != nil && a.Relay.Pending(id):
		if prove {
			return problem(http.StatusServiceUnavailable, "not_final", "act %v is in no block yet; try again", id)
		}
		return writeJSON(w, pendingShape{id, "pending", light.Decimal(a.Ledger.View().Height)})
	case errors.Is(err, ErrNotFound):
		return problem(http.StatusNotFound, "unknown_act", "no act %v up to block %d, and none is known to be on its way", id, a.Ledger.View().Height)
	case err != nil:
		return err
	case prove:
		return a.proveAct(w, r, f)
	}
	return writeJSON(w, f.answer)
}

// final is an act in its block.
type final struct {
	block  Block
	answer *light.ActAnswer
}

// find looks for an act and, for a while, for the blocks to come.
func (a *API) find(r *http.Request, id wire.Hash, wait time.Duration) (f final, err error) {
	end := time.Now().Add(wait)
	for {
		seen := a.Ledger.View().Height
		height, index, err := a.Ledger.Act(id)
		if err == nil {
			// A block is stored before its state is shown: who hears here that an act
			// is final finds the state after it on every other path.
			a.await(r.Context(), height, WaitMax)
			return a.final(height, index)
		}
		left := time.Until(end)
		if !errors.Is(err, ErrNotFound) || left <= 0 || !a.await(r.Context(), seen+1, left) {
			return f, err
		}
	}
}

func (a *API) final(height, index uint64) (f final, err error) {
	if f.block, err = a.Ledger.Block(height); err != nil {
		return f, err
	}
	header, _, _, err := a.Ledger.Certified(height)
	if err != nil {
		return f, err
	}
	f.answer, err = a.place(f.block, index, light.Moment{Height: height, Time: header.Time.Seconds})
	return f, err
}

// place is the act at a place of a block, as an answer.
func (a *API) place(b Block, index uint64, at light.Moment) (*light.ActAnswer, error) {
	if index >= uint64(len(b.Acts)) || len(b.Acts) > len(b.Receipts) {
		return nil, errors.New("api: the block has no act at this place")
	}
	v, err := tx.Verify(b.Acts[index], a.GenesisHash)
	if err != nil {
		// Not a refusal to the client: the block was verified when it was made.
		return nil, errors.New("api: an act of a final block does not verify: " + err.Error())
	}
	receipt, err := ledger.ReceiptFromBytes(b.Receipts[index])
	if err != nil {
		return nil, err
	}
	return &light.ActAnswer{Moment: at, Act: v, Index: index, Receipt: *receipt}, nil
}

func (a *API) proveAct(w http.ResponseWriter, r *http.Request, f final) error {
	var results []chain.Result
	for i := range f.block.Acts {
		receipt, err := ledger.ReceiptFromBytes(f.block.Receipts[i])
		if err != nil {
			return err
		}
		results = append(results, light.Result(receipt))
	}
	s, err := a.certified(r.Context(), View{Height: f.answer.Height})
	if err != nil {
		return err
	}
	leave, err := a.proofs.enter(r.Context())
	if err != nil {
		return err
	}
	defer leave()
	file, err := s.Act(f.answer.Act.Raw(), results, f.answer.Index)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(file.Bytes()) // an error is a client that has gone
	return nil
}
