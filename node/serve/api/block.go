package api

import (
	"net/http"

	"ipledger/ledger"
	"ipledger/ledger/light"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// blockShape is one block: what was signed of it, and a page of its acts.
type blockShape struct {
	Height      light.Decimal  `json:"height"`
	Time        light.Instant  `json:"time"`
	HeaderHash  wire.Hash      `json:"header_hash"`
	Header      light.Hex      `json:"header"`
	Certificate light.Hex      `json:"certificate"`
	Validators  light.Hex      `json:"validators"`
	ActCount    light.Decimal  `json:"act_count"`
	Changed     light.Decimal  `json:"changed_records"`
	Acts        []blockActJSON `json:"acts"`
	Next        string         `json:"next"` // the after of the next page, or empty
}

// blockActJSON is one act of a block in short.
type blockActJSON struct {
	Index   light.Decimal `json:"index"`
	ID      wire.Hash     `json:"id"`
	Kind    string        `json:"kind"`
	Author  light.Party   `json:"author"`
	Outcome string        `json:"outcome"`
	Rule    string        `json:"rule"`
}

func (a *API) block(w http.ResponseWriter, r *http.Request) error {
	height, err := number("height", r.PathValue("height"), 1<<63-1)
	if err != nil {
		return err
	}
	after, err := optional(r, "after", 1<<63-1, 0)
	if err != nil {
		return err
	}
	n, err := limit(r)
	if err != nil {
		return err
	}
	if head := a.Ledger.View().Height; height == 0 || height > head {
		return problem(http.StatusNotFound, "unknown_height", "there is no block %d; the last is %d", height, head)
	}
	if err := a.kept(height); err != nil {
		return err
	}
	header, cert, set, err := a.Ledger.Certified(height)
	if err != nil {
		return err
	}
	b, err := a.Ledger.Block(height)
	if err != nil {
		return err
	}
	out := blockShape{
		Height: light.Decimal(height), Time: light.Instant(header.Time.Seconds), HeaderHash: header.Hash(),
		Header: header.Bytes(), Certificate: cert.Bytes(), Validators: set.Bytes(),
		ActCount: light.Decimal(len(b.Acts)), Changed: light.Decimal(len(b.Changed)), Acts: []blockActJSON{},
	}
	end := min(after+uint64(n), uint64(len(b.Acts)))
	for i := after; i < end; i++ {
		short, err := a.short(b, i)
		if err != nil {
			return err
		}
		out.Acts = append(out.Acts, short)
	}
	if end < uint64(len(b.Acts)) {
		out.Next = decimal(end)
	}
	return writeJSON(w, out)
}

// short is the act at place i, whose signatures were checked when the block was made.
func (a *API) short(b Block, i uint64) (blockActJSON, error) {
	act, err := tx.Decode(b.Acts[i])
	if err != nil {
		return blockActJSON{}, errUnreadable(err)
	}
	receipt, err := ledger.ReceiptFromBytes(b.Receipts[i])
	if err != nil {
		return blockActJSON{}, err
	}
	return blockActJSON{
		light.Decimal(i), receipt.Act, act.Body.Kind().String(), light.Party(act.Header.Author), light.OutcomeName(receipt.Outcome), receipt.Rule,
	}, nil
}
