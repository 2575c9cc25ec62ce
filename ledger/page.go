package ledger

import (
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// page is one block and its folio as the tree holds it, with what was decoded of
// it so far. Who writes takes a copy of the folio; it and all that was decoded of
// it are shared by all who read them, and never changed.
type page struct {
	touch
	at      wire.Resource
	base    wire.Hash     // the folio's value before this ledger block
	folio   *record.Folio // nil where nothing is written
	title   *record.Title
	estates []record.Estate
	origins []record.Origin
	known   bool  // else it is to be read from the tree
	read    uint8 // bits of what is decoded: 1 title, 2 estates, 4 origins
	room    record.Folio
}

// page decodes a leaf of a resource subtree, or remembers having done so.
func (b *block) page(l *tree.Leaf) *page {
	at := l.Key.Resource()
	p := b.pages[at]
	if p == nil || !p.known {
		p = b.fill(p, at, l)
	}
	return p
}

// pageAt is the page at exactly r, or nil where nothing is written.
func (b *block) pageAt(r wire.Resource) *page {
	if p := b.pageOf(r); p.folio != nil {
		return p
	}
	return nil
}

// pageOf is the page at exactly r, read; its folio is nil where nothing is written.
func (b *block) pageOf(r wire.Resource) *page {
	p := b.pages[r]
	if p == nil || !p.known {
		l, _ := b.e.Get(tree.ResourceKey(r))
		p = b.fill(p, r, &l)
	}
	return p
}

// fill reads a page from its leaf, which has no data where nothing is written.
// A page that is nil was neither read nor written in this ledger block.
func (b *block) fill(p *page, at wire.Resource, l *tree.Leaf) *page {
	if p == nil {
		p = b.pageSlab.next()
		p.before, p.at, p.base = len(l.Data), at, l.Value
		b.pages[at] = p
	}
	p.set(nil)
	if len(l.Data) > 0 {
		p.folio = &p.room
		record.ReadFolio(p.folio, l.Data)
	}
	return p
}

// set makes f what is written on the page.
func (p *page) set(f *record.Folio) {
	p.folio, p.known = f, true
	p.title, p.estates, p.origins, p.read = nil, nil, nil, 0
}

// folio is a copy of what is written at a block; empty where nothing is.
func (b *block) folio(r wire.Resource) *record.Folio {
	f := new(record.Folio)
	if p := b.pageAt(r); p != nil {
		*f = *p.folio
	}
	return f
}

// putFolio writes a folio, or takes it out of the tree when it is empty. It
// keeps f, which must not be changed afterwards.
//
// specs/14 REC-3: previous is the folio's value before this ledger block, so
// that history rows, one a height, link without a gap (R15).
func (b *block) putFolio(r wire.Resource, f *record.Folio) {
	k := tree.ResourceKey(r)
	p := b.pageOf(r)
	b.newPages = append(b.newPages, p)
	title := b.tallyFolio(p, f)
	if f.Empty() {
		b.wrote(&p.touch, 0)
		b.e.Delete(k)
		p.set(nil)
		return
	}
	f.Previous = p.base
	b.w.Reset()
	f.Append(&b.w)
	data := b.w.Bytes()
	b.wrote(&p.touch, len(data))
	b.e.Put(tree.Leaf{Key: k, Value: f.Value(), Data: data})
	p.set(f)
	if title != nil {
		p.title, p.read = title, 1
	}
}

// titleHere is the title written on the page, or nil.
func (p *page) titleHere() *record.Title {
	if p.read&1 == 0 {
		p.read |= 1
		if len(p.folio.Title) > 0 {
			p.title = record.OwnTitle(p.folio.Title)
		}
	}
	return p.title
}

// estatesHere is the estates written on the page, outermost first.
func (p *page) estatesHere() []record.Estate {
	if p == nil {
		return nil
	}
	if p.read&2 == 0 {
		p.read |= 2
		if len(p.folio.Estates) > 0 {
			p.estates = record.OwnEstates(p.folio.Estates)
		}
	}
	return p.estates
}

// originsHere is the authorisations written on the page.
func (p *page) originsHere() []record.Origin {
	if p == nil {
		return nil
	}
	if p.read&4 == 0 {
		p.read |= 4
		if len(p.folio.Authorisations) > 0 {
			p.origins = record.OwnOrigins(p.folio.Authorisations)
		}
	}
	return p.origins
}

// holds reports whether a title or a live estate is written on the page.
func (p *page) holds() bool {
	if len(p.folio.Title) > 0 {
		return true
	}
	_, live := p.innerEstate()
	return live
}

// innerEstate is the innermost live estate written on the page.
func (p *page) innerEstate() (e *record.Estate, live bool) {
	list := p.estatesHere()
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].Started {
			return &list[i], true
		}
	}
	return nil, false
}

// layers appends the live rights written on the page, outermost first.
func (p *page) layers(out []layer) []layer {
	list := p.estatesHere()
	if t := p.titleHere(); t != nil {
		out = append(out, layer{at: p.at, title: t, holder: t.Holder})
	}
	for i := range list {
		if list[i].Started {
			out = append(out, layer{at: p.at, estate: &list[i], holder: list[i].Holder})
		}
	}
	return out
}

// innermost is the holder of the innermost right written on the page; the page
// holds one.
func (p *page) innermost() wire.Address {
	if e, live := p.innerEstate(); live {
		return e.Holder
	}
	return p.titleHere().Holder
}
