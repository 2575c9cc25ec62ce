// Package ca is a small RPKI: a trust anchor, CAs below it, their CRLs, and the
// checklists that holders sign (RFC 6487, RFC 9323). Test networks, which no
// registry certifies, take their evidence from it.
//
// What it makes is in the profile that package rpki reads, byte for byte. It
// draws real keys, keeps them in memory, and publishes nothing.
package ca

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"slices"
	"time"

	"ipledger/ledger/wire"
)

// Term is from when until when something is valid, both to the second.
type Term struct{ From, Until time.Time }

// Authority is a CA with its key. One goroutine uses it at a time.
type Authority struct {
	name        string
	key         *rsa.PrivateKey
	above       *Authority // nil for a trust anchor
	serial      int64      // of its certificate
	certificate []byte
	issued      int64 // serial numbers given out
	lists       int64 // CRLs signed
	revoked     []int64
}

// Anchor is a trust anchor that holds all numbers there are.
func Anchor(name string, t Term) (*Authority, error) {
	everything := []wire.Resource{{Family: wire.IPv4}, {Family: wire.IPv6}, {Family: wire.ASN}}
	return authority(name, nil, everything, t)
}

// Certify makes a CA below a and certifies that it holds blocks, which stand apart:
// no two of them are neighbours.
func (a *Authority) Certify(name string, holds []wire.Resource, t Term) (*Authority, error) {
	return authority(name, a, holds, t)
}

func authority(name string, above *Authority, holds []wire.Resource, t Term) (*Authority, error) {
	c := &Authority{name: name, above: above}
	var err error
	if c.key, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		return nil, fmt.Errorf("key of %s: %w", name, err)
	}
	issuer := above
	if issuer == nil {
		issuer = c
	}
	c.serial = issuer.next()
	form := &x509.Certificate{
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign, IsCA: true, BasicConstraintsValid: true,
		ExtraExtensions: append(numbers(holds), policy(), places(name)),
	}
	c.certificate, err = issuer.certify(form, name, &c.key.PublicKey, c.serial, t)
	return c, err
}

// next is a serial number that was not given out before.
func (a *Authority) next() int64 { a.issued++; return a.issued }

// certify completes a certificate and signs it.
func (a *Authority) certify(form *x509.Certificate, name string, key *rsa.PublicKey, serial int64, t Term) ([]byte, error) {
	form.SerialNumber, form.Subject = big.NewInt(serial), pkix.Name{CommonName: name}
	form.NotBefore, form.NotAfter = t.From, t.Until
	form.SignatureAlgorithm, form.SubjectKeyId = x509.SHA256WithRSA, keyName(key)
	issuer := &x509.Certificate{Subject: pkix.Name{CommonName: a.name}, SubjectKeyId: keyName(&a.key.PublicKey)}
	if name == a.name {
		issuer = form
	} else {
		form.IssuingCertificateURL = []string{address(a.name, "cer")}
		form.CRLDistributionPoints = []string{address(a.name, "crl")}
	}
	raw, err := x509.CreateCertificate(rand.Reader, form, issuer, key, a.key)
	if err != nil {
		return nil, fmt.Errorf("certificate of %s: %w", name, err)
	}
	return raw, nil
}

// keyName is the SHA-1 of a key's bit string, as RFC 6487, Section 4.8.2, names keys.
func keyName(key *rsa.PublicKey) []byte {
	sum := sha1.Sum(x509.MarshalPKCS1PublicKey(key))
	return sum[:]
}

// address is where an object of a CA would be published.
func address(name, suffix string) string {
	return "rsync://rpki.example.net/repo/" + name + "." + suffix
}

// Key is the CA's SubjectPublicKeyInfo, by which a ledger knows it.
func (a *Authority) Key() ([]byte, error) { return x509.MarshalPKIXPublicKey(&a.key.PublicKey) }

// Certificate is the CA's own.
func (a *Authority) Certificate() []byte { return a.certificate }

// Revoke takes back the certificate of a CA below a.
func (a *Authority) Revoke(below *Authority) { a.revoked = append(a.revoked, below.serial) }

// Discard takes back n certificates that nobody was given, so that a's CRL is as
// long as that of a CA which has long been at work.
func (a *Authority) Discard(n int) {
	for range n {
		a.revoked = append(a.revoked, a.next())
	}
}

// List is a new CRL.
func (a *Authority) List(t Term) ([]byte, error) {
	a.lists++
	form := &x509.RevocationList{SignatureAlgorithm: x509.SHA256WithRSA, Number: big.NewInt(a.lists), ThisUpdate: t.From, NextUpdate: t.Until}
	for _, serial := range a.revoked {
		form.RevokedCertificateEntries = append(form.RevokedCertificateEntries, x509.RevocationListEntry{SerialNumber: big.NewInt(serial), RevocationTime: t.From})
	}
	own, err := x509.ParseCertificate(a.certificate)
	if err != nil {
		return nil, fmt.Errorf("CRL of %s: %w", a.name, err)
	}
	raw, err := x509.CreateRevocationList(rand.Reader, form, own, a.key)
	if err != nil {
		return nil, fmt.Errorf("CRL of %s: %w", a.name, err)
	}
	return raw, nil
}

// Path is the CAs from the trust anchor down to a.
func (a *Authority) Path() (path []*Authority) {
	for c := a; c != nil; c = c.above {
		path = append(path, c)
	}
	slices.Reverse(path)
	return path
}
