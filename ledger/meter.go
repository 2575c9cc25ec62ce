package ledger

import "ipledger/ledger/tx"

// An act or a bundle has half of a ledger block for what it changes and looks at
// (specs/04 ADM-11), so that none waits, at no cost to its author, for room that it
// never gets, and keeps those behind it out of every proposal.
const (
	ownChangesMax = BlockChangesMax / 2
	ownWeightMax  = BlockWeightMax / 2
	ownLooksMax   = blockLooksMax / 2
)

// meter is how much a ledger block had changed and looked at at one moment.
type meter struct{ written, weight, looked, touches int }

// touched is how a record had been written before it was again.
type touched struct {
	t       *touch
	written bool
	now     int
}

func (b *block) meter() meter { return meter{b.written, b.weight, b.looked, len(b.touches)} }

// excess reports whether more was changed or looked at since than one act may.
func (b *block) excess(m meter) bool {
	return b.written-m.written > ownChangesMax || b.weight-m.weight > ownWeightMax || b.looked-m.looked > ownLooksMax
}

// tooLarge is the refusal of what changes or looks at more.
//
// specs/04 ADM-11: An act or a bundle that changes or looks at more than half of what a
// ledger block may fails by this rule.
func tooLarge() error {
	return tx.Refuse("ADM-11", "", "it changes or looks at more than half of what a ledger block may")
}

// unwrite makes the ledger block count as changed what was when the meter was read: all
// since then was taken back.
func (b *block) unwrite(m meter) {
	for i := len(b.touches) - 1; i >= m.touches; i-- {
		x := b.touches[i]
		x.t.written, x.t.now = x.written, x.now
	}
	b.touches = b.touches[:m.touches]
	b.written, b.weight = m.written, m.weight
}

// spend is unwrite that counts half of a ledger block's looks, whatever they were.
func (b *block) spend(m meter) {
	b.unwrite(m)
	b.looked = m.looked + ownLooksMax
}
