package api

import (
	"ipledger/ledger/account"
	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
)

// stateOf says whether an offer can be accepted. A lapsed one reads as lapsed
// until it is swept (DEAL-2); one of an account that is being recovered cannot be
// accepted, and lapses with its keys (RCV-7).
func stateOf(v View, o *record.Offer) (string, error) {
	if o.Accepted != 0 {
		return "accepted", nil
	}
	lapsed, err := hasLapsed(v, o)
	if err != nil || lapsed {
		return "lapsed", err
	}
	if tx.Kind(o.Kind) == tx.KindList {
		return "open", nil
	}
	maker, err := light.ReadAccount(v.State, o.Maker, v.moment())
	switch {
	case err != nil:
		return "", err
	case maker.Account != nil && maker.Account.Renewed != o.Renewed:
		return "lapsed", nil
	case maker.Account != nil && maker.Account.Recovery >= account.Running:
		return "frozen", nil
	case v.Time < o.Earliest:
		return "early", nil
	}
	return "open", nil
}

// hasLapsed reports whether an offer's time is over or its title has changed. A
// listing does not depend on the title, a surrender and a merge on no time.
func hasLapsed(v View, o *record.Offer) (bool, error) {
	kind := tx.Kind(o.Kind)
	if v.Time >= o.Until && kind != tx.KindSurrender && kind != tx.KindMerge && kind != tx.KindForumSet {
		return true, nil
	}
	if kind == tx.KindList {
		return false, nil
	}
	leaf, ok := v.State.Get(tree.ResourceKey(o.Title))
	if !ok {
		return true, nil
	}
	f, err := record.FolioFromBytes(leaf.Data)
	return err == nil && f.Dealing() != o.Value, err
}
