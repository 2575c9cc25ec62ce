package ledger

import (
	"errors"
	"slices"

	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// bearable tries the acceptance of an offer that was put on the table, as things
// stand, and takes it back.
//
// specs/04 ORIGIN-8: An offer is refused if its acceptance, or the settlement of a
// conditional transfer, would be refused by ORIGIN-4 as things stand and with
// every consent.
func (b *block) bearable(id wire.Hash, o *record.Offer, t titled) error {
	mark, looks := b.e.Mark(), b.looks
	err := b.carriedOut(id, o, t)
	b.undo(mark)
	b.looks = looks
	var rule *tx.RuleError
	if errors.As(err, &rule) && rule.Rule == "ORIGIN-4" {
		return tx.Refuse("ORIGIN-8", "resource", "its acceptance would be refused by ORIGIN-4: %s", rule.Detail)
	}
	return nil
}

// carriedOut does at once what an offer's acceptance would when its time has come.
func (b *block) carriedOut(id wire.Hash, o *record.Offer, t titled) error {
	switch tx.Kind(o.Kind) {
	case tx.KindTransferOffer:
		if o.Resource != t.at {
			if err := uncuttable(t); err != nil {
				return err
			}
		}
		b.looks = 0
		return b.transfer(o, t)
	case tx.KindGrantOffer, tx.KindLeaseOffer, tx.KindLeaseAssign:
		soon := *o
		soon.Earliest, soon.Consents = b.now.Time, everyLenders(o, t)
		b.write(record.OfferKey(id), &soon)
		_, err := b.acceptConsented(id)
		return err
	}
	return nil
}

// everyLenders are the consents of an offer with those of all lenders: given all at
// once, the acceptance is tried once for them, and not once for each.
func everyLenders(o *record.Offer, t titled) []record.Consent {
	out := slices.Clone(o.Consents)
	for _, c := range chargesOver(t) {
		if _, given := consented(o, c.ID); !given {
			out = append(out, record.Consent{By: c.Lender, Charge: c.ID})
		}
	}
	return out
}
