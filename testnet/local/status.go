package local

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"ipledger/ledger/wire"
)

// Status is what a node says of itself.
type Status struct {
	ChainID     string    `json:"chain_id"`
	GenesisHash wire.Hash `json:"genesis_hash"`
	Height      uint64    `json:"height,string"`
	HeaderHash  wire.Hash `json:"header_hash"`
	AppHash     wire.Hash `json:"app_hash"`
	Synced      bool      `json:"synced"`
	Phase       string    `json:"phase"`
	Peers       int       `json:"peers"`
}

// Status asks a node.
func (n *Network) Status(ctx context.Context, i int) (Status, error) { return ask(ctx, n.HTTP(i)) }

func ask(ctx context.Context, base string) (s Status, err error) {
	raw, err := fetch(ctx, base+"/v1/status")
	if err == nil {
		err = json.Unmarshal(raw, &s)
	}
	return s, err
}

const (
	fetchPatience = 5 * time.Second
	fetchMax      = 8 << 20
)

// fetch is the body of a good answer.
func fetch(ctx context.Context, url string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchPatience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, fetchMax))
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", res.Status, raw)
	}
	return raw, err
}
