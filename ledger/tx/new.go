package tx

import (
	"bytes"
	"slices"

	"ipledger/ledger/account"
	"ipledger/ledger/wire"
)

// New is an act that nobody has signed. Rules is filled in where it is zero.
func New(h Header, body Body) *Act {
	if h.Rules == 0 {
		h.Rules = RulesVersion
	}
	return &Act{Header: h, Body: body}
}

// Attach adds a signature in its place; one of the same signer is replaced. It
// refuses what is no signature of this act on the chain of salt.
func (a *Act) Attach(s account.Signature, salt wire.Hash) error {
	if err := ruled(account.CheckSignatures(a.ID(salt), []account.Signature{s})); err != nil {
		return err
	}
	i, found := slices.BinarySearchFunc(a.Signatures, s, func(have, s account.Signature) int {
		return bytes.Compare(have.Signer[:], s.Signer[:])
	})
	if found {
		a.Signatures[i] = s
		return nil
	}
	if len(a.Signatures) == account.SignaturesMax {
		return Refuse("SIG-4", "signatures", "it has %d signatures, the most there can be", account.SignaturesMax)
	}
	a.Signatures = slices.Insert(a.Signatures, i, s)
	return nil
}
