package store

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"ipledger/ledger/light"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
	"ipledger/node/store/sealed"
)

// Bounds of the contact files that a node keeps: a possessor states contacts at
// most at 64 blocks of one possession, and 16,384 files are at most 128 MiB.
//
// specs/18 SVC-11: one file for a block, at most 64 of one holder and 16,384 in
// all.
const (
	ContactsOfOneMax = 64
	ContactsMax      = 16_384
)

// Contacts keeps contact files, each in a file of its own: a database would keep
// what was removed until it is compacted. Whoever rewrites one can hide it, no
// more: a reader compares it with the hash on the ledger. It is safe for
// concurrent use.
type Contacts struct {
	dir string
	log *slog.Logger

	mu   sync.Mutex // guards what follows, and the files
	kept map[wire.Resource]ContactsKept
}

// ContactsKept is what is known of one contact file without reading it.
type ContactsKept struct {
	Hash   wire.Hash
	Holder wire.Address // whose contacts they are
}

// OpenContacts opens the directory, makes it if need be, and removes what is
// damaged or was not written to its end.
func OpenContacts(dir string, log *slog.Logger) (*Contacts, error) {
	c := &Contacts{dir: dir, log: log, kept: map[wire.Resource]ContactsKept{}}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the directory of contact files: %w", err)
	}
	list, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("list contact files: %w", err)
	}
	for _, entry := range list {
		if err := c.adopt(entry.Name()); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// adopt takes in a file that is there.
//
// specs/09 STO-35: One whose seal does not match MUST be removed and told of.
func (c *Contacts) adopt(name string) error {
	at, err := blockNamed(name)
	if err == nil {
		var k ContactsKept
		if k, _, err = c.read(at); err == nil {
			c.kept[at] = k
			return nil
		}
	}
	if whole := strings.TrimSuffix(name, newFile); err != nil && whole == name {
		c.log.Warn("a contact file is damaged and is removed; its holder hands it in again", "file", name, "err", err)
	}
	return erase(filepath.Join(c.dir, name))
}

// newFile ends the name of a file that is being written.
const newFile = ".new"

func contactsKey(at wire.Resource) []byte {
	return tree.ResourceKey(at).Bytes()
}

func blockNamed(name string) (at wire.Resource, err error) {
	raw, err := hex.DecodeString(name)
	if err != nil {
		return at, err
	}
	k, err := tree.ParseKey(raw)
	if err == nil && k.Subtree > tree.ASN {
		err = errors.New("it names no block")
	}
	if err != nil {
		return at, err
	}
	return k.Resource(), nil
}

func (c *Contacts) file(at wire.Resource) string {
	return filepath.Join(c.dir, hex.EncodeToString(contactsKey(at)))
}

// contactsHead is the hash and the holder that stand before a contact file.
const contactsHead = 32 + 20

func (c *Contacts) read(at wire.Resource) (k ContactsKept, file []byte, err error) {
	raw, err := readAtMost(c.file(at), contactsHead+light.ContactsBytesMax+int64(sealed.SealedBytes(0))+1)
	if err != nil {
		return k, nil, fmt.Errorf("read a contact file: %w", err)
	}
	data, live, err := sealed.Parse(contactsKey(at), raw)
	if err == nil && (!live || len(data) < contactsHead) {
		err = errors.New("it is no contact file's row")
	}
	if err != nil {
		return k, nil, &CorruptError{Table: "contacts", Key: contactsKey(at), Why: err.Error()}
	}
	copy(k.Hash[:], data)
	copy(k.Holder[:], data[len(k.Hash):])
	return k, data[contactsHead:], nil
}

// Put keeps a file for a block, in the place of what was kept for it. It reports
// ErrFull where there is no room.
func (c *Contacts) Put(at wire.Resource, k ContactsKept, file []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.room(at, k.Holder); err != nil {
		return err
	}
	row := sealed.Seal(nil, contactsKey(at), k.Hash[:], k.Holder[:], file)
	name := c.file(at)
	if err := writeSynced(name+newFile, row.Value); err != nil {
		return fmt.Errorf("write a contact file: %w", err)
	}
	if err := c.drop(at); err != nil {
		return err
	}
	if err := os.Rename(name+newFile, name); err != nil {
		return fmt.Errorf("write a contact file: %w", err)
	}
	c.kept[at] = k
	return syncDir(c.dir)
}

func (c *Contacts) room(at wire.Resource, holder wire.Address) error {
	own := 0
	for block, k := range c.kept {
		if k.Holder == holder && block != at {
			own++
		}
	}
	_, again := c.kept[at]
	switch {
	case own >= ContactsOfOneMax:
		return fmt.Errorf("%w: those for %d other blocks of %v are kept, at most %d (SVC-11)", ErrFull, own, holder, ContactsOfOneMax)
	case !again && len(c.kept) >= ContactsMax:
		return fmt.Errorf("%w: %d are kept, as many as can be (SVC-11)", ErrFull, len(c.kept))
	}
	return nil
}

// Get reads the file that is kept for a block, or reports ErrNotFound.
func (c *Contacts) Get(at wire.Resource) (k ContactsKept, file []byte, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.kept[at]; !ok {
		return k, nil, fmt.Errorf("%w: a contact file for %v", ErrNotFound, at)
	}
	return c.read(at)
}

// Under lists the blocks for which a file is kept under a hash, in order of text.
func (c *Contacts) Under(hash wire.Hash) (out []wire.Resource) {
	return c.blocks(func(k ContactsKept) bool { return k.Hash == hash })
}

// Blocks lists all blocks for which a file is kept.
func (c *Contacts) Blocks() []wire.Resource {
	return c.blocks(func(ContactsKept) bool { return true })
}

func (c *Contacts) blocks(wanted func(ContactsKept) bool) (out []wire.Resource) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for at, k := range c.kept {
		if wanted(k) {
			out = append(out, at)
		}
	}
	slices.SortFunc(out, func(x, y wire.Resource) int { return strings.Compare(x.String(), y.String()) })
	return out
}

// Kept is what is kept for a block.
func (c *Contacts) Kept(at wire.Resource) (k ContactsKept, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, ok = c.kept[at]
	return k, ok
}

// Forget overwrites and removes the file of a block, if it is still under the
// hash; it is gone from the disk's directory when Forget returns.
func (c *Contacts) Forget(at wire.Resource, hash wire.Hash) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept[at].Hash != hash {
		return nil
	}
	if err := c.drop(at); err != nil {
		return err
	}
	return syncDir(c.dir)
}

// drop forgets the file of a block, if there is one. The caller holds mu.
func (c *Contacts) drop(at wire.Resource) error {
	if _, ok := c.kept[at]; !ok {
		return nil
	}
	delete(c.kept, at)
	return erase(c.file(at))
}

// erase overwrites a file before it removes it: what a file system or a disk keeps
// all the same is beyond a program.
//
// specs/18 SVC-12: It MUST then overwrite and remove it.
func erase(name string) error {
	info, err := os.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && info.Mode().IsRegular() {
		err = overwrite(name, int(info.Size()))
	}
	if err == nil {
		err = os.RemoveAll(name)
	}
	if err != nil {
		return fmt.Errorf("erase a contact file: %w", err)
	}
	return nil
}

func overwrite(name string, n int) error {
	file, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = file.Write(make([]byte, n))
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}
