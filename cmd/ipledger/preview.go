package main

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"ipledger/ledger/tx"
)

// preview is what a node says would become of an act in the next block.
type preview struct {
	Height     uint64 `json:"height,string"`
	Signed     bool   `json:"signed"`
	Admissible bool   `json:"admissible"`
	Outcome    said   `json:"outcome"` // done, failed or inadmissible
	Rule       said   `json:"rule"`
	Field      said   `json:"field"`
	Detail     said   `json:"detail"`
	Cost       uint64 `json:"cost,string"`
	Effects    []struct {
		Resource said `json:"resource"`
		Before   said `json:"before"`
		After    said `json:"after"`
	} `json:"effects"`
}

// preview asks a node to try an act; raw is its answer as it came.
func (s *session) preview(ctx context.Context, file *tx.File) (p *preview, raw []byte, err error) {
	raw, err = s.client().patient(ctx, http.MethodPost, "/v1/preview", "application/json", file.Bytes())
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

func (s *session) tellEffects(to *printer, p *preview) {
	for _, e := range p.Effects {
		gone, come := difference(string(e.Before), string(e.After))
		to.linef("Of %s, - before, + after:", e.Resource)
		if len(gone)+len(come) == 0 {
			to.linef("  nothing changes yet")
		}
		for _, line := range gone {
			to.linef("  - %s", said(s.book.named(line)))
			if strings.Contains(line, " authorises ") {
				to.linef("    this authorisation ends or is narrowed")
			}
		}
		for _, line := range come {
			to.linef("  + %s", said(s.book.named(line)))
		}
	}
	if p.Outcome == "done" {
		to.linef("It would be done, and costs %d of the account's credit.", p.Cost)
	}
}

// difference is the sentences that only one of two statements has. What both
// start with, the height and the time, is left out.
func difference(before, after string) (gone, come []string) {
	a, b := sentences(before), sentences(after)
	for _, line := range a {
		if !slices.Contains(b, line) {
			gone = append(gone, line)
		}
	}
	for _, line := range b {
		if !slices.Contains(a, line) {
			come = append(come, line)
		}
	}
	return gone, come
}

func sentences(statement string) []string {
	if strings.HasPrefix(statement, "After block ") {
		if parts := strings.SplitN(statement, ", ", 3); len(parts) == 3 {
			statement = parts[2]
		}
	}
	lines := strings.SplitAfter(statement, ". ")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return lines
}
