package ledger

import (
	"errors"

	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
)

// Trial is what would become of one act in the next ledger block.
type Trial struct {
	Cost    uint64        // credit it would take from its author; 0 for an opening by work
	Refusal *tx.RuleError // why it is not admissible, or nil
	Receipt Receipt       // what would become of it; meaningless if it is not admissible
	Settled tree.State    // after what is due, before the act
	State   tree.State    // after both
	Changed []tree.Key    // ascending: what differs from the state that was given; more than the act changed
	Lacking []Lack        // consents that the offer it makes, accepts or consents to needs and does not have
}

// Try applies one act, alone, to a throwaway copy of the state, at a header
// that is made up. It promises nothing of the block to come: others may act
// first. signed says that the act's signatures are those of its author; without
// it, ADM-3 is left out, so that an act can be tried before it is signed.
//
// An error reports a corrupt state.
func Try(s tree.State, prev, now Header, v tx.Verified, signed bool) (Trial, error) {
	b, err := begin(s, prev, now, 1)
	if err != nil {
		return Trial{}, err
	}
	t := Trial{Cost: Cost(v)}
	if err := b.admit(v, signed); err != nil {
		return t, refusal(&t, err)
	}
	t.Settled = b.e.Freeze()
	charged := b.e.Mark()
	failed := b.do(v)
	if failed != nil && !errors.Is(failed, tx.ErrRefused) {
		return t, failed
	}
	if failed != nil {
		b.undo(charged)
	}
	t.Receipt, t.State = receipt(v, failed), b.e.Freeze()
	for _, c := range b.e.Changes() {
		t.Changed = append(t.Changed, c.Key)
	}
	t.Lacking = b.lacking(offerOf(v))
	return t, nil
}

// admit is room and charge, or what is left of them for an unsigned act.
func (b *block) admit(v tx.Verified, signed bool) error {
	if err := b.room(1, len(v.Raw())); err != nil {
		return err
	}
	if v.Header().Count > 0 {
		return tx.Refuse("ADM-10", "bundle", "it is one of %d acts that stand together", v.Header().Count)
	}
	if signed || v.Header().Author.IsZero() || v.Kind() == tx.KindKeyRevoke {
		return b.charge(v)
	}
	h := v.Header()
	if err := b.lives(h.Expires); err != nil {
		return err
	}
	a := b.accountAt(h.Author)
	if a == nil {
		return tx.Refuse("ADM-1", "account", "no account %v", h.Author)
	}
	if err := b.bind(a, v); err != nil && !signatureless(err) {
		return err
	}
	if next := a.Lanes[h.Lane]; h.Number != next {
		return tx.Refuse("ADM-4", "number", "lane %d is at %d, not %d", h.Lane, next, h.Number)
	}
	if err := b.pay(a, v); err != nil {
		return err
	}
	b.putAccount(h.Author, a)
	return nil
}

// signatureless reports whether err is only that the signatures are not there.
func signatureless(err error) bool {
	var rule *tx.RuleError
	return errors.As(err, &rule) && rule.Rule == "ADM-3"
}

// refusal notes a rule's refusal in t, and passes on any other error.
func refusal(t *Trial, err error) error {
	if errors.As(err, &t.Refusal) {
		return nil
	}
	return err
}
