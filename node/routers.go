package node

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"ipledger/ledger/light"
	"ipledger/ledger/observed"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/vrp"
	"ipledger/ledger/wire"
	"ipledger/node/serve/rtr"
)

const (
	// readiesEvery is how often a node that is not ready looks whether it is.
	readiesEvery = time.Second
	// listsEvery is how old a list may become while no record changes: suspensions
	// and terms end by the time alone.
	listsEvery = 30 * time.Second
)

// gradeOf is the weakest grade of a setting.
func gradeOf(text string) record.Grade {
	if text == "" {
		return record.GradeT
	}
	return record.Grade(text[0])
}

// hearer is told what networks may announce after a height, one set at a time.
type hearer func(set rtr.Set, height uint64)

// tellRoutes tells of each new state of a node that is ready (specs/27 RTR-6, specs/29
// IRR-4), and keeps what was told where that would lose payloads for no reason.
func (n *Node) tellRoutes(to []hearer) func(context.Context) error {
	return func(ctx context.Context) error {
		news, cancel := n.engine.Subscribe()
		defer cancel()
		again := time.NewTicker(readiesEvery)
		defer again.Stop()
		var t told
		for {
			select {
			case <-ctx.Done():
				return nil
			case <-news:
			case <-again.C:
			}
			if err := n.tellNow(&t, to); err != nil {
				return err
			}
		}
	}
}

// explainedAtOnce bounds the blocks that are looked at for what changed before the
// next look at the time: a node that was behind has many.
const explainedAtOnce = 1000

// told is what routers were told last, and what has changed since.
type told struct {
	root    wire.Hash
	time    uint64 // of the state's header
	height  uint64
	state   tree.State
	set     rtr.Set // all that the state permits, before a supplied set leaves any out
	beside  *observed.Export
	changed map[wire.Resource]bool // by the blocks above height, up to looked
	looked  uint64
	kept    uint64 // the height at which it was last said that the set is kept
}

func (n *Node) tellNow(t *told, to []hearer) error {
	v := n.View()
	root := v.State.Root()
	supplied, ok := n.supplied.set()
	if root == t.root && supplied == t.beside && v.Head.Time < t.time+uint64(listsEvery/time.Second) || !ok || !n.Health().Ready {
		return nil
	}
	if level, err := n.lookBack(t, v.Head.Height); err != nil || !level {
		return err
	}
	next, err := routesOf(v)
	if err != nil {
		return fmt.Errorf("list route payloads of height %d: %w", v.Head.Height, err)
	}
	lasting, err := vrp.List(t.state, light.Moment{Height: t.height, Time: v.Head.Time})
	if err != nil {
		return fmt.Errorf("list route payloads of height %d: %w", t.height, err)
	}
	lost := vrp.Unexplained(t.set.Payloads, next.Payloads, lasting, slices.Collect(maps.Keys(t.changed)))
	if len(lost) > 0 {
		n.keeps(t, v.Head.Height, lost)
		return nil
	}
	*t = told{root: root, time: v.Head.Time, height: v.Head.Height, state: v.State, set: next, beside: supplied, looked: v.Head.Height}
	set := n.beside(next, supplied)
	for _, one := range to {
		one(set, v.Head.Height)
	}
	return nil
}

// keeps says once a block that routers are not told of it.
func (n *Node) keeps(t *told, height uint64, lost []vrp.Payload) {
	if t.kept == height {
		return
	}
	t.kept = height
	n.log.Error("routers keep what they have: payloads would go for which there is no act and no end (RTR-13); "+
		"compare /vrps.json with another node's, and restart this one to serve its present state",
		"height", height, "since", t.height, "payloads", len(lost), "first", fmt.Sprint(lost[:min(len(lost), 3)]))
}

// lookBack gathers what blocks have changed since routers were told, some at a
// time, and reports whether it has come to a height. Before routers were told
// anything there is nothing to explain.
func (n *Node) lookBack(t *told, height uint64) (bool, error) {
	if t.height == 0 {
		return true, nil
	}
	if t.changed == nil {
		t.changed = map[wire.Resource]bool{}
	}
	for end := min(height, t.looked+explainedAtOnce); t.looked < end; t.looked++ {
		keys, err := n.changesAt(t.looked + 1)
		if err != nil {
			return false, fmt.Errorf("what block %d changed: %w", t.looked+1, err)
		}
		for _, k := range keys {
			if k.Subtree == tree.IPv4 || k.Subtree == tree.IPv6 {
				t.changed[k.Resource()] = true
			}
		}
	}
	return t.looked >= height, nil
}

// changesAt is what a block changed, as the store knows it.
func (n *Node) changesAt(height uint64) ([]tree.Key, error) {
	if n.faults.forget != nil && n.faults.forget() {
		return nil, nil
	}
	return n.store.ChangesAt(height)
}
