package relay

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"sync"

	"ipledger/ledger/wire"
)

// ErrJournal reports a journal that is damaged or can no longer be written.
var ErrJournal = errors.New("relay: journal")

// rewriteAbove is the size from which a journal of mostly final acts is
// written anew.
const rewriteAbove = 1 << 20

// journal is the acts submitted here and not yet final, on disk: a file of
// rows, each sealed by its hash, to which rows are only added. Whoever rewrites
// it can make this node publish other acts, which their own signatures guard,
// or forget some.
type journal struct {
	name string

	mu     sync.Mutex // guards what follows
	file   *os.File
	live   map[wire.Hash][]byte
	bytes  int    // of the live acts
	size   int64  // of the file
	wrote  uint64 // rows written
	broken error  // why no more may be written

	// syncing admits one sync at a time; those who wait meanwhile share the next.
	syncing sync.Mutex
	synced  uint64 // rows on disk, guarded by syncing
}

// openJournal opens or creates the file. A torn last row, which was never
// acknowledged, is cut off; any other damage is an error.
func openJournal(name string, log *slog.Logger) (*journal, error) {
	raw, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %w", ErrJournal, err)
	}
	rows, whole, err := parseJournal(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; the acts it holds were acknowledged: restore it, or move it away and submit them again", name, err)
	}
	if dropped := len(raw) - whole; dropped > 0 {
		// A crash leaves part of a row, or zeros; so does a disk that loses what it
		// had confirmed, and from here the two look alike.
		log.Warn("the journal does not end with a whole row, and what follows the last is dropped: no act that was acknowledged is lost, "+
			"unless the disk lost what it had confirmed", "file", name, "whole_bytes", whole, "dropped_bytes", dropped, "rows", len(rows))
	}
	j := &journal{name: name, live: map[wire.Hash][]byte{}}
	for _, r := range rows {
		j.apply(r)
	}
	return j, j.rewrite()
}

// apply must be called under mu, or before anyone shares j.
func (j *journal) apply(r row) {
	old, known := j.live[r.ID]
	if known {
		j.bytes -= len(old)
		delete(j.live, r.ID)
	}
	if r.Kind == rowPut {
		j.live[r.ID] = r.Raw
		j.bytes += len(r.Raw)
	}
}

// put adds an act; it is on disk when put returns nil.
func (j *journal) put(id wire.Hash, raw []byte) error { return j.putAll([]row{{rowPut, id, raw}}) }

// putAll is put for several, with one sync.
func (j *journal) putAll(rows []row) (err error) {
	j.mu.Lock()
	for _, r := range rows {
		if _, known := j.live[r.ID]; !known && err == nil {
			err = j.append(row{r.Kind, r.ID, bytes.Clone(r.Raw)})
		}
	}
	mine := j.wrote
	j.mu.Unlock()
	if err != nil {
		return err
	}
	return j.sync(mine)
}

// remove forgets an act. It is not synced: after a crash the act is found
// final, and removed again.
func (j *journal) remove(id wire.Hash) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if _, known := j.live[id]; !known || j.append(row{rowRemove, id, nil}) != nil {
		return
	}
	if j.size > rewriteAbove && j.size > 4*int64(j.bytes) {
		j.broken = errors.Join(j.broken, j.rewrite())
	}
}

// append must be called under mu.
func (j *journal) append(r row) error {
	if j.broken != nil {
		return j.broken
	}
	raw := r.frame()
	if _, err := j.file.Write(raw); err != nil {
		j.broken = fmt.Errorf("%w: %w; free the disk and start again", ErrJournal, err)
		return j.broken
	}
	j.apply(r)
	j.size += int64(len(raw))
	j.wrote++
	return nil
}

// sync returns when the first rows written are on disk.
func (j *journal) sync(rows uint64) error {
	j.syncing.Lock()
	defer j.syncing.Unlock()
	if j.synced >= rows {
		return nil
	}
	j.mu.Lock()
	file, wrote, broken := j.file, j.wrote, j.broken
	j.mu.Unlock()
	if broken != nil {
		return broken
	}
	if err := file.Sync(); err != nil && !errors.Is(err, os.ErrClosed) {
		// What a failed sync left behind is unknown; nothing more is acknowledged.
		j.mu.Lock()
		defer j.mu.Unlock()
		j.broken = fmt.Errorf("%w: %w; start again", ErrJournal, err)
		return j.broken
	} else if err != nil {
		return j.syncedElsewhere(rows, err)
	}
	j.synced = wrote
	return nil
}

// syncedElsewhere is what a sync finds when the file was replaced by a rewrite
// meanwhile, which has synced all of its rows, or closed.
func (j *journal) syncedElsewhere(rows uint64, err error) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.broken != nil || j.file == nil {
		return errors.Join(err, j.broken)
	}
	if err := j.file.Sync(); err != nil {
		return fmt.Errorf("%w: %w", ErrJournal, err)
	}
	j.synced = max(rows, j.synced)
	return nil
}

// rewrite replaces the file by one with the live rows alone. It must be called
// under mu, or before anyone shares j.
func (j *journal) rewrite() error {
	out := []byte(journalHead)
	for id, raw := range j.live {
		out = append(out, row{rowPut, id, raw}.frame()...)
	}
	file, err := replace(j.name, out)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrJournal, err)
	}
	if j.file != nil {
		err = j.file.Close()
	}
	j.file, j.size = file, int64(len(out))
	return err
}

// replace writes a file beside, syncs it and puts it in place of name.
func replace(name string, data []byte) (*os.File, error) {
	file, err := os.OpenFile(name+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	_, err = file.Write(data)
	if err = errors.Join(err, file.Sync(), os.Rename(name+".new", name)); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	dir, err := os.Open(filepath.Dir(name))
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, errors.Join(dir.Sync(), dir.Close())
}

// all is a copy of the live acts.
func (j *journal) all() map[wire.Hash][]byte {
	j.mu.Lock()
	defer j.mu.Unlock()
	return maps.Clone(j.live)
}

// over reports whether there is no room for another act.
func (j *journal) over() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return len(j.live) >= ownMax || j.bytes >= ownBytesMax
}

func (j *journal) close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.broken == nil {
		j.broken = ErrClosed
	}
	return errors.Join(j.file.Sync(), j.file.Close())
}
