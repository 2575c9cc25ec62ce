package ledger

import (
	"bytes"
	"maps"
	"slices"

	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// Check is what a pool knows: a committed state and what the acts the pool holds
// have already taken from their authors. It writes nothing anywhere, so an act
// costs it a look at the author's account. One goroutine owns it.
type Check struct{ b *block }

// NewCheck starts from a committed state at its header.
func NewCheck(s tree.State, now Header) (*Check, error) {
	b, err := open(s, now, 0)
	return &Check{b}, err
}

// Admit takes the act's lane number and credit, or says why it is not
// admissible after those admitted before. It does not apply the act. An act of a
// bundle is admitted with the whole of it (AdmitBundle).
func (c *Check) Admit(v tx.Verified) error {
	if v.Header().Count > 0 {
		return tx.Refuse("ADM-10", "bundle", "it is one of %d acts that are admitted together", v.Header().Count)
	}
	return c.admit(v)
}

// AdmitBundle is Admit for all acts of a bundle, in order; it takes from none
// of their authors unless all are admissible.
func (c *Check) AdmitBundle(acts []tx.Verified) error {
	if err := wholeBundle(acts); err != nil {
		return err
	}
	before := make([]account.Account, len(acts)) // each act's author before it
	for i, v := range acts {
		if a := c.b.accountAt(v.Author()); a != nil {
			before[i] = *a
		}
		if err := c.admit(v); err != nil {
			for j := i - 1; j >= 0; j-- {
				*c.b.accountAt(acts[j].Author()) = before[j]
			}
			return err
		}
	}
	return nil
}

func (c *Check) admit(v tx.Verified) error {
	a, err := c.b.take(v)
	if err == nil && a != nil {
		c.b.seatOf(v.Author()).written = true
	}
	return err
}

// Willed reports whether an act that waits for others of its bundle is its
// author's, who need not have had its turn yet: the account is there, and its
// policy in force is named and kept to (ADM-1, ADM-2, ADM-3). It takes nothing.
func (c *Check) Willed(v tx.Verified) error {
	a := c.b.accountAt(v.Author())
	if a == nil {
		return tx.Refuse("ADM-1", "account", "no account %v", v.Author())
	}
	return willed(a, v)
}

// Next is the number that the account's lane awaits after what was admitted;
// ok is false where there is no such account or lane.
func (c *Check) Next(id wire.Address, lane uint64) (next uint64, ok bool) {
	a := c.b.accountAt(id)
	if a == nil || lane >= account.Lanes {
		return 0, false
	}
	return a.Lanes[lane], true
}

// Forget gives back what all acts of one author took. The pool admits those
// anew that it still holds, in their order.
func (c *Check) Forget(author wire.Address) { delete(c.b.seats, author) }

// Advance goes on to the state after the next ledger block, of which changes are
// its Result's. It forgets the accounts that the block changed, and gives their
// ids in ascending order: the pool admits anew the acts of these authors that it
// still holds, in their order, and drops those refused. Of everyone else it
// remembers what was taken, so no other act need be looked at, but for those
// whose Expires is not after the header's time and openings by work. A block that
// changes the parameters changes everyone.
//
// After an error, which reports a corrupt state, the Check is as it was.
func (c *Check) Advance(s tree.State, now Header, changes []tree.Change) (authors []wire.Address, err error) {
	next, err := open(s, now, 0)
	if err != nil {
		return nil, err
	}
	next.seats = maps.Clone(c.b.seats)
	// What nothing was taken from is read when it is asked for, so that what is
	// remembered is bounded by the acts that the pool holds.
	maps.DeleteFunc(next.seats, func(_ wire.Address, s *seat) bool { return !s.written })
	for i := range changes {
		switch k := &changes[i].Key; {
		case k.Subtree == tree.Accounts:
			authors = append(authors, wire.Address(k.Addr[:]))
		case *k == record.ParametersKey:
			authors = slices.AppendSeq(authors, maps.Keys(next.seats))
		}
	}
	slices.SortFunc(authors, func(a, b wire.Address) int { return bytes.Compare(a[:], b[:]) })
	authors = slices.Compact(authors)
	for _, id := range authors {
		delete(next.seats, id)
	}
	c.b = next
	return authors, nil
}
