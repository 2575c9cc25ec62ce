package ledger

import (
	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// vetoKeys is how many of n title keys veto a recovery where k act: so many
// that the others are too few to act. It is 0 where nobody can.
//
// specs/17 RCV-4: a veto is signed by n - k + 1 of the account's title keys.
func vetoKeys(p *account.Policy) uint64 {
	n := uint64(len(p.TitleKeys))
	if n < p.TitleK {
		return 0
	}
	return n - p.TitleK + 1
}

// veto turns an account's own keys against its recovery.
//
// specs/17 RCV-4: it is given once, while the recovery runs; the window then
// counts twice from its start.
func (b *block) veto(author wire.Address, body *tx.RecoveryVeto) error {
	x, a := b.recovery(author), b.accountAt(author)
	if a.Recovery < account.Running || x.Proposals[0].Act != body.Recovery {
		return tx.Refuse("RCV-4", "recovery", "no recovery %v of account %v runs", body.Recovery, author)
	}
	if x.Vetoed {
		return tx.Refuse("RCV-4", "recovery", "it was vetoed before")
	}
	b.unqueueRecovery(x)
	x.Vetoed, x.At = true, x.At+b.params.RecoverySeconds
	b.keepRecovery(author, x, account.Vetoed)
	return nil
}

// frozen refuses what an account does while guardians and keys disagree.
//
// specs/17 RCV-5: while a vetoed recovery runs, every act of the account in
// lanes 0 to 7 but the veto and a revocation fails.
func (b *block) frozen(v tx.Verified) error {
	h := v.Header()
	if h.Author.IsZero() || account.RoleOf(h.Lane) == account.Routing || b.accountAt(h.Author).Recovery != account.Vetoed {
		return nil
	}
	if kind := v.Kind(); kind == tx.KindRecoveryVeto || kind == tx.KindKeyRevoke || kind == tx.KindSuccessionVeto {
		return nil
	}
	return tx.Refuse("RCV-5", "account", "a vetoed recovery of account %v runs", h.Author)
}

// recovering reports whether a recovery of an account runs: what it would lose
// by a thief's hand waits.
func (b *block) recovering(who wire.Address) bool {
	a := b.accountAt(who)
	return a != nil && a.Recovery >= account.Running
}

// standsBehind checks that the keys that made an offer still speak for its maker.
//
// specs/17 RCV-7: while a recovery runs, offers of the account cannot be
// accepted; those made before a recovery replaced its keys have lapsed.
func (b *block) standsBehind(o *record.Offer) error {
	if b.recovering(o.Maker) {
		return tx.Refuse("RCV-7", "offer", "a recovery of its maker %v runs", o.Maker)
	}
	if b.outlived(o) {
		return tx.Refuse("RCV-7", "offer", "it has lapsed: a recovery replaced the keys of its maker %v", o.Maker)
	}
	return nil
}

// outlived reports whether a recovery replaced the keys that made an offer.
func (b *block) outlived(o *record.Offer) bool {
	a := b.accountAt(o.Maker)
	return a == nil || a.Renewed != o.Renewed
}
