package store

import (
	"bytes"
	"fmt"

	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// Limits of one block, so that its commit is one transaction (STO-13).
const (
	ActsMax      = 5_000
	ActsBytesMax = 4 << 20
	// ReceiptsMax is one for each act and one for each of 2,000 due items.
	ReceiptsMax      = ActsMax + 2_000
	ReceiptsBytesMax = 2 << 20
	ChangesMax       = 20_000
	// ChangesBytesMax bounds the data before and after all changes together:
	// 419 bytes a change if there are 20,000.
	ChangesBytesMax  = 8 << 20
	FrontierBytesMax = 4 << 10 // 64 hashes and more
)

// Act is an act of a block: its id and its whole bytes.
type Act struct {
	ID  wire.Hash
	Raw []byte
}

// Block is what a block leaves behind. The store keeps State, and for a while the
// leaves of Changes; nothing in them may be changed.
type Block struct {
	Height     uint64
	Time       uint64 // unix seconds, of the block's header
	HeaderHash wire.Hash
	State      tree.State // after the block
	LogRoot    wire.Hash
	Frontier   []byte // of the block log, for its next leaf
	ActBearing bool   // the block has a leaf in the log
	Acts       []Act
	// Receipts begin with one for each act, in order; those that follow tell
	// of due work.
	Receipts [][]byte
	Changes  []tree.Change // as Editor.Changes gives them
}

// check says why b cannot be committed over head and its state.
//
// specs/09 STO-12: A block MUST follow the head, and its changes MUST lead from
// the head's state to its own; a block that does not MUST be refused before
// anything is written.
func (b *Block) check(head Head, state tree.State) error {
	if b.Height != head.Height+1 {
		return fmt.Errorf("%w: height %d after %d (STO-12)", ErrBlock, b.Height, head.Height)
	}
	if b.Time < head.Time {
		return fmt.Errorf("%w: time %d after %d (STO-12)", ErrBlock, b.Time, head.Time)
	}
	if !b.ActBearing && (b.LogRoot != head.LogRoot || !bytes.Equal(b.Frontier, head.Frontier)) {
		return fmt.Errorf("%w: a block that bears no act has another log (STO-12)", ErrBlock)
	}
	if len(b.Receipts) < len(b.Acts) {
		return fmt.Errorf("%w: %d receipts for %d acts (STO-12)", ErrBlock, len(b.Receipts), len(b.Acts))
	}
	if err := b.checkLimits(); err != nil {
		return err
	}
	if err := b.checkIDs(); err != nil {
		return err
	}
	return b.checkChanges(state)
}

func (b *Block) checkIDs() error {
	seen := make(map[wire.Hash]bool, len(b.Acts))
	for _, a := range b.Acts {
		if seen[a.ID] {
			return fmt.Errorf("%w: act %v twice (STO-12)", ErrBlock, a.ID)
		}
		seen[a.ID] = true
	}
	return nil
}

// checkChanges asks the state how it was made. If it does not know, both states
// are gone through side by side, which is quicker than to look each change up in
// both, and finds a change that is not listed, too.
func (b *Block) checkChanges(before tree.State) error {
	if b.State.MadeOf(before, b.Changes) {
		return nil
	}
	listed := b.Changes
	for c := range b.State.Since(before) {
		if len(listed) == 0 || listed[0].Key != c.Key {
			return fmt.Errorf("%w: the state has changed at %v, the changes in their order do not say so (STO-12)", ErrBlock, c.Key)
		}
		if !equal(listed[0].Old, c.Old) {
			return fmt.Errorf("%w: %v did not hold what the change replaces (STO-12)", ErrBlock, c.Key)
		}
		if !equal(listed[0].New, c.New) {
			return fmt.Errorf("%w: %v does not hold what the change made (STO-12)", ErrBlock, c.Key)
		}
		listed = listed[1:]
	}
	if len(listed) > 0 {
		return fmt.Errorf("%w: the state has not changed at %v as the changes say (STO-12)", ErrBlock, listed[0].Key)
	}
	return nil
}

// equal compares two leaves, nil for none.
func equal(a, b *tree.Leaf) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Key == b.Key && a.Value == b.Value && bytes.Equal(a.Data, b.Data)
}

// checkLimits comes before all that takes time.
//
// specs/09 STO-13: A block beyond a limit MUST be refused before anything is
// written; a block within all limits MUST fit one transaction.
func (b *Block) checkLimits() error {
	actBytes, actLongest := 0, 0
	for _, a := range b.Acts {
		actBytes, actLongest = actBytes+len(a.Raw), max(actLongest, len(a.Raw))
	}
	for _, l := range []LimitError{
		{"acts", ActsMax, len(b.Acts)},
		{"bytes of acts", ActsBytesMax, actBytes},
		{"receipts", ReceiptsMax, len(b.Receipts)},
		{"bytes of receipts", ReceiptsBytesMax, total(b.Receipts)},
		{"bytes of one act", ItemBytesMax, actLongest},
		{"bytes of one receipt", ItemBytesMax, longest(b.Receipts)},
		{"changes", ChangesMax, len(b.Changes)},
		{"bytes before and after one change", ItemBytesMax, greatest(b.Changes)},
		{"bytes before and after changes", ChangesBytesMax, changed(b.Changes)},
		{"bytes of frontier", FrontierBytesMax, len(b.Frontier)},
	} {
		if l.Got > l.Max {
			return &l
		}
	}
	return nil
}

func ids(acts []Act) []wire.Hash {
	out := make([]wire.Hash, len(acts))
	for i := range acts {
		out[i] = acts[i].ID
	}
	return out
}

func acts(items [][]byte, key []byte) ([]Act, error) {
	out := make([]Act, len(items))
	for i, item := range items {
		if len(item) < len(out[i].ID) {
			return nil, corrupt(key, "an act is shorter than its id")
		}
		out[i] = Act{wire.Hash(item), item[len(out[i].ID):]}
	}
	return out, nil
}

func total(items [][]byte) (n int) {
	for _, item := range items {
		n += len(item)
	}
	return n
}

func longest(items [][]byte) (n int) {
	for _, item := range items {
		n = max(n, len(item))
	}
	return n
}

func changed(changes []tree.Change) (n int) {
	for i := range changes {
		n += dataBytes(changes[i].Old) + dataBytes(changes[i].New)
	}
	return n
}

func greatest(changes []tree.Change) (n int) {
	for i := range changes {
		n = max(n, dataBytes(changes[i].Old)+dataBytes(changes[i].New))
	}
	return n
}
