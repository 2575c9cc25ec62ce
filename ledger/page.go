package ledger

import (
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// page is one folio as the tree holds it, with what was decoded of it so far.
// It is shared by all who read it and never changed; who writes takes a copy.
type page struct {
	at      wire.Resource
	folio   *record.Folio
	title   *record.Title
	estates []record.Estate
	origins []record.Origin
	read    uint8 // bits of what is decoded: 1 title, 2 estates, 4 origins
}

// page decodes a leaf of a resource subtree, or remembers having done so.
func (b *block) page(l *tree.Leaf) *page {
	at := l.Key.Resource()
	if p := b.pages[at]; p != nil {
		return p
	}
	p := &page{at: at, folio: wire.Own[record.Folio](l.Data)}
	b.remember(at, p)
	return p
}

// pageAt is the page at exactly r, or nil.
func (b *block) pageAt(r wire.Resource) *page {
	p, known := b.pages[r]
	if known {
		return p
	}
	l, ok := b.get(tree.ResourceKey(r))
	if !ok {
		b.remember(r, nil)
		return nil
	}
	return b.page(&l)
}

// remember keeps a page, or that there is none, until the ledger block ends or
// the act under way is taken back.
func (b *block) remember(r wire.Resource, p *page) {
	b.pages[r] = p
	b.pagesRead = append(b.pagesRead, r)
}

// titleHere is the title written on the page, or nil.
func (p *page) titleHere() *record.Title {
	if p.read&1 == 0 {
		p.read |= 1
		if len(p.folio.Title) > 0 {
			p.title = wire.Own[record.Title](p.folio.Title)
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
