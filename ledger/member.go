package ledger

import (
	"bytes"
	"cmp"
	"slices"

	"ipledger/ledger/chain"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// membersLeast is the fewest members that a removal leaves (specs/23 GOV-19): one
// may fail of four, of three none.
const membersLeast = 4

// admittable checks that a member may be admitted.
//
// specs/23 GOV-17: an admission MUST NOT bring an organisation, a jurisdiction or
// a host above its cap (R14).
func (b *block) admittable(p *tx.Propose) error {
	if _, ok := b.member(p.Key); ok {
		return tx.Refuse("GOV-2", "key", "%v is a member's key", p.Key)
	}
	if err := b.freeVoter(p.Subject); err != nil {
		return err
	}
	all := b.members()
	if len(all) >= record.MembersMax {
		return tx.Refuse("GEN-12", "key", "there are %d members, the most", len(all))
	}
	if slices.ContainsFunc(all, func(m *record.Member) bool { return m.Operator == p.Name }) {
		return tx.Refuse("GOV-2", "name", "the operator %q is a member", p.Name)
	}
	after := append(all, &record.Member{Organisation: p.Organisation, Jurisdiction: p.Jurisdiction, Hosting: p.Hosting})
	for _, c := range b.capsOf(after) {
		if c.above && c.has(p) {
			return tx.Refuse("GOV-17", c.Scope.String(), "%s %q would have %d of %d members", c.Scope, c.Name, c.n, len(after))
		}
	}
	return nil
}

// freeVoter checks that an account may vote for a member.
//
// specs/23 GOV-5: one operator has one vote, by its member's account.
func (b *block) freeVoter(who wire.Address) error {
	if b.accountAt(who) == nil {
		return tx.Refuse("GOV-2", "subject", "no account %v", who)
	}
	if slices.ContainsFunc(b.members(), func(m *record.Member) bool { return m.Account == who }) {
		return tx.Refuse("GOV-5", "subject", "%v votes for a member", who)
	}
	return nil
}

// removable checks that a member is there and that enough are left.
//
// specs/23 GOV-19: no removal leaves fewer than four members.
func (b *block) removable(key wire.Hash) error {
	if _, ok := b.member(key); !ok {
		return tx.Refuse("GOV-2", "key", "%v is no member", key)
	}
	if n := len(b.roll().Members); n <= membersLeast {
		return tx.Refuse("GOV-19", "key", "there are %d members, no fewer than %d may be left", n, membersLeast)
	}
	return nil
}

// members is every member, by key.
func (b *block) members() (out []*record.Member) {
	for _, key := range b.roll().Members {
		m, _ := b.member(key)
		out = append(out, m)
	}
	return out
}

func (b *block) admitMember(p *tx.Propose) {
	b.put(record.MemberKey(p.Key), wire.Encode(&record.Member{
		Rules: record.Rules, Operator: p.Name, Organisation: p.Organisation, Jurisdiction: p.Jurisdiction, Hosting: p.Hosting,
		Alg: chain.Ed25519, PubKey: p.Key, Power: 1, Account: p.Subject,
	}))
	b.editRoll(func(r *record.Roll) { r.Members = including(r.Members, [32]byte(p.Key)) })
	b.cure()
}

func (b *block) removeMember(key wire.Hash) {
	b.remove(record.MemberKey(key))
	b.editRoll(func(r *record.Roll) { r.Members = excluding(r.Members, [32]byte(key)) })
	b.cure()
}

// movesMembers reports whether a matter changes who validates.
func movesMembers(m record.Matter) bool { return m == record.AdmitMember || m == record.RemoveMember }

// seatsLeft reports whether one more member may change in this ledger block.
//
// specs/23 GOV-20: at most a quarter of the members, or one if that is more.
func (b *block) seatsLeft() bool {
	updates := b.updates()
	before := len(b.rollBefore().Members)
	return len(updates) < max(1, before/4)
}

func (b *block) rollBefore() *record.Roll {
	if leaf, ok := b.base.Get(record.RollKey); ok {
		return wire.Own[record.Roll](leaf.Data)
	}
	return &record.Roll{Rules: record.Rules}
}

// updates is what the ledger block changes in the validator set, by key: power 1
// for who was admitted, 0 for who was removed.
//
// specs/23 GOV-21: the validator set is that of the members, each of power 1.
func (b *block) updates() (out []chain.Validator) {
	if b.touched[record.RollKey] == nil {
		return nil
	}
	old, now := b.rollBefore().Members, b.roll().Members
	for _, key := range now {
		if !slices.Contains(old, key) {
			out = append(out, chain.Validator{Alg: chain.Ed25519, PubKey: key, Power: 1})
		}
	}
	for _, key := range old {
		if !slices.Contains(now, key) {
			out = append(out, chain.Validator{Alg: chain.Ed25519, PubKey: key})
		}
	}
	slices.SortFunc(out, func(x, y chain.Validator) int { return bytes.Compare(x.PubKey[:], y.PubKey[:]) })
	return out
}

// capOn is how many members one organisation, jurisdiction or host has.
type capOn struct {
	record.Cure
	n     int
	most  int
	above bool
}

func (c *capOn) has(p *tx.Propose) bool {
	return c.Name == [...]string{"", p.Organisation, p.Jurisdiction, p.Hosting}[c.Scope]
}

// capsOf counts members by what caps count by, by scope and name.
//
// specs/23 GOV-17: an organisation's cap is member_share of the members, or one if
// that is more; a jurisdiction and a host must not have a third.
func (b *block) capsOf(all []*record.Member) (out []capOn) {
	add := func(scope record.CureScope, name string) {
		i := slices.IndexFunc(out, func(c capOn) bool { return c.Scope == scope && c.Name == name })
		if i < 0 {
			i = len(out)
			out = append(out, capOn{Cure: record.Cure{Scope: scope, Name: name}})
		}
		out[i].n++
	}
	for _, m := range all {
		add(record.ByOrganisation, m.Organisation)
		add(record.ByJurisdiction, m.Jurisdiction)
		add(record.ByHosting, m.Hosting)
	}
	n := len(all)
	for i := range out {
		most := (n - 1) / 3 // below a third
		if out[i].Scope == record.ByOrganisation {
			most = max(1, int(share(uint64(n), b.params.MemberShare)))
		}
		out[i].most, out[i].above = most, n >= membersLeast && out[i].n > most
	}
	slices.SortFunc(out, func(x, y capOn) int { return cmp.Or(cmp.Compare(x.Scope, y.Scope), cmp.Compare(x.Name, y.Name)) })
	return out
}

// cure compares members with the caps: what is above one has a cure term, what is
// no more has none.
//
// specs/23 GOV-18: a removal that brings an organisation, jurisdiction or host
// above its cap opens a cure term.
func (b *block) cure() {
	old, now := b.cures(), []record.Cure(nil)
	for _, c := range b.capsOf(b.members()) {
		if !c.above {
			continue
		}
		x := c.Cure
		if i := indexOf(old.List, &x); i >= 0 {
			now = append(now, old.List[i])
			old.List = slices.Delete(old.List, i, i+1)
			continue
		}
		x.Since, x.Until = b.now.Time, b.now.Time+b.params.CureSeconds
		now = append(now, x)
		b.write(record.EndCure(&x), &record.Due{Rules: record.Rules, Kind: record.DueCure, Sort: uint64(x.Scope), Act: record.CureID(&x)})
	}
	for i := range old.List {
		if !old.List[i].Overdue {
			b.remove(record.EndCure(&old.List[i]))
		}
	}
	b.put(record.CuresKey, wire.Encode(&record.Cures{Rules: record.Rules, List: now}))
}

// cures is a copy of the cure terms that run or are overdue.
func (b *block) cures() *record.Cures {
	if leaf, ok := b.e.Get(record.CuresKey); ok {
		return wire.Own[record.Cures](leaf.Data)
	}
	return &record.Cures{Rules: record.Rules}
}

func indexOf(list []record.Cure, x *record.Cure) int {
	return slices.IndexFunc(list, func(c record.Cure) bool { return c.Scope == x.Scope && c.Name == x.Name })
}

// dueCure notes that a cure term has ended without cure.
func (b *block) dueCure(d *record.Due) {
	all := b.cures()
	for i := range all.List {
		if record.CureID(&all.List[i]) == d.Act {
			all.List[i].Overdue = true
		}
	}
	b.put(record.CuresKey, wire.Encode(all))
}
