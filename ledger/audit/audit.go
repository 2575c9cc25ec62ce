// Package audit is an auditor's judgment of blocks: it replays a chain from
// genesis and says what holds, or the first thing that does not (specs/24).
//
// It promises that what it passes follows from the genesis and the rules alone:
// every certificate, receipt and root is computed anew. It shares nothing with a
// node but the rules. Checks that need no state (Checker) may run in any order,
// many at once; Replay takes the blocks in theirs.
//
// It reads no files and asks no node; the command does.
package audit

import (
	"errors"
	"fmt"

	"ipledger/ledger/wire"
)

// ErrFinding reports a chain that does not hold.
var ErrFinding = errors.New("audit: does not hold")

// Finding is the first thing that does not hold.
type Finding struct {
	Height uint64    // of the block
	Act    int       // its place in the block, -1 where it is about no act
	ID     wire.Hash // of that act, where it is known
	Asked  string    // the rule of specs/24 that asked for it
	Rule   string    // the rule that is broken; Asked where no other is
	Detail string
	// Signed says that the block's certificate verified before: two thirds of the
	// members stand behind what is wrong, and not only who gave the blocks.
	Signed bool
}

// Error says where, what and by which rule.
func (f *Finding) Error() string {
	at := fmt.Sprintf("block %d", f.Height)
	if f.Act >= 0 {
		at += fmt.Sprintf(", act %d", f.Act)
		if !f.ID.IsZero() {
			at += fmt.Sprintf(" (%v)", f.ID)
		}
	}
	rule := f.Rule
	if f.Asked != f.Rule {
		rule += ", " + f.Asked
	}
	return fmt.Sprintf("%v: %s: %s (%s)", ErrFinding, at, f.Detail, rule)
}

// Unwrap returns ErrFinding.
func (f *Finding) Unwrap() error { return ErrFinding }

// found makes a finding about a block; rule is empty where none but asked is broken.
func found(height uint64, asked, rule, format string, args ...any) *Finding {
	if rule == "" {
		rule = asked
	}
	return &Finding{Height: height, Act: -1, Asked: asked, Rule: rule, Detail: fmt.Sprintf(format, args...)}
}

// about makes it a finding about an act.
func (f *Finding) about(place int, id wire.Hash) *Finding {
	f.Act, f.ID = place, id
	return f
}
