package ledger

import (
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// beginPetition enters a proposal of who is no voter.
//
// specs/23 GOV-3: an account that is no voter has at most one petition.
func (b *block) beginPetition(m *motion) error {
	k := record.PetitionKey(m.By)
	if leaf, ok := b.e.Get(k); ok {
		old := wire.Own[record.Backing](leaf.Data).Act
		if x, ok := b.motion(old); ok && !x.State.Over() {
			return tx.Refuse("GOV-3", "account", "petition %v of %v is not decided", old, m.By)
		}
	}
	b.put(k, wire.Encode(&record.Backing{Rules: record.Rules, Act: m.id}))
	m.State, m.At = record.MotionPetition, b.now.Time+petitionSeconds
	b.keepMotion(m)
	return nil
}

// petition is a holder's support.
//
// specs/23 GOV-15: a holder supports one petition at a time, by the account that
// holds a title of its; a handle counts once.
func (b *block) petition(author wire.Address, body *tx.Petition) error {
	m, ok := b.motion(body.Proposal)
	if !ok || m.State != record.MotionPetition {
		return tx.Refuse("GOV-14", "proposal", "no petition %v gathers support", body.Proposal)
	}
	t, ok := b.titleOf(body.Resource)
	if !ok || t.Holder != author {
		return tx.Refuse("GOV-15", "resource", "%v holds no title that covers %v", author, body.Resource)
	}
	owner := settledOwner(t.Title)
	if owner.IsZero() {
		return tx.Refuse("GOV-15", "resource", "the title %v is %v, grade %v", t.at, t.State, t.Grade)
	}
	k := record.BackingKey(owner)
	if leaf, ok := b.e.Get(k); ok {
		old := wire.Own[record.Backing](leaf.Data).Act
		if x, ok := b.motion(old); ok && !x.State.Over() {
			return tx.Refuse("GOV-15", "resource", "the holder of %v supports petition %v", t.at, old)
		}
	}
	b.put(k, wire.Encode(&record.Backing{Rules: record.Rules, Act: m.id}))
	m.Support++
	return b.supported(m)
}

// supported opens a petition for votes once enough holders support it.
//
// specs/23 GOV-14: as many as petition_share of all of them, rounded up, or
// petition_least if that is fewer.
func (b *block) supported(m *motion) error {
	if m.Support < b.petitionNeeds() {
		b.put(record.MotionKey(m.id), wire.Encode(&m.Motion))
		return nil
	}
	a := b.agenda()
	// specs/23 GOV-16: at most 64 petitions are open or passed.
	if n := a.petitions(); n >= record.PetitionsMax {
		return tx.Refuse("GOV-16", "proposal", "%d petitions are open or passed", n)
	}
	a.List = append(a.List, record.AgendaItem{Act: m.id, By: m.By, Petition: true})
	b.putAgenda(a)
	b.remove(m.due())
	m.State, m.At, m.Stalled = record.MotionOpen, b.now.Time+b.params.VoteSeconds, b.chain.Stalled
	b.keepMotion(m)
	return nil
}

// petitionNeeds is how many holders open a petition for votes.
func (b *block) petitionNeeds() uint64 {
	n := b.chain.Holders
	some := share(n, b.params.PetitionShare)
	if some*million < n*b.params.PetitionShare {
		some++
	}
	return max(1, min(some, b.params.PetitionLeast))
}
