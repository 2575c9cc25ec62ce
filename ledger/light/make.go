package light

import (
	"fmt"

	"ipledger/ledger/chain"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// Source is what a proof file of one height is made of.
type Source struct {
	Genesis wire.Hash
	Certified
	State tree.State // after Block
	Log   wire.Hash  // root of the log after Block
	Steps []Step     // from an older set, or none
}

// Resource makes the proof file for a resource, and checks it as a verifier
// would but for trust.
func (s Source) Resource(r wire.Resource) (*File, error) {
	return s.finish(&File{Kind: KindResource, Resource: s.resourcePart(r)})
}

func (s Source) resourcePart(r wire.Resource) *ResourcePart {
	k := tree.ResourceKey(r)
	p := &ResourcePart{Roots: s.roots(), Query: r.String(), Proof: s.State.Prove(k), Records: []Hex{}}
	for _, l := range s.State.Path(k) {
		p.Records = append(p.Records, l.Data)
	}
	return p
}

// Account makes the proof file for an account, or for there being none.
func (s Source) Account(id wire.Address) (*File, error) {
	k := tree.AccountKey(id)
	p := &AccountPart{Roots: s.roots(), ID: id, Proof: s.State.Prove(k)}
	if l, ok := s.State.Get(k); ok {
		p.Record = l.Data
	}
	return s.finish(&File{Kind: KindAccount, Account: p})
}

// Act makes the proof file for the act at a place in Block. act is its bytes,
// results are those of all acts of Block in their order. State and Log are not used.
func (s Source) Act(act []byte, results []chain.Result, index uint64) (*File, error) {
	if index >= uint64(len(results)) {
		return nil, unproven("PRF-12", nil, "place %d of %d results", index, len(results))
	}
	leaves := make([]wire.Hash, len(results))
	for i, r := range results {
		leaves[i] = r.Leaf()
	}
	in := chain.ProveInclusion(leaves, index)
	in.Size = leastSize(index, in.Size)
	p := &ActPart{Act: act, Receipt: results[index].Data, Inclusion: in.Bytes()}
	return s.finish(&File{Kind: KindAct, Act: p})
}

func (s Source) roots() Roots { return Roots{State: s.State.Root(), Log: s.Log} }

// finish fills in what all kinds have, and checks the whole.
func (s Source) finish(f *File) (*File, error) {
	f.Format, f.ChainID, f.GenesisHash = Format, s.Next.ChainID, s.Genesis
	f.Height = s.Block.Height
	f.Block, f.Header = s.Block.Bytes(), s.Next.Bytes()
	f.Certificate, f.Validators = s.Certificate.Bytes(), s.Validators.Bytes()
	f.Steps = append([]Step{}, s.Steps...)
	v := new(Verified)
	c, err := f.certified(chain.Arithmetic)
	if err == nil {
		err = f.content(v, c)
	}
	if err != nil {
		return nil, fmt.Errorf("make a proof file at height %d: %w", f.Height, err)
	}
	f.Statement = v.Statement
	if n := len(f.Bytes()); n > FileBytesMax {
		return nil, malformed("PRF-1", "the proof has %d bytes, at most %d", n, FileBytesMax)
	}
	return f, f.form()
}
