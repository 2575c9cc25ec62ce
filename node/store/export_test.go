package store

import (
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
	"ipledger/node/store/sealed"
)

// What tests of damage and of limits need of the inside.

const (
	TxnBytesMax = txnBytesMax
	TxnRowsMax  = txnRowsMax
	BadgerBytes = badgerBytes
	BadgerRows  = badgerRows
)

var (
	RecordKey  = recordKey
	ChangesKey = func(height uint64, first tree.Key) []byte { return sortedKey(tableChanges, height, first) }
	HeightsKey = func(fold uint64, first tree.Key) []byte { return sortedKey(tableHeights, fold, first) }
)

func ActsKey(height uint64, first uint32) []byte { return chunkKey(tableActs, height, first) }
func BlockKey(height uint64) []byte              { return heightKey(tableBlocks, height) }
func FrontierKey(height uint64) []byte           { return heightKey(tableFrontier, height) }
func FormatKey() []byte                          { return infoKey(infoFormat) }
func FoldKey() []byte                            { return infoKey(infoFold) }
func IndexKey(id wire.Hash) []byte               { return hashKey(tableIndex, id) }
func SetKey(h wire.Hash) []byte                  { return hashKey(tableSets, h) }

// Plant writes a row with a good seal over what is there.
func (s *Store) Plant(key, data []byte) error {
	return s.db.Update(func(t *sealed.Txn) error { return t.Set(key, data) })
}

// Lose removes a row without a trace.
func (s *Store) Lose(key []byte) error {
	return s.db.Update(func(t *sealed.Txn) error { return t.Delete(key) })
}

// Read is the data of a row.
func (s *Store) Read(key []byte) (data []byte, err error) {
	err = s.db.View(func(t *sealed.Txn) error {
		data, err = t.Get(key)
		return err
	})
	return data, err
}

// Tables counts the rows of each table, and their cost in a transaction.
func (s *Store) Tables() (rows map[byte]int, cost map[byte]int64, err error) {
	rows, cost = map[byte]int{}, map[byte]int64{}
	err = s.db.View(func(t *sealed.Txn) error {
		return t.Scan(nil, []byte{0}, false, func(r sealed.Row) (bool, error) {
			rows[r.Key[0]]++
			cost[r.Key[0]] += sealed.RowCost(len(r.Key), len(r.Data))
			return true, nil
		})
	})
	return rows, cost, err
}

func (s *Store) Limits() (rows, bytes int64) { return s.db.Limits() }

// ChangesRow is the data of a row of changes.
func ChangesRow(height uint64, changes []tree.Change) []byte {
	runs := changeRuns(&slab{}, height, changes)
	data, _, _ := sealed.Parse(runs[0].Key, runs[0].Value)
	return data
}

// Folded is how far the last fold came.
func (s *Store) Folded() uint64 {
	p, _ := s.window.snapshot()
	return p.fold.done
}
