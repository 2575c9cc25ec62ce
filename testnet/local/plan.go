package local

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"ipledger/testnet/ports"
)

// Roles of nodes.
const (
	Validator = "validator"
	FullNode  = "full"
)

// plan is which nodes a home has and where they listen.
type plan struct {
	Nodes []planned `json:"nodes"`
}

// planned is one node of the plan; addresses are host:port.
type planned struct {
	Name   string `json:"name"`
	Role   string `json:"role"`
	Seat   int    `json:"seat"` // of a validator: the number of its key in package world
	Home   string `json:"home"`
	Engine string `json:"engine"`
	P2P    string `json:"p2p"`
	HTTP   string `json:"http"`
	RTR    string `json:"rtr"`
	IRR    string `json:"irr"`
	Whois  string `json:"whois"`
}

func (p *planned) url() string { return "http://" + p.HTTP }

func (o Options) planName() string { return filepath.Join(o.Home, "plan.json") }

// plan is the plan of the home, made if there is none. Ports that others have
// taken meanwhile are exchanged.
func (o Options) plan(g *given) (*plan, error) {
	p, err := o.readPlan()
	if errors.Is(err, fs.ErrNotExist) {
		p, err = o.newPlan(g), nil
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrHome, err)
	}
	if err := o.compare(p, g); err != nil {
		return nil, err
	}
	for i := range p.Nodes {
		n := &p.Nodes[i]
		// A home may have been moved.
		n.Home = filepath.Join(o.Home, "nodes", n.Name)
		for _, addr := range []*string{&n.Engine, &n.P2P, &n.HTTP, &n.RTR, &n.IRR, &n.Whois} {
			if *addr, err = ports.Keep(*addr); err != nil {
				return nil, fmt.Errorf("%w: %w", ErrHome, err)
			}
		}
	}
	raw, err := json.MarshalIndent(p, "", " ")
	if err != nil {
		return nil, err
	}
	return p, writeFile(o.planName(), append(raw, '\n'), 0o600)
}

func (o Options) readPlan() (*plan, error) {
	raw, err := os.ReadFile(o.planName())
	if err != nil {
		return nil, err
	}
	p := new(plan)
	return p, json.Unmarshal(raw, p)
}

func (o Options) newPlan(g *given) *plan {
	p := new(plan)
	for i, seat := range g.seats {
		p.Nodes = append(p.Nodes, planned{Name: fmt.Sprintf("validator-%d", i+1), Role: Validator, Seat: seat})
	}
	for i := range o.FullNodes {
		p.Nodes = append(p.Nodes, planned{Name: fmt.Sprintf("full-%d", i+1), Role: FullNode})
	}
	return p
}

// compare refuses options that ask for another network than the home has.
func (o Options) compare(p *plan, g *given) error {
	count := func(role string) int {
		return len(slices.DeleteFunc(slices.Clone(p.Nodes), func(n planned) bool { return n.Role != role }))
	}
	if v, f := count(Validator), count(FullNode); v != len(g.seats) || o.Validators != 0 && o.Validators != v || f != o.FullNodes {
		return fmt.Errorf("%w: the network in %s has %d validators and %d full nodes; ask for the same, for another home, or for a fresh start",
			ErrOptions, o.Home, v, f)
	}
	return nil
}
