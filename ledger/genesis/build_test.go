package genesis

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// testMembers are n members that keep every cap.
func testMembers(n int) Members {
	var ms Members
	for i := range n {
		key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{byte(i + 1)}, 32)).Public().(ed25519.PublicKey)
		ms.List = append(ms.List, Member{
			Line: 10 * (i + 1), Operator: fmt.Sprintf("Operator %d", i), Organisation: fmt.Sprintf("Organisation %d", i),
			Jurisdiction: string([]byte{'A', byte('A' + i)}), Hosting: fmt.Sprintf("AS%d", 100+i), PublicKey: hex.EncodeToString(key), Power: 1,
			TitleKeys: []string{testKey(byte(100 + i))},
		})
	}
	for i := range 2 {
		ms.Registrars = append(ms.Registrars, Body{Line: 1000 + i, Name: fmt.Sprintf("Registrar %d", i), Organisation: fmt.Sprintf("Notaries %d", i),
			Jurisdiction: "NL", TitleKeys: []string{testKey(byte(30 + i))}})
		ms.Adjudicators = append(ms.Adjudicators, Body{Line: 1100 + i, Name: fmt.Sprintf("Adjudicator %d", i), Organisation: fmt.Sprintf("Chamber %d", i),
			Jurisdiction: "CH", TitleKeys: []string{testKey(byte(40 + i)), testKey(byte(50 + i))}, TitleK: 2})
	}
	ms.TrustAnchors = []Anchor{{1200, "ripencc", testInfo(1)}}
	ms.RegistryCAs = []Anchor{{1210, "ripencc", testInfo(1)}, {1211, "arin", testInfo(2)}}
	return ms
}

// testInfo is a SubjectPublicKeyInfo of RSA whose modulus is 2,048 bits of n's.
func testInfo(n byte) string {
	der := []byte{0x30, 0x82, 0x01, 0x22, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
		0x03, 0x82, 0x01, 0x0f, 0x00, 0x30, 0x82, 0x01, 0x0a, 0x02, 0x82, 0x01, 0x01, 0x00}
	der = append(der, bytes.Repeat([]byte{0x80 | n}, 256)...)
	return base64.StdEncoding.EncodeToString(append(der, 0x02, 0x03, 0x01, 0x00, 0x01))
}

const testStats = "2|ripencc|20251128|3|19830705|20251128|+0000\n" +
	"ripencc|DE|ipv4|5.0.0.0|4096|20101130|allocated|aaa\n" +
	"ripencc|FR|ipv4|5.0.16.0|768|20101130|assigned|bbb\n" +
	"ripencc|DE|ipv6|2a00:1::|32|20101130|allocated|aaa\n" +
	"ripencc|DE|asn|1877|3|19920501|allocated|aaa\n" +
	"ripencc||ipv4|5.1.0.0|256||available\n"

func testKey(i byte) string { return "secp256k1:0x" + strings.Repeat(fmt.Sprintf("%02x", i), 20) }

// testInput is a test network with two holders.
func testInput() Input {
	return Input{
		ChainID: "build-1", Test: true, Members: testMembers(4),
		Stats: []Stats{{Name: "delegated-ripencc-latest", Raw: []byte(testStats)}},
		Holdings: &Holdings{Accounts: []Account{
			{
				Line: 1, Name: "Alpha", Jurisdiction: "DE", TitleKeys: []string{testKey(9), testKey(2)}, TitleK: 2,
				RoutingKeys: []string{testKey(3)},
				Blocks:      []Holding{{2, "5.0.4.0/22"}, {3, "AS1877"}, {4, "5.0.8.0/24"}, {5, "5.0.9.0/24"}, {6, "2a00:1::/32"}},
				Origins:     []Origin{{7, "5.0.4.0/22", 24, 1877}, {8, "5.0.8.0/23", 0, 1877}, {9, "5.0.5.0/24", 24, 1878}},
			},
			{Line: 20, Name: "Beta", Jurisdiction: "FR", TitleKeys: []string{testKey(4)}, Blocks: []Holding{{21, "5.0.16.0/23"}}},
		}},
	}
}

func build(t testing.TB, in Input) *Output {
	t.Helper()
	out, err := Build(in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func folioAt(t *testing.T, out *Output, text string) (*record.Folio, *record.Title) {
	t.Helper()
	r, err := inr.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	leaf, ok := out.State.Get(tree.ResourceKey(r))
	if !ok {
		t.Fatalf("nothing is written at %s", text)
	}
	f, err := record.FolioFromBytes(leaf.Data)
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Title) == 0 {
		return f, nil
	}
	title, err := record.TitleFromBytes(f.Title)
	if err != nil {
		t.Fatal(err)
	}
	return f, title
}

func TestBuild_GEN15(t *testing.T) {
	out := build(t, testInput())
	alpha := out.Accounts[0].ID
	for text, want := range map[string]struct {
		state  record.State
		holder wire.Address
	}{
		"5.0.4.0/22":    {record.Held, alpha},
		"5.0.0.0/22":    {record.Unclaimed, wire.Address{}},
		"5.0.8.0/24":    {record.Held, alpha},
		"5.0.10.0/23":   {record.Unclaimed, wire.Address{}},
		"5.0.16.0/23":   {record.Held, out.Accounts[1].ID},
		"5.0.18.0/24":   {record.Unclaimed, wire.Address{}},
		"5.1.0.0/24":    {record.Available, wire.Address{}},
		"AS1877":        {record.Held, alpha},
		"AS1878-AS1879": {record.Unclaimed, wire.Address{}},
	} {
		_, title := folioAt(t, out, text)
		if title == nil || title.State != want.state || title.Holder != want.holder {
			t.Errorf("%s: %+v, want %+v", text, title, want)
			continue
		}
		if held := want.state == record.Held; held != (title.Grade == record.GradeT) {
			t.Errorf("%s has grade %v", text, title.Grade)
		}
	}
	_, title := folioAt(t, out, "5.0.4.0/22")
	if s := title.Source; s.Handle != "aaa" || s.First != [16]byte{5} || s.Last != [16]byte{5, 0, 15, 255} || s.Class != record.Extended {
		t.Errorf("the source row is lost in the cut: %+v", s)
	}
	leaf, _ := out.State.Get(tree.AccountKey(alpha))
	a, err := account.FromBytes(leaf.Data)
	if err != nil {
		t.Fatal(err)
	}
	if a.Holdings != (account.Holdings{V4: 6, V6: 1 << 16, AS: 1}) || a.Policy.TitleK != 2 || a.Policy.RoutingK != 1 || a.Opened != out.Genesis.Time {
		t.Errorf("account %+v", a)
	}
	// Holdings divide titles: they add to the blocks, not to the addresses.
	want := Counts{IPv4Addresses: 4096 + 768, IPv4Blocks: 8, IPv6Blocks: 1, ASNumbers: 3}
	if out.Report.Totals.Counts != want {
		t.Errorf("totals %+v, want %+v", out.Report.Totals.Counts, want)
	}
}

func TestBuildRefuses_GEN15(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Input)
		line   string
	}{
		"a holding that no row covers":        {func(in *Input) { in.Holdings.Accounts[1].Blocks[0].Block = "6.0.0.0/24" }, "line 21"},
		"a holding larger than its row":       {func(in *Input) { in.Holdings.Accounts[1].Blocks[0].Block = "5.0.0.0/8" }, "line 21"},
		"a holding over two titles of a row":  {func(in *Input) { in.Holdings.Accounts[1].Blocks[0].Block = "5.0.16.0/22" }, "line 21"},
		"a holding after all rows":            {func(in *Input) { in.Holdings.Accounts[1].Blocks[0].Block = "AS4199999999" }, "line 21"},
		"a holding before all rows":           {func(in *Input) { in.Holdings.Accounts[1].Blocks[0].Block = "1.0.0.0/24" }, "line 21"},
		"a holding inside another":            {func(in *Input) { in.Holdings.Accounts[1].Blocks[0].Block = "5.0.4.0/24" }, "line 21"},
		"a holding of what is available":      {func(in *Input) { in.Holdings.Accounts[1].Blocks[0].Block = "5.1.0.0/24" }, "line 21"},
		"a holding that is no resource":       {func(in *Input) { in.Holdings.Accounts[1].Blocks[0].Block = "5.0.16.1/23" }, "line 21"},
		"an account without a name":           {func(in *Input) { in.Holdings.Accounts[1].Name = "" }, "line 20"},
		"two accounts of one name":            {func(in *Input) { in.Holdings.Accounts[1].Name = "Alpha" }, "line 20"},
		"a name with a control character":     {func(in *Input) { in.Holdings.Accounts[1].Name = "a\x07b" }, "line 20"},
		"a jurisdiction in small letters":     {func(in *Input) { in.Holdings.Accounts[1].Jurisdiction = "fr" }, "line 20"},
		"a key that is none":                  {func(in *Input) { in.Holdings.Accounts[1].TitleKeys[0] = "0x12" }, "line 20"},
		"the same key twice":                  {func(in *Input) { in.Holdings.Accounts[0].TitleKeys[1] = testKey(9) }, "line 1"},
		"no key":                              {func(in *Input) { in.Holdings.Accounts[1].TitleKeys = nil }, "line 20"},
		"k beyond the keys":                   {func(in *Input) { in.Holdings.Accounts[1].TitleK = 2 }, "line 20"},
		"a delay too long":                    {func(in *Input) { d := uint64(1 << 40); in.Holdings.Accounts[1].Delay = &d }, "line 20"},
		"holdings where genesis is not test":  {func(in *Input) { in.Test = false }, "mark genesis test"},
		"more accounts than a test world has": {func(in *Input) { in.Holdings.Accounts = make([]Account, AccountsMax+1) }, "at most"},
	} {
		t.Run(name, func(t *testing.T) {
			in := testInput()
			c.change(&in)
			if _, err := Build(in); !errors.Is(err, ErrInput) || !strings.Contains(err.Error(), c.line) {
				t.Errorf("error %v, want one with %q", err, c.line)
			}
		})
	}
}

func TestBuild_GEN18(t *testing.T) {
	out := build(t, testInput())
	leaf, ok := out.State.Get(tree.AccountKey(out.Accounts[0].ID))
	a, err := account.FromBytes(leaf.Data)
	if !ok || err != nil || idOf("build-1", a) != out.Accounts[0].ID || idOf("build-2", a) == out.Accounts[0].ID {
		t.Errorf("account %+v, %v", a, err)
	}
}

func TestBuild_GEN19(t *testing.T) {
	out := build(t, testInput())
	leaf, _ := out.State.Get(record.RingKey(0))
	chain, _ := out.State.Get(record.ChainKey)
	c, err := record.ChainFromBytes(chain.Data)
	if err != nil || c.Bearing != 1 || wire.Hash(leaf.Data) != FirstWork("build-1") || FirstWork("build-1") == FirstWork("build-2") {
		t.Errorf("ring %x, chain %+v, %v", leaf.Data, c, err)
	}
}

func TestBuild_GEN30(t *testing.T) {
	out := build(t, testInput())
	var want record.Balances
	for s := tree.IPv4; s <= tree.ASN; s++ {
		out.State.Walk(tree.RootKey(s), func(l tree.Leaf) bool {
			if f, err := record.FolioFromBytes(l.Data); err == nil && len(f.Title) > 0 {
				want.Add(l.Key.Resource(), &record.OwnTitle(f.Title).Source)
			}
			return true
		})
	}
	for i, registry := range record.Registries {
		leaf, _ := out.State.Get(record.BalanceKey(registry))
		x, err := record.BalanceFromBytes(leaf.Data)
		if err != nil || x.Listed != want[i] || x.Began != want[i] {
			t.Errorf("the balance of %s is %+v, %v, want %+v", registry, x, err, want[i])
		}
	}
	if want == (record.Balances{}) {
		t.Error("no registry has a number")
	}
}

func TestBuild_GEN20(t *testing.T) {
	out := build(t, testInput())
	alpha := out.Accounts[0].ID
	f, _ := folioAt(t, out, "5.0.8.0/23") // two titles, one aggregate
	list, err := record.OriginsFromBytes(f.Authorisations)
	if err != nil || len(list) != 1 || list[0].Holder != alpha || list[0].MaxLength != 23 || list[0].AS != 1877 {
		t.Fatalf("%+v, %v", list, err)
	}
	for text, want := range map[string]int{"5.0.4.0/22": 2, "5.0.8.0/24": 1, "5.0.9.0/24": 1} {
		r, _ := inr.Parse(text)
		leaf, _ := out.State.Get(record.RestingKey(r, wire.Hash{}))
		if rest, err := record.RestingFromBytes(leaf.Data); err != nil || len(rest.Refs) != want || !slices.IsSortedFunc(rest.Refs, record.CompareRefs) {
			t.Errorf("%s: %+v, %v", text, rest, err)
		}
	}
	many := func(in *Input) {
		for i := range record.OriginsMax {
			in.Holdings.Accounts[0].Origins = append(in.Holdings.Accounts[0].Origins, Origin{30, "5.0.4.0/22", 22, uint64(i)})
		}
	}
	for name, change := range map[string]func(*Input){
		"a prefix of another's":           func(in *Input) { in.Holdings.Accounts[0].Origins[0].Prefix = "5.0.16.0/23" },
		"a prefix held in part":           func(in *Input) { in.Holdings.Accounts[0].Origins[0].Prefix = "5.0.8.0/22" },
		"a prefix that is none":           func(in *Input) { in.Holdings.Accounts[0].Origins[0].Prefix = "5.0.4.1/22" },
		"AS numbers":                      func(in *Input) { in.Holdings.Accounts[0].Origins[0].Prefix = "AS1877" },
		"a shorter maximum":               func(in *Input) { in.Holdings.Accounts[0].Origins[0].MaxLength = 21 },
		"a maximum beyond the family":     func(in *Input) { in.Holdings.Accounts[0].Origins[0].MaxLength = 33 },
		"an AS number beyond 32 bits":     func(in *Input) { in.Holdings.Accounts[0].Origins[0].AS = 1 << 32 },
		"one written twice":               func(in *Input) { in.Holdings.Accounts[0].Origins[2] = in.Holdings.Accounts[0].Origins[0] },
		"more than rest on one title may": many,
	} {
		in := testInput()
		change(&in)
		if _, err := Build(in); !errors.Is(err, ErrInput) || !strings.Contains(err.Error(), "GEN-20") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBuild_GEN12(t *testing.T) {
	for name, change := range map[string]func(*Input){
		"three members":         func(in *Input) { in.Members.List = in.Members.List[:3] },
		"201 members":           func(in *Input) { in.Members.List = slices.Repeat(in.Members.List, 51) },
		"a member listed twice": func(in *Input) { in.Members.List[1].PublicKey = in.Members.List[0].PublicKey },
		"one operator twice":    func(in *Input) { in.Members.List[1].Operator = in.Members.List[0].Operator },
		"two votes":             func(in *Input) { in.Members.List[1].Power = 2 },
		"no operator":           func(in *Input) { in.Members.List[1].Operator = "" },
		"no hosting":            func(in *Input) { in.Members.List[1].Hosting = "" },
		"a long organisation":   func(in *Input) { in.Members.List[1].Organisation = strings.Repeat("x", 129) },
		"a jurisdiction":        func(in *Input) { in.Members.List[1].Jurisdiction = "Germany" },
		"a short key":           func(in *Input) { in.Members.List[1].PublicKey = "00" },
		"a key in capitals":     func(in *Input) { in.Members.List[1].PublicKey = strings.ToUpper(in.Members.List[1].PublicKey) },
		"a key of small order":  func(in *Input) { in.Members.List[1].PublicKey = "01" + strings.Repeat("00", 31) },
		"a key off the curve":   func(in *Input) { in.Members.List[1].PublicKey = "02" + strings.Repeat("00", 31) },
		"a smaller number, not marked test": func(in *Input) {
			in.Test, in.Holdings, in.Members.Minimum = false, nil, 1
		},
	} {
		in := testInput()
		change(&in)
		if _, err := Build(in); !errors.Is(err, ErrInput) || !strings.Contains(err.Error(), "GEN-12") {
			t.Errorf("%s: %v", name, err)
		}
	}
	in := testInput()
	in.Members.Minimum, in.Members.List = 1, in.Members.List[:1]
	if out := build(t, in); len(out.Genesis.Validators()) != 1 {
		t.Error("a test network of one stated member is refused")
	}
}

func TestBuild_GEN26(t *testing.T) {
	in := testInput()
	out := build(t, in)
	for i, m := range out.Genesis.members() {
		leaf, ok := out.State.Get(tree.AccountKey(m.Account))
		a, err := account.FromBytes(leaf.Data)
		if !ok || err != nil || a.Name != m.Operator || a.Policy.TitleK != 1 || out.Genesis.Members[i].Account != m.Account {
			t.Errorf("member %+v votes through %+v, %v", m, a, err)
		}
	}
	in.Members.List[1].TitleKeys = nil
	if out := build(t, in); !slices.ContainsFunc(out.Genesis.members(), func(m *record.Member) bool { return m.Account.IsZero() }) {
		t.Error("a test network's member without keys has an account")
	}
	in.Test, in.Holdings = false, nil
	if _, err := Build(in); !errors.Is(err, ErrInput) || !strings.Contains(err.Error(), "members line 20") || !strings.Contains(err.Error(), "GEN-26") {
		t.Errorf("no keys on a network that is no test: %v", err)
	}
}

func TestBuildRefuses_GEN27_GEN28(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Members)
		want   string
	}{
		"a registrar without organisation":  {func(ms *Members) { ms.Registrars[1].Organisation = "" }, "members line 1001: organisation"},
		"a registrar without name":          {func(ms *Members) { ms.Registrars[1].Name = "" }, "members line 1001"},
		"a registrar of no land":            {func(ms *Members) { ms.Registrars[1].Jurisdiction = "nl" }, "members line 1001"},
		"a registrar without keys":          {func(ms *Members) { ms.Registrars[1].TitleKeys = nil }, "members line 1001"},
		"a registrar listed twice":          {func(ms *Members) { ms.Registrars[1].Name = ms.Registrars[0].Name }, "members line 1001"},
		"an adjudicator's key that is none": {func(ms *Members) { ms.Adjudicators[0].TitleKeys[0] = "x" }, "members line 1100"},
		"more registrars than the roll has": {func(ms *Members) { ms.Registrars = make([]Body, 129) }, "129 registrars, at most 128 (GEN-27)"},
		"more adjudicators than it has":     {func(ms *Members) { ms.Adjudicators = make([]Body, 129) }, "129 adjudicators, at most 128 (GEN-27)"},
		"more anchors than it has":          {func(ms *Members) { ms.RegistryCAs = make([]Anchor, 64) }, "65 trust anchors and registry CAs, at most 64 (GEN-28)"},
		"an anchor listed twice":            {func(ms *Members) { ms.RegistryCAs[1].Key = ms.RegistryCAs[0].Key }, "members line 1211"},
		"an anchor of no registry":          {func(ms *Members) { ms.RegistryCAs[1].Registry = "ARIN" }, "members line 1211"},
		"an anchor that is not base64":      {func(ms *Members) { ms.RegistryCAs[1].Key = "%" }, "members line 1211"},
		"an anchor that is no key":          {func(ms *Members) { ms.RegistryCAs[1].Key = "AAAA" }, "members line 1211"},
	} {
		in := testInput()
		c.change(&in.Members)
		if _, err := Build(in); !errors.Is(err, ErrInput) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	in := testInput()
	in.Members.Adjudicators[0] = in.Members.Registrars[0]
	if _, err := Build(in); !errors.Is(err, ErrInput) || !strings.Contains(err.Error(), "GEN-18") {
		t.Errorf("one account in two bodies' names: %v", err)
	}
}

// The roll counts the bodies, in order, and each has its account.
func TestBuild_GEN29(t *testing.T) {
	out := build(t, testInput())
	leaf, _ := out.State.Get(record.RollKey)
	roll, err := record.RollFromBytes(leaf.Data)
	if err != nil || len(roll.Members) != 4 || len(roll.Registrars) != 2 || len(roll.Adjudicators) != 2 || len(roll.Anchors) != 3 {
		t.Fatalf("%+v, %v", roll, err)
	}
	if !slices.IsSortedFunc(roll.Members, func(a, b [32]byte) int { return bytes.Compare(a[:], b[:]) }) ||
		!slices.IsSortedFunc(roll.Registrars, func(a, b wire.Address) int { return bytes.Compare(a[:], b[:]) }) ||
		!slices.IsSortedFunc(roll.Anchors, func(a, b wire.Hash) int { return bytes.Compare(a[:], b[:]) }) {
		t.Errorf("%+v is not ascending", roll)
	}
	for _, id := range append(slices.Clone(roll.Registrars), roll.Adjudicators...) {
		if _, ok := out.State.Get(tree.AccountKey(id)); !ok {
			t.Errorf("%v has no account", id)
		}
	}
}

func TestBuild_GEN13(t *testing.T) {
	for _, c := range readVectors(t).ChainIDs {
		if err := checkChainID(c.ID); c.Valid != (err == nil) {
			t.Errorf("%q: %v, want valid %v", c.ID, err, c.Valid)
		}
	}
}

func TestBuild_GEN14(t *testing.T) {
	in := testInput()
	if out := build(t, in); out.Genesis.Time != 1764288000 { // 2025-11-28T00:00:00Z
		t.Errorf("genesis time %d", out.Genesis.Time)
	}
	in.Members.Time = 1700000000
	if out := build(t, in); out.Genesis.Time != 1700000000 {
		t.Errorf("genesis time %d", out.Genesis.Time)
	}
	for day, want := range map[uint32]uint64{0: 0, 19700101: 0, 20000229: 951782400, 20240301: 1709251200, 20251231: 1767139200} {
		if got := record.Midnight(day); got != want {
			t.Errorf("record.Midnight(%d) = %d, want %d", day, got, want)
		}
	}
	in.Members.Time = timeMax + 1
	if _, err := Build(in); !errors.Is(err, ErrInput) {
		t.Errorf("a time in milliseconds: %v", err)
	}
	if _, err := Build(Input{ChainID: "x", Members: testMembers(4)}); !errors.Is(err, ErrInput) {
		t.Errorf("no time at all: %v", err)
	}
}

func TestBuild_GEN16(t *testing.T) {
	in := testInput()
	in.Test, in.Holdings = false, nil
	build(t, in)
	for name, change := range map[string]func(*Member){
		"one organisation twice": func(m *Member) { m.Organisation = "Organisation 0" },
		"one jurisdiction twice": func(m *Member) { m.Jurisdiction = "AA" },
		"one host twice":         func(m *Member) { m.Hosting = "AS100" },
	} {
		in.Members = testMembers(4)
		change(&in.Members.List[2])
		if _, err := Build(in); !errors.Is(err, ErrInput) || !strings.Contains(err.Error(), "line 30") {
			t.Errorf("%s: %v", name, err)
		}
		in.Test = true
		build(t, in)
		in.Test = false
	}
}

func TestBuild_GEN17(t *testing.T) {
	in := testInput()
	in.Holdings.Parameters = []Override{{3, "credit_cap", 12345}, {4, "delay_seconds", 7}, {5, Unmetered, 1}}
	out := build(t, in)
	p := out.Genesis.parametersOf()
	if p.CreditCap != 12345 || p.DelaySeconds != 7 || !p.CreditUnmetered || p.Heartbeat != 15 || !p.Test {
		t.Errorf("%+v", p)
	}
	for _, o := range []Override{{3, "credit_kap", 1}, {3, "heartbeat_seconds", 0}, {3, "transfer_floor_ipv4", 33}, {3, "test", 1}} {
		in.Holdings.Parameters = []Override{o}
		if _, err := Build(in); !errors.Is(err, ErrInput) || !strings.Contains(err.Error(), "line 3") {
			t.Errorf("%+v: %v", o, err)
		}
	}
	in.Test, in.Holdings = false, nil
	p = build(t, in).Genesis.parametersOf()
	want := record.Parameters{Rules: 1, Heartbeat: 15, StallSeconds: 600, CreditCap: 100, CreditRefill: 1, WorkBits: 20,
		WorkOpensMax: 50, DelaySeconds: 172800, NoticeMin: 2592000, ClauseMin: 86400,
		EnforceSeconds: 2592000, RecoverySeconds: 1209600, TransferFloor4: 24, TransferFloor6: 48,
		ClaimASeconds: 604800, ClaimBSeconds: 1209600, SuccessionSeconds: 2592000, SigningSeconds: 604800, QualifiedSeconds: 63072000,
		UnansweredSeconds: 7776000, Attestations: 2, AttestSeconds: 2592000, AttestShare: 1000, SourceSeconds: 604800, SourceShare: 10000,
		CautionSeconds: 2592000, RestrictSeconds: 15552000, PanelSeconds: 2592000, CureSeconds: 7776000, MemberShare: 100000,
		PetitionShare: 50000, PetitionLeast: 100, BreakerShare: 10000, BreakerLeast: 100, VoteSeconds: 1209600,
		UpgradeSeconds: 2592000, CeasedSeconds: 15552000}
	if *p != want {
		t.Errorf("%+v, want %+v", *p, want)
	}
}

// The rules must be able to go on from the first state: an empty block leaves it
// as it is.
func TestBuild_GEN19_applies(t *testing.T) {
	var stages []string
	in := testInput()
	in.Progress = func(stage string, _, _ int) { stages = append(stages, stage) }
	out := build(t, in)
	now := ledger.Header{Height: 1, Time: out.Genesis.Time, Hash: wire.Hash{1}}
	res, err := ledger.Apply(out.State, ledger.Header{}, now, nil, nil)
	if err != nil || res.Bearing || res.State.Root() != out.State.Root() {
		t.Fatalf("%+v, %v", res, err)
	}
	if len(stages) < 4 || !strings.HasPrefix(stages[0], "read ") {
		t.Errorf("stages %q", stages)
	}
}

func TestReport_GEN10(t *testing.T) {
	out := build(t, testInput())
	var got map[string]any
	if err := json.Unmarshal(out.Report.JSON(), &got); err != nil {
		t.Fatal(err)
	}
	totals := got["totals"].(map[string]any)
	by := totals["by_source"].(map[string]any)["ripencc"].(map[string]any)
	if totals["ipv4_addresses"] != "4864" || totals["ipv4_blocks"] != 8.0 || by["as_numbers"] != "3" || got["genesis_hash"] != out.Hash.String() {
		t.Errorf("%s", out.Report.JSON())
	}
}
