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
	partly  bool   // a due item was begun and goes on in the next ledger block
	dues    int    // items settled
	works   uint64 // openings by work so far
	revokes int    // revocations so far
	acts    int
	bytes   int
	out     []Receipt
	touched map[tree.Key]int32 // places in touches of what was read or written so far
	touches []touch
	written int // how many of them were written, at least
	weight  int // of all written
	// What was read or written, decoded; nil for what is not there. The lists
	// have what the act under way has entered, to be forgotten if it is taken back.
	pages        map[wire.Resource]*page
	accounts     map[wire.Address]*account.Account
	looks        int // blocks looked at by the act or end under way
	looked       int // by all of the ledger block, what is taken back too
	pagesRead    []wire.Resource
	accountsRead []wire.Address
	// Room that is used again: for the bytes of a record on its way into the
	// tree, which copies them, and for the leaves over a block.
	w    wire.Writer
	path []tree.Leaf
}

// begin makes a block that will have about as many acts as expected.
func begin(s tree.State, prev, now Header, expected int) (*block, error) {
	b, err := open(s, now, expected)
	if err != nil {
		return nil, err
	}
	b.stall(prev)
	return b, b.sweep()
}

// open makes a block at header now without settling anything.
func open(s tree.State, now Header, expected int) (*block, error) {
	expected = min(expected, BlockActsMax)
	b := &block{
		base: s, e: s.Edit(), now: now,
		touched: make(map[tree.Key]int32, changesUsual*expected), touches: make([]touch, 0, changesUsual*expected),
		pages: make(map[wire.Resource]*page, expected), accounts: make(map[wire.Address]*account.Account, expected),
		out: make([]Receipt, 0, expected),
	}
	b.e.Reserve(changesUsual * expected)
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

// changesUsual is how many records an act usually changes: its author, what it
// speaks of, an index.
const changesUsual = 4

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
	bearing := evidence || b.moved || b.partly || b.dues > 0 || b.acts > 0
	if bearing {
		b.put(record.RingKey(b.chain.Bearing), b.now.Hash[:])
		b.chain.Bearing++
		b.write(record.ChainKey, b.chain)
	}
	changes := b.e.Changes()
	return Result{State: b.e.Freeze(), Receipts: b.out, Changes: changes, Bearing: bearing, Backlog: b.backlog}, nil
}

// put writes a record outside the resource subtrees; data is copied.
func (b *block) put(k tree.Key, data []byte) {
	b.touch(k, len(data))
	b.e.Put(record.Leaf(k, data))
}

// write is put for a record that knows its fields.
func (b *block) write(k tree.Key, r wire.Appender) {
	b.w.Reset()
	r.Append(&b.w)
	b.put(k, b.w.Bytes())
}

func (b *block) remove(k tree.Key) {
	b.touch(k, 0)
	b.e.Delete(k)
}

// undo takes back everything since mark, and what was remembered of it.
func (b *block) undo(mark int) {
	b.e.Rollback(mark)
	for _, at := range b.pagesRead {
		delete(b.pages, at)
	}
	for _, id := range b.accountsRead {
		delete(b.accounts, id)
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
		b.firstTouch(k, l)
	}
	return l, ok
}

// firstTouch remembers a record that stood as l when the ledger block began.
func (b *block) firstTouch(k tree.Key, l tree.Leaf) int32 {
	at := int32(len(b.touches))
	b.touched[k] = at
	b.touches = append(b.touches, touch{value: l.Value, before: len(l.Data)})
	return at
}

// touch counts a record as written with so many bytes, and gives its value
// before this ledger block.
func (b *block) touch(k tree.Key, bytes int) wire.Hash {
	at, seen := b.touched[k]
	if !seen {
		old, _ := b.base.Get(k)
		at = b.firstTouch(k, old)
	}
	t := &b.touches[at]
	if !t.written {
		t.written = true
		b.written++
		b.weight += t.before
	}
	if bytes > t.now {
		b.weight += bytes - t.now
		t.now = bytes
	}
	return t.value
}

// over reports whether the ledger block has changed more than it may.
func (b *block) over() bool {
	return b.written > BlockChangesMax-endChanges || b.weight > BlockWeightMax-endWeight || b.looked > blockLooksMax
}

// folio is a copy of what is written at a block; empty where nothing is.
func (b *block) folio(r wire.Resource) *record.Folio {
	f := new(record.Folio)
	if p := b.pageAt(r); p != nil {
		*f = *p.folio
	}
	return f
}

// putFolio writes a folio, or takes it out of the tree when it is empty. It
// keeps f, which must not be changed afterwards.
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
	f.Previous = b.touch(k, len(f.Title)+len(f.Estates)+len(f.Authorisations))
	b.w.Reset()
	f.Append(&b.w)
	data := b.w.Bytes()
	b.touch(k, len(data))
	b.e.Put(tree.Leaf{Key: k, Value: f.Value(), Data: data})
	b.remember(r, &page{at: r, folio: f})
}

// accountAt reads an account, nil where there is none. It is shared: do not
// change it.
func (b *block) accountAt(id wire.Address) *account.Account {
	a, known := b.accounts[id]
	if !known {
		if leaf, ok := b.get(tree.AccountKey(id)); ok {
			a = wire.Own[account.Account](leaf.Data)
		}
		b.rememberAccount(id, a)
	}
	return a
}

// account is a copy of an account, all but its keys, which nobody changes in
// place; ok is false where there is none.
func (b *block) account(id wire.Address) (*account.Account, bool) {
	a := b.accountAt(id)
	if a == nil {
		return nil, false
	}
	out := *a
	return &out, true
}

// putAccount writes an account and keeps a, which must not be changed afterwards.
func (b *block) putAccount(id wire.Address, a *account.Account) {
	b.write(tree.AccountKey(id), a)
	b.rememberAccount(id, a)
}

func (b *block) rememberAccount(id wire.Address, a *account.Account) {
	b.accounts[id] = a
	b.accountsRead = append(b.accountsRead, id)
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
	b.pagesRead, b.accountsRead, b.looks = b.pagesRead[:0], b.accountsRead[:0], 0
	if err := b.charge(v); err != nil {
		return err
	}
	charged := b.e.Mark()
	err := b.do(v)
	if err != nil && !errors.Is(err, tx.ErrRefused) {
		b.undo(start)
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
