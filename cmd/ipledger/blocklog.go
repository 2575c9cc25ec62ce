package main

import (
	"context"
	"encoding/binary"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"ipledger/ledger/blocklog"
	"ipledger/ledger/chain"
	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

func logCommand(s *session) *cobra.Command {
	return family("log", "The log of blocks: membership, consistency, contradictions", "  ipledger log member latest --out block.log.json",
		logKey(s), logCheckpoint(s), logMember(s), logConsistency(s), logTrust(s))
}

func logKey(s *session) *cobra.Command {
	var out string
	c := &cobra.Command{
		Use: "key", Short: "Ask a node for its log key", Example: "  ipledger log key --out log.pub",
		Long: "Ask a node for the key by which it signs checkpoints of the block log. It is the\nnode's word: compare it with what others give.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			raw, err := newClient(s.node).raw(cmd.Context(), "/log/key")
			if err != nil {
				return err
			}
			if _, err := blocklog.ParseLogKey(strings.TrimSuffix(string(raw), "\n")); err != nil {
				return fail(exitUnverified, "the node's log key: %w", err)
			}
			if out == "" {
				s.out.askf("%s", raw)
				return nil
			}
			return writeFresh(out, raw, 0o644)
		},
	}
	c.Flags().StringVar(&out, "out", "", "file to write (default: standard output)")
	return c
}

// keyText is a verifier key as it was typed, or what a file of that name has.
func keyText(text string) (string, error) {
	if strings.Contains(text, "+") {
		return text, nil
	}
	raw, err := readSmall(text, 1<<10)
	return strings.TrimSuffix(string(raw), "\n"), err
}

func logTrust(s *session) *cobra.Command {
	var out string
	var quorum int
	c := &cobra.Command{
		Use: "trust KEY...", Short: "Write a trust file that names witnesses",
		Long: `Write a trust file of the second format: whoever verifies with it trusts that so many
of these witnesses tell of one log alone. KEY is a witness's verifier key, or a file
that has it. The chain is that of the trust file in use, or else the node's.`,
		Example: "  ipledger log trust w1.key.pub w2.key.pub w3.key.pub --quorum 2 --out witnesses.json",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			status, err := s.status(cmd.Context())
			if err != nil {
				return err
			}
			t := &light.WitnessTrust{Format: light.WitnessTrustFormat, ChainID: status.ChainID, GenesisHash: status.GenesisHash, Quorum: quorum}
			for _, arg := range args {
				key, err := keyText(arg)
				if err != nil {
					return err
				}
				t.Witnesses = append(t.Witnesses, key)
			}
			slices.Sort(t.Witnesses)
			raw := t.Bytes()
			if _, err := light.WitnessTrustFromBytes(raw); err != nil {
				return usage("%w", err)
			}
			if out == "" {
				s.out.askf("%s", raw)
				return nil
			}
			return writeFresh(out, raw, 0o644)
		},
	}
	c.Flags().IntVar(&quorum, "quorum", 1, "how many of them are enough")
	c.Flags().StringVar(&out, "out", "", "file to write (default: standard output)")
	return c
}

func logCheckpoint(s *session) *cobra.Command {
	var out string
	c := &cobra.Command{
		Use: "checkpoint", Short: "Fetch the newest checkpoint, with its cosignatures", Example: "  ipledger log checkpoint --out monday.note",
		Long: "Fetch the newest checkpoint of a node's block log: keep it, and compare later ones\nwith it (ipledger log consistency).",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			note, err := newLogReader(s.node).checkpoint(cmd.Context())
			if err != nil {
				return err
			}
			if _, err := blocklog.Open(note); err != nil {
				return fail(exitUnverified, "the node's checkpoint: %w", err)
			}
			if out == "" {
				s.out.askf("%s", note)
				return nil
			}
			return writeFresh(out, note, 0o644)
		},
	}
	c.Flags().StringVar(&out, "out", "", "file to write (default: standard output)")
	return c
}

func logMember(s *session) *cobra.Command {
	var out string
	c := &cobra.Command{
		Use: "member HEIGHT|latest", Short: "Prove that a block is in the log",
		Long: `Write a file that shows, to somebody who has no log, that a block is in the log of
the node's newest checkpoint. Only blocks that bear something are in the log.

A proof file whose header is that block's, of --at HEIGHT minus 1, verifies with it
by a quorum of witnesses: ipledger verify FILE --log FILE --trust TRUST2.`,
		Example: "  ipledger log member latest --out block.log.json",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			f, height, err := s.member(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			return s.tellLog(out, f, "ipledger lookup RESOURCE --at %d --proof FILE", height-1)
		},
	}
	c.Flags().StringVar(&out, "out", "", "file to write")
	return c
}

func logConsistency(s *session) *cobra.Command {
	var out string
	var keys []string
	c := &cobra.Command{
		Use: "consistency OLD.note", Short: "Prove that the log has only grown since a checkpoint",
		Long: `Compare a checkpoint that was kept with the node's newest, and write a file that
shows that the newer log begins with the older. If it does not, the file shows the
contradiction, under the keys given with --key that signed both, and the exit code is 3.`,
		Example: "  ipledger log consistency monday.note --out since-monday.log.json",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.consistency(cmd.Context(), args[0], out, keys)
		},
	}
	c.Flags().StringVar(&out, "out", "", "file to write")
	c.Flags().StringArrayVar(&keys, "key", nil, "verifier key of a log or witness that signed both, for a contradiction")
	return c
}

// tellLog writes a log file and says what it shows.
func (s *session) tellLog(out string, f *light.LogFile, next string, args ...any) error {
	if out != "" {
		if err := writeFresh(out, f.Bytes(), 0o644); err != nil {
			return err
		}
	}
	if s.json {
		return s.out.json(f)
	}
	s.out.field("statement", "%s", said(f.Statement))
	if next != "" {
		s.out.field("next", next, args...)
	}
	return nil
}

// member makes the file about a block of a height, or of the log's last.
func (s *session) member(ctx context.Context, which string) (*light.LogFile, uint64, error) {
	l := newLogReader(s.node)
	note, err := l.checkpoint(ctx)
	if err != nil {
		return nil, 0, err
	}
	n, err := blocklog.Open(note)
	if err != nil {
		return nil, 0, fail(exitUnverified, "the node's checkpoint: %w", err)
	}
	index, height, err := l.find(ctx, which, n.Size)
	if err != nil {
		return nil, 0, err
	}
	var b struct {
		Header light.Hex `json:"header"`
	}
	if err := l.client.get(ctx, "/v1/headers/"+strconv.FormatUint(height, 10), &b); err != nil {
		return nil, 0, err
	}
	header, err := chain.DecodeHeader(b.Header)
	if err != nil {
		return nil, 0, fail(exitUnverified, "the node's header: %w", err)
	}
	in, err := blocklog.Inclusion(l.read(ctx), index, n.Size)
	if err != nil {
		return nil, 0, err
	}
	status, err := s.status(ctx)
	if err != nil {
		return nil, 0, err
	}
	f, err := light.NewMember(status.GenesisHash, header, note, in)
	return f, height, err
}

// consistency compares a kept note with the newest.
func (s *session) consistency(ctx context.Context, name, out string, keys []string) error {
	old, err := readSmall(name, blocklog.NoteBytesMax)
	if err != nil {
		return err
	}
	was, err := blocklog.Open(old)
	if err != nil {
		return fail(exitUnverified, "%s: %w", said(name), err)
	}
	l := newLogReader(s.node)
	note, err := l.checkpoint(ctx)
	if err != nil {
		return err
	}
	now, err := blocklog.Open(note)
	if err != nil {
		return fail(exitUnverified, "the node's checkpoint: %w", err)
	}
	if now.Origin != was.Origin || now.Size < was.Size {
		return fail(exitUnverified, "the node's log is %s with %d blocks, the checkpoint's is %s with %d", said(now.Origin), now.Size, said(was.Origin), was.Size)
	}
	p, err := blocklog.Consistency(l.read(ctx), was.Size, now.Size)
	if err != nil {
		return err
	}
	status, err := s.status(ctx)
	if err != nil {
		return err
	}
	f, err := light.NewConsistent(status.ChainID, status.GenesisHash, old, note, p)
	if err == nil {
		return s.tellLog(out, f, "")
	}
	return s.contradiction(ctx, l, contradicting{status.ChainID, status.GenesisHash, old, note, p, keys, out}, err)
}

// contradicting is two notes that contradict each other.
type contradicting struct {
	chainID  string
	genesis  wire.Hash
	old, new []byte
	proof    chain.Consistency
	keys     []string
	out      string
}

// contradiction writes the evidence where the node's own log does lead from
// another root to its newest; refused is why it does not lead from the old one.
func (s *session) contradiction(ctx context.Context, l *logReader, c contradicting, refused error) error {
	root, err := blocklog.RootOf(l.read(ctx), c.proof.Old)
	if err != nil || len(c.keys) == 0 {
		return errors.Join(refused, err)
	}
	f, err := light.NewSplit(c.chainID, c.genesis, c.old, c.new, root, c.proof, c.keys)
	if err != nil {
		return errors.Join(refused, err)
	}
	if err := s.tellLog(c.out, f, "show this file to others: it verifies alone"); err != nil {
		return err
	}
	return fail(exitUnverified, "the two checkpoints contradict each other: %w", refused)
}

// logReader reads a node's block log. Nothing it gives is believed before a proof
// made of it verifies.
type logReader struct {
	client *client
	tiles  map[blocklog.Tile][]byte
}

func newLogReader(base string) *logReader {
	return &logReader{newClient(base), map[blocklog.Tile][]byte{}}
}

func (l *logReader) checkpoint(ctx context.Context) ([]byte, error) {
	return l.client.raw(ctx, "/log/checkpoint")
}

func (l *logReader) tile(ctx context.Context, t blocklog.Tile) ([]byte, error) {
	if raw, ok := l.tiles[t]; ok {
		return raw, nil
	}
	raw, err := l.client.raw(ctx, "/log/"+t.Path())
	if err == nil {
		l.tiles[t] = raw
	}
	return raw, err
}

// read gives tiles to the makers of proofs.
func (l *logReader) read(ctx context.Context) blocklog.Reader {
	return func(t blocklog.Tile) ([]wire.Hash, error) {
		raw, err := l.tile(ctx, t)
		if err != nil {
			return nil, err
		}
		if len(raw) != t.Width*len(wire.Hash{}) {
			return nil, fail(exitUnverified, "the node gave %d bytes for %s", len(raw), t.Path())
		}
		out := make([]wire.Hash, t.Width)
		for i := range out {
			out[i] = wire.Hash(raw[i*len(wire.Hash{}):])
		}
		return out, nil
	}
}

// entryBytes is a leaf in a bundle: its length in two bytes, height and hash.
const entryBytes = 2 + 8 + 32

// height is that of leaf n of a log of size leaves.
func (l *logReader) height(ctx context.Context, n, size uint64) (uint64, error) {
	t := blocklog.Tile{Level: blocklog.Entries, Index: n / blocklog.TileWidth, Width: blocklog.TileWidth}
	if t.Index == size/blocklog.TileWidth {
		t.Width = int(size % blocklog.TileWidth)
	}
	raw, err := l.tile(ctx, t)
	if err != nil {
		return 0, err
	}
	at := int(n%blocklog.TileWidth) * entryBytes
	if len(raw) != t.Width*entryBytes {
		return 0, fail(exitUnverified, "the node gave %d bytes for %s", len(raw), t.Path())
	}
	return binary.BigEndian.Uint64(raw[at+2:]), nil
}

// find is the place in the log of a block of a height, or of the last.
func (l *logReader) find(ctx context.Context, which string, size uint64) (index, height uint64, err error) {
	if size == 0 {
		return 0, 0, fail(exitNotFound, "the log is empty: no block has borne anything yet")
	}
	if which == "latest" {
		height, err = l.height(ctx, size-1, size)
		return size - 1, height, err
	}
	if height, err = strconv.ParseUint(which, 10, 63); err != nil {
		return 0, 0, usage("HEIGHT %q: a number, or latest", which)
	}
	low, high := uint64(0), size // the first leaf not below the height
	for low < high {
		mid := (low + high) / 2
		at, err := l.height(ctx, mid, size)
		if err != nil {
			return 0, 0, err
		}
		if at < height {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low < size {
		if at, err := l.height(ctx, low, size); err != nil || at == height {
			return low, height, err
		}
	}
	return 0, 0, fail(exitNotFound, "block %d is not in the log of %d blocks: it bore nothing, or is to come", height, size)
}
