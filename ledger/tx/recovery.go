package tx

import (
	"fmt"
	"strconv"

	"ipledger/ledger/account"
	"ipledger/ledger/wire"
)

// SetDelay changes the author's delay: a longer one at once, a shorter one
// after the old.
type SetDelay struct{ Delay uint64 } // seconds

// Kind is KindSetDelay.
func (*SetDelay) Kind() Kind { return KindSetDelay }

func (b *SetDelay) walk(w walker) { w.number("delay", &b.Delay, account.DelaySecondsMax) }

func (b *SetDelay) text() []string {
	return []string{fmt.Sprintf("Set the account's delay to %s; if that is shorter, after the old delay.", span(b.Delay))}
}

// SetGuardians names the accounts that together may recover the author's.
type SetGuardians struct {
	Guardians string // account ids, see ParseAccounts; empty for none
	Threshold uint64 // how many of them start a recovery
}

// Kind is KindSetGuardians.
func (*SetGuardians) Kind() Kind { return KindSetGuardians }

func (b *SetGuardians) walk(w walker) {
	w.text("guardians", &b.Guardians, ListBytesMax)
	w.number("threshold", &b.Threshold, account.GuardiansMax)
}

// check keeps specs/04 ACT-30: The threshold of guardians MUST be at least 1 and
// at most their number, and 0 exactly if there are none.
func (b *SetGuardians) check(*Header) error {
	list, err := ParseAccounts(b.Guardians)
	if err != nil {
		return err
	}
	if b.Threshold > uint64(len(list)) || (b.Threshold == 0) != (len(list) == 0) {
		return Refuse("ACT-30", "threshold", "%d of %d guardians", b.Threshold, len(list))
	}
	return nil
}

func (b *SetGuardians) text() []string {
	if b.Guardians == "" {
		return []string{"Name no guardians, after the account's delay: a lost key cannot be replaced from then on."}
	}
	return []string{fmt.Sprintf("After the account's delay, let %d of these accounts recover it: %s.", b.Threshold, b.Guardians)}
}

// Rename changes what the author calls itself.
type Rename struct {
	Name         string
	Jurisdiction string
}

// Kind is KindRename.
func (*Rename) Kind() Kind { return KindRename }

func (b *Rename) walk(w walker) {
	w.text("name", &b.Name, account.NameBytesMax)
	w.text("jurisdiction", &b.Jurisdiction, 2)
}

func (b *Rename) check(*Header) error {
	if err := ruled(account.CheckName(b.Name)); err != nil {
		return err
	}
	return ruled(account.CheckJurisdiction(b.Jurisdiction))
}

func (b *Rename) text() []string {
	return []string{fmt.Sprintf("Call the account %s in jurisdiction %s, as it declares itself.", strconv.Quote(b.Name), b.Jurisdiction)}
}

// RecoveryStart is a guardian's word that an account's keys be replaced by
// these. The first one starts the recovery, the same of others supports it.
type RecoveryStart struct {
	Subject     wire.Address
	TitleKeys   []account.Key
	TitleK      uint64
	RoutingKeys []account.Key
	RoutingK    uint64
}

// Kind is KindRecoveryStart.
func (*RecoveryStart) Kind() Kind { return KindRecoveryStart }

func (b *RecoveryStart) walk(w walker) {
	w.address("subject", &b.Subject)
	w.keys("titleKeys", &b.TitleKeys)
	w.number("titleThreshold", &b.TitleK, account.KeysMax)
	w.keys("routingKeys", &b.RoutingKeys)
	w.number("routingThreshold", &b.RoutingK, account.KeysMax)
}

func (b *RecoveryStart) check(*Header) error {
	p := account.Policy{TitleKeys: b.TitleKeys, TitleK: b.TitleK, RoutingKeys: b.RoutingKeys, RoutingK: b.RoutingK}
	return ruled(p.Check())
}

func (b *RecoveryStart) text() []string {
	lines := []string{fmt.Sprintf("As a guardian, ask that all keys of account %v be replaced.", b.Subject)}
	return append(lines, textKeys(b.TitleKeys, b.TitleK, b.RoutingKeys, b.RoutingK)...)
}

// RecoveryVeto is the word of the author's own keys against its recovery.
type RecoveryVeto struct{ Recovery wire.Hash } // the act that started it

// Kind is KindRecoveryVeto.
func (*RecoveryVeto) Kind() Kind { return KindRecoveryVeto }

func (b *RecoveryVeto) walk(w walker) { w.hash("recovery", &b.Recovery) }

func (b *RecoveryVeto) text() []string {
	return []string{fmt.Sprintf("Veto recovery %v: its window doubles, title acts are frozen, and only all guardians prevail, or some with evidence.", b.Recovery)}
}

// RecoveryFinish puts a recovery's keys in force once its window is over.
type RecoveryFinish struct {
	Subject  wire.Address
	Recovery wire.Hash
}

// Kind is KindRecoveryFinish.
func (*RecoveryFinish) Kind() Kind { return KindRecoveryFinish }

func (b *RecoveryFinish) walk(w walker) {
	w.address("subject", &b.Subject)
	w.hash("recovery", &b.Recovery)
}

func (b *RecoveryFinish) text() []string {
	return []string{fmt.Sprintf("As a guardian, put the keys of recovery %v of account %v in force.", b.Recovery, b.Subject)}
}

// RecoveryProve shows, as a guardian, that whom the registry certified for a title of
// the account stands behind its vetoed recovery.
type RecoveryProve struct {
	Subject  wire.Address
	Recovery wire.Hash
	Resource wire.Resource // the title
	Evidence wire.Hash     // the act that entered it
	Expiry   uint64        // of its statement, in Unix seconds
}

// Kind is KindRecoveryProve.
func (*RecoveryProve) Kind() Kind { return KindRecoveryProve }

func (b *RecoveryProve) walk(w walker) {
	w.address("subject", &b.Subject)
	w.hash("recovery", &b.Recovery)
	w.resource("resource", &b.Resource)
	w.hash("evidence", &b.Evidence)
	w.number("expiry", &b.Expiry, most64)
}

func (b *RecoveryProve) text() []string {
	return []string{
		fmt.Sprintf("As a guardian, prove the vetoed recovery %v of account %v by evidence %v for %v.", b.Recovery, b.Subject, b.Evidence, b.Resource),
		"It then prevails without the guardians that are missing.",
	}
}

// KeyRevoke takes a key out of its account's policy at once. It is made when
// the key is, and kept: it has no number and no expiry, and the key signs it.
type KeyRevoke struct{ Key []account.Key } // exactly one

// Kind is KindKeyRevoke.
func (*KeyRevoke) Kind() Kind { return KindKeyRevoke }

func (b *KeyRevoke) walk(w walker) { w.keys("key", &b.Key) }

// check keeps specs/04 ACT-31: A revocation MUST name one key and no policy,
// lane, number, expiry or bundle.
func (b *KeyRevoke) check(h *Header) error {
	if len(b.Key) != 1 {
		return Refuse("ACT-31", "key", "%d keys, a revocation names one", len(b.Key))
	}
	if *h != (Header{Author: h.Author, Rules: h.Rules}) {
		return Refuse("ACT-31", "expires", "a revocation has no policy, lane, number, expiry or bundle")
	}
	return nil
}

// checkSigners keeps specs/04 ACT-32: A revocation MUST be signed by the key it
// revokes and no other.
func (b *KeyRevoke) checkSigners(sigs []account.Signature) error {
	if len(sigs) != 1 || (account.Key{Alg: sigs[0].Alg, Addr: sigs[0].Signer}) != b.Key[0] {
		return Refuse("ACT-32", "signatures", "it is not signed by %v alone", b.Key[0])
	}
	return nil
}

func (b *KeyRevoke) text() []string {
	lines := []string{"Take this key out of the account at once and for good; the threshold stays as it is:"}
	for _, k := range b.Key {
		lines = append(lines, "  "+k.String())
	}
	return append(lines, "Whoever has this act can do so at any time: keep it as safe as the key.")
}

// SetProvider names the account that keeps the author's affairs, as answers
// show it. It gives that account no right.
type SetProvider struct{ Provider wire.Address } // zero for none

// Kind is KindSetProvider.
func (*SetProvider) Kind() Kind { return KindSetProvider }

func (b *SetProvider) walk(w walker) { w.address("provider", &b.Provider) }

func (b *SetProvider) text() []string {
	if b.Provider.IsZero() {
		return []string{"Name no provider of record."}
	}
	return []string{fmt.Sprintf("Name account %v as provider of record; it gets no right by that.", b.Provider)}
}
