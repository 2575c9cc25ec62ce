package store

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"

	"ipledger/ledger/wire"
	"ipledger/node/store/sealed"
)

// backupMagic is what a backup begins with.
const backupMagic = "ipledger-backup/1\n"

const backupKeyMax = 64 // longer than any key

// Backup writes every live row, as of one moment, to w: the state, history,
// blocks and signed headers, and no key or signing state of the node. Commits
// go on meanwhile; Close waits. It tells what it wrote.
//
// specs/09 STO-31: A backup MUST hold each live row with its seal, in the order
// of keys, and end with their number and a hash over all of it.
func (s *Store) Backup(ctx context.Context, w io.Writer) (sum Scrubbed, err error) {
	whole := sha256.New()
	out := bufio.NewWriter(io.MultiWriter(w, whole))
	out.WriteString(backupMagic) // a failed write shows at Flush
	err = s.db.View(func(t *sealed.Txn) error {
		if _, err := readHead(t); err != nil {
			return orEmpty(err)
		}
		return t.Scan(nil, []byte{tableInfo}, false, func(r sealed.Row) (bool, error) {
			if !r.Live || r.Key[0] == tableInfo && r.Key[1] < infoBase {
				return true, nil
			}
			sum.Rows++
			sum.Bytes += uint64(len(r.Key) + len(r.Data))
			writePart(out, r.Key)
			_, err := writePart(out, sealed.Format(r.Key, r.Data, true))
			return true, errors.Join(err, ctx.Err())
		})
	})
	if err != nil {
		return sum, fmt.Errorf("backup: %w", err)
	}
	out.Write(binary.BigEndian.AppendUint64(make([]byte, 4), sum.Rows))
	if err = out.Flush(); err == nil {
		_, err = w.Write(whole.Sum(nil))
	}
	return sum, err
}

func writePart(w *bufio.Writer, part []byte) (int, error) {
	w.Write(binary.BigEndian.AppendUint32(nil, uint32(len(part))))
	return w.Write(part)
}

// Restore reads a backup into an empty store. The head comes last, when the
// whole has been checked; until then the store has no state, and a restore that
// failed needs an empty directory. Call State next: it checks the records'
// root. It trusts the backup for what happened, as a node trusts its own disk.
//
// specs/09 STO-32: A restore MUST refuse a backup with a row that its seal does
// not fit, out of order or cut short, and MUST write the head last.
func (s *Store) Restore(ctx context.Context, r io.Reader) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.mayRestore(); err != nil {
		return err
	}
	in := &backupReader{whole: sha256.New()}
	in.r = bufio.NewReader(r)
	if err := s.restore(ctx, in); err != nil {
		return fmt.Errorf("restore: %w; get the backup again and start with an empty directory", err)
	}
	return nil
}

// mayRestore notes that a restore was begun, under a root that no state has.
func (s *Store) mayRestore() error {
	if err := s.o.checkFree(freeToCommit); err != nil {
		return err
	}
	if _, anchored, err := s.anchor.read(); err != nil || anchored {
		return errors.Join(ErrLoaded, err)
	}
	return s.db.Update(func(t *sealed.Txn) error {
		if _, err := t.Get(infoKey(infoLoading)); !errors.Is(err, sealed.ErrAbsent) {
			return errors.Join(ErrLoaded, err)
		}
		return t.Set(infoKey(infoLoading), bytes.Repeat([]byte{0xff}, len(wire.Hash{})))
	})
}

func (s *Store) restore(ctx context.Context, in *backupReader) error {
	var head []byte
	for more := true; more; {
		err := s.db.Update(func(t *sealed.Txn) (err error) {
			for size := 0; more && size < batchBytesMax && err == nil; {
				var key, data []byte
				if key, data, more, err = in.row(); err != nil || !more {
					break
				}
				size += len(key) + len(data) + sealed.RowOverhead
				if bytes.Equal(key, infoKey(infoHead)) {
					head = data
					continue
				}
				err = t.Set(key, data)
			}
			return errors.Join(err, ctx.Err())
		})
		if err != nil {
			return err
		}
	}
	return s.adopt(head)
}

// adopt makes the head of a backup the store's.
func (s *Store) adopt(row []byte) error {
	var h Head
	err := s.db.Update(func(t *sealed.Txn) (err error) {
		if err = t.Set(infoKey(infoHead), row); err == nil {
			h, err = readHead(t)
		}
		return err
	})
	if err != nil {
		return err
	}
	return s.anchor.write(anchorOf(h.Meta))
}

// backupReader reads the rows of a backup and checks them.
type backupReader struct {
	r     *bufio.Reader
	whole hash.Hash
	last  []byte // key
	rows  uint64
}

// row is the next row; more is false after the last, when all has been checked.
func (b *backupReader) row() (key, data []byte, more bool, err error) {
	if b.rows == 0 {
		if magic, err := b.take(len(backupMagic)); err != nil || string(magic) != backupMagic {
			return nil, nil, false, errors.Join(fmt.Errorf("%w: not a backup of this version", ErrCorrupt), err)
		}
	}
	key, err = b.part(backupKeyMax)
	if err != nil {
		return nil, nil, false, err
	}
	if len(key) == 0 {
		return nil, nil, false, b.end()
	}
	value, err := b.part(sealed.RowBytesMax + sealed.RowOverhead)
	if err != nil {
		return nil, nil, false, err
	}
	data, live, err := sealed.Parse(key, value)
	if err != nil || !live || bytes.Compare(b.last, key) >= 0 || key[0] > tableFrontier {
		return nil, nil, false, corrupt(key, "the backup holds a row that is damaged or out of order")
	}
	b.last = key
	b.rows++
	return key, data, true, nil
}

// end reads the number of rows and the hash over all before it.
func (b *backupReader) end() error {
	count, err := b.take(8)
	if err != nil {
		return err
	}
	want := b.whole.Sum(nil)
	got, err := b.take(len(want))
	if err == nil && (binary.BigEndian.Uint64(count) != b.rows || !bytes.Equal(got, want)) {
		err = fmt.Errorf("%w: the backup does not match its hash", ErrCorrupt)
	}
	if _, beyond := b.r.ReadByte(); err == nil && beyond != io.EOF {
		err = fmt.Errorf("%w: something follows the end of the backup", ErrCorrupt)
	}
	return err
}

func (b *backupReader) part(limit int) ([]byte, error) {
	n, err := b.take(4)
	if err != nil {
		return nil, err
	}
	if length := binary.BigEndian.Uint32(n); length <= uint32(limit) {
		return b.take(int(length))
	}
	return nil, fmt.Errorf("%w: the backup has a row that is too long", ErrCorrupt)
}

func (b *backupReader) take(n int) ([]byte, error) {
	out := make([]byte, n)
	if _, err := io.ReadFull(b.r, out); err != nil {
		return nil, fmt.Errorf("%w: the backup is cut short: %w", ErrCorrupt, err)
	}
	b.whole.Write(out)
	return out, nil
}
