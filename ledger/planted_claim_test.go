package ledger_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// claimsIn reads the claims that stand against others' titles in a state.
func claimsIn(s tree.State) (list map[wire.Hash]*record.Claim, err error) {
	list = map[wire.Hash]*record.Claim{}
	s.Walk(tree.Key{Subtree: tree.Due}, func(l tree.Leaf) bool {
		d, bad := record.DueFromBytes(l.Data)
		if bad != nil || d.Kind != record.DueClaim {
			return true // ends of terms have a form of their own
		}
		leaf, _ := s.Get(record.ClaimKey(d.Act))
		c, bad := record.ClaimFromBytes(leaf.Data)
		list[d.Act], err = c, errors.Join(err, bad)
		return true
	})
	return list, err
}

// heldBy is who holds the title over a block, and its grade.
func heldBy(s tree.State, r wire.Resource) (who wire.Address, g record.Grade) {
	for _, l := range s.Path(tree.ResourceKey(r)) {
		if f, err := record.FolioFromBytes(l.Data); err == nil && len(f.Title) > 0 {
			if t, err := record.TitleFromBytes(f.Title); err == nil {
				return t.Holder, t.Grade
			}
		}
	}
	return who, g
}

// claimsEarned reports a claim that took another's title in a ledger block and had
// neither silence that evidence does not contradict, nor a final decision (R17).
func claimsEarned(before, after tree.State) error {
	old, err := claimsIn(before)
	now, worse := claimsIn(after)
	err = errors.Join(err, worse)
	for id, c := range old {
		from, grade := heldBy(before, c.Resource)
		to, _ := heldBy(after, c.Resource)
		if now[id] != nil || from.IsZero() || from == to || to != c.Account || !grade.Settled() || decidedFor(after, id) {
			continue
		}
		switch why := unearned(old, id, grade); {
		case c.Stage == record.Silent && why != "":
			err = errors.Join(err, fmt.Errorf("R17: the claim %v took %v by silence, and %s", id, c.Resource, why))
		case c.Stage == record.Answered:
			err = errors.Join(err, fmt.Errorf("R17: the claim %v took %v, and nobody decided it", id, c.Resource))
		}
	}
	return err
}

// decidedFor reports whether a case is finally decided for its claimant.
func decidedFor(s tree.State, id wire.Hash) bool {
	leaf, ok := s.Get(record.CaseKey(id))
	if !ok {
		return false
	}
	x, err := record.CaseFromBytes(leaf.Data)
	return err == nil && x.State == record.CaseFinal && tx.Verdict(x.Verdict) == tx.VerdictClaimant
}

// unearned says what a claim lacks to win by silence; nothing where it lacks nothing.
func unearned(all map[wire.Hash]*record.Claim, id wire.Hash, grade record.Grade) string {
	c, notices := all[id], 0
	for _, w := range c.Words {
		if w.Kind == record.Notifies {
			notices++
		}
	}
	switch {
	case notices < record.NoticesMin:
		return "its holder had too few notices"
	case better(grade, record.GradeB):
		return "the title is proved"
	case len(c.Objections) > 0:
		return "evidence stands against it"
	}
	for other, o := range all {
		stands := o.Stage >= record.Window && o.Stage <= record.Answered
		if other != id && stands && o.Account != c.Account && inr.Overlaps(o.Resource, c.Resource) && !better(c.Grade, o.Grade) {
			return "another proves the block"
		}
	}
	return ""
}

// TestPlantedClaim plants titles that claims took past all rules.
func TestPlantedClaim_R17_DISP29(t *testing.T) {
	block := "60.0.0.0/16"
	take := func(w *world, id wire.Hash) {
		x := w.title(block)
		x.Grade, x.Basis, x.Qualified = record.GradeA, nil, 0
		w.convey("ben", "ana", block, x)
		c := w.claimOf(id)
		e := w.state.Edit()
		e.Delete(record.ClaimKey(id))
		e.Delete(tree.DueKey(c.At, record.RankClaim, id))
		w.state = e.Freeze()
	}
	for what, prepare := range map[string]func(*world, wire.Hash){
		"":                               func(w *world, id wire.Hash) { w.notices(id, 3) },
		"its holder had too few notices": func(w *world, id wire.Hash) { w.notices(id, 2) },
		"another proves the block": func(w *world, id wire.Hash) {
			w.notices(id, 3)
			w.claimA(2, "cat", "60.0.1.0/24")
		},
		"the title is proved": func(w *world, id wire.Hash) {
			w.notices(id, 3)
			w.plant(block, func(f *record.Folio) {
				x := w.title(block)
				x.Grade, x.Basis, x.Qualified = record.GradeA, nil, 0
				f.Title = x.Bytes()
			})
		},
		"nobody decided it": func(w *world, id wire.Hash) { w.do("ben", &tx.ClaimAnswer{Claim: id, Digest: wire.Hash{1}}) },
	} {
		w, id := stale(t, block)
		prepare(w, id)
		before := w.state
		take(w, id)
		err := claimsEarned(before, w.state)
		if what == "" && err != nil || what != "" && (err == nil || !strings.Contains(err.Error(), "R17: ") || !strings.Contains(err.Error(), what)) {
			t.Errorf("%q: got %v", what, err)
		}
	}
}
