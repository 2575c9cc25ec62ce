package api

import (
	"net/http"

	"github.com/ethereum/go-ethereum/crypto"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/tx"
)

// anyActs reads an act, or the act files of a bundle, from a body, with or without
// signatures, and checks all that can be checked without any.
func (a *API) anyActs(w http.ResponseWriter, r *http.Request) ([]*tx.Act, error) {
	files, raw, err := a.readActs(w, r)
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		act, err := tx.Decode(raw)
		if err != nil {
			return nil, err
		}
		return []*tx.Act{act}, act.Check()
	}
	var acts []*tx.Act
	for _, f := range files {
		acts = append(acts, f.Act)
	}
	return acts, nil
}

// attempts is acts verified; signed says that all of them carry signatures.
func (a *API) attempts(acts []*tx.Act) (all []ledger.Attempt, signed bool, err error) {
	signed = true
	for _, act := range acts {
		v, err := a.stamp(act)
		if err != nil {
			return nil, false, err
		}
		all = append(all, ledger.Attempt{Act: v, Signed: len(act.Signatures) > 0})
		signed = signed && len(act.Signatures) > 0
	}
	return all, signed, nil
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
