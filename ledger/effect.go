package ledger

import (
	"bytes"
	"errors"
	"slices"

	"ipledger/ledger/account"
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// possible checks that a proposal could take effect as the state stands.
//
// specs/23 GOV-2: a proposal that could not take effect is refused.
func (b *block) possible(m *motion) error {
	p := m.body
	switch m.Matter {
	case record.AdmitMember:
		return b.admittable(p)
	case record.RemoveMember:
		return b.removable(p.Key)
	case record.MemberAccount:
		if _, ok := b.member(p.Key); !ok {
			return tx.Refuse("GOV-2", "key", "%v is no member", p.Key)
		}
		return b.freeVoter(p.Subject)
	case record.AdmitRegistrar, record.AdmitAdjudicator:
		return b.freeBody(m.Matter, p.Subject)
	case record.RemoveRegistrar:
		return b.inBody(b.roll().Registrars, p.Subject, "registrar")
	case record.RemoveAdjudicator:
		return b.inBody(b.roll().Adjudicators, p.Subject, "adjudicator")
	case record.AddTrustAnchor, record.AddRegistryCA:
		return b.freeAnchor(p.Anchor())
	case record.RemoveTrustAnchor, record.RemoveRegistryCA:
		return b.anchorStands(m.Matter, p.Key)
	case record.Upgrade:
		return b.upgradable(p)
	case record.RegistryCeased, record.RegistryResumed:
		return b.mayCease(m.Matter, p.Name)
	case record.Allot:
		_, err := b.allottable(p)
		return err
	case record.LiftFreeze:
		_, err := b.frozenBy(p)
		return err
	}
	return nil
}

// effect does what was decided; possible has allowed it.
func (b *block) effect(m *motion) error {
	p := m.body
	switch m.Matter {
	case record.AdmitMember:
		b.admitMember(p)
	case record.RemoveMember:
		b.removeMember(p.Key)
	case record.MemberAccount:
		x, _ := b.member(p.Key)
		x.Account = p.Subject
		b.put(record.MemberKey(x.PubKey), wire.Encode(x))
	case record.AdmitRegistrar:
		b.admitRegistrar(p)
	case record.RemoveRegistrar:
		b.removeRegistrar(m.id, p.Subject)
	case record.AdmitAdjudicator:
		b.admitAdjudicator(p)
	case record.RemoveAdjudicator:
		b.remove(record.AdjudicatorKey(p.Subject))
		b.editRoll(func(r *record.Roll) { r.Adjudicators = excluding(r.Adjudicators, p.Subject) })
	case record.SetParameter:
		*record.ParameterOf(p.Name).In(b.params) = p.Value
		b.putParameters()
		b.cure()
	case record.AddTrustAnchor, record.AddRegistryCA:
		x := p.Anchor()
		b.put(record.AnchorKey(x.Hash()), wire.Encode(x))
		b.editRoll(func(r *record.Roll) { r.Anchors = including(r.Anchors, x.Hash()) })
	case record.RemoveTrustAnchor, record.RemoveRegistryCA:
		b.remove(record.AnchorKey(p.Key))
		b.editRoll(func(r *record.Roll) {
			r.Anchors = slices.DeleteFunc(r.Anchors, func(h wire.Hash) bool { return h == p.Key })
		})
	case record.Upgrade:
		b.params.NextRules, b.params.NextHeight = p.Value, max(p.Height, b.now.Height+2)
		b.putParameters()
	case record.RegistryCeased:
		b.editRoll(func(r *record.Roll) { r.Ceased = append(r.Ceased, p.Name); slices.Sort(r.Ceased) })
	case record.RegistryResumed:
		b.editRoll(func(r *record.Roll) {
			r.Ceased = slices.DeleteFunc(r.Ceased, func(s string) bool { return s == p.Name })
		})
	case record.Allot:
		return b.allot(p)
	case record.LiftFreeze:
		t, err := b.frozenBy(p)
		if err != nil {
			return err
		}
		b.unrestrict(t, record.Freeze, p.Key)
	}
	return nil
}

func (b *block) putParameters() {
	b.set = true
	b.put(record.ParametersKey, wire.Encode(b.params))
}

func (b *block) editRoll(change func(*record.Roll)) {
	r := b.roll()
	change(r)
	b.put(record.RollKey, wire.Encode(r))
}

// member is the member with a key.
func (b *block) member(key wire.Hash) (*record.Member, bool) {
	leaf, ok := b.e.Get(record.MemberKey(key))
	if !ok {
		return nil, false
	}
	return wire.Own[record.Member](leaf.Data), true
}

// freeBody checks that an account may become a registrar or an adjudicator.
func (b *block) freeBody(matter record.Matter, who wire.Address) error {
	if b.accountAt(who) == nil {
		return tx.Refuse("GOV-2", "subject", "no account %v", who)
	}
	list, sort := b.roll().Registrars, "registrar"
	if matter == record.AdmitAdjudicator {
		list, sort = b.roll().Adjudicators, "adjudicator"
	}
	if slices.Contains(list, who) {
		return tx.Refuse("GOV-2", "subject", "%v is a %s", who, sort)
	}
	if len(list) >= record.RegistrarsMax {
		return tx.Refuse("GEN-27", "subject", "there are %d %ss, the most", len(list), sort)
	}
	return nil
}

func (b *block) inBody(list []wire.Address, who wire.Address, sort string) error {
	if !slices.Contains(list, who) {
		return tx.Refuse("GOV-2", "subject", "%v is no %s", who, sort)
	}
	return nil
}

func (b *block) admitRegistrar(p *tx.Propose) {
	b.put(record.RegistrarKey(p.Subject), wire.Encode(&record.Registrar{
		Rules: record.Rules, Account: p.Subject, Organisation: p.Organisation, Jurisdiction: p.Jurisdiction, Since: b.now.Time,
	}))
	b.editRoll(func(r *record.Roll) { r.Registrars = including(r.Registrars, p.Subject) })
}

func (b *block) admitAdjudicator(p *tx.Propose) {
	b.put(record.AdjudicatorKey(p.Subject), wire.Encode(&record.Adjudicator{
		Rules: record.Rules, Account: p.Subject, Organisation: p.Organisation, Jurisdiction: p.Jurisdiction, Since: b.now.Time,
	}))
	b.editRoll(func(r *record.Roll) { r.Adjudicators = including(r.Adjudicators, p.Subject) })
}

// removeRegistrar takes a registrar off the roll. Its record stays, with when it
// was removed, for the titles that rest on it.
//
// specs/23 GOV-9: a registrar that is removed attests nothing from then on; the
// titles that rest on it are qualified and frozen (CLAIM-26).
func (b *block) removeRegistrar(act wire.Hash, who wire.Address) {
	leaf, ok := b.e.Get(record.RegistrarKey(who))
	if !ok {
		panic(ErrCorrupt)
	}
	x := wire.Own[record.Registrar](leaf.Data)
	x.Removed = b.now.Time
	b.put(record.RegistrarKey(who), wire.Encode(x))
	b.editRoll(func(r *record.Roll) { r.Registrars = excluding(r.Registrars, who) })
	b.removedForCause(act, who)
}

func (b *block) freeAnchor(x *record.Anchor) error {
	if _, ok := b.e.Get(record.AnchorKey(x.Hash())); ok {
		return tx.Refuse("GOV-2", "material", "the key is known as %v", x.Hash())
	}
	if n := len(b.roll().Anchors); n >= record.AnchorsMax {
		return tx.Refuse("GEN-28", "material", "%d trust anchors and registry CAs, the most", n)
	}
	return nil
}

func (b *block) anchorStands(matter record.Matter, h wire.Hash) error {
	want := record.TrustAnchor
	if matter == record.RemoveRegistryCA {
		want = record.RegistryCA
	}
	leaf, ok := b.e.Get(record.AnchorKey(h))
	if !ok || wire.Own[record.Anchor](leaf.Data).Kind != want {
		return tx.Refuse("GOV-2", "key", "no such key %v is known", h)
	}
	return nil
}

// mayCease keeps that a registry is recorded once, and resumes only if it ceased.
func (b *block) mayCease(matter record.Matter, name string) error {
	if _, ok := record.RegistryOf(name); !ok {
		return tx.Refuse("GOV-2", "name", "%q is no registry", name)
	}
	if slices.Contains(b.roll().Ceased, name) == (matter == record.RegistryCeased) {
		return tx.Refuse("GOV-11", "name", "the registry %s: that is recorded already", name)
	}
	return nil
}

// allottable finds the available title that a proposal allots, or allots a part of.
//
// specs/23 GOV-11: until a registry has ceased no title of it is allotted.
func (b *block) allottable(p *tx.Propose) (titled, error) {
	r := must(inr.Parse(p.Block))
	t, ok := b.titleOf(r)
	if !ok || t.State != record.Available {
		return t, tx.Refuse("GOV-12", "block", "no available title covers %v", r)
	}
	if !slices.Contains(b.roll().Ceased, t.Source.Registry) {
		return t, tx.Refuse("GOV-11", "block", "the registry %s has not ceased to allocate", t.Source.Registry)
	}
	if b.accountAt(p.Subject) == nil {
		return t, tx.Refuse("GOV-2", "subject", "no account %v", p.Subject)
	}
	return t, b.cuttable(r)
}

// allot gives an available title, or a part of one, to an account.
//
// specs/23 GOV-12: as an absolute title of grade B; it keeps its source row.
func (b *block) allot(p *tx.Propose) error {
	t, err := b.allottable(p)
	if err != nil {
		return err
	}
	r := must(inr.Parse(p.Block))
	if t.at != r {
		if err := b.settledBefore(t.at); err != nil {
			return err
		}
		if err := b.cutTitle(t, r); err != nil {
			return err
		}
		t, _ = b.titleOf(r)
	}
	b.retitle(t, func(title *record.Title) {
		title.State, title.Holder, title.Grade, title.Proved = record.Held, p.Subject, record.GradeB, b.now.Time
		title.Since = b.now.Time
		title.Counter++
	})
	b.editAccount(p.Subject, func(a *account.Account) { a.Holdings = a.Holdings.Plus(account.Units(r)) })
	return nil
}

// frozenBy finds the title with the freeze that a proposal would lift.
func (b *block) frozenBy(p *tx.Propose) (titled, error) {
	r := must(inr.Parse(p.Block))
	t, ok := b.titleOf(r)
	if !ok || !slices.ContainsFunc(restrictionsOn(t), func(x record.Restriction) bool { return x.Kind == record.Freeze && x.Act == p.Key }) {
		return t, tx.Refuse("GOV-2", "key", "no freeze by %v stands on %v", p.Key, r)
	}
	return t, nil
}

// ruleOf is the id of the rule that an error names.
func ruleOf(err error) string {
	var rule *tx.RuleError
	if errors.As(err, &rule) {
		return rule.Rule
	}
	panic(err) // an effect fails by rules alone
}

// including and excluding are an ascending list with one more, and with one less.
func including[T ~[20]byte | ~[32]byte](list []T, x T) []T {
	at, found := slices.BinarySearchFunc(list, x, compareBytes)
	if found {
		return list
	}
	return slices.Insert(list, at, x)
}

func excluding[T ~[20]byte | ~[32]byte](list []T, x T) []T {
	return slices.DeleteFunc(list, func(y T) bool { return compareBytes(x, y) == 0 })
}

func compareBytes[T ~[20]byte | ~[32]byte](x, y T) int {
	for i := range len(x) {
		if x[i] != y[i] {
			return bytes.Compare([]byte{x[i]}, []byte{y[i]})
		}
	}
	return 0
}
