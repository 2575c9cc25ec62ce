package node

import (
	"context"
	"errors"
	"net/http"

	"ipledger/ledger/archive"
	"ipledger/ledger/chain"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
	"ipledger/node/engine"
	"ipledger/node/relay"
	"ipledger/node/serve"
	"ipledger/node/serve/api"
	"ipledger/node/serve/files"
	"ipledger/node/serve/web"
	"ipledger/node/store"
	"ipledger/node/tiles"
)

// Serve attaches what readers ask: HTTP with its health and metrics. It listens
// at once, so that an address that is taken stops the start, and gives the
// address. Call it between New and Run.
func (n *Node) Serve(c serve.Config, version string) (addr string, err error) {
	hosted, err := n.cfg.hosted()
	if err != nil {
		return "", err
	}
	config := api.Config{
		ChainID: n.genesis.ChainID, GenesisHash: n.hash, Genesis: n.genesis.Encode(), State: n.stateFile,
		Ledger: answers{n}, Relay: acts{n}, Contacts: contacts{n}, Hosted: hosted, Node: self{n, version}, Log: n.log, Writes: true,
	}
	if config.Pruned, err = n.store.Base(); err != nil {
		return "", err
	}
	if n.published != nil {
		config.BlockLog = published{n.published}
	}
	if n.drift.path != "" {
		config.Drift = &n.drift
		n.Attach("drift", n.followDrift)
	}
	interfaces := api.New(config)
	server, err := serve.New(c, serve.Options{
		Log: n.log, Registry: n.metrics, HTTP: n.directories(n.paths(interfaces)), Limited: limited,
		Health: func() serve.Health { h := n.Health(); return serve.Health{Ready: h.Ready, Reason: h.Why} },
	})
	if err != nil {
		return "", err
	}
	n.addRoutes(server, c, interfaces, version)
	if n.supplied.named() {
		n.Attach("rpki", n.followSupplied)
	}
	if err = server.Listen(); err != nil {
		return "", err
	}
	n.Attach("serve", server.Run)
	n.Attach("api", interfaces.Run)
	n.Attach("history", n.revisit)
	return server.Addr("http"), nil
}

// paths serves the interface, and beside it files and what browsers fetch.
func (n *Node) paths(interfaces http.Handler) http.Handler {
	mux := http.NewServeMux()
	served := files.New(files.Config{ChainID: n.genesis.ChainID, Routes: n.routes, View: n.served, Dir: n.cfg.layout().data, Log: n.log})
	for _, path := range files.Paths() {
		mux.Handle(path, served)
	}
	mux.Handle(web.Root, web.Handler())
	mux.Handle("/", interfaces)
	return mux
}

// answers is the ledger as its readers know it.
type answers struct{ n *Node }

func viewOf(v engine.View) api.View {
	return api.View{
		State: v.State, Height: v.Head.Height, Time: v.Head.Time, HeaderHash: v.Head.Hash,
		LogRoot: v.Head.LogRoot, Bearing: v.Head.Bearing,
	}
}

func (a answers) View() api.View { return viewOf(a.n.View()) }

func (a answers) ViewAt(ctx context.Context, height uint64) (api.View, error) {
	state, m, err := a.n.store.StateAt(ctx, height)
	return api.View{
		State: state, Height: m.Height, Time: m.Time, HeaderHash: m.HeaderHash, LogRoot: m.LogRoot, Bearing: m.ActBearing,
	}, forReaders(err)
}

func (a answers) Certified(height uint64) (chain.Header, chain.Certificate, chain.ValidatorSet, error) {
	header, cert, set, err := a.n.Certified(height)
	return header, cert, set, forReaders(err)
}

func (a answers) Block(height uint64) (b api.Block, err error) {
	taken, err := a.n.store.ActsAt(height)
	if err != nil {
		return b, forReaders(err)
	}
	for _, act := range taken {
		b.Acts = append(b.Acts, act.Raw)
	}
	if b.Receipts, err = a.n.store.ReceiptsAt(height); err == nil {
		b.Changed, err = a.n.store.ChangesAt(height)
	}
	return b, forReaders(err)
}

func (a answers) Archived(height uint64) (*archive.Block, error) {
	b, err := a.n.Archived(height)
	return b, forReaders(err)
}

func (a answers) Act(id wire.Hash) (height, index uint64, err error) {
	found, err := a.n.store.Act(id)
	return found.Height, uint64(found.Number), forReaders(err)
}

func (a answers) History(k tree.Key, before uint64, limit int) ([]api.Version, error) {
	page, err := a.n.store.History(k, before, limit)
	out := make([]api.Version, len(page))
	for i, v := range page {
		out[i] = api.Version(v)
	}
	return out, forReaders(err)
}

// forReaders gives an error the name that the API knows it by.
func forReaders(err error) error {
	switch {
	case errors.Is(err, store.ErrNotFound), errors.Is(err, engine.ErrNotFound), errors.Is(err, store.ErrTooFar), errors.Is(err, tiles.ErrNotFound):
		return errors.Join(api.ErrNotFound, err)
	case errors.Is(err, relay.ErrFull), errors.Is(err, tiles.ErrNone):
		return errors.Join(api.ErrBusy, err)
	}
	return err
}

// acts is the relay as clients know it.
type acts struct{ n *Node }

func (a acts) Submit(ctx context.Context, raw []byte) (tx.Verified, error) {
	v, err := a.n.relay.Submit(ctx, raw)
	return v, forReaders(err)
}

func (a acts) SubmitBundle(ctx context.Context, raw [][]byte) ([]tx.Verified, error) {
	out, err := a.n.relay.SubmitBundle(ctx, raw)
	return out, forReaders(err)
}

func (a acts) Pending(id wire.Hash) bool { return len(a.n.relay.Acts([][32]byte{id})) > 0 }

// self is what the node says of itself.
type self struct {
	n       *Node
	version string
}

func (s self) Status() api.Status {
	h := s.n.Health()
	return api.Status{Version: s.version, Phase: phaseOf(h), Synced: h.Ready, Peers: h.EnginePeers, Supplied: s.n.suppliedStatus()}
}

// phaseOf is the one word that all of status, metrics and logs use.
func phaseOf(h Health) string {
	switch {
	case h.Phase != phaseRunning || h.Height == 0:
		return "starting"
	case h.Syncing:
		return "syncing"
	case !h.Ready:
		return "stalled"
	}
	return "ready"
}

func (s self) Subscribe() (views <-chan api.View, cancel func()) {
	news, stop := s.n.Subscribe()
	out, ended := make(chan api.View), make(chan struct{})
	go func() {
		defer close(out)
		for {
			select {
			case v := <-news:
				select {
				case out <- viewOf(v):
				case <-ended:
					return
				}
			case <-ended:
				return
			}
		}
	}()
	return out, func() { stop(); close(ended) }
}
