package ledger_test

import (
	"bytes"
	"fmt"
	"slices"
	"sync"
	"time"

	"ipledger/ledger/record"
	"ipledger/ledger/rpki"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
	"ipledger/testnet/ca"
)

// randomSigning is for how many seconds a signing time is fresh in the random world.
const randomSigning = 400

// randomEvidence is one checklist: evidence of it in several bytes, when it was
// signed and until when its objects are good.
type randomEvidence struct {
	bytes         [][]byte
	signed, until uint64
}

// randomChecklists are signed before, in and after the time of a random sequence; one
// has CRLs that are soon out of date.
var randomChecklists = sync.OnceValue(func() (out []randomEvidence) {
	r := smallRPKI()
	soon := ca.Term{From: r.term.From, Until: time.Unix(start+300, 0).UTC()}
	for i, x := range []struct {
		signed uint64
		term   ca.Term
	}{{start - 300, r.term}, {start, r.term}, {start + 200, r.term}, {start + 600, r.term}, {start + 1200, r.term}, {start + 100, soon}} {
		block := resource(fmt.Sprintf("60.0.%d.0/24", i))
		one := randomEvidence{signed: x.signed, until: uint64(x.term.Until.Unix())}
		s := rpki.Statement{Account: who("ana"), Block: block, Expiry: start + day}
		e := ripe(r.member.Evidence([]rpki.Statement{s}, []wire.Resource{block}, time.Unix(int64(x.signed), 0), x.term))
		one.bytes = append(one.bytes, e.Bytes())
		e.CRLs[0] = ripe(r.anchor.List(x.term))
		out = append(out, randomEvidence{append(one.bytes, e.Bytes()), one.signed, one.until})
	}
	return out
})

// evidenceAct enters evidence, or what is none.
func (p *pair) evidenceAct() (string, tx.Body) {
	if p.pick(12) == 0 {
		return p.someone(), &tx.Evidence{Evidence: []byte("no evidence")}
	}
	all := randomChecklists()
	one := all[p.pick(len(all))]
	return p.someone(), &tx.Evidence{Evidence: one.bytes[p.pick(len(one.bytes))]}
}

// twinShown is evidence on record.
type twinShown struct {
	act       wire.Hash
	checklist int
	entered   uint64
}

func (x twinShown) signed() uint64 { return randomChecklists()[x.checklist].signed }

// until is when it serves no more.
func (x twinShown) until() uint64 { return min(x.entered, x.signed()) + randomSigning }

func (x twinShown) describe() string {
	return fmt.Sprintf("evidence of checklist %d by %v, entered %d", x.checklist, x.act, x.entered)
}

// checklistOf is the place of the checklist that evidence carries, or -1.
func checklistOf(b *tx.Evidence) int {
	return slices.IndexFunc(randomChecklists(), func(x randomEvidence) bool {
		return slices.ContainsFunc(x.bytes, func(raw []byte) bool { return bytes.Equal(raw, b.Evidence) })
	})
}

func (w *twin) brokenEvidenceAct(add breaks, _ wire.Address, body tx.Body) {
	b, ok := body.(*tx.Evidence)
	if !ok {
		return
	}
	i := checklistOf(b)
	add("RPKI-2", i < 0)
	if i < 0 {
		return
	}
	x := twinShown{checklist: i, entered: w.now}
	add("RPKI-17", w.now > randomChecklists()[i].until)
	add("EVID-4", x.until() <= w.now || x.signed() > w.now+600)
	add("EVID-6", slices.ContainsFunc(w.shown, func(had twinShown) bool { return had.checklist == i }))
}

func (w *twin) doEvidence(body tx.Body, id wire.Hash) {
	if b, ok := body.(*tx.Evidence); ok {
		w.shown = append(w.shown, twinShown{id, checklistOf(b), w.now})
	}
}

func (w *twin) dueEvidence() (out []twinDue) {
	for _, x := range w.shown {
		out = append(out, twinDue{x.until(), 1, x.act, func() {
			w.shown = slices.DeleteFunc(w.shown, func(y twinShown) bool { return y == x })
		}})
	}
	return out
}

// evidenceSays is the evidence on record in the ledger, in the twin's words.
func (p *pair) evidenceSays(raw []byte) []string {
	e, err := record.EvidenceFromBytes(raw)
	if err != nil {
		return nil
	}
	for i, x := range randomChecklists() {
		if x.signed == e.Signed && p.twin.proof(e.Act) == nil {
			return []string{twinShown{e.Act, i, e.Entered}.describe()}
		}
	}
	if p.twin.proof(e.Act) != nil {
		return nil
	}
	return []string{fmt.Sprintf("evidence of no checklist: %+v", e)}
}
