package main

import (
	"fmt"

	"ipledger/ledger"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// nextSteps is the commands that follow an act: the other party's, or the next
// that makes sense of it.
func (s *session) nextSteps(body tx.Body, a *actAnswer) []string {
	if family, ok := offerFamilies[body.Kind()]; ok {
		return s.afterOffer(body, family, a.ID)
	}
	switch b := body.(type) {
	case *tx.OpenAccount:
		return []string{fmt.Sprintf("ipledger account show %v", ledger.AccountID(a.ID))}
	case *tx.GrantNotice:
		return append(looked(b.Resource), fmt.Sprintf("ipledger grant withdraw %v   # to offer to take it back", b.Resource))
	case *tx.GrantAccept:
		return routed(b.Resource)
	case *tx.LeaseAccept:
		return routed(b.Resource)
	case *tx.OriginAuthorise:
		return []string{fmt.Sprintf("ipledger lookup %v --proof FILE", b.Resource)}
	case *tx.Split:
		return looked(b.Part)
	case *tx.Surrender:
		return whileItWaits(b.Resource, a.ID, " --release")
	case *tx.Merge:
		return whileItWaits(b.Resource, a.ID, "")
	case *tx.List:
		return []string{fmt.Sprintf("ipledger listings %v", b.Resource), fmt.Sprintf("ipledger transfer cancel %v   # to take it off the list", a.ID)}
	case *tx.LeaseConsent:
		return []string{fmt.Sprintf("ipledger lease accept %v   # by its addressee", b.Offer)}
	case *tx.ChargeConsent:
		return []string{fmt.Sprintf("ipledger offers %v   # its addressee can accept once all consent", b.Resource)}
	case *tx.ChargeEnforce:
		return append(looked(b.Resource), fmt.Sprintf("ipledger charge contest %v %v   # by the title's holder", b.Resource, b.Charge))
	case *tx.Claim:
		next := []string{fmt.Sprintf("ipledger claim show %v", a.ID)}
		if b.Evidence.IsZero() {
			next = append(next, fmt.Sprintf("ipledger attest %v --notice FILE   # by registrars", a.ID))
		}
		return append(next, looked(b.Resource)...)
	case *tx.Succession:
		return []string{fmt.Sprintf("ipledger attest %v --notice FILE   # by two registrars", a.ID), fmt.Sprintf("ipledger succession veto %v   # by the holder, if it is not dissolved", a.ID)}
	case *tx.ClaimObject:
		return []string{fmt.Sprintf("ipledger claim show %v", b.Claim), fmt.Sprintf("ipledger claim withdraw %v   # to take the objection back", b.Claim)}
	case *tx.ClaimAttest:
		return []string{fmt.Sprintf("ipledger claim show %v", b.Claim)}
	case *tx.AttestRefuse:
		return []string{fmt.Sprintf("ipledger claim show %v", b.Claim)}
	case *tx.ClaimAnswer:
		return []string{fmt.Sprintf("ipledger claim show %v", b.Claim)}
	case *tx.NameAttest:
		return []string{fmt.Sprintf("ipledger account show %s", s.book.short(b.Subject))}
	case *tx.Caution:
		return shown(a.ID, fmt.Sprintf("ipledger dispute lift %v %v   # to give it up", a.ID, b.Resource))
	case *tx.OrderRecord:
		return shown(a.ID, fmt.Sprintf("ipledger dispute status %v in-effect   # by adjudicators", a.ID))
	case *tx.CautionAnswer:
		return shown(b.Case)
	case *tx.CaseDecide:
		return shown(b.Case)
	case *tx.CaseAppeal:
		return shown(b.Case)
	case *tx.OrderStatus:
		return shown(b.Order)
	case *tx.OrderConfirm:
		return shown(b.Matter)
	case *tx.Propose:
		return proposed(b, a.ID)
	case *tx.Vote:
		return []string{fmt.Sprintf("ipledger gov show %v", b.Proposal)}
	case *tx.Petition:
		return []string{fmt.Sprintf("ipledger gov show %v", b.Proposal)}
	case *tx.SourceAttest:
		return []string{"ipledger source state " + b.Registry, "ipledger source submit STATEMENTS   # by anyone, once enough registrars attested it"}
	case *tx.SourceStatement:
		return []string{"ipledger source list " + b.Registry}
	case *tx.Evidence:
		return []string{fmt.Sprintf("ipledger claim RESOURCE --evidence %v --statement FILE", a.ID)}
	case *tx.RecoveryStart:
		return []string{fmt.Sprintf("ipledger account recover show %s", s.book.short(b.Subject))}
	case *tx.RecoveryProve:
		return []string{fmt.Sprintf("ipledger account recover show %s", s.book.short(b.Subject))}
	case *tx.RecoveryFinish:
		return []string{fmt.Sprintf("ipledger account show %s", s.book.short(b.Subject))}
	}
	return s.afterOwn(body, a)
}

// proposed is to look at a proposal, and to vote on it.
func proposed(b *tx.Propose, id wire.Hash) []string {
	voters := ledger.RuleOf(record.Matter(b.Matter)).Voters
	return []string{fmt.Sprintf("ipledger gov show %v", id), fmt.Sprintf("ipledger gov vote %v yes   # or no, by %v, if it is open for votes", id, voters)}
}

// afterOwn is what follows an act about the author's own account, or about one
// block and nothing else: to look at it.
func (s *session) afterOwn(body tx.Body, a *actAnswer) []string {
	switch body.Kind() {
	case tx.KindSetPolicy, tx.KindSetDelay, tx.KindSetGuardians, tx.KindRename, tx.KindSetProvider, tx.KindRecoveryVeto, tx.KindKeyRevoke:
		return []string{"ipledger account show " + s.book.short(a.Author.Address)}
	}
	if r, ok := blockOf(body); ok {
		return looked(r)
	}
	return nil
}

// whileItWaits is what there is to do about a merge or a surrender before its time.
func whileItWaits(r wire.Resource, id wire.Hash, release string) []string {
	return append(looked(r),
		fmt.Sprintf("ipledger charge consent %v%s   # by each lender, if it is under charge", id, release),
		fmt.Sprintf("ipledger transfer cancel %v   # to take it back while it waits", id))
}

// shown is to look at a matter, and what else there is to do.
func shown(matter wire.Hash, more ...string) []string {
	return append([]string{fmt.Sprintf("ipledger dispute show %v", matter)}, more...)
}

func looked(r wire.Resource) []string { return []string{fmt.Sprintf("ipledger lookup %v", r)} }

func routed(r wire.Resource) []string {
	return append([]string{fmt.Sprintf("ipledger origin add %v ASNUMBER", r)}, looked(r)...)
}

// afterOffer is the other party's acceptance, and how the offer is taken back.
func (s *session) afterOffer(body tx.Body, family string, id wire.Hash) []string {
	by := "the other party"
	to, earliest := offeredTo(body)
	if !to.IsZero() {
		by = s.book.short(to)
	}
	next := []string{
		fmt.Sprintf("ipledger %s accept %v   # by %s%s", family, id, by, from(earliest)),
		fmt.Sprintf("ipledger %s cancel %v   # to take it back", family, id),
	}
	if body.Kind() == tx.KindLeaseAssign {
		return append([]string{fmt.Sprintf("ipledger lease consent %v   # by the lessor", id)}, next...)
	}
	return next
}

// offeredTo is whom an offer names, zero where that follows from the matter, and
// from when it can be accepted, 0 where that is the account's delay.
func offeredTo(body tx.Body) (to wire.Address, earliest uint64) {
	switch b := body.(type) {
	case *tx.TransferOffer:
		return b.To, b.Earliest
	case *tx.GrantOffer:
		return b.To, b.Earliest
	case *tx.LeaseOffer:
		return b.To, b.Earliest
	case *tx.LeaseAssign:
		return b.To, b.Earliest
	case *tx.ChargePropose:
		return b.To, b.Earliest
	case *tx.LeaseRenew:
		return to, b.Earliest
	case *tx.LeaseEnd:
		return to, b.Earliest
	case *tx.NoticeWithdraw:
		return to, b.Earliest
	case *tx.ChargeRedeem:
		return to, b.Earliest
	}
	return to, 0
}

func from(earliest uint64) string {
	if earliest == 0 {
		return ""
	}
	return ", from " + instant(earliest).String()
}
