package ledger

import (
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// standing finds the title that covers r and checks that it stands well. Routing
// and services ask no more.
//
// specs/04 TITLE-1: one title MUST cover the block. specs/04 TITLE-3: it MUST
// be held, at grade A or B, or T on a test network.
func (b *block) standing(r wire.Resource) (titled, error) {
	t, ok := b.titleOf(r)
	if !ok {
		return t, tx.Refuse("TITLE-1", "resource", "no title covers %v", r)
	}
	if t.State != record.Held || !t.Grade.Settled() {
		return t, tx.Refuse("TITLE-3", "resource", "the title %v is %v, grade %v", t.at, t.State, t.Grade)
	}
	return t, nil
}

// dealable finds the title that covers r and checks that r may be dealt in: that
// the title stands well, is not on hold, and that nothing binds r.
func (b *block) dealable(r wire.Resource) (titled, error) {
	t, err := b.endable(r)
	if err != nil {
		return t, err
	}
	return t, unbound(t, r)
}

// endable is dealable for what ends a right or hands on a lease that stands: a
// hold refuses that (specs/04 TITLE-9), a freeze does not (specs/22 DISP-3).
func (b *block) endable(r wire.Resource) (titled, error) {
	t, err := b.standing(r)
	if err != nil {
		return t, err
	}
	return t, unheld(t)
}

// owned is dealable, and the author holds the title.
func (b *block) owned(r wire.Resource, author wire.Address) (titled, error) {
	t, err := b.ownedAround(r, author)
	if err != nil {
		return t, err
	}
	return t, unbound(t, r)
}

// ownedAround is owned for an act that deals in a part of r alone.
//
// specs/04 TITLE-2: the author MUST hold the title.
func (b *block) ownedAround(r wire.Resource, author wire.Address) (titled, error) {
	t, ok := b.titleOf(r)
	if ok && t.Holder != author && t.State == record.Held {
		return t, tx.Refuse("TITLE-2", "resource", "the title %v is held by %v", t.at, t.Holder)
	}
	return b.endable(r)
}

// cuttable checks that a part may become a title of its own.
//
// specs/04 TITLE-4: no title is longer than its family's floor.
func (b *block) cuttable(r wire.Resource) error {
	floor := uint64(r.Family.Bits())
	switch r.Family {
	case wire.IPv4:
		floor = b.params.TransferFloor4
	case wire.IPv6:
		floor = b.params.TransferFloor6
	}
	if uint64(r.Len) > floor {
		return tx.Refuse("TITLE-4", "resource", "%v is smaller than a /%d", r, floor)
	}
	return nil
}

// settledBefore keeps specs/04 TITLE-5: a folio opened in a ledger block is not
// closed in the same one, so that every predecessor's value is in the history.
func (b *block) settledBefore(r wire.Resource) error {
	if leaf, ok := b.base.Get(tree.ResourceKey(r)); ok && len(wire.Own[record.Folio](leaf.Data).Title) > 0 {
		return nil
	}
	return tx.Refuse("TITLE-5", "resource", "the title %v was opened in this ledger block", r)
}

// addressee checks that the other party is there and is another.
//
// specs/04 TITLE-6: the other party MUST be an account, and not the author.
func (b *block) addressee(to, author wire.Address) error {
	if to == author {
		return tx.Refuse("TITLE-6", "to", "%v is the author", to)
	}
	if b.accountAt(to) == nil {
		return tx.Refuse("TITLE-6", "to", "no account %v", to)
	}
	return nil
}
