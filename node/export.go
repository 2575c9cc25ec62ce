package node

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"ipledger/ledger/archive"
	"ipledger/node/engine"
)

// exportBuffer is how much of a file is written at once.
const exportBuffer = 1 << 20

// Export writes the archive of all blocks but the newest into a folder, or brings
// one there up to date, and gives what it says of itself. progress hears of each
// block. The node may be running; when ctx ends, the next Export goes on.
//
// specs/24 ARCH-7: A writer MUST write a segment under another name until it is
// whole and on disk, MUST leave whole segments as they are, and MUST write
// ARCHIVE last.
func (n *Node) Export(ctx context.Context, dir string, progress func(height, last uint64)) (archive.About, error) {
	about, err := n.exported(dir)
	if err != nil {
		return about, err
	}
	for first := about.First; first <= about.Last; first = archive.SegmentEnd(first) + 1 {
		last := min(archive.SegmentEnd(first), about.Last)
		if err := n.exportSegment(ctx, dir, first, last, func(height uint64) { progress(height, about.Last) }); err != nil {
			return about, fmt.Errorf("export blocks %d to %d: %w", first, last, err)
		}
	}
	return about, replace(filepath.Join(dir, archive.AboutName), func(w io.Writer) error {
		_, err := io.WriteString(w, about.Text())
		return err
	})
}

// exported makes the folder with its genesis, and says what will be in it.
func (n *Node) exported(dir string) (archive.About, error) {
	base, err := n.store.Base()
	if err != nil {
		return archive.About{}, err
	}
	about := archive.About{ChainID: n.genesis.ChainID, Genesis: n.hash, First: base + 1, Last: n.View().Head.Height}
	for about.Last >= about.First {
		if _, _, _, _, err := n.engine.Sealed(about.Last); err == nil {
			break
		} else if !errors.Is(err, engine.ErrNotFound) {
			return about, err
		}
		about.Last--
	}
	if about.Last < about.First {
		return about, fmt.Errorf("%w: there is no block with a certificate yet", ErrHome)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return about, err
	}
	if err := sameChain(dir, about); err != nil {
		return about, err
	}
	return about, n.exportGenesis(dir, base)
}

// sameChain refuses a folder with the archive of another chain.
func sameChain(dir string, about archive.About) error {
	raw, err := os.ReadFile(filepath.Join(dir, archive.AboutName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	there, err := archive.AboutFromText(string(raw))
	if err == nil && (there.Genesis != about.Genesis || there.First != about.First) {
		err = fmt.Errorf("%w: %s has an archive of genesis %v from block %d, this node's is of %v from block %d",
			ErrHome, dir, there.Genesis, there.First, about.Genesis, about.First)
	}
	return err
}

// exportGenesis copies the genesis file, and the state file that it names.
func (n *Node) exportGenesis(dir string, base uint64) error {
	err := replace(filepath.Join(dir, archive.GenesisName), func(w io.Writer) error {
		_, err := w.Write(n.genesis.Encode())
		return err
	})
	if err != nil || base != 0 {
		return err
	}
	err = copyState(n.genesis, filepath.Dir(n.cfg.layout().genesis), dir)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

func (n *Node) exportSegment(ctx context.Context, dir string, first, last uint64, progress func(uint64)) error {
	name := filepath.Join(dir, archive.Name(first))
	if whole(name, last-first+1) {
		return nil
	}
	return replace(name, func(w io.Writer) error {
		segment, err := archive.NewWriter(w)
		for height := first; height <= last && err == nil; height++ {
			var b *archive.Block
			if b, err = n.Archived(height); err == nil {
				err = errors.Join(segment.Add(b), ctx.Err())
			}
			progress(height)
		}
		return errors.Join(err, segment.Close())
	})
}

// whole reports whether a segment is there with so many entries: its name is
// given only to what is whole, and its end says how many there are.
func whole(name string, entries uint64) bool {
	file, err := os.Open(name)
	if err != nil {
		return false
	}
	defer file.Close()
	end := make([]byte, 8)
	if _, err := file.Seek(-40, io.SeekEnd); err != nil {
		return false
	}
	_, err = io.ReadFull(file, end)
	return err == nil && binary.BigEndian.Uint64(end) == entries
}

// replace writes a file under another name and then in its place.
func replace(name string, write func(io.Writer) error) error {
	file, err := os.OpenFile(name+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(file, exportBuffer)
	err = write(out)
	if err = errors.Join(err, out.Flush(), file.Sync(), file.Close()); err != nil {
		return errors.Join(err, os.Remove(name+".new"))
	}
	if err := os.Rename(name+".new", name); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(name))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// ExportSnapshot writes the newest state that a snapshot can be made of into a
// file, and gives its head.
func (n *Node) ExportSnapshot(ctx context.Context, name string) (*archive.Head, error) {
	head, state, err := n.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return head, replace(name, func(w io.Writer) error { return archive.WriteSnapshot(w, head, state, nil) })
}
