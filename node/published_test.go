package node

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"ipledger/ledger/blocklog"
	"ipledger/ledger/chain"
	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

// witness signs what follows from what it signed, for one log key.
type witness struct {
	key  blocklog.Verifier
	by   blocklog.Cosigner
	held blocklog.Held
}

func (s *witness) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var raw bytes.Buffer
	_, _ = raw.ReadFrom(r.Body)
	req, err := blocklog.ParseRequest(raw.Bytes())
	if err == nil {
		var c blocklog.Checkpoint
		if c, err = s.held.Judge(req, s.key); err == nil {
			s.held = blocklog.Held{Size: c.Size, Root: c.Root}
			line, _ := s.by.Line(c)
			_, _ = w.Write([]byte(line))
			return
		}
	}
	w.WriteHeader(http.StatusConflict)
	_, _ = fmt.Fprintf(w, "%d\n", s.held.Size)
}

// TestPublished_LOG12 has a real node's log cosigned, and its answer verified by
// the witnesses alone; of another header, or with too few of them, it is refused.
func TestPublished_LOG12(t *testing.T) {
	n := newTestnet(t, 1, 0, 1, 1)
	var keys []string
	var all []*witness
	for i, name := range []string{"one.example", "two.example"} {
		w := &witness{by: blocklog.NewCosigner(name, ed25519.NewKeyFromSeed(bytes.Repeat([]byte{byte(i + 1)}, 32)), uint64(time.Now().Unix()))}
		server := httptest.NewServer(w)
		t.Cleanup(server.Close)
		keys, all = append(keys, w.by.String()), append(all, w)
		n.nodes[0].cfg.Witnesses = append(n.nodes[0].cfg.Witnesses, w.by.String()+" "+server.URL)
	}
	m, err := newNode(n.nodes[0].cfg, nil, faults{}) // draws the log key
	n.must(err)
	for _, w := range all {
		w.key, err = blocklog.ParseLogKey(m.published.Key())
		n.must(err)
	}
	n.must(m.Close())
	n.start(0)
	node := n.nodes[0].node
	n.wait(0, n.submit(0, n.world.Open(0, 0, 0, "first")))
	last := n.wait(0, n.submit(0, n.world.Open(0, 0, 1, "second")))
	trust, err := light.WitnessTrustFromBytes((&light.WitnessTrust{
		Format: light.WitnessTrustFormat, ChainID: n.world.Genesis.ChainID, GenesisHash: n.world.Hash, Quorum: 2, Witnesses: keys,
	}).Bytes())
	n.must(err)
	var note []byte
	n.eventually(30*time.Second, "a cosigned checkpoint with the last act", func() bool {
		_, size, _ := node.published.Checkpoint()
		note, _, err = node.published.Checkpoint()
		opened, failed := blocklog.Open(note, all[0].by.Witness, all[1].by.Witness)
		return err == nil && failed == nil && size == 2 && len(opened.Signers) == 2
	})
	proof := func(height uint64) []byte {
		t.Helper()
		state, meta, err := node.store.StateAt(t.Context(), height)
		n.must(err)
		block, _, _, err := node.Certified(height)
		n.must(err)
		next, cert, set, err := node.Certified(height + 1)
		n.must(err)
		f, err := light.Source{
			Genesis: n.world.Hash, State: state, Log: meta.LogRoot, Certified: light.Certified{Block: block, Next: next, Certificate: cert, Validators: set},
		}.Account(n.world.Holders[0].ID)
		n.must(err)
		return f.Bytes()
	}
	header, _, _, err := node.Certified(last)
	n.must(err)
	in, err := blocklog.Inclusion(node.published.Tiles().Read, 1, 2)
	n.must(err)
	member, err := light.NewMember(n.world.Hash, header, note, in)
	n.must(err)
	v, err := light.VerifyWitnessed(proof(last-1), member.Bytes(), trust)
	n.must(err)
	if v.Height != last-1 || v.Kind != light.KindAccount {
		t.Errorf("verified %+v", v)
	}
	n.eventually(20*time.Second, "the header after", func() bool { _, _, _, err := node.Certified(last + 1); return err == nil })
	if _, err := light.VerifyWitnessed(proof(last), member.Bytes(), trust); !errors.Is(err, light.ErrProof) {
		t.Errorf("a proof under another header: %v", err)
	}
	bare, err := blocklog.Checkpoint{Origin: blocklog.Origin(n.world.Hash), Size: 2, Root: chain.Root([]wire.Hash{chain.LogLeaf(1, header.Hash())})}.Sign(all[0].by)
	n.must(err)
	alone := *member
	alone.Checkpoint = string(bare)
	if _, err := light.VerifyWitnessed(proof(last-1), alone.Bytes(), trust); !errors.Is(err, light.ErrProof) {
		t.Errorf("another checkpoint: %v", err)
	}
	other := *trust
	other.ChainID = "other"
	if _, err := light.VerifyWitnessed(proof(last-1), member.Bytes(), &other); !errors.Is(err, light.ErrProof) {
		t.Errorf("another chain: %v", err)
	}
}
