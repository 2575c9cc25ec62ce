package sealed

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/table"
)

// checkTables looks at the end of every table in the list before Badger does.
// Badger opens tables in goroutines of its own and panics over a length that
// does not fit the file, which nobody can recover from. What lies between the
// lengths it checks itself, by checksum. Files that the list does not name are
// left of a crash, and Badger's to delete.
func checkTables(o badger.Options) error {
	if o.InMemory {
		return nil
	}
	list, err := os.Open(filepath.Join(o.Dir, badger.ManifestFilename))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the list of tables: %w", err)
	}
	defer list.Close()
	m, _, err := badger.ReplayManifestFile(list, 0, o)
	if err != nil {
		return &CorruptError{Table: list.Name(), Why: err.Error()}
	}
	for id := range m.Tables {
		name := table.NewFilename(id, o.Dir)
		why, err := tableDamage(name)
		if err != nil {
			return fmt.Errorf("look at a table: %w", err)
		}
		if why != "" {
			return &CorruptError{Table: name, Why: why}
		}
	}
	return nil
}

// checksumBytesMax is longer than any checksum of an index: a message of two numbers.
const checksumBytesMax = 64

// tableDamage reads a table from its end: the length of a checksum (4 bytes),
// before it the checksum, before that the length of the index (4 bytes), before
// that the index. It is empty if these fit the file.
func tableDamage(name string) (why string, err error) {
	file, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return "a table of the list is missing", nil
	}
	if err != nil {
		return "", err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return "", err
	}
	end := info.Size()
	for _, most := range []int64{checksumBytesMax, end} {
		var length [4]byte
		if end -= int64(len(length)); end < 0 {
			return "the table is cut off", nil
		}
		if _, err := file.ReadAt(length[:], end); err != nil {
			return "", err
		}
		n := int64(binary.BigEndian.Uint32(length[:]))
		if n > most || n > end {
			return "the table does not end as it must", nil
		}
		end -= n
	}
	return "", nil
}
