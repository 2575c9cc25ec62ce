package main

import (
	"bufio"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"ipledger/ledger/archive"
	"ipledger/ledger/genesis"
	"ipledger/ledger/tree"
)

// readBuffer is how much of a file is read at once.
const readBuffer = 1 << 20

// directory is an archive on disk.
type directory struct {
	dir   string
	about archive.About

	height uint64 // of the next block
	file   *os.File
	reader *archive.Reader
}

func openDirectory(dir string) (*directory, error) {
	raw, err := readSmall(filepath.Join(dir, archive.AboutName), archive.AboutBytesMax)
	if err != nil {
		return nil, fail(exitNotFound, "%s is no archive: %w", said(dir), err).
			hint("`ipledgerd snapshot export --blocks --out DIR` makes one; ARCHIVE is written last")
	}
	about, err := archive.AboutFromText(string(raw))
	return &directory{dir: dir, about: about}, err
}

func (d *directory) genesis(context.Context) ([]byte, error) {
	return readSmall(filepath.Join(d.dir, archive.GenesisName), genesis.FileBytesMax)
}

func (d *directory) state(_ context.Context, g *genesis.Genesis, progress func(done, all uint64)) (tree.State, error) {
	name := filepath.Join(d.dir, g.State.Name())
	file, err := os.Open(name)
	if err != nil {
		return tree.State{}, fail(exitNotFound, "the archive has no state file: %w", err).hint("it begins later: give --from-snapshot FILE")
	}
	defer file.Close()
	return genesis.DecodeState(g, bufio.NewReaderSize(file, readBuffer), progress)
}

// begin sets the first block to give.
func (d *directory) begin(height uint64) error {
	if height < d.about.First || height > d.about.Last+1 {
		return fail(exitNotFound, "the archive has blocks %d to %d, block %d is needed", d.about.First, d.about.Last, height)
	}
	d.height = height
	return nil
}

func (d *directory) last(context.Context) (uint64, error) { return d.about.Last, nil }

// next keeps specs/24 ARCH-2: there is a segment for each quotient, whose first
// block is known from where the archive begins.
func (d *directory) next(context.Context) (*archive.Block, error) {
	for {
		if d.height > d.about.Last {
			return nil, errEnd
		}
		if d.reader == nil {
			if err := d.open(); err != nil {
				return nil, err
			}
		}
		b, more, err := d.reader.Next()
		switch {
		case err != nil:
			return nil, errors.Join(inFile(d.file.Name(), err), d.close())
		case !more:
			if err := d.close(); err != nil {
				return nil, err
			}
		case b.Header.Height == d.height:
			d.height++
			return b, nil
		case b.Header.Height > d.height:
			return nil, errors.Join(inFile(d.file.Name(), &archive.Malformed{Rule: "ARCH-2", Detail: "blocks are missing"}), d.close())
		}
	}
}

// open opens the segment that holds the next block.
func (d *directory) open() error {
	end := archive.SegmentEnd(d.height)
	first := max(end-archive.SegmentBlocks+1, d.about.First)
	name := filepath.Join(d.dir, archive.Name(first))
	file, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return inFile(name, &archive.Malformed{Rule: "ARCH-2", Detail: "the segment is missing"})
	}
	if err != nil {
		return err
	}
	d.file = file
	if d.reader, err = archive.NewReader(bufio.NewReaderSize(file, readBuffer)); err != nil {
		return errors.Join(inFile(name, err), d.close())
	}
	return nil
}

func (d *directory) close() error {
	if d.file == nil {
		return nil
	}
	err := d.file.Close()
	d.file, d.reader = nil, nil
	return err
}

func inFile(name string, err error) error {
	code := exitFailed
	if errors.Is(err, archive.ErrForm) {
		code = exitUnverified
	}
	return fail(code, "%s: %w", said(name), err)
}
