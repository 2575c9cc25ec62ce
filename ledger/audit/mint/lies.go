package mint

import (
	"cmp"
	"slices"

	"ipledger/ledger"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// WrongRoot rules that a block changes a record that no act changed.
func WrongRoot(true Rules) Rules {
	return func(s tree.State, prev, now ledger.Header, acts []tx.Verified, evidence []ledger.Misbehaviour) (ledger.Result, error) {
		r, err := true(s, prev, now, acts, evidence)
		e := r.State.Edit()
		f := &record.Folio{Title: (&record.Title{Rules: record.Rules, State: record.Reserved}).Bytes()}
		e.Put(record.FolioLeaf(wire.Resource{Family: wire.IPv4, Len: 24, Addr: [16]byte{61}}, f))
		r.State = e.Freeze()
		return r, err
	}
}

// NoDue rules that nothing is due in a block.
func NoDue(true Rules) Rules {
	return func(s tree.State, prev, now ledger.Header, acts []tx.Verified, evidence []ledger.Misbehaviour) (ledger.Result, error) {
		now.Time = prev.Time - 200 // before the end
		return true(s, prev, now, acts, evidence)
	}
}

// AnyOrder rules that acts may come in any order.
func AnyOrder(true Rules) Rules {
	return func(s tree.State, prev, now ledger.Header, acts []tx.Verified, evidence []ledger.Misbehaviour) (ledger.Result, error) {
		mended := slices.Clone(acts)
		slices.SortStableFunc(mended, func(a, b tx.Verified) int { return cmp.Compare(a.Header().Number, b.Header().Number) })
		return true(s, prev, now, mended, evidence)
	}
}

// WrongReceipt rules that every act is told to be done.
func WrongReceipt(true Rules) Rules {
	return func(s tree.State, prev, now ledger.Header, acts []tx.Verified, evidence []ledger.Misbehaviour) (ledger.Result, error) {
		r, err := true(s, prev, now, acts, evidence)
		for i := range r.Receipts {
			r.Receipts[i].Outcome, r.Receipts[i].Rule, r.Receipts[i].Field = ledger.Done, "", ""
		}
		return r, err
	}
}
