package ledger_test

import (
	"maps"
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// twin is the register done slowly and obviously: lists of titles, estates,
// authorisations and offers, searched from end to end, with no tree, index or
// counter. It says which rules an act breaks, all of them, and carries out one
// that breaks none. It follows the chapters of specs, not the code beside it;
// each family of acts has a file of its own.
type twin struct {
	now, block uint64
	stalled    uint64
	stamp      uint64 // rises with every change of a title's dealing value
	accounts   map[wire.Address]*twinAccount
	titles     []twinTitle
	estates    []twinEstate // in order of acceptance: what is inside comes after
	origins    []twinOrigin
	offers     []twinOffer
	services   []twinService
	fell       []string             // what fell due in this ledger block
	named      map[twinValue]uint64 // the stamp a dealing value belongs to
}

// twinValue is a title's dealing value as an act names it.
type twinValue struct {
	title wire.Resource
	value wire.Hash
}

type twinTitle struct {
	at       wire.Resource
	holder   wire.Address // zero: unclaimed
	source   string
	stamp    uint64
	opened   uint64 // ledger block in which its folio was opened
	dealable bool
	charges  []twinCharge // in their ranks
	hold     wire.Hash    // the conditional transfer that holds it
}

// twinEstate is a grant or a lease; it possesses once it has started.
type twinEstate struct {
	at        wire.Resource
	id        wire.Hash
	lease     bool
	holder    wire.Address
	start     uint64
	notice    uint64
	sub       bool
	ends      uint64 // 0: open
	warning   wire.Hash
	started   bool
	twinTerms // of a lease
}

type twinOrigin struct {
	at     wire.Resource
	most   uint64
	as     uint64
	holder wire.Address
}

// twinOffer is what waits for an acceptance or a time; its body has its terms.
type twinOffer struct {
	id              wire.Hash
	body            tx.Body
	maker, to       wire.Address
	at, title       wire.Resource
	stamp           uint64
	earliest, until uint64
	renewed         uint64 // of its maker
	consents        []twinConsent
	accepted        uint64 // of a conditional transfer
	byAgent         bool   // conditions met
	bySecret        bool
}

// twinConsent is the word of one who is no party of an offer.
type twinConsent struct {
	by      wire.Address
	charge  wire.Hash
	release bool
}

func (o *twinOffer) kind() tx.Kind { return o.body.Kind() }

// Numbers of the random world.
const (
	noticeMin  = 60
	twinClause = 30
	twinStall  = 600
)

func (w *twin) clone() *twin {
	c := *w
	c.titles, c.estates = slices.Clone(w.titles), slices.Clone(w.estates)
	for i := range c.titles {
		c.titles[i].charges = slices.Clone(c.titles[i].charges)
	}
	c.services = slices.Clone(w.services)
	c.origins, c.offers = slices.Clone(w.origins), slices.Clone(w.offers)
	c.named, c.accounts = maps.Clone(w.named), map[wire.Address]*twinAccount{}
	for id, a := range w.accounts {
		c.accounts[id] = a.clone()
	}
	return &c
}

// current reports whether a value is the dealing value, as it stands, of the
// title that covers r.
func (w *twin) current(r wire.Resource, value wire.Hash) bool {
	t := w.titleOf(r)
	if t == nil {
		return false
	}
	stamp, ok := w.named[twinValue{t.at, value}]
	return ok && stamp == t.stamp
}

func (w *twin) titleOf(r wire.Resource) *twinTitle {
	for i := range w.titles {
		if inr.Covers(w.titles[i].at, r) {
			return &w.titles[i]
		}
	}
	return nil
}

// rights are the live estates that cover r, outermost first.
func (w *twin) rights(r wire.Resource) []twinEstate {
	var out []twinEstate
	for _, e := range w.estates {
		if e.started && inr.Covers(e.at, r) {
			out = append(out, e)
		}
	}
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
func (w *twin) broken(author wire.Address, lane uint64, body tx.Body) []string {
	var out []string
	add := func(rule string, broken bool) {
		if broken && !slices.Contains(out, rule) {
			out = append(out, rule)
		}
	}
	_, veto := body.(*tx.RecoveryVeto)
	_, revoke := body.(*tx.KeyRevoke)
	add("RCV-5", w.accounts[author].vetoed() && lane < 8 && !veto && !revoke)
	for _, family := range []func(breaks, wire.Address, tx.Body){
		w.brokenTitleAct, w.brokenGrantAct, w.brokenOriginAct, w.brokenLeaseAct, w.brokenAccountAct,
		w.brokenChargeAct, w.brokenSettleAct, w.brokenServiceAct,
	} {
		family(add, author, body)
	}
	if len(out) == 0 && w.overfull(author, body) {
		out = append(out, "ORIGIN-4")
	}
	return out
}

// breaks notes a rule if it is broken.
type breaks func(rule string, broken bool)

func (w *twin) brokenTitleAct(add breaks, author wire.Address, body tx.Body) {
	switch b := body.(type) {
	case *tx.TransferOffer:
		w.brokenTitle(add, b.Resource, author)
		w.brokenHold(add, b.Resource)
		add("TITLE-4", tooSmall(b.Resource) && w.notWhole(b.Resource))
		w.brokenOffer(add, w.offerOf(wire.Hash{}, author, body), b.Value)
	case *tx.TransferAccept:
		o := w.brokenAccept(add, b.Offer, author, b.Resource, b.Value, tx.KindTransferOffer)
		if o != nil {
			w.brokenLenders(add, "CHARGE-4", o, func(twinCharge) bool { return true })
			add("TITLE-5", !o.body.(*tx.TransferOffer).Conditional() && w.notWhole(o.at) && w.fresh(o.at))
		}
	case *tx.OfferCancel:
		o := w.offer(b.Offer)
		add("DEAL-5", o == nil || o.accepted != 0)
		add("DEAL-7", o != nil && o.maker != author)
	case *tx.Split:
		w.brokenTitle(add, b.Resource, author)
		w.brokenHold(add, b.Resource)
		t := w.titleOf(b.Resource)
		add("SPLIT-1", t != nil && (t.at != b.Resource || !inr.Covers(t.at, b.Part) || t.at == b.Part))
		add("TITLE-4", tooSmall(b.Part))
		add("TITLE-5", w.fresh(b.Resource))
	case *tx.Merge:
		w.brokenMerge(add, b.Resource, author)
	}
}

func (w *twin) brokenGrantAct(add breaks, author wire.Address, body tx.Body) {
	switch b := body.(type) {
	case *tx.GrantOffer:
		add("EST-6", b.Notice < noticeMin)
		add("EST-11", firstElsewhere(b.Resource, b.Origins))
		w.brokenDealable(add, b.Resource)
		w.brokenHold(add, b.Resource)
		w.brokenCarve(add, b.Resource, author)
		w.brokenOffer(add, w.offerOf(wire.Hash{}, author, body), b.Value)
	case *tx.GrantAccept:
		if o := w.brokenAccept(add, b.Offer, author, b.Resource, b.Value, tx.KindGrantOffer); o != nil {
			w.brokenFirst(add, "EST-11", o, author, body, o.body.(*tx.GrantOffer).Origins)
		}
	case *tx.GrantNotice:
		e := w.estate(b.Resource, b.Grant, false)
		add("EST-9", e == nil)
		add("EST-5", e != nil && (e.ends != 0 || w.outside(*e) != author))
	case *tx.GrantGiveUp:
		e := w.estate(b.Resource, b.Grant, false)
		add("EST-9", e == nil)
		add("EST-8", e != nil && e.holder != author)
	}
}

func (w *twin) brokenOriginAct(add breaks, author wire.Address, body tx.Body) {
	switch b := body.(type) {
	case *tx.OriginAuthorise:
		w.brokenOrigin(add, twinOrigin{b.Resource, b.MaxLength, b.AS, author})
	case *tx.OriginWithdraw:
		add("ORIGIN-6", !slices.Contains(w.origins, twinOrigin{b.Resource, b.MaxLength, b.AS, author}))
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

// overfull tries the act on a copy and counts what rests on each possession.
func (w *twin) overfull(author wire.Address, body tx.Body) bool {
	switch body.(type) {
	case *tx.TransferAccept, *tx.GrantAccept, *tx.Merge, *tx.OriginAuthorise, *tx.LeaseAccept, *tx.TransferRelease:
	default:
		return false
	}
	c := w.clone()
	c.do(author, body, wire.Hash{9})
	return c.laden()
}

// laden reports whether more authorisations rest on some possession than may.
func (w *twin) laden() bool {
	count := map[twinRight]int{}
	for _, o := range w.origins {
		for _, r := range w.rests(o) {
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

func (w *twin) brokenDealable(add breaks, r wire.Resource) {
	t := w.titleOf(r)
	add("TITLE-1", t == nil)
	add("TITLE-3", t != nil && !t.dealable)
}

func (w *twin) brokenTitle(add breaks, r wire.Resource, author wire.Address) {
	w.brokenDealable(add, r)
	t := w.titleOf(r)
	add("TITLE-2", t != nil && t.dealable && t.holder != author)
}

// offerOf is the offer that an act makes; its earliest acceptance is fixed.
func (w *twin) offerOf(id wire.Hash, maker wire.Address, body tx.Body) twinOffer {
	o := twinOffer{id: id, body: body, maker: maker, renewed: w.accounts[maker].renewed}
	switch b := body.(type) {
	case *tx.TransferOffer:
		o.to, o.at, o.earliest, o.until = b.To, b.Resource, b.Earliest, b.Until
	case *tx.GrantOffer:
		o.to, o.at, o.earliest, o.until = b.To, b.Resource, b.Earliest, b.Until
	case *tx.LeaseOffer:
		o.to, o.at, o.earliest, o.until = b.To, b.Resource, b.Earliest, b.Until
	case *tx.LeaseRenew:
		o.to, o.at, o.earliest, o.until = w.otherParty(b.Resource, b.Lease, maker), b.Resource, b.Earliest, b.Until
	case *tx.LeaseEnd:
		o.to, o.at, o.earliest, o.until = w.otherParty(b.Resource, b.Lease, maker), b.Resource, b.Earliest, b.Until
	case *tx.LeaseAssign:
		o.to, o.at, o.earliest, o.until = b.To, b.Resource, b.Earliest, b.Until
	case *tx.ChargePropose:
		o.to, o.at, o.earliest, o.until = b.To, b.Resource, b.Earliest, b.Until
	case *tx.ChargeRedeem:
		if _, c := w.charge(b.Resource, b.Charge); c != nil {
			o.to = c.lender
		}
		o.at, o.earliest, o.until = b.Resource, b.Earliest, b.Until
	}
	if o.earliest == 0 {
		o.earliest = w.now
		if w.waits(body) {
			o.earliest += w.accounts[maker].delay
		}
	}
	return o
}

// waits reports whether an offer waits for its maker's delay.
func (w *twin) waits(body tx.Body) bool {
	switch b := body.(type) {
	case *tx.LeaseOffer:
		return b.Evergreen() || b.End > w.now+twinAhead
	case *tx.LeaseRenew:
		return b.End > w.now+twinAhead
	}
	return true
}

func (w *twin) brokenOffer(add breaks, o twinOffer, value wire.Hash) {
	add("TITLE-6", o.to == o.maker || w.accounts[o.to] == nil)
	add("DEAL-1", !w.current(o.at, value))
	soonest := w.now
	if w.waits(o.body) {
		soonest += w.accounts[o.maker].delay
	}
	add("DEAL-3", o.earliest < soonest || o.until <= o.earliest || o.until-w.now > 366*24*3600)
	open, _ := w.made(o.maker, o.at)
	add("DEAL-4", open >= record.OffersMax)
}

// made counts an account's offers on the title over r: those that stand, and
// all that are on the table.
func (w *twin) made(maker wire.Address, r wire.Resource) (open, all int) {
	t := w.titleOf(r)
	for _, o := range w.offers {
		if t != nil && o.title == t.at && o.maker == maker && o.kind() != tx.KindList {
			if all++; !w.lapsed(&o) {
				open++
			}
		}
	}
	return open, all
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
}

// brokenDepth counts estates over an address of a block through a term, and all
// that are written over it.
func (w *twin) brokenDepth(add breaks, r wire.Resource, from, to uint64) {
	for _, c := range cells(r) {
		written, moments := 0, []uint64{from}
		for _, e := range w.estates {
			if !inr.Covers(e.at, c) {
				continue
			}
			if written++; e.start > from && (to == 0 || e.start < to) {
				moments = append(moments, e.start)
			}
		}
		add("LEASE-8", written >= record.AtMax)
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

func (w *twin) brokenAccept(add breaks, id wire.Hash, author wire.Address, r wire.Resource, value wire.Hash, kinds ...tx.Kind) *twinOffer {
	o := w.offer(id)
	if o == nil || o.accepted != 0 || !slices.Contains(kinds, o.kind()) {
		add("DEAL-5", true)
		return nil
	}
	w.brokenDealable(add, o.at)
	w.brokenHold(add, o.at)
	add("DEAL-6", o.to != author || o.at != r || w.now < o.earliest)
	lapsed := w.lapsed(o)
	add("DEAL-2", lapsed)
	add("RCV-7", o.renewed != w.accounts[o.maker].renewed || w.accounts[o.maker].running())
	add("DEAL-1", !lapsed && !w.current(o.at, value))
	if lapsed || o.to != author || o.at != r {
		return nil
	}
	return o
}

func (w *twin) brokenMerge(add breaks, r wire.Resource, author wire.Address) {
	low, high, ok := inr.Halves(r)
	add("MERGE-1", !ok)
	if !ok {
		return
	}
	var titles []*twinTitle
	for _, half := range []wire.Resource{low, high} {
		w.brokenTitle(add, half, author)
		w.brokenHold(add, half)
		t := w.titleOf(half)
		add("MERGE-1", t != nil && t.at != half)
		add("TITLE-5", w.fresh(half))
		if t != nil && t.at == half {
			titles = append(titles, t)
		}
	}
	if len(titles) == 2 {
		add("MERGE-2", titles[0].source != titles[1].source)
		same := slices.EqualFunc(titles[0].charges, titles[1].charges, func(a, b twinCharge) bool {
			return a.id == b.id && a.enforced == 0 && b.enforced == 0
		})
		add("CHARGE-7", !same)
	}
}

// lapsed reports whether an offer's title changed since it was made, or a
// recovery replaced its maker's keys.
func (w *twin) lapsed(o *twinOffer) bool {
	t := w.titleOf(o.at)
	return t == nil || t.at != o.title || t.stamp != o.stamp || o.renewed != w.accounts[o.maker].renewed
}

func (w *twin) offer(id wire.Hash) *twinOffer {
	for i := range w.offers {
		if w.offers[i].id == id {
			return &w.offers[i]
		}
	}
	return nil
}

func (w *twin) estate(r wire.Resource, id wire.Hash, lease bool) *twinEstate {
	for i := range w.estates {
		if e := &w.estates[i]; e.at == r && e.id == id && e.lease == lease {
			return e
		}
	}
	return nil
}
