package tx

import (
	"errors"

	"ipledger/ledger/account"
)

// checker is a body with rules of its own that need no state.
type checker interface {
	check(h *Header) error
}

// Check reports whether the act, apart from its signatures, says something
// that could be done in some state. Tools call it before they ask to sign.
func (a *Act) Check() error {
	if err := a.Header.check(a.Body.Kind()); err != nil {
		return err
	}
	// specs/04 ACT-10: An act MUST name its author, unless it is an opening by work.
	if a.Header.Author.IsZero() && a.Body.Kind() != KindOpenAccount {
		return Refuse("ACT-10", "account", "no account acts")
	}
	if c, ok := a.Body.(checker); ok {
		return c.check(&a.Header)
	}
	return nil
}

func (h *Header) check(kind Kind) error {
	// specs/04 ACT-5: An act MUST name the version of the rules it is written for, 1 or 2.
	if h.Rules == 0 || h.Rules > RulesKnown {
		return Refuse("ACT-5", "rules", "rules version %d, want 1 to %d", h.Rules, uint64(RulesKnown))
	}
	// specs/04 ACT-6: In lanes 8 to 15, which routing keys sign, an act MUST be of
	// the routing family, kinds 40 to 46.
	if account.RoleOf(h.Lane) == account.Routing && !kind.routing() {
		return Refuse("ACT-6", "lane", "%v is signed by title keys, in lanes 0 to %d", kind, account.RoutingLane-1)
	}
	return h.checkBundle()
}

// routing reports whether routing keys may sign such acts.
func (k Kind) routing() bool { return k >= KindOriginAuthorise && k <= KindContactsErase }

// checkBundle keeps specs/04 ACT-7: The bundle fields of an act MUST be all zero
// or be a bundle's id, its count from 2 to 100 and an index below the count.
func (h *Header) checkBundle() error {
	if h.Bundle.IsZero() && h.Index == 0 && h.Count == 0 {
		return nil
	}
	if h.Bundle.IsZero() || h.Count < 2 || h.Count > BundleMax || h.Index >= h.Count {
		return Refuse("ACT-7", "bundle", "act %d of %d in bundle %v is not in any bundle", h.Index, h.Count, h.Bundle)
	}
	return nil
}

func (b *SetPolicy) check(*Header) error {
	p := account.Policy{TitleKeys: b.TitleKeys, TitleK: b.TitleK, RoutingKeys: b.RoutingKeys, RoutingK: b.RoutingK}
	return ruled(p.Check())
}

func (b *TransferOffer) check(*Header) error {
	if err := checkOffer(b.To.IsZero(), b.Earliest, b.Until); err != nil {
		return err
	}
	return b.checkConditions()
}

func (b *NoticeWithdraw) check(*Header) error { return checkOffer(false, b.Earliest, b.Until) }

func (b *GrantOffer) check(*Header) error {
	if err := checkOffer(b.To.IsZero(), b.Earliest, b.Until); err != nil {
		return err
	}
	_, err := ParseOrigins(b.Origins)
	return err
}

// checkOffer keeps specs/04 ACT-13: An offer MUST name to whom it is made and
// MUST lapse after the first moment at which it may be accepted.
func checkOffer(toNobody bool, earliest, until uint64) error {
	if toNobody {
		return Refuse("ACT-13", "to", "an offer to nobody")
	}
	if until <= earliest {
		return Refuse("ACT-13", "until", "it lapses at %s and could be accepted from %s", UTC(until), UTC(earliest))
	}
	return nil
}

func (b *OriginAuthorise) check(*Header) error {
	return checkLength(int(b.Resource.Len), b.MaxLength, b.Resource.Family.Bits())
}

func (b *OriginWithdraw) check(*Header) error {
	return checkLength(int(b.Resource.Len), b.MaxLength, b.Resource.Family.Bits())
}

// checkLength keeps specs/04 ACT-14: The longest length of an authorisation MUST
// be at least its prefix's and at most that of its family.
func checkLength(length int, most uint64, family int) error {
	if most < uint64(length) || most > uint64(family) {
		return Refuse("ACT-14", "maxLength", "/%d for a prefix of /%d in a family of %d bits", most, length, family)
	}
	return nil
}

// ruled makes a refusal of what package account found.
func ruled(err error) error {
	if err == nil {
		return nil
	}
	var form *account.FormError
	if errors.As(err, &form) {
		return &RuleError{Rule: form.Rule, Field: form.Field, Detail: form.Detail}
	}
	return err
}
