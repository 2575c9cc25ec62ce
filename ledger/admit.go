package ledger

import (
	"slices"

	"ipledger/ledger/account"
	"ipledger/ledger/tx"
)

// Weights of acts, in credit (specs/03 CRED-2).
const (
	costOrigin  = 1
	costUsual   = 2
	costOpen    = 20  // of sponsoring an account, and of a proposal
	costShow    = 20  // evidence: a node checks up to 18 signatures for it
	costPerByte = 512 // one more for each of these beyond the first
)

// Cost is what an act costs its author.
//
// specs/03 CRED-2: an origin act costs 1, sponsoring an account and evidence 20,
// any other 2, plus 1 for each 512 bytes beyond the first; an opening by work costs
// nothing.
func Cost(v tx.Verified) uint64 {
	if v.Header().Author.IsZero() {
		return 0
	}
	extra := uint64(max(len(v.Raw())-1, 0) / costPerByte)
	switch v.Kind() {
	case tx.KindOriginAuthorise, tx.KindOriginWithdraw:
		return costOrigin + extra
	case tx.KindOpenAccount, tx.KindPropose:
		return costOpen + extra
	case tx.KindEvidence:
		return costShow + extra
	}
	return costUsual + extra
}

// charge checks that an act is admissible here and takes its number and cost
// from its author. An opening by work has no author and costs nothing; a revocation
// takes no number.
func (b *block) charge(v tx.Verified) error {
	a, err := b.take(v)
	if err == nil && a != nil {
		b.putAccount(v.Author(), a)
	}
	return err
}

// take is charge that leaves the author's account to be written; it is nil for
// an opening by work, which has no author and costs nothing.
func (b *block) take(v tx.Verified) (*account.Account, error) {
	h := v.Header()
	if err := b.ruledBy(h.Rules, v.Kind()); err != nil {
		return nil, err
	}
	if body, ok := v.Body().(*tx.KeyRevoke); ok {
		return b.admitRevocation(v, body)
	}
	if err := b.lives(h.Expires); err != nil {
		return nil, err
	}
	if h.Author.IsZero() {
		return nil, b.admitWork(v)
	}
	a := b.accountAt(h.Author)
	if a == nil {
		return nil, tx.Refuse("ADM-1", "account", "no account %v", h.Author)
	}
	if err := b.bind(a, v); err != nil {
		return nil, err
	}
	if err := b.maySponsor(a, v); err != nil {
		return nil, err
	}
	if err := b.pay(a, v); err != nil {
		return nil, err
	}
	if b.sponsoredByNobody(a, v) {
		b.sponsored++
	}
	return a, nil
}

// ruledBy keeps specs/04 ADM-12: an act MUST name the version of the rules that is
// in force; a revocation one that is or was.
func (b *block) ruledBy(version uint64, kind tx.Kind) error {
	if version == b.params.Rules || version < b.params.Rules && kind == tx.KindKeyRevoke {
		return nil
	}
	return tx.Refuse("ADM-12", "rules", "it is written for version %d, version %d is in force", version, b.params.Rules)
}

// lives keeps specs/04 ADM-5: an act MUST expire after the header's time, and
// at most 30 days after it.
func (b *block) lives(expires uint64) error {
	if expires <= b.now.Time {
		return tx.Refuse("ADM-5", "expires", "it expired at %s, the header's time is %s", tx.UTC(expires), tx.UTC(b.now.Time))
	}
	if expires-b.now.Time > tx.LifeSecondsMax {
		return tx.Refuse("ADM-5", "expires", "%d is more than %d seconds ahead", expires, uint64(tx.LifeSecondsMax))
	}
	return nil
}

// bind checks that the act carries its author's will, and comes in its turn.
//
// specs/04 ADM-4: its number MUST be its lane's next.
func (b *block) bind(a *account.Account, v tx.Verified) error {
	if err := willed(a, v); err != nil {
		return err
	}
	h := v.Header()
	if next := a.Lanes[h.Lane]; h.Number != next {
		return tx.Refuse("ADM-4", "number", "lane %d is at %d, not %d", h.Lane, next, h.Number)
	}
	return nil
}

// willed checks that the act carries its author's will.
//
// specs/04 ADM-2: an act MUST name the version of its author's policy in force.
// specs/04 ADM-3: its signers MUST be exactly k keys of its lane's role; a
// veto's are n - k + 1 title keys, a succession's veto one title key.
func willed(a *account.Account, v tx.Verified) error {
	h := v.Header()
	if h.Policy != a.Policy.Version {
		return tx.Refuse("ADM-2", "policy", "version %d is named, %d is in force", h.Policy, a.Policy.Version)
	}
	keys, k := a.Policy.Keys(account.RoleOf(h.Lane))
	switch v.Kind() {
	case tx.KindRecoveryVeto:
		k = vetoKeys(&a.Policy)
	case tx.KindSuccessionVeto:
		k = min(1, uint64(len(keys)))
	}
	signers := v.Signers()
	if uint64(len(signers)) != k || k == 0 {
		return tx.Refuse("ADM-3", "signatures", "%d given, the policy wants exactly %d", len(signers), k)
	}
	for _, s := range signers {
		if !slices.ContainsFunc(keys, func(key account.Key) bool { return key.Addr == s }) {
			return tx.Refuse("ADM-3", "signatures", "%v is no key of this role", s)
		}
	}
	return nil
}

// pay takes the lane's number and the act's cost; the account is to be written.
//
// specs/04 ADM-6: the author's credit at the header's time MUST cover the cost.
func (b *block) pay(a *account.Account, v tx.Verified) error {
	h := v.Header()
	if !b.params.CreditUnmetered {
		cost := Cost(v)
		left, ok := a.Credit.Spend(cost, b.now.Time, b.tariff(), a.Holdings)
		if !ok {
			return tx.Refuse("ADM-6", "account", "it costs %d, %d is left", cost, a.Credit.Now(b.now.Time, b.tariff(), a.Holdings))
		}
		a.Credit = left
	}
	a.Lanes[h.Lane]++
	return nil
}

func (b *block) tariff() account.Tariff {
	return account.Tariff{Cap: b.params.CreditCap, Refill: b.params.CreditRefill}
}
