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
	"ipledger/ledger/record"
	"ipledger/node/engine"
)

// TestArchived_ARCH6_ARCH7_ARCH10 audits what real nodes give: two of them give the
// same bytes, the rules make of them what the engine certified, and a snapshot
// is where the audit came by.
func TestArchived_ARCH6_ARCH7_ARCH10(t *testing.T) {
	n := newTestnet(t, 4, 0, 3, 1).startAll()
	for number := range uint64(5) {
		for holder := range 3 {
			raw := n.world.Open(holder, 0, number, string(rune('a'+number))+" of "+string(rune('0'+holder)))
			n.submit(int(number)%4, raw)
		}
	}
	first := n.nodes[0].node
	last := uint64(0)
	n.eventually(30*time.Second, "all acts, and some blocks more", func() bool {
		acts := 0
		for last = 1; ; last++ {
			b, err := first.Archived(last)
			if err != nil {
				break
			}
			acts += len(b.Acts)
		}
		return acts == 15 && last > 8
	})
	last--
	segments := make([]bytes.Buffer, 2)
	var blocks []*archive.Block
	for i := range segments {
		w, err := archive.NewWriter(&segments[i])
		n.must(err)
		n.eventually(20*time.Second, "the other node", func() bool { return n.nodes[i].node.View().Head.Height > last })
		for height := uint64(1); height <= last; height++ {
			b, err := n.nodes[i].node.Archived(height)
			n.must(err)
			n.must(w.Add(b))
			blocks = append(blocks, b)
		}
		n.must(w.Close())
	}
	if !bytes.Equal(segments[0].Bytes(), segments[1].Bytes()) {
		t.Error("two nodes give different archives of the same heights")
	}
	r, err := audit.FromGenesis(n.world.Genesis, n.world.Hash, n.world.State)
	n.must(err)
	n.must(auditAll(r, blocks[:last]))
	if got := r.Count(); got.Acts != 15 || got.Blocks != last {
		t.Errorf("checked %+v", got)
	}
	head, state, err := first.Snapshot(t.Context())
	n.must(err)
	var file bytes.Buffer
	n.must(archive.WriteSnapshot(&file, head, state, nil))
	read, again, err := archive.ReadSnapshot(&file, record.ValueOfData, audit.Own(n.world.Hash))
	n.must(err)
	if at := read.Block.Header.Height; at > last {
		for height := last + 1; height <= at; height++ {
			b, err := first.Archived(height)
			n.must(err)
			n.must(auditAll(r, []*archive.Block{b}))
		}
	}
	if r.Height() == read.Block.Header.Height && r.State().Root() != again.Root() {
		t.Error("the snapshot is not of the audited state")
	}
	exportTwice(n, first, segments[0].Bytes(), last)
	if _, err := first.Archived(first.View().Head.Height + 5); !errors.Is(err, engine.ErrNotFound) {
		t.Errorf("a block to come: %v", err)
	}
}

func auditAll(r *audit.Replay, blocks []*archive.Block) error {
	checker := r.Checker()
	for _, b := range blocks {
		c := audit.NewChecked(b)
		checker.Whole(c)
		checker.Acts(c, 0, len(b.Acts))
		if err := r.Step(c); err != nil {
			return err
		}
	}
	return nil
}

// exportTwice exports to disk, the second time after a crash between a segment
// and ARCHIVE, and compares the segment with what Archived gave (ARCH-7).
func exportTwice(n *testnet, from *Node, segment []byte, last uint64) {
	n.t.Helper()
	dir := n.t.TempDir()
	about, err := from.Export(n.t.Context(), dir, func(uint64, uint64) {})
	n.must(err)
	for _, name := range []string{archive.GenesisName, n.world.StateName, archive.AboutName, archive.Name(1)} {
		_, err := os.Stat(filepath.Join(dir, name))
		n.must(err)
	}
	raw, err := os.ReadFile(filepath.Join(dir, archive.Name(1)))
	n.must(err)
	if same := len(segment) - 44; about.Last < last || !bytes.Equal(raw[:same], segment[:same]) {
		n.t.Errorf("the file of %d blocks begins otherwise than what was given of %d", about.Last, last)
	}
	n.must(os.Remove(filepath.Join(dir, archive.AboutName)))
	n.must(os.WriteFile(filepath.Join(dir, archive.Name(1)+".new"), []byte("half"), 0o600))
	again, err := from.Export(n.t.Context(), dir, func(uint64, uint64) {})
	n.must(err)
	text, err := os.ReadFile(filepath.Join(dir, archive.AboutName))
	n.must(err)
	if string(text) != again.Text() || again.Last < about.Last {
		n.t.Errorf("ARCHIVE says %q, want %q", text, again.Text())
	}
	other := again
	other.Genesis[0] ^= 1
	n.must(os.WriteFile(filepath.Join(dir, archive.AboutName), []byte(other.Text()), 0o600))
	if _, err := from.Export(n.t.Context(), dir, func(uint64, uint64) {}); !errors.Is(err, ErrHome) {
		n.t.Errorf("it was written over the archive of another chain: %v", err)
	}
}
