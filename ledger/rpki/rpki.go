// Package rpki verifies RPKI evidence: that whoever holds Internet numbers in a
// source registry signed a file, shown by a signed checklist (RFC 9323) with
// the certificates and CRLs from a trust anchor down to it, at a stated time.
//
// It implements specs/19. The grammar is its own and closed: every byte of every
// object is read as DER and compared with the one form the profile allows
// (RFC 6487, 6488, 7935, 3779), so that a verdict depends on nothing but the
// bytes, the trust anchors' keys and the time given, with any release of Go.
//
// It keeps nothing, fetches nothing, and does not say what evidence is good
// for: that is for the ledger's rules.
package rpki

import (
	"bytes"
	"slices"

	"ipledger/ledger/wire"
)

// Verified is what evidence shows. Verify alone makes one.
type Verified struct {
	resources Resources
	files     []File
	signedAt  uint64
	key       wire.Hash
	content   wire.Hash
	path      []wire.Hash
}

// Resources is the Internet numbers that the checklist speaks for.
func (v *Verified) Resources() Resources { return v.resources }

// Files is the entries of the checklist, in its order. The caller must not change them.
func (v *Verified) Files() []File { return v.files }

// SignedAt is the signing time that the signer states, in seconds since 1970.
// Nothing but the signer's word and the validity of its certificate bounds it.
func (v *Verified) SignedAt() uint64 { return v.signedAt }

// Key is the fingerprint of the key that signed the checklist (see Fingerprint).
func (v *Verified) Key() wire.Hash { return v.key }

// Content is the SHA-256 of the checklist's content. Key and Content together
// name what was signed; the bytes of the evidence do not, for certificates and
// CRLs are issued again and again.
//
// specs/19 RPKI-20: What was signed MUST be named by the fingerprint of the
// signer's key and the SHA-256 of the content, never by a hash of the evidence.
func (v *Verified) Content() wire.Hash { return v.content }

// Path is the fingerprints of the CAs' keys, from the trust anchor to the CA
// that certified the signer. The caller must not change them.
func (v *Verified) Path() []wire.Hash { return v.path }

// CertifiedBy reports whether the CA that certified the signer was itself
// certified directly by one of the CAs on a list of fingerprints, with none but
// those between that one and the trust anchor, and is none of them itself.
//
// specs/19 RPKI-19: Evidence is a holder's own if its issuing CA is no registry
// CA, the CA next above it is one, and so is every CA between that and the trust
// anchor.
func (v *Verified) CertifiedBy(registries []wire.Hash) bool {
	n := len(v.path)
	if n < 2 || slices.Contains(registries, v.path[n-1]) || !slices.Contains(registries, v.path[n-2]) {
		return false
	}
	for _, between := range v.path[1 : n-1] {
		if !slices.Contains(registries, between) {
			return false
		}
	}
	return true
}

// Verify checks evidence as it travels, at a moment in seconds since 1970,
// under the SubjectPublicKeyInfo of each trust anchor (which Fingerprint
// checks). It gives a Refusal, which is an ErrEvidence, for the first rule
// that refuses it.
//
// specs/19 RPKI-18: The order of checks MUST be: size, container, the form of the
// checklist, its certificate, its content, the certificates and the CRLs; then
// links and signatures from the trust anchor down; then what the certificates say.
func Verify(raw []byte, anchors [][]byte, at uint64) (*Verified, error) {
	l, err := Link(raw, anchors)
	if err != nil {
		return nil, err
	}
	return l.At(at)
}

// Linked is evidence whose form, links and signatures hold: all of Verify that
// costs much, and nothing that depends on the time. It does not change; whoever
// judges the same evidence at several moments keeps it. Link alone makes one.
type Linked struct {
	path   path
	leaf   step
	list   *checklist
	signed uint64
	digest wire.Hash
}

// Link is Verify without a moment.
func Link(raw []byte, anchors [][]byte) (*Linked, error) {
	l, refusal := link(raw, anchors)
	if refusal != nil {
		return nil, refusal
	}
	return l, nil
}

// At is the rest of Verify: what the certificates and CRLs say at a moment.
func (l *Linked) At(at uint64) (*Verified, error) {
	held, refusal := l.path.holds(l.leaf, at)
	if refusal != nil {
		return nil, refusal
	}
	if !l.list.resources.within(held) {
		return nil, refuse("RPKI-15", "it speaks for numbers that its certificate does not hold").of("checklist")
	}
	return &Verified{l.list.resources, l.list.files, l.signed, l.leaf.key.fingerprint(), l.digest, l.path.keys()}, nil
}

func link(raw []byte, anchors [][]byte) (*Linked, *Refusal) {
	e, refusal := decode(raw)
	if refusal != nil {
		return nil, refusal
	}
	s, leaf, list, refusal := parseSignedChecklist(e.Checklist)
	if refusal != nil {
		return nil, refusal.of("checklist")
	}
	p, refusal := parsePath(e)
	if refusal != nil {
		return nil, refusal
	}
	if refusal := p.linked(anchors, leaf); refusal != nil {
		return nil, refusal
	}
	if !leaf.key.signed(s.attributes, s.signature) {
		return nil, refuse("RPKI-6", "the signature is not that of its certificate's key").of("checklist")
	}
	return &Linked{p, leaf, list, s.signedAt, s.digest()}, nil
}

// leafName is the certificate inside the checklist, in a refusal.
const leafName = "the checklist's certificate"

// parseSignedChecklist reads the three layers of a signed checklist.
func parseSignedChecklist(raw []byte) (s *signed, leaf step, list *checklist, refusal *Refusal) {
	if s, refusal = parseSigned(raw); refusal != nil {
		return nil, leaf, nil, refusal
	}
	if !bytes.Equal(s.kind, oidChecklist) {
		return nil, leaf, nil, refuse("RPKI-11", "the content has the type %x, which is not a signed checklist's", head(s.kind))
	}
	leaf.name = leafName
	if leaf.certificate, refusal = parseCertificate(s.certificate, entity); refusal != nil {
		return nil, leaf, nil, refusal.of(leafName)
	}
	if !bytes.Equal(s.keyID, leaf.keyID) {
		return nil, leaf, nil, refuse("RPKI-11", "the signer's key identifier is not that of its certificate")
	}
	list, refusal = parseChecklist(s.content)
	return s, leaf, list, refusal
}
