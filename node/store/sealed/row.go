package sealed

import (
	"bytes"
	"crypto/sha256"
	"errors"
)

const (
	// RowBytesMax bounds the data of a row: a leaf of the state tree or a chunk of
	// 512 KiB with what surrounds it. It is less than what Badger keeps inside
	// its checked tables, so no row ever goes to the value log, where a flipped
	// bit was seen to truncate all later values without an error.
	RowBytesMax = 640 << 10
	// RowOverhead is what a row takes beside its key and data: flag and seal,
	// and Badger's own 2 bytes of meta and 10 of version.
	RowOverhead = flagBytes + SealBytes + 2 + 10
	// SealBytes is the length of a row's seal.
	SealBytes = 16

	flagBytes = 1
	valueMax  = 1 << 20 // Badger's greatest threshold
)

const _ uint = valueMax - (RowBytesMax + flagBytes + SealBytes) - 1 // a row stays inline

// Flags of a row, its first byte.
const (
	flagTomb = 0x00 // removed: nothing follows
	flagLive = 0x01 // data follow
)

// RowCost is what a row adds to the size of a transaction.
func RowCost(key, data int) int64 { return int64(key) + int64(data) + RowOverhead }

// Digest is SHA-256 over a key and what a live row under it holds; the row's
// seal is its beginning.
func Digest(key, data []byte) [32]byte { return digest(key, flagLive, data) }

// digestInPlace bounds what is gathered on the stack to be hashed at once: a
// record with its key. Longer rows are hashed where they stand.
const digestInPlace = 1 << 10

func digest(key []byte, flag byte, data []byte) (sum [32]byte) {
	if len(key)+flagBytes+len(data) <= digestInPlace {
		var room [digestInPlace]byte
		return sha256.Sum256(append(append(append(room[:0], key...), flag), data...))
	}
	h := sha256.New()
	h.Write(key)
	h.Write([]byte{flag})
	h.Write(data)
	h.Sum(sum[:0])
	return sum
}

// Format gives the stored value of a live row, or of a tombstone, which has no
// data.
//
// specs/09 STO-1: A stored value MUST be its payload followed by the first 16
// bytes of SHA-256(key ‖ payload).
func Format(key, data []byte, live bool) []byte {
	if live {
		return seal(key, flagLive, data)
	}
	return seal(key, flagTomb, nil)
}

func seal(key []byte, flag byte, data []byte) []byte {
	sum := digest(key, flag, data)
	out := make([]byte, 0, flagBytes+len(data)+SealBytes)
	return append(append(append(out, flag), data...), sum[:SealBytes]...)
}

// Why a stored value is not what was written.
var (
	errShort = errors.New("the value is shorter than its seal")
	errSeal  = errors.New("the stored hash does not match the bytes read")
	errFlag  = errors.New("the row's flag has no meaning")
)

// Parse reads what Format writes, and nothing else. The data alias the value.
//
// specs/09 STO-1: it MUST be checked at each read.
func Parse(key, value []byte) (data []byte, live bool, err error) {
	end := len(value) - SealBytes
	if end < flagBytes {
		return nil, false, errShort
	}
	flag, data := value[0], value[flagBytes:end]
	sum := digest(key, flag, data)
	if !bytes.Equal(sum[:SealBytes], value[end:]) {
		return nil, false, errSeal
	}
	// specs/09 STO-2: 0x01 ‖ data for a live row and 0x00 alone for a tombstone.
	if flag > flagLive || flag == flagTomb && len(data) > 0 {
		return nil, false, errFlag
	}
	return data, flag == flagLive, nil
}

// Sealed is a row as it is stored, made once: to be put into a transaction, and
// if it is live to be named by its digest.
type Sealed struct {
	Key, Value []byte
	Digest     [32]byte
}

// SealedBytes is how much room the value of a row takes whose data have n bytes.
func SealedBytes(n int) int { return flagBytes + n + SealBytes }

// Seal seals a row whose data are the joined parts. The value is written into
// room, which has the length 0, if its capacity is enough.
func Seal(room, key []byte, parts ...[]byte) Sealed {
	value := append(room, flagLive)
	for _, p := range parts {
		value = append(value, p...)
	}
	s := Sealed{Key: key, Digest: digest(key, flagLive, value[flagBytes:])}
	s.Value = append(value, s.Digest[:SealBytes]...)
	return s
}

// Tomb seals a tombstone, to be put where a row is removed.
func Tomb(key []byte) Sealed { return Sealed{Key: key, Value: Format(key, nil, false)} }

// Bytes is the length of the row's data.
func (s *Sealed) Bytes() int { return len(s.Value) - flagBytes - SealBytes }

func (d *DB) unseal(key, value []byte) (data []byte, live bool, err error) {
	data, live, err = Parse(key, value)
	if err != nil {
		err = d.corrupt(key, err.Error())
	}
	return data, live, err
}
