package rdap

import (
	"encoding/hex"
	"encoding/json"
	"testing"

	"ipledger/ledger/tree"
	"ipledger/specs/frozen"
)

// vectors are specs/vectors/rdap.json: records of a state, and what is answered
// over them.
type vectors struct {
	Chain   string   `json:"chain"`
	Host    string   `json:"host"`
	Height  uint64   `json:"height"`
	Time    uint64   `json:"time"`
	Leaves  []leaf   `json:"leaves"`
	Answers []golden `json:"answers"`
}

type leaf struct {
	Key  string `json:"key"`  // TREE-4
	Data string `json:"data"` // chapters 03 and 14
}

type golden struct {
	Path   string          `json:"path"`
	Status int             `json:"status"`
	Body   json.RawMessage `json:"body"`
}

func makeVectors(t *testing.T) []byte {
	c := world(t)
	s := server(t, c)
	view := s.View()
	v := vectors{Chain: s.ChainID, Host: host, Height: view.Height, Time: view.Time}
	for _, sub := range []tree.Subtree{tree.IPv4, tree.IPv6, tree.ASN, tree.Accounts} {
		view.State.Walk(tree.RootKey(sub), func(l tree.Leaf) bool {
			v.Leaves = append(v.Leaves, leaf{hex.EncodeToString(l.Key.Bytes()), hex.EncodeToString(l.Data)})
			return true
		})
	}
	for _, q := range questions(c.ID("ann").String()) {
		code, _, raw := get(t, s, q[0])
		v.Answers = append(v.Answers, golden{Root + q[0], code, raw})
	}
	return frozen.Text(t, v)
}

// TestVectors_frozen holds what is answered: today's code answers the same.
func TestVectors_frozen(t *testing.T) { frozen.Hold(t, "rdap", makeVectors(t)) }
