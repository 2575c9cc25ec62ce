package ledger

import (
	"errors"
	"fmt"

	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// ErrCorrupt reports a state that the rules cannot have made. It stops the node.
var ErrCorrupt = errors.New("ledger: corrupt state")

// block is the ledger block being applied: the state before it, and the state
// as far as it has come. The owner of a block is one call of Apply.
type block struct {
	base    tree.State
	e       *tree.Editor
	now     Header
	params  *record.Parameters
	chain   *record.Chain
	moved   bool // chain differs from what is stored
	backlog bool
	dues    int    // items settled
	works   uint64 // openings by work so far
	acts    int
	bytes   int
	out     []Receipt
	touched map[tree.Key]*touch // records read or written so far
	written int                 // how many of them were written, at least
	weight  int                 // of all written
	// What was read or written, decoded; nil for what is not there. read lists
	// what the act under way has entered, to be forgotten if it is taken back.
	pages    map[wire.Resource]*page
	accounts map[wire.Address]*account.Account
	read     []any
}

func begin(s tree.State, prev, now Header) (*block, error) {
	b, err := open(s, now)
	if err != nil {
		return nil, err
	}
	b.stall(prev)
	return b, b.sweep()
}

// open makes a block at header now without settling anything.
func open(s tree.State, now Header) (*block, error) {
	b := &block{base: s, e: s.Edit(), now: now, touched: map[tree.Key]*touch{}, pages: map[wire.Resource]*page{}, accounts: map[wire.Address]*account.Account{}}
	var err error
	if b.params, err = Parameters(s); err != nil {
		return nil, err
	}
	raw, ok := b.e.Get(record.ChainKey)
	if !ok {
		return nil, fmt.Errorf("%w: no chain record", ErrCorrupt)
	}
	b.chain = wire.Own[record.Chain](raw.Data)
	return b, nil
}

// Parameters reads the numbers that rules go by.
func Parameters(s tree.State) (*record.Parameters, error) {
	raw, ok := s.Get(record.ParametersKey)
	if !ok {
		return nil, fmt.Errorf("%w: no parameters", ErrCorrupt)
	}
	return record.ParametersFromBytes(raw.Data)
}

// stall counts a halt of the chain.
//
// specs/07 DUE-6: state keeps the sum of the gaps between headers beyond
// StallSeconds; such a gap is itself a due item.
func (b *block) stall(prev Header) {
	if prev.Height == 0 || b.now.Time <= prev.Time {
		return
	}
	if gap := b.now.Time - prev.Time; gap > b.params.StallSeconds {
		b.chain.Stalled += gap - b.params.StallSeconds
		b.moved = true
	}
}

// end closes the block and computes the state after it.
func (b *block) end(evidence bool) (Result, error) {
	bearing := evidence || b.moved || b.dues > 0 || b.acts > 0
	if bearing {
		b.put(record.RingKey(b.chain.Bearing), b.now.Hash[:])
		b.chain.Bearing++
		b.put(record.ChainKey, wire.Encode(b.chain))
	}
	changes := b.e.Changes()
	return Result{State: b.e.Freeze(), Receipts: b.out, Changes: changes, Bearing: bearing, Backlog: b.backlog}, nil
}

// put writes a record outside the resource subtrees.
func (b *block) put(k tree.Key, data []byte) { b.set(record.Leaf(k, data)) }

func (b *block) set(l tree.Leaf) {
	b.touch(l.Key, len(l.Data))
	b.e.Put(l)
}

func (b *block) remove(k tree.Key) {
	b.touch(k, 0)
	b.e.Delete(k)
}

// undo takes back everything since mark, and what was remembered of it.
func (b *block) undo(mark int) {
	b.e.Rollback(mark)
	for _, at := range b.read {
		switch at := at.(type) {
		case wire.Resource:
			delete(b.pages, at)
		case wire.Address:
			delete(b.accounts, at)
		}
	}
}

// touch is a record that the ledger block reads or writes: its value and size
// before, and the most bytes it has had since; what is taken back stays counted.
type touch struct {
	value       wire.Hash
	before, now int
	written     bool
}

// get reads a record, and remembers what it was before this ledger block.
func (b *block) get(k tree.Key) (tree.Leaf, bool) {
	l, ok := b.e.Get(k)
	if _, seen := b.touched[k]; !seen {
		b.touched[k] = &touch{value: l.Value, before: len(l.Data)}
	}
	return l, ok
}

func (b *block) touch(k tree.Key, bytes int) *touch {
	t, seen := b.touched[k]
	if !seen {
		old, _ := b.base.Get(k)
		t = &touch{value: old.Value, before: len(old.Data)}
		b.touched[k] = t
	}
	if !t.written {
		t.written = true
		b.written++
		b.weight += t.before
	}
	if bytes > t.now {
		b.weight += bytes - t.now
		t.now = bytes
	}
	return t
}

// over reports whether the ledger block has changed more than it may.
func (b *block) over() bool {
	return b.written > BlockChangesMax-endChanges || b.weight > BlockWeightMax-endWeight
}

// folio is a copy of what is written at a block; empty where nothing is.
func (b *block) folio(r wire.Resource) *record.Folio {
	f := new(record.Folio)
	if p := b.pageAt(r); p != nil {
		*f = *p.folio
	}
	return f
}

// putFolio writes a folio, or takes it out of the tree when it is empty.
//
// specs/14 REC-3: previous is the folio's value before this ledger block, so
// that history rows, one a height, link without a gap (R15).
func (b *block) putFolio(r wire.Resource, f *record.Folio) {
	k := tree.ResourceKey(r)
	if f.Empty() {
		b.remove(k)
		b.remember(r, nil)
		return
	}
	data := len(f.Title) + len(f.Estates) + len(f.Authorisations)
	f.Previous = b.touch(k, data).value
	b.set(record.FolioLeaf(r, f))
	kept := *f
	b.remember(r, &page{at: r, folio: &kept})
}

// account reads an account; ok is false where there is none. It is a copy, all
// but its keys, which nobody changes in place.
func (b *block) account(id wire.Address) (*account.Account, bool) {
	a, known := b.accounts[id]
	if !known {
		if leaf, ok := b.get(tree.AccountKey(id)); ok {
			a = wire.Own[account.Account](leaf.Data)
		}
		b.rememberAccount(id, a)
	}
	if a == nil {
		return nil, false
	}
	out := *a
	return &out, true
}

func (b *block) putAccount(id wire.Address, a *account.Account) {
	b.put(tree.AccountKey(id), a.Bytes())
	kept := *a
	b.rememberAccount(id, &kept)
}

func (b *block) rememberAccount(id wire.Address, a *account.Account) {
	b.accounts[id] = a
	b.read = append(b.read, id)
}

// editAccount changes an account that is known to exist.
func (b *block) editAccount(id wire.Address, change func(*account.Account)) {
	a, ok := b.account(id)
	if !ok {
		panic(fmt.Errorf("%w: no account %v", ErrCorrupt, id))
	}
	change(a)
	b.putAccount(id, a)
}

// act applies one act: an error means that it is not admissible here.
func (b *block) act(v tx.Verified) error {
	if err := b.room(v); err != nil {
		return err
	}
	start := b.e.Mark()
	b.read = b.read[:0]
	if err := b.charge(v); err != nil {
		return err
	}
	charged := b.e.Mark()
	err := b.do(v)
	if err != nil && !errors.Is(err, tx.ErrRefused) {
		return err
	}
	if err != nil {
		b.undo(charged)
	}
	if b.over() {
		b.undo(start)
		return tx.Refuse("ADM-7", "", "the ledger block has no room left for its record changes")
	}
	b.acts, b.bytes = b.acts+1, b.bytes+len(v.Raw())
	b.out = append(b.out, receipt(v, err))
	return nil
}

// What closing a ledger block writes: a place of the ring and the chain record.
const (
	endChanges = 2
	endWeight  = 1 << 10
)

// room checks the limits that need no state.
func (b *block) room(v tx.Verified) error {
	if b.backlog {
		return tx.Refuse("ADM-8", "", "what is due is not settled yet")
	}
	if b.acts >= BlockActsMax || b.bytes+len(v.Raw()) > BlockBytesMax {
		return tx.Refuse("ADM-7", "", "the ledger block is full")
	}
	return nil
}
