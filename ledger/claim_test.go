package ledger_test

import (
	"crypto/sha256"
	"fmt"
	"math/bits"
	"slices"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/rpki"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// Windows of the claims' world, in seconds.
const (
	windowA     = 700
	windowB     = 1400
	succeeds    = 3000
	unanswered  = 600
	restricted  = 18000
	qualified   = 73000
	twinSigning = 7000
)

// claims is a world with rows that nobody holds, four registrars and four others.
//
//	reg1 NL Org 1, reg2 DE Org 2, reg3 NL Org 3, reg4 NL Org 1
func claims(t testing.TB) *world {
	w := newWorld(t, append([]string{"ana", "ben", "cat", "dan", "reg1", "reg2", "reg3", "reg4"}, append(slices.Clone(bench), members...)...), map[string][]string{"dan": {"61.0.0.0/16"}})
	e := w.state.Edit()
	p := parameters(t, w.state)
	setClaims(p)
	e.Put(record.Leaf(record.ParametersKey, wire.Encode(p)))
	for _, row := range []string{"60.0.0.0/16", "2a00::/32", "AS3000-AS3007"} {
		e.Put(record.FolioLeaf(resource(row), &record.Folio{Title: (&record.Title{
			Rules: 1, State: record.Unclaimed, Source: record.Source{Registry: "ripencc", Status: "allocated", Class: record.Whole},
		}).Bytes()}))
	}
	roll := &record.Roll{Rules: record.Rules}
	for name, x := range map[string][2]string{"reg1": {"Org 1", "NL"}, "reg2": {"Org 2", "DE"}, "reg3": {"Org 3", "NL"}, "reg4": {"Org 1", "NL"}} {
		e.Put(record.Leaf(record.RegistrarKey(who(name)), wire.Encode(&record.Registrar{Rules: 1, Account: who(name), Organisation: x[0], Jurisdiction: x[1]})))
		roll.Registrars = append(roll.Registrars, who(name))
	}
	slices.SortFunc(roll.Registrars, func(x, y wire.Address) int { return slices.Compare(x[:], y[:]) })
	e.Put(record.Leaf(record.RollKey, wire.Encode(roll)))
	w.recount(e.Freeze())
	w.check()
	return w
}

func setClaims(p *record.Parameters) {
	p.ClaimASeconds, p.ClaimBSeconds, p.SuccessionSeconds, p.UnansweredSeconds = windowA, windowB, succeeds, unanswered
	p.SigningSeconds, p.RestrictSeconds, p.QualifiedSeconds, p.CautionSeconds = twinSigning, restricted, qualified, 900
	p.Attestations, p.AttestSeconds, p.AttestShare = 2, 3000, 1_000_000
}

// expiry is that of the statements of the tests.
const expiry = start + 100_000_000

// onRecord puts on record what a checklist of an issuing CA showed: that it speaks
// for the cover, and signed statements of the account for the blocks.
func (w *world) onRecord(issuer byte, title bool, name, cover string, blocks ...string) wire.Hash {
	x := &record.Evidence{
		Rules: record.Rules, Entered: w.last.Time, Signed: w.last.Time, Title: title, Registry: "ripencc", Issuer: wire.Hash{issuer},
		Resources: []wire.Resource{resource(cover)},
	}
	for _, block := range append(blocks, cover) {
		s := rpki.Statement{Chain: w.salt, Account: who(name), Block: resource(block), Expiry: expiry}
		x.Digests = append(x.Digests, sha256.Sum256(s.Bytes()))
	}
	slices.SortFunc(x.Digests, func(a, b wire.Hash) int { return slices.Compare(a[:], b[:]) })
	x.Digests = slices.Compact(x.Digests)
	x.Act = wire.Sum(wire.TagRecord, []byte("evidence"), wire.Encode(x))
	e := w.state.Edit()
	e.Put(record.Leaf(record.EvidenceKey(x.Act), wire.Encode(x)))
	w.state = e.Freeze()
	return x.Act
}

// claimA claims a block with evidence of its own.
func (w *world) claimA(issuer byte, name, block string) wire.Hash {
	return w.do(name, w.bodyA(issuer, name, block))
}

func (w *world) bodyA(issuer byte, name, block string) *tx.Claim {
	return &tx.Claim{Resource: resource(block), Grade: uint64(record.GradeA), Evidence: w.onRecord(issuer, true, name, block), Expiry: expiry}
}

// claimB claims a block that registrars then attest.
func (w *world) claimB(name, block string, registrars ...string) wire.Hash {
	id := w.do(name, &tx.Claim{Resource: resource(block), Grade: uint64(record.GradeB)})
	for _, r := range registrars {
		w.attest(r, id)
	}
	return id
}

func (w *world) attest(registrar string, id wire.Hash) {
	w.t.Helper()
	w.do(registrar, w.attestation(id))
}

func (w *world) attestation(id wire.Hash) *tx.ClaimAttest {
	return &tx.ClaimAttest{Claim: id, Notice: wire.Hash{1}, Noticed: w.last.Time}
}

// claimOf is a claim that is open, or nil.
func (w *world) claimOf(id wire.Hash) *record.Claim {
	leaf, ok := w.state.Get(record.ClaimKey(id))
	if !ok {
		return nil
	}
	c, err := record.ClaimFromBytes(leaf.Data)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// wantTitle wants a title at exactly a block, of a holder at a grade.
func (w *world) wantTitle(block, holder string, g record.Grade) *record.Title {
	w.t.Helper()
	title := w.title(block)
	var want wire.Address
	if holder != "" {
		want = who(holder)
	}
	if title == nil || title.Holder != want || title.Grade != g {
		w.t.Fatalf("the title %s is %+v, want holder %q at grade %v", block, title, holder, g)
	}
	return title
}

// against lists what stands against a title, in short.
func (w *world) against(block string) (out []string) {
	list, err := record.RestrictionsFromBytes(w.folio(block).Restrictions)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, x := range list {
		out = append(out, fmt.Sprintf("%d at %v", x.Kind, x.At))
	}
	slices.Sort(out)
	return out
}

func (w *world) wantAgainst(block string, want ...string) {
	w.t.Helper()
	if got := w.against(block); !slices.Equal(got, want) {
		w.t.Fatalf("against %s stand %v, want %v", block, got, want)
	}
}

// later lets time pass without a halt.
func (w *world) later(n uint64) {
	for ; n > 500; n -= 500 {
		w.block(500)
	}
	w.block(n)
}

func TestClaimA_CLAIM5_CLAIM6_CLAIM15(t *testing.T) {
	w := claims(t)
	id := w.claimA(1, "ana", "60.0.0.0/16")
	w.wantAgainst("60.0.0.0/16", "4 at 60.0.0.0/16")
	w.wantTitle("60.0.0.0/16", "", record.GradeNone)
	signed := w.last.Time - 1
	w.later(windowA - 1)
	w.wantTitle("60.0.0.0/16", "", record.GradeNone)
	w.block(1)
	title := w.wantTitle("60.0.0.0/16", "ana", record.GradeA)
	if title.State != record.Held || title.Proved != signed || title.Since != w.last.Time || title.Qualified != 0 || len(title.Basis) != 0 {
		t.Errorf("the title is %+v, signed at %d", title, signed)
	}
	w.wantAgainst("60.0.0.0/16")
	if w.claimOf(id) != nil || w.account("ana").Holdings != (account.Holdings{V4: 256}) {
		t.Errorf("claim %v, holdings %+v", w.claimOf(id), w.account("ana").Holdings)
	}
	if _, ok := w.state.Get(record.ClaimsKey(who("ana"))); ok {
		t.Error("the index of the account's claims is left behind")
	}
}

// A part is cut off at the settlement only, and the rest stays as it was.
func TestClaimOfPart_CLAIM15_TITLE4_TITLE7(t *testing.T) {
	w := claims(t)
	w.refused("TITLE-4", "ana", w.bodyA(1, "ana", "60.0.0.0/25"))
	w.claimA(1, "ana", "60.0.64.0/18")
	w.claimA(2, "ben", "AS3000")
	w.claimA(3, "cat", "2a00:0:8000::/33")
	w.later(windowA - 3)
	if w.title("60.0.64.0/18") != nil {
		t.Fatal("cut before its settlement")
	}
	w.later(5)
	w.wantTitle("60.0.64.0/18", "ana", record.GradeA)
	w.wantTitle("60.0.0.0/18", "", record.GradeNone)
	w.wantTitle("60.0.128.0/17", "", record.GradeNone)
	w.wantTitle("AS3000", "ben", record.GradeA)
	w.wantTitle("2a00:0:8000::/33", "cat", record.GradeA)
	if len(w.title("60.0.64.0/18").Predecessors) != 1 {
		t.Error("the piece names no predecessor")
	}
}

func TestEvidence_CLAIM6(t *testing.T) {
	w := claims(t)
	b := w.bodyA(1, "ana", "60.0.0.0/20")
	for _, c := range []struct {
		what string
		name string
		body tx.Claim
	}{
		{"no such evidence", "ana", tx.Claim{Resource: b.Resource, Evidence: wire.Hash{9}, Expiry: expiry}},
		{"another account", "ben", *b},
		{"another block inside", "ana", tx.Claim{Resource: resource("60.0.0.0/21"), Evidence: b.Evidence, Expiry: expiry}},
		{"a block outside", "ana", tx.Claim{Resource: resource("60.0.16.0/20"), Evidence: b.Evidence, Expiry: expiry}},
		{"another expiry", "ana", tx.Claim{Resource: b.Resource, Evidence: b.Evidence, Expiry: expiry + 1}},
	} {
		body := c.body
		body.Grade = uint64(record.GradeA)
		t.Log(c.what)
		w.refused("CLAIM-6", c.name, &body)
	}
	w.later(twinSigning)
	w.refused("CLAIM-6", "ana", b) // signed too long ago
}

func TestWhatIsClaimed_CLAIM5(t *testing.T) {
	w := claims(t)
	for _, state := range []record.State{record.Available, record.Reserved} {
		title := w.title("AS3000-AS3007")
		title.State = state
		w.plant("AS3000-AS3007", func(f *record.Folio) { f.Title = title.Bytes() })
		w.refused("CLAIM-5", "ana", w.bodyA(1, "ana", "AS3000-AS3007"))
	}
	w.refused("CLAIM-5", "ana", w.bodyA(1, "ana", "70.0.0.0/16")) // no title
	w.refused("CLAIM-5", "ana", w.bodyA(1, "ana", "60.0.0.0/15")) // more than one
	w.refused("CLAIM-5", "ana", &tx.Claim{Resource: resource("60.0.0.0/17"), Grade: uint64(record.GradeC)})
}

func TestClaimB_CLAIM10_CLAIM11_CLAIM20(t *testing.T) {
	w := claims(t)
	id := w.claimB("ana", "60.0.0.0/17")
	w.wantAgainst("60.0.0.0/16")
	w.refused("CLAIM-9", "ben", w.attestation(id))
	late := w.attestation(id)
	late.Noticed = w.last.Time + 9
	w.refused("CLAIM-10", "reg1", late)
	late.Noticed = w.last.Time - 3001
	w.refused("CLAIM-10", "reg1", late)
	w.refused("CLAIM-10", "reg1", w.attestation(wire.Hash{7}))
	w.attest("reg1", id)
	w.refused("CLAIM-10", "reg1", w.attestation(id))
	w.refused("CLAIM-10", "reg4", w.attestation(id)) // of the same organisation
	w.wantAgainst("60.0.0.0/16")
	w.attest("reg2", id)
	w.wantAgainst("60.0.0.0/16", "4 at 60.0.0.0/17")
	w.refused("CLAIM-10", "reg3", w.attestation(id)) // it needs no more
	began := w.last.Time - 1
	w.later(windowB)
	title := w.wantTitle("60.0.0.0/17", "ana", record.GradeB)
	basis := []wire.Address{who("reg1"), who("reg2")}
	slices.SortFunc(basis, func(x, y wire.Address) int { return slices.Compare(x[:], y[:]) })
	if title.Qualified != w.last.Time+qualified || title.Proved != began || !slices.Equal(title.Basis, basis) {
		t.Errorf("the title is %+v, at %d", title, w.last.Time)
	}
}

// A claim that too few attest lapses; a refusal is on record with its reason.
func TestUnattested_CLAIM3_CLAIM8_CLAIM10_CLAIM27(t *testing.T) {
	w := claims(t)
	id := w.claimB("ana", "60.0.0.0/17", "reg1")
	w.do("reg2", &tx.AttestRefuse{Claim: id, Reason: wire.Hash{5}})
	w.refused("CLAIM-10", "reg2", &tx.AttestRefuse{Claim: id, Reason: wire.Hash{5}})
	w.refused("CLAIM-10", "reg2", w.attestation(id))
	w.refused("CLAIM-9", "ben", &tx.AttestRefuse{Claim: id, Reason: wire.Hash{5}})
	c := w.claimOf(id)
	if len(c.Words) != 2 || c.Words[1].Kind != record.Refuses || c.Words[1].Digest != (wire.Hash{5}) {
		t.Errorf("the words are %+v", c.Words)
	}
	w.block(2 * ledger.ClaimRestSeconds)
	if w.claimOf(id) == nil {
		t.Error("a halt of the chain ate the claim's time (CLAIM-27)")
	}
	w.last.Time = w.claimOf(id).At - 1
	w.block(1)
	if w.claimOf(id) != nil {
		t.Error("it has not lapsed")
	}
}

// What one registrar attests is a share of a registry's numbers, by family, and
// comes back as time passes.
func TestShare_CLAIM11(t *testing.T) {
	w := claims(t)
	w.govern(func(p *record.Parameters) { p.AttestShare = 250_000 }) // 2^15 addresses, two AS numbers
	a, b := w.claimB("ana", "60.0.0.0/17"), w.claimB("ben", "60.0.128.0/24")
	c, d := w.claimB("ana", "AS3000-AS3001"), w.claimB("ben", "AS3004")
	w.attest("reg1", a)
	w.refused("CLAIM-11", "reg1", w.attestation(b))
	w.attest("reg1", c)
	w.refused("CLAIM-11", "reg1", w.attestation(d))
	w.attest("reg2", b)
	w.later(3000 + 100 + 1)
	w.attest("reg1", b)
	w.attest("reg1", d)
	leaf, _ := w.state.Get(record.UseKey(who("reg1"), "ripencc"))
	use, err := record.UseFromBytes(leaf.Data)
	if err != nil || len(use.Parts) != 1 || bits.OnesCount64(use.Parts[0].Numbers.V4) != 1 {
		t.Errorf("the use is %+v, %v", use, err)
	}
}

// govern changes the parameters.
func (w *world) govern(change func(*record.Parameters)) {
	e := w.state.Edit()
	p := parameters(w.t, w.state)
	change(p)
	e.Put(record.Leaf(record.ParametersKey, wire.Encode(p)))
	w.state = e.Freeze()
}

func TestEntry_CLAIM20_TITLE3(t *testing.T) {
	w := claims(t)
	id := w.do("ana", &tx.Claim{Resource: resource("60.0.0.0/16"), Grade: uint64(record.GradeC)})
	w.attest("reg1", id)
	w.wantTitle("60.0.0.0/16", "ana", record.GradeC)
	if h := w.account("ana").Holdings; h != (account.Holdings{}) {
		t.Errorf("an entry counts in holdings: %+v", h)
	}
	value, until := w.value("60.0.0.0/16"), w.last.Time+1000
	block := resource("60.0.0.0/16")
	for _, body := range []tx.Body{
		&tx.TransferOffer{Resource: block, To: who("ben"), Value: value, Until: until},
		&tx.ChargePropose{Resource: block, To: who("ben"), Law: "l", Value: value, Until: until},
		&tx.LeaseOffer{Resource: block, To: who("ben"), End: until + 900, Operator: "o", Abuse: "a@b", Value: value, Until: until},
		&tx.OriginAuthorise{Resource: block, MaxLength: 16, AS: 1},
		&tx.Split{Resource: block, Part: resource("60.0.0.0/17")},
	} {
		w.refused("TITLE-3", "ana", body)
	}
	// An entry keeps nobody out who proves more: no contest, no cut.
	w.claimB("ben", "60.0.0.0/16", "reg1", "reg2")
	w.wantAgainst("60.0.0.0/16", "4 at 60.0.0.0/16")
	c := w.do("cat", &tx.Claim{Resource: block, Grade: uint64(record.GradeC)})
	w.attest("reg3", c) // of equal grade: it contests
	w.later(windowB)
	w.wantTitle("60.0.0.0/16", "ben", record.GradeB)
	if h := w.account("ben").Holdings; h != (account.Holdings{V4: 256}) || w.account("ana").Holdings != (account.Holdings{}) {
		t.Errorf("holdings %+v and %+v", h, w.account("ana").Holdings)
	}
	w.do("ben", &tx.TransferOffer{Resource: block, To: who("cat"), Value: w.value("60.0.0.0/16"), Until: w.last.Time + 900})
}

func TestOwnTitle_CLAIM7_CLAIM29(t *testing.T) {
	w := claims(t)
	w.claimB("ana", "60.0.0.0/16", "reg1", "reg2")
	w.later(windowB)
	w.refused("CLAIM-7", "ana", &tx.Claim{Resource: resource("60.0.0.0/16"), Grade: uint64(record.GradeB)})
	w.refused("CLAIM-5", "ana", w.bodyA(1, "ana", "60.0.0.0/17"))
	w.claimA(1, "ana", "60.0.0.0/16")
	w.refused("CLAIM-29", "ana", &tx.Split{Resource: resource("60.0.0.0/16"), Part: resource("60.0.0.0/17")})
	w.later(windowA)
	title := w.wantTitle("60.0.0.0/16", "ana", record.GradeA)
	if title.Qualified != 0 || len(title.Basis) != 0 || w.account("ana").Holdings != (account.Holdings{V4: 256}) {
		t.Errorf("the title is %+v", title)
	}
	w.do("ana", &tx.Split{Resource: resource("60.0.0.0/16"), Part: resource("60.0.0.0/17")})
}

func TestProveAgain_CLAIM19(t *testing.T) {
	w := claims(t)
	w.claimA(1, "ana", "60.0.0.0/16")
	w.later(windowA)
	old := w.onRecord(1, true, "ana", "60.0.0.0/16")
	w.later(100)
	child := w.onRecord(2, false, "ana", "60.0.0.0/16")
	again := func(block string, id wire.Hash) tx.Body {
		return &tx.ProveAgain{Resource: resource(block), Evidence: id, Expiry: expiry}
	}
	w.refused("CLAIM-19", "ana", again("60.0.0.0/16", child))
	w.refused("CLAIM-19", "ben", again("60.0.0.0/16", old))
	w.refused("CLAIM-19", "dan", again("61.0.0.0/16", old)) // of grade T
	before := w.title("60.0.0.0/16").Proved
	w.do("ana", again("60.0.0.0/16", old))
	w.refused("CLAIM-19", "ana", again("60.0.0.0/16", old)) // no newer
	if now := w.title("60.0.0.0/16").Proved; now <= before {
		t.Errorf("proved at %d, was %d", now, before)
	}
}
