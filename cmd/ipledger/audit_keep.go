package main

import (
	"bufio"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"ipledger/ledger/archive"
	"ipledger/ledger/audit"
	"ipledger/ledger/wire"
)

// keepEvery is how often a running audit keeps how far it came: a snapshot of a
// million records takes some seconds to write.
const keepEvery = 10 * time.Minute

// keeper keeps how far an audit came, as a snapshot. Whoever rewrites that file
// decides where this user's next audit begins: it is as private as a key.
//
// specs/24 AUD-12: An audit that was interrupted MUST go on only from a state
// that it had checked itself: a snapshot that it wrote, whose root and hash it
// computes anew.
type keeper struct {
	name string
	own  bool // named by the user, and left at the end
	kept time.Time
}

func newKeeper(a *audits, genesis wire.Hash) (*keeper, error) {
	k := &keeper{name: a.keep, own: a.keep != "", kept: time.Now()}
	if k.own {
		return k, nil
	}
	base, err := os.UserCacheDir()
	if err != nil {
		base = "."
	}
	dir := filepath.Join(base, "ipledger")
	k.name = filepath.Join(dir, "audit-"+genesis.String()[:16]+".snapshot")
	return k, os.MkdirAll(dir, 0o700)
}

// now keeps from time to time.
func (k *keeper) now(r *audit.Replay) error {
	if time.Since(k.kept) < keepEvery {
		return nil
	}
	return k.keep(r)
}

// keep writes the snapshot under another name and then in its place.
func (k *keeper) keep(r *audit.Replay) error {
	k.kept = time.Now()
	head, state, err := r.Snapshot()
	if errors.Is(err, audit.ErrEarly) {
		return nil
	}
	if err != nil {
		return err
	}
	file, err := os.OpenFile(k.name+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(file, readBuffer)
	err = archive.WriteSnapshot(out, head, state, nil)
	if err = errors.Join(err, out.Flush(), file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(k.name+".new", k.name)
}

// end removes what was kept; a file that the user named it brings up to date, so
// that the next audit begins there.
func (k *keeper) end(r *audit.Replay) error {
	if k.own {
		return k.keep(r)
	}
	if err := os.Remove(k.name); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// bounded ends a source after a block.
type bounded struct {
	blockSource
	last uint64
}

func (b bounded) next(ctx context.Context) (*archive.Block, error) {
	block, err := b.blockSource.next(ctx)
	if err == nil && block.Header.Height > b.last {
		return nil, errEnd
	}
	return block, err
}
