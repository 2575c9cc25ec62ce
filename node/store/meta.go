package store

import (
	"bytes"
	"errors"

	"ipledger/ledger/wire"
	"ipledger/node/store/sealed"
)

// Meta is a block's row: what is known of it beside its lists. The row of the
// base tells of the state that was loaded.
type Meta struct {
	Height     uint64
	Time       uint64    // unix seconds
	HeaderHash wire.Hash // of the base: the hash that Load was given
	StateRoot  wire.Hash // after the block
	LogRoot    wire.Hash
	Records    uint64 // leaves of the state after the block
	ActBearing bool
	Acts       uint32
	Receipts   uint32
	Changes    uint32
	// Body is SHA-256 over the digests of the rows of the block's lists.
	Body wire.Hash
	// Previous is the digest of the row of the block before; zero at the base.
	Previous wire.Hash
}

const metaBytesMax = 512

// AppHash is the application hash after the block.
func (m Meta) AppHash() wire.Hash {
	return wire.Sum(wire.TagApp, m.StateRoot[:], m.LogRoot[:])
}

// digest stands for the row in the row of the next block and in HEAD.
func (m Meta) digest() wire.Hash {
	return sealed.Digest(heightKey(tableBlocks, m.Height), wire.Encode(m))
}

// Head is the last committed block, and the frontier of the block log after it.
type Head struct {
	Meta
	Frontier []byte
}

// headRow is what the row of the head holds.
type headRow struct {
	Height uint64
	Block  wire.Hash // digest of the block's row
}

const headBytesMax = 64

// writeHead writes the rows that make h the head. A block that bears no act
// leaves the frontier as it was, so it has no row of its own.
func writeHead(t *sealed.Txn, h Head) error {
	if h.ActBearing || h.Previous.IsZero() {
		if err := t.Set(heightKey(tableFrontier, h.Height), h.Frontier); err != nil {
			return err
		}
	}
	if err := t.Set(heightKey(tableBlocks, h.Height), wire.Encode(h.Meta)); err != nil {
		return err
	}
	return t.Set(infoKey(infoHead), wire.Encode(headRow{h.Height, h.digest()}))
}

// readHead is the head; ErrAbsent if no state has been loaded.
func readHead(t *sealed.Txn) (Head, error) {
	raw, err := t.Get(infoKey(infoHead))
	if err != nil {
		return Head{}, err
	}
	var row headRow
	if err := wire.Decode(raw, headBytesMax, &row); err != nil {
		return Head{}, corrupt(infoKey(infoHead), err.Error())
	}
	m, err := readMeta(t, row.Height)
	if err != nil {
		return Head{}, err
	}
	if m.digest() != row.Block {
		return Head{}, corrupt(heightKey(tableBlocks, row.Height), "the row is not the one that the head names")
	}
	frontier, err := readFrontier(t, row.Height)
	return Head{m, frontier}, err
}

// readFrontier is the frontier after the block at height: that of the last
// act-bearing block, or of the base.
func readFrontier(t *sealed.Txn, height uint64) (frontier []byte, err error) {
	key := heightKey(tableFrontier, height)
	found := false
	err = t.Scan(key[:1], key, true, func(r sealed.Row) (bool, error) {
		if r.Live {
			frontier, found = bytes.Clone(r.Data), true
		}
		return !found, nil
	})
	if err == nil && !found {
		err = corrupt(key, "there is no frontier of the block log")
	}
	return frontier, err
}

// readMeta reads the row of a block that must be there.
func readMeta(t *sealed.Txn, height uint64) (m Meta, err error) {
	key := heightKey(tableBlocks, height)
	raw, err := t.Get(key)
	if errors.Is(err, sealed.ErrAbsent) {
		return Meta{}, corrupt(key, "a block between the base and the head is missing")
	}
	if err != nil {
		return Meta{}, err
	}
	if err := wire.Decode(raw, metaBytesMax, &m); err != nil {
		return Meta{}, corrupt(key, err.Error())
	}
	if m.Height != height {
		return Meta{}, corrupt(key, "the row tells of another height")
	}
	return m, nil
}
