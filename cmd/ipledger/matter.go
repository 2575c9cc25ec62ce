package main

import (
	"context"

	"ipledger/ledger/light"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// matter is what an act is about: a block, and what stands at it.
type matter struct {
	*sourced
	block wire.Resource
}

// matter looks up a block that is typed in its canonical form.
func (s *session) matter(ctx context.Context, text string) (m matter, err error) {
	if m.block, err = strict(text); err != nil {
		return m, err
	}
	m.sourced, err = s.look(ctx, m.block, "", false)
	return m, err
}

// holder is who holds the title, zero for nobody.
func (m matter) holder() wire.Address {
	if m.Title == nil {
		return wire.Address{}
	}
	return m.Title.Holder.Address
}

// possessor is the holder of the innermost live right, zero for nobody.
func (m matter) possessor() wire.Address { return m.Possessor.Address }

// value is what offers and acceptances name: that of the title as it stands,
// proven where a trust file is set.
func (m matter) value() (wire.Hash, error) {
	if m.Title == nil {
		state := string(m.State)
		f := fail(exitRefused, "%w", tx.Refuse("TITLE-1", "resource", "no title covers the whole of %v: it is %s", m.block, said(state)))
		if state == light.Divided {
			f.hint("deal with the titles inside it one by one")
		}
		return wire.Hash{}, f
	}
	return m.Title.Dealing, nil
}

// foundEstate is an estate at a block, with who possesses next outside it.
type foundEstate struct {
	right
	outer wire.Address
}

// estate finds the estate of a kind that stands at exactly the block, by its id
// where one is typed.
func (m matter) estate(kind, rule string, ids []string) (found foundEstate, err error) {
	id, err := optionalID(ids)
	if err != nil {
		return found, err
	}
	n := 0
	for i, e := range append(m.Estates[:len(m.Estates):len(m.Estates)], m.ToCome...) {
		if string(e.At) == m.block.String() && string(e.Kind) == kind && (id.IsZero() || e.ID == id) {
			found = foundEstate{e, m.outside(i, e)}
			n++
		}
	}
	return found, m.only(n, kind, rule)
}

// outside is who possesses next outside an estate, which is the i-th live one or
// begins when those that end before it are gone.
func (m matter) outside(i int, e right) wire.Address {
	outer := m.holder()
	for _, x := range m.Estates[:min(i, len(m.Estates))] {
		if x.Ends == 0 || x.Ends > e.Start {
			outer = x.Holder.Address
		}
	}
	return outer
}

// charge finds the charge over the title, by its id where one is typed, else by
// its lender where an account is asked for.
func (m matter) charge(ids []string, lender wire.Address) (found chargeAnswer, err error) {
	id, err := optionalID(ids)
	if err != nil {
		return found, err
	}
	n := 0
	for _, c := range m.Charges {
		if c.ID == id || id.IsZero() && (lender.IsZero() || c.Lender.Address == lender) {
			found = c
			n++
		}
	}
	return found, m.only(n, "charge", "CHARGE-8")
}

// only reports whether exactly one of a kind was found.
func (m matter) only(n int, kind, rule string) error {
	switch n {
	case 1:
		return nil
	case 0:
		return fail(exitRefused, "%w", tx.Refuse(rule, kind, "no such %s stands at %v", kind, m.block)).hint("ipledger lookup %v", m.block)
	}
	return usage("%d of a kind stand at %v: say which %s by its id", n, m.block, kind).hint("ipledger lookup %v", m.block)
}

func optionalID(ids []string) (id wire.Hash, err error) {
	if len(ids) > 0 {
		id, err = parseID(ids[0])
	}
	return id, err
}
