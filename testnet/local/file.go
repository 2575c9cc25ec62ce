package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

// File is testnet.json: all that another program needs to use the network. File
// names are absolute.
type File struct {
	ChainID      string    `json:"chain_id"`
	GenesisHash  wire.Hash `json:"genesis_hash"`
	TrustFile    string    `json:"trust_file"`
	Keystore     string    `json:"keystore"`
	PasswordFile string    `json:"password_file"`
	Accounts     []Account `json:"accounts"`
	Nodes        []Node    `json:"nodes"`
}

// Node is one node in testnet.json. HTTP is a URL, P2P a multiaddress that can
// be dialled, the
// others host:port, empty where the node does not serve them.
type Node struct {
	Name  string `json:"name"`
	Role  string `json:"role"`
	PID   int    `json:"pid"`
	Home  string `json:"home"`
	HTTP  string `json:"http"`
	Whois string `json:"whois"`
	IRR   string `json:"irr"`
	RTR   string `json:"rtr"`
	P2P   string `json:"p2p"`
}

// FileName is the name of testnet.json in the network's home.
func (n *Network) FileName() string { return filepath.Join(n.Home, "testnet.json") }

// writeFiles writes the trust file and testnet.json.
func (n *Network) writeFiles(ctx context.Context, g *given, accounts []Account) error {
	trust := filepath.Join(n.Home, "trust.json")
	if err := n.writeTrust(ctx, trust, g); err != nil {
		return fmt.Errorf("%w: the trust file: %w", ErrStart, err)
	}
	if accounts == nil {
		accounts = []Account{}
	}
	for i := range accounts {
		if accounts[i].Holdings == nil {
			accounts[i].Holdings = []string{}
		}
	}
	n.File = File{
		ChainID: g.ChainID, GenesisHash: g.hash, TrustFile: trust, Keystore: n.o.keystore(),
		PasswordFile: n.o.passwordFile(), Accounts: accounts,
	}
	return n.refresh()
}

// writeTrust keeps the checkpoint of the first start: what the first node says,
// which is this machine's own.
func (n *Network) writeTrust(ctx context.Context, name string, g *given) error {
	if _, err := os.Stat(name); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	raw, err := fetch(ctx, n.HTTP(0)+"/v1/checkpoint")
	if err != nil {
		return err
	}
	t, err := light.TrustFromBytes(raw)
	if err == nil && (t.GenesisHash != g.hash || t.ChainID != g.ChainID) {
		err = errors.New("the node serves another network")
	}
	if err != nil {
		return err
	}
	return writeFile(name, raw, 0o600)
}

// refresh writes testnet.json with the present processes.
func (n *Network) refresh() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.File.Nodes = nil
	for _, p := range n.nodes {
		n.File.Nodes = append(n.File.Nodes, Node{
			Name: p.Name, Role: p.Role, PID: p.pid(), Home: p.Home, HTTP: p.url(), Whois: p.Whois, IRR: p.IRR, RTR: p.RTR, P2P: p.dialled(),
		})
	}
	raw, err := json.MarshalIndent(n.File, "", " ")
	if err != nil {
		return err
	}
	return writeFile(n.FileName(), append(raw, '\n'), 0o600)
}
