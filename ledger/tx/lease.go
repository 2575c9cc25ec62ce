package tx

import (
	"fmt"

	"ipledger/ledger/wire"
)

// Clause says who may end a lease inside its term, besides both parties.
type Clause uint64

// The clauses of a lease (specs/15 LEASE-6).
const (
	ClauseNone   Clause = 0 // nobody
	ClauseNotice Clause = 1 // the lessor, by notice
	ClauseAgent  Clause = 2 // the agent that the lease names
)

// Bounds of a lease's fields (specs/04 ACT-4, specs/15).
const (
	PriceBytesMax = 64
	RoleBytesMax  = 128               // a role mailbox or a URL
	TermMax       = 100 * 366 * 86400 // a hundred years: two times never overflow
)

// LeaseOffer offers possession of a block for a term.
type LeaseOffer struct {
	Resource     wire.Resource
	To           wire.Address // the lessee
	Start        uint64       // header time; 0 for the acceptance
	End          uint64       // header time; 0 for an evergreen lease
	Renew        uint64       // seconds by which an evergreen lease renews; 0 for a fixed one
	Notice       uint64       // seconds of notice that end an evergreen lease
	Clause       Clause
	ClauseNotice uint64       // seconds between the clause's notice and the end
	Agent        wire.Address // of ClauseAgent
	Suspend      bool         // the lessor may suspend the lessee's authorisations for abuse
	SubLet       bool         // the lessee may carve estates out of it
	Reversion    bool         // what the lessor loses of its authorisations at the start comes back at the end
	Operator     string       // operator of record
	Abuse        string       // its abuse contact: a role mailbox or a URL
	Price        string       // as text, may be empty
	Origins      string       // the lessee's first authorisations, see ParseOrigins
	Value        wire.Hash
	Earliest     uint64
	Until        uint64
}

// Kind is KindLeaseOffer.
func (*LeaseOffer) Kind() Kind { return KindLeaseOffer }

func (b *LeaseOffer) walk(w walker) {
	w.resource("resource", &b.Resource)
	w.address("to", &b.To)
	w.number("start", &b.Start, most64)
	w.number("end", &b.End, most64)
	w.number("renew", &b.Renew, RenewSecondsMax)
	w.number("notice", &b.Notice, NoticeSecondsMax)
	w.number("clause", (*uint64)(&b.Clause), uint64(ClauseAgent))
	w.number("clauseNotice", &b.ClauseNotice, NoticeSecondsMax)
	w.address("agent", &b.Agent)
	w.flag("suspend", &b.Suspend)
	w.flag("subLet", &b.SubLet)
	w.flag("reversion", &b.Reversion)
	w.text("operator", &b.Operator, TextBytesMax)
	w.text("abuse", &b.Abuse, RoleBytesMax)
	w.text("price", &b.Price, PriceBytesMax)
	w.text("origins", &b.Origins, OriginsBytesMax)
	w.hash("value", &b.Value)
	w.number("earliest", &b.Earliest, most64)
	w.number("until", &b.Until, most64)
}

// RenewSecondsMax is the longest period by which an evergreen lease renews: a year.
const RenewSecondsMax = 366 * 86400

// Evergreen reports whether the lease renews until notice.
func (b *LeaseOffer) Evergreen() bool { return b.Renew > 0 }

func (b *LeaseOffer) check(*Header) error {
	if err := checkOffer(b.To.IsZero(), b.Earliest, b.Until); err != nil {
		return err
	}
	if err := b.checkTerm(); err != nil {
		return err
	}
	if err := b.checkClause(); err != nil {
		return err
	}
	if err := checkParty(b.Operator, b.Abuse); err != nil {
		return err
	}
	if err := checkWords("price", b.Price); err != nil {
		return err
	}
	_, err := ParseOrigins(b.Origins)
	return err
}

// checkTerm keeps specs/04 ACT-22: A lease MUST have either an end after its
// start, or a period by which it renews and then no end.
func (b *LeaseOffer) checkTerm() error {
	if b.Evergreen() {
		if b.End != 0 {
			return Refuse("ACT-22", "end", "a lease that renews has no end")
		}
		return nil
	}
	if b.End <= b.Start || b.Notice != 0 {
		return Refuse("ACT-22", "end", "it ends at %s and starts at %s, with %d seconds of notice", UTC(b.End), UTC(b.Start), b.Notice)
	}
	return nil
}

// checkClause keeps specs/04 ACT-23: A lease MUST name an agent exactly if the
// agent may end it, and seconds of notice only with a clause.
func (b *LeaseOffer) checkClause() error {
	if (b.Clause == ClauseAgent) == b.Agent.IsZero() {
		return Refuse("ACT-23", "agent", "clause %d with agent %v", b.Clause, b.Agent)
	}
	if b.Clause == ClauseNone && b.ClauseNotice != 0 {
		return Refuse("ACT-23", "clauseNotice", "%d seconds without a clause", b.ClauseNotice)
	}
	return nil
}

func (b *LeaseOffer) text() []string {
	lines := []string{fmt.Sprintf("Offer to lease %v to account %v %s.", b.Resource, b.To, b.term())}
	lines = append(lines, textClause(b.Clause, b.ClauseNotice, b.Agent))
	lines = append(lines, fmt.Sprintf("Operator of record: %q; abuse contact: %q.", b.Operator, b.Abuse))
	lines = appendIf(lines, b.Suspend, "The lessor may suspend the lessee's authorisations for abuse, for at most 14 days of the lease in all.")
	lines = appendIf(lines, b.SubLet, "The lessee may sub-let and grant parts.")
	lines = appendIf(lines, b.Reversion, "At its end the lessor's authorisations that it displaced come back.")
	lines = appendIf(lines, b.Price != "", fmt.Sprintf("Price as stated: %q.", b.Price))
	lines = append(lines, textOrigins(b.Origins)...)
	return append(lines, textWindow(b.Earliest, b.Until), textValue(b.Value))
}

func (b *LeaseOffer) term() string {
	from := "from its acceptance"
	if b.Start != 0 {
		from = "from " + UTC(b.Start)
	}
	if b.Evergreen() {
		return fmt.Sprintf("%s, renewed by %s again and again until %s after notice", from, span(b.Renew), span(b.Notice))
	}
	return from + " to " + UTC(b.End)
}

func textClause(c Clause, notice uint64, agent wire.Address) string {
	switch c {
	case ClauseNotice:
		return fmt.Sprintf("Inside its term the lessor may end it %s after notice.", span(notice))
	case ClauseAgent:
		return fmt.Sprintf("Inside its term agent %v may end it %s after notice.", agent, span(notice))
	}
	return "Inside its term it ends early only by both parties."
}

func appendIf(lines []string, yes bool, line string) []string {
	if yes {
		return append(lines, line)
	}
	return lines
}

// LeaseAccept accepts an offer of the lease family: a lease, a renewal, an end
// or an assignment. It is final.
type LeaseAccept struct {
	Offer    wire.Hash
	Resource wire.Resource
	Value    wire.Hash
}

// Kind is KindLeaseAccept.
func (*LeaseAccept) Kind() Kind { return KindLeaseAccept }

func (b *LeaseAccept) walk(w walker) {
	w.hash("offer", &b.Offer)
	w.resource("resource", &b.Resource)
	w.hash("value", &b.Value)
}

func (b *LeaseAccept) text() []string {
	return []string{fmt.Sprintf("Accept offer %v on the lease of %v. This is final.", b.Offer, b.Resource), textValue(b.Value)}
}

// LeaseRenew offers the other party of a fixed lease a later end.
type LeaseRenew struct {
	Resource wire.Resource
	Lease    wire.Hash // id of the estate
	End      uint64    // header time
	Value    wire.Hash
	Earliest uint64
	Until    uint64
}

// Kind is KindLeaseRenew.
func (*LeaseRenew) Kind() Kind { return KindLeaseRenew }

func (b *LeaseRenew) walk(w walker) {
	w.resource("resource", &b.Resource)
	w.hash("lease", &b.Lease)
	w.number("end", &b.End, most64)
	w.hash("value", &b.Value)
	w.number("earliest", &b.Earliest, most64)
	w.number("until", &b.Until, most64)
}

func (b *LeaseRenew) check(*Header) error { return checkOffer(false, b.Earliest, b.Until) }

func (b *LeaseRenew) text() []string {
	return []string{
		fmt.Sprintf("Offer the other party to let lease %v of %v run until %s.", b.Lease, b.Resource, UTC(b.End)),
		textWindow(b.Earliest, b.Until), textValue(b.Value),
	}
}

// LeaseNotice ends a lease by notice: an evergreen one by either party, one
// inside its term by whom its clause names.
type LeaseNotice struct {
	Resource wire.Resource
	Lease    wire.Hash
}

// Kind is KindLeaseNotice.
func (*LeaseNotice) Kind() Kind { return KindLeaseNotice }

func (b *LeaseNotice) walk(w walker) {
	w.resource("resource", &b.Resource)
	w.hash("lease", &b.Lease)
}

func (b *LeaseNotice) text() []string {
	return []string{fmt.Sprintf("Give notice that lease %v of %v ends.", b.Lease, b.Resource)}
}

// LeaseEnd offers the other party to end a lease now.
type LeaseEnd struct {
	Resource wire.Resource
	Lease    wire.Hash
	Value    wire.Hash
	Earliest uint64
	Until    uint64
}

// Kind is KindLeaseEnd.
func (*LeaseEnd) Kind() Kind { return KindLeaseEnd }

func (b *LeaseEnd) walk(w walker) {
	w.resource("resource", &b.Resource)
	w.hash("lease", &b.Lease)
	w.hash("value", &b.Value)
	w.number("earliest", &b.Earliest, most64)
	w.number("until", &b.Until, most64)
}

func (b *LeaseEnd) check(*Header) error { return checkOffer(false, b.Earliest, b.Until) }

func (b *LeaseEnd) text() []string {
	return []string{
		fmt.Sprintf("Offer the other party to end lease %v of %v at once, when it accepts.", b.Lease, b.Resource),
		textWindow(b.Earliest, b.Until), textValue(b.Value),
	}
}

// LeaseAssign offers the lessee's place in a lease to another account; the
// lessor's consent is an act of its own.
type LeaseAssign struct {
	Resource wire.Resource
	Lease    wire.Hash
	To       wire.Address
	Keep     bool // the lessee's authorisations become the assignee's own
	Operator string
	Abuse    string
	Value    wire.Hash
	Earliest uint64
	Until    uint64
}

// Kind is KindLeaseAssign.
func (*LeaseAssign) Kind() Kind { return KindLeaseAssign }

func (b *LeaseAssign) walk(w walker) {
	w.resource("resource", &b.Resource)
	w.hash("lease", &b.Lease)
	w.address("to", &b.To)
	w.flag("keepOrigins", &b.Keep)
	w.text("operator", &b.Operator, TextBytesMax)
	w.text("abuse", &b.Abuse, RoleBytesMax)
	w.hash("value", &b.Value)
	w.number("earliest", &b.Earliest, most64)
	w.number("until", &b.Until, most64)
}

func (b *LeaseAssign) check(*Header) error {
	if err := checkOffer(b.To.IsZero(), b.Earliest, b.Until); err != nil {
		return err
	}
	return checkParty(b.Operator, b.Abuse)
}

func (b *LeaseAssign) text() []string {
	routing := "The lessee's authorisations end with the assignment."
	if b.Keep {
		routing = "The lessee's authorisations become the new lessee's own."
	}
	return []string{
		fmt.Sprintf("Offer account %v to become the lessee in lease %v of %v, if the lessor consents.", b.To, b.Lease, b.Resource), routing,
		fmt.Sprintf("Operator of record: %q; abuse contact: %q.", b.Operator, b.Abuse),
		textWindow(b.Earliest, b.Until), textValue(b.Value),
	}
}

// LeaseConsent is the consent that an offer of the lease family needs of one
// who is not its addressee: the lessor's to an assignment, the title holder's
// to a term that outlasts a revocable estate.
type LeaseConsent struct {
	Offer    wire.Hash
	Resource wire.Resource
	Value    wire.Hash
}

// Kind is KindLeaseConsent.
func (*LeaseConsent) Kind() Kind { return KindLeaseConsent }

func (b *LeaseConsent) walk(w walker) {
	w.hash("offer", &b.Offer)
	w.resource("resource", &b.Resource)
	w.hash("value", &b.Value)
}

func (b *LeaseConsent) text() []string {
	return []string{fmt.Sprintf("Consent to offer %v on %v, made by another to another.", b.Offer, b.Resource), textValue(b.Value)}
}

// LeaseSuspend keeps the lessee's authorisations out of every export until a
// time, under the lease's abuse clause; a time that is not ahead lifts it.
type LeaseSuspend struct {
	Resource wire.Resource
	Lease    wire.Hash
	Until    uint64 // header time; 0 lifts
}

// Kind is KindLeaseSuspend.
func (*LeaseSuspend) Kind() Kind { return KindLeaseSuspend }

func (b *LeaseSuspend) walk(w walker) {
	w.resource("resource", &b.Resource)
	w.hash("lease", &b.Lease)
	w.number("until", &b.Until, most64)
}

func (b *LeaseSuspend) text() []string {
	if b.Until == 0 {
		return []string{fmt.Sprintf("Lift the suspension of the lessee's authorisations under lease %v of %v.", b.Lease, b.Resource)}
	}
	return []string{fmt.Sprintf("Suspend the lessee's authorisations under lease %v of %v until %s, for abuse.", b.Lease, b.Resource, UTC(b.Until))}
}

// LeaseAnswer is the lessee's answer to a notice or a suspension, on record.
type LeaseAnswer struct {
	Resource wire.Resource
	Lease    wire.Hash
	Digest   wire.Hash // of the text that answers, kept elsewhere
}

// Kind is KindLeaseAnswer.
func (*LeaseAnswer) Kind() Kind { return KindLeaseAnswer }

func (b *LeaseAnswer) walk(w walker) {
	w.resource("resource", &b.Resource)
	w.hash("lease", &b.Lease)
	w.hash("digest", &b.Digest)
}

func (b *LeaseAnswer) text() []string {
	return []string{fmt.Sprintf("Answer the lessor's notice under lease %v of %v with the text whose SHA-256 is %v.", b.Lease, b.Resource, b.Digest)}
}
