package node

import (
	"context"
	"time"
)

// revisitAfter leaves a node that has just started to what is more urgent.
const revisitAfter = time.Minute

// revisit goes back through the past once, so that readers who ask for it later
// find states in memory to begin at (specs/09 STO-36). What cannot be reached is
// told to those who ask.
func (n *Node) revisit(ctx context.Context) error {
	soon := time.NewTimer(revisitAfter)
	defer soon.Stop()
	select {
	case <-ctx.Done():
		return nil
	case <-soon.C:
	}
	base, err := n.store.Base()
	if err != nil {
		return err
	}
	if _, _, err := n.store.StateAt(ctx, base); err != nil && ctx.Err() == nil {
		n.log.Debug("the whole past was not revisited", "error", err)
	}
	return nil
}
