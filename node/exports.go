package node

import (
	"fmt"
	"slices"
	"sync"

	"ipledger/ledger/light"
	"ipledger/ledger/observed"
	"ipledger/ledger/vrp"
	"ipledger/ledger/wire"
	"ipledger/node/engine"
	"ipledger/node/serve/files"
	"ipledger/node/serve/rtr"
)

// exportsAgeSeconds is how old the files of routes get while nothing in them changes:
// readers refuse old ones, and ask again for those that changed.
const exportsAgeSeconds = 600

// exports is the routes of the newest state, as files have them.
type exports struct {
	mu   sync.Mutex
	root wire.Hash
	time uint64
	set  *observed.Export
	last *files.Routes
}

// routes lists what is exported of the newest state (specs/30 FILE-8).
func (n *Node) routes() (*files.Routes, error) {
	set, ok := n.supplied.set()
	v := n.View()
	if !ok || v.Head.Height == 0 {
		return nil, fmt.Errorf("%w: %s", files.ErrNotReady, n.lacks(ok))
	}
	x := &n.exports
	x.mu.Lock()
	defer x.mu.Unlock()
	root := v.State.Root()
	if x.last != nil && root == x.root && v.Head.Time == x.time && set == x.set {
		return x.last, nil
	}
	all, err := routesOf(v)
	if err != nil {
		return nil, err
	}
	next := &files.Routes{Height: v.Head.Height, Time: v.Head.Time}
	kept := n.beside(all, set)
	next.Payloads, next.Providers = kept.Payloads, kept.Providers
	if n.cfg.OverRPKI {
		next.Overruled = observed.Overruled(all.Payloads, set)
	}
	x.root, x.time, x.set = root, v.Head.Time, set
	if x.last == nil || next.Time >= x.last.Time+exportsAgeSeconds || !sameRoutes(x.last, next) {
		x.last = next
	}
	return x.last, nil
}

func (n *Node) lacks(set bool) string {
	if set {
		return "the node waits for its first block"
	}
	if why := n.supplied.err.Load(); why != nil {
		return "the RPKI payloads that the operator supplies could not be read yet"
	}
	return "the RPKI payloads that the operator supplies are being read"
}

func sameRoutes(a, b *files.Routes) bool {
	same := func(a, b vrp.Providers) bool {
		return a.Customer == b.Customer && a.Grade == b.Grade && slices.Equal(a.List, b.List)
	}
	return slices.Equal(a.Payloads, b.Payloads) && slices.Equal(a.Overruled, b.Overruled) && slices.EqualFunc(a.Providers, b.Providers, same)
}

// beside is what a set lets be exported of a state's routes.
func (n *Node) beside(all rtr.Set, set *observed.Export) rtr.Set {
	payloads, providers, left := observed.Keep(all.Payloads, all.Providers, set)
	n.supplied.left.Store(int64(left))
	if n.cfg.OverRPKI {
		return all
	}
	return rtr.Set{Payloads: payloads, Providers: providers}
}

func routesOf(v engine.View) (s rtr.Set, err error) {
	m := light.Moment{Height: v.Head.Height, Time: v.Head.Time}
	if s.Payloads, err = vrp.List(v.State, m); err == nil {
		s.Providers, err = vrp.Authorisations(v.State, m)
	}
	return s, err
}

// served is the newest state, as files have it.
func (n *Node) served() (files.View, error) {
	v := n.View()
	if v.Head.Height == 0 {
		return files.View{}, fmt.Errorf("%w: %s", files.ErrNotReady, n.lacks(true))
	}
	return files.View{State: v.State, Height: v.Head.Height, Time: v.Head.Time}, nil
}
