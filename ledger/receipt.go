package ledger

import (
	"errors"
	"fmt"

	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// Outcome is what became of an act. The numbers are the engine's result codes.
type Outcome uint64

const (
	Done   Outcome = 0 // every rule was kept
	Failed Outcome = 1 // a rule refused it; it cost its author lane and credit
)

// Receipt says what became of an act. Its bytes are the data of the engine's
// result, so the next header's results hash proves it (specs/06).
type Receipt struct {
	Rules   uint64
	Act     wire.Hash
	Outcome Outcome
	Rule    string // id of the rule that refused it
	Field   string // of the act, or empty
	// Detail is what was met, in words. It is not part of the bytes: words may
	// change between releases, results may not.
	Detail string `rlp:"-"`
}

// Bytes is the receipt's canonical record.
func (r *Receipt) Bytes() []byte { return wire.Encode(r) }

// ReceiptFromBytes reads what Bytes writes.
func ReceiptFromBytes(raw []byte) (*Receipt, error) {
	r := new(Receipt)
	if err := wire.Decode(raw, 512, r); err != nil {
		return nil, fmt.Errorf("receipt: %w", err)
	}
	return r, nil
}

// receipt says what became of an act.
//
// specs/14, "Receipts": field is the member of its typed data that was wrong, or that
// names what was.
func receipt(v tx.Verified, err error) Receipt {
	r := Receipt{Rules: record.Rules, Act: v.ID()}
	if err == nil {
		return r
	}
	var rule *tx.RuleError
	if errors.As(err, &rule) {
		r.Outcome, r.Rule, r.Field, r.Detail = Failed, rule.Rule, v.Kind().Member(rule.Field), rule.Detail
	}
	return r
}
