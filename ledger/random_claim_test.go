package ledger_test

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"testing"

	"ipledger/ledger/record"
	"ipledger/ledger/rpki"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// registrarNames are the registrars of the random world, with organisation and
// jurisdiction; one holds numbers too.
var registrarNames = map[string][2]string{
	"reg1": {"Org 1", "NL"}, "reg2": {"Org 2", "DE"}, "reg3": {"Org 3", "NL"}, "reg4": {"Org 1", "NL"}, "dan": {"Org 4", "NL"},
}

var registrarList = []string{"dan", "reg1", "reg2", "reg3", "reg4"}

func setRandomClaims(p *record.Parameters) {
	p.ClaimASeconds, p.ClaimBSeconds, p.SuccessionSeconds, p.UnansweredSeconds = twinClaimA, twinClaimB, twinSucceeds, twinUnanswered
	p.RestrictSeconds, p.QualifiedSeconds, p.CautionSeconds = twinRestricts, twinQualified, twinCautions
	p.Attestations, p.AttestSeconds, p.AttestShare = twinWords, twinAttests, twinShare
}

// putRegistrars writes the registrars into a state.
func putRegistrars(e *tree.Editor) {
	roll := &record.Roll{Rules: record.Rules}
	for _, name := range registrarList {
		x := registrarNames[name]
		e.Put(record.Leaf(record.RegistrarKey(who(name)), wire.Encode(&record.Registrar{Rules: 1, Account: who(name), Organisation: x[0], Jurisdiction: x[1]})))
		roll.Registrars = append(roll.Registrars, who(name))
	}
	sortAddresses(roll.Registrars)
	e.Put(record.Leaf(record.RollKey, wire.Encode(roll)))
}

func twinRegistrars() (out []twinRegistrar) {
	for _, name := range registrarList {
		x := registrarNames[name]
		out = append(out, twinRegistrar{account: who(name), organisation: x[0], jurisdiction: x[1]})
	}
	return out
}

// claimAct makes some act on claims.
func (p *pair) claimAct() (string, tx.Body) {
	switch n := p.pick(24); {
	case n < 7:
		return p.someClaim()
	case n < 14:
		return p.word()
	case n < 16:
		return p.objection()
	case n == 16:
		return p.succeeding()
	case n == 17:
		return p.proveAgain()
	case n == 18:
		return p.nameAct()
	case n == 19 && p.pick(6) == 0:
		p.removeRegistrar()
	}
	return p.goneBack()
}

// claimed is a block that is likely to be claimed: of a title that nobody holds, or
// not absolutely.
func (p *pair) claimed() wire.Resource {
	t := p.someTitle(func(t twinTitle) bool {
		return t.state != record.Held || t.grade != record.GradeT || p.pick(12) == 0
	})
	if p.pick(2) == 0 {
		return t.at
	}
	return p.inside(t.at)
}

func (p *pair) someClaim() (string, tx.Body) {
	r, name := p.claimed(), p.someone()
	if p.pick(8) == 0 {
		name = registrarList[p.pick(len(registrarList))]
	}
	if t := p.twin.titleOf(r); t != nil && p.pick(4) == 0 {
		name = p.likely(t.holder)
	}
	switch p.pick(7) {
	case 0, 1, 2:
		return name, &tx.Claim{Resource: r, Grade: uint64(record.GradeB)}
	case 3:
		return name, &tx.Claim{Resource: r, Grade: uint64(record.GradeC)}
	}
	id, expiry := p.proving(name, r)
	return name, &tx.Claim{Resource: r, Grade: uint64(record.GradeA), Evidence: id, Expiry: expiry}
}

// proving is evidence by which an account proves a block, mostly.
func (p *pair) proving(name string, r wire.Resource) (id wire.Hash, expiry uint64) {
	expiry = p.last.Time + 5000
	switch p.pick(12) {
	case 0:
		return wire.Hash{7}, expiry
	case 1:
		if n := len(p.twin.proofs); n > 0 {
			old := p.twin.proofs[p.pick(n)]
			return old.act, old.statements[0].expiry
		}
	case 2:
		expiry = p.last.Time - 1
	}
	by := name
	if p.pick(12) == 0 {
		by = p.someone()
	}
	signed := p.last.Time - uint64(p.pick(60))
	return p.prove(by, r, byte(1+p.pick(4)), p.pick(8) != 0, signed, expiry), expiry
}

// prove puts on record, in the ledger and its twin, what a checklist showed.
func (p *pair) prove(name string, r wire.Resource, issuer byte, title bool, signed, expiry uint64) wire.Hash {
	return p.proveFor(who(name), r, issuer, title, signed, expiry)
}

// proveFor is prove for whatever the statement names in the account's place.
func (p *pair) proveFor(by wire.Address, r wire.Resource, issuer byte, title bool, signed, expiry uint64) wire.Hash {
	s := rpki.Statement{Chain: p.salt, Account: by, Block: r, Expiry: expiry}
	x := &record.Evidence{
		Rules: record.Rules, Entered: p.last.Time, Signed: signed, Title: title, Registry: "ripencc", Issuer: wire.Hash{issuer},
		Resources: []wire.Resource{r}, Digests: []wire.Hash{sha256.Sum256(s.Bytes())},
	}
	x.Act = wire.Sum(wire.TagRecord, []byte("evidence"), wire.Encode(x))
	e := p.state.Edit()
	e.Put(record.Leaf(record.EvidenceKey(x.Act), wire.Encode(x)))
	p.state = e.Freeze()
	p.twin.proofs = append(slices.Clone(p.twin.proofs), twinProof{
		act: x.Act, issuer: x.Issuer, title: title, signed: signed, entered: p.last.Time, covers: r,
		statements: []twinStatement{{by, r, expiry}},
	})
	return x.Act
}

// oneClaim is some claim that is open, of a stage if there is one.
func (p *pair) oneClaim(stages ...record.Stage) twinClaim {
	list := p.twin.claims
	if len(list) == 0 {
		return twinClaim{id: wire.Hash{5}, at: resource("60.0.12.0/22"), by: who("ana")}
	}
	one := list[p.pick(len(list))]
	for range 6 {
		if slices.Contains(stages, one.stage) {
			break
		}
		one = list[p.pick(len(list))]
	}
	return one
}

// word is what a registrar says of a claim.
func (p *pair) word() (string, tx.Body) {
	c := p.oneClaim(record.Attesting, record.Silent)
	name := registrarList[p.pick(len(registrarList))]
	if p.pick(20) == 0 {
		name = p.someone()
	}
	if p.pick(9) == 0 {
		return name, &tx.AttestRefuse{Claim: c.id, Reason: wire.Hash{5}}
	}
	noticed := p.last.Time - uint64(p.pick(3))
	switch p.pick(25) {
	case 0:
		noticed += 100
	case 1:
		noticed -= twinAttests + 30
	}
	return name, &tx.ClaimAttest{Claim: c.id, Notice: wire.Hash{1}, Noticed: noticed}
}

func (p *pair) objection() (string, tx.Body) {
	c := p.oneClaim(record.Window, record.Disputed)
	r := p.inside(c.at)
	if p.pick(15) == 0 {
		r = p.block4()
	}
	if p.pick(2) == 0 {
		return registrarList[p.pick(len(registrarList))], &tx.ClaimObject{Claim: c.id, Resource: r, Reason: wire.Hash{6}}
	}
	name := p.someone()
	id, expiry := p.proving(name, r)
	return name, &tx.ClaimObject{Claim: c.id, Resource: r, Evidence: id, Expiry: expiry}
}

func (p *pair) succeeding() (string, tx.Body) {
	if c := p.oneClaim(); c.succession && p.pick(2) == 0 {
		return p.likely(c.from), &tx.SuccessionVeto{Succession: c.id}
	}
	t := p.someTitle(func(t twinTitle) bool { return t.dealable })
	subject := t.holder
	if p.pick(8) == 0 {
		subject = who(p.someone())
	}
	return p.someone(), &tx.Succession{Resource: t.at, Subject: subject, Documents: wire.Hash{3}}
}

func (p *pair) proveAgain() (string, tx.Body) {
	t := p.someTitle(func(t twinTitle) bool { return t.grade == record.GradeA })
	name := p.likely(t.holder)
	id, expiry := p.proving(name, t.at)
	return name, &tx.ProveAgain{Resource: t.at, Evidence: id, Expiry: expiry}
}

func (p *pair) nameAct() (string, tx.Body) {
	subject := p.someone()
	a := p.twin.accounts[who(subject)]
	b := &tx.NameAttest{Subject: who(subject), Name: a.name, Jurisdiction: a.jurisdiction, Documents: wire.Hash{4}}
	if p.pick(5) == 0 {
		b.Name = "another"
	}
	return registrarList[p.pick(len(registrarList))], b
}

// goneBack withdraws a claim or an objection, vetoes or answers.
func (p *pair) goneBack() (string, tx.Body) {
	switch p.pick(3) {
	case 0:
		c := p.oneClaim(record.Silent)
		holder := wire.Address{}
		if t := p.twin.titleOf(c.at); t != nil {
			holder = t.holder
		}
		return p.likely(holder), &tx.ClaimAnswer{Claim: c.id, Digest: wire.Hash{2}}
	case 1:
		c := p.oneClaim(record.Disputed, record.Window)
		for _, x := range c.objections {
			return p.likely(x.by), &tx.ClaimWithdraw{Claim: c.id}
		}
		for _, x := range c.words {
			return p.likely(x.by), &tx.ClaimWithdraw{Claim: c.id}
		}
		return p.likely(c.by), &tx.ClaimWithdraw{Claim: c.id}
	}
	c := p.oneClaim()
	if c.succession {
		return p.likely(c.from), &tx.SuccessionVeto{Succession: c.id}
	}
	return p.likely(c.by), &tx.ClaimWithdraw{Claim: c.id}
}

// removeRegistrar is a removal for cause, as a vote would have it.
func (p *pair) removeRegistrar() {
	name := registrarList[p.pick(len(registrarList))]
	if !p.twin.serves(who(name)) {
		return
	}
	p.dismiss(name)
	act := wire.Sum(wire.TagRecord, []byte("removal of "+name))
	key := tree.DueKey(p.last.Time+1, record.RankGovern, removalOf(act, who(name)))
	p.set(key, wire.Encode(&record.Due{Rules: record.Rules, Kind: record.DueRemoval, Act: act, Account: who(name), Resource: wire.Resource{Family: wire.IPv4}}))
	p.twin.registrars = slices.Clone(p.twin.registrars)
	p.twin.dismiss(act, who(name))
}

func removalOf(act wire.Hash, who wire.Address) wire.Hash {
	return wire.Sum(wire.TagDealing, act[:], who[:])
}

// claimsSay lists the claims and successions that are open in the ledger.
func (p *pair) claimsSay() (out []string) {
	p.state.Walk(tree.Key{Subtree: tree.Due}, func(l tree.Leaf) bool {
		d, err := record.DueFromBytes(l.Data)
		if err != nil || d.Kind != record.DueClaim && d.Kind != record.DueSuccession {
			return true
		}
		c := p.claimOf(d.Act)
		x := twinClaim{
			id: d.Act, by: c.Account, from: c.From, at: c.Resource, grade: c.Grade, succession: c.Succession, evidence: c.Evidence,
			issuer: c.Issuer, proved: c.Proved, stage: c.Stage, entered: c.Entered, began: c.Began, next: c.At, ends: c.Ends, stalled: c.Stalled,
		}
		for _, y := range c.Words {
			x.words = append(x.words, twinWord{y.Kind, y.By, y.Digest, y.Date, y.At, y.Block})
		}
		for _, y := range c.Objections {
			x.objections = append(x.objections, twinObjection{y.By, y.Issuer, y.Signed, y.Block})
		}
		out = append(out, x.describe())
		return true
	})
	return out
}

func (c twinClaim) describe() string {
	out := fmt.Sprintf("claim %v by %v from %v to %v, grade %v, succession %v, on %v of %v, proved %d, %v, entered %d, began %d, next %d, ends %d, stalled %d",
		c.id, c.by, c.from, c.at, c.grade, c.succession, c.evidence, c.issuer, c.proved, c.stage, c.entered, c.began, c.next, c.ends, c.stalled)
	for _, x := range c.words {
		out += fmt.Sprintf(", word %d of %v, %v of %d, at %d to %v", x.kind, x.by, x.digest, x.date, x.at, x.block)
	}
	for _, x := range c.objections {
		out += fmt.Sprintf(", objection of %v by %v, signed %d to %v", x.by, x.issuer, x.signed, x.block)
	}
	return out
}

// titleSays is a title of the ledger in the twin's words.
func (p *pair) titleSays(at wire.Resource, x *record.Title) twinTitle {
	return twinTitle{
		at: at, forum: x.Forum, holder: x.Holder, state: x.State, row: x.Source, stated: x.Stated, grade: x.Grade, proved: x.Proved,
		since: x.Since, qualified: x.Qualified, basis: x.Basis, dealable: x.State == record.Held && x.Grade.Settled(),
	}
}

func (t twinTitle) describe() string {
	return fmt.Sprintf("title %v of %v, %v, grade %v, proved %d, since %d, qualified %d, on %v, row %+v of %d, dealable %v, forum %q",
		t.at, t.holder, t.state, t.grade, t.proved, t.since, t.qualified, t.basis, t.row, t.stated, t.dealable, t.forum)
}

// event notes what became of a claim.
func (w *twin) event(what string) { w.events = append(slices.Clip(w.events), what) }

// meet counts what became of claims in a ledger block.
func (p *pair) meet() {
	for _, what := range p.twin.events {
		p.met[what]++
	}
	p.twin.events = nil
}

// claimsMeet is what becomes of claims in every run.
var claimsMeet = []string{
	"settled at A", "settled at B", "settled but for a part", "disputed", "undecided", "put off", "entry",
	"won by silence", "no silence", "succeeded", "lapsed, answered", "lapsed, caution", "frozen after a removal",
	"oldest caution gave way", "own or issuer's gave way",
	"contest opened", "contest lost", "contest won, opens", "contest won against a holder",
}

// reportClaims prints how often each came about, and fails when one never did.
func reportClaims(t *testing.T, met map[string]int, enough bool) {
	t.Logf("claims: %v", met)
	for _, what := range slices.Concat(claimsMeet, sourcesMeet) {
		if enough && met[what] == 0 {
			t.Errorf("none was %s", what)
		}
	}
}
