package tx

import (
	"math/bits"
	"slices"

	"ipledger/ledger/account"
	"ipledger/ledger/wire"
)

// ByWork reports whether the opening is paid for with work and not by a sponsor.
func (b *OpenAccount) ByWork() bool { return !b.Work.IsZero() }

func (b *OpenAccount) check(h *Header) error {
	if err := ruled(account.CheckName(b.Name)); err != nil {
		return err
	}
	if err := ruled(account.CheckJurisdiction(b.Jurisdiction)); err != nil {
		return err
	}
	p := account.Policy{TitleKeys: b.TitleKeys, TitleK: b.TitleK, RoutingKeys: b.RoutingKeys, RoutingK: b.RoutingK}
	if err := ruled(p.Check()); err != nil {
		return err
	}
	return b.checkOrigin(h)
}

// checkOrigin keeps specs/04 ACT-11: An opening MUST either name its sponsor as
// author, without work and nonce, or have work, and then no author, policy,
// lane, number or bundle.
func (b *OpenAccount) checkOrigin(h *Header) error {
	if !b.ByWork() {
		if h.Author.IsZero() || b.Nonce != 0 {
			return Refuse("ACT-11", "work", "neither a sponsor without nonce nor work")
		}
		return nil
	}
	if *h != (Header{Expires: h.Expires, Rules: h.Rules}) {
		return Refuse("ACT-11", "work", "an opening by work has no author, policy, lane, number or bundle")
	}
	return nil
}

// checkSigners keeps specs/04 ACT-12: An opening by work MUST be signed by
// exactly k of the title keys that it opens the account with.
func (b *OpenAccount) checkSigners(sigs []account.Signature) error {
	if !b.ByWork() {
		return nil
	}
	if uint64(len(sigs)) != b.TitleK {
		return Refuse("ACT-12", "signatures", "%d signatures, the title keys need %d", len(sigs), b.TitleK)
	}
	for _, s := range sigs {
		if !slices.Contains(b.TitleKeys, account.Key{Alg: s.Alg, Addr: s.Signer}) {
			return Refuse("ACT-12", "signatures", "%v is not a title key of the account it opens", s.Signer)
		}
	}
	return nil
}

// WorkBits is how much work an opening's id carries: the zero bits that
// SHA-256(0x64 ‖ work ‖ id) starts with. Each bit doubles the tries for a nonce.
//
// specs/04 ACT-15: The work of an opening MUST be the leading zero bits of
// SHA-256(0x64 ‖ hash of the header it names ‖ id of the act).
func WorkBits(id, work wire.Hash) uint64 {
	sum := wire.Sum(wire.TagWork, work[:], id[:])
	n := uint64(0)
	for _, b := range sum {
		n += uint64(bits.LeadingZeros8(b))
		if b != 0 {
			break
		}
	}
	return n
}
