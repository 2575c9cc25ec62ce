package main

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"ipledger/ledger/account"
	zones "ipledger/ledger/directory"
	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// addresseeBytesMax bounds whom a letter is to: the one text in it that no proof says.
const addresseeBytesMax = 128

// usualAddressee is whom a letter is to that names nobody.
const usualAddressee = "whom it may concern"

// letter is a letter of authorisation: what two proofs of one height say, in words
// that a person reads.
type letter struct {
	to     string
	chain  string
	origin wire.Hash // of the genesis file
	route  *light.AuthorisedAnswer
	who    *light.AccountAnswer // the possessor
}

// check reports a letter that the ledger does not bear out.
//
// specs/30 FILE-20: A letter MUST NOT be written or held true unless, at one height,
// the possessor of the whole prefix itself authorises the route, the authorisation is
// not suspended, and what it rests on is a title of a settled grade, held or
// qualified, and not contested.
func (l *letter) check() error {
	a := l.route
	refuse := func(format string, args ...any) error {
		return fail(exitRefused, "no letter: "+format+" (FILE-20)", args...).hint("ipledger origin show %v AS%d --max-length %d", a.Route.Block, a.Route.AS, a.Route.MaxLength)
	}
	switch {
	case a.Title == nil:
		return refuse("no one title covers %v", a.Route.Block)
	case a.Possessor.IsZero():
		return refuse("%v has no one possessor", a.Route.Block)
	case !a.Title.Grade.Settled() || a.Title.State != record.Held && a.Title.State != record.Qualified:
		return refuse("the title %v is %s, grade %v", a.Title.At, a.State, a.Grade)
	case a.Contested():
		return refuse("%v is contested", a.Route.Block)
	case l.who.Account == nil || l.who.ID != a.Possessor || l.who.Moment != a.Moment:
		return refuse("the account shown is not that of the possessor at that height")
	}
	for _, o := range a.Found {
		if o.Holder == a.Possessor && o.Suspended == 0 {
			return nil
		}
	}
	if len(a.Found) > 0 {
		return refuse("the possessor's authorisation is suspended, or it is another's")
	}
	return refuse("nobody authorises AS%d to originate %v down to /%d", a.Route.AS, a.Route.Block, a.Route.MaxLength)
}

// checkAddressee refuses what could be taken for another line of the letter.
func checkAddressee(text string) error {
	odd := func(r rune) bool { return !unicode.IsPrint(r) }
	if text == "" || len(text) > addresseeBytesMax || !utf8.ValidString(text) || strings.ContainsFunc(text, odd) || strings.TrimSpace(text) != text {
		return fmt.Errorf("%q is not a line of at most %d printable bytes", text, addresseeBytesMax)
	}
	return nil
}

// ends is until when the possessor's right lasts, by what is written today; 0 for
// no end that is known.
func (l *letter) ends() (until uint64) {
	for _, e := range l.route.Estates {
		if e.Ends != 0 && (until == 0 || e.Ends < until) {
			until = e.Ends
		}
	}
	return until
}

// text is the letter's words: the same for the same proofs and addressee.
//
// specs/30 FILE-21: The words of a letter MUST follow from its proofs and its addressee
// alone: the prefix, the AS number and the longest length, who possesses it by what
// right until when, who holds the title with its grade, the height and the chain.
func (l *letter) text() string {
	a := l.route
	lines := []string{
		"LETTER OF AUTHORISATION",
		"",
		"To:         " + l.to,
		fmt.Sprintf("Prefix:     %v, announced whole or in parts down to /%d", a.Route.Block, a.Route.MaxLength),
		"Origin:     " + l.number(),
		fmt.Sprintf("Possessor:  %s, account %v", l.name(), l.who.ID),
		"By right:   " + l.right(),
		"Until:      " + l.until(),
		fmt.Sprintf("Title:      %v, holder %v, grade %v", a.Title.At, a.Title.Holder, a.Grade),
		fmt.Sprintf("As of:      block %d, %s", a.Height, light.Clock(a.Time)),
		fmt.Sprintf("Ledger:     %s, genesis %v", l.chain, l.origin),
	}
	if c := zones.ContactOf(&a.Answer); c.Abuse != "" {
		lines = append(lines, "Abuse:      "+c.Abuse)
	}
	lines = append(lines, "",
		"The possessor has the right to use this prefix and authorises the AS number above to",
		"originate it in BGP. The authorisation is on the ledger and can be withdrawn there at",
		"any moment: before relying on this letter, ask any node whether it still stands.",
		"",
		fmt.Sprintf("    ipledger origin show %v AS%d --max-length %d", a.Route.Block, a.Route.AS, a.Route.MaxLength),
		"",
		"The possessor's signature over these words and the proofs follow; anyone checks them",
		"without any network, and what is not proven does not pass:",
		"",
		"    ipledger verify letter FILE --trust TRUSTFILE",
		"",
	)
	return strings.Join(lines, "\n")
}

// number is the AS number with whose it is, as far as a title covers it (PRF-22).
//
// specs/18 SVC-14: an authorisation stands when its AS number changes hands, and shows it.
func (l *letter) number() string {
	a, text := l.route, fmt.Sprintf("AS%d", l.route.Route.AS)
	if a.Number == nil {
		return text
	}
	text += fmt.Sprintf(", held by account %v", a.Number.Holder)
	for _, o := range a.Found {
		if o.Holder == a.Possessor && a.Changed(o) {
			text += ", to whom it came after this authorisation, at " + light.Clock(a.Number.Since)
		}
	}
	return text
}

func (l *letter) name() string {
	word := "self-declared"
	if len(l.who.Account.Attested) > 0 {
		word = fmt.Sprintf("attested by %v", l.who.Account.Attested[0].By)
	}
	return fmt.Sprintf("%q (%s), jurisdiction %s", l.who.Account.Name, word, l.who.Account.Jurisdiction)
}

func (l *letter) right() string {
	list := l.route.Estates
	if len(list) == 0 {
		return "the title itself"
	}
	inner := list[len(list)-1]
	return fmt.Sprintf("%s of %v", light.EstateName(inner.Kind), inner.At)
}

func (l *letter) until() string {
	if until := l.ends(); until != 0 {
		return light.Clock(until) + " at the latest, unless the right is prolonged"
	}
	return "withdrawn; the right has no end that is known"
}

// digest is what the possessor signs.
func (l *letter) digest() wire.Hash { return wire.Sum(wire.TagLetter, []byte(l.text())) }

// signed reports signatures that are not the possessor's.
//
// specs/30 FILE-22: A letter MUST be signed, over SHA-256 of 0x76 and its words, by as
// many keys of one role of the possessor's policy as bind it in that role; signatures
// ascend by their signers.
func (l *letter) signed(list []account.Signature) error {
	if err := account.CheckForms(list); err != nil {
		return fail(exitUnverified, "the letter's signatures: %w (FILE-22)", err)
	}
	if err := account.CheckSignatures(l.digest(), list); err != nil {
		return fail(exitUnverified, "the letter's signatures: %w (FILE-22)", err)
	}
	for _, role := range []account.Role{account.Routing, account.Title} {
		if keys, most := l.who.Account.Policy.Keys(role); bound(keys, most, list) {
			return nil
		}
	}
	return fail(exitUnverified, "the letter's signatures are not those of as many keys of %v as bind it (FILE-22)", l.who.ID)
}

// bound reports whether as many distinct signers as must are keys of a role.
func bound(keys []account.Key, most uint64, list []account.Signature) bool {
	by := map[wire.Address]bool{}
	for _, k := range keys {
		by[k.Addr] = true
	}
	for _, s := range list {
		if !by[s.Signer] {
			return false
		}
	}
	return most > 0 && uint64(len(list)) >= most
}
