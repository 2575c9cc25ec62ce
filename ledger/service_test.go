package ledger_test

import (
	"fmt"
	"slices"
	"testing"

	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// services is what is stated at a block, or nil.
func (w *world) services(text string) *record.Services {
	f := w.folio(text)
	if len(f.Contacts) == 0 {
		return nil
	}
	s, err := record.ServicesFromBytes(f.Contacts)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

func geofeed(text string) *tx.GeofeedSet {
	return &tx.GeofeedSet{Resource: resource(text), URL: "https://example.net/" + text}
}

func abuse(text, mailbox string) *tx.ContactsSet {
	return &tx.ContactsSet{Resource: resource(text), Abuse: mailbox, Private: wire.Hash{9}}
}

// states wants the services at a block to be this account's, or no one's.
func (w *world) states(text, name string) {
	w.t.Helper()
	switch s := w.services(text); {
	case name == "" && s != nil:
		w.t.Fatalf("%v still states services at %s", s.Holder, text)
	case name != "" && (s == nil || s.Holder != who(name)):
		w.t.Fatalf("at %s: %+v, want %s's", text, s, name)
	}
}

func TestServices_SVC1(t *testing.T) {
	w := two(t)
	w.refused("SVC-1", "ben", geofeed("60.0.0.0/20"))
	w.refused("TITLE-1", "ben", geofeed("62.0.0.0/20"))
	w.do("ana", geofeed("60.0.0.0/18"))
	id := w.grant("ana", "ben", "60.0.1.0/24", false)
	w.refused("SVC-1", "ana", geofeed("60.0.1.0/24"))
	w.refused("SVC-1", "ana", geofeed("60.0.0.0/18")) // a part is ben's
	w.do("ben", geofeed("60.0.1.0/24"))
	w.do("ana", &tx.GeofeedSet{Resource: resource("60.0.0.0/18")}) // what it set itself
	w.states("60.0.0.0/18", "")
	w.refused("SVC-1", "ana", &tx.GeofeedSet{Resource: resource("60.0.1.0/24")}) // what ben set
	w.do("ben", &tx.GrantGiveUp{Resource: resource("60.0.1.0/24"), Grant: id})
	w.states("60.0.1.0/24", "")
	w.do("ana", geofeed("60.0.1.0/24"))
	w = two(t)
	w.grade("61.0.0.0/20", record.Grade('C'))
	w.change("ben", func(a *account.Account) { a.Holdings = account.Holdings{} }) // an entry counts for nothing
	w.refused("TITLE-3", "ben", geofeed("61.0.0.0/20"))
}

// grade writes a title's grade past all rules.
func (w *world) grade(text string, g record.Grade) {
	title := w.title(text)
	title.Grade = g
	e := w.state.Edit()
	e.Put(record.FolioLeaf(resource(text), &record.Folio{Title: title.Bytes()}))
	w.recount(e.Freeze())
}

func TestProviders_SVC2(t *testing.T) {
	w := two(t)
	one := resource("AS2001")
	w.refused("SVC-2", "ana", &tx.ProvidersAuthorise{Resource: resource("AS2000-AS2015"), Providers: "1299"})
	w.refused("SVC-2", "ana", &tx.ProvidersAuthorise{Resource: resource("60.0.0.0/16"), Providers: "1299"})
	w.do("ana", &tx.ProvidersAuthorise{Resource: one, Providers: "1299 3356"})
	w.do("ana", &tx.ProvidersAuthorise{Resource: one, Providers: "174"})
	if s := w.services("AS2001"); !slices.Equal(s.Providers, []uint64{174}) || s.Holder != who("ana") {
		t.Fatalf("got %+v", s)
	}
	w.do("ana", &tx.ProvidersAuthorise{Resource: one})
	w.states("AS2001", "")
}

func TestReverse_SVC3(t *testing.T) {
	w := two(t)
	reverse := &tx.ReverseSet{Resource: resource("60.0.0.0/24"), Servers: "ns1.example.net ns2.example.net"}
	w.do("ana", reverse)
	if s := w.services("60.0.0.0/24"); s.Servers != reverse.Servers || s.DS != "" {
		t.Fatalf("got %+v", s)
	}
	w.refused("SVC-3", "ana", &tx.ReverseSet{Resource: resource("AS2001"), Servers: reverse.Servers})
	w.refused("SVC-3", "ana", geofeed("AS2001"))
	w.do("ana", abuse("AS2001", "abuse@example.net"))
}

func TestServices_SVC4(t *testing.T) {
	w := two(t)
	w.do("ana", geofeed("60.0.0.0/24"))
	w.do("ana", abuse("60.0.0.0/24", "abuse@example.net"))
	w.do("ana", abuse("60.0.0.0/24", "noc@example.net"))
	if s := w.services("60.0.0.0/24"); s.Geofeed == "" || s.Abuse != "noc@example.net" || s.Private != (wire.Hash{9}) {
		t.Fatalf("one replaces the other: %+v", s)
	}
	w.grant("ana", "ben", "60.0.0.0/20", false)
	w.do("ben", geofeed("60.0.0.0/24"))
	if s := w.services("60.0.0.0/24"); s.Abuse != "" || s.Holder != who("ben") {
		t.Fatalf("what ana set is mixed with ben's: %+v", s)
	}
}

func TestServices_SVC5(t *testing.T) {
	w := two(t)
	for i := range record.PlacesMax {
		w.do("ana", geofeed(fmt.Sprintf("60.0.%d.0/24", i)))
	}
	w.refused("SVC-5", "ana", geofeed("60.0.200.0/24"))
	w.do("ana", geofeed("60.0.3.0/24")) // one that is there already
	w.do("ana", &tx.GeofeedSet{Resource: resource("60.0.3.0/24")})
	w.do("ana", geofeed("60.0.200.0/24"))
	w.do("ana", geofeed("2400:1000::/32")) // another possession

	w.do("ana", &tx.Split{Resource: resource("60.0.0.0/16"), Part: resource("60.0.128.0/17")})
	w.do("ana", geofeed("60.0.201.0/24"))
	w.refused("SVC-5", "ana", &tx.Merge{Resource: resource("60.0.0.0/16")})
	w.do("ana", &tx.GeofeedSet{Resource: resource("60.0.201.0/24")})
	w.do("ana", &tx.Merge{Resource: resource("60.0.0.0/16")})
	w.refused("SVC-5", "ana", geofeed("60.0.202.0/24"))
}

func TestServices_SVC6(t *testing.T) {
	w := two(t)
	w.do("ana", geofeed("60.0.0.0/16"))
	w.do("ana", geofeed("60.0.0.0/20"))
	w.do("ana", geofeed("60.0.0.0/24"))
	id := w.grant("ana", "ben", "60.0.0.0/20", true)
	w.states("60.0.0.0/16", "ana") // around it
	w.states("60.0.0.0/20", "")
	w.states("60.0.0.0/24", "")
	w.do("ben", geofeed("60.0.0.0/20"))
	w.do("ben", geofeed("60.0.2.0/24"))
	w.grant("ben", "cat", "60.0.1.0/24", true)
	w.do("cat", abuse("60.0.1.0/24", "abuse@example.net"))
	w.grant("cat", "ben", "60.0.1.128/25", false)
	w.do("ben", geofeed("60.0.1.128/25"))
	w.states("60.0.0.0/20", "ben")
	w.do("ben", &tx.GrantGiveUp{Resource: resource("60.0.0.0/20"), Grant: id})
	for _, text := range []string{"60.0.0.0/20", "60.0.2.0/24", "60.0.1.0/24", "60.0.1.128/25"} {
		w.states(text, "")
	}
	w.states("60.0.0.0/16", "ana")
}

func TestServices_SVC7(t *testing.T) {
	for _, keep := range []bool{true, false} {
		buyer := map[bool]string{true: "cat", false: ""}[keep]
		w := two(t)
		w.do("ana", geofeed("60.0.0.0/16"))
		w.do("ana", geofeed("60.0.0.0/20"))
		w.do("ana", abuse("60.0.0.0/20", "abuse@example.net"))
		w.do("ana", abuse("60.0.1.0/24", "abuse@example.net"))
		w.do("ana", geofeed("60.0.32.0/20"))
		w.grant("ana", "ben", "60.0.2.0/24", false)
		w.do("ben", geofeed("60.0.2.0/24"))
		w.transfer("ana", "cat", "60.0.0.0/19", keep)
		w.states("60.0.0.0/16", "")     // around what was sold
		w.states("60.0.32.0/20", "ana") // beside it
		w.states("60.0.0.0/20", buyer)
		w.states("60.0.1.0/24", "") // contacts alone
		w.states("60.0.2.0/24", "ben")
		if s := w.services("60.0.0.0/20"); keep && (s.Abuse != "" || s.Geofeed == "") {
			t.Fatalf("contacts are passed on: %+v", s)
		}
		w.transfer("cat", "dan", "60.0.0.0/19", true)
		w.states("60.0.0.0/20", map[bool]string{true: "dan", false: ""}[keep])
	}
}

// An estate that a cut divides keeps what lies in one piece.
func TestDividedEstate_SVC7(t *testing.T) {
	w := two(t)
	w.grant("ana", "ben", "60.0.0.0/18", false)
	w.do("ben", geofeed("60.0.0.0/18"))
	w.do("ben", geofeed("60.0.0.0/20"))
	w.do("ben", geofeed("60.0.32.0/24"))
	w.do("ana", &tx.Split{Resource: resource("60.0.0.0/16"), Part: resource("60.0.0.0/20")})
	w.states("60.0.0.0/18", "")
	w.states("60.0.0.0/20", "ben")
	w.states("60.0.32.0/24", "ben")
	w.do("ben", geofeed("60.0.0.0/20"))
}

func TestContactsErase_SVC8(t *testing.T) {
	w := two(t)
	w.do("ana", abuse("60.0.0.0/24", "abuse@example.net"))
	erase := &tx.ContactsErase{Resource: resource("60.0.0.0/24"), Private: wire.Hash{8}}
	w.refused("SVC-8", "ana", erase)
	erase.Private = wire.Hash{9}
	w.refused("SVC-8", "ben", erase)
	w.do("ana", erase)
	if s := w.services("60.0.0.0/24"); s.Abuse == "" || !s.Private.IsZero() {
		t.Fatalf("got %+v", s)
	}
	erase.Private = wire.Hash{}
	w.refused("SVC-8", "ana", erase)
}

// An AS number is sold with its provider set.
func TestSoldAS_SVC2_SVC7(t *testing.T) {
	w := two(t)
	w.do("ana", &tx.ProvidersAuthorise{Resource: resource("AS2001"), Providers: "1299 3356"})
	w.do("ana", abuse("AS2001", "abuse@example.net"))
	w.originate("ben", "61.0.0.0/20", 24, 2001)
	w.transfer("ana", "cat", "AS2001", true)
	s := w.services("AS2001")
	if s == nil || s.Holder != who("cat") || !slices.Equal(s.Providers, []uint64{1299, 3356}) || s.Abuse != "" {
		t.Fatalf("got %+v", s)
	}
	if got := w.origins("ben"); len(got) != 1 {
		t.Fatalf("others' authorisations fell with the sale: %v", got)
	}
	w.do("cat", &tx.ProvidersAuthorise{Resource: resource("AS2001"), Providers: "174"})
}

// A title that is given back takes its services with it.
func TestSurrendered_SVC6_SUR3(t *testing.T) {
	w := two(t)
	w.do("ben", geofeed("61.0.0.0/24"))
	w.do("ben", abuse("61.0.0.0/20", "abuse@example.net"))
	w.do("ben", &tx.Surrender{Resource: resource("61.0.0.0/20"), Value: w.value("61.0.0.0/20")})
	if w.title("61.0.0.0/20").State != record.Unclaimed {
		t.Fatal("it was not given back")
	}
	w.states("61.0.0.0/24", "")
	w.states("61.0.0.0/20", "")
}

// Who bought the title before its own lease starts states what it stated.
func TestLeaseOfOwnTitleStarts_SVC6(t *testing.T) {
	w := two(t)
	w.lease("ana", "cat", "60.0.0.0/20", 60, from(w, 10))
	starts := w.estates("60.0.0.0/20")[0].Start
	w.transfer("ana", "cat", "60.0.0.0/16", false)
	w.do("cat", geofeed("60.0.0.0/16"))
	w.do("cat", geofeed("60.0.0.0/24"))
	w.do("cat", geofeed("60.0.64.0/24"))
	w.last.Time = starts - 1
	w.block(1)
	if len(w.live("60.0.0.0/20")) != 1 {
		t.Fatal("the lease did not start")
	}
	for _, text := range []string{"60.0.0.0/16", "60.0.0.0/24", "60.0.64.0/24"} {
		w.states(text, "cat")
	}
	w.do("cat", abuse("60.0.0.0/24", "abuse@example.net"))
	w.last.Time = w.estates("60.0.0.0/20")[0].Ends - 1
	w.block(1)
	w.states("60.0.0.0/24", "")
	w.states("60.0.64.0/24", "cat")
}

// What the possessor stated ends when a lease to come starts, not before.
func TestLeaseStarts_SVC6(t *testing.T) {
	w := two(t)
	w.do("ana", geofeed("60.0.0.0/24"))
	w.lease("ana", "cat", "60.0.0.0/20", 60, from(w, 10))
	w.do("ana", geofeed("60.0.1.0/24"))
	w.refused("SVC-1", "cat", geofeed("60.0.2.0/24"))
	w.last.Time = w.estates("60.0.0.0/20")[0].Start - 1
	w.block(1)
	w.states("60.0.0.0/24", "")
	w.states("60.0.1.0/24", "")
	w.do("cat", geofeed("60.0.2.0/24"))
}

// What was granted and came back by a sub-grant is in nobody else's possession.
func TestServicesOverOwnSubGrant_SVC1(t *testing.T) {
	w := two(t)
	w.grant("ana", "ben", "60.0.1.0/24", true)
	w.refused("SVC-1", "ana", geofeed("60.0.0.0/20"))
	w.grant("ben", "ana", "60.0.1.0/25", false)
	w.refused("SVC-1", "ana", geofeed("60.0.0.0/20"))
	w.grant("ben", "ana", "60.0.1.128/25", false)
	w.do("ana", geofeed("60.0.0.0/20"))
}
