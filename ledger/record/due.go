package record

import (
	"fmt"

	"ipledger/ledger/wire"
)

// DueKind says what falls due. The numbers are on the wire.
type DueKind uint8

const (
	DueOffer     DueKind = 1 // an offer or a listing lapses
	DueWait      DueKind = 2 // a policy, a delay or guardians that wait take effect
	DueEstate    DueKind = 3 // an estate ends
	DueSettle    DueKind = 4 // a conditional transfer lapses unsettled
	DueRecovery  DueKind = 5 // a recovery's window is over
	DueSurrender DueKind = 6 // a surrender or the naming of a forum takes effect
	DueEnforce   DueKind = 7 // an enforcement takes effect
	DueStart     DueKind = 8 // a lease starts
	DueEvidence  DueKind = 9 // evidence serves no more

	DueSource      DueKind = 12 // a page of statements takes effect
	DueClaim       DueKind = 10 // a claim's window, silence or contest is over
	DueSuccession  DueKind = 11 // a succession's window is over
	DueRemoval     DueKind = 18 // titles that rest on a registrar removed for cause
	DueRestriction DueKind = 13 // a freeze or a contest ends
	DueCase        DueKind = 14 // a case or an order goes on
)

// What bodies make fall due.
const (
	DueMotion   DueKind = 15 // a proposal's votes end, or its notice has run
	DueCure     DueKind = 16 // a cure term ends
	DueDeferred DueKind = 17 // what a body's act does on the breaker's day
)

// Ranks order what falls due in one second (specs/07 DUE-2).
const (
	RankCount  = 0 // not an item: the count of terms that end in that second
	RankOffer  = 1 // offers, listings, conditional transfers, evidence
	RankWait   = 2 // changes that wait, recoveries
	RankClaim  = 3 // claims, successions, source statements
	RankIntent = 4 // surrenders, enforcements
	RankEstate = 5 // ends of estates
	RankBound  = 6 // ends of restrictions
	RankStart  = 7 // starts of leases: after every end of that second
	RankGovern = 8 // what bodies do: after everything that holders agreed
)

// What a due item of kind DueCase is about.
const (
	SortCase  = 1
	SortOrder = 2
)

// TermsMax is how many terms may end in one second: two and a half blocks' work.
const TermsMax = 5000

// Due is one item of the due-queue; its key holds its time, rank and id.
type Due struct {
	Rules    uint64
	Kind     DueKind
	Act      wire.Hash     // the act that made the item
	Resource wire.Resource // of an estate, or what a restriction binds
	Estate   wire.Hash     // of an estate, the charge that is enforced, or where the mark of evidence is
	Account  wire.Address  // of a change that waits or a recovery
	Sort     uint64        // of a change that waits; a restriction's kind; SortCase or SortOrder; of a page of statements its registry's place in Registries
}

// Append writes the item's canonical bytes.
func (d *Due) Append(w *wire.Writer) {
	all := w.List()
	w.Uint(d.Rules)
	w.Uint(uint64(d.Kind))
	w.String(d.Act[:])
	w.Resource(d.Resource)
	w.String(d.Estate[:])
	w.String(d.Account[:])
	w.Uint(d.Sort)
	w.End(all)
}

// Read reads an item that Append wrote.
func (d *Due) Read(r *wire.Reader) {
	all := r.List()
	d.Rules, d.Kind = all.Uint(), DueKind(all.Byte())
	all.Fill(d.Act[:])
	d.Resource = all.Resource()
	all.Fill(d.Estate[:])
	all.Fill(d.Account[:])
	d.Sort = all.Uint()
	r.Leave(&all)
}

// DueFromBytes reads a canonical item.
func DueFromBytes(raw []byte) (*Due, error) {
	d := new(Due)
	if err := wire.Decode(raw, 256, d); err != nil {
		return nil, fmt.Errorf("due item: %w", err)
	}
	return d, nil
}

// Ends counts the terms that end in one second.
type Ends struct {
	Rules uint64
	Count uint64
}

// EndsFromBytes reads a canonical count.
func EndsFromBytes(raw []byte) (*Ends, error) {
	t := new(Ends)
	if err := wire.Decode(raw, 64, t); err != nil {
		return nil, fmt.Errorf("terms: %w", err)
	}
	return t, nil
}
