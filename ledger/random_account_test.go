package ledger_test

import (
	"crypto/ecdsa"
	"fmt"
	"slices"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// keyNames are the keys that an account of the random world may come to have.
var keyNames = []string{"", " 2", " 3", " 4", " 5", " 6"}

// ring finds the private key behind any key of the random world.
var ring = map[account.Key]*ecdsa.PrivateKey{}

// enroll tells the twin of an account. Some have routing keys, and one has
// three title keys of which two sign.
func (p *pair) enroll(name string) {
	keys := p.keys(name)
	t := &twinAccount{name: name, jurisdiction: "NL", version: 1}
	t.policy = twinPolicy{title: []account.Key{keys[""]}, titleK: 1}
	if name == "dan" {
		t.policy = twinPolicy{title: sortKeys(keys[""], keys[" 2"], keys[" 3"]), titleK: 2}
	}
	if name != "cat" {
		t.policy.routing, t.policy.routingK = sortKeys(keys[" 4"], keys[" 5"]), 1
	}
	p.twin.accounts[who(name)] = t
	p.change(name, func(a *account.Account) {
		a.Policy = account.Policy{Version: 1, TitleKeys: t.policy.title, TitleK: t.policy.titleK, RoutingKeys: t.policy.routing, RoutingK: t.policy.routingK}
	})
}

func (p *pair) keys(name string) map[string]account.Key {
	out := map[string]account.Key{}
	for _, n := range keyNames {
		_, key := identity(name + n)
		out[n] = keyOf(key)
		ring[keyOf(key)] = key
	}
	return out
}

func sortKeys(keys ...account.Key) []account.Key {
	slices.SortFunc(keys, func(a, b account.Key) int { return slices.Compare(a.Addr[:], b.Addr[:]) })
	return slices.Compact(keys)
}

// accountAct makes some act on accounts.
func (p *pair) accountAct() (string, tx.Body) {
	name := p.someone()
	switch p.pick(13) {
	case 12:
		x := p.policy(name)
		return name, &tx.OpenAccount{Name: "new", Jurisdiction: "NL", TitleKeys: x.title, TitleK: x.titleK, RoutingKeys: x.routing, RoutingK: x.routingK}
	case 0:
		x := p.policy(name)
		return name, &tx.SetPolicy{TitleKeys: x.title, TitleK: x.titleK, RoutingKeys: x.routing, RoutingK: x.routingK}
	case 1, 2:
		return name, &tx.SetDelay{Delay: uint64(p.pick(30) * p.pick(3))}
	case 3, 4:
		return name, p.guardians(name)
	case 5:
		return name, &tx.Rename{Name: fmt.Sprintf("%s %d", name, p.pick(10)), Jurisdiction: "JP"}
	case 6:
		return name, &tx.SetProvider{Provider: []wire.Address{{}, {8}, who(p.someone())}[p.pick(3)]}
	case 7:
		if a := p.twin.accounts[who(name)]; p.pick(3) == 0 && len(a.policy.title) > 0 {
			return name, &tx.KeyRevoke{Key: a.policy.title[:1]}
		}
	}
	return p.recoveryAct()
}

func (p *pair) policy(name string) twinPolicy {
	keys := p.keys(name)
	some := func(n int) []account.Key {
		var out []account.Key
		for range n {
			out = append(out, keys[keyNames[p.pick(len(keyNames))]])
		}
		return sortKeys(out...)
	}
	x := twinPolicy{title: some(1 + p.pick(3)), routing: some(p.pick(3))}
	x.titleK = uint64(1 + p.pick(len(x.title)))
	if len(x.routing) > 0 {
		x.routingK = uint64(1 + p.pick(len(x.routing)))
	}
	return x
}

func (p *pair) guardians(of string) *tx.SetGuardians {
	var list []string
	for _, name := range p.names {
		if p.pick(3) != 0 && name != of || p.pick(20) == 0 {
			list = append(list, name)
		}
	}
	b := &tx.SetGuardians{Guardians: accounts(list...)}
	if len(list) > 0 {
		b.Threshold = uint64(1 + p.pick(min(2, len(list))))
	}
	return b
}

// recoveryAct is mostly a guardian's word, for what another proposed already.
func (p *pair) recoveryAct() (string, tx.Body) {
	subject := p.someone()
	for _, name := range p.names {
		if a := p.twin.accounts[who(name)]; len(a.guardians) > 0 && p.pick(3) != 0 || a.vetoed() {
			subject = name
		}
	}
	s := p.twin.accounts[who(subject)]
	by := p.someone()
	if len(s.guardians) > 0 {
		by = p.likely(s.guardians[p.pick(len(s.guardians))])
	}
	x, id := p.policy(subject), wire.Hash{3}
	if s.recovery != nil {
		one := s.recovery.proposals[p.pick(len(s.recovery.proposals))]
		id = one.act
		if p.pick(4) != 0 {
			x = one.policy
		}
	}
	switch {
	case s.vetoed() && p.pick(3) == 0:
		return by, p.overcoming(subject, id)
	case s.running() && !s.recovery.vetoed && p.pick(3) != 0:
		return subject, &tx.RecoveryVeto{Recovery: id}
	case s.vetoed() && p.pick(2) == 0, s.recovery != nil && s.recovery.ripe && p.pick(4) != 0, p.pick(20) == 0:
		return by, &tx.RecoveryFinish{Subject: who(subject), Recovery: id}
	case p.pick(30) == 0:
		return subject, &tx.RecoveryVeto{Recovery: id}
	}
	return by, &tx.RecoveryStart{Subject: who(subject), TitleKeys: x.title, TitleK: x.titleK, RoutingKeys: x.routing, RoutingK: x.routingK}
}

// overcoming is evidence against a veto, mostly of a title of the account's own.
func (p *pair) overcoming(subject string, recovery wire.Hash) *tx.RecoveryProve {
	r := p.someTitle(func(t twinTitle) bool {
		return t.holder == who(subject) && t.grade == record.GradeA || p.pick(12) == 0
	}).at
	by, expiry := ledger.RecoveryName(recovery), p.last.Time+5000
	if p.pick(8) == 0 {
		by = who(subject)
	}
	id := p.proveFor(by, r, byte(1+p.pick(4)), p.pick(8) != 0, p.last.Time-uint64(p.pick(60)), expiry)
	return &tx.RecoveryProve{Subject: who(subject), Recovery: recovery, Resource: r, Evidence: id, Expiry: expiry}
}

// draft is the header of an act of an account's, and as many of its keys as its
// policy wants; ok is false where too few are left.
func (p *pair) draft(at *twin, name string, body tx.Body) (h tx.Header, by []*ecdsa.PrivateKey, ok bool) {
	a, id := at.accounts[who(name)], who(name)
	keys, k := a.policy.title, a.policy.titleK
	h = tx.Header{Author: id, Policy: a.version, Number: p.lanes[id], Expires: at.now + 3600, Rules: at.rules}
	switch b := body.(type) {
	case *tx.KeyRevoke:
		h = tx.Header{Author: id, Rules: tx.RulesVersion}
		if keys, k = b.Key, 1; !a.policy.names(b.Key[0]) {
			return h, nil, false
		}
	case *tx.SuccessionVeto:
		k = min(k, 1)
	case *tx.RecoveryVeto:
		if k = uint64(len(keys)) - k + 1; a.policy.titleK > uint64(len(keys)) {
			return h, nil, false
		}
	default:
		if body.Kind() >= tx.KindOriginAuthorise && body.Kind() <= tx.KindContactsErase && len(a.policy.routing) > 0 && p.pick(2) == 0 {
			keys, k = a.policy.routing, a.policy.routingK
			h.Lane, h.Number = 8, p.lane8[id]
		}
	}
	if k == 0 || k > uint64(len(keys)) {
		return h, nil, false
	}
	switch {
	case h.Lane == 8:
		p.lane8[id]++
	case h.Policy != 0:
		p.lanes[id]++
	}
	for _, i := range p.subset(len(keys), int(k)) {
		by = append(by, ring[keys[i]])
	}
	return h, by, true
}

// subset is k of the numbers below n, ascending.
func (p *pair) subset(n, k int) []int {
	out := p.rng.Perm(n)[:k]
	slices.Sort(out)
	return out
}

// describeAccount is an account in words, with what waits.
func (p *pair) describeAccount(name string) string {
	a := p.account(name)
	x := twinAccount{
		name: a.Name, jurisdiction: a.Jurisdiction, version: a.Policy.Version, delay: a.Delay, guardians: a.Guardians,
		threshold: a.GuardianK, provider: a.Provider, renewed: a.Renewed,
		policy: policyOf(a.Policy.TitleKeys, a.Policy.TitleK, a.Policy.RoutingKeys, a.Policy.RoutingK),
	}
	for _, y := range a.Attested {
		x.attested = twinAttested{y.By, y.Documents, y.At}
	}
	if r := p.recovery(name); r != nil {
		x.recovery = &twinRecovery{runs: r.Began != 0, began: r.Began, vetoed: r.Vetoed, ripe: r.Ripe, proved: r.Proved}
		for _, y := range r.Proposals {
			x.recovery.proposals = append(x.recovery.proposals, twinProposal{act: y.Act, by: y.By})
		}
	}
	return x.describe(a.Waiting, uint64(a.Recovery))
}

func (x twinAccount) describe(waiting, stage uint64) string {
	r := ""
	if x.recovery != nil {
		r = fmt.Sprintf("began %d vetoed %v ripe %v proved %v", x.recovery.began, x.recovery.vetoed, x.recovery.ripe, x.recovery.proved)
		for _, y := range x.recovery.proposals {
			r += fmt.Sprintf(" %v by %v", y.act, y.by)
		}
	}
	x.recovery, x.waiting, x.revoked = nil, [3]*twinWait{}, nil
	return fmt.Sprintf("account %+v waiting %d recovery %d %s", x, waiting, stage, r)
}

// stage is how far a recovery has come, as an account has it.
func (a *twinAccount) stage() uint64 {
	switch {
	case a.vetoed():
		return 3
	case a.running():
		return 2
	case a.recovery != nil:
		return 1
	}
	return 0
}

func (a *twinAccount) bits() (bits uint64) {
	for i, x := range a.waiting {
		if x != nil {
			bits |= 1 << i
		}
	}
	return bits
}
