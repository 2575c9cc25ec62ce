package node

import (
	"net/http"
	"strings"

	"ipledger/node/serve/rdap"
)

// directories answers RDAP over this node's states, and leaves what lies elsewhere to
// the rest: a multiplexer would redirect paths that it finds unclean.
func (n *Node) directories(rest http.Handler) http.Handler {
	return beneath(rdap.Root, rdap.New(rdap.Config{ChainID: n.genesis.ChainID, Log: n.log, View: func() rdap.View {
		v := n.View()
		return rdap.View{State: v.State, Height: v.Head.Height, Time: v.Head.Time}
	}}), rest)
}

// beneath leads what lies below a root to a handler, as it was asked.
func beneath(root string, handler, rest http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, root) {
			handler.ServeHTTP(w, r)
			return
		}
		rest.ServeHTTP(w, r)
	})
}

// limited refuses in the form of RDAP below its root.
func limited(w http.ResponseWriter, r *http.Request) bool {
	if !strings.HasPrefix(r.URL.Path, rdap.Root) {
		return false
	}
	rdap.TooMany(w)
	return true
}
