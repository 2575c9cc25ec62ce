package main

import (
	"context"
	"net/http"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// preview is what a node says would become of an act in the next block.
type preview struct {
	At         int    `json:"at"` // the act of a bundle that is refused
	Height     uint64 `json:"height,string"`
	Signed     bool   `json:"signed"`
	Admissible bool   `json:"admissible"`
	Outcome    said   `json:"outcome"` // done, failed or inadmissible
	Rule       said   `json:"rule"`
	Field      said   `json:"field"`
	Detail     said   `json:"detail"`
	Cost       uint64 `json:"cost,string"`
	Effects    []struct {
		Resource said `json:"resource"` // a block or an account
		Before   said `json:"before"`
		After    said `json:"after"`
	} `json:"effects"`
	outlook
	IfAccepted *outlook `json:"if_accepted"` // nil where there is no offer
	Starts     []struct {
		Resource said    `json:"resource"`
		Time     instant `json:"time"`
		outlook
	} `json:"starts"`
	Lacking []struct {
		Offer  wire.Hash  `json:"offer"`
		By     party      `json:"by"`
		Charge *wire.Hash `json:"charge"`
		Rule   said       `json:"rule"`
	} `json:"consents_lacking"`
	Policy []struct {
		Registry said `json:"registry"`
		Says     said `json:"says"`
	} `json:"source_policy"`
}

// outlook is what a step changes.
type outlook struct {
	Changes []struct {
		Change string `json:"change"`
		Text   string `json:"text"`
	} `json:"changes"`
	Lost []struct {
		Prefix    said   `json:"prefix"`
		MinLength uint64 `json:"min_length"`
		MaxLength uint64 `json:"max_length"`
		AS        said   `json:"asn"`
		After     string `json:"after"`
	} `json:"announcements_lost"`
	LostPart bool `json:"announcements_part"`
}

// preview asks a node to try an act, or the acts of a bundle; raw is its answer as
// it came.
func (s *session) preview(ctx context.Context, files ...*tx.File) (p *preview, raw []byte, err error) {
	body := files[0].Bytes()
	if len(files) > 1 {
		if body, err = textsOf(files); err != nil {
			return nil, nil, err
		}
	}
	raw, err = s.client().patient(ctx, http.MethodPost, "/v1/preview", "application/json", body)
	if err != nil {
		return nil, nil, judged(err)
	}
	p = new(preview)
	return p, raw, readAnswer(raw, p)
}

// tellPreview shows an act in words and what would become of it. An act that a
// rule would refuse is that rule's error.
func (s *session) tellPreview(ctx context.Context, file *tx.File) error {
	p, _, err := s.preview(ctx, file)
	if err != nil {
		return err
	}
	s.tellWords(s.err, file)
	s.tellEffects(s.err, p)
	return p.refusal()
}

// refusal is the rule that would refuse the act, if any.
func (p *preview) refusal() error {
	if p.Outcome == "done" {
		return nil
	}
	return &tx.RuleError{Rule: string(p.Rule), Field: string(p.Field), Detail: string(p.Detail)}
}

func (s *session) tellWords(to *printer, file *tx.File) {
	to.linef("The act:")
	for _, line := range file.Act.Text(file.Salt) {
		to.linef("  %s", said(s.book.named(line)))
	}
}
