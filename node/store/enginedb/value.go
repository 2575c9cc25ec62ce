package enginedb

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"ipledger/node/store/sealed"
)

// Tables of engine.db: the first byte of every key.
const (
	tableRows   = 0x01 // ‖ length of name ‖ name ‖ key -> form ‖ value or head
	tableChunks = 0x02 // ‖ SHA-256 of the row's key ‖ number u16 -> bytes
)

// Forms of a row: small values stand in it, others in chunks beside it, so
// that no value leaves Badger's checked tables (specs/09 STO-30).
const (
	formWhole  = 0x00 // ‖ value
	formChunks = 0x01 // ‖ number of chunks u16
)

const (
	chunkBytes = 512 << 10
	// wholeBytesMax is the longest value that stands in its row.
	wholeBytesMax = chunkBytes
	// ValueBytesMax bounds a value; the engine's greatest are its blocks'
	// results, a few MiB. It fits one transaction.
	ValueBytesMax = 8 << 20
)

func tableName(key []byte) string {
	if len(key) == 0 {
		return "engine.db"
	}
	switch key[0] {
	case tableRows:
		return "engine.db values"
	case tableChunks:
		return "engine.db chunks"
	}
	return fmt.Sprintf("engine.db table %#x", key[0])
}

// get is the value of a row; it is never nil without an error.
func get(t *sealed.Txn, row []byte) ([]byte, error) {
	data, err := t.Get(row)
	if err != nil {
		return nil, err
	}
	return unfold(t.Get, row, data)
}

// unfold gives the value that a row's data stand for, fetching its chunks.
func unfold(fetch func([]byte) ([]byte, error), row, data []byte) ([]byte, error) {
	n, err := chunks(row, data)
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return append([]byte{}, data[1:]...), nil
	}
	value := make([]byte, 0, n*chunkBytes)
	for i := range n {
		part, err := fetch(chunkKey(row, i))
		if errors.Is(err, sealed.ErrAbsent) {
			return nil, damaged(row, "a chunk of the value is missing")
		}
		if err != nil {
			return nil, err
		}
		value = append(value, part...)
	}
	return value, nil
}

// chunks is the number of chunks of a row: 0 if the value stands in it.
func chunks(row, data []byte) (int, error) {
	switch {
	case len(data) > 0 && data[0] == formWhole:
		return 0, nil
	case len(data) == 3 && data[0] == formChunks:
		return int(binary.BigEndian.Uint16(data[1:])), nil
	}
	return 0, damaged(row, "the row's form has no meaning")
}

// set writes a value and removes chunks that it no longer needs.
func set(t *sealed.Txn, row, value []byte) error {
	if len(value) > ValueBytesMax {
		return fmt.Errorf("%w: %d bytes, at most %d", sealed.ErrRowSize, len(value), ValueBytesMax)
	}
	n := 0
	if len(value) > wholeBytesMax {
		n = (len(value) + chunkBytes - 1) / chunkBytes
	}
	if err := dropChunks(t, row, n); err != nil {
		return err
	}
	if n == 0 {
		return t.Set(row, append([]byte{formWhole}, value...))
	}
	for i := range n {
		part := value[i*chunkBytes : min((i+1)*chunkBytes, len(value))]
		if err := t.Set(chunkKey(row, i), part); err != nil {
			return err
		}
	}
	return t.Set(row, binary.BigEndian.AppendUint16([]byte{formChunks}, uint16(n)))
}

func remove(t *sealed.Txn, row []byte) error {
	if err := dropChunks(t, row, 0); err != nil {
		return err
	}
	return t.Delete(row)
}

// dropChunks removes the chunks of the row's present value from number keep on.
func dropChunks(t *sealed.Txn, row []byte, keep int) error {
	data, err := t.Get(row)
	if errors.Is(err, sealed.ErrAbsent) {
		return nil
	}
	if err != nil {
		return err
	}
	n, err := chunks(row, data)
	if err != nil {
		return err
	}
	for i := keep; i < n; i++ {
		if err := t.Delete(chunkKey(row, i)); err != nil {
			return err
		}
	}
	return nil
}

func chunkKey(row []byte, i int) []byte {
	sum := sha256.Sum256(row)
	return binary.BigEndian.AppendUint16(append([]byte{tableChunks}, sum[:]...), uint16(i))
}

func damaged(row []byte, why string) error {
	return &sealed.CorruptError{Table: tableName(row), Key: row, Why: why}
}
