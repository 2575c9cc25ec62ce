package rpki

import (
	"bytes"
	"fmt"
	"slices"

	"ipledger/ledger/wire"
)

// step is one CA of a path.
type step struct {
	*certificate
	list *crl
	name string // of the certificate, for a refusal
}

// path is CAs from the trust anchor down, each its issuer's subject.
type path []step

// parsePath reads the certificates and CRLs of evidence.
func parsePath(e *Evidence) (path, *Refusal) {
	p := make(path, len(e.Certificates))
	for i, raw := range e.Certificates {
		k := authority
		if i == 0 {
			k = anchor
		}
		var refusal *Refusal
		p[i].name = fmt.Sprintf("certificate %d", i)
		if p[i].certificate, refusal = parseCertificate(raw, k); refusal != nil {
			return nil, refusal.of(p[i].name)
		}
	}
	for i, raw := range e.CRLs {
		var refusal *Refusal
		if p[i].list, refusal = parseCRL(raw); refusal != nil {
			return nil, refusal.of(listName(i))
		}
	}
	return p, nil
}

func listName(i int) string { return fmt.Sprintf("CRL %d", i) }

// linked checks names, key identifiers and signatures from the trust anchor to
// the leaf, before anything is believed of what the certificates say.
//
// specs/19 RPKI-14: The first certificate MUST be self-signed by a trust anchor's
// key, and each after it, the leaf and the CRLs too, name as issuer the subject
// and key identifier of the CA before it and be signed by its key; no key stands
// twice.
func (p path) linked(anchors [][]byte, leaf step) *Refusal {
	top := p[0]
	if !slices.ContainsFunc(anchors, func(a []byte) bool { return bytes.Equal(a, top.key.spki) }) {
		return refuse("RPKI-14", "its key is no trust anchor's").of(top.name)
	}
	issuer := top
	for i, s := range append(slices.Clone(p), leaf) {
		if i > 0 {
			issuer = p[i-1]
		}
		if refusal := s.issuedBy(issuer); refusal != nil {
			return refusal.of(s.name)
		}
		if slices.ContainsFunc(p[:i], func(o step) bool { return bytes.Equal(o.key.spki, s.key.spki) }) {
			return refuse("RPKI-14", "its key stands in the path already").of(s.name)
		}
	}
	for i, s := range p {
		if refusal := s.list.issuedBy(s); refusal != nil {
			return refusal.of(listName(i))
		}
	}
	return nil
}

func (c *certificate) issuedBy(ca step) *Refusal {
	self := c == ca.certificate && c.issuerKeyID == nil // a trust anchor may leave it out
	return issued(ca, c.issuer, c.issuerKeyID, self, c.tbs, c.signature)
}

func (l *crl) issuedBy(ca step) *Refusal {
	return issued(ca, l.issuer, l.issuerKeyID, false, l.tbs, l.signature)
}

func issued(ca step, issuer, keyID []byte, unnamed bool, tbs, signature []byte) *Refusal {
	switch {
	case !bytes.Equal(issuer, ca.subject):
		return refuse("RPKI-14", "the issuer's name is not the subject of %s", ca.name)
	case !unnamed && !bytes.Equal(keyID, ca.keyID):
		return refuse("RPKI-14", "the issuer's key identifier %x is not that of %s", keyID, ca.name)
	case !ca.key.signed(tbs, signature):
		return refuse("RPKI-6", "the signature is not that of the key of %s", ca.name)
	}
	return nil
}

// holds checks what the certificates of a linked path say, at a moment; it
// gives what the leaf holds.
func (p path) holds(leaf step, at uint64) (Resources, *Refusal) {
	held := p[0].claim.set
	if refusal := p[0].validAt(at); refusal != nil {
		return held, refusal.of(p[0].name)
	}
	for i, s := range append(slices.Clone(p[1:]), leaf) {
		if refusal := s.standsUnder(p[i], i, held, at); refusal != nil {
			return held, refusal
		}
		held, _ = s.claim.resolve(held)
	}
	return held, nil
}

// standsUnder checks a certificate against the CA before it, whose place is i.
func (s step) standsUnder(ca step, i int, held Resources, at uint64) *Refusal {
	if _, why := s.claim.resolve(held); why != "" {
		return refuse("RPKI-15", "%s", why).of(s.name)
	}
	if refusal := s.validAt(at); refusal != nil {
		return refusal.of(s.name)
	}
	if refusal := ca.list.currentAt(at); refusal != nil {
		return refusal.of(listName(i))
	}
	if ca.list.revoked[s.serial] {
		return refuse("RPKI-17", "it is revoked by CRL %d", i).of(s.name)
	}
	return nil
}

// validAt: specs/19 RPKI-16: The stated time MUST lie in the validity of every
// certificate, ends included.
func (c *certificate) validAt(at uint64) *Refusal {
	if at < c.notBefore || at > c.notAfter {
		return refuse("RPKI-16", "it is valid from %d to %d, not at %d", c.notBefore, c.notAfter, at)
	}
	return nil
}

// currentAt: specs/19 RPKI-17: The stated time MUST lie from this update to the
// next update of every CRL, ends included, and no certificate be on the CRL of
// its issuer, whatever the moment of its revocation.
func (l *crl) currentAt(at uint64) *Refusal {
	if at < l.thisUpdate || at > l.nextUpdate {
		return refuse("RPKI-17", "it is current from %d to %d, not at %d", l.thisUpdate, l.nextUpdate, at)
	}
	return nil
}

// keys is the fingerprints of the path's keys, the trust anchor's first.
func (p path) keys() []wire.Hash {
	out := make([]wire.Hash, len(p))
	for i, s := range p {
		out[i] = s.key.fingerprint()
	}
	return out
}
