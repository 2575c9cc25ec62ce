package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

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

// tellEffects shows what an act would change: records, announcements, and whose
// consents it still needs.
func (s *session) tellEffects(to *printer, p *preview) {
	s.tellOutlook(to, &p.outlook)
	for _, e := range p.Effects {
		if strings.HasPrefix(string(e.Resource), "0x") {
			s.tellDifference(to, string(e.Before), string(e.After))
		}
	}
	if p.Outcome == "done" && len(p.Changes) == 0 {
		to.linef("  nothing that is held changes yet")
	}
	if p.IfAccepted != nil {
		to.linef("If it is accepted as things stand:")
		s.tellOutlook(to, p.IfAccepted)
	}
	for i := range p.Starts {
		x := &p.Starts[i]
		to.linef("When the lease of %s starts, at %s:", x.Resource, x.Time)
		s.tellOutlook(to, &x.outlook)
	}
	s.tellLacking(to, p)
	for _, x := range p.Policy {
		to.linef("  policy of %s: %s", x.Registry, x.Says)
	}
	if p.Outcome == "done" {
		to.linef("It would be done, and costs %d of the account's credit.", p.Cost)
	}
}

func (s *session) tellOutlook(to *printer, o *outlook) {
	for _, c := range o.Changes {
		to.linef("  %s %s", mark(c.Change), said(s.book.named(c.Text)))
		if c.Change == "narrows" {
			to.linef("    this authorisation is narrowed to what is left")
		}
	}
	s.tellLost(to, o)
}

// mark is - for what goes, + for what comes, ~ for what changes.
func mark(change string) string {
	switch change {
	case "opens", "enters":
		return "+"
	case "changes":
		return "~"
	}
	return "-"
}

func (s *session) tellDifference(to *printer, before, after string) {
	gone, come := difference(before, after)
	for _, line := range gone {
		to.linef("  - %s", said(s.book.named(line)))
	}
	for _, line := range come {
		to.linef("  + %s", said(s.book.named(line)))
	}
}

// tellLost names what could be announced before and cannot be after.
func (s *session) tellLost(to *printer, p *outlook) {
	for _, l := range p.Lost {
		lengths := fmt.Sprintf("/%d", l.MinLength)
		if l.MaxLength > l.MinLength {
			lengths += fmt.Sprintf(" to /%d", l.MaxLength)
		}
		why := "not found: no authorisation covers it"
		if l.After == "invalid" {
			why = "invalid: others cover it and none matches"
		}
		to.linef("  ! announcements of %s (%s) by %s are valid now, and would be %s", l.Prefix, lengths, l.AS, why)
	}
	if p.LostPart {
		to.linef("  ! there are more announcements to lose than are listed")
	}
}

func (s *session) tellLacking(to *printer, p *preview) {
	for _, l := range p.Lacking {
		command := fmt.Sprintf("ipledger lease consent %v", l.Offer)
		if l.Charge != nil {
			command = fmt.Sprintf("ipledger charge consent %v %v", l.Offer, *l.Charge)
		}
		to.linef("  ? it cannot be accepted before %s consents: %s", s.book.tell(l.By.Address), command)
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
