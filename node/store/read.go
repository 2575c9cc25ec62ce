package store

import (
	"encoding/binary"
	"errors"
	"fmt"

	"ipledger/ledger/wire"
	"ipledger/node/store/sealed"
)

// Located is an act or a receipt and where it stands: the number of the act in
// its block, from 0.
type Located struct {
	Height uint64
	Number uint32
	Raw    []byte
}

// Act is the act with an id, or ErrNotFound.
func (s *Store) Act(id wire.Hash) (Located, error) { return s.locate(tableActs, id) }

// Receipt is the receipt of the act with an id, or ErrNotFound.
func (s *Store) Receipt(id wire.Hash) (Located, error) { return s.locate(tableReceipts, id) }

func (s *Store) locate(table byte, id wire.Hash) (l Located, err error) {
	err = s.db.View(func(t *sealed.Txn) error {
		key := hashKey(tableIndex, id)
		raw, err := t.Get(key)
		if errors.Is(err, sealed.ErrAbsent) {
			return fmt.Errorf("%w: act %v", ErrNotFound, id)
		}
		if err != nil {
			return err
		}
		if len(raw) != 12 {
			return corrupt(key, "the place has not 12 bytes")
		}
		l.Height, l.Number = binary.BigEndian.Uint64(raw), binary.BigEndian.Uint32(raw[8:])
		l.Raw, err = item(t, table, l.Height, l.Number)
		return err
	})
	if err == nil && table == tableActs {
		var one []Act
		if one, err = acts([][]byte{l.Raw}, chunkKey(table, l.Height, l.Number)); err == nil {
			l.Raw = one[0].Raw
		}
		if err == nil && one[0].ID != id {
			err = corrupt(chunkKey(table, l.Height, l.Number), "the index leads to another act")
		}
	}
	return l, err
}

// Head is the last committed block. ErrEmpty if no state has been loaded.
func (s *Store) Head() (h Head, err error) {
	err = s.db.View(func(t *sealed.Txn) error {
		h, err = readHead(t)
		return orEmpty(err)
	})
	return h, err
}

// Base is the height of the state that was loaded: 0 for genesis.
func (s *Store) Base() (base uint64, err error) {
	err = s.db.View(func(t *sealed.Txn) error {
		base, _, err = bounds(t)
		return err
	})
	return base, err
}

// BlockAt is what is known of the block at height, or ErrNotFound beyond the
// head and before the base.
func (s *Store) BlockAt(height uint64) (m Meta, err error) {
	err = s.db.View(func(t *sealed.Txn) error {
		if err := inRange(t, height); err != nil {
			return err
		}
		m, err = readMeta(t, height)
		return err
	})
	return m, err
}

// ActsAt is the acts of the block at height, in order.
func (s *Store) ActsAt(height uint64) ([]Act, error) {
	raw, err := s.listAt(tableActs, height, func(m Meta) uint32 { return m.Acts })
	if err != nil {
		return nil, err
	}
	return acts(raw, heightKey(tableActs, height))
}

// ReceiptsAt is the receipts of the block at height, in order: one for each
// act, then those of due work.
func (s *Store) ReceiptsAt(height uint64) ([][]byte, error) {
	return s.listAt(tableReceipts, height, func(m Meta) uint32 { return m.Receipts })
}

func (s *Store) listAt(table byte, height uint64, count func(Meta) uint32) (items [][]byte, err error) {
	err = s.db.View(func(t *sealed.Txn) error {
		if err := inRange(t, height); err != nil {
			return err
		}
		m, err := readMeta(t, height)
		if err != nil {
			return err
		}
		items, err = list(t, table, height, count(m))
		return err
	})
	return items, err
}

// bounds are the heights that the store has blocks for.
func bounds(t *sealed.Txn) (base, head uint64, err error) {
	raw, err := t.Get(infoKey(infoBase))
	if err != nil {
		return 0, 0, orEmpty(err)
	}
	if len(raw) != 8 {
		return 0, 0, corrupt(infoKey(infoBase), "the base has not 8 bytes")
	}
	h, err := readHead(t)
	return binary.BigEndian.Uint64(raw), h.Height, orEmpty(err)
}

func orEmpty(err error) error {
	if errors.Is(err, sealed.ErrAbsent) {
		return ErrEmpty
	}
	return err
}
