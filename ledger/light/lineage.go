package light

import (
	"fmt"
	"strings"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// LineageMax is how many earlier folios one file shows. Each has some 300 bytes
// at least, in digits, so that no more fit the file.
const LineageMax = 4096

// LineagePart shows the title over a resource, and every folio that it came from:
// each is named by its value in one that was shown before it.
type LineagePart struct {
	ResourcePart
	Past []Hex `json:"past"` // in the order in which the walk meets them
}

// Link is a folio in the chain of title.
type Link struct {
	At    wire.Resource
	Title record.Title
	Root  bool // it was made from no other
}

// LineageAnswer is a chain of title: the title now, then what it was before, back
// to where each part of it began.
type LineageAnswer struct {
	Answer
	Links []Link // the newest first; each where holder, state or block changed
}

// open checks the part.
//
// specs/12 PRF-17: The past of a title MUST be the folios that a walk meets, each
// once and in its order: from a folio with a title to the one whose value is its
// previous, and from the folio in which a title was opened to those whose values
// its title names as predecessors, the lower first; those of a later folio come
// before those of its predecessors.
func (p *LineagePart) open(c Certified) (*LineageAnswer, error) {
	a, err := p.ResourcePart.open(c)
	if err != nil {
		return nil, err
	}
	if a.Title == nil {
		return nil, unproven("PRF-17", nil, "no title covers the whole of %v", a.Resource)
	}
	if len(p.Past) > LineageMax {
		return nil, unproven("PRF-17", nil, "%d earlier folios, at most %d", len(p.Past), LineageMax)
	}
	w := lineage{answer: LineageAnswer{Answer: *a}, next: p.next()}
	if err := w.walk(a.Title.At, p.titled(a.Title.At)); err != nil {
		return nil, err
	}
	if w.taken != len(p.Past) {
		return nil, unproven("PRF-17", nil, "%d earlier folios, the walk meets %d", len(p.Past), w.taken)
	}
	return &w.answer, nil
}

// titled is the folio at a block among the records shown, which are checked.
func (p *LineagePart) titled(at wire.Resource) *record.Folio {
	for _, raw := range p.Records {
		if f, err := record.FolioFromBytes(raw); err == nil && len(f.Title) > 0 {
			return f
		}
	}
	panic(fmt.Sprintf("light: the title at %v has no record", at)) // open has found it there
}

// next gives the folios of the file one after another.
func (p *LineagePart) next() func(at wire.Resource, value wire.Hash) (*record.Folio, error) {
	i := 0
	return func(at wire.Resource, value wire.Hash) (*record.Folio, error) {
		if i == len(p.Past) {
			return nil, unproven("PRF-17", nil, "the folio before at %v, %v, is missing", at, value)
		}
		f, err := record.FolioFromBytes(p.Past[i])
		if err != nil || f.Value() != value {
			return nil, unproven("PRF-17", err, "folio %d of the past is not %v, which was at %v", i, value, at)
		}
		i++
		return f, nil
	}
}

// lineage walks back from a title. It decides the order of the folios for who
// makes a file and for who checks it.
type lineage struct {
	answer LineageAnswer
	next   func(at wire.Resource, value wire.Hash) (*record.Folio, error)
	taken  int
	queue  []record.Predecessor
}

func (w *lineage) take(at wire.Resource, value wire.Hash) (*record.Folio, error) {
	if w.taken == LineageMax {
		return nil, unproven("PRF-17", nil, "more than %d folios lead to the title; ask for it at an earlier height", LineageMax)
	}
	w.taken++
	return w.next(at, value)
}

// walk goes back at the title's block, then at those of its predecessors.
func (w *lineage) walk(at wire.Resource, f *record.Folio) error {
	if err := w.back(at, f); err != nil {
		return err
	}
	for len(w.queue) > 0 {
		p := w.queue[0]
		w.queue = w.queue[1:]
		f, err := w.take(p.Resource, p.Value)
		if err != nil {
			return err
		}
		if err := w.back(p.Resource, f); err != nil {
			return err
		}
	}
	return nil
}

// back goes back at one block, to where its title was opened.
func (w *lineage) back(at wire.Resource, f *record.Folio) error {
	for {
		t, err := record.TitleFromBytes(f.Title)
		if err != nil {
			return unproven("PRF-17", err, "the title at %v", at)
		}
		before, err := w.before(at, f)
		if err != nil {
			return err
		}
		opened := before == nil
		w.link(Link{At: at, Title: *t, Root: opened && len(t.Predecessors) == 0})
		if opened {
			w.queue = append(w.queue, t.Predecessors...)
			return nil
		}
		f = before
	}
}

// before is the folio before, or nil if that had no title.
func (w *lineage) before(at wire.Resource, f *record.Folio) (*record.Folio, error) {
	if f.Previous.IsZero() {
		return nil, nil
	}
	before, err := w.take(at, f.Previous)
	if err != nil || len(before.Title) == 0 {
		return nil, err
	}
	return before, nil
}

// link keeps a folio if it differs from the one after it in what a chain of title
// tells; the earliest of those that are alike stands for all.
func (w *lineage) link(l Link) {
	if n := len(w.answer.Links); n > 0 && w.answer.Links[n-1].same(&l) {
		w.answer.Links[n-1] = l
		return
	}
	w.answer.Links = append(w.answer.Links, l)
}

func (l *Link) same(x *Link) bool {
	return l.At == x.At && l.Title.Holder == x.Title.Holder && l.Title.State == x.Title.State && l.Title.Since == x.Title.Since
}

// Statement is the chain of title in plain words.
func (a *LineageAnswer) Statement() string {
	var b strings.Builder
	fmt.Fprintf(&b, "After block %d, at %s, %v lies in the title %v, whose chain of title is, from the newest:", a.Height, Clock(a.Time), a.Resource, a.Title.At)
	for i := range a.Links {
		b.WriteString(" " + a.Links[i].Tell())
	}
	return b.String()
}

// Tell is the link in plain words.
func (l *Link) Tell() string {
	since := sinceTold(l.Title.Since)
	text := fmt.Sprintf("%v, %v, holder %s, %s", l.At, l.Title.State, holder(l.Title.Holder), since)
	if l.Root {
		text += ", from the source row " + sourceName(l.Title.Source)
	}
	return text + "."
}

// Past finds the folio with a value that once stood at a block.
type Past func(at wire.Resource, value wire.Hash) ([]byte, error)

// Lineage makes the proof file of the chain of title of a resource.
func (s Source) Lineage(r wire.Resource, past Past) (*File, error) {
	p := &LineagePart{ResourcePart: *s.resourcePart(r), Past: []Hex{}}
	at, f, ok := titleOver(s.State, r)
	if !ok {
		return nil, unproven("PRF-17", nil, "no title covers the whole of %v", r)
	}
	w := lineage{next: func(at wire.Resource, value wire.Hash) (*record.Folio, error) {
		raw, err := past(at, value)
		if err != nil {
			return nil, err
		}
		p.Past = append(p.Past, raw)
		return record.FolioFromBytes(raw)
	}}
	if err := w.walk(at, f); err != nil {
		return nil, err
	}
	return s.finish(&File{Kind: KindTitle, Lineage: p})
}

// titleOver is the folio of the title that covers a resource.
func titleOver(s tree.State, r wire.Resource) (at wire.Resource, f *record.Folio, ok bool) {
	for _, l := range s.Path(tree.ResourceKey(r)) {
		if f, err := record.FolioFromBytes(l.Data); err == nil && len(f.Title) > 0 && inr.Covers(l.Key.Resource(), r) {
			return l.Key.Resource(), f, true
		}
	}
	return at, nil, false
}
