package light

import (
	"fmt"
	"strings"

	"ipledger/ledger/blocklog"
	"ipledger/ledger/chain"
	"ipledger/ledger/wire"
)

// LogFormat names this version of the file.
const LogFormat = "ipledger-log/1"

// LogBytesMax bounds the file: two notes of 8 kB, a proof of 4 kB of digits, 16 keys.
const LogBytesMax = 64 << 10

// Kinds of log file.
const (
	KindMember     = "member"     // a block is in the log of a checkpoint
	KindConsistent = "consistent" // one checkpoint's log begins with another's
	KindSplit      = "split"      // two checkpoints that contradict each other
)

// LogFile shows something of the block log, to somebody who has no log (specs/25).
// Its fields are in the order in which they are written; which are there, its
// kind says.
type LogFile struct {
	Format      string     `json:"format"`
	Kind        string     `json:"kind"`
	ChainID     string     `json:"chain_id"`
	GenesisHash wire.Hash  `json:"genesis_hash"`
	Statement   string     `json:"statement"`
	Header      Hex        `json:"header,omitempty"`
	Checkpoint  string     `json:"checkpoint,omitempty"`
	Inclusion   Hex        `json:"inclusion,omitempty"`
	Old         string     `json:"old,omitempty"`
	New         string     `json:"new,omitempty"`
	Root        *wire.Hash `json:"root,omitempty"`
	Proof       Hex        `json:"proof,omitempty"`
	Keys        []string   `json:"keys,omitempty"`
}

// Logged is what a log file shows. Header is that of a member file alone.
type Logged struct {
	Kind      string
	Header    chain.Header
	Note      *blocklog.Note // the newer, opened with the keys that the reader gave
	Statement string
}

// NewMember shows that a header is in the log of a checkpoint.
func NewMember(genesis wire.Hash, header chain.Header, note []byte, in chain.Inclusion) (*LogFile, error) {
	return (&LogFile{
		Kind: KindMember, ChainID: header.ChainID, GenesisHash: genesis, Header: header.Bytes(), Checkpoint: string(note), Inclusion: in.Bytes(),
	}).finish()
}

// NewConsistent shows that the log of a newer note begins with that of an older.
func NewConsistent(chainID string, genesis wire.Hash, old, new []byte, p chain.Consistency) (*LogFile, error) {
	return (&LogFile{Kind: KindConsistent, ChainID: chainID, GenesisHash: genesis, Old: string(old), New: string(new), Proof: p.Bytes()}).finish()
}

// NewSplit shows that keys signed two notes that contradict each other: the newer
// log has another root at the older's size, as the proof shows.
func NewSplit(chainID string, genesis wire.Hash, old, new []byte, root wire.Hash, p chain.Consistency, keys []string) (*LogFile, error) {
	return (&LogFile{
		Kind: KindSplit, ChainID: chainID, GenesisHash: genesis, Old: string(old), New: string(new), Root: &root, Proof: p.Bytes(), Keys: keys,
	}).finish()
}

func (f *LogFile) finish() (*LogFile, error) {
	f.Format = LogFormat
	v, err := f.open(nil)
	if err != nil {
		return nil, err
	}
	f.Statement = v.Statement
	_, err = VerifyLog(f.Bytes())
	return f, err
}

// Bytes is the one form of the file.
func (f *LogFile) Bytes() []byte { return encode(f) }

// VerifyLog checks the bytes of a log file, and which of the known keys signed
// its newer checkpoint. An error is *Malformed or *Unproven.
func VerifyLog(raw []byte, known ...blocklog.Verifier) (*Logged, error) {
	f := new(LogFile)
	if err := decode(raw, LogBytesMax, f); err != nil {
		return nil, err
	}
	if f.Format != LogFormat {
		return nil, malformed("PRF-2", "format %q, want %q", f.Format, LogFormat)
	}
	v, err := f.open(known)
	if err != nil {
		return nil, err
	}
	// specs/25 LOG-16: The statement MUST be the one that the content gives.
	if f.Statement != v.Statement {
		return nil, unproven("LOG-16", nil, "the statement is not what the content says: %q", v.Statement)
	}
	return v, nil
}

// open checks the content by its kind; a field of another kind is refused.
func (f *LogFile) open(known []blocklog.Verifier) (*Logged, error) {
	member := len(f.Header) > 0 && f.Checkpoint != "" && len(f.Inclusion) > 0
	pair := f.Old != "" && f.New != "" && len(f.Proof) > 0
	none := len(f.Header) == 0 && f.Checkpoint == "" && len(f.Inclusion) == 0
	switch {
	case f.Kind == KindMember && member && !pair && f.Old == "" && f.New == "" && len(f.Proof) == 0 && f.Root == nil && f.Keys == nil:
		return f.member(known)
	case f.Kind == KindConsistent && none && pair && f.Root == nil && f.Keys == nil:
		return f.consistent(known)
	case f.Kind == KindSplit && none && pair && f.Root != nil && f.Keys != nil:
		return f.split()
	}
	return nil, malformed("PRF-2", "kind %q, without its fields or with those of another kind", f.Kind)
}

// note opens a note of the file's log.
func (f *LogFile) note(raw, rule string, known []blocklog.Verifier) (*blocklog.Note, error) {
	n, err := blocklog.Open([]byte(raw), known...)
	if err != nil {
		return nil, unproven(rule, err, "a checkpoint")
	}
	if want := blocklog.Origin(f.GenesisHash); n.Origin != want {
		return nil, unproven(rule, nil, "a checkpoint of %q, want %q", n.Origin, want)
	}
	return n, nil
}

// member keeps specs/25 LOG-13: The header of a member file MUST be of its chain,
// and the leaf of its height and hash MUST be under the checkpoint's root by the
// inclusion proof (CHAIN-16, CHAIN-17), whose size is the checkpoint's.
func (f *LogFile) member(known []blocklog.Verifier) (*Logged, error) {
	h, err := chain.DecodeHeader(f.Header)
	if err != nil {
		return nil, unproven("LOG-13", err, "the header")
	}
	n, err := f.note(f.Checkpoint, "LOG-13", known)
	if err != nil {
		return nil, err
	}
	in, err := chain.DecodeInclusion(f.Inclusion)
	if err != nil {
		return nil, unproven("LOG-13", err, "the inclusion proof")
	}
	if h.ChainID != f.ChainID || in.Size != n.Size {
		return nil, unproven("LOG-13", nil, "a header of chain %q and a proof of %d blocks, want %q and %d", h.ChainID, in.Size, f.ChainID, n.Size)
	}
	if err := in.Verify(chain.LogLeaf(h.Height, h.Hash()), n.Root); err != nil {
		return nil, unproven("LOG-13", err, "block %d", h.Height)
	}
	return &Logged{Kind: f.Kind, Header: h, Note: n, Statement: fmt.Sprintf("The log of %d blocks with root %v has block %d, header %v.", n.Size, n.Root, h.Height, h.Hash())}, nil
}

// consistent keeps specs/25 LOG-14: The checkpoints of a consistent file MUST be
// of the origin of its genesis hash, and the consistency proof MUST have their
// sizes and lead to their roots (CHAIN-19).
func (f *LogFile) consistent(known []blocklog.Verifier) (*Logged, error) {
	old, n, err := f.pair("LOG-14", known)
	if err != nil {
		return nil, err
	}
	if err := f.leads("LOG-14", old, n, old.Root); err != nil {
		return nil, err
	}
	return &Logged{Kind: f.Kind, Note: n, Statement: fmt.Sprintf("The log of %d blocks begins with the log of %d blocks.", n.Size, old.Size)}, nil
}

func (f *LogFile) pair(rule string, known []blocklog.Verifier) (old, new *blocklog.Note, err error) {
	if old, err = f.note(f.Old, rule, known); err == nil {
		new, err = f.note(f.New, rule, known)
	}
	return old, new, err
}

// leads reports whether the proof leads from a root at the older's size to the newer.
func (f *LogFile) leads(rule string, old, new *blocklog.Note, root wire.Hash) error {
	p, err := chain.DecodeConsistency(f.Proof)
	if err != nil {
		return unproven(rule, err, "the consistency proof")
	}
	if p.Old != old.Size || p.New != new.Size {
		return unproven(rule, nil, "a proof from %d to %d blocks, the checkpoints have %d and %d", p.Old, p.New, old.Size, new.Size)
	}
	if err := p.Verify(root, new.Root); err != nil {
		return unproven(rule, err, "from %d blocks to %d", old.Size, new.Size)
	}
	return nil
}

// split keeps specs/25 LOG-15: A split file MUST name 1 to 16 verifier keys in
// its keys, each of which signed both notes; its checkpoints MUST be of one
// origin, the old not larger; the proof MUST lead from root at the old's size to
// the new's root, and root MUST NOT be the old's root.
func (f *LogFile) split() (*Logged, error) {
	var known []blocklog.Verifier
	for i, text := range f.Keys {
		k, err := blocklog.ParseAnyKey(text)
		if err != nil || i > 0 && f.Keys[i-1] >= text {
			return nil, unproven("LOG-15", err, "its keys are not keys in ascending order")
		}
		known = append(known, k)
	}
	if len(known) == 0 || len(known) > blocklog.SignaturesMax {
		return nil, unproven("LOG-15", nil, "it names %d keys, want 1 to %d", len(known), blocklog.SignaturesMax)
	}
	var names []string
	for _, k := range known {
		for _, raw := range []string{f.Old, f.New} {
			if n, err := f.note(raw, "LOG-15", []blocklog.Verifier{k}); err != nil || len(n.Signers) == 0 {
				return nil, unproven("LOG-15", err, "%s did not sign both checkpoints", k.Name())
			}
		}
		names = append(names, k.Name())
	}
	old, n, err := f.pair("LOG-15", known)
	if err != nil {
		return nil, err
	}
	if err := f.leads("LOG-15", old, n, *f.Root); err != nil {
		return nil, err
	}
	if *f.Root == old.Root {
		return nil, unproven("LOG-15", nil, "the two checkpoints do not contradict each other")
	}
	return &Logged{Kind: f.Kind, Note: n, Statement: fmt.Sprintf("%s signed a log of %d blocks with root %v and a log of %d blocks that begins with another.",
		strings.Join(names, ", "), old.Size, old.Root, n.Size)}, nil
}
