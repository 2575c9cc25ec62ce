package main

import (
	"encoding/json"
	"os"

	"ipledger/ledger/wire"
)

// testnetFile is the part of testnet.json that this tool reads.
type testnetFile struct {
	TrustFile    string     `json:"trust_file"`
	Keystore     string     `json:"keystore"`
	PasswordFile string     `json:"password_file"`
	Accounts     []bookItem `json:"accounts"`
	Nodes        []struct {
		HTTP string `json:"http"`
	} `json:"nodes"`
}

// bookItem is a name for an account.
type bookItem struct {
	Name string       `json:"name"`
	ID   wire.Address `json:"id"`
	Key  string       `json:"key"`
}

// readTestnet reads a test network's file; no path is no network.
func readTestnet(path string) (*testnetFile, error) {
	net := new(testnetFile)
	if path == "" {
		return net, nil
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, usage("the test network's file: %w", err).hint("`ipledgerd testnet` writes it; or leave --testnet and IPLEDGER_TESTNET out")
	}
	if err := json.Unmarshal(raw, net); err != nil {
		return nil, usage("the test network's file %s: %w", path, err)
	}
	return net, nil
}

// node is the first node that answers HTTP.
func (t *testnetFile) node() string {
	for _, n := range t.Nodes {
		if n.HTTP != "" {
			return n.HTTP
		}
	}
	return ""
}
