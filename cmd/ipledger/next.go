package main

import (
	"fmt"

	"ipledger/ledger"
	"ipledger/ledger/tx"
)

// nextSteps is the commands that follow an act: the other party's, or the next
// that makes sense of it.
func (s *session) nextSteps(body tx.Body, a *actAnswer) []string {
	switch b := body.(type) {
	case *tx.OpenAccount:
		return []string{fmt.Sprintf("ipledger account show %v", ledger.AccountID(a.ID))}
	case *tx.TransferOffer:
		return []string{
			fmt.Sprintf("ipledger transfer accept %v   # by %s%s", a.ID, s.book.short(b.To), from(b.Earliest)),
			fmt.Sprintf("ipledger transfer cancel %v   # to take it back", a.ID),
		}
	case *tx.GrantOffer:
		return []string{
			fmt.Sprintf("ipledger grant accept %v   # by %s%s", a.ID, s.book.short(b.To), from(b.Earliest)),
			fmt.Sprintf("ipledger grant cancel %v   # to take it back", a.ID),
		}
	case *tx.TransferAccept:
		return []string{fmt.Sprintf("ipledger lookup %v", b.Resource)}
	case *tx.GrantAccept:
		return []string{fmt.Sprintf("ipledger origin add %v ASNUMBER", b.Resource), fmt.Sprintf("ipledger lookup %v", b.Resource)}
	case *tx.OriginAuthorise:
		return []string{fmt.Sprintf("ipledger lookup %v --proof FILE", b.Resource)}
	case *tx.OriginWithdraw:
		return []string{fmt.Sprintf("ipledger lookup %v", b.Resource)}
	case *tx.Split:
		return []string{fmt.Sprintf("ipledger lookup %v", b.Part)}
	case *tx.Merge:
		return []string{fmt.Sprintf("ipledger lookup %v", b.Resource)}
	}
	return nil
}

func from(earliest uint64) string {
	if earliest == 0 {
		return ""
	}
	return ", from " + instant(earliest).String()
}
