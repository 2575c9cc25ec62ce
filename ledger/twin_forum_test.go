package ledger_test

import (
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// brokenForum is of naming a forum (DISP-28).
func (w *twin) brokenForum(add breaks, author wire.Address, b *tx.ForumSet) {
	w.brokenTitle(add, b.Resource, author)
	w.brokenHold(add, b.Resource)
	if t := w.titleOf(b.Resource); t != nil {
		add("DISP-28", t.at != b.Resource || len(t.charges) > 0)
	}
	add("DEAL-1", !w.current(b.Resource, b.Value))
	w.brokenIntent(add, author, b.Resource)
}
