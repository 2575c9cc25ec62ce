package ledger

import (
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// DecideClaim makes a ledger block in which adjudicators decide a claim, for tests
// of what their decision does.
func DecideClaim(s tree.State, prev, now Header, id wire.Hash, granted bool) (r Result, done bool, err error) {
	b, err := begin(s, prev, now, 1)
	if err != nil {
		return Result{}, false, err
	}
	done = b.decideClaim(id, granted)
	b.acts++
	r, err = b.end(nil)
	return r, done, err
}
