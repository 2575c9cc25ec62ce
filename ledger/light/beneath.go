package light

import (
	"fmt"
	"strings"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// BeneathMax is how many records a page lists: with their statement they take
// some half of a file.
const BeneathMax = 500

// Entry is the folio at a block, as files list it.
type Entry struct {
	At     string `json:"at"`
	Record Hex    `json:"record"`
}

// BeneathPart shows every record at a block and at blocks inside it, a page of
// them.
type BeneathPart struct {
	Roots
	Query   string  `json:"query"`
	From    string  `json:"from"` // query itself on the first page
	Proof   Hex     `json:"proof"`
	Entries []Entry `json:"entries"`
}

// BeneathAnswer is a page of what stands at a block and inside it.
type BeneathAnswer struct {
	Moment
	Query, From wire.Resource
	Entries     []Valued
	More        bool          // the list does not reach the end
	Next        wire.Resource // From of the next page
}

// open checks the part.
//
// specs/12 PRF-18: The proof MUST be the range proof, beneath the query from the
// block that the page begins with, of exactly the entries (TREE-10), each with
// the record that its value commits to; at most 500.
func (p *BeneathPart) open(c Certified) (*BeneathAnswer, error) {
	if err := p.bound(c); err != nil {
		return nil, err
	}
	a := &BeneathAnswer{Moment: c.Moment()}
	return a, p.read(a)
}

func (p *BeneathPart) read(a *BeneathAnswer) (err error) {
	if a.Query, err = inr.Parse(p.Query); err != nil {
		return unproven("PRF-18", err, "the query")
	}
	if a.From, err = inr.Parse(p.From); err != nil || !inr.Covers(a.Query, a.From) {
		return unproven("PRF-18", err, "a page beneath %v begins inside it", a.Query)
	}
	if len(p.Entries) > BeneathMax {
		return unproven("PRF-18", nil, "%d entries, at most %d", len(p.Entries), BeneathMax)
	}
	list := make([]tree.KeyValue, len(p.Entries))
	for i, e := range p.Entries {
		v, err := e.valued()
		if err != nil {
			return err
		}
		a.Entries = append(a.Entries, v)
		list[i] = tree.KeyValue{Key: tree.ResourceKey(v.At), Value: v.Folio.Value()}
	}
	got, err := tree.VerifyRange(p.State, tree.ResourceKey(a.Query), tree.ResourceKey(a.From), list, p.Proof)
	if err != nil {
		return unproven("PRF-18", err, "the proof of what stands beneath %v", a.Query)
	}
	if a.More = got.More; a.More {
		a.Next = got.Next.Resource()
	}
	return nil
}

func (e Entry) valued() (Valued, error) {
	at, err := inr.Parse(e.At)
	if err != nil {
		return Valued{}, unproven("PRF-18", err, "an entry's block")
	}
	f, err := record.FolioFromBytes(e.Record)
	if err != nil {
		return Valued{}, unproven("PRF-18", err, "the record at %v", at)
	}
	return Valued{at, f}, nil
}

// Statement is the page in plain words.
func (a *BeneathAnswer) Statement() string {
	var b strings.Builder
	fmt.Fprintf(&b, "After block %d, at %s, records stand at %d blocks at or inside %v", a.Height, Clock(a.Time), len(a.Entries), a.Query)
	if a.From != a.Query {
		fmt.Fprintf(&b, " from %v on", a.From)
	}
	b.WriteByte('.')
	for _, e := range a.Entries {
		fmt.Fprintf(&b, " %v: %s.", e.At, e.Tell(a.Time))
	}
	if a.More {
		fmt.Fprintf(&b, " More follow from %v on.", a.Next)
	}
	return b.String()
}

// Tell says in words what is written at one block: its title and its estates.
func (v *Valued) Tell(now uint64) string {
	var parts []string
	if t, err := record.TitleFromBytes(v.Folio.Title); err == nil {
		parts = append(parts, fmt.Sprintf("title %v, holder %s, grade %v", t.State, holder(t.Holder), t.Grade))
	}
	estates, _ := record.EstatesFromBytes(v.Folio.Estates) // what is no list says nothing
	for _, e := range estates {
		parts = append(parts, tellRight(&e, now))
	}
	if len(v.Folio.Charges) > 0 {
		parts = append(parts, "charged")
	}
	if len(v.Folio.Authorisations) > 0 {
		parts = append(parts, "authorisations")
	}
	if len(parts) == 0 {
		return "services"
	}
	return strings.Join(parts, "; ")
}

func tellRight(e *record.Estate, now uint64) string {
	text := fmt.Sprintf("%s to %s", EstateName(e.Kind), holder(e.Holder))
	switch {
	case e.Start > now:
		text += " from " + Clock(e.Start)
	case !e.Live(now):
		return text + ", ended"
	}
	return text + tellEnd(&Estate{Estate: *e})
}

// Beneath makes the proof file of a page of what stands at a block and inside it.
func (s Source) Beneath(r, from wire.Resource, limit int) (*File, error) {
	p := &BeneathPart{Roots: s.roots(), Query: r.String(), From: from.String(), Entries: []Entry{}}
	list, proof := s.State.ProveRange(tree.ResourceKey(r), tree.ResourceKey(from), min(limit, BeneathMax))
	p.Proof = proof
	for _, l := range list {
		p.Entries = append(p.Entries, Entry{l.Key.Resource().String(), l.Data})
	}
	return s.finish(&File{Kind: KindBeneath, Beneath: p})
}
