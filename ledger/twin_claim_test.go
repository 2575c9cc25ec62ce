package ledger_test

import (
	"bytes"
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// twinClaim is a claim that is open, or a succession.
type twinClaim struct {
	id         wire.Hash
	by, from   wire.Address
	at         wire.Resource
	grade      record.Grade
	succession bool
	evidence   wire.Hash
	issuer     wire.Hash
	proved     uint64
	stage      record.Stage
	entered    uint64
	began      uint64
	next       uint64 // when it is looked at again
	ends       uint64 // when it lapses, contested
	stalled    uint64 // the chain's when next was set
	words      []twinWord
	objections []twinObjection
}

type twinWord struct {
	kind     record.WordKind
	by       wire.Address
	digest   wire.Hash
	date, at uint64
	block    wire.Resource
}

type twinObjection struct {
	by     wire.Address
	issuer wire.Hash
	signed uint64
	block  wire.Resource
}

// twinProof is evidence on record that claims may name.
type twinProof struct {
	act             wire.Hash
	issuer          wire.Hash
	title           bool // else it is evidence for a grant
	signed, entered uint64
	covers          wire.Resource
	statements      []twinStatement
}

type twinStatement struct {
	by     wire.Address
	at     wire.Resource
	expiry uint64
}

// better orders grades by what they prove; T ranks with A (CLAIM-13).
func better(x, y record.Grade) bool { return twinRank(x) > twinRank(y) }

func twinRank(g record.Grade) int {
	return map[record.Grade]int{record.GradeA: 3, record.GradeT: 3, record.GradeB: 2, record.GradeC: 1}[g]
}

func (w *twin) claim(id wire.Hash) *twinClaim {
	for i := range w.claims {
		if w.claims[i].id == id {
			return &w.claims[i]
		}
	}
	return nil
}

// standing reports whether a claim stands against its title, cautions apart.
func (c *twinClaim) standing() bool { return c.stage != record.Attesting && c.stage != record.Marked }

// claimsOn are the claims and successions recorded against a title, by id.
func (w *twin) claimsOn(t *twinTitle) (out []twinClaim) {
	for _, c := range w.claims {
		if slices.ContainsFunc(t.against, func(x twinAgainst) bool { return x.act == c.id }) {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(x, y twinClaim) int { return bytes.Compare(x.id[:], y.id[:]) })
	return out
}

// opens reports whether a claim is open on a title, which it then wins at the end
// of its window (CLAIM-13).
func (c *twinClaim) opens(t *twinTitle) bool {
	nobody := t.holder.IsZero()
	return nobody || t.holder == c.by || t.grade == record.GradeC && better(c.grade, record.GradeC)
}

func (w *twin) brokenClaimAct(add breaks, author wire.Address, body tx.Body) {
	switch b := body.(type) {
	case *tx.Claim:
		w.brokenClaim(add, author, b)
	case *tx.ClaimObject:
		w.brokenObjection(add, author, b)
	case *tx.ClaimAttest:
		w.brokenAttest(add, author, b)
	case *tx.AttestRefuse:
		c := w.claim(b.Claim)
		if add("CLAIM-10", c == nil); c != nil {
			w.brokenRegistrar(add, author, w.parties(c)...)
			add("CLAIM-10", c.stage != record.Attesting || c.hasWord(author))
		}
	case *tx.ClaimWithdraw:
		c := w.claim(b.Claim)
		if add("CLAIM-10", c == nil); c != nil {
			add("CLAIM-18", c.by != author && !c.objects(author))
		}
	case *tx.ProveAgain:
		t := w.titleOf(b.Resource)
		add("CLAIM-19", t == nil || t.at != b.Resource || t.holder != author || t.grade != record.GradeA)
		if p := w.brokenProof(add, author, b.Resource, b.Evidence, b.Expiry); p != nil && t != nil {
			add("CLAIM-19", !p.title || p.signed <= t.proved)
		}
	case *tx.ClaimAnswer:
		c := w.claim(b.Claim)
		if add("CLAIM-10", c == nil); c != nil {
			t := w.titleOf(c.at)
			add("CLAIM-17", c.stage != record.Silent || t == nil || t.holder != author)
		}
	case *tx.Succession:
		w.brokenPlace(add, &twinClaim{by: author, from: b.Subject, at: b.Resource, succession: true})
		add("CLAIM-8", w.open(author) >= twinClaimsOpen)
	case *tx.SuccessionVeto:
		c := w.claim(b.Succession)
		add("CLAIM-23", c == nil || !c.succession || c.from != author)
	case *tx.NameAttest:
		w.brokenName(add, author, b)
	}
}

// parties are the claimant, whom the claim is against and who holds what is claimed.
func (w *twin) parties(c *twinClaim) []wire.Address {
	if t := w.titleOf(c.at); t != nil {
		return []wire.Address{c.by, c.from, t.holder}
	}
	return []wire.Address{c.by, c.from}
}

func (c *twinClaim) hasWord(who wire.Address) bool {
	return slices.ContainsFunc(c.words, func(x twinWord) bool { return x.by == who })
}

func (c *twinClaim) objects(who wire.Address) bool {
	word := slices.ContainsFunc(c.words, func(x twinWord) bool { return x.by == who && x.kind == record.Objects })
	return word || slices.ContainsFunc(c.objections, func(x twinObjection) bool { return x.by == who })
}

func (w *twin) open(who wire.Address) (n int) {
	for _, c := range w.claims {
		if c.by == who {
			n++
		}
	}
	return n
}

// brokenPlace is of what a claim or a succession is to (CLAIM-5, CLAIM-7, CLAIM-22).
func (w *twin) brokenPlace(add breaks, c *twinClaim) {
	t := w.titleOf(c.at)
	if t == nil {
		add("CLAIM-5", true)
		return
	}
	add("CLAIM-5", t.state != record.Unclaimed && t.state != record.Held)
	own := t.holder == c.by
	if c.succession {
		add("CLAIM-22", t.holder != c.from || own || !t.grade.Settled())
	}
	add("CLAIM-5", t.at != c.at && (c.grade == record.GradeC || own || c.succession))
	add("TITLE-4", t.at != c.at && tooSmall(c.at))
	if own && !c.succession && !better(c.grade, t.grade) {
		again := twinRank(c.grade) == twinRank(t.grade) && slices.ContainsFunc(t.basis, func(r wire.Address) bool { return !w.serves(r) })
		add("CLAIM-7", !again)
	}
}

func (w *twin) brokenClaim(add breaks, author wire.Address, b *tx.Claim) {
	c := &twinClaim{id: wire.Hash{9}, by: author, at: b.Resource, grade: record.Grade(b.Grade), evidence: b.Evidence, entered: w.now}
	broken := false
	note := func(rule string, is bool) { broken = broken || is; add(rule, is) }
	w.brokenPlace(note, c)
	note("CLAIM-8", w.open(author) >= twinClaimsOpen)
	if c.grade != record.GradeA {
		return
	}
	p := w.brokenProof(note, author, b.Resource, b.Evidence, b.Expiry)
	if p == nil || broken {
		return
	}
	c.issuer, c.proved = p.issuer, p.signed
	w.clone().stand(add, c, !p.title)
}

// brokenProof is of evidence that does not prove a block (CLAIM-6).
func (w *twin) brokenProof(add breaks, who wire.Address, r wire.Resource, act wire.Hash, expiry uint64) *twinProof {
	for i := range w.proofs {
		p := &w.proofs[i]
		if p.act != act {
			continue
		}
		says := slices.Contains(p.statements, twinStatement{who, r, expiry})
		fresh := w.now-min(w.now, p.signed) < randomSigning && w.now-p.entered < randomSigning
		good := fresh && says && expiry > w.now && inr.Covers(p.covers, r)
		add("CLAIM-6", !good)
		if good {
			return p
		}
		return nil
	}
	add("CLAIM-6", true)
	return nil
}

func (w *twin) brokenObjection(add breaks, author wire.Address, b *tx.ClaimObject) {
	c := w.claim(b.Claim)
	if c == nil {
		add("CLAIM-10", true)
		return
	}
	add("CLAIM-14", c.succession || c.stage != record.Window && c.stage != record.Disputed || author == c.by)
	add("CLAIM-14", !inr.Covers(c.at, b.Resource))
	add("TITLE-4", b.Resource != c.at && tooSmall(b.Resource))
	if b.Evidence.IsZero() {
		w.brokenRegistrar(add, author, w.parties(c)...)
		add("CLAIM-10", slices.ContainsFunc(c.words, func(x twinWord) bool { return x.by == author && x.kind != record.Refuses }))
		return
	}
	if p := w.brokenProof(add, author, b.Resource, b.Evidence, b.Expiry); p != nil {
		add("CLAIM-21", !p.title)
		others := slices.DeleteFunc(slices.Clone(c.objections), func(x twinObjection) bool { return x.issuer == p.issuer })
		add("CLAIM-14", len(others) >= record.ObjectionsMax)
		add("CLAIM-14", slices.ContainsFunc(c.objections, func(x twinObjection) bool { return x.issuer == p.issuer && x.signed >= p.signed }))
	}
}

// brokenAttest is of a registrar's word for a claim, and of its notice of one that
// silence would win.
func (w *twin) brokenAttest(add breaks, author wire.Address, b *tx.ClaimAttest) {
	c := w.claim(b.Claim)
	if c == nil {
		add("CLAIM-10", true)
		return
	}
	broken := false
	note := func(rule string, is bool) { broken = broken || is; add(rule, is) }
	w.brokenRegistrar(note, author, w.parties(c)...)
	note("CLAIM-10", b.Noticed > w.now || w.now-min(w.now, b.Noticed) > twinAttests)
	if c.stage == record.Silent {
		note("CLAIM-16", b.Noticed < c.began || slices.ContainsFunc(c.words, func(x twinWord) bool {
			return x.kind == record.Notifies && w.now < x.at+twinUnanswered/6
		}))
		return
	}
	note("CLAIM-10", c.stage != record.Attesting || c.hasWord(author) || slices.ContainsFunc(c.words, func(x twinWord) bool {
		return x.kind == record.Attests && w.serves(x.by) && w.serves(author) && !w.apart(x.by, author)
	}))
	w.brokenPlace(note, c)
	w.brokenShare(note, author, c.at)
	if !broken {
		w.clone().attest(add, author, b)
	}
}
