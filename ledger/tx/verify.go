package tx

import (
	"ipledger/ledger/account"
	"ipledger/ledger/wire"
)

// Verified is an act whose bytes, meaning and signatures hold on one chain,
// whatever the state. Only Verify makes one.
type Verified struct {
	act     *Act
	id      wire.Hash
	raw     []byte
	signers []wire.Address
	alone   *wire.Hash // of an act in a bundle: its id outside of it (ACT-17)
	chain   wire.Hash
}

// ID is the act's EIP-712 digest.
func (v Verified) ID() wire.Hash { return v.id }

// Chain is the genesis hash of the chain that the act was verified for.
func (v Verified) Chain() wire.Hash { return v.chain }

// Raw is the act's bytes. They must not be changed.
func (v Verified) Raw() []byte { return v.raw }

// Header is what every act carries.
func (v Verified) Header() Header { return v.act.Header }

// Author is the account that acts; zero only in an opening by work.
func (v Verified) Author() wire.Address { return v.act.Header.Author }

// Until is the header time from which the act applies no more; the last there is
// for a revocation, which does not expire (specs/17 REV-1).
func (v Verified) Until() uint64 {
	if v.Kind() == KindKeyRevoke {
		return most64
	}
	return v.act.Header.Expires
}

// Laned reports whether the act takes a number of a lane: an opening by work and
// a revocation take none.
func (v Verified) Laned() bool { return !v.act.Header.Author.IsZero() && v.Kind() != KindKeyRevoke }

// Body is what the act says. It must not be changed.
func (v Verified) Body() Body { return v.act.Body }

// Kind is which act it is.
func (v Verified) Kind() Kind { return v.act.Body.Kind() }

// Signers are the addresses that signed, ascending. They must not be changed.
func (v Verified) Signers() []wire.Address { return v.signers }

// Act is a copy of the act; its body and signatures must not be changed.
func (v Verified) Act() Act { return *v.act }

// Known reports whether exactly these bytes, which have this id, were verified
// before on the same chain. It is the caller's cache: a true answer skips the
// recovery of keys, so it MUST compare the bytes, signatures included, and not
// the id alone.
type Known func(id wire.Hash, raw []byte) bool

// Verify checks everything about an act that needs no state, for the chain
// whose genesis hash is salt. An error is a *RuleError and proves that the
// bytes are bad for everyone on that chain.
func Verify(raw []byte, salt wire.Hash) (Verified, error) {
	return On(salt).VerifyWith(raw, nil)
}

// VerifyWith is Verify for a caller that remembers what it verified.
func VerifyWith(raw []byte, salt wire.Hash, known Known) (Verified, error) {
	return On(salt).VerifyWith(raw, known)
}

// Chain is a chain that acts are verified on. Who verifies many keeps one: it
// has the domain that each digest is made in, and room to work in. One
// goroutine uses it at a time.
type Chain struct {
	salt   wire.Hash
	domain wire.Hash
	hasher hasher
}

// On is the chain whose genesis hash is salt.
func On(salt wire.Hash) *Chain {
	return &Chain{salt: salt, domain: account.Domain(salt), hasher: hasher{Hasher: account.NewHasher()}}
}

// Verify is the Verify of this package, on this chain.
func (c *Chain) Verify(raw []byte) (Verified, error) { return c.VerifyWith(raw, nil) }

// VerifyWith is Verify for a caller that remembers what it verified.
//
// specs/04 ACT-16: Size, canonical form, meaning and the form of the signatures
// MUST be checked in that order before a key is recovered.
func (c *Chain) VerifyWith(raw []byte, known Known) (Verified, error) {
	a, own, err := decode(raw)
	if err != nil {
		return Verified{}, err
	}
	if err := a.checkAll(); err != nil {
		return Verified{}, err
	}
	id := c.hasher.Digest(c.domain, a.messageBy(&c.hasher))
	if known == nil || !known(id, own) {
		if err := ruled(c.hasher.CheckSignatures(id, a.Signatures)); err != nil {
			return Verified{}, err
		}
	}
	v := Verified{act: a, id: id, raw: own, signers: a.signers(), chain: c.salt}
	if a.Count > 0 {
		alone := c.hasher.Digest(c.domain, a.alone().messageBy(&c.hasher))
		v.alone = &alone
	}
	return v, nil
}

// VerifyForm is all of Verify that needs neither chain nor recovery.
func VerifyForm(raw []byte) (*Act, error) {
	a, _, err := decode(raw)
	if err != nil {
		return nil, err
	}
	return a, a.checkAll()
}

func (a *Act) checkAll() error {
	if err := a.Check(); err != nil {
		return err
	}
	if err := ruled(account.CheckForms(a.Signatures)); err != nil {
		return err
	}
	if own, ok := a.Body.(signersChecker); ok {
		return own.checkSigners(a.Signatures)
	}
	return nil
}

// signersChecker is a body that says itself whose keys sign it.
type signersChecker interface {
	checkSigners(sigs []account.Signature) error
}

func (a *Act) signers() []wire.Address {
	out := make([]wire.Address, len(a.Signatures))
	for i := range a.Signatures {
		out[i] = a.Signatures[i].Signer
	}
	return out
}
