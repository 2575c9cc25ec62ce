package engine

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io/fs"
	"log/slog"
	"os"
)

// The engine's write-ahead log is entries of a checksum (CRC-32C, 4 bytes), a
// length (4 bytes) and a message of at most 1 MiB and some framing.
const (
	walHead     = 8
	walEntryMax = 1<<20 + 1<<10
)

// warnOfWAL says where the engine's write-ahead log is damaged. The engine itself
// goes on in silence from what stands before: it then asks its peers for what it
// has forgotten of the height it was in. It signs nothing twice, which the
// validator's own state file sees to.
func warnOfWAL(name string, log *slog.Logger) {
	raw, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err != nil {
		log.Warn("the engine's write-ahead log cannot be read", "file", name, "err", err)
		return
	}
	if whole := wholeWAL(raw); whole < len(raw) {
		log.Warn("the engine's write-ahead log is damaged, and what follows the last whole entry is not read: check the disk, unless the machine has just lost its power",
			"file", name, "whole_bytes", whole, "lost_bytes", len(raw)-whole)
	}
}

// wholeWAL is how many bytes hold whole entries. An entry that the end of the
// file cuts off counts as whole: that is how a process leaves it that was killed.
func wholeWAL(raw []byte) (whole int) {
	for len(raw)-whole >= walHead {
		rest := raw[whole:]
		sum, n := binary.BigEndian.Uint32(rest), int(binary.BigEndian.Uint32(rest[4:]))
		if n == 0 || n > walEntryMax {
			return whole
		}
		if n > len(rest)-walHead {
			break
		}
		if crc32.Checksum(rest[walHead:walHead+n], crc32.MakeTable(crc32.Castagnoli)) != sum {
			return whole
		}
		whole += walHead + n
	}
	return len(raw)
}
