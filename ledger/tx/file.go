package tx

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"strings"

	"ipledger/ledger/account"
	"ipledger/ledger/wire"
)

// FileFormat is the first field of an act file.
const FileFormat = "ipledger-act/1"

// Bounds of an act file.
const (
	// FileBytesMax is that of any but evidence: the longest, an opening with 32
	// keys and 16 signatures, has about 11 KiB.
	FileBytesMax = 16 << 10
	// LargestFileBytesMax is that of evidence, of which each byte is two digits.
	LargestFileBytesMax = FileBytesMax + 2*EvidenceBytesMax
)

// File is an act on its way between machines and signers, as *.act.json: its
// typed data exactly as wallets take it, the act in words, the hashes that
// wallets show, and the signatures attached so far.
//
// The file as a whole is typed data: wallets read types, primaryType, domain
// and message and leave the rest. Nothing in it is believed but the domain's
// salt, the primary type, the message and the signatures; all else is derived
// again and compared.
type File struct {
	Salt wire.Hash // the genesis hash
	Act  *Act
}

// Check reports whether the act could be done in some state and carries no
// signature but good ones; it need not carry any.
func (f *File) Check() error {
	if err := f.Act.Check(); err != nil {
		return err
	}
	// specs/04 ACT-20: Each signature in an act file MUST be good for its act.
	if len(f.Act.Signatures) == 0 {
		return nil
	}
	return ruled(account.CheckSignatures(f.Act.ID(f.Salt), f.Act.Signatures))
}

// Hashes are what a wallet shows: the domain separator, the hash of the message
// and the digest of both, which is the act's id.
func (f *File) Hashes() (domain, message, digest wire.Hash) {
	domain, message = account.Domain(f.Salt), f.Act.message()
	return domain, message, account.Digest(domain, message)
}

// Bytes is the file.
//
// specs/04 ACT-19: An act file MUST be exactly the bytes that its act, its
// chain and its signatures give: one order of keys, one layout, lower-case
// digits, one newline at the end.
func (f *File) Bytes() []byte {
	domain, message, digest := f.Hashes()
	j := newJSON()
	j.open("", '{')
	j.string("format", FileFormat)
	j.open("text", '[')
	for _, line := range f.Act.Text(f.Salt) {
		j.string("", line)
	}
	j.close(']')
	j.typedData(f)
	j.string("domainHash", hexed(domain[:]))
	j.string("messageHash", hexed(message[:]))
	j.string("digest", hexed(digest[:]))
	j.open("signatures", '[')
	for _, s := range f.Act.Signatures {
		key := account.Key{Alg: s.Alg, Addr: s.Signer}
		j.row("key", key.String(), "signature", hexed(s.Sig[:]))
	}
	j.close(']')
	j.close('}')
	return j.done()
}

// TypedData is only what a wallet takes, for wallets that refuse more.
func (f *File) TypedData() []byte {
	j := newJSON()
	j.open("", '{')
	j.typedData(f)
	j.close('}')
	return j.done()
}

// ReadFile reads what Bytes writes and nothing else, and checks it.
func ReadFile(raw []byte) (*File, error) {
	if len(raw) > LargestFileBytesMax {
		return nil, Refuse("ACT-19", "", "%d bytes, at most %d", len(raw), LargestFileBytesMax)
	}
	f, err := parseFile(raw)
	if err != nil {
		return nil, err
	}
	if len(raw) > FileBytesMax && f.Act.Body.Kind() != KindEvidence {
		return nil, Refuse("ACT-19", "", "%d bytes, at most %d", len(raw), FileBytesMax)
	}
	if err := f.Check(); err != nil {
		return nil, err
	}
	if again := f.Bytes(); !bytes.Equal(again, raw) {
		return nil, Refuse("ACT-19", "", "line %d is not what the act, its chain and its signatures give", differs(again, raw))
	}
	return f, nil
}

// fileJSON is the part of a file that is read.
type fileJSON struct {
	PrimaryType string `json:"primaryType"`
	Domain      struct {
		Salt string `json:"salt"`
	} `json:"domain"`
	Message    map[string]json.RawMessage `json:"message"`
	Signatures []struct {
		Key       string `json:"key"`
		Signature string `json:"signature"`
	} `json:"signatures"`
}

func parseFile(raw []byte) (*File, error) {
	var in fileJSON
	if err := json.Unmarshal(raw, &in); err != nil {
		return nil, Refuse("ACT-19", "", "not JSON of an act file: %v", err)
	}
	kind, ok := kindsByName[in.PrimaryType]
	if !ok {
		return nil, Refuse("ACT-2", "primaryType", "%q is no kind of act", in.PrimaryType)
	}
	f := &File{Act: &Act{Body: kinds[kind].empty()}}
	m := messageReader{fields: in.Message}
	m.unhex("salt", in.Domain.Salt, f.Salt[:])
	f.Act.Body.walk(&m)
	f.Act.Header.walk(&m)
	if len(in.Signatures) > account.SignaturesMax {
		m.fail("SIG-4", "signatures", "%d signatures, at most %d", len(in.Signatures), account.SignaturesMax)
		return nil, m.err
	}
	for _, s := range in.Signatures {
		f.Act.Signatures = append(f.Act.Signatures, m.signature(s.Key, s.Signature))
	}
	return f, m.err
}

func hexed(raw []byte) string { return "0x" + hex.EncodeToString(raw) }

// differs is the number of the first line in which two texts differ.
func differs(a, b []byte) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return 1 + strings.Count(string(a[:n]), "\n")
}
