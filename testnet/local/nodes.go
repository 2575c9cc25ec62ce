package local

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/cometbft/cometbft/crypto/ed25519"
	"github.com/cometbft/cometbft/p2p"
	"github.com/cometbft/cometbft/privval"

	"ipledger/node"
	"ipledger/testnet/world"
)

// homes makes the nodes' homes, and writes the configuration of each anew, since
// ports may have changed.
func (o Options) homes(p *plan, g *given) error {
	ids := make([]node.Identity, len(p.Nodes))
	for i, n := range p.Nodes {
		var err error
		if ids[i], err = n.make(g); err != nil {
			return fmt.Errorf("%w: %s: %w", ErrHome, n.Name, err)
		}
	}
	for i, n := range p.Nodes {
		if err := writeFile(filepath.Join(n.Home, "ipledgerd.toml"), []byte(o.config(p, ids, i)), 0o600); err != nil {
			return fmt.Errorf("%w: %w", ErrHome, err)
		}
	}
	return nil
}

// make makes a node's home if it is not there.
func (n *planned) make(g *given) (node.Identity, error) {
	if _, err := os.Stat(filepath.Join(n.Home, "genesis.json")); !errors.Is(err, fs.ErrNotExist) {
		return node.ReadIdentity(n.Home)
	}
	if n.Role == Validator {
		if err := n.takeSeat(); err != nil {
			return node.Identity{}, err
		}
	}
	return node.Init(n.Home, g.file)
}

// takeSeat writes the validator's key, which everyone knows, and a peer key.
func (n *planned) takeSeat() error {
	key, state := filepath.Join(n.Home, "priv_validator_key.json"), filepath.Join(n.Home, "data", "priv_validator_state.json")
	if _, err := os.Stat(key); err == nil {
		return nil // a start that was cut short
	}
	if err := os.MkdirAll(filepath.Dir(state), 0o700); err != nil {
		return err
	}
	if _, err := p2p.LoadOrGenNodeKey(filepath.Join(n.Home, "node_key.json")); err != nil {
		return err
	}
	privval.NewFilePV(ed25519.PrivKey(world.Validator(n.Seat)), key, state).Save()
	return nil
}

// config is the configuration file of node i: everyone dials everyone.
func (o Options) config(p *plan, ids []node.Identity, i int) string {
	var engine, acts []string
	for j, other := range p.Nodes {
		if j != i {
			engine = append(engine, fmt.Sprintf("%q", ids[j].Engine+"@"+other.Engine))
			acts = append(acts, fmt.Sprintf("%q", multiaddr(other.P2P)+"/p2p/"+ids[j].Peer))
		}
	}
	n := p.Nodes[i]
	lines := append([]string{
		"# Written by the test network at each start.",
		fmt.Sprintf("name = %q", n.Name),
		fmt.Sprintf("engine_listen = %q", n.Engine),
		"engine_peers = [" + strings.Join(engine, ", ") + "]",
		"engine_exchange = false",
		fmt.Sprintf("p2p_listen = [%q]", multiaddr(n.P2P)),
		"p2p_peers = [" + strings.Join(acts, ", ") + "]",
		fmt.Sprintf("http_listen = %q", n.HTTP),
		fmt.Sprintf("rtr_listen = %q", n.RTR),
		fmt.Sprintf("irr_listen = %q", n.IRR),
		fmt.Sprintf("whois_listen = %q", n.Whois),
		"ballast = false",
	}, o.Settings...)
	return strings.Join(lines, "\n") + "\n"
}

// dialled is where others dial the node for acts and headers, its key included
// once it has one.
func (n *planned) dialled() string {
	addr := multiaddr(n.P2P)
	if id, err := node.ReadIdentity(n.Home); err == nil {
		addr += "/p2p/" + id.Peer
	}
	return addr
}

func multiaddr(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		panic(err) // from the plan, where it was listened on
	}
	return "/ip4/" + host + "/tcp/" + port
}
