package main

import (
	"bytes"
	"encoding/pem"
	"fmt"
	"strings"

	"ipledger/ledger/account"
	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

// Names of the blocks below a letter's words (RFC 7468).
const (
	signatureBlock = "IPLEDGER SIGNATURE"
	proofBlock     = "IPLEDGER PROOF"
)

// letterBytesMax bounds a letter: its words, signatures of all keys that a policy can
// have, and two proofs with four bytes for three.
const letterBytesMax = 64<<10 + 3*light.FileBytesMax

// letterFile is a letter as it is sent: words, signatures, the proof of the
// authorisation and that of the possessor's account.
type letterFile struct {
	words string
	sigs  []account.Signature
	route []byte
	who   []byte
}

// bytes is the one form of the file.
func (f *letterFile) bytes() []byte {
	var b bytes.Buffer
	b.WriteString(f.words)
	for _, s := range f.sigs {
		b.Write(pem.EncodeToMemory(&pem.Block{Type: signatureBlock, Bytes: append(append([]byte{s.Alg}, s.Signer[:]...), s.Sig[:]...)}))
	}
	for _, raw := range [][]byte{f.route, f.who} {
		b.Write(pem.EncodeToMemory(&pem.Block{Type: proofBlock, Bytes: raw}))
	}
	return b.Bytes()
}

// parseLetter reads a file in its one form.
//
// specs/30 FILE-23: A reader MUST refuse a letter of another form than FILE-21 and
// FILE-22 give it, byte by byte, and one whose words are not those of its proofs.
func parseLetter(raw []byte) (*letterFile, error) {
	malformed := func(what string) error { return fail(exitUnverified, "not a letter: %s (FILE-23)", what) }
	if len(raw) > letterBytesMax {
		return nil, malformed("it is too long")
	}
	at := bytes.Index(raw, []byte("-----BEGIN "+signatureBlock))
	if at < 0 {
		return nil, malformed("it has no signature")
	}
	f := &letterFile{words: string(raw[:at])}
	var proofs [][]byte
	for rest := raw[at:]; len(rest) > 0; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return nil, malformed("something follows its proofs")
		}
		switch {
		case block.Type == proofBlock && len(proofs) < 2:
			proofs = append(proofs, block.Bytes)
		case block.Type == signatureBlock && len(block.Bytes) == 1+20+65 && len(f.sigs) < account.KeysMax:
			s := account.Signature{Alg: block.Bytes[0], Signer: wire.Address(block.Bytes[1:21])}
			copy(s.Sig[:], block.Bytes[21:])
			f.sigs = append(f.sigs, s)
		default:
			return nil, malformed(fmt.Sprintf("it has a %q of %d bytes too many", block.Type, len(block.Bytes)))
		}
	}
	if len(proofs) != 2 {
		return nil, malformed("it has not two proofs")
	}
	f.route, f.who = proofs[0], proofs[1]
	if !bytes.Equal(f.bytes(), raw) {
		return nil, malformed("it is not in its one form")
	}
	return f, nil
}

// open checks a letter whole: its proofs, what they say, its words, its signatures.
func (f *letterFile) open(trust *light.Trust) (*letter, error) {
	l, err := letterOf(f.route, f.who, trust)
	if err != nil {
		return nil, err
	}
	for line := range strings.SplitSeq(f.words, "\n") {
		if to, ok := strings.CutPrefix(line, "To:         "); ok {
			l.to = to
			break
		}
	}
	if err := checkAddressee(l.to); err != nil {
		return nil, fail(exitUnverified, "not a letter: %w (FILE-23)", err)
	}
	if err := l.check(); err != nil {
		return nil, fail(exitUnverified, "%w", err)
	}
	if f.words != l.text() {
		return nil, fail(exitUnverified, "the letter's words are not those of its proofs (FILE-23)")
	}
	return l, l.signed(f.sigs)
}

// letterOf is the letter that two proofs make; its addressee is nobody yet.
func letterOf(route, who []byte, trust *light.Trust) (*letter, error) {
	file, err := light.Parse(route)
	if err != nil {
		return nil, err
	}
	first, err := verifyFile(route, trust)
	if err != nil {
		return nil, err
	}
	second, err := verifyFile(who, trust)
	if err != nil {
		return nil, err
	}
	other, err := light.Parse(who)
	if err != nil {
		return nil, err
	}
	if first.Authorised == nil || second.Account == nil || other.ChainID != file.ChainID || other.GenesisHash != file.GenesisHash {
		return nil, fail(exitUnverified, "not a letter: its proofs are a %s and a %s (FILE-23)", first.Kind, second.Kind)
	}
	return &letter{chain: file.ChainID, origin: file.GenesisHash, route: first.Authorised, who: second.Account}, nil
}
