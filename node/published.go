package node

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"ipledger/ledger/blocklog"
	"ipledger/ledger/chain"
	"ipledger/ledger/wire"
	"ipledger/node/engine"
	"ipledger/node/tiles"
)

// publish opens the block log in its published form. A node that began with a
// snapshot lacks the blocks before it, and publishes none.
func (n *Node) publish() error {
	base, err := n.store.Base()
	if err != nil || base != 0 {
		return err
	}
	key, err := n.logKey()
	if err != nil {
		return err
	}
	asked, err := n.cfg.witnesses()
	if err != nil {
		return err
	}
	signer := blocklog.NewLogSigner(blocklog.Origin(n.hash), key)
	n.published, err = tiles.Publish(filepath.Join(n.cfg.layout().data, "log"), signer, bearing{n}, asked, n.log)
	if err == nil {
		n.Attach("log", n.followLog)
	}
	return err
}

// witnesses is Witnesses as the log asks them.
func (c Config) witnesses() (list []tiles.Witness, err error) {
	if len(c.Witnesses) > tiles.WitnessesMax {
		return nil, fmt.Errorf("witnesses: %d of them, at most %d", len(c.Witnesses), tiles.WitnessesMax)
	}
	for _, text := range c.Witnesses {
		w, err := tiles.ParseWitness(text)
		if err != nil {
			return nil, fmt.Errorf("witnesses %q: %w", text, err)
		}
		list = append(list, w)
	}
	return list, nil
}

// logKey reads this node's log key, or draws one. Whoever has it can sign
// checkpoints in this node's name, and makes nothing true by it.
func (n *Node) logKey() (ed25519.PrivateKey, error) {
	name := filepath.Join(n.cfg.Home, "log_key")
	if err := engine.Private(name); err != nil {
		return nil, err
	}
	raw, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		seed := make([]byte, ed25519.SeedSize)
		rand.Read(seed) // never fails (crypto/rand)
		raw = []byte(hex.EncodeToString(seed) + "\n")
		err = writeNew(name, strings.NewReader(string(raw)), 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("the log key: %w", err)
	}
	seed, err := hex.DecodeString(strings.TrimSuffix(string(raw), "\n"))
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("%w: %s is damaged: want 64 hexadecimal digits; delete it to be given a new log key", ErrHome, name)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// bearing is the store as the log reads it.
type bearing struct{ n *Node }

func (b bearing) Head() (height, size uint64, root wire.Hash, err error) {
	head, err := b.n.store.Head()
	if err != nil {
		return 0, 0, root, err
	}
	frontier, err := chain.DecodeFrontier(head.Frontier)
	return head.Height, frontier.Size, head.LogRoot, err
}

func (b bearing) Leaf(height uint64) (tiles.Leaf, bool, error) {
	m, err := b.n.store.BlockAt(height)
	return tiles.Leaf{Height: height, Header: m.HeaderHash}, m.ActBearing, err
}

// followLog tells the log of new blocks, of many at once where it is slow.
func (n *Node) followLog(ctx context.Context) error {
	views, cancel := n.engine.Subscribe()
	defer cancel()
	news := make(chan struct{}, 1)
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-views:
			}
			select {
			case news <- struct{}{}:
			default: // it is told already
			}
		}
	}()
	return n.published.Follow(ctx, news)
}

// published is the log as readers ask for it.
type published struct{ *tiles.Published }

func (p published) Tile(t blocklog.Tile) ([]byte, error) {
	raw, err := p.Tiles().Bytes(t)
	return raw, forReaders(err)
}

func (p published) Checkpoint() ([]byte, error) {
	note, _, err := p.Published.Checkpoint()
	return note, forReaders(err)
}
