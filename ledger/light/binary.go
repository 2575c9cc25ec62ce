package light

import (
	"bytes"
	"crypto/sha256"
	"unicode/utf8"

	"github.com/ethereum/go-ethereum/rlp"

	"ipledger/ledger/wire"
)

// binaryMark begins a proof file in its binary form: no JSON text begins so.
const binaryMark = Format + "\x00"

// packed is a proof file as its binary form has it: all but the words of the
// statement, which the content gives (PRF-13).
type packed struct {
	Kind, ChainID                          string
	Genesis                                wire.Hash
	Height                                 uint64
	Part                                   rlp.RawValue
	Block, Header, Certificate, Validators Hex
	Steps                                  []Step
	Told                                   wire.Hash // SHA-256 of the statement
}

// Binary is the one binary form of the file, which takes less than half of Bytes.
//
// specs/12 PRF-21: The binary form of a proof file MUST be the mark
// `ipledger-proof/1` and a zero byte, then the canonical encoding of the list of
// its kind, chain id, genesis hash, height, part, block, header, certificate,
// validators and steps, and the SHA-256 of its statement.
func (f *File) Binary() []byte {
	told := wire.Hash(sha256.Sum256([]byte(f.Statement)))
	if f.untold != nil {
		told = *f.untold
	}
	return append([]byte(binaryMark), wire.Encode(&packed{
		f.Kind, f.ChainID, f.GenesisHash, f.Height, wire.Encode(f.part()), f.Block, f.Header, f.Certificate, f.Validators, f.Steps, told,
	})...)
}

// part is the part that the kind names, or nil.
func (f *File) part() any {
	switch f.Kind {
	case KindResource:
		return f.Resource
	case KindAccount:
		return f.Account
	case KindAct:
		return f.Act
	case KindTitle:
		return f.Lineage
	case KindBeneath:
		return f.Beneath
	case KindHoldings:
		return f.Holdings
	case KindAuthorised:
		return f.Authorised
	}
	return nil
}

// empty makes the part that the kind names, to decode into.
func (f *File) empty() {
	switch f.Kind {
	case KindResource:
		f.Resource = new(ResourcePart)
	case KindAccount:
		f.Account = new(AccountPart)
	case KindAct:
		f.Act = new(ActPart)
	case KindTitle:
		f.Lineage = new(LineagePart)
	case KindBeneath:
		f.Beneath = new(BeneathPart)
	case KindHoldings:
		f.Holdings = new(HoldingsPart)
	case KindAuthorised:
		f.Authorised = new(AuthorisedPart)
	}
}

// isBinary reports whether bytes claim to be the binary form.
func isBinary(raw []byte) bool { return bytes.HasPrefix(raw, []byte(binaryMark)) }

// tell gives a file of the binary form its statement, if it is the one that its
// maker told: an answer to another question than the maker's may be as true.
func (f *File) tell(statement string) {
	if f.untold != nil && sha256.Sum256([]byte(statement)) == *f.untold {
		f.Statement, f.untold = statement, nil
	}
}

// parseBinary reads the binary form and checks none of the content. The statement
// is told when the content is opened.
func parseBinary(raw []byte) (*File, error) {
	if len(raw) > FileBytesMax {
		return nil, malformed("PRF-1", "%d bytes, at most %d", len(raw), FileBytesMax)
	}
	p := new(packed)
	if err := wire.Decode(raw[len(binaryMark):], FileBytesMax, p); err != nil {
		return nil, malformed("PRF-21", "%v", err)
	}
	f := &File{
		Format: Format, Kind: p.Kind, ChainID: p.ChainID, GenesisHash: p.Genesis, Height: p.Height, untold: &p.Told,
		Block: p.Block, Header: p.Header, Certificate: p.Certificate, Validators: p.Validators, Steps: p.Steps,
	}
	f.empty()
	if f.part() == nil {
		return nil, malformed("PRF-21", "no kind of proof file: %q", f.Kind)
	}
	if err := wire.Decode(p.Part, FileBytesMax, f.part()); err != nil {
		return nil, malformed("PRF-21", "the part: %v", err)
	}
	if !utf8.ValidString(f.ChainID) {
		return nil, malformed("PRF-21", "the chain id is no UTF-8")
	}
	if len(f.Steps) > StepsMax {
		return nil, malformed("PRF-21", "%d steps, at most %d", len(f.Steps), StepsMax)
	}
	return f, nil
}
