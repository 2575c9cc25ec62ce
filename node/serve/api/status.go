package api

import (
	"net/http"

	"ipledger/ledger"
	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

// statusShape is the node and its newest state.
type statusShape struct {
	ChainID     string        `json:"chain_id"`
	GenesisHash wire.Hash     `json:"genesis_hash"`
	Height      light.Decimal `json:"height"`
	HeaderHash  wire.Hash     `json:"header_hash"`
	AppHash     wire.Hash     `json:"app_hash"` // of the state after the block, as the next header will say
	StateRoot   wire.Hash     `json:"state_root"`
	Time        light.Instant `json:"time"`
	Synced      bool          `json:"synced"`
	Phase       string        `json:"phase"`
	Peers       int           `json:"peers"`
	Test        bool          `json:"test"`
	Records     light.Decimal `json:"records"`
	Version     string        `json:"version"`
	Rules       light.Decimal `json:"rules_version"` // in force: what acts have to name
	Cures       []cureShape   `json:"cures"`         // what is above its cap among the members
	Supplied    *Supplied     `json:"rpki"`          // null where the operator names no export
}

func (a *API) status(w http.ResponseWriter, _ *http.Request) error {
	v, node := a.Ledger.View(), a.Node.Status()
	p, err := ledger.Parameters(v.State)
	if err != nil {
		return err
	}
	cures, err := ledger.Cures(v.State)
	if err != nil {
		return err
	}
	return writeJSON(w, statusShape{
		ChainID: a.ChainID, GenesisHash: a.GenesisHash, Height: light.Decimal(v.Height), HeaderHash: v.HeaderHash,
		AppHash: v.AppHash(), StateRoot: v.State.Root(), Time: light.Instant(v.Time), Synced: node.Synced, Phase: node.Phase,
		Peers: node.Peers, Test: p.Test, Records: light.Decimal(v.State.Len()), Version: node.Version,
		Rules: light.Decimal(p.Rules), Cures: shapeCures(cures), Supplied: node.Supplied,
	})
}
