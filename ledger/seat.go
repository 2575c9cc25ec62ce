package ledger

import (
	"fmt"

	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// seat is the place of one account, with what was decoded of it.
type seat struct {
	touch
	*account.Account      // as the tree has it; nil where there is none
	known            bool // else it is to be read from the tree
	room             account.Account
}

// seatOf is the place of an account, read.
func (b *block) seatOf(id wire.Address) *seat {
	s := b.seats[id]
	if s != nil && s.known {
		return s
	}
	l, ok := b.e.Get(tree.AccountKey(id))
	if s == nil { // nothing was written there yet
		s = b.seatSlab.next()
		s.before = len(l.Data)
		b.seats[id] = s
	}
	s.Account, s.known = nil, true
	if ok {
		s.Account = &s.room
		s.read(l.Data)
	}
	return s
}

// read fills the room of the seat.
func (s *seat) read(raw []byte) {
	s.room = account.Account{}
	r := wire.NewReader(raw)
	s.room.Read(&r)
	r.MustClose("account")
}

// accountAt reads an account, nil where there is none. It is shared: who changes
// it writes it with putAccount at once.
func (b *block) accountAt(id wire.Address) *account.Account { return b.seatOf(id).Account }

// putAccount writes an account and keeps a.
func (b *block) putAccount(id wire.Address, a *account.Account) {
	s := b.seatOf(id)
	b.newSeats = append(b.newSeats, s)
	b.w.Reset()
	a.Append(&b.w)
	data := b.w.Bytes()
	b.wrote(&s.touch, len(data))
	b.e.Put(record.Leaf(tree.AccountKey(id), data))
	s.Account = a
}

// editAccount changes an account that is known to exist.
func (b *block) editAccount(id wire.Address, change func(*account.Account)) {
	a := b.accountAt(id)
	if a == nil {
		panic(fmt.Errorf("%w: no account %v", ErrCorrupt, id))
	}
	change(a)
	b.putAccount(id, a)
}
