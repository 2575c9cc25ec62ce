package node

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"ipledger/ledger/archive"
	"ipledger/ledger/audit"
	"ipledger/ledger/light"
	"ipledger/ledger/wire"
	"ipledger/node/engine"
)

// TestImport: a node begins with a snapshot that real nodes
// exported, refuses every other, goes on with the network over a restart and
// has the same state.
func TestImport_ARCH11_ARCH12_ENG22(t *testing.T) {
	n := newTestnet(t, 4, 1, 3, 1)
	for i := range 4 {
		n.start(i)
	}
	for number := range uint64(4) {
		n.wait(0, n.submit(0, n.world.Open(0, 0, number, string(rune('a'+number)))))
	}
	file := filepath.Join(t.TempDir(), "state.snapshot")
	var head *archive.Head
	n.eventually(20*time.Second, "three blocks more", func() (done bool) {
		var err error
		head, err = n.nodes[0].node.ExportSnapshot(t.Context(), file)
		return err == nil && head.Block.Header.Height >= 3
	})
	late := n.nodes[4]
	n.refuses(late.cfg, file, head)
	trust := trustOf(head)
	got, err := Import(t.Context(), late.cfg, file, trust, nil)
	n.must(err)
	base := got.Block.Header.Height
	if _, err := Import(t.Context(), late.cfg, file, trust, nil); !errors.Is(err, ErrHome) {
		t.Errorf("it was imported over a ledger: %v", err)
	}
	n.start(4) // it has no block yet
	n.end(4)
	n.start(4)
	n.follows(base, 0)
	n.end(4)
	n.start(4) // now it has
	n.follows(base, 1)
}

func trustOf(head *archive.Head) *light.Trust {
	h := &head.After.Header
	return &light.Trust{ChainID: h.ChainID, GenesisHash: head.Genesis, Height: h.Height, HeaderHash: h.Hash(), ValidatorsHash: h.ValidatorsHash}
}

// refuses tries to begin with what does not verify, and finds the home as it was.
func (n *testnet) refuses(cfg Config, file string, head *archive.Head) {
	n.t.Helper()
	raw, err := os.ReadFile(file)
	n.must(err)
	strangers, elsewhere, fork := trustOf(head), trustOf(head), trustOf(head)
	strangers.ValidatorsHash[0] ^= 1
	elsewhere.GenesisHash[0] ^= 1
	fork.HeaderHash[0] ^= 1
	flipped := bytes.Clone(raw)
	flipped[len(raw)-60] ^= 1 // of the state, whose chunks come last
	forged := bytes.Clone(raw)
	forged[200] ^= 1 // of the head
	for name, c := range map[string]struct {
		raw   []byte
		trust *light.Trust
		want  error
	}{
		"a trust file of other members":   {raw, strangers, audit.ErrFinding},
		"a trust file of another network": {raw, elsewhere, audit.ErrFinding},
		"a trust file of another header":  {raw, fork, audit.ErrFinding},
		"a state that was altered":        {flipped, nil, archive.ErrForm},
		"a head that was altered":         {forged, nil, archive.ErrForm},
		"a file cut short":                {raw[:len(raw)-1], nil, archive.ErrForm},
		"a file with something behind it": {append(bytes.Clone(raw), 0), nil, archive.ErrForm},
		"a snapshot of another genesis":   {n.otherGenesis(raw, head), nil, ErrHome},
	} {
		bad := filepath.Join(n.t.TempDir(), "bad.snapshot")
		n.must(os.WriteFile(bad, c.raw, 0o600))
		if _, err := Import(n.t.Context(), cfg, bad, c.trust, nil); !errors.Is(err, c.want) {
			n.t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
		if _, err := os.Stat(filepath.Join(cfg.layout().data, "ledger")); err == nil && name != "a state that was altered" {
			n.t.Errorf("%s: something of it was written", name)
		}
	}
}

// otherGenesis is a snapshot that says it is of another genesis.
func (n *testnet) otherGenesis(raw []byte, head *archive.Head) []byte {
	other := *head
	other.Genesis[0] ^= 1
	return bytes.Replace(raw, wire.Encode(head), wire.Encode(&other), 1)
}

// follows waits until the node that began late has the newest state and goes on with it,
// and asks for what it does not have.
func (n *testnet) follows(base, number uint64) {
	n.t.Helper()
	late, other := n.nodes[4].node, n.nodes[0].node
	id := n.submit(0, n.world.Open(1, 0, number, "late"))
	height := n.wait(4, id)
	n.eventually(20*time.Second, "the same height", func() bool { return other.View().Head.Height >= height })
	if a, b := n.rootAt(late, height), n.rootAt(other, height); a != b || height <= base {
		n.t.Errorf("after block %d the roots are %v and %v", height, a, b)
	}
	if _, _, _, err := late.Certified(base); !errors.Is(err, engine.ErrNotFound) {
		n.t.Errorf("a header from before the snapshot: %v", err)
	}
}

func (n *testnet) rootAt(node *Node, height uint64) wire.Hash {
	n.t.Helper()
	_, meta, err := node.store.StateAt(n.t.Context(), height)
	n.must(err)
	return meta.StateRoot
}
