// Package api is the HTTP interface of a node: JSON answers that anyone can
// check, acts in, and a stream of new heads (specs/13).
//
// It reads through three small interfaces, so it runs over any store. It never
// answers from two states at once, refuses what it does not understand, and
// bounds everything a client can make it do.
//
// It owns no listener, no limit per client and no health; those are of serve.
package api

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// Bounds of what clients can ask for at once and together.
const (
	BodyBytesMax = tx.LargestFileBytesMax // an act file of evidence
	// BundleBytesMax is a list of as many act files as a bundle has acts, each as
	// long as can be in a bundle (EVID-1); BundlesMax such lists are read at once.
	BundleBytesMax = tx.BundleMax * tx.FileBytesMax
	BundlesMax     = 32

	PageMax       = 1000 // entries of a page
	PageUsual     = 100  // entries of a page where the client does not say
	ProofsMax     = 4    // proofs made at once: each takes a core for about a millisecond
	RebuildsMax   = 2    // states of the past rebuilt at once: each may take as much memory as the state
	PreviewsMax   = 4    // acts tried at once: each may sweep what is due
	StreamsMax    = 256  // readers of events
	StreamBuffer  = 16   // heads a slow reader may lag behind before it is dropped
	WaitersMax    = 256  // requests that wait for an act or a proof
	WaitMax       = 30 * time.Second
	ChangesSpan   = 1000 // heights that one page of changes looks at
	URLBytesMax   = 512  // the longest path with the longest parameters has below 200
	requestBudget = WaitMax + 10*time.Second
)

// Config is what an API needs. Relay and Contacts may be nil.
type Config struct {
	ChainID     string
	GenesisHash wire.Hash
	Genesis     []byte    // the canonical genesis file
	State       StateFile // that it names; nil where there is none
	Ledger      Ledger
	Relay       Relay
	Contacts    Contacts
	Hosted      []wire.Address // accounts whose contact files are taken from anywhere
	BlockLog    BlockLog       // nil where none is published
	Drift       Drift          // nil where nothing is compared
	Node        Node
	Log         *slog.Logger
	Now         func() time.Time // for previews; nil is time.Now
	ProofWait   time.Duration    // how long a proof of the newest state may wait for the next header; 0 is 10 s
	Writes      bool             // POST /v1/acts is open
	Pruned      uint64           // the last block that this node has nothing of, having begun with its state; 0 for none
}

// API answers requests. Make one with New, and keep Run running beside it.
type API struct {
	Config
	mux        *http.ServeMux
	patterns   []string // of every route
	hub        *hub
	proofs     gate
	bundles    gate
	bundlers   fair // of bundles, by address
	rebuilds   gate
	previews   gate
	archives   gate
	waiters    gate
	lists      gate // of payloads
	registers  gate // one at a time: it guards registered
	registered *registerCache
	holdings   holdings
	dealings   dealings
}

// New makes an API.
func New(c Config) *API {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.ProofWait == 0 {
		c.ProofWait = 10 * time.Second
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	a := &API{
		Config: c, mux: http.NewServeMux(), hub: newHub(),
		proofs: newGate(ProofsMax), bundles: newGate(BundlesMax), rebuilds: newGate(RebuildsMax), previews: newGate(PreviewsMax), archives: newGate(ArchivesMax), waiters: newGate(WaitersMax),
		bundlers: fair{each: BundlesEach, by: map[netip.Prefix]int{}},
		lists:    newGate(PayloadsMax), registers: newGate(1),
	}
	a.routes()
	return a
}

// Run passes new heads to those who wait for them, until ctx ends.
func (a *API) Run(ctx context.Context) error {
	views, cancel := a.Node.Subscribe()
	defer cancel()
	defer a.hub.close()
	for {
		select {
		case <-ctx.Done():
			return nil
		case v, ok := <-views:
			if !ok {
				return nil
			}
			a.hub.publish(v)
		}
	}
}

// ServeHTTP answers one request.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.mux.ServeHTTP(w, r) }

func (a *API) routes() {
	a.get("/v1/status", a.status)
	a.get("/v1/resources/{resource...}", a.resource, "at", "proof", "before", "after", "limit", "from", "as", "max_length")
	a.get("/v1/accounts/{id}", a.account, "at", "proof")
	a.get("/v1/accounts/{id}/holdings", a.held, "after", "at", "limit", "proof")
	a.get("/v1/accounts/{id}/charges", a.lends, "after", "limit")
	a.get("/v1/accounts/{id}/offers", a.accountOffers, "after", "limit")
	a.get("/v1/accounts/{id}/recovery", a.care)
	a.get("/v1/offers/{id}", a.offer)
	a.get("/v1/claims/{id}", a.claim)
	a.get("/v1/cases", a.matters, "resource")
	a.get("/v1/cases/{id}", a.matter)
	a.get("/v1/listings", a.listingsOf, "resource", "after", "limit")
	a.get("/v1/sources", a.sources)
	a.get("/v1/sources/{registry}", a.waiting, "after")
	a.get("/v1/register", a.register)
	a.get("/v1/bodies", a.bodies)
	a.get("/v1/parameters", a.parameters)
	a.get("/v1/proposals", a.proposals)
	a.get("/v1/proposals/{id}", a.proposal)
	a.get("/v1/petitions", a.petitions, "after", "limit")
	a.get("/v1/contacts/{hash}", a.contacts)
	a.get("/v1/acts/{id}", a.act, "proof", "wait")
	a.get("/v1/blocks/{height}", a.block, "after", "limit")
	a.get("/v1/headers/{height}", a.header)
	a.get("/v1/archive/{height}", a.archived)
	a.get("/v1/changes", a.changes, "from", "to", "after")
	a.get("/v1/payloads", a.payloads, "at")
	a.get("/v1/drift", a.drifts, "only", "after", "limit")
	a.get("/v1/events", a.events)
	a.get("/v1/checkpoint", a.checkpoint)
	a.get("/v1/genesis", a.genesis)
	a.get("/v1/genesis/state", a.genesisState)
	a.get("/log/checkpoint", a.logCheckpoint)
	a.get("/log/key", a.logKey)
	a.get("/log/tile/{tile...}", a.logTile)
	a.get("/openapi.json", a.openapi)
	a.get("/{$}", a.index)
	a.post("/v1/acts", a.submit)
	a.post("/v1/preview", a.preview)
	a.post("/v1/contacts", a.keepContacts, "resource")
	a.mux.Handle("/", handler(func(_ http.ResponseWriter, r *http.Request) error {
		return problem(http.StatusNotFound, "unknown_path", "there is nothing at this path; /openapi.json lists what there is")
	}))
}
