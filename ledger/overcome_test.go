package ledger_test

import (
	"crypto/sha256"
	"slices"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/rpki"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// checklisted puts on record what a checklist showed that was signed now: a statement of
// a name, in the place of an account, for a block.
func (w *world) checklisted(title bool, name wire.Address, block string) wire.Hash {
	s := rpki.Statement{Chain: w.salt, Account: name, Block: resource(block), Expiry: expiry}
	x := &record.Evidence{
		Rules: record.Rules, Entered: w.last.Time, Signed: w.last.Time, Title: title, Registry: "ripencc", Issuer: wire.Hash{7},
		Resources: []wire.Resource{resource(block)}, Digests: []wire.Hash{sha256.Sum256(s.Bytes())},
	}
	x.Act = wire.Sum(wire.TagRecord, []byte("evidence"), wire.Encode(x))
	w.set(record.EvidenceKey(x.Act), wire.Encode(x))
	return x.Act
}

func provingOf(recovery, evidence wire.Hash, block string) *tx.RecoveryProve {
	return &tx.RecoveryProve{Subject: who("ana"), Recovery: recovery, Resource: resource(block), Evidence: evidence, Expiry: expiry}
}

// TestProve_RCV9: two of three guardians and a checklist of the registry's prevail over a
// veto.
func TestProve_RCV9_RCV6(t *testing.T) {
	const block = "60.0.0.0/16"
	w, id := running(t)
	p := parameters(t, w.state)
	p.SigningSeconds = twinSigning
	w.set(record.ParametersKey, wire.Encode(p))
	w.regrade(block, record.GradeA)
	name := ledger.RecoveryName(id)
	good := w.checklisted(true, name, block)
	w.refused("RCV-9", "gus", provingOf(id, good, block)) // nobody vetoed it
	w.do("ana", &tx.RecoveryVeto{Recovery: id})
	w.refused("RCV-1", "ben", provingOf(id, good, block))
	w.refused("RCV-9", "gus", provingOf(wire.Hash{1}, good, block))
	w.refused("RCV-9", "gus", provingOf(id, good, "60.0.0.0/17"))
	w.refused("CLAIM-6", "gus", provingOf(id, w.checklisted(true, who("ana"), block), block)) // signed for a claim
	w.refused("RCV-9", "gus", provingOf(id, w.checklisted(false, name, block), block))
	w.do("gus", provingOf(id, good, block))
	w.refused("RCV-9", "ida", provingOf(id, good, block)) // once
	w.refused("RCV-6", "gus", &tx.RecoveryFinish{Subject: who("ana"), Recovery: id})
	w.until(w.recovery("ana").At)
	w.refused("RCV-9", "ida", provingOf(id, good, block))
	w.do("ida", &tx.RecoveryFinish{Subject: who("ana"), Recovery: id})
	if a := w.account("ana"); a.Recovery != account.NoRecovery || !slices.Equal(a.Policy.TitleKeys, keysOf("new")) {
		t.Fatalf("a proved recovery does not prevail: %+v", a)
	}
}

// TestProve_RCV9_title: a title of a lower grade proves nothing, nor one that came to
// the account since.
func TestProve_RCV9_title(t *testing.T) {
	const block = "60.0.0.0/16"
	w, id := running(t)
	p := parameters(t, w.state)
	p.SigningSeconds = twinSigning
	w.set(record.ParametersKey, wire.Encode(p))
	w.do("ana", &tx.RecoveryVeto{Recovery: id})
	good := w.checklisted(true, ledger.RecoveryName(id), block)
	w.regrade(block, record.GradeB)
	w.refused("RCV-9", "gus", provingOf(id, good, block))
	w.regrade(block, record.GradeA)
	e := w.state.Edit()
	f, title := w.folio(block), *w.title(block)
	title.Since = w.recovery("ana").Began + 1
	f.Title = title.Bytes()
	e.Put(record.FolioLeaf(resource(block), f))
	w.state = e.Freeze()
	w.refused("RCV-9", "gus", provingOf(id, good, block))
	title.Since, title.Proved = start, 0 // it came by the sale of a charge
	w.plant(block, func(f *record.Folio) { f.Title = title.Bytes() })
	w.refused("RCV-9", "gus", provingOf(id, good, block))
}

// regrade gives a title a grade past all rules.
func (w *world) regrade(block string, g record.Grade) {
	e := w.state.Edit()
	f, title := w.folio(block), *w.title(block)
	title.Grade, title.Proved = g, start
	f.Title = title.Bytes()
	e.Put(record.FolioLeaf(resource(block), f))
	w.state = e.Freeze()
}

// Whoever can prove a title does not make a proof for another's recovery of it by having
// the title sold to that account, which signs nothing: it names no proof from then on.
func TestEnforced_CHARGE14_RCV9(t *testing.T) {
	const block = "60.0.0.0/16"
	for _, c := range []struct {
		mode tx.ChargeMode
		to   string
		want uint64
	}{{tx.ModeSale, "ben", 0}, {tx.ModeSale, "bank", start}, {tx.ModeTitle, "bank", start}} {
		w := lending(t)
		w.regrade(block, record.GradeA)
		offer := chargeOf(w, block, "bank")
		offer.Mode = c.mode
		id := w.do("bank", acceptOf(w, w.do("ana", offer), block))
		w.do("bank", enforceOf(block, id, c.to))
		w.until(w.last.Time + enforceSeconds)
		w.wantHolder(block, c.to)
		if got := w.title(block).Proved; got != c.want {
			t.Errorf("sold to %s the title was proved at %d, want %d", c.to, got, c.want)
		}
	}
}

// TestAward_DISP19_unproved: nor does an order that gives a title to an account.
func TestAward_DISP19_unproved(t *testing.T) {
	w, id := awarding(t, "60.0.0.0/18", func(w *world) { w.regrade("60.0.0.0/16", record.GradeA) })
	w.do("fund", &tx.Lift{Matter: id, Resource: resource("60.0.0.0/16")})
	if x, y := w.title("60.0.0.0/18"), w.title("60.0.64.0/18"); x.Grade != record.GradeA || x.Proved != 0 || y.Proved != start {
		t.Fatalf("the title awarded is %+v, what is left %+v", x, y)
	}
}
