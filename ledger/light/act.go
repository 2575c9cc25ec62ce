package light

import (
	"fmt"
	"math/bits"

	"ipledger/ledger"
	"ipledger/ledger/chain"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// ActPart shows an act and its receipt, and that the next header commits to it.
type ActPart struct {
	Act       Hex `json:"act"`
	Receipt   Hex `json:"receipt"`
	Inclusion Hex `json:"inclusion"` // of the receipt's result under the header's last_results_hash
}

// ActAnswer is an act and what became of it.
type ActAnswer struct {
	Moment  // the block it is in, and that header's time
	Act     tx.Verified
	Index   uint64 // its place in the block
	Receipt ledger.Receipt
}

// open checks the part, for the chain whose genesis hash the file names.
//
// specs/12 PRF-12: The act MUST verify on the chain of the file's genesis hash
// (ACT-16), the receipt MUST name its id, and the inclusion proof MUST show the
// result made of the receipt under the last results hash of the header, with the
// smallest size that has this path.
func (p *ActPart) open(c Certified, genesis wire.Hash) (*ActAnswer, error) {
	v, err := tx.Verify(p.Act, genesis)
	if err != nil {
		return nil, unproven("PRF-12", err, "the act")
	}
	receipt, err := ledger.ReceiptFromBytes(p.Receipt)
	if err != nil {
		return nil, unproven("PRF-12", err, "the receipt")
	}
	if receipt.Act != v.ID() || receipt.Outcome > ledger.Failed {
		return nil, unproven("PRF-12", nil, "the receipt is of act %v, outcome %d", receipt.Act, receipt.Outcome)
	}
	in, err := chain.DecodeInclusion(p.Inclusion)
	if err != nil {
		return nil, unproven("PRF-12", err, "the inclusion proof")
	}
	if in.Size != leastSize(in.Index, in.Size) {
		return nil, unproven("PRF-12", nil, "place %d of %d is proven alike of fewer", in.Index, in.Size)
	}
	result := Result(receipt)
	if err := in.Verify(result.Leaf(), c.Next.LastResultsHash); err != nil {
		return nil, unproven("PRF-12", err, "the result of act %v", v.ID())
	}
	return &ActAnswer{Moment: c.Moment(), Act: v, Index: in.Index, Receipt: *receipt}, nil
}

// leastSize is the smallest number of leaves of which a leaf has the same path as
// of size: no root says how many it is over, so files name this one.
func leastSize(index, size uint64) (least uint64) {
	for size > 1 {
		left := uint64(1) << (bits.Len64(size-1) - 1) // leaves in the left half, always full
		if index < left {
			return least + left + 1
		}
		least, index, size = least+left, index-left, size-left
	}
	return least + 1
}

// Result is what the engine hashes of a receipt (CHAIN-15): its outcome is the
// code, its bytes are the data.
func Result(r *ledger.Receipt) chain.Result {
	return chain.Result{Code: uint32(r.Outcome), Data: r.Bytes()}
}

// Statement is the answer in plain words.
func (a *ActAnswer) Statement() string {
	text := fmt.Sprintf("Block %d, at %s, has at place %d the act %v (%v) of account %s: ",
		a.Height, Clock(a.Time), a.Index, a.Act.ID(), a.Act.Kind(), holder(a.Act.Header().Author))
	if a.Receipt.Outcome == ledger.Done {
		return text + "it was done."
	}
	if a.Receipt.Field == "" {
		return text + fmt.Sprintf("rule %s refused it.", a.Receipt.Rule)
	}
	return text + fmt.Sprintf("rule %s refused it for its field %s.", a.Receipt.Rule, quoted(a.Receipt.Field))
}
