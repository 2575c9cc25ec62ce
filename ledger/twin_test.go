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
	shown      []twinShown
	proofs     []twinProof
	claims     []twinClaim
	registrars []twinRegistrar
	used       []twinUse
	removals   []twinRemoval
	feeds      []twinFeed
	twinDisputes
	twinGovernment
	events []string               // what became of claims in this ledger block
	fell   []string               // what fell due in this ledger block
	named  map[twinValue]twinSeen // what a dealing value and a marked value speak for
}

type twinTitle struct {
	at       wire.Resource
	holder   wire.Address // zero: nobody holds it
	state    record.State
	row      record.Source
	stated   uint64 // date of the file that a statement gave the row from
	stamp    uint64
	opened   uint64 // ledger block in which its folio was opened
	dealable bool
	charges  []twinCharge // in their ranks
	hold     wire.Hash    // the conditional transfer that holds it
	forum    string

	grade         record.Grade
	proved, since uint64
	qualified     uint64
	basis         []wire.Address
	against       []twinAgainst
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
	c.twinDisputes, c.twinGovernment = w.twinDisputes.clone(), w.twinGovernment.clone()
	c.services, c.shown = slices.Clone(w.services), slices.Clone(w.shown)
	c.claims, c.used = slices.Clone(w.claims), slices.Clone(w.used)
	c.feeds = slices.Clone(w.feeds)
	c.registrars, c.removals = slices.Clone(w.registrars), slices.Clone(w.removals)
	c.origins, c.offers = slices.Clone(w.origins), slices.Clone(w.offers)
	c.named, c.accounts = maps.Clone(w.named), map[wire.Address]*twinAccount{}
	for id, a := range w.accounts {
		c.accounts[id] = a.clone()
	}
	return &c
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
	_, alive := body.(*tx.SuccessionVeto)
	add("RCV-5", w.accounts[author].vetoed() && lane < 8 && !veto && !revoke && !alive)
	for _, family := range []func(breaks, wire.Address, tx.Body){
		w.brokenTitleAct, w.brokenGrantAct, w.brokenOriginAct, w.brokenLeaseAct, w.brokenAccountAct,
		w.brokenChargeAct, w.brokenSettleAct, w.brokenServiceAct, w.brokenEvidenceAct,
		w.brokenAgainst, w.brokenClaimAct, w.brokenSourceAct, w.brokenDisputeAct, w.brokenGovernAct,
	} {
		family(add, author, body)
	}
	if len(out) == 0 && w.overfull(author, body) {
		out = append(out, "ORIGIN-4")
	}
	if len(out) == 0 && w.unbearable(author, body) {
		out = append(out, "ORIGIN-8")
	}
	return out
}

// breaks notes a rule if it is broken.
type breaks func(rule string, broken bool)

func (w *twin) brokenOriginAct(add breaks, author wire.Address, body tx.Body) {
	switch b := body.(type) {
	case *tx.OriginAuthorise:
		w.brokenOrigin(add, twinOrigin{b.Resource, b.MaxLength, b.AS, author})
	case *tx.OriginWithdraw:
		add("ORIGIN-6", !slices.Contains(w.origins, twinOrigin{b.Resource, b.MaxLength, b.AS, author}))
	}
}

// overfull tries the act on a copy and counts what rests on each possession.
func (w *twin) overfull(author wire.Address, body tx.Body) bool {
	switch body.(type) {
	case *tx.TransferAccept, *tx.GrantAccept, *tx.Merge, *tx.OriginAuthorise, *tx.LeaseAccept, *tx.TransferRelease, *tx.Lift:
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
