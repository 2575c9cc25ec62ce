package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"path/filepath"

	"ipledger/ledger/drift"
	"ipledger/ledger/vrp"
)

// driftOut prints a comparison: findings as they come, then their counts.
type driftOut interface {
	open() error
	finding(*drift.Finding) error
	close(*drift.Counts) error
}

func (s *session) driftOut(d *drifting, c *compared) driftOut {
	switch {
	case s.json:
		return &driftJSON{s: s, d: d, c: c, w: bufio.NewWriterSize(s.out.w, 1<<16)}
	case d.csv:
		return &driftCSV{s: s, d: d, c: c, w: bufio.NewWriterSize(s.out.w, 1<<16)}
	}
	return &driftText{s: s, d: d, c: c}
}

// driftText prints for people: some findings of each category, and the counts below.
type driftText struct {
	s    *session
	d    *drifting
	c    *compared
	told [drift.Categories]int
}

func (t *driftText) open() error { return nil }

func (t *driftText) finding(f *drift.Finding) error {
	if t.told[f.Category]++; t.d.limit == 0 || t.told[f.Category] <= t.d.limit {
		t.s.out.field(f.Category.String(), "%s", wordsOf(f))
	}
	return nil
}

func (t *driftText) close(n *drift.Counts) error {
	for c, told := range t.told {
		if more := told - t.d.limit; t.d.limit > 0 && more > 0 {
			t.s.out.field(drift.Category(c).String(), "%d more: --limit 0 tells all, --csv and --json too", more)
		}
	}
	t.s.tellLists(t.s.out, t.d, t.c)
	tellCounts(t.s.out, t.c, n)
	t.s.out.field("verified", "%s", t.c.basis(t.s, t.d))
	return nil
}

// basis is what stands behind the ledger's side.
func (c *compared) basis(s *session, d *drifting) string {
	switch {
	case c.whole:
		return "every payload around and inside the chosen blocks, with " + said(s.trust).String()
	case d.prove:
		return "each finding, with " + said(s.trust).String() + "; not that the node left no payload out"
	}
	return "no: the payloads are the node's word; --prove proves each finding"
}

func (s *session) tellLists(p *printer, d *drifting, c *compared) {
	p.field("ledger", "block %d, %s: %d payloads", c.permitted.Height, said(c.permitted.Time), len(c.permitted.List))
	built := ""
	if c.export.Built != 0 {
		built = ", made " + instant(c.export.Built).String()
	}
	p.field("rpki", "%s: %d payloads%s", said(filepath.Base(d.vrps)), len(c.export.Payloads), built)
	t := c.table
	p.field("table", "%s: %d routes; of %d lines %d read, %d comments, %d unreadable", said(filepath.Base(d.table)), len(t.Routes), t.Lines, t.Read, t.Comments, t.Unreadable)
	for _, u := range t.Shown {
		p.field("", "line %d: %s", u.Number, said(u.Why))
	}
}

func tellCounts(p *printer, c *compared, n *drift.Counts) {
	if c.Keep != nil {
		p.field("judged", "%d routes, %d payloads of the ledger, %d of the RPKI", n.Routes, n.Ledger, n.RPKI)
	}
	f := n.Found
	p.field("routes", "%d valid, %d invalid_origin, %d invalid_length, %d unknown", f[drift.RouteValid], f[drift.RouteInvalidOrigin], f[drift.RouteInvalidLength], f[drift.RouteUnknown])
	p.field("by the RPKI", "%d valid, %d invalid_origin, %d invalid_length, %d unknown; %d contradicted",
		n.ByRPKI(drift.Valid), n.ByRPKI(drift.InvalidOrigin), n.ByRPKI(drift.InvalidLength), n.ByRPKI(drift.Unknown), f[drift.Contradicted])
	p.field("payloads", "%d agreed, %d idle, %d not_in_rpki, %d missing; %d permissive; %d not_on_ledger",
		f[drift.Agreed], f[drift.Idle], f[drift.NotInRPKI], f[drift.Missing], f[drift.Permissive], f[drift.NotOnLedger])
}

// wordsOf is a finding in words.
func wordsOf(f *drift.Finding) string {
	if !f.Category.OfRoute() {
		return payloadWords(f)
	}
	from := fmt.Sprintf("AS%d", f.AS)
	if f.AS == 0 {
		from = "a set of ASes"
	}
	text := fmt.Sprintf("%v from %s", f.Prefix, from)
	if f.By != (vrp.Payload{}) {
		text += fmt.Sprintf("; AS%d may announce %v down to /%d (grade %v)", f.By.AS, f.By.Prefix, f.By.MaxLength, f.Grade)
	}
	return text + "; by the RPKI " + f.RPKI.String()
}

func payloadWords(f *drift.Finding) string {
	text := fmt.Sprintf("%v down to /%d by AS%d", f.Prefix, f.MaxLength, f.AS)
	if f.Category != drift.NotOnLedger {
		text += fmt.Sprintf(" (grade %v)", f.Grade)
	}
	switch {
	case f.Category == drift.Permissive && f.Announced == 0:
		return text + fmt.Sprintf("; allows %v prefixes, announced of them: none", allowed(f))
	case f.Category == drift.Permissive:
		return text + fmt.Sprintf("; allows %v prefixes, announced of them: %d, the longest a /%d", allowed(f), f.Announced, f.Longest)
	case f.AS == 0:
		return text
	}
	return text + fmt.Sprintf("; %d routes are valid by it", f.Announced)
}

// allowed is how many prefixes a payload allows.
func allowed(f *drift.Finding) *big.Int {
	n := new(big.Int).Lsh(big.NewInt(1), uint(f.MaxLength-f.Prefix.Len)+1)
	return n.Sub(n, big.NewInt(1))
}

// driftCSV prints findings as lines; what is compared and the counts go to standard
// error.
type driftCSV struct {
	s    *session
	d    *drifting
	c    *compared
	w    *bufio.Writer
	line []byte
}

func (t *driftCSV) open() error {
	_, err := t.w.WriteString("category,prefix,asn,max_length,grade,rpki,by_prefix,by_asn,by_max_length,announced,longest,proven\n")
	return err
}

func (t *driftCSV) finding(f *drift.Finding) error {
	b := fmt.Appendf(t.line[:0], "%v,%v,AS%d,", f.Category, f.Prefix, f.AS)
	switch {
	case !f.Category.OfRoute():
		b = fmt.Appendf(b, "%d,%v,,,,,%d,%d", f.MaxLength, f.Grade, f.Announced, f.Longest)
	case f.By == (vrp.Payload{}):
		b = fmt.Appendf(b, ",%v,%v,,,,,", f.Grade, f.RPKI)
	default:
		b = fmt.Appendf(b, ",%v,%v,%v,AS%d,%d,,", f.Grade, f.RPKI, f.By.Prefix, f.By.AS, f.By.MaxLength)
	}
	t.line = fmt.Appendf(b, ",%v\n", t.d.prove)
	_, err := t.w.Write(t.line)
	return err
}

func (t *driftCSV) close(n *drift.Counts) error {
	t.s.tellLists(t.s.err, t.d, t.c)
	tellCounts(t.s.err, t.c, n)
	t.s.err.field("verified", "%s", t.c.basis(t.s, t.d))
	return t.w.Flush()
}

// driftJSON prints one object, findings first, as they come.
type driftJSON struct {
	s    *session
	d    *drifting
	c    *compared
	w    *bufio.Writer
	told int
}

// findingShape is a finding as --json prints it.
type findingShape struct {
	Category  string   `json:"category"`
	Prefix    string   `json:"prefix"`
	AS        string   `json:"as"`
	MaxLength *uint8   `json:"max_length,omitempty"` // of a payload
	Grade     string   `json:"grade"`
	RPKI      string   `json:"rpki,omitempty"` // of a route
	By        *byShape `json:"by,omitempty"`   // of a route
	Announced *uint32  `json:"announced,omitempty"`
	Longest   *uint8   `json:"longest,omitempty"`
	Proven    bool     `json:"proven"`
}

type byShape struct {
	Prefix    string `json:"prefix"`
	MaxLength uint64 `json:"max_length"`
	AS        string `json:"as"`
}

func shapeFinding(f *drift.Finding, proven bool) findingShape {
	x := findingShape{Category: f.Category.String(), Prefix: f.Prefix.String(), AS: decimal(uint64(f.AS)), Grade: f.Grade.String(), Proven: proven}
	if !f.Category.OfRoute() {
		x.MaxLength, x.Announced, x.Longest = &f.MaxLength, &f.Announced, &f.Longest
		return x
	}
	x.RPKI = f.RPKI.String()
	if f.By != (vrp.Payload{}) {
		x.By = &byShape{f.By.Prefix.String(), f.By.MaxLength, decimal(f.By.AS)}
	}
	return x
}

// front is what is compared, as --json prints it before findings.
func (t *driftJSON) front() map[string]any {
	table := t.c.table
	return map[string]any{
		"height": decimal(t.c.permitted.Height), "time": t.c.permitted.Time, "basis": t.c.basis(t.s, t.d),
		"rpki":  map[string]any{"file": filepath.Base(t.d.vrps), "payloads": len(t.c.export.Payloads), "made": instant(t.c.export.Built)},
		"table": map[string]any{"file": filepath.Base(t.d.table), "routes": len(table.Routes), "lines": table.Lines, "read": table.Read, "comments": table.Comments, "unreadable": table.Unreadable},
	}
}

func (t *driftJSON) open() error {
	raw, err := json.Marshal(t.front())
	if err == nil {
		_, err = fmt.Fprintf(t.w, "%s,\n\"findings\": [", raw[:len(raw)-1])
	}
	return err
}

func (t *driftJSON) finding(f *drift.Finding) error {
	raw, err := json.Marshal(shapeFinding(f, t.d.prove))
	if err != nil {
		return err
	}
	comma := ",\n"
	if t.told++; t.told == 1 {
		comma = "\n"
	}
	if _, err = io.WriteString(t.w, comma); err == nil {
		_, err = t.w.Write(raw)
	}
	return err
}

func (t *driftJSON) close(n *drift.Counts) error {
	counts, byRPKI := map[string]int{}, map[string]int{}
	for c := range drift.Category(drift.Categories) {
		counts[c.String()] = n.Found[c]
	}
	for state := range drift.State(drift.States) {
		byRPKI[state.String()] = n.ByRPKI(state)
	}
	raw, err := json.Marshal(map[string]any{
		"judged": map[string]int{"routes": n.Routes, "ledger": n.Ledger, "rpki": n.RPKI}, "counts": counts, "by_rpki": byRPKI,
	})
	if err == nil {
		_, err = fmt.Fprintf(t.w, "\n],\n%s\n", raw[1:])
	}
	if err != nil {
		return err
	}
	return t.w.Flush()
}
