package ledger

import (
	"crypto/sha256"

	"ipledger/ledger/record"
	"ipledger/ledger/rpki"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// proof finds the evidence by which an account proves a block.
//
// specs/20 CLAIM-6: Evidence proves a block for an account if it is on record and
// fresh, its checklist covers the block and lists the statement of chain, account,
// block and expiry, and the expiry is to come.
func (b *block) proof(chain wire.Hash, who wire.Address, r wire.Resource, act wire.Hash, expiry uint64) (*record.Evidence, error) {
	leaf, ok := b.e.Get(record.EvidenceKey(act))
	if !ok {
		return nil, tx.Refuse("CLAIM-6", "evidence", "no evidence %v is on record", act)
	}
	e := wire.Own[record.Evidence](leaf.Data)
	s := rpki.Statement{Chain: chain, Account: who, Block: r, Expiry: expiry}
	switch {
	case e.Until(b.params.SigningSeconds) <= b.now.Time:
		return nil, tx.Refuse("CLAIM-6", "evidence", "its checklist was signed at %s, more than %d seconds ago", tx.UTC(e.Signed), b.params.SigningSeconds)
	case expiry <= b.now.Time:
		return nil, tx.Refuse("CLAIM-6", "expiry", "the statement expired at %s", tx.UTC(expiry))
	case !e.Covers(r):
		return nil, tx.Refuse("CLAIM-6", "resource", "its checklist does not speak for %v", r)
	case !e.Signs(sha256.Sum256(s.Bytes())):
		return nil, tx.Refuse("CLAIM-6", "evidence", "its checklist does not list the statement of %v, %v, expiring at %s", who, r, tx.UTC(expiry))
	}
	return e, nil
}

// proveAgain proves a title anew.
//
// specs/20 CLAIM-19: The holder of a title of grade A proves it again, whole, with
// evidence signed after the last; nothing else changes.
func (b *block) proveAgain(v tx.Verified, body *tx.ProveAgain) error {
	t, ok := b.titleOf(body.Resource)
	if !ok || t.at != body.Resource || t.Holder != v.Author() || t.Grade != record.GradeA {
		return tx.Refuse("CLAIM-19", "resource", "%v is no title of grade A of the author's", body.Resource)
	}
	e, err := b.proof(v.Chain(), v.Author(), body.Resource, body.Evidence, body.Expiry)
	if err != nil {
		return err
	}
	if !e.Title || e.Signed <= t.Proved {
		return tx.Refuse("CLAIM-19", "evidence", "signed at %s, for a title: %t; the title was proved at %s", tx.UTC(e.Signed), e.Title, tx.UTC(t.Proved))
	}
	b.retitle(t, func(title *record.Title) {
		title.Proved = e.Signed
		title.Counter++
	})
	return nil
}
