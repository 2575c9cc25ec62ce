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
	// The window comes first: what a fold takes out of it after that, the
	// snapshot that follows has in the index.
	recent, known, err := s.recentAct(id)
	if err != nil {
		return Located{}, err
	}
	err = s.db.View(func(t *sealed.Txn) error {
		at := recent
		if !known {
			at, err = indexed(t, id)
		} else {
			err = committed(t, at, id)
		}
		if err != nil {
			return err
		}
		l.Height, l.Number = at.height, at.number
		l.Raw, err = item(t, table, at.height, at.number)
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

// recentAct is where an act above the fold stands.
func (s *Store) recentAct(id wire.Hash) (at place, known bool, err error) {
	at, known, loaded := s.window.act(id)
	if !loaded {
		if err := s.loadWindow(); err != nil && !errors.Is(err, ErrEmpty) {
			return place{}, false, err
		}
		at, known, _ = s.window.act(id)
	}
	return at, known, nil
}

// committed is ErrNotFound for an act whose block is on its way to the disk.
func committed(t *sealed.Txn, at place, id wire.Hash) error {
	_, head, err := bounds(t)
	if err == nil && at.height > head {
		return unknownAct(id)
	}
	return err
}

// indexed is where an act of the index stands, or ErrNotFound.
func indexed(t *sealed.Txn, id wire.Hash) (place, error) {
	key := hashKey(tableIndex, id)
	raw, err := t.Get(key)
	switch {
	case errors.Is(err, sealed.ErrAbsent):
		return place{}, unknownAct(id)
	case err != nil:
		return place{}, err
	case len(raw) != 12:
		return place{}, corrupt(key, "the place has not 12 bytes")
	}
	return place{binary.BigEndian.Uint64(raw), binary.BigEndian.Uint32(raw[8:])}, nil
}

func unknownAct(id wire.Hash) error { return fmt.Errorf("%w: act %v", ErrNotFound, id) }

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
	err = s.metaAt(height, func(_ *sealed.Txn, at Meta) error { m = at; return nil })
	return m, err
}

// ActsAt is the acts of the block at height, in order.
func (s *Store) ActsAt(height uint64) (all []Act, err error) {
	err = s.metaAt(height, func(t *sealed.Txn, m Meta) error {
		all, err = actsAt(t, m)
		return err
	})
	return all, err
}

func actsAt(t *sealed.Txn, m Meta) ([]Act, error) {
	raw, err := list(t, tableActs, m.Height, m.Acts)
	if err != nil {
		return nil, err
	}
	return acts(raw, heightKey(tableActs, m.Height))
}

// ReceiptsAt is the receipts of the block at height, in order: one for each
// act, then those of due work.
func (s *Store) ReceiptsAt(height uint64) (all [][]byte, err error) {
	err = s.metaAt(height, func(t *sealed.Txn, m Meta) error {
		all, err = list(t, tableReceipts, height, m.Receipts)
		return err
	})
	return all, err
}

// metaAt runs f with the row of the block at height.
func (s *Store) metaAt(height uint64, f func(*sealed.Txn, Meta) error) error {
	return s.db.View(func(t *sealed.Txn) error {
		if err := inRange(t, height); err != nil {
			return err
		}
		m, err := readMeta(t, height)
		if err != nil {
			return err
		}
		return f(t, m)
	})
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

// FrontierAt is the encoded frontier of the block log after the block at height,
// or ErrNotFound beyond the head and before the base.
func (s *Store) FrontierAt(height uint64) (frontier []byte, err error) {
	err = s.metaAt(height, func(t *sealed.Txn, _ Meta) error {
		frontier, err = readFrontier(t, height)
		return err
	})
	return frontier, err
}
