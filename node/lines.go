package node

import (
	"ipledger/node/serve"
	"ipledger/node/serve/api"
	"ipledger/node/serve/irr"
	"ipledger/node/serve/rtr"
	"ipledger/node/serve/whois"
)

// addRoutes adds the rooms that routers and tools ask beside HTTP, as far as they have
// an address, and what tells some of them what networks may announce.
func (n *Node) addRoutes(server *serve.Server, c serve.Config, interfaces *api.API, version string) {
	var to []hearer
	if c.RTR != "" {
		routers := rtr.New(rtr.Config{Log: n.log, Least: gradeOf(c.RTRGrade), Most: byte(c.RTRVersion), Wait: server.Wait})
		server.Add(serve.Room{Name: "rtr", Addr: c.RTR, Serve: routers.Serve})
		to = append(to, func(set rtr.Set, _ uint64) { routers.Update(set) })
	}
	filters := irr.New(irr.Config{Log: n.log, Version: version, Wait: server.Wait})
	if c.IRR != "" {
		server.Add(serve.Room{Name: "irr", Addr: c.IRR, Serve: filters.Serve})
	}
	if c.Whois != "" {
		people := whois.New(whois.Config{
			Log: n.log, ChainID: n.genesis.ChainID, Version: version, View: n.whoisView(server), Allow: server.Allow,
			Held: interfaces.HeldBy, Routed: filters.Routed,
		})
		server.Add(serve.Room{Name: "whois", Addr: c.Whois, Serve: people.Serve})
	}
	if c.IRR != "" || c.Whois != "" { // WHOIS finds routes by their origin in the same index
		to = append(to, func(set rtr.Set, height uint64) { filters.Update(irr.Set(set), height) })
	}
	if len(to) > 0 {
		n.Attach("routes", n.tellRoutes(to))
	}
}

func (n *Node) whoisView(server *serve.Server) func() whois.View {
	return func() whois.View {
		v := n.View()
		return whois.View{State: v.State, Height: v.Head.Height, Time: v.Head.Time, Behind: !server.Ready()}
	}
}
