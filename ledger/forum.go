package ledger

import (
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// setForum names the forum of a title, after the holder's delay or at once.
//
// specs/22 DISP-28: Only its holder names the forum of a title, whole, under no
// charge; it takes effect after the holder's delay, at once if there is none.
func (b *block) setForum(id wire.Hash, author wire.Address, body *tx.ForumSet) error {
	t, err := b.owned(body.Resource, author)
	if err != nil {
		return err
	}
	if body.Resource != t.at {
		return tx.Refuse("DISP-28", "resource", "%v is a part of the title %v", body.Resource, t.at)
	}
	if n := len(chargesOver(t)); n > 0 {
		return tx.Refuse("DISP-28", "resource", "%d charges stand over %v", n, t.at)
	}
	return b.intend(id, author, t, body, body.Value)
}
