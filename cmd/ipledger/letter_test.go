package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"ipledger/ledger/account"
	"ipledger/ledger/audit/mint"
	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// letterFrom is a letter of ann, who authorised AS3333 at 60.0.0.0/16 down to /24, and
// nobody anything else.
func letterFrom(t *testing.T, r light.Route, possessor string) (*letterFile, *letter) {
	t.Helper()
	c, err := mint.New(mint.Input(mint.Holder{Name: "ann", Blocks: []string{"60.0.0.0/16"}}, mint.Holder{Name: "bob", Blocks: []string{"60.1.0.0/16"}}))
	if err != nil {
		t.Fatal(err)
	}
	act, _ := c.Sign("ann", &tx.OriginAuthorise{Resource: inrOf(t, "60.0.0.0/16"), MaxLength: 24, AS: 3333})
	block, err := c.Extend(5, act)
	if err != nil {
		t.Fatal(err)
	}
	src := light.Source{Genesis: c.Hash, State: c.State, Log: c.Frontier.Root()}
	next, err := c.Extend(5)
	if err != nil {
		t.Fatal(err)
	}
	src.Certified = light.Certified{Block: block.Header, Next: next.Header, Certificate: next.Certificate, Validators: next.Set}
	route, err := src.Authorised(r)
	if err != nil {
		t.Fatal(err)
	}
	who, err := src.Account(c.ID(possessor))
	if err != nil {
		t.Fatal(err)
	}
	f := &letterFile{route: route.Bytes(), who: who.Bytes()}
	l, err := letterOf(f.route, f.who, nil)
	if err != nil {
		t.Fatal(err)
	}
	l.to = "Example Cloud"
	f.words = l.text()
	f.sign(t, l, possessor)
	return f, l
}

func (f *letterFile) sign(t *testing.T, l *letter, names ...string) {
	t.Helper()
	f.sigs = nil
	for _, name := range names {
		sig, err := account.Sign(l.digest(), mint.HolderKey(name))
		if err != nil {
			t.Fatal(err)
		}
		f.sigs = append(f.sigs, sig)
	}
	slices.SortFunc(f.sigs, func(a, b account.Signature) int { return bytes.Compare(a.Signer[:], b.Signer[:]) })
}

func (f *letterFile) reopened() error {
	again, err := parseLetter(f.bytes())
	if err == nil {
		_, err = again.open(nil)
	}
	return err
}

func routeOf(t *testing.T, block string, as, most uint64) light.Route {
	return light.Route{Block: inrOf(t, block), AS: as, MaxLength: most}
}

// TestLetter_FILE20: what the ledger does not say has no letter.
func TestLetter_FILE20(t *testing.T) {
	f, l := letterFrom(t, routeOf(t, "60.0.0.0/16", 3333, 24), "ann")
	if err := l.check(); err != nil {
		t.Fatal(err)
	}
	if err := f.reopened(); err != nil {
		t.Fatal(err)
	}
	for why, c := range map[string]struct {
		r   light.Route
		who string
	}{
		"another AS":                {routeOf(t, "60.0.0.0/16", 3334, 24), "ann"},
		"another length":            {routeOf(t, "60.0.0.0/16", 3333, 23), "ann"},
		"a part that is not stated": {routeOf(t, "60.0.0.0/17", 3333, 24), "ann"},
		"another possessor":         {routeOf(t, "60.0.0.0/16", 3333, 24), "bob"},
	} {
		f, l := letterFrom(t, c.r, c.who)
		if err := l.check(); codeOf(err) != exitRefused {
			t.Errorf("%s: a letter is written: %v", why, err)
		}
		if err := f.reopened(); codeOf(err) != exitUnverified {
			t.Errorf("%s: a letter is believed: %v", why, err)
		}
	}
	for why, change := range map[string]func(l *letter){
		"suspended":     func(l *letter) { l.route.Found[0].Suspended = 1 << 40 },
		"not settled":   func(l *letter) { l.route.Title.Grade = 'C' },
		"only claimed":  func(l *letter) { l.route.Title.State = 4 },
		"of two places": func(l *letter) { l.route.Title = nil },
	} {
		_, l := letterFrom(t, routeOf(t, "60.0.0.0/16", 3333, 24), "ann")
		if change(l); codeOf(l.check()) != exitRefused {
			t.Errorf("%s: a letter is written", why)
		}
	}
}

// TestLetter_FILE21: the words are those of the proofs.
func TestLetter_FILE21(t *testing.T) {
	f, l := letterFrom(t, routeOf(t, "60.0.0.0/16", 3333, 24), "ann")
	for _, want := range []string{
		"\nTo:         Example Cloud\n", "\nPrefix:     60.0.0.0/16, announced whole or in parts down to /24\n", "\nOrigin:     AS3333\n",
		"\nPossessor:  \"ann\" (self-declared), jurisdiction NL, account " + l.who.ID.String() + "\n", "\nBy right:   the title itself\n",
		"\nUntil:      withdrawn; the right has no end that is known\n", ", grade T\n", "\nAs of:      block 1, ", "\nLedger:     minted, genesis ",
	} {
		if !strings.Contains(f.words, want) {
			t.Errorf("%q is not in\n%s", want, f.words)
		}
	}
	holder := record.Title{Holder: wire.Address{7}, Since: l.route.Found[0].Since + 1}
	for since, want := range map[uint64]string{
		0: "AS3333, held by account " + holder.Holder.String(),
		1: "AS3333, held by account " + holder.Holder.String() + ", to whom it came after this authorisation, at " + light.Clock(holder.Since),
	} {
		sold := holder
		sold.Since -= 1 - since
		if l.route.Number = (&light.Title{Title: sold}); l.number() != want {
			t.Errorf("got %q, want %q", l.number(), want)
		}
	}
	for _, to := range []string{"", " x", "x\nOrigin:     AS1", strings.Repeat("x", 129), "a\u202eb"} {
		if checkAddressee(to) == nil {
			t.Errorf("a letter to %q", to)
		}
	}
	f.words = strings.Replace(f.words, "AS3333", "AS3334", 1)
	if err := f.reopened(); codeOf(err) != exitUnverified || !strings.Contains(err.Error(), "FILE-23") {
		t.Errorf("other words: %v", err)
	}
}

// TestLetter_FILE22: only the possessor's keys sign it.
func TestLetter_FILE22(t *testing.T) {
	f, l := letterFrom(t, routeOf(t, "60.0.0.0/16", 3333, 24), "ann")
	for why, names := range map[string][]string{"another": {"bob"}, "both": {"ann", "bob"}, "twice": {"ann", "ann"}} {
		if f.sign(t, l, names...); codeOf(f.reopened()) != exitUnverified {
			t.Errorf("%s signed it", why)
		}
	}
	f.sign(t, l, "ann")
	l.to = "Another Cloud"
	if f.words = l.text(); codeOf(f.reopened()) != exitUnverified {
		t.Error("signed for another")
	}
}

// TestParseLetter_FILE23: each flipped bit is found.
func TestParseLetter_FILE23(t *testing.T) {
	f, _ := letterFrom(t, routeOf(t, "60.0.0.0/16", 3333, 24), "ann")
	whole := f.bytes()
	for i := 0; i < len(whole); i += 1 + len(whole)/400 {
		raw := bytes.Clone(whole)
		raw[i] ^= 1 << (i % 8)
		again, err := parseLetter(raw)
		if err == nil {
			_, err = again.open(nil)
		}
		if codeOf(err) != exitUnverified {
			t.Errorf("byte %d of %d: %v", i, len(whole), err)
		}
	}
}

// FuzzParseLetter_FILE23 wants what is read to be written as it was.
func FuzzParseLetter_FILE23(f *testing.F) {
	f.Add((&letterFile{words: "LETTER\n", sigs: make([]account.Signature, 1), route: []byte("{}"), who: []byte("{}")}).bytes())
	f.Fuzz(func(t *testing.T, raw []byte) {
		l, err := parseLetter(raw)
		if err == nil && !bytes.Equal(l.bytes(), raw) {
			t.Fatalf("%q is written as %q", raw, l.bytes())
		}
	})
}
