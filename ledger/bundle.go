package ledger

import (
	"errors"

	"ipledger/ledger/tx"
)

// next applies the first of some acts, or the bundle that it begins, and says
// how many acts that was; with an error, the place of the act that is not
// admissible.
func (b *block) next(acts []tx.Verified) (n int, err error) {
	count := int(acts[0].Header().Count)
	if count > 0 {
		return b.bundle(acts[:min(count, len(acts))])
	}
	if err := b.act(acts[0]); err != nil {
		return 0, err
	}
	return 1, nil
}

// bundle applies acts that stand or fall together. All are admitted, one after
// the other, before the first is carried out.
//
// specs/04 ADM-11: if one act of a bundle fails, all fail, and nothing but lanes
// and credit is changed (R13).
func (b *block) bundle(acts []tx.Verified) (n int, err error) {
	if err := wholeBundle(acts); err != nil {
		return 0, err
	}
	if err := b.room(len(acts), size(acts)); err != nil {
		return 0, err
	}
	start := b.e.Mark()
	b.newPages, b.newSeats, b.touches = b.newPages[:0], b.newSeats[:0], b.touches[:0]
	if i, err := b.chargeAll(acts); err != nil {
		b.undo(start)
		return i, err
	}
	charged, m := b.e.Mark(), b.meter()
	culprit, failed := b.doAll(acts)
	if failed != nil {
		b.undo(charged)
	}
	if b.excess(m) { // then it failed
		b.spend(m)
	}
	if failed != nil && !errors.Is(failed, tx.ErrRefused) || b.over() {
		b.undo(start)
		if failed == nil || errors.Is(failed, tx.ErrRefused) {
			failed = tx.Refuse("ADM-7", "", "the ledger block has no room left for the bundle's record changes")
		}
		return culprit, failed
	}
	b.enterReceipts(acts, culprit, failed)
	return len(acts), nil
}

// enterReceipts writes what became of each act of a bundle.
func (b *block) enterReceipts(acts []tx.Verified, culprit int, failed error) {
	for i, v := range acts {
		err := failed
		if failed != nil && i != culprit {
			err = tx.Refuse("ADM-11", "bundle", "act %d of its bundle failed", culprit)
		}
		b.enterReceipt(v, err)
	}
}

// wholeBundle keeps specs/04 ADM-10: the acts of a bundle MUST stand whole, side
// by side and in order in one ledger block.
func wholeBundle(acts []tx.Verified) error {
	err := tx.CheckBundle(acts)
	var rule *tx.RuleError
	if errors.As(err, &rule) {
		return tx.Refuse("ADM-10", rule.Field, "%s: %s", rule.Rule, rule.Detail)
	}
	return err
}

// chargeAll admits acts one after the other; with an error it gives the place of
// the first that is not admissible, and what was taken is to be taken back.
func (b *block) chargeAll(acts []tx.Verified) (at int, err error) {
	for i, v := range acts {
		if err := b.charge(v); err != nil {
			return i, err
		}
	}
	return 0, nil
}

// doAll carries acts out in order, and gives the place of the first that fails.
func (b *block) doAll(acts []tx.Verified) (culprit int, err error) {
	m := b.meter()
	for i, v := range acts {
		b.looks = 0
		if err := b.do(v); err != nil {
			return i, err
		}
		if b.excess(m) {
			return i, tooLarge()
		}
	}
	return 0, nil
}

func size(acts []tx.Verified) (n int) {
	for _, v := range acts {
		n += len(v.Raw())
	}
	return n
}
