package ca

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"time"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"ipledger/ledger/rpki"
	"ipledger/ledger/wire"
)

// Checklist signs files with blocks that a holds, at a moment, by a key that is
// used once and whose certificate is valid for a term.
func (a *Authority) Checklist(files []rpki.File, holds []wire.Resource, at time.Time, t Term) ([]byte, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, fmt.Errorf("key of a checklist: %w", err)
	}
	serial := a.next()
	form := &x509.Certificate{KeyUsage: x509.KeyUsageDigitalSignature, ExtraExtensions: append(numbers(holds), policy())}
	certificate, err := a.certify(form, fmt.Sprintf("%s signer %d", a.name, serial), &key.PublicKey, serial, t)
	if err != nil {
		return nil, err
	}
	return message(content(files, holds), certificate, key, at)
}

// Evidence is a checklist over statements with the certificates and CRLs above it,
// all of which are valid for a term.
func (a *Authority) Evidence(statements []rpki.Statement, holds []wire.Resource, at time.Time, t Term) (e rpki.Evidence, err error) {
	var files []rpki.File
	for i := range statements {
		files = append(files, rpki.File{Name: statements[i].FileName(), Digest: statements[i].Digest()})
	}
	if e.Checklist, err = a.Checklist(files, holds, at, t); err != nil {
		return e, err
	}
	for _, c := range a.Path() {
		list, err := c.List(t)
		if err != nil {
			return e, err
		}
		e.Certificates, e.CRLs = append(e.Certificates, c.Certificate()), append(e.CRLs, list)
	}
	return e, nil
}

// content is the RpkiSignedChecklist of RFC 9323, Section 4.
func content(files []rpki.File, holds []wire.Resource) []byte {
	var b cryptobyte.Builder
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) { both(b, holds) })
		b.AddBytes(sha256Only)
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
			for _, f := range files {
				b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
					if f.Name != "" {
						b.AddASN1(asn1.IA5String, func(b *cryptobyte.Builder) { b.AddBytes([]byte(f.Name)) })
					}
					b.AddASN1OctetString(f.Digest[:])
				})
			}
		})
	})
	return b.BytesOrPanic()
}

// both is AS numbers, then addresses, of which either may be left out.
func both(b *cryptobyte.Builder, holds []wire.Resource) {
	if as := of(wire.ASN, holds); len(as) > 0 {
		b.AddASN1(context0, func(b *cryptobyte.Builder) { asIdentifiers(b, as) })
	}
	if len(of(wire.ASN, holds)) < len(holds) {
		b.AddASN1(asn1.Tag(1).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) { addressBlocks(b, holds) })
	}
}

// message is the CMS around a checklist: RFC 6488, Section 2.1.
func message(content, certificate []byte, key *rsa.PrivateKey, at time.Time) ([]byte, error) {
	attributes := signedAttributes(content, at)
	digest := sha256.Sum256(attributes)
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
	if err != nil {
		return nil, fmt.Errorf("signature of a checklist: %w", err)
	}
	var b cryptobyte.Builder
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(oid(1, 2, 840, 113549, 1, 7, 2))
		b.AddASN1(context0, func(b *cryptobyte.Builder) {
			b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1Int64(3)
				b.AddASN1(asn1.SET, func(b *cryptobyte.Builder) { b.AddBytes(sha256Only) })
				b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddBytes(oidChecklist)
					b.AddASN1(context0, func(b *cryptobyte.Builder) { b.AddASN1OctetString(content) })
				})
				b.AddASN1(context0, func(b *cryptobyte.Builder) { b.AddBytes(certificate) })
				b.AddASN1(asn1.SET, func(b *cryptobyte.Builder) { signer(b, key, attributes, signature) })
			})
		})
	})
	return b.Bytes()
}

// signer is the SignerInfo.
func signer(b *cryptobyte.Builder, key *rsa.PrivateKey, attributes, signature []byte) {
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(3)
		b.AddASN1(asn1.Tag(0).ContextSpecific(), func(b *cryptobyte.Builder) { b.AddBytes(keyName(&key.PublicKey)) })
		b.AddBytes(sha256Only)
		b.AddBytes(append([]byte{byte(context0)}, attributes[1:]...)) // signed as a SET, written in the context
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddBytes(oid(1, 2, 840, 113549, 1, 1, 1))
			b.AddASN1NULL()
		})
		b.AddASN1OctetString(signature)
	})
}

// signedAttributes is the SET of three, in the order of DER.
func signedAttributes(content []byte, at time.Time) []byte {
	sum := sha256.Sum256(content)
	var b cryptobyte.Builder
	b.AddASN1(asn1.SET, func(b *cryptobyte.Builder) {
		attribute(b, 3, func(b *cryptobyte.Builder) { b.AddBytes(oidChecklist) })
		attribute(b, 5, func(b *cryptobyte.Builder) { b.AddASN1UTCTime(at.UTC()) })
		attribute(b, 4, func(b *cryptobyte.Builder) { b.AddASN1OctetString(sum[:]) })
	})
	return b.BytesOrPanic()
}

func attribute(b *cryptobyte.Builder, n int, value cryptobyte.BuilderContinuation) {
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(oid(1, 2, 840, 113549, 1, 9, n))
		b.AddASN1(asn1.SET, value)
	})
}
