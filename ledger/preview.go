package ledger

import (
	"errors"

	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
)

// Trial is what would become of one act, or of one bundle, in the next ledger
// block.
type Trial struct {
	Cost    uint64        // credit it would take from its authors; 0 for an opening by work
	Refusal *tx.RuleError // why it is not admissible, or nil
	Receipt Receipt       // what would become of it; meaningless if it is not admissible
	At      int           // the place in a bundle of the act that is refused or fails
	Settled tree.State    // after what is due, before the act
	State   tree.State    // after both
	Changed []tree.Key    // ascending: what differs from the state that was given; more than the act changed
	// Accepted is what the acceptance of the offers would make of State, in the order
	// of their acts, as far as each can be accepted after those before it; nil where
	// none is.
	Accepted *Sequel
	Starts   []Start // of the leases to come that the acts, or these acceptances, write
	Lacking  []Lack  // consents that the offers it makes, accepts or consents to need and do not have
}

// Try applies one act, alone, to a throwaway copy of the state, at a header
// that is made up. It promises nothing of the block to come: others may act
// first. signed says that the act's signatures are those of its author; without
// it, ADM-3 is left out, so that an act can be tried before it is signed.
//
// An error reports a corrupt state.
func Try(s tree.State, prev, now Header, v tx.Verified, signed bool) (Trial, error) {
	return TryBundle(s, prev, now, []Attempt{{v, signed}})
}

// Attempt is an act that is tried; Signed is as in Try.
type Attempt struct {
	Act    tx.Verified
	Signed bool
}

// TryBundle is Try for all acts of a bundle, in their order.
func TryBundle(s tree.State, prev, now Header, all []Attempt) (t Trial, err error) {
	b, err := begin(s, prev, now, len(all))
	if err != nil {
		return t, err
	}
	acts := make([]tx.Verified, len(all))
	for i, x := range all {
		acts[i] = x.Act
		t.Cost += Cost(x.Act)
	}
	if t.At, err = b.admitAll(all, acts); err != nil {
		return t, refusal(&t, err)
	}
	t.Settled = b.e.Freeze()
	charged := b.e.Mark()
	culprit, failed := b.carryOut(acts)
	if failed != nil && !errors.Is(failed, tx.ErrRefused) {
		return t, failed
	}
	if failed != nil {
		b.undo(charged)
	}
	t.At, t.Receipt, t.State = culprit, receipt(acts[culprit], failed), b.e.Freeze()
	for _, c := range b.e.Changes() {
		t.Changed = append(t.Changed, c.Key)
	}
	for _, v := range acts {
		t.Lacking = append(t.Lacking, b.lacking(offerOf(v))...)
	}
	if failed == nil {
		t.Accepted, t.Starts = b.sequel(acts)
	}
	return t, nil
}

// carryOut does one act or all of a bundle, and gives the place of the first that
// fails.
func (b *block) carryOut(acts []tx.Verified) (culprit int, err error) {
	if len(acts) == 1 {
		return 0, b.do(acts[0])
	}
	return b.doAll(acts)
}

// admitAll admits one act, or the acts of a bundle one after the other, and gives
// the place of the first that is not admissible.
func (b *block) admitAll(all []Attempt, acts []tx.Verified) (at int, err error) {
	if err := b.room(len(acts), size(acts)); err != nil {
		return 0, err
	}
	if len(acts) > 1 || acts[0].Header().Count > 0 {
		if err := wholeBundle(acts); err != nil {
			return 0, err
		}
	}
	for i, x := range all {
		if err := b.admit(x.Act, x.Signed); err != nil {
			return i, err
		}
	}
	return 0, nil
}

// admit is charge, or what is left of it for an unsigned act.
func (b *block) admit(v tx.Verified, signed bool) error {
	if signed || v.Header().Author.IsZero() || v.Kind() == tx.KindKeyRevoke {
		return b.charge(v)
	}
	h := v.Header()
	if err := b.ruledBy(h.Rules, v.Kind()); err != nil {
		return err
	}
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
