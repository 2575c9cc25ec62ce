package ledger

import "ipledger/ledger/tx"

// do carries out what an admissible act says. An error that is tx.ErrRefused
// fails the act; what it wrote until then is taken back.
func (b *block) do(v tx.Verified) error {
	if err := b.frozen(v); err != nil {
		return err
	}
	author := v.Header().Author
	switch body := v.Body().(type) {
	case *tx.OpenAccount:
		return b.openAccount(v, body)
	case *tx.SetPolicy:
		return b.setPolicy(v.ID(), author, body)
	case *tx.SetDelay:
		return b.setDelay(v.ID(), author, body)
	case *tx.SetGuardians:
		return b.setGuardians(v.ID(), author, body)
	case *tx.Rename:
		return b.rename(author, body)
	case *tx.SetProvider:
		return b.setProvider(author, body)
	case *tx.RecoveryStart:
		return b.startRecovery(v.ID(), author, body)
	case *tx.RecoveryVeto:
		return b.veto(author, body)
	case *tx.RecoveryFinish:
		return b.finishRecovery(author, body)
	case *tx.RecoveryProve:
		return b.proveRecovery(v, body)
	case *tx.KeyRevoke:
		return b.revoke(v.ID(), author, body)
	case *tx.TransferOffer:
		return b.offerTransfer(v.ID(), author, body)
	case *tx.TransferAccept:
		return b.acceptTransfer(author, body)
	case *tx.OfferCancel:
		return b.cancelOffer(author, body)
	case *tx.Split:
		return b.split(author, body)
	case *tx.Merge:
		return b.merge(v.ID(), author, body)
	case *tx.TransferRelease:
		return b.release(author, body)
	case *tx.Surrender:
		return b.surrender(v.ID(), author, body)
	case *tx.List:
		return b.list(v.ID(), author, body)
	case *tx.ChargePropose:
		return b.proposeCharge(v.ID(), author, body)
	case *tx.ChargeAccept:
		return b.acceptCharge(v.ID(), author, body)
	case *tx.ChargeConsent:
		return b.consentTo(author, body)
	case *tx.ChargeRelease:
		return b.releaseCharge(author, body)
	case *tx.ChargeEnforce:
		return b.enforce(v.ID(), author, body)
	case *tx.ChargeContest:
		return b.contest(author, body)
	case *tx.ChargeRedeem:
		return b.offerRedemption(v.ID(), author, body)
	case *tx.GrantOffer:
		return b.offerGrant(v.ID(), author, body)
	case *tx.GrantAccept:
		return b.acceptGrant(v.ID(), author, body)
	case *tx.GrantNotice:
		return b.giveNotice(v.ID(), author, body)
	case *tx.NoticeWithdraw:
		return b.offerWithdrawal(v.ID(), author, body)
	case *tx.GrantGiveUp:
		return b.giveUp(v.ID(), author, body)
	case *tx.LeaseOffer:
		return b.offerLease(v.ID(), author, body)
	case *tx.LeaseAccept:
		return b.acceptLease(v.ID(), author, body)
	case *tx.LeaseRenew:
		return b.offerRenewal(v.ID(), author, body)
	case *tx.LeaseNotice:
		return b.giveLeaseNotice(v.ID(), author, body)
	case *tx.LeaseEnd:
		return b.offerEnd(v.ID(), author, body)
	case *tx.LeaseAssign:
		return b.offerAssignment(v.ID(), author, body)
	case *tx.LeaseConsent:
		return b.consentLease(author, body)
	case *tx.LeaseSuspend:
		return b.suspend(author, body)
	case *tx.LeaseAnswer:
		return b.answer(v.ID(), author, body)
	case *tx.Caution:
		return b.caution(v.ID(), author, body)
	case *tx.CautionAnswer:
		return b.answerCase(author, body)
	case *tx.CaseDecide:
		return b.decide(author, body)
	case *tx.CaseAppeal:
		return b.appeal(author, body)
	case *tx.OrderRecord:
		return b.recordOrder(v.ID(), author, body)
	case *tx.OrderStatus:
		return b.orderVote(author, body)
	case *tx.Restrict:
		return b.restrictUnder(body)
	case *tx.Lift:
		return b.liftUnder(author, body)
	case *tx.OrderConfirm:
		return b.confirm(author, body)
	case *tx.ForumSet:
		return b.setForum(v.ID(), author, body)
	case *tx.OriginAuthorise:
		return b.authorise(v.ID(), author, body)
	case *tx.OriginWithdraw:
		return b.withdraw(author, body)
	case *tx.ProvidersAuthorise:
		return b.authoriseProviders(author, body)
	case *tx.ReverseSet:
		return b.setReverse(author, body)
	case *tx.GeofeedSet:
		return b.setGeofeed(author, body)
	case *tx.ContactsSet:
		return b.setContacts(author, body)
	case *tx.ContactsErase:
		return b.eraseContacts(author, body)
	case *tx.Evidence:
		return b.show(v.ID(), body)
	case *tx.Claim:
		return b.claim(v, body)
	case *tx.ClaimObject:
		return b.object(v, body)
	case *tx.ClaimAttest:
		return b.attest(author, body)
	case *tx.AttestRefuse:
		return b.refuseAttestation(author, body)
	case *tx.ClaimWithdraw:
		return b.withdrawClaim(author, body)
	case *tx.ProveAgain:
		return b.proveAgain(v, body)
	case *tx.ClaimAnswer:
		return b.answerClaim(author, body)
	case *tx.Succession:
		return b.succession(v.ID(), author, body)
	case *tx.SuccessionVeto:
		return b.vetoSuccession(author, body)
	case *tx.NameAttest:
		return b.attestName(author, body)
	case *tx.SourceStatement:
		return b.enterSheet(v.ID(), body)
	case *tx.SourceAttest:
		return b.attestSource(author, body)
	}
	switch body := v.Body().(type) {
	case *tx.Propose:
		return b.proposeMotion(v.ID(), author, body)
	case *tx.Vote:
		return b.vote(author, body)
	case *tx.Petition:
		return b.petition(author, body)
	}
	return tx.Refuse("ACT-2", "kind", "kind %d is unknown to these rules", v.Kind())
}
