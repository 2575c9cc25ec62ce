package local

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"

	"ipledger/ledger/account"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
	"ipledger/testnet/world"
)

// ErrAct reports an act that a node did not take, or that was not done.
var ErrAct = errors.New("local: act")

// actLife is how long acts that are made here may wait to be applied.
const actLife = time.Hour

// Account finds an account by its name.
func (n *Network) Account(name string) (Account, error) {
	i := slices.IndexFunc(n.File.Accounts, func(a Account) bool { return a.Name == name })
	if i < 0 {
		return Account{}, fmt.Errorf("%w: no account %q in the world", ErrAct, name)
	}
	return n.File.Accounts[i], nil
}

// Make makes an act of an account, signed with the key that everyone knows. The
// number in the lane is the next that node i knows of.
func (n *Network) Make(ctx context.Context, i int, name string, lane int, body tx.Body) (*tx.Act, error) {
	a, err := n.Account(name)
	if err != nil {
		return nil, err
	}
	var answer struct {
		Account struct {
			Policy uint64   `json:"policy,string"`
			Lanes  []string `json:"lanes"`
		} `json:"account"`
	}
	if err := n.Get(ctx, i, "/v1/accounts/"+a.ID.String(), &answer); err != nil {
		return nil, err
	}
	if lane >= len(answer.Account.Lanes) {
		return nil, fmt.Errorf("%w: no lane %d", ErrAct, lane)
	}
	number, err := strconv.ParseUint(answer.Account.Lanes[lane], 10, 64)
	if err != nil {
		return nil, fmt.Errorf("%w: lane %d: %w", ErrAct, lane, err)
	}
	return n.Sign(a, tx.Header{
		Author: a.ID, Policy: answer.Account.Policy, Lane: uint64(lane), Number: number,
		Expires: uint64(time.Now().Add(actLife).Unix()),
	}, body)
}

// Sign makes an act with a header of the caller's.
func (n *Network) Sign(a Account, h tx.Header, body tx.Body) (*tx.Act, error) {
	act := tx.New(h, body)
	sig, err := account.Sign(act.ID(n.File.GenesisHash), world.Key(a.Name))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAct, err)
	}
	if err := act.Attach(sig, n.File.GenesisHash); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAct, err)
	}
	return act, act.Check()
}

// Tie makes a bundle of acts that Make or Sign made: their signatures are replaced.
// Acts of one account need numbers of their own.
func (n *Network) Tie(acts []*tx.Act, names ...string) error {
	for _, act := range acts {
		act.Signatures = nil
	}
	if err := tx.Bundle(acts, n.File.GenesisHash); err != nil {
		return fmt.Errorf("%w: %w", ErrAct, err)
	}
	for i, act := range acts {
		sig, err := account.Sign(act.ID(n.File.GenesisHash), world.Key(names[i]))
		if err == nil {
			err = act.Attach(sig, n.File.GenesisHash)
		}
		if err != nil {
			return fmt.Errorf("%w: %w", ErrAct, err)
		}
	}
	return nil
}

// Submit gives an act to node i; when it returns nil the act is acknowledged.
func (n *Network) Submit(ctx context.Context, i int, act *tx.Act) (wire.Hash, error) {
	id := act.ID(n.File.GenesisHash)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, n.HTTP(i)+"/v1/acts", bytes.NewReader(act.Encode()))
	if err != nil {
		return id, err
	}
	r.Header.Set("Content-Type", "application/octet-stream")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return id, fmt.Errorf("%w: %w", ErrAct, err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, fetchMax))
	if err == nil && res.StatusCode/100 != 2 {
		err = fmt.Errorf("%w: %s: %s", ErrAct, res.Status, raw)
	}
	return id, err
}

// Done waits until an act is final on node i, and gives its height. An act that
// a rule refused is an error.
func (n *Network) Done(ctx context.Context, i int, id wire.Hash) (height uint64, err error) {
	for {
		var answer struct {
			Height  uint64 `json:"height,string"`
			Outcome string `json:"outcome"`
			Rule    string `json:"rule"`
			Detail  string `json:"detail"`
		}
		err := n.Get(ctx, i, "/v1/acts/"+id.String()+"?wait=4", &answer)
		switch {
		case err == nil && answer.Outcome == "done":
			return answer.Height, nil
		case err == nil && answer.Outcome != "pending":
			return answer.Height, fmt.Errorf("%w: %v is %s: %s %s", ErrAct, id, answer.Outcome, answer.Rule, answer.Detail)
		case ctx.Err() != nil:
			return 0, fmt.Errorf("%w: %v is not final: %w", ErrAct, id, errors.Join(ctx.Err(), err))
		}
		select {
		case <-ctx.Done():
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// Do makes an act on node i, submits it there, and waits until it is final there.
func (n *Network) Do(ctx context.Context, i int, name string, lane int, body tx.Body) (id wire.Hash, height uint64, err error) {
	act, err := n.Make(ctx, i, name, lane, body)
	if err != nil {
		return id, 0, err
	}
	if id, err = n.Submit(ctx, i, act); err != nil {
		return id, 0, err
	}
	height, err = n.Done(ctx, i, id)
	return id, height, err
}

// Get reads a JSON answer of node i.
func (n *Network) Get(ctx context.Context, i int, path string, into any) error {
	raw, err := fetch(ctx, n.HTTP(i)+path)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, into)
}

// Fetch is the bytes of an answer of node i.
func (n *Network) Fetch(ctx context.Context, i int, path string) ([]byte, error) {
	return fetch(ctx, n.HTTP(i)+path)
}

// Dealing is the value that an offer or acceptance over a block must name.
func (n *Network) Dealing(ctx context.Context, i int, block wire.Resource) (value wire.Hash, err error) {
	var answer struct {
		Title *struct {
			Dealing wire.Hash `json:"dealing_value"`
		} `json:"title"`
	}
	if err := n.Get(ctx, i, "/v1/resources/"+block.String(), &answer); err != nil {
		return value, err
	}
	if answer.Title == nil {
		return value, fmt.Errorf("%w: no title covers %v", ErrAct, block)
	}
	return answer.Title.Dealing, nil
}
