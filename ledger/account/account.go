// Package account is who may act: holders' accounts with their keys, k-of-n
// policies, lanes and credit, and the signatures that bind them (specs/03).
//
// It does not know what an act does; that is for the rooms above it.
package account

import (
	"errors"
	"fmt"

	"ipledger/ledger/wire"
)

// Bounds of an account (specs/03 ACC-1). They keep an account below BytesMax.
const (
	Lanes           = 16  // lanes 0 to 7 are signed by title keys, 8 to 15 by routing keys
	RoutingLane     = 8   // the first lane of routing keys
	KeysMax         = 16  // keys a role: a board's worth, and 16 signatures fit an act of 4 KiB
	NameBytesMax    = 128 // of UTF-8
	DelaySecondsMax = 90 * 24 * 3600
	BytesMax        = 4096
)

// ErrForm reports an account or policy that breaks a bound (ACC-1, ACC-2).
var ErrForm = errors.New("account: not well formed")

// Account is a holder as the ledger knows it. Its id is the key it is stored
// under and never changes.
type Account struct {
	Rules        uint64 // version of the rules that wrote this record
	Name         string // self-declared unless Attested, at most NameBytesMax
	Jurisdiction string // ISO 3166-1 alpha-2, upper case
	Policy       Policy
	Delay        uint64        // seconds between an offer and its earliest acceptance
	Lanes        [Lanes]uint64 // the next number of each lane
	Credit       Credit
	Holdings     Holdings
	Waiting      uint64         // sorts of changes that wait, one bit each: 1 policy, 2 delay, 4 guardians
	Opened       uint64         // header time, Unix seconds
	Guardians    []wire.Address // ascending, at most GuardiansMax
	GuardianK    uint64         // how many of them start a recovery
	Recovery     Recovery       // how far a recovery has come
	Provider     wire.Address   // of record; zero for none
	Renewed      uint64         // how often a recovery replaced its keys
	Attested     []Attested     // of the name as it stands: at most one, none while it is self-declared
}

// Attested is that a registrar attested the account's name and jurisdiction as
// they stand.
type Attested struct {
	By        wire.Address // a registrar
	Documents wire.Hash    // digest of what the registrar saw
	At        uint64       // header time, Unix seconds
}

// Recovery is how far guardians have come in replacing an account's keys.
type Recovery uint64

const (
	NoRecovery Recovery = 0
	Proposed   Recovery = 1 // too few guardians support any proposal
	Running    Recovery = 2
	Vetoed     Recovery = 3 // it runs, against the account's own keys
)

// GuardiansMax is how many guardians an account has at most.
const GuardiansMax = 8

// Bytes is the account's canonical record.
func (a *Account) Bytes() []byte { return wire.Encode(a) }

// Append writes the account's canonical bytes.
func (a *Account) Append(w *wire.Writer) {
	all := w.List()
	w.Uint(a.Rules)
	w.Text(a.Name)
	w.Text(a.Jurisdiction)
	a.Policy.append(w)
	w.Uint(a.Delay)
	lanes := w.List()
	for _, next := range a.Lanes {
		w.Uint(next)
	}
	w.End(lanes)
	credit := w.List()
	w.Uint(a.Credit.Amount)
	w.Uint(a.Credit.At)
	w.End(credit)
	held := w.List()
	w.Uint(a.Holdings.V4)
	w.Uint(a.Holdings.V6)
	w.Uint(a.Holdings.AS)
	w.End(held)
	w.Uint(a.Waiting)
	w.Uint(a.Opened)
	guardians := w.List()
	for i := range a.Guardians {
		w.String(a.Guardians[i][:])
	}
	w.End(guardians)
	w.Uint(a.GuardianK)
	w.Uint(uint64(a.Recovery))
	w.String(a.Provider[:])
	w.Uint(a.Renewed)
	attested := w.List()
	for i := range a.Attested {
		one := w.List()
		w.String(a.Attested[i].By[:])
		w.String(a.Attested[i].Documents[:])
		w.Uint(a.Attested[i].At)
		w.End(one)
	}
	w.End(attested)
	w.End(all)
}

// Read reads an account that Append wrote.
func (a *Account) Read(r *wire.Reader) {
	all := r.List()
	a.Rules, a.Name, a.Jurisdiction = all.Uint(), all.Text(), all.Text()
	a.Policy.read(&all)
	a.Delay = all.Uint()
	lanes := all.List()
	for i := range a.Lanes {
		a.Lanes[i] = lanes.Uint()
	}
	all.Leave(&lanes)
	credit := all.List()
	a.Credit = Credit{Amount: credit.Uint(), At: credit.Uint()}
	all.Leave(&credit)
	held := all.List()
	a.Holdings = Holdings{V4: held.Uint(), V6: held.Uint(), AS: held.Uint()}
	all.Leave(&held)
	a.Waiting, a.Opened = all.Uint(), all.Uint()
	guardians := all.List()
	for guardians.More() {
		var g wire.Address
		guardians.Fill(g[:])
		a.Guardians = append(a.Guardians, g)
	}
	all.Leave(&guardians)
	a.GuardianK, a.Recovery = all.Uint(), Recovery(all.Uint())
	all.Fill(a.Provider[:])
	a.Renewed = all.Uint()
	a.readAttested(&all)
	r.Leave(&all)
}

func (a *Account) readAttested(r *wire.Reader) {
	list := r.List()
	if list.More() {
		one := list.List()
		var x Attested
		one.Fill(x.By[:])
		one.Fill(x.Documents[:])
		x.At = one.Uint()
		list.Leave(&one)
		a.Attested = []Attested{x}
	}
	r.Leave(&list)
}

// FromBytes reads what Bytes writes.
func FromBytes(raw []byte) (*Account, error) {
	a := new(Account)
	if err := wire.Decode(raw, BytesMax, a); err != nil {
		return nil, fmt.Errorf("account: %w", err)
	}
	if len(a.Attested) > 1 {
		return nil, fmt.Errorf("account: %w: its name is attested %d times", wire.ErrCanonical, len(a.Attested))
	}
	return a, nil
}

// Role is the part of an account's powers that a key holds.
type Role uint8

const (
	Title   Role = 1 // everything
	Routing Role = 2 // origins, providers, reverse, geofeed, contacts
)

// RoleOf says whose keys sign in a lane.
func RoleOf(lane uint64) Role {
	if lane < RoutingLane {
		return Title
	}
	return Routing
}
