package node

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/vrp"
	"ipledger/ledger/wire"
	"ipledger/node/engine"
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

// tellRouters gives routers each new state of a node that is ready (specs/27 RTR-6).
func (n *Node) tellRouters(to *rtr.Server) func(context.Context) error {
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

// told is what routers were told last.
type told struct {
	root   wire.Hash
	height uint64
	time   uint64 // of the state's header
	state  tree.State
	set    rtr.Set
}

func (n *Node) tellNow(t *told, to *rtr.Server) error {
	v := n.View()
	root := v.State.Root()
	if root == t.root && v.Head.Time < t.time+uint64(listsEvery/time.Second) || !n.Health().Ready {
		return nil
	}
	next, err := routesOf(v)
	if err != nil {
		return fmt.Errorf("list route payloads of height %d: %w", v.Head.Height, err)
	}
	if lost, err := n.unexplained(t, next, v); err != nil || len(lost) > 0 {
		n.log.Error("routers keep what they have: payloads would go for which there is no act and no end (RTR-13)",
			"height", v.Head.Height, "payloads", len(lost), "first", fmt.Sprint(lost[:min(len(lost), 3)]), "error", err)
		return nil
	}
	*t = told{root, v.Head.Height, v.Head.Time, v.State, next}
	to.Update(next)
	return nil
}

// unexplained is the payloads that routers would lose for no reason that the blocks
// since show.
func (n *Node) unexplained(t *told, next rtr.Set, v engine.View) ([]vrp.Payload, error) {
	lasting, err := vrp.List(t.state, light.Moment{Height: t.height, Time: v.Head.Time})
	if err != nil {
		return nil, err
	}
	changed := map[wire.Resource]bool{}
	for height := t.height + 1; t.height > 0 && height <= v.Head.Height; height++ {
		keys, err := n.store.ChangesAt(height)
		if err != nil {
			return nil, err
		}
		for _, k := range keys {
			if k.Subtree == tree.IPv4 || k.Subtree == tree.IPv6 {
				changed[k.Resource()] = true
			}
		}
	}
	return vrp.Unexplained(t.set.Payloads, next.Payloads, lasting, slices.Collect(maps.Keys(changed))), nil
}

func routesOf(v engine.View) (s rtr.Set, err error) {
	m := light.Moment{Height: v.Head.Height, Time: v.Head.Time}
	if s.Payloads, err = vrp.List(v.State, m); err == nil {
		s.Providers, err = vrp.Authorisations(v.State, m)
	}
	return s, err
}
