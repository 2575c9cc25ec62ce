package tx

import (
	"fmt"

	"ipledger/ledger/wire"
)

// Conditional reports whether the transfer waits, after its acceptance, for an
// agent's release or a secret.
func (b *TransferOffer) Conditional() bool { return !b.Agent.IsZero() || !b.Lock.IsZero() }

// checkConditions keeps specs/04 ACT-36: A transfer with an agent or a lock MUST
// name when it lapses unsettled, after it can be accepted no more; one without
// names none.
func (b *TransferOffer) checkConditions() error {
	if !b.Conditional() && b.Settle != 0 || b.Conditional() && b.Settle < b.Until {
		return Refuse("ACT-36", "settle", "time-out %s, the offer lapses at %s", UTC(b.Settle), UTC(b.Until))
	}
	return nil
}

func (b *TransferOffer) textConditions() []string {
	if !b.Conditional() {
		return nil
	}
	lines := []string{fmt.Sprintf("Once accepted it waits for its conditions and lapses at %s if they are not met.", UTC(b.Settle))}
	lines = appendIf(lines, !b.Agent.IsZero(), fmt.Sprintf("Condition: release by agent %v.", b.Agent))
	return appendIf(lines, !b.Lock.IsZero(), fmt.Sprintf("Condition: the secret whose SHA-256 is %v.", b.Lock))
}

// TransferRelease meets a condition of an accepted transfer: the agent's
// release, or the secret of its lock.
type TransferRelease struct {
	Offer    wire.Hash
	Resource wire.Resource
	Secret   wire.Hash // 32 bytes; zero where the agent releases
}

// Kind is KindTransferRelease.
func (*TransferRelease) Kind() Kind { return KindTransferRelease }

func (b *TransferRelease) walk(w walker) {
	w.hash("offer", &b.Offer)
	w.resource("resource", &b.Resource)
	w.hash("secret", &b.Secret)
}

func (b *TransferRelease) text() []string {
	if b.Secret.IsZero() {
		return []string{fmt.Sprintf("As the agent, release the transfer of %v under offer %v.", b.Resource, b.Offer)}
	}
	return []string{fmt.Sprintf("Reveal the secret of the transfer of %v under offer %v: %v. Everyone can read it.", b.Resource, b.Offer, b.Secret)}
}

// Surrender gives a title back to its source row, after the author's delay.
type Surrender struct {
	Resource wire.Resource // the title
	Value    wire.Hash
}

// Kind is KindSurrender.
func (*Surrender) Kind() Kind { return KindSurrender }

func (b *Surrender) walk(w walker) {
	w.resource("resource", &b.Resource)
	w.hash("value", &b.Value)
}

func (b *Surrender) text() []string {
	return []string{fmt.Sprintf("Surrender the title to %v after the account's delay: it is unclaimed from then on.", b.Resource), textValue(b.Value)}
}

// Purpose says what a listing is for.
type Purpose uint64

// The purposes of a listing (specs/16 LIST-1).
const (
	ForSale  Purpose = 1
	ForLease Purpose = 2
)

// List announces that a block is for sale or for lease. It binds nobody.
type List struct {
	Resource wire.Resource
	Purpose  Purpose
	MinTerm  uint64 // seconds, for a lease
	Price    string // as text, may be empty
	Until    uint64 // header time at which it lapses
}

// Kind is KindList.
func (*List) Kind() Kind { return KindList }

func (b *List) walk(w walker) {
	w.resource("resource", &b.Resource)
	w.number("purpose", (*uint64)(&b.Purpose), uint64(ForLease))
	w.number("minTerm", &b.MinTerm, TermMax)
	w.text("price", &b.Price, PriceBytesMax)
	w.number("until", &b.Until, most64)
}

// check keeps specs/04 ACT-37: A listing MUST be for sale or for lease, with a
// minimum term only for a lease.
func (b *List) check(*Header) error {
	if b.Purpose == 0 || b.Purpose == ForSale && b.MinTerm != 0 {
		return Refuse("ACT-37", "purpose", "purpose %d with a minimum term of %d seconds", b.Purpose, b.MinTerm)
	}
	return checkWords("price", b.Price)
}

func (b *List) text() []string {
	what := "sale"
	if b.Purpose == ForLease {
		what = fmt.Sprintf("lease for at least %s", span(b.MinTerm))
	}
	lines := []string{fmt.Sprintf("List %v for %s until %s. It binds nobody.", b.Resource, what, UTC(b.Until))}
	return appendIf(lines, b.Price != "", fmt.Sprintf("Price as stated: %q.", b.Price))
}
