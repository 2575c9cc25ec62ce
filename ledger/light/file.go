package light

import (
	"ipledger/ledger/chain"
	"ipledger/ledger/wire"
)

// Format names this version of the proof file.
const Format = "ipledger-proof/1"

// FileBytesMax bounds a proof file: a certificate and set of 200 validators in
// the header and each of 8 steps take about 500 kB of digits, the tree proof
// 24 kB, and the rest is for records. A file of four validators has 5 kB.
const FileBytesMax = 2 << 20

// Kinds of proof file.
const (
	KindResource   = "resource"      // what the ledger says of a block of Internet numbers
	KindAccount    = "account"       // an account, or that there is none
	KindAct        = "act"           // an act and what became of it
	KindTitle      = "title"         // the chain of title of a resource
	KindBeneath    = "beneath"       // everything at a block and inside it
	KindHoldings   = "holdings"      // all that an account holds
	KindAuthorised = "authorisation" // whether an AS may originate a prefix
)

// File is a proof file. Its fields are in the order in which they are written.
// Exactly one part is there, the one that Kind names.
type File struct {
	Format      string          `json:"format"`
	Kind        string          `json:"kind"`
	ChainID     string          `json:"chain_id"`
	GenesisHash wire.Hash       `json:"genesis_hash"`
	Height      uint64          `json:"height,string"` // of the block after which the content holds
	Statement   string          `json:"statement"`     // the content in plain words
	Resource    *ResourcePart   `json:"resource,omitempty"`
	Account     *AccountPart    `json:"account,omitempty"`
	Act         *ActPart        `json:"act,omitempty"`
	Lineage     *LineagePart    `json:"title,omitempty"`
	Beneath     *BeneathPart    `json:"beneath,omitempty"`
	Holdings    *HoldingsPart   `json:"holdings,omitempty"`
	Authorised  *AuthorisedPart `json:"authorisation,omitempty"`
	Block       Hex             `json:"block"`       // header of the block
	Header      Hex             `json:"header"`      // header of the next, with the application hash
	Certificate Hex             `json:"certificate"` // of header
	Validators  Hex             `json:"validators"`  // that signed it
	Steps       []Step          `json:"steps"`       // from the trusted set; empty if it signed header

	untold *wire.Hash // of the binary form: the hash of the statement, until it is told
}

// Bytes is the one form of the file.
func (f *File) Bytes() []byte { return encode(f) }

// Parse reads either form of a proof file and checks none of its content.
func Parse(raw []byte) (*File, error) {
	if isBinary(raw) {
		return parseBinary(raw)
	}
	f := new(File)
	if err := decode(raw, FileBytesMax, f); err != nil {
		return nil, err
	}
	return f, f.form()
}

// parts are the kinds of the parts that there are.
func (f *File) parts() (kinds []string) {
	for _, p := range []struct {
		kind  string
		there bool
	}{
		{KindResource, f.Resource != nil}, {KindAccount, f.Account != nil}, {KindAct, f.Act != nil},
		{KindTitle, f.Lineage != nil}, {KindBeneath, f.Beneath != nil}, {KindHoldings, f.Holdings != nil},
		{KindAuthorised, f.Authorised != nil},
	} {
		if p.there {
			kinds = append(kinds, p.kind)
		}
	}
	return kinds
}

// form checks what encoding again does not.
//
// specs/12 PRF-2: A file MUST have the format "ipledger-proof/1", one of the
// kinds, and the part of that kind alone.
func (f *File) form() error {
	switch parts := f.parts(); {
	case f.Format != Format:
		return malformed("PRF-2", "format %q, want %q", f.Format, Format)
	case len(parts) != 1 || parts[0] != f.Kind:
		return malformed("PRF-2", "kind %q with the parts %q, want that part alone", f.Kind, parts)
	case f.Steps == nil || len(f.Steps) > StepsMax:
		return malformed("PRF-2", "steps are a list of at most %d", StepsMax)
	}
	return nil
}

// certified decodes and checks what makes the block final.
func (f *File) certified(by chain.Judge) (Certified, error) {
	var c Certified
	var err error
	if c.Block, err = chain.DecodeHeader(f.Block); err != nil {
		return c, unproven("PRF-5", err, "the block")
	}
	h, err := Step{Header: f.Header, Certificate: f.Certificate, Validators: f.Validators}.open()
	if err != nil {
		return c, unproven("PRF-4", err, "the header, its certificate or its set")
	}
	c.Next, c.Certificate, c.Validators = h.header, h.cert, h.set
	if err := c.check(by); err != nil {
		return c, err
	}
	if f.ChainID != c.Next.ChainID || f.Height != c.Block.Height {
		return c, unproven("PRF-5", nil, "the file names block %d of %q, the header is of block %d of %q",
			f.Height, f.ChainID, c.Block.Height, c.Next.ChainID)
	}
	return c, nil
}

// trusted checks that the trust file leads to the set that signed.
func (f *File) trusted(by chain.Judge, t *Trust, c Certified) error {
	if f.ChainID != t.ChainID || f.GenesisHash != t.GenesisHash {
		return unproven("PRF-6", nil, "the file is of chain %q, genesis %v, the trust file of %q, %v",
			f.ChainID, f.GenesisHash, t.ChainID, t.GenesisHash)
	}
	if err := t.pins(c.Block); err != nil {
		return err
	}
	hops := make([]hop, 0, len(f.Steps)+1)
	for _, s := range f.Steps {
		h, err := s.open()
		if err != nil {
			return unproven("PRF-7", err, "a step")
		}
		hops = append(hops, h)
	}
	return reach(by, t, append(hops, hop{c.Next, c.Certificate, c.Validators}))
}
