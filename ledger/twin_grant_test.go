package ledger_test

import (
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func (w *twin) brokenGrantAct(add breaks, author wire.Address, body tx.Body) {
	switch b := body.(type) {
	case *tx.GrantOffer:
		add("EST-6", b.Notice < w.params["notice_min_seconds"])
		add("EST-11", firstElsewhere(b.Resource, b.Origins))
		w.brokenDealable(add, b.Resource)
		w.brokenHold(add, b.Resource)
		w.brokenCarve(add, b.Resource, author)
		w.brokenOffer(add, w.offerOf(wire.Hash{}, author, body), b.Value)
	case *tx.GrantAccept:
		o := w.brokenAccept(add, b.Offer, author, b.Resource, b.Value, tx.KindGrantOffer, tx.KindNoticeWithdraw)
		if o != nil && o.kind() == tx.KindNoticeWithdraw {
			w.brokenResume(add, o)
		} else if o != nil {
			notice := o.body.(*tx.GrantOffer).Notice
			w.brokenLenders(add, "CHARGE-5", o, func(c twinCharge) bool { return notice > c.longest })
			w.brokenFirst(add, "EST-11", o, author, body, o.body.(*tx.GrantOffer).Origins)
		}
	case *tx.GrantNotice:
		e := w.estate(b.Resource, b.Grant, false)
		add("EST-9", e == nil)
		add("EST-5", e != nil && (e.ends != 0 || w.outside(*e) != author))
	case *tx.NoticeWithdraw:
		e := w.estate(b.Resource, b.Grant, false)
		add("EST-9", e == nil)
		if e != nil {
			add("EST-12", e.ends == 0 || w.outside(*e) != author)
			w.brokenLonger(add, *e)
		}
		w.brokenDealable(add, b.Resource)
		w.brokenHold(add, b.Resource)
		w.brokenOffer(add, w.offerOf(wire.Hash{}, author, body), b.Value)
	case *tx.GrantGiveUp:
		e := w.estate(b.Resource, b.Grant, false)
		add("EST-9", e == nil)
		add("EST-8", e != nil && e.holder != author)
	}
}

// brokenResume is of a notice that its grantee agrees to take back.
func (w *twin) brokenResume(add breaks, o *twinOffer) {
	e := w.estate(o.at, o.body.(*tx.NoticeWithdraw).Grant, false)
	w.brokenLonger(add, *e)
	w.brokenLenders(add, "CHARGE-5", o, func(c twinCharge) bool { return e.notice > c.longest })
}

// brokenLonger is of the time that a grant gets when its notice is taken back:
// nobody else may possess then, but by what was carved out of the grant (EST-12).
func (w *twin) brokenLonger(add breaks, e twinEstate) {
	if e.ends == 0 {
		return
	}
	outer := w.around(w.place(e.right()))
	until := uint64(0)
	if outer >= 0 {
		until = w.ending(outer)
	}
	for i, x := range w.estates {
		own := inr.Covers(e.at, x.at) && overlap(x.start, w.ending(i), e.start, e.ends)
		over := i <= outer && x.started && inr.Covers(x.at, e.at)
		add("EST-2", !own && !over && inr.Overlaps(x.at, e.at) && overlap(x.start, w.ending(i), e.ends, until))
	}
}

// withoutOrigins is an offer's body less the first authorisations it carries.
func withoutOrigins(body tx.Body) tx.Body {
	switch b := body.(type) {
	case *tx.GrantOffer:
		c := *b
		c.Origins = ""
		return &c
	case *tx.LeaseOffer:
		c := *b
		c.Origins = ""
		return &c
	}
	return body
}

// brokenFirst tries an acceptance on a copy, up to the first authorisations
// that its offer carries (EST-11, LEASE-9).
func (w *twin) brokenFirst(add breaks, whole string, o *twinOffer, author wire.Address, body tx.Body, origins string) {
	if origins == "" {
		return
	}
	c := w.clone()
	c.offer(o.id).body = withoutOrigins(o.body)
	c.do(author, body, wire.Hash{9})
	for _, first := range firstOrigins(origins, author) {
		c.brokenOrigin(func(rule string, broken bool) { add(rule, broken); add(whole, broken) }, first)
		c.origins = append(c.origins, first)
	}
}

// firstElsewhere says that first authorisations lie outside a block (EST-11).
func firstElsewhere(r wire.Resource, origins string) bool {
	return slices.ContainsFunc(firstOrigins(origins, wire.Address{}), func(o twinOrigin) bool { return !inr.Covers(r, o.at) })
}

func firstOrigins(text string, holder wire.Address) (out []twinOrigin) {
	list, err := tx.ParseOrigins(text)
	if err != nil {
		panic(err)
	}
	for _, o := range list {
		out = append(out, twinOrigin{o.Resource, o.MaxLength, o.AS, holder})
	}
	return out
}

// brokenCarve is of grants, whose term is open. What is to come counts as
// another's unless the maker's own right ends before it starts.
func (w *twin) brokenCarve(add breaks, r wire.Resource, author wire.Address) {
	list, t := w.rights(r), w.titleOf(r)
	possessor, until := wire.Address{}, uint64(0)
	if t != nil {
		possessor = t.holder
	}
	if len(list) > 0 {
		last := list[len(list)-1]
		possessor, until = last.holder, w.ending(w.place(last.right()))
	}
	others := false
	for _, e := range w.estates {
		inside := e.started && inr.Covers(r, e.at) && e.at != r
		others = others || inside || !e.started && inr.Overlaps(r, e.at) && overlap(e.start, e.ends, w.now, until)
	}
	add("EST-2", t != nil && (others || possessor != author))
	add("EST-3", len(list) > 0 && !list[len(list)-1].sub)
	add("LEASE-3", len(list) > 0 && list[len(list)-1].lease && !list[len(list)-1].sub)
	w.brokenDepth(add, r, w.now, 0)
	w.brokenPlaces(add, r, author, w.now)
}

// brokenDepth counts estates over an address of a block through a term.
func (w *twin) brokenDepth(add breaks, r wire.Resource, from, to uint64) {
	for _, c := range cells(r) {
		moments := []uint64{from}
		for _, e := range w.estates {
			if inr.Covers(e.at, c) && e.start > from && (to == 0 || e.start < to) {
				moments = append(moments, e.start)
			}
		}
		for _, at := range moments {
			live := 0
			for i, e := range w.estates {
				if inr.Covers(e.at, c) && e.start <= at && (w.ending(i) == 0 || at < w.ending(i)) {
					live++
				}
			}
			add("EST-1", live >= record.DepthMax)
			add("LEASE-8", live >= record.DepthMax)
		}
	}
}

// brokenPlaces counts the estates to come over an address of a block, out of whose
// right number n one more is carved.
func (w *twin) brokenPlaces(add breaks, r wire.Resource, maker wire.Address, from uint64) {
	if w.titleOf(r) == nil {
		return
	}
	right, ok := w.rightOf(r, maker, from, nil)
	if !ok {
		return
	}
	n := 1
	if right != nil {
		for _, e := range w.rights(r) {
			if n++; e.right() == right.right() {
				break
			}
		}
	}
	for _, c := range cells(r) {
		coming := 0
		for _, e := range w.estates {
			if !e.started && inr.Covers(e.at, c) {
				coming++
			}
		}
		if from > w.now {
			coming++
		}
		add("EST-1", coming > 2*n)
		add("LEASE-8", coming > 2*n)
	}
}

func (w *twin) estate(r wire.Resource, id wire.Hash, lease bool) *twinEstate {
	for i := range w.estates {
		if e := &w.estates[i]; e.at == r && e.id == id && e.lease == lease {
			return e
		}
	}
	return nil
}
