package ledger_test

import (
	"testing"

	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// TestVote_GOV5: who is a registrar or an adjudicator and votes for a member has no vote on
// its own removal, and is not counted as a voter there.
func TestVote_GOV5_otherBodies(t *testing.T) {
	for _, subject := range []string{"reg0", "adj0"} {
		c := newCouncil(t, 4)
		c.carry(matter(record.MemberAccount, tx.Propose{Key: memberKey(3), Subject: who(subject)}))
		m := record.RemoveRegistrar
		if subject == "adj0" {
			m = record.RemoveAdjudicator
		}
		id := c.propose(0, matter(m, tx.Propose{Subject: who(subject), Reason: wire.Hash{1}}))
		c.refused("GOV-5", subject, &tx.Vote{Proposal: id, As: memberKey(3)})
		c.vote(id, true, 0)
		c.wants(id, record.MotionOpen)
		c.vote(id, true, 1) // two of the three others
		c.wants(id, record.MotionDone)

		// A vote given before the account became the subject's counts no more.
		c = newCouncil(t, 4)
		id = c.propose(0, matter(m, tx.Propose{Subject: who(subject), Reason: wire.Hash{1}}))
		c.vote(id, false, 3)
		c.vote(id, true, 0)
		c.carry(matter(record.MemberAccount, tx.Propose{Key: memberKey(3), Subject: who(subject)}))
		c.vote(id, true, 1)
		c.wants(id, record.MotionDone)
	}
}

// TestCure_GOV18: a parameter that brings an organisation above its cap opens a cure term.
func TestCure_GOV18_parameter(t *testing.T) {
	c := newCouncil(t, 7)
	share := func(n uint64) *tx.Propose {
		return matter(record.SetParameter, tx.Propose{Name: "member_share", Value: n})
	}
	c.carry(share(300_000))
	second := newcomer(8, "org 0", "ZZ", "another host")
	id := c.carry(second)
	c.wants(id, record.MotionDone) // two of eight
	if cures := c.cures(); len(cures) != 0 {
		t.Fatalf("cure terms %v", cures)
	}
	c.carry(share(100_000))
	if cures := c.cures(); len(cures) != 1 || cures[0].Name != "org 0" {
		t.Fatalf("cure terms %v", cures)
	}
	c.carry(share(300_000))
	if cures := c.cures(); len(cures) != 0 {
		t.Fatalf("cure terms %v", cures)
	}
}
