package ledger

import (
	"errors"
	"fmt"

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
	moved   bool // chain or rules in force differ from what is stored
	set     bool // parameters were written
	backlog bool
	decreed bool   // a decision is carried out, which no full second refuses (EST-7)
	partly  bool   // a due item was begun and goes on in the next ledger block
	dues    int    // items settled
	works   uint64 // openings by work so far
	// Openings so far whose sponsors hold no numbers.
	sponsored uint64
	revokes   revocations
	shown     int // acts of evidence looked at so far, what is taken back too
	memory    Memory
	acts      int
	bytes     int
	out       []Receipt
	tally     tally
	written   int       // records written so far, what is taken back too
	touches   []touched // by the act under way, in order
	weight    int       // of all written
	// What was read or written, by where it stands: folios and accounts decoded,
	// of all else that it was written. The lists have what the act under way has
	// written, to be read anew if it is taken back.
	pages    map[wire.Resource]*page
	seats    map[wire.Address]*seat
	touched  map[tree.Key]*touch
	newPages []*page
	// Room for pages, seats and touches.
	pageSlab  slab[page]
	seatSlab  slab[seat]
	touchSlab slab[touch]
	newSeats  []*seat
	looks     int // blocks looked at by the act or end under way
	looked    int // by all of the ledger block, what is taken back too
	// Room that is used again: for the bytes of a record on its way into the
	// tree, which copies them, and for the leaves over a block.
	w    wire.Writer
	path []tree.Leaf
	keys []tree.Key
}

// begin makes a block that will have about as many acts as expected.
func begin(s tree.State, prev, now Header, expected int) (*block, error) {
	return Memory{}.begin(s, prev, now, expected)
}

func (m Memory) begin(s tree.State, prev, now Header, expected int) (*block, error) {
	b, err := open(s, now, expected)
	if err != nil {
		return nil, err
	}
	b.memory = m
	b.stall(prev)
	if err := b.upgrade(); err != nil {
		return nil, err
	}
	return b, b.sweep()
}

// open makes a block at header now without settling anything.
func open(s tree.State, now Header, expected int) (*block, error) {
	expected = min(expected, BlockActsMax)
	b := &block{
		base: s, e: s.Edit(), now: now,
		pages: make(map[wire.Resource]*page, expected), seats: make(map[wire.Address]*seat, expected),
		touched: make(map[tree.Key]*touch, expected), out: make([]Receipt, 0, expected),
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
func (b *block) end(evidence []Misbehaviour) (Result, error) {
	b.accuse(evidence)
	bearing := len(evidence) > 0 || b.moved || b.partly || b.dues > 0 || b.acts > 0
	if bearing {
		b.put(record.RingKey(b.chain.Bearing), b.now.Hash[:])
		b.chain.Bearing++
		b.writeCounts()
		b.write(record.ChainKey, b.chain)
	}
	changes := b.e.Changes()
	return Result{
		State: b.e.Freeze(), Receipts: b.out, Changes: changes, Bearing: bearing, Backlog: b.backlog,
		Validators: b.updates(), NextRules: b.nextRules(),
	}, nil
}

// put writes a record that is neither folio nor account; data is copied.
func (b *block) put(k tree.Key, data []byte) {
	old := b.e.Put(record.Leaf(k, data))
	b.wrote(b.touch(k, len(old.Data)), len(data))
}

// write is put for a record that knows its fields.
func (b *block) write(k tree.Key, r wire.Appender) { b.put(k, b.encode(r)) }

// encode gives a record's bytes, valid until the next.
func (b *block) encode(r wire.Appender) []byte {
	b.w.Reset()
	r.Append(&b.w)
	return b.w.Bytes()
}

func (b *block) remove(k tree.Key) {
	old, _ := b.e.Delete(k)
	b.wrote(b.touch(k, len(old.Data)), 0)
}

// undo takes back everything since mark, and what was remembered of it.
func (b *block) undo(mark int) {
	b.e.Rollback(mark)
	b.uncount(mark)
	if b.set {
		leaf, _ := b.e.Get(record.ParametersKey)
		b.params = wire.Own[record.Parameters](leaf.Data)
	}
	for _, p := range b.newPages {
		p.known = false
	}
	for _, s := range b.newSeats {
		s.known = false
	}
}

// touch is a record that the ledger block reads or writes: its size before, and
// the most bytes it has had since; what is taken back stays counted.
type touch struct {
	before, now int
	written     bool
}

// touch is how a record was written so far; before is its size if it was not.
func (b *block) touch(k tree.Key, before int) *touch {
	t := b.touched[k]
	if t == nil {
		t = b.touchSlab.next()
		t.before = before
		b.touched[k] = t
	}
	return t
}

// wrote counts a record as written with so many bytes.
func (b *block) wrote(t *touch, bytes int) {
	if !t.written || bytes > t.now {
		b.touches = append(b.touches, touched{t, t.written, t.now})
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
}

// over reports whether the ledger block has changed more than it may.
func (b *block) over() bool {
	return b.written > BlockChangesMax-endChanges || b.weight > BlockWeightMax-endWeight || b.looked > blockLooksMax
}

// act applies one act: an error means that it is not admissible here.
func (b *block) act(v tx.Verified) error {
	if err := b.room(1, len(v.Raw())); err != nil {
		return err
	}
	if err := b.mayShow(v); err != nil {
		return err
	}
	start := b.e.Mark()
	b.newPages, b.newSeats, b.touches, b.looks = b.newPages[:0], b.newSeats[:0], b.touches[:0], 0
	if err := b.charge(v); err != nil {
		return err
	}
	charged, m := b.e.Mark(), b.meter()
	err := b.do(v)
	if err != nil && !errors.Is(err, tx.ErrRefused) {
		b.undo(start)
		return err
	}
	large := b.excess(m)
	if large {
		err = tooLarge()
	}
	if err != nil {
		b.undo(charged)
	}
	if large {
		b.spend(m)
	}
	if b.over() {
		b.undo(start)
		return tx.Refuse("ADM-7", "", "the ledger block has no room left for its record changes")
	}
	b.enterReceipt(v, err)
	return nil
}

func (b *block) enterReceipt(v tx.Verified, err error) {
	b.acts, b.bytes = b.acts+1, b.bytes+len(v.Raw())
	b.out = append(b.out, receipt(v, err))
}

// What closing a ledger block writes: a place of the ring and the chain record.
const (
	endChanges = 2
	endWeight  = 1 << 10
)

// room checks the limits that need no state, for so many acts of so many bytes.
func (b *block) room(acts, bytes int) error {
	if b.backlog {
		return tx.Refuse("ADM-8", "", "what is due is not settled yet")
	}
	if b.acts+acts > BlockActsMax || b.bytes+bytes > BlockBytesMax {
		return tx.Refuse("ADM-7", "", "the ledger block is full")
	}
	return nil
}
