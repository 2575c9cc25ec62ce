package ledger

import (
	"errors"
	"fmt"

	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
)

// RulesKnown is the last version of the rules that this program knows. Version 2
// has the rules of version 1: it is there to rehearse an upgrade (specs/23).
const RulesKnown = tx.RulesKnown

// ErrRules reports rules in force that this program does not know.
var ErrRules = errors.New("ledger: rules that this program does not know are in force")

// upgradable checks a version that is to be in force.
//
// specs/23 GOV-10: while a version waits for its height, a further vote sets
// another height for it.
func (b *block) upgradable(p *tx.Propose) error {
	if p.Value != b.params.Rules+1 {
		return tx.Refuse("GOV-10", "value", "version %d is in force, the next is %d", b.params.Rules, b.params.Rules+1)
	}
	return nil
}

// upgrade puts new rules in force at their height.
//
// specs/23 GOV-10: new rules are in force from the later of the height voted and
// the second ledger block after notice has run. A program that does not know the
// version stops before it.
func (b *block) upgrade() error {
	if p := b.params; p.NextRules != 0 && b.now.Height >= p.NextHeight {
		p.Rules, p.NextRules, p.NextHeight = p.NextRules, 0, 0
		b.putParameters()
		b.moved = true
	}
	if b.params.Rules > RulesKnown {
		return fmt.Errorf("%w: version %d; this program knows %d, install one that knows it (GOV-10)", ErrRules, b.params.Rules, uint64(RulesKnown))
	}
	return nil
}

// RulesAt is the version of the rules that the header of a height names, over the
// state before. An error reports a corrupt state.
func RulesAt(s tree.State, height uint64) (uint64, error) {
	p, err := Parameters(s)
	if err != nil {
		return 0, err
	}
	if p.NextRules != 0 && height >= p.NextHeight {
		return p.NextRules, nil
	}
	return p.Rules, nil
}

// nextRules is the version that comes into force in the next ledger block, if one
// does, else 0.
func (b *block) nextRules() uint64 {
	if p := b.params; p.NextRules != 0 && b.now.Height+1 >= p.NextHeight {
		return p.NextRules
	}
	return 0
}
