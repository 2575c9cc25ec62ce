package directory_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"ipledger/ledger/account"
	"ipledger/ledger/audit/mint"
	"ipledger/ledger/directory"
	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// story is a chain on which ann leases a part of hers to bob for some seconds.
func story(t *testing.T, seconds uint64) *mint.Chain {
	t.Helper()
	c, err := mint.New(mint.Input(mint.Holder{Name: "ann", Blocks: []string{"60.0.0.0/24", "60.0.1.0/24"}}, mint.Holder{Name: "bob"}))
	if err != nil {
		t.Fatal(err)
	}
	extend := func(raws ...[]byte) {
		t.Helper()
		if _, err := c.Extend(1, raws...); err != nil {
			t.Fatal(err)
		}
	}
	leased, whole := parse(t, "60.0.0.128/25"), parse(t, "60.0.0.0/24")
	extend()
	abuse, _ := c.Sign("ann", &tx.ContactsSet{Resource: whole, Abuse: "abuse@ann.example"})
	offer, id := c.Sign("ann", &tx.LeaseOffer{
		Resource: leased, To: c.ID("bob"), End: c.Now() + seconds, Operator: "Cat Net", Abuse: "abuse@cat.example", Value: c.Value(whole), Until: c.Now() + 50,
	})
	extend(abuse, offer)
	accept, _ := c.Sign("bob", &tx.LeaseAccept{Offer: id, Resource: leased, Value: c.Value(whole)})
	extend(accept)
	return c
}

func at(c *mint.Chain) light.Moment {
	return light.Moment{Height: c.Last.Header.Height, Time: c.Last.Header.Time.Seconds}
}

func covering(t *testing.T, c *mint.Chain, q string, m light.Moment) *light.Answer {
	t.Helper()
	a, ok, err := directory.Covering(c.State, parse(t, q), m)
	if err != nil || !ok {
		t.Fatalf("%s: %v, %v", q, ok, err)
	}
	return a
}

// TestCovering_lease_DIR2_DIR6_DIR8 is the chapter's worked example, of a chain that
// the rules made.
func TestCovering_lease_DIR2_DIR6_DIR8(t *testing.T) {
	c := story(t, 100)
	now := at(c)
	for q, want := range map[string]string{
		"60.0.0.200/32": "60.0.0.128/25", "60.0.0.128/25": "60.0.0.128/25", "60.0.0.64/26": "60.0.0.0/24", "60.0.0.0/24": "60.0.0.0/24",
	} {
		if a := covering(t, c, q, now); a.Resource.String() != want || a.Title.Holder != c.ID("ann") {
			t.Errorf("%s: got %v of %v, want %s", q, a.Resource, a.Title.Holder, want)
		}
	}
	part, whole := covering(t, c, "60.0.0.200/32", now), covering(t, c, "60.0.0.0/24", now)
	if part.Possessor != c.ID("bob") || directory.Registered(part) != now.Time || directory.Innermost(part).Holder != c.ID("bob") {
		t.Errorf("the lease: %+v", part)
	}
	if got := directory.ContactOf(part); got != (directory.Contact{Operator: "Cat Net", Abuse: "abuse@cat.example"}) {
		t.Errorf("its contact: %v", got)
	}
	if got := directory.ContactOf(whole); got != (directory.Contact{Abuse: "abuse@ann.example"}) {
		t.Errorf("the title's contact: %v", got)
	}
	if got := directory.Around(part); !slices.Equal(got, []wire.Resource{whole.Resource}) || len(directory.Around(whole)) != 0 {
		t.Errorf("around: %v, %v", got, directory.Around(whole))
	}
	list, more, err := directory.Below(c.State, whole.Resource, now, false, 10)
	if err != nil || more || len(list) != 1 || list[0].Resource != part.Resource {
		t.Errorf("below: %v, %v, %v", blocks(list), more, err)
	}
	later := light.Moment{Height: now.Height, Time: part.Estates[0].Ends}
	if a := covering(t, c, "60.0.0.200/32", later); a.Resource != whole.Resource {
		t.Errorf("when the lease has ended: got %v", a.Resource)
	}
	if _, ok, err := directory.Covering(c.State, parse(t, "60.0.0.0/23"), now); ok || err != nil {
		t.Errorf("two titles together: %v, %v", ok, err)
	}
}

// TestPartyOf_DIR4 tells who declared a name.
func TestPartyOf_DIR4(t *testing.T) {
	e := tree.State{}.Edit()
	put := func(id wire.Address, a account.Account) {
		a.Rules, a.Policy = 1, account.Policy{Version: 1, TitleKeys: []account.Key{{Alg: 1, Addr: wire.Address{9}}}, TitleK: 1}
		e.Put(record.Leaf(tree.AccountKey(id), a.Bytes()))
	}
	put(wire.Address{1}, account.Account{Name: "Exempel AB", Jurisdiction: "SE", Opened: 5})
	put(wire.Address{2}, account.Account{Jurisdiction: "NL", Attested: []account.Attested{{By: wire.Address{3}, At: 6}}})
	s := e.Freeze()
	for id, want := range map[byte]directory.Party{
		1: {ID: wire.Address{1}, Name: "Exempel AB", Jurisdiction: "SE", Opened: 5},
		2: {ID: wire.Address{2}, Jurisdiction: "NL", By: wire.Address{3}, Attested: 6},
	} {
		if got, ok, err := directory.PartyOf(s, wire.Address{id}); got != want || !ok || err != nil {
			t.Errorf("got %v, %v, %v, want %v", got, ok, err, want)
		}
	}
	if _, ok, err := directory.PartyOf(s, wire.Address{4}); ok || err != nil {
		t.Errorf("nobody: %v, %v", ok, err)
	}
	named, unnamed := directory.Party{ID: wire.Address{1}, Name: "Exempel AB"}, directory.Party{ID: wire.Address{2}}
	if named.Called() != "Exempel AB" || unnamed.Called() != unnamed.ID.String() {
		t.Errorf("called %q and %q", named.Called(), unnamed.Called())
	}
}

// TestStatus_DIR5 is every sort of restriction and every state of a title.
func TestStatus_DIR5(t *testing.T) {
	hold := func(kinds ...record.RestrictionKind) (list []light.Restriction) {
		for _, k := range kinds {
			list = append(list, light.Restriction{Restriction: record.Restriction{Kind: k}})
		}
		return list
	}
	titled := func(s record.State) *light.Title { return &light.Title{Title: record.Title{State: s}} }
	for _, c := range []struct {
		why  string
		a    light.Answer
		want []string
	}{
		{"held", light.Answer{Title: titled(record.Held)}, []string{"active"}},
		{"unclaimed", light.Answer{Title: titled(record.Unclaimed)}, []string{"active"}},
		{"to give out", light.Answer{Title: titled(record.Available)}, []string{"inactive"}},
		{"kept back", light.Answer{Title: titled(record.Reserved)}, []string{"reserved"}},
		{"an estate alone", light.Answer{Estates: []light.Estate{{}}}, []string{"active"}},
		{"marks", light.Answer{Title: titled(record.Held), Holds: hold(record.Caution, record.Diverges)}, []string{"active"}},
		{"frozen", light.Answer{Title: titled(record.Held), Holds: hold(record.Freeze, record.Contest)}, []string{"active", "locked"}},
		{"held over", light.Answer{Title: titled(record.Held), Holds: hold(record.Claimed, record.Hold, record.Freeze)}, []string{"active", "locked", "pending transfer"}},
	} {
		if got := directory.Status(&c.a); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.why, got, c.want)
		}
	}
	a := light.Answer{Holds: hold(record.Freeze, record.Diverges)}
	if d := directory.Divergence(&a); d != &a.Holds[1] || directory.Divergence(&light.Answer{}) != nil {
		t.Errorf("divergence: %v", d)
	}
}

// TestRegistered_DIR8 has no estate.
func TestRegistered_DIR8(t *testing.T) {
	for _, c := range []struct {
		title *light.Title
		want  uint64
	}{
		{nil, 0},
		{&light.Title{}, 0},
		{&light.Title{Title: record.Title{Source: record.Source{Date: 20110811}}}, 1_313_020_800},
		{&light.Title{Title: record.Title{Since: 9, Source: record.Source{Date: 20110811}}}, 9},
	} {
		if got := directory.Registered(&light.Answer{Title: c.title}); got != c.want {
			t.Errorf("%+v: got %d, want %d", c.title, got, c.want)
		}
	}
}

// TestContactOf_DIR6 prefers the smallest block, and a service at one block.
func TestContactOf_DIR6(t *testing.T) {
	leased := func(length uint8, operator, abuse string) light.Estate {
		return light.Estate{At: wire.Resource{Len: length}, Estate: record.Estate{Lease: []record.Terms{{Operator: operator, Abuse: abuse}}}}
	}
	stated := func(length uint8, abuse string) light.Services {
		return light.Services{At: wire.Resource{Len: length}, Services: record.Services{Abuse: abuse}}
	}
	for _, c := range []struct {
		estates  []light.Estate
		services []light.Services
		want     directory.Contact
	}{
		{nil, nil, directory.Contact{}},
		{[]light.Estate{leased(16, "a", "a@x"), leased(24, "b", "b@x")}, nil, directory.Contact{Operator: "b", Abuse: "b@x"}},
		{[]light.Estate{leased(24, "b", "b@x")}, []light.Services{stated(16, "s@x"), stated(24, "t@x"), stated(25, "")}, directory.Contact{Operator: "b", Abuse: "t@x"}},
		{[]light.Estate{leased(24, "b", "b@x")}, []light.Services{stated(16, "s@x")}, directory.Contact{Operator: "b", Abuse: "b@x"}},
	} {
		if got := directory.ContactOf(&light.Answer{Estates: c.estates, Services: c.services}); got != c.want {
			t.Errorf("got %v, want %v", got, c.want)
		}
	}
}

// TestNetName_DIR7 reads back what is written, and nothing else.
func TestNetName_DIR7(t *testing.T) {
	for text, want := range map[string]string{
		"193.0.0.0/16": "NET-193-0-0-0-16", "2001:67c:2e8::/48": "NET6-2001-67C-2E8-0-0-0-0-0-48", "AS3333": "AS3333", "AS65552-AS65553": "AS65552-AS65553", "0.0.0.0/0": "NET-0-0-0-0-0",
	} {
		if got := directory.NetName(parse(t, text)); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
	rng := rand.New(rand.NewPCG(28, 3))
	for range 1000 {
		r := wire.Resource{Family: wire.Family(rng.IntN(3))}
		for i := range r.Family.Bits() / 8 {
			r.Addr[i] = byte(rng.Uint32())
		}
		r = inr.Truncate(r, uint8(rng.IntN(r.Family.Bits()+1)))
		if r.Family == wire.IPv6 && r.Prefix().Addr().Is4In6() {
			continue
		}
		if got, ok := directory.ParseNetName(directory.NetName(r)); !ok || got != r || len(directory.NetName(r)) > directory.NetNameBytesMax {
			t.Fatalf("%v: got %v, %v", r, got, ok)
		}
	}
	for _, bad := range []string{
		"", "NET", "NET-193-0-0-1-16", "NET-193-0-0-16", "NET-193-0-0-0-016", "NET-193-0-0-0-33", "NET6-2001-67C-2E8-0-0-0-0-48", "NET6-0-0-0-0-0-FFFF-C100-0-120",
		"NET6-2001-067C-2E8-0-0-0-0-0-48", "NET6-2001--2E8-0-0-0-0-0-48", "AS3333-AS3335", "AS", "193.0.0.0/16", "NET-193-0-0-0-16-NET-193-0-0-0-16-NET-193-0-0-0-16",
	} {
		if r, ok := directory.ParseNetName(bad); ok {
			t.Errorf("%q: read as %v", bad, r)
		}
	}
	if r, ok := directory.ParseNetName("net-193-0-0-0-16"); !ok || r != parse(t, "193.0.0.0/16") {
		t.Errorf("lower case: %v, %v", r, ok)
	}
}
