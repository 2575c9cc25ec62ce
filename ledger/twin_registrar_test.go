package ledger_test

import (
	"bytes"
	"math/big"
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// twinRegistrar is a registrar; one that was removed for cause serves no more.
type twinRegistrar struct {
	account                    wire.Address
	organisation, jurisdiction string
	removed                    bool
}

// twinAttested is a registrar's word for an account's name; zero where it is self-declared.
type twinAttested struct {
	by        wire.Address
	documents wire.Hash
	at        uint64
}

// twinUse is one attestation, counted against its registrar's share.
type twinUse struct {
	by       wire.Address
	registry string
	part     uint64
	at       wire.Resource
}

// twinRemoval is a removal for cause whose titles are to be frozen.
type twinRemoval struct {
	act wire.Hash
	who wire.Address
	at  uint64
}

// Numbers of the claims of the random world.
const (
	twinClaimA      = 40
	twinClaimB      = 60
	twinSucceeds    = 50
	twinUnanswered  = 90
	twinRestricts   = 400
	twinQualified   = 900
	twinCautions    = 100
	twinAttests     = 90
	twinShare       = 1_000_000 // of a million
	twinWords       = 2
	twinClaimWaits  = 30 * 24 * 3600
	twinClaimParts  = 30
	twinClaimsOpen  = 64
	twinClaimsStand = 6
	twinClaimMarks  = 3
)

func (w *twin) registrar(who wire.Address) *twinRegistrar {
	for i := range w.registrars {
		if w.registrars[i].account == who {
			return &w.registrars[i]
		}
	}
	return nil
}

func (w *twin) serves(who wire.Address) bool {
	r := w.registrar(who)
	return r != nil && !r.removed
}

// brokenRegistrar is of one who is no registrar that serves, or a party.
func (w *twin) brokenRegistrar(add breaks, who wire.Address, parties ...wire.Address) {
	add("CLAIM-9", !w.serves(who) || slices.Contains(parties, who))
}

// apart reports whether two registrars serve and are of different organisations.
func (w *twin) apart(x, y wire.Address) bool {
	return w.serves(x) && w.serves(y) && w.registrar(x).organisation != w.registrar(y).organisation
}

// share is how much of a registry's numbers of a family a registrar may attest,
// in the units of CLAIM-11.
func (w *twin) share(registry string, f wire.Family) *big.Int {
	sum := new(big.Int)
	for _, t := range w.titles {
		if t.row.Registry == registry && t.at.Family == f {
			sum.Add(sum, inr.Count(t.at))
		}
	}
	if f == wire.IPv6 {
		sum.Rsh(sum, 64)
	}
	sum.Mul(sum, big.NewInt(twinShare))
	return sum.Div(sum, big.NewInt(1_000_000))
}

// brokenShare is of an attestation that is beyond its registrar's share.
func (w *twin) brokenShare(add breaks, who wire.Address, r wire.Resource) {
	t := w.titleOf(r)
	if t == nil {
		return
	}
	sum := new(big.Int).Set(inr.Count(r))
	for _, u := range w.used {
		if u.by == who && u.registry == t.row.Registry && u.at.Family == r.Family && u.part+twinClaimParts >= w.part() {
			sum.Add(sum, inr.Count(u.at))
		}
	}
	if r.Family == wire.IPv6 {
		sum.Rsh(sum, 64)
	}
	add("CLAIM-11", sum.Cmp(w.share(t.row.Registry, r.Family)) > 0)
}

// part is which of the parts of time it is.
func (w *twin) part() uint64 { return w.now / (twinAttests / twinClaimParts) }

// brokenName is of an account that does not call itself what is attested.
func (w *twin) brokenName(add breaks, author wire.Address, b *tx.NameAttest) {
	w.brokenRegistrar(add, author, b.Subject)
	a := w.accounts[b.Subject]
	add("CLAIM-25", a == nil || a.name != b.Name || a.jurisdiction != b.Jurisdiction || a.name == "")
}

// dismiss removes a registrar for cause: from the next second on the titles that
// rest on it are frozen.
func (w *twin) dismiss(act wire.Hash, who wire.Address) {
	w.registrar(who).removed = true
	w.removals = append(w.removals, twinRemoval{act, who, w.now + 1})
}

// dueRemovals freezes the titles that rest on a registrar that was removed.
func (w *twin) dueRemovals() (out []twinDue) {
	for _, x := range w.removals {
		out = append(out, twinDue{x.at, 8, wire.Sum(wire.TagDealing, x.act[:], x.who[:]), func() {
			w.removals = slices.DeleteFunc(w.removals, func(y twinRemoval) bool { return x == y })
			for i := range w.titles {
				if t := &w.titles[i]; slices.Contains(t.basis, x.who) {
					w.event("frozen after a removal")
					t.qualified = max(t.qualified, w.now+twinQualified)
					t.record(twinAgainst{kind: record.Freeze, act: x.act, at: t.at, until: w.now + twinRestricts})
					w.touch(t.at)
				}
			}
		}})
	}
	return out
}

func sortAddresses(list []wire.Address) []wire.Address {
	slices.SortFunc(list, func(x, y wire.Address) int { return bytes.Compare(x[:], y[:]) })
	return list
}
