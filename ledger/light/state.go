package light

import (
	"ipledger/ledger/account"
	"ipledger/ledger/chain"
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// Roots are the two roots that an application hash is made of (CHAIN-20).
type Roots struct {
	State wire.Hash `json:"state_root"`
	Log   wire.Hash `json:"log_root"`
}

// bound checks the roots against the header of the next block.
func (r Roots) bound(c Certified) error {
	if chain.AppHash(r.State, r.Log) != c.Next.AppHash {
		return unproven("PRF-9", nil, "the roots are not those of header %d", c.Next.Height)
	}
	return nil
}

// ResourcePart shows every record that covers a resource, and whether anything
// lies inside it.
type ResourcePart struct {
	Roots
	Query   string `json:"query"`   // the resource in canonical text
	Proof   Hex    `json:"proof"`   // point proof under StateRoot
	Records []Hex  `json:"records"` // the folio of each value that the proof shows, in its order
}

// open checks the part and evaluates it.
//
// specs/12 PRF-9: The application hash of the header MUST be that of the two
// roots, the proof MUST be the point proof of the query under the state root,
// and there MUST be exactly one record for each value that it shows, in its
// order, with that value.
func (p *ResourcePart) open(c Certified) (*Answer, error) {
	if err := p.bound(c); err != nil {
		return nil, err
	}
	r, err := inr.Parse(p.Query)
	if err != nil {
		return nil, unproven("PRF-9", err, "the query")
	}
	point, err := tree.VerifyPoint(p.State, tree.ResourceKey(r), p.Proof)
	if err != nil {
		return nil, unproven("PRF-9", err, "the proof of %v", r)
	}
	if len(p.Records) != len(point.Chain) {
		return nil, unproven("PRF-9", nil, "%d records for %d values", len(p.Records), len(point.Chain))
	}
	chain := make([]Valued, len(p.Records))
	for i, shown := range point.Chain {
		f, err := record.FolioFromBytes(p.Records[i])
		if err != nil || f.Value() != shown.Value {
			return nil, unproven("PRF-9", err, "the record at %v is not what the tree holds there", shown.Key)
		}
		chain[i] = Valued{shown.Key.Resource(), f}
	}
	return Evaluate(r, chain, point.More, c.Moment())
}

// AccountPart shows one account, or that there is none of that id.
type AccountPart struct {
	Roots
	ID     wire.Address `json:"id"`
	Proof  Hex          `json:"proof"`
	Record Hex          `json:"record"` // empty if there is no such account
}

// open checks the part as PRF-9 says, the account's record being the one value
// there may be.
func (p *AccountPart) open(c Certified) (*AccountAnswer, error) {
	if err := p.bound(c); err != nil {
		return nil, err
	}
	k := tree.AccountKey(p.ID)
	point, err := tree.VerifyPoint(p.State, k, p.Proof)
	if err != nil {
		return nil, unproven("PRF-9", err, "the proof of account %v", p.ID)
	}
	a := &AccountAnswer{ID: p.ID, Moment: c.Moment()}
	if !point.Found {
		if len(p.Record) > 0 {
			return nil, unproven("PRF-9", nil, "a record for account %v, which is not there", p.ID)
		}
		return a, nil
	}
	if record.Leaf(k, p.Record).Value != point.Chain[0].Value {
		return nil, unproven("PRF-9", nil, "the record of account %v is not what the tree holds", p.ID)
	}
	if a.Account, err = account.FromBytes(p.Record); err != nil {
		return nil, unproven("PRF-9", err, "the record of account %v", p.ID)
	}
	return a, nil
}
