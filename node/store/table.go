package store

import (
	"encoding/binary"
	"fmt"

	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// Tables of ledger.db: the first byte of every key.
//
// specs/09 STO-7: A table MUST be named by one byte, and the keys of a table
// MUST NOT begin one another.
const (
	tableInfo     = 0x01 // ‖ infoFormat, infoLoading, infoBase, infoHead, infoFold
	tableRecords  = 0x02 // ‖ tree key -> data of the leaf, as of the fold or later
	tableHeights  = 0x03 // ‖ height u64 of a fold ‖ first tree key -> keys and the heights that changed them
	tableChanges  = 0x04 // ‖ height u64 ‖ first tree key -> what the block replaced and made
	tableActs     = 0x05 // ‖ height u64 ‖ first u32 -> id and bytes of acts
	tableReceipts = 0x06 // ‖ height u64 ‖ first u32 -> receipts
	tableIndex    = 0x07 // ‖ id of an act -> height u64 ‖ number u32
	tableBlocks   = 0x08 // ‖ height u64 -> Meta
	tableSigned   = 0x09 // ‖ height u64 -> header, certificate, hash of the set
	tableSets     = 0x0a // ‖ SHA-256 of the set -> validator set
	tableFrontier = 0x0b // ‖ height u64 of an act-bearing block, or the base -> frontier
)

// Rows of tableInfo.
const (
	infoFormat  = 0x00
	infoLoading = 0x01
	infoBase    = 0x02
	infoHead    = 0x03
	infoFold    = 0x04
)

var tableNames = map[byte]string{
	tableInfo: "info", tableRecords: "records", tableHeights: "heights", tableChanges: "changes",
	tableActs: "acts", tableReceipts: "receipts", tableIndex: "index of acts", tableBlocks: "blocks",
	tableSigned: "signed headers", tableSets: "validator sets", tableFrontier: "log frontiers",
}

func tableName(key []byte) string {
	if len(key) > 0 {
		if name, ok := tableNames[key[0]]; ok {
			return "ledger.db " + name
		}
		return fmt.Sprintf("ledger.db table %#x", key[0])
	}
	return "ledger.db"
}

func infoKey(which byte) []byte { return []byte{tableInfo, which} }

func recordKey(k tree.Key) []byte { return treeKey(tableRecords, k, recordKeyBytes) }

// treeKey is a table and a key of the tree, with room for what follows.
func treeKey(table byte, k tree.Key, room int) []byte {
	return k.AppendBytes(append(make([]byte, 0, room), table))
}

func heightKey(table byte, height uint64) []byte {
	return binary.BigEndian.AppendUint64(append(make([]byte, 0, chunkKeyBytes), table), height)
}

func chunkKey(table byte, height uint64, first uint32) []byte {
	return binary.BigEndian.AppendUint32(heightKey(table, height), first)
}

// sortedKey is the key of a run of a list that is sorted by tree keys: the run
// that holds a key is the last whose key is not beyond the key's. Tree keys have
// a fixed length in each subtree, so none begins another.
func sortedKey(table byte, height uint64, k tree.Key) []byte {
	return k.AppendBytes(append(make([]byte, 0, sortedKeyBytes), heightKey(table, height)...))
}

func hashKey(table byte, h wire.Hash) []byte { return append([]byte{table}, h[:]...) }

// heightOf is the height after the table in a row's key.
func heightOf(key []byte) uint64 { return binary.BigEndian.Uint64(key[1:]) }

// firstOf is the number of the first item at the end of a chunk's key.
func firstOf(key []byte) uint32 { return binary.BigEndian.Uint32(key[len(key)-4:]) }

// corrupt names a row that is damaged or missing.
//
// specs/09 STO-8: A row that must be there and is not MUST be reported as
// corruption, never as absent.
func corrupt(key []byte, why string) error {
	return &CorruptError{Table: tableName(key), Key: append([]byte(nil), key...), Why: why}
}
