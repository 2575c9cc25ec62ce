package ledger_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ipledger/ledger"
	"ipledger/ledger/record"
	"ipledger/ledger/rpki"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
	"ipledger/testnet/ca"
)

// rpkiWorld is a small RPKI, made once: a trust anchor, a registry's CA, a member
// of it, and a customer whom the member certified.
type rpkiWorld struct {
	term                               ca.Term
	anchor, registry, member, customer *ca.Authority
}

var smallRPKI = sync.OnceValue(func() *rpkiWorld {
	r := &rpkiWorld{term: ca.Term{From: time.Unix(start-day, 0).UTC(), Until: time.Unix(start+30*day, 0).UTC()}}
	r.anchor = ripe(ca.Anchor("anchor", r.term))
	r.registry = ripe(r.anchor.Certify("registry", []wire.Resource{resource("60.0.0.0/8"), resource("AS2000-AS2015")}, r.term))
	r.member = ripe(r.registry.Certify("member", []wire.Resource{resource("60.0.0.0/12"), resource("AS2000-AS2007")}, r.term))
	r.customer = ripe(r.member.Certify("customer", []wire.Resource{resource("60.1.0.0/16")}, r.term))
	return r
})

func ripe[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// certified is a world of two accounts, whose state knows the small RPKI.
func certified(t testing.TB) (*world, *rpkiWorld) {
	w, r := two(t), smallRPKI()
	e := w.state.Edit()
	r.anchorIn(e)
	params := parameters(t, w.state)
	params.SigningSeconds = 7 * day
	e.Put(record.Leaf(record.ParametersKey, wire.Encode(params)))
	w.state = e.Freeze()
	return w, r
}

// anchorIn puts the keys of the small RPKI on the roll of a state that is edited.
func (r *rpkiWorld) anchorIn(e *tree.Editor) {
	roll := &record.Roll{Rules: record.Rules}
	if leaf, ok := e.Get(record.RollKey); ok {
		roll = ripe(record.RollFromBytes(leaf.Data))
	}
	for kind, c := range map[record.AnchorKind]*ca.Authority{record.TrustAnchor: r.anchor, record.RegistryCA: r.registry} {
		a := &record.Anchor{Rules: record.Rules, Kind: kind, Registry: "ripencc", Key: ripe(c.Key())}
		roll.Anchors = append(roll.Anchors, a.Hash())
		e.Put(record.Leaf(record.AnchorKey(a.Hash()), wire.Encode(a)))
	}
	slices.SortFunc(roll.Anchors, func(x, y wire.Hash) int { return bytes.Compare(x[:], y[:]) })
	e.Put(record.Leaf(record.RollKey, wire.Encode(roll)))
}

// claims is a statement that ana's account speaks for a block.
func (w *world) claims(block string) rpki.Statement {
	return rpki.Statement{Chain: w.salt, Account: who("ana"), Block: resource(block), Expiry: start + 20*day}
}

// signs is evidence by a CA, of a checklist signed now, over one statement or more.
func (w *world) signs(by *ca.Authority, holds string, blocks ...string) *tx.Evidence {
	return w.signsAt(by, w.last.Time, []wire.Resource{resource(holds)}, blocks...)
}

func (w *world) signsAt(by *ca.Authority, at uint64, holds []wire.Resource, blocks ...string) *tx.Evidence {
	var list []rpki.Statement
	for _, b := range blocks {
		list = append(list, w.claims(b))
	}
	e := ripe(by.Evidence(list, holds, time.Unix(int64(at), 0), smallRPKI().term))
	return &tx.Evidence{Evidence: e.Bytes()}
}

func (w *world) evidence(act wire.Hash) *record.Evidence {
	leaf, ok := w.state.Get(record.EvidenceKey(act))
	if !ok {
		return nil
	}
	return ripe(record.EvidenceFromBytes(leaf.Data))
}

// TestEvidence_EVID3_EVID7 writes down what a member's checklist shows, and a customer's.
func TestEvidence_EVID3_EVID7(t *testing.T) {
	w, r := certified(t)
	at := w.last.Time
	act := w.do("ben", w.signs(r.member, "60.0.0.0/15", "60.0.0.0/16", "60.1.0.0/16"))
	got := w.evidence(act)
	want := record.Evidence{
		Rules: 1, Act: act, Entered: at + 1, Signed: at, Title: true, Registry: "ripencc", Issuer: sha256.Sum256(ripe(r.member.Key())),
		Resources: []wire.Resource{resource("60.0.0.0/15")}, Digests: got.Digests,
	}
	if fmt.Sprintf("%+v", *got) != fmt.Sprintf("%+v", want) || len(got.Digests) != 2 {
		t.Errorf("on record is %+v, want %+v", *got, want)
	}
	for _, block := range []string{"60.0.0.0/16", "60.1.0.0/16", "60.0.0.0/15"} {
		s := w.claims(block)
		if got.Signs(s.Digest()) != (block != "60.0.0.0/15") || !got.Covers(s.Block) {
			t.Errorf("%s: signed %v, covered %v", block, got.Signs(s.Digest()), got.Covers(s.Block))
		}
	}
	if got.Covers(resource("60.0.0.0/14")) {
		t.Error("it covers more than it speaks for")
	}
	act = w.do("ben", w.signs(r.customer, "60.1.0.0/16", "60.1.0.0/16"))
	if got := w.evidence(act); got.Title || got.Registry != "ripencc" {
		t.Errorf("a customer's evidence for a title: %v, registry %q", got.Title, got.Registry)
	}
	act = w.do("ben", w.signs(r.registry, "60.1.0.0/16", "60.1.0.0/16"))
	if got := w.evidence(act); got.Title {
		t.Error("a registry CA's own checklist proves a title")
	}
}

// TestEvidenceRefused names the rule of chapter 19 or 20 and the object.
func TestEvidenceRefused_EVID3_EVID4_EVID5_EVID6(t *testing.T) {
	w, r := certified(t)
	wide := []wire.Resource{}
	for i := range record.EvidenceResourcesMax + 1 {
		wide = append(wide, resource(fmt.Sprintf("60.%d.%d.0/24", i/128, i%128*2)))
	}
	many := make([]string, record.EvidenceDigestsMax+1)
	for i := range many {
		many[i] = fmt.Sprintf("60.0.%d.0/24", i)
	}
	good := w.signs(r.member, "60.0.0.0/15", "60.0.0.0/16")
	w.do("ana", good)
	stranger := ripe(ca.Anchor("stranger", r.term))
	file := []rpki.File{{Name: "contract.pdf", Digest: wire.Hash{1}}}
	other := ripe(rpki.Decode(good.Evidence))
	other.Checklist = ripe(r.member.Checklist(file, []wire.Resource{resource("60.0.0.0/16")}, time.Unix(start, 0), r.term))
	for _, c := range []struct {
		rule, what string
		body       *tx.Evidence
	}{
		{"RPKI-2", "bytes that are no evidence", &tx.Evidence{Evidence: []byte("no evidence")}},
		{"RPKI-14", "a path that begins at no trust anchor", w.signs(stranger, "60.0.0.0/16", "60.0.0.0/16")},
		{"RPKI-15", "more than the member holds", w.signs(r.member, "60.16.0.0/16", "60.16.0.0/16")},
		{"EVID-4", "a checklist of last week", w.signsAt(r.member, w.last.Time+1-7*day, []wire.Resource{resource("60.0.0.0/16")}, "60.0.0.0/16")},
		{"EVID-4", "a checklist of tomorrow", w.signsAt(r.member, w.last.Time+day, []wire.Resource{resource("60.0.0.0/16")}, "60.0.0.0/16")},
		{"EVID-5", "a checklist without statement", &tx.Evidence{Evidence: other.Bytes()}},
		{"EVID-5", "65 statements", w.signs(r.member, "60.0.0.0/16", many...)},
		{"EVID-5", "257 blocks", w.signsAt(r.member, w.last.Time, wide, "60.0.0.0/24")},
		{"EVID-6", "the same evidence again", good},
	} {
		t.Run(c.what, func(t *testing.T) {
			w.t = t
			w.refused(c.rule, "ana", c.body)
			if d := w.result.Receipts[0].Detail; d == "" {
				t.Error("nothing is said of it")
			}
		})
	}
	w.t = t
	// Other CRLs above the same checklist are the same evidence.
	again := ripe(rpki.Decode(good.Evidence))
	again.CRLs[0] = ripe(r.anchor.List(r.term))
	w.refused("EVID-6", "ben", &tx.Evidence{Evidence: again.Bytes()})
	// A CRL that has passed its next update.
	w.block(30*day - (w.last.Time - start))
	w.block(1)
	w.refused("RPKI-16", "ben", good)
}

// dealings is the keys of all dealings on record.
func (w *world) dealings() (keys []tree.Key) {
	w.state.Walk(tree.Key{Subtree: tree.Dealings}, func(l tree.Leaf) bool { keys = append(keys, l.Key); return true })
	return keys
}

// TestEvidenceSwept keeps evidence for a week from its signing, and takes the mark
// with it.
func TestEvidenceSwept_EVID8(t *testing.T) {
	w, r := certified(t)
	before := w.dealings()
	body := w.signsAt(r.member, w.last.Time-day, []wire.Resource{resource("60.0.0.0/16")}, "60.0.0.0/16")
	ahead := w.signsAt(r.member, w.last.Time+500, []wire.Resource{resource("60.0.0.0/16")}, "60.0.0.0/16")
	first, second := w.do("ana", body), w.do("ana", ahead)
	w.until(start + 6*day - 1)
	if w.evidence(first) == nil || w.evidence(second) == nil {
		t.Fatal("evidence is gone before its time")
	}
	w.until(start + 6*day)
	if w.evidence(first) != nil || w.evidence(second) == nil {
		t.Fatal("evidence signed a day before stands a week after it was entered, or the other is gone")
	}
	w.refused("EVID-4", "ana", body)
	w.until(start + 7*day + 2)
	if w.evidence(second) != nil {
		t.Error("a signing time ahead of the header's prolongs what is on record")
	}
	if after := w.dealings(); !slices.Equal(after, before) {
		t.Errorf("dealings are left behind: %v", after)
	}
}

// TestEvidenceMany: a ledger block takes 32 acts of evidence, and a proposal
// leaves out what is beyond them.
func TestEvidenceMany_EVID2(t *testing.T) {
	w, _ := certified(t)
	var acts []tx.Verified
	for i := range ledger.BlockEvidenceMax + 1 {
		acts = append(acts, w.sign("ana", &tx.Evidence{Evidence: fmt.Appendf(nil, "evidence %d", i)}))
	}
	after := w.sign("ben", someAct())
	chosen, err := ledger.Propose(w.state, w.last, w.header(1), append(acts, after))
	if err != nil || len(chosen) != ledger.BlockEvidenceMax+1 || chosen[ledger.BlockEvidenceMax] != ledger.BlockEvidenceMax+1 {
		t.Fatalf("proposed are %v: %v", chosen, err)
	}
	var bad *ledger.Inadmissible
	if _, err := ledger.Apply(w.state, w.last, w.header(1), acts, nil); !errors.As(err, &bad) || bad.Index != ledger.BlockEvidenceMax || !strings.Contains(err.Error(), "EVID-2") {
		t.Fatalf("one act of evidence too many: %v", err)
	}
	w.block(1, acts[:ledger.BlockEvidenceMax]...)
}

// TestMemory asks a caller's memory once an act is paid for, and decides as
// without it.
func TestMemory_EVID3(t *testing.T) {
	w, r := certified(t)
	body, asked := w.signs(r.member, "60.0.0.0/16", "60.0.0.0/16"), 0
	memory := ledger.Memory{Link: func(raw []byte, anchors [][]byte) (*rpki.Linked, error) {
		asked++
		return rpki.Link(raw, anchors)
	}}
	h := good(w)
	unpaid := w.signWith(h, body, w.keys[who("ben")])
	if _, err := memory.Apply(w.state, w.last, w.header(1), []tx.Verified{unpaid}, nil); err == nil || asked != 0 {
		t.Errorf("evidence of a stranger: %v, asked %d times", err, asked)
	}
	act := w.sign("ana", body)
	with, err1 := memory.Apply(w.state, w.last, w.header(1), []tx.Verified{act}, nil)
	without, err2 := ledger.Apply(w.state, w.last, w.header(1), []tx.Verified{act}, nil)
	if err1 != nil || err2 != nil || with.State.Root() != without.State.Root() || asked != 1 {
		t.Errorf("%v, %v, asked %d times", err1, err2, asked)
	}
}

// TestEvidenceCost_CRED2: 20, and 1 for each 512 bytes beyond the first.
func TestEvidenceCost_CRED2(t *testing.T) {
	w, _ := certified(t)
	act := w.sign("ana", &tx.Evidence{Evidence: make([]byte, tx.EvidenceBytesMax)})
	if got, want := ledger.Cost(act), uint64(20+(len(act.Raw())-1)/512); got != want || want < 148 {
		t.Errorf("the largest evidence costs %d, want %d", got, want)
	}
}

// TestPlantedEvidence: Invariants names evidence without mark or the other way round.
func TestPlantedEvidence_EVID6(t *testing.T) {
	w, r := certified(t)
	before := w.dealings()
	act := w.do("ana", w.signs(r.member, "60.0.0.0/16", "60.0.0.0/16"))
	whole := w.state
	marks := slices.DeleteFunc(w.dealings(), func(k tree.Key) bool { return slices.Contains(before, k) })
	if len(marks) != 2 {
		t.Fatalf("%d dealings, want evidence and mark", len(marks))
	}
	for _, k := range marks {
		e := whole.Edit()
		e.Delete(k)
		if err := ledger.Invariants(e.Freeze(), w.last); err == nil || !strings.Contains(err.Error(), hex.EncodeToString(act[:4])) {
			t.Errorf("without %v: Invariants says %v", k, err)
		}
	}
}

// BenchmarkEvidence verifies the longest path that there can be.
func BenchmarkEvidence(b *testing.B) {
	w, r := certified(b)
	by := r.customer
	for i := range rpki.PathMax - len(by.Path()) {
		by = ripe(by.Certify(fmt.Sprint("ca", i), []wire.Resource{resource("60.1.0.0/16")}, r.term))
	}
	body := w.signs(by, "60.1.0.0/16", "60.1.0.0/16")
	b.Logf("%d bytes", len(body.Evidence))
	anchors := [][]byte{ripe(r.anchor.Key())}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := rpki.Verify(body.Evidence, anchors, w.last.Time); err != nil {
			b.Fatal(err)
		}
	}
}
