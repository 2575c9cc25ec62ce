package sealed

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
)

// checkManifest reads Badger's list of tables before Badger does. Badger takes
// an entry cut short for the end of the list, cuts the file there, and deletes
// every table that the rest would have named: one flipped bit in a length
// field was seen to empty a database.
//
// specs/09 STO-6: A list of tables that does not end with a whole entry MUST
// be refused before anything is deleted.
func checkManifest(dir string) error {
	if dir == "" {
		return nil
	}
	name := filepath.Join(dir, "MANIFEST")
	raw, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return checkNoTables(dir)
	}
	if err != nil {
		return fmt.Errorf("read the list of tables: %w", err)
	}
	if why := manifestDamage(raw); why != "" {
		return &CorruptError{Table: name, Why: why}
	}
	return nil
}

// manifestDamage walks the file: 8 bytes of magic, then entries of length
// (4 bytes), CRC-32C (4 bytes) and content. It is empty if all is well.
func manifestDamage(raw []byte) string {
	const head = 8
	if len(raw) < head || string(raw[:4]) != "Bdgr" {
		return "the list of tables does not begin as it must"
	}
	for rest := raw[head:]; len(rest) > 0; {
		if len(rest) < head {
			return "the list of tables ends within an entry"
		}
		n := uint64(binary.BigEndian.Uint32(rest))
		want := binary.BigEndian.Uint32(rest[4:])
		if n > uint64(len(rest)-head) {
			return "the list of tables ends within an entry"
		}
		if crc32.Checksum(rest[head:head+n], castagnoli) != want {
			return "an entry of the list of tables does not match its checksum"
		}
		rest = rest[head+n:]
	}
	return ""
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// checkNoTables refuses a directory whose list of tables is gone: Badger would
// start an empty database there.
func checkNoTables(dir string) error {
	for _, pattern := range []string{"*.sst", "*.mem"} {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return fmt.Errorf("look for tables: %w", err)
		}
		if len(found) > 0 {
			return &CorruptError{Table: filepath.Join(dir, "MANIFEST"), Why: "the list of tables is missing beside tables"}
		}
	}
	return nil
}
