package tx

import (
	"fmt"
	"strconv"

	"ipledger/ledger/account"
	"ipledger/ledger/wire"
)

// Text says in words what the act will do if it is applied, one sentence or two
// a line. It follows from the act alone, so that two tools show the same.
func (a *Act) Text(salt wire.Hash) []string {
	return append(a.Body.text(), a.Header.text(salt)...)
}

// Words says in words what acts with this body do.
func Words(b Body) []string { return b.text() }

func (h *Header) text(salt wire.Hash) []string {
	var lines []string
	if !h.Author.IsZero() {
		lines = append(lines, h.by())
	}
	if h.Count > 0 {
		lines = append(lines, fmt.Sprintf("Act %d of %d of bundle %v: all of them apply, or none.", h.Index+1, h.Count, h.Bundle))
	}
	if h.Expires != 0 {
		lines = append(lines, fmt.Sprintf("Void unless it is applied before %s.", UTC(h.Expires)))
	}
	return append(lines, fmt.Sprintf("On the chain whose genesis hash is %v.", salt))
}

// by says who acts. What is kept for a day to come, a revocation, binds itself to
// no policy and no number.
func (h *Header) by() string {
	if h.Policy == 0 {
		return fmt.Sprintf("By account %v.", h.Author)
	}
	return fmt.Sprintf("By account %v, under version %d of its policy, as number %d of lane %d.", h.Author, h.Policy, h.Number, h.Lane)
}

func (b *OpenAccount) text() []string {
	who := "Open an account without a name"
	if b.Name != "" {
		who = "Open an account named " + strconv.Quote(b.Name)
	}
	lines := []string{fmt.Sprintf("%s in jurisdiction %s.", who, b.Jurisdiction)}
	lines = append(lines, textKeys(b.TitleKeys, b.TitleK, b.RoutingKeys, b.RoutingK)...)
	lines = append(lines, fmt.Sprintf("Its offers can be accepted %s after they are made.", span(b.Delay)))
	if b.ByWork() {
		return append(lines, fmt.Sprintf("Nobody sponsors it: nonce %d is work on header %v.", b.Nonce, b.Work))
	}
	return append(lines, "The author sponsors it and pays for it in credit.")
}

func (b *SetPolicy) text() []string {
	lines := []string{"Replace all keys of the account, after its delay. Acts signed under the old keys are void from then on."}
	return append(lines, textKeys(b.TitleKeys, b.TitleK, b.RoutingKeys, b.RoutingK)...)
}

func textKeys(title []account.Key, titleK uint64, routing []account.Key, routingK uint64) []string {
	lines := textRole("Title", title, titleK)
	if len(routing) == 0 {
		return append(lines, "There are no routing keys.")
	}
	return append(lines, textRole("Routing", routing, routingK)...)
}

func textRole(role string, keys []account.Key, k uint64) []string {
	lines := []string{fmt.Sprintf("%s keys, %d of %d must sign:", role, k, len(keys))}
	for _, key := range keys {
		lines = append(lines, "  "+key.String())
	}
	return lines
}

func (b *TransferOffer) text() []string {
	routing := "Its origin authorisations end with the transfer."
	if b.Keep {
		routing = "Its origin authorisations become the new holder's own."
	}
	lines := append([]string{fmt.Sprintf("Offer the title to %v to account %v.", b.Resource, b.To), routing}, b.textConditions()...)
	return append(lines, textWindow(b.Earliest, b.Until), textValue(b.Value))
}

func (b *GrantOffer) text() []string {
	parts := "The grantee may not grant or lease parts of it on."
	if b.SubGrants {
		parts = "The grantee may grant and lease parts of it on."
	}
	lines := []string{fmt.Sprintf("Offer possession of %v to account %v, until %s after notice.", b.Resource, b.To, span(b.Notice)), parts}
	lines = append(lines, textOrigins(b.Origins)...)
	return append(lines, textWindow(b.Earliest, b.Until), textValue(b.Value))
}

func textWindow(earliest, until uint64) string {
	if earliest == 0 {
		return fmt.Sprintf("It can be accepted after the account's delay and lapses at %s.", UTC(until))
	}
	return fmt.Sprintf("It can be accepted from %s and lapses at %s.", UTC(earliest), UTC(until))
}

func textValue(value wire.Hash) string {
	return fmt.Sprintf("It holds for the title as it stands: dealing value %v.", value)
}

func (b *TransferAccept) text() []string {
	return []string{fmt.Sprintf("Accept offer %v and take the title to %v. This is final.", b.Offer, b.Resource), textValue(b.Value)}
}

func (b *GrantAccept) text() []string {
	return []string{fmt.Sprintf("Accept offer %v and take possession of %v. This is final.", b.Offer, b.Resource), textValue(b.Value)}
}

func (b *OfferCancel) text() []string { return []string{fmt.Sprintf("Take back offer %v.", b.Offer)} }

func (b *Split) text() []string {
	return []string{fmt.Sprintf("Split the title to %v: one title to %v and one to each aligned block of the rest.", b.Resource, b.Part)}
}

func (b *Merge) text() []string {
	return []string{fmt.Sprintf("Merge the titles to the two halves of %v into one title, after the account's delay.", b.Resource)}
}

func (b *GrantNotice) text() []string {
	return []string{fmt.Sprintf("Give notice that grant %v of %v ends.", b.Grant, b.Resource)}
}

func (b *NoticeWithdraw) text() []string {
	return []string{
		fmt.Sprintf("Offer the grantee to take the notice of grant %v of %v back: it then ends by another notice only.", b.Grant, b.Resource),
		textWindow(b.Earliest, b.Until), textValue(b.Value),
	}
}

func (b *GrantGiveUp) text() []string {
	return []string{fmt.Sprintf("Give up grant %v of %v at once.", b.Grant, b.Resource)}
}

func (b *OriginAuthorise) text() []string {
	if b.AS == 0 {
		return []string{fmt.Sprintf("State that nobody may originate %v or prefixes in it down to /%d.", b.Resource, b.MaxLength)}
	}
	return []string{fmt.Sprintf("Authorise AS%d to originate %v and prefixes in it down to /%d.", b.AS, b.Resource, b.MaxLength)}
}

func (b *OriginWithdraw) text() []string {
	return []string{fmt.Sprintf("Withdraw the authorisation of AS%d for %v down to /%d.", b.AS, b.Resource, b.MaxLength)}
}
