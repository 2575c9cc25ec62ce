package ledger_test

import (
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// twin is the register done slowly and obviously: lists of titles, estates,
// authorisations and offers, searched from end to end, with no tree, index,
// counter or hash. It says which rules an act breaks, all of them, and carries
// out one that breaks none.
type twin struct {
	now, block uint64
	stamp      uint64 // rises with every change of a title's dealing value
	accounts   map[wire.Address]bool
	titles     []twinTitle
	estates    []twinEstate // in order of acceptance
	origins    []twinOrigin
	offers     []twinOffer
}

type twinTitle struct {
	at       wire.Resource
	holder   wire.Address // zero: unclaimed
	source   string
	stamp    uint64
	opened   uint64 // ledger block in which its folio was opened
	dealable bool
}

type twinEstate struct {
	at     wire.Resource
	id     wire.Hash
	holder wire.Address
	notice uint64
	sub    bool
	ends   uint64
}

type twinOrigin struct {
	at     wire.Resource
	most   uint64
	as     uint64
	holder wire.Address
}

type twinOffer struct {
	id        wire.Hash
	kind      tx.Kind
	maker, to wire.Address
	at, title wire.Resource
	stamp     uint64
	keep, sub bool
	notice    uint64
	until     uint64
}

// noticeMin is the random world's shortest notice.
const noticeMin = 60

func (w *twin) clone() *twin {
	c := *w
	c.titles, c.estates = slices.Clone(w.titles), slices.Clone(w.estates)
	c.origins, c.offers = slices.Clone(w.origins), slices.Clone(w.offers)
	return &c
}

func (w *twin) titleOf(r wire.Resource) *twinTitle {
	for i := range w.titles {
		if inr.Covers(w.titles[i].at, r) {
			return &w.titles[i]
		}
	}
	return nil
}

// rights are the estates that cover r, outermost first.
func (w *twin) rights(r wire.Resource) []twinEstate {
	var out []twinEstate
	for _, e := range w.estates {
		if inr.Covers(e.at, r) {
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b twinEstate) int { return int(a.at.Len) - int(b.at.Len) })
	return out
}

// possessor is who possesses a cell: the smallest block there is.
func (w *twin) possessor(cell wire.Resource) wire.Address {
	if list := w.rights(cell); len(list) > 0 {
		return list[len(list)-1].holder
	}
	if t := w.titleOf(cell); t != nil {
		return t.holder
	}
	return wire.Address{}
}

// cells are the smallest blocks of the random world inside r.
func cells(r wire.Resource) []wire.Resource {
	most := uint64(26)
	if r.Family == wire.ASN {
		most = 32
	}
	all := announcements(r, most)
	return all[len(all)-1<<max(0, int(most)-int(r.Len)):]
}

// othersHold reports whether each cell of r is possessed by someone but who.
func (w *twin) othersHold(r wire.Resource, who wire.Address) bool {
	for _, c := range cells(r) {
		if p := w.possessor(c); p == who || p.IsZero() {
			return false
		}
	}
	return true
}

// broken lists the rules that an act breaks.
func (w *twin) broken(author wire.Address, body tx.Body, current bool) []string {
	var out []string
	add := func(rule string, broken bool) {
		if broken {
			out = append(out, rule)
		}
	}
	switch b := body.(type) {
	case *tx.TransferOffer:
		w.brokenTitle(add, b.Resource, author)
		add("TITLE-4", tooSmall(b.Resource) && w.notWhole(b.Resource))
		w.brokenOffer(add, b.Resource, author, b.To, b.Until, current)
	case *tx.GrantOffer:
		add("EST-6", b.Notice < noticeMin)
		w.brokenDealable(add, b.Resource)
		w.brokenCarve(add, b.Resource, author)
		w.brokenOffer(add, b.Resource, author, b.To, b.Until, current)
	case *tx.TransferAccept:
		o := w.brokenAccept(add, b.Offer, tx.KindTransferOffer, author, b.Resource, current)
		add("TITLE-5", o != nil && w.notWhole(o.at) && w.fresh(o.at))
		add("ORIGIN-4", len(out) == 0 && w.overfull(author, body, wire.Hash{}))
	case *tx.GrantAccept:
		w.brokenAccept(add, b.Offer, tx.KindGrantOffer, author, b.Resource, current)
		add("ORIGIN-4", len(out) == 0 && w.overfull(author, body, wire.Hash{}))
	case *tx.OfferCancel:
		o := w.offer(b.Offer)
		add("DEAL-5", o == nil)
		add("DEAL-7", o != nil && o.maker != author)
	case *tx.Split:
		w.brokenTitle(add, b.Resource, author)
		t := w.titleOf(b.Resource)
		add("SPLIT-1", t != nil && (t.at != b.Resource || !inr.Covers(t.at, b.Part) || t.at == b.Part))
		add("TITLE-4", tooSmall(b.Part))
		add("TITLE-5", w.fresh(b.Resource))
	case *tx.Merge:
		w.brokenMerge(add, b.Resource, author)
		add("ORIGIN-4", len(out) == 0 && w.overfull(author, body, wire.Hash{}))
	case *tx.GrantNotice:
		e := w.estate(b.Resource, b.Grant)
		add("EST-9", e == nil)
		add("EST-5", e != nil && (e.ends != 0 || w.outside(*e) != author))
	case *tx.GrantGiveUp:
		e := w.estate(b.Resource, b.Grant)
		add("EST-9", e == nil)
		add("EST-8", e != nil && e.holder != author)
	case *tx.OriginAuthorise:
		w.brokenOrigin(add, twinOrigin{b.Resource, b.MaxLength, b.AS, author})
		add("ORIGIN-4", len(out) == 0 && w.overfull(author, body, wire.Hash{}))
	case *tx.OriginWithdraw:
		add("ORIGIN-6", !slices.Contains(w.origins, twinOrigin{b.Resource, b.MaxLength, b.AS, author}))
	}
	return out
}

// overfull tries the act on a copy and counts what rests on each possession.
func (w *twin) overfull(author wire.Address, body tx.Body, id wire.Hash) bool {
	c := w.clone()
	c.do(author, body, id)
	count := map[twinRight]int{}
	for _, o := range c.origins {
		for _, r := range c.rests(o) {
			if count[r]++; count[r] > record.OriginsMax {
				return true
			}
		}
	}
	return false
}

func tooSmall(r wire.Resource) bool { return r.Family == wire.IPv4 && r.Len > 24 }

func (w *twin) notWhole(r wire.Resource) bool {
	t := w.titleOf(r)
	return t != nil && t.at != r
}

func (w *twin) fresh(r wire.Resource) bool {
	t := w.titleOf(r)
	return t != nil && t.opened == w.block
}

func (w *twin) brokenDealable(add func(string, bool), r wire.Resource) {
	t := w.titleOf(r)
	add("TITLE-1", t == nil)
	add("TITLE-3", t != nil && !t.dealable)
}

func (w *twin) brokenTitle(add func(string, bool), r wire.Resource, author wire.Address) {
	w.brokenDealable(add, r)
	t := w.titleOf(r)
	add("TITLE-2", t != nil && t.dealable && t.holder != author)
}

func (w *twin) brokenOffer(add func(string, bool), r wire.Resource, author, to wire.Address, until uint64, current bool) {
	add("TITLE-6", to == author || !w.accounts[to])
	add("DEAL-1", !current)
	add("DEAL-3", until <= w.now || until-w.now > 366*24*3600)
	open, _ := w.made(author, r)
	add("DEAL-4", open >= record.OffersMax)
}

// made counts an account's offers on the title over r: those that stand, and
// all that are on the table.
func (w *twin) made(maker wire.Address, r wire.Resource) (open, all int) {
	t := w.titleOf(r)
	for _, o := range w.offers {
		if t != nil && o.title == t.at && o.maker == maker {
			if all++; o.stamp == t.stamp {
				open++
			}
		}
	}
	return open, all
}

func (w *twin) brokenCarve(add func(string, bool), r wire.Resource, author wire.Address) {
	others := false
	for _, e := range w.estates {
		others = others || inr.Covers(r, e.at) && e.at != r
	}
	list, t := w.rights(r), w.titleOf(r)
	possessor := wire.Address{}
	if t != nil {
		possessor = t.holder
	}
	if len(list) > 0 {
		possessor = list[len(list)-1].holder
	}
	add("EST-2", t != nil && (others || possessor != author))
	add("EST-3", len(list) > 0 && !list[len(list)-1].sub)
	add("EST-1", len(list) >= record.DepthMax)
}

func (w *twin) brokenAccept(add func(string, bool), id wire.Hash, kind tx.Kind, author wire.Address, r wire.Resource, current bool) *twinOffer {
	o := w.offer(id)
	if o == nil || o.kind != kind {
		add("DEAL-5", true)
		return nil
	}
	add("DEAL-6", o.to != author || o.at != r)
	t := w.titleOf(o.at)
	lapsed := t == nil || t.at != o.title || t.stamp != o.stamp
	add("DEAL-2", lapsed)
	add("DEAL-1", !current && !lapsed)
	return o
}

func (w *twin) brokenMerge(add func(string, bool), r wire.Resource, author wire.Address) {
	low, high, ok := inr.Halves(r)
	add("MERGE-1", !ok)
	if !ok {
		return
	}
	var titles []*twinTitle
	for _, half := range []wire.Resource{low, high} {
		w.brokenTitle(add, half, author)
		t := w.titleOf(half)
		add("MERGE-1", t != nil && t.at != half)
		add("TITLE-5", w.fresh(half))
		if t != nil && t.at == half {
			titles = append(titles, t)
		}
	}
	add("MERGE-2", len(titles) == 2 && titles[0].source != titles[1].source)
}

func (w *twin) offer(id wire.Hash) *twinOffer {
	for i := range w.offers {
		if w.offers[i].id == id {
			return &w.offers[i]
		}
	}
	return nil
}

func (w *twin) estate(r wire.Resource, id wire.Hash) *twinEstate {
	for i := range w.estates {
		if w.estates[i].at == r && w.estates[i].id == id {
			return &w.estates[i]
		}
	}
	return nil
}

// outside is the possessor next outside an estate.
func (w *twin) outside(e twinEstate) wire.Address {
	holder := w.titleOf(e.at).holder
	for _, x := range w.rights(e.at) {
		if x.id == e.id && x.at == e.at {
			break
		}
		holder = x.holder
	}
	return holder
}
