package ledger

import (
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// RecoveryName is the name of a recovery, in the form of an account's id: that of the
// account that the act which proposed it first would have opened, had it opened one
// (specs/17 RCV-9).
func RecoveryName(recovery wire.Hash) wire.Address { return AccountID(recovery) }

// proveRecovery lets a vetoed recovery prevail without all guardians.
//
// specs/17 RCV-9: While a vetoed recovery's window runs, a guardian MAY prove it,
// once, by evidence that may prove a title for a whole title of grade A that the
// account has held since before the recovery ran, and that names a proof; its statement
// names the recovery.
func (b *block) proveRecovery(v tx.Verified, body *tx.RecoveryProve) error {
	if _, err := b.guarded(body.Subject, v.Author()); err != nil {
		return err
	}
	x := b.recovery(body.Subject)
	if !x.Vetoed || x.Ripe || x.Proposals[0].Act != body.Recovery {
		return tx.Refuse("RCV-9", "recovery", "the window of no vetoed recovery %v of account %v runs", body.Recovery, body.Subject)
	}
	if !x.Proved.IsZero() {
		return tx.Refuse("RCV-9", "recovery", "it was proved by evidence %v", x.Proved)
	}
	if err := b.heldBefore(body, x.Began); err != nil {
		return err
	}
	e, err := b.proof(v.Chain(), RecoveryName(body.Recovery), body.Resource, body.Evidence, body.Expiry)
	if err != nil {
		return err
	}
	if !e.Title {
		return tx.Refuse("RCV-9", "evidence", "no registry certified its issuer: it proves a grant at most")
	}
	x.Proved = body.Evidence
	b.keepRecovery(body.Subject, x, b.accountAt(body.Subject).Recovery)
	return nil
}

// heldBefore finds the title of the account that is recovered.
func (b *block) heldBefore(body *tx.RecoveryProve, began uint64) error {
	t, ok := b.titleOf(body.Resource)
	if !ok || t.at != body.Resource || t.Holder != body.Subject || t.Grade != record.GradeA || t.Proved == 0 || t.Since > began {
		return tx.Refuse("RCV-9", "resource", "%v is no title of grade A that names a proof and that account %v has held since %s", body.Resource, body.Subject, tx.UTC(began))
	}
	return nil
}
