package light

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"math/big"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/crypto"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/chain"
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// The world of these tests: a block 41 at clockZero, signed by four validators.
const (
	testChain  = "proof-test"
	testHeight = 41
	clockZero  = 1_760_000_000
)

var (
	genesis  = wire.Sum(wire.TagGenesis, []byte(testChain))
	alice    = wire.Address{0xa1}
	provider = wire.Address{0xb2}
	customer = wire.Address{0xc3}
)

// committee is keys and the set they make, in the set's order.
type committee struct {
	keys []ed25519.PrivateKey
	set  chain.ValidatorSet
}

func newCommittee(seed byte, n int) committee {
	var keys []ed25519.PrivateKey
	for i := range n {
		keys = append(keys, ed25519.NewKeyFromSeed(append(make([]byte, 30), seed, byte(i))))
	}
	return ordered(keys)
}

// ordered is the committee of some keys.
func ordered(keys []ed25519.PrivateKey) committee {
	slices.SortFunc(keys, func(a, b ed25519.PrivateKey) int {
		x, y := validator(a).Address(), validator(b).Address()
		return slices.Compare(x[:], y[:])
	})
	c := committee{keys: keys}
	for _, k := range keys {
		c.set = append(c.set, validator(k))
	}
	return c
}

func validator(k ed25519.PrivateKey) chain.Validator {
	return chain.Validator{Alg: chain.Ed25519, PubKey: [32]byte(k.Public().(ed25519.PublicKey)), Power: 1}
}

// certify signs a header with all keys but the absent first ones.
func (c committee) certify(h chain.Header, absent int) chain.Certificate {
	cert := chain.Certificate{
		Height: h.Height,
		Block:  chain.BlockID{Hash: h.Hash(), Total: 1, Parts: wire.Sum(0x33, []byte("parts"))},
	}
	for range c.keys {
		cert.Slots = append(cert.Slots, chain.Slot{
			Flag: chain.Committed, Time: chain.Time{Seconds: h.Time.Seconds + 1, Nanos: 7}, Sig: make([]byte, 64),
		})
	}
	for i, k := range c.keys {
		if i < absent {
			cert.Slots[i] = chain.Slot{Flag: chain.Absent}
			continue
		}
		cert.Slots[i].Sig = ed25519.Sign(k, cert.SignBytes(testChain, i))
	}
	return cert
}

// header is a header of a height, signed by one committee and naming the next.
func header(height, time uint64, by, next committee) chain.Header {
	return chain.Header{
		Version: chain.Version{Block: chain.BlockVersion, App: 1}, ChainID: testChain, Height: height,
		Time:           chain.Time{Seconds: time, Nanos: 123456789},
		LastBlock:      chain.BlockID{Hash: wire.Sum(0x33, []byte("last")), Total: 1, Parts: wire.Sum(0x33, []byte("last parts"))},
		LastCommitHash: wire.Sum(0x33, []byte("commit")), DataHash: wire.Sum(0x33, []byte("data")),
		ValidatorsHash: by.set.Hash(), NextValidatorsHash: next.set.Hash(),
		ConsensusHash: wire.Sum(0x33, []byte("consensus")), EvidenceHash: wire.Sum(0x33, nil),
		Proposer: by.set[0].Address(),
	}
}

// source is a certified state, signed by c, that a trust file for c opens.
func source(c committee, s tree.State, results []chain.Result) Source {
	log := wire.Sum(0x33, []byte("log"))
	block := header(testHeight, clockZero, c, c)
	next := header(testHeight+1, clockZero+15, c, c)
	next.LastBlock.Hash = block.Hash()
	next.AppHash = chain.AppHash(s.Root(), log)
	next.LastResultsHash = chain.ResultsHash(results)
	return Source{
		Genesis:   genesis,
		Certified: Certified{Block: block, Next: next, Certificate: c.certify(next, 0), Validators: c.set},
		State:     s, Log: log,
	}
}

// trustIn is the trust file at a height of a committee.
func trustIn(c committee, height uint64) *Trust {
	h := header(height, clockZero-3600, c, c)
	return &Trust{ChainID: testChain, GenesisHash: genesis, Height: height, HeaderHash: h.Hash(), ValidatorsHash: c.set.Hash()}
}

func parse(t testing.TB, text string) wire.Resource {
	t.Helper()
	r, err := inr.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// world is a title of alice's, a grant of half of it, and a sub-grant in it.
func world(t testing.TB) tree.State {
	e := tree.State{}.Edit()
	title := &record.Title{
		Rules: record.Rules, State: record.Held, Holder: alice, Grade: record.GradeT,
		Source: record.Source{Registry: "apnic", Handle: "A91A7381", Status: "allocated", Class: record.Extended},
	}
	put := func(at string, f *record.Folio) { e.Put(record.FolioLeaf(parse(t, at), f)) }
	put("193.0.0.0/16", &record.Folio{Title: title.Bytes(), Authorisations: record.OriginsBytes([]record.Origin{{
		Rules: 1, Holder: alice, MaxLength: 16, AS: 3333,
	}})})
	put("193.0.0.0/17", &record.Folio{Estates: record.EstatesBytes([]record.Estate{
		{Rules: 1, ID: wire.Hash{1}, Kind: record.Grant, Holder: provider, Start: clockZero - 100, SubGrants: true, Inside: 1, Started: true},
	})})
	put("193.0.8.0/24", &record.Folio{
		Estates: record.EstatesBytes([]record.Estate{
			{Rules: 1, ID: wire.Hash{2}, Kind: record.Grant, Holder: customer, Start: clockZero - 50, Ends: clockZero + 10, Warning: wire.Hash{3}, Started: true},
		}),
		Authorisations: record.OriginsBytes([]record.Origin{{Rules: 1, Holder: customer, MaxLength: 24, AS: 1299}}),
	})
	put("193.0.8.128/25", &record.Folio{Contacts: wire.Encode(&record.Services{Rules: 1, Holder: customer, Abuse: "abuse@example.net"})})
	burdened(put, title)
	proven(put, "AS2005", clockZero-StaleSeconds)
	proven(put, "AS2007", clockZero-StaleSeconds-1)
	acc := &account.Account{Rules: 1, Name: "Exempel AB", Jurisdiction: "SE", Opened: clockZero - 9000,
		Policy: account.Policy{Version: 1, TitleKeys: []account.Key{{Alg: 1, Addr: wire.Address{9}}}, TitleK: 1}, Holdings: account.Holdings{V4: 512, AS: 1}}
	e.Put(record.Leaf(tree.AccountKey(alice), acc.Bytes()))
	kept := &account.Account{Rules: 1, Name: "Kept", Jurisdiction: "NL", Policy: acc.Policy, Waiting: 5, Guardians: []wire.Address{alice, customer},
		GuardianK: 2, Recovery: account.Vetoed, Provider: alice}
	e.Put(record.Leaf(tree.AccountKey(provider), kept.Bytes()))
	return e.Freeze()
}

// proven is a title of grade A that was last proved at a time.
func proven(put func(string, *record.Folio), at string, time uint64) {
	put(at, &record.Folio{Title: (&record.Title{Rules: record.Rules, State: record.Held, Holder: wire.Address{0x77}, Grade: record.GradeA, Proved: time,
		Source: record.Source{Registry: "ripencc", Handle: "se.exempel", Status: "assigned", Class: record.Extended}}).Bytes()})
}

// burdened is a title of alice's under a charge and on hold, leased to the
// provider, whose authorisations are suspended, and from the end of that lease
// on to the customer.
func burdened(put func(string, *record.Folio), title *record.Title) {
	put("194.0.0.0/16", &record.Folio{
		Title: title.Bytes(),
		Charges: record.ChargesBytes([]record.Charge{
			{Rules: 1, ID: wire.Hash{21}, Lender: wire.Address{0xd4}, Mode: 1, Law: "Swedish law", Deed: wire.Hash{22}, Longest: 7776000, Entered: clockZero - 900},
			{Rules: 1, ID: wire.Hash{23}, Lender: wire.Address{0xe5}, Mode: 2, Entered: clockZero - 800, Enforced: clockZero + 90, Notice: wire.Hash{24}, Buyer: wire.Address{0xe5}},
		}),
		Restrictions: record.RestrictionsBytes([]record.Restriction{{Rules: 1, Kind: record.Hold, Act: wire.Hash{25}, Until: clockZero + 60}}),
		Estates: record.EstatesBytes([]record.Estate{
			leased(26, provider, clockZero-700, clockZero+50, record.Terms{Suspend: true, Suspended: clockZero + 20, Spent: 30}),
			leased(27, customer, clockZero+50, 0, record.Terms{Renew: 2592000, Origins: "194.0.0.0/16-24=1299"}),
		}),
		Authorisations: record.OriginsBytes([]record.Origin{{Rules: 1, Holder: provider, MaxLength: 24, AS: 1299, Act: wire.Hash{28}}}),
		Contacts: wire.Encode(&record.Services{
			Rules: 1, Holder: provider, Servers: "ns1.example.net ns2.example.net", DS: "12345 13 2 " + wire.Hash{29}.String(),
			Geofeed: "https://example.net/geo.csv", Abuse: "abuse@example.net", Private: wire.Hash{30},
		}),
	})
	marked(put)
	numbered(put, title)
	put("AS2001", &record.Folio{Title: title.Bytes(), Contacts: wire.Encode(&record.Services{Rules: 1, Holder: alice, Providers: []uint64{1299, 3356}})})
}

// marked are titles with everything that a statement can say of a title: one that a
// source's statement gave and that is pending, one that is held as qualified on the
// word of registrars and diverges, and one that is contested in part, proved long ago.
func marked(put func(string, *record.Folio)) {
	source := record.Source{Registry: "ripencc", Status: "assigned", Class: record.Whole}
	put("195.0.0.0/16", &record.Folio{
		Title: (&record.Title{Rules: 1, State: record.Unclaimed, Stated: 20250930, Source: source}).Bytes(),
		Restrictions: record.RestrictionsBytes([]record.Restriction{
			{Rules: 1, Kind: record.Claimed, Act: wire.Hash{41}, Since: clockZero - 70, Until: clockZero + 70, At: wire.Resource{Family: wire.IPv4, Addr: [16]byte{195}, Len: 16}},
		}),
	})
	at := wire.Resource{Family: wire.IPv4, Addr: [16]byte{195, 1}, Len: 16}
	put("195.1.0.0/16", &record.Folio{
		Title: (&record.Title{Rules: 1, State: record.Held, Holder: customer, Grade: record.GradeB, Qualified: clockZero + 9000, Since: clockZero - 80,
			Basis: []wire.Address{{0xf1}, {0xf2}}, Stated: 20251001, Source: source}).Bytes(),
		Restrictions: record.RestrictionsBytes([]record.Restriction{
			{Rules: 1, Kind: record.Freeze, Act: wire.Hash{42}, Since: clockZero - 60, Until: clockZero + 60, At: at},
			{Rules: 1, Kind: record.Caution, Act: wire.Hash{43}, Since: clockZero - 50, At: at},
			{Rules: 1, Kind: record.Diverges, Act: wire.Hash{44}, Since: clockZero - 40, At: at, Says: "new \"handle\""},
			{Rules: 1, Kind: 99, Act: wire.Hash{45}, Since: clockZero - 30, At: at},
		}),
	})
	at.Addr[1] = 2
	put("195.2.0.0/16", &record.Folio{
		Title: (&record.Title{Rules: 1, State: record.Held, Holder: customer, Grade: record.GradeA, Proved: clockZero - StaleSeconds - 1, Source: source}).Bytes(),
		Restrictions: record.RestrictionsBytes([]record.Restriction{
			{Rules: 1, Kind: record.Contest, Act: wire.Hash{46}, Since: clockZero - 20, At: at},
			{Rules: 1, Kind: record.Diverges, Act: wire.Hash{47}, Since: clockZero - 10, At: at},
		}),
	})
}

// numbered is a block for which two accounts authorise one AS number, of which one
// did so before it came to its holder; another since then; and AS0.
func numbered(put func(string, *record.Folio), title *record.Title) {
	put("196.0.0.0/16", &record.Folio{
		Title:   title.Bytes(),
		Estates: record.EstatesBytes([]record.Estate{{Rules: 1, ID: wire.Hash{51}, Kind: record.Grant, Holder: provider, Start: clockZero - 100, Started: true}}),
		Authorisations: record.OriginsBytes([]record.Origin{
			{Rules: 1, Holder: alice, MaxLength: 16, AS: 0},
			{Rules: 1, Holder: provider, MaxLength: 20, AS: 2017, Act: wire.Hash{52}, Since: clockZero - 7},
			{Rules: 1, Holder: alice, MaxLength: 24, AS: 2017},
			{Rules: 1, Holder: provider, MaxLength: 24, AS: 2017, Act: wire.Hash{53}, Since: clockZero - 9},
			{Rules: 1, Holder: provider, MaxLength: 24, AS: 2005, Act: wire.Hash{54}, Since: clockZero - 9},
		}),
	})
	sold := *title
	sold.Holder, sold.Since = customer, clockZero-8
	put("AS2016-AS2017", &record.Folio{Title: sold.Bytes()})
}

// leased is a lease with the fields that every lease has.
func leased(id byte, to wire.Address, start, end uint64, t record.Terms) record.Estate {
	t.Operator, t.Abuse = "Exempel \"Net\" AB", "abuse@example.net"
	return record.Estate{Rules: 1, ID: wire.Hash{id}, Kind: record.Lease, Holder: to, Start: start, Ends: end, Started: start <= clockZero, Lease: []record.Terms{t}}
}

func signingKey() *ecdsa.PrivateKey {
	key, err := crypto.ToECDSA(new(big.Int).SetUint64(424242).FillBytes(make([]byte, 32)))
	if err != nil {
		panic(err)
	}
	return key
}

// signedAct is an act of alice's and the receipt of its failure.
func signedAct(t testing.TB) ([]byte, *ledger.Receipt) {
	t.Helper()
	a := tx.New(tx.Header{Author: alice, Policy: 1, Expires: clockZero + 600},
		&tx.OriginWithdraw{Resource: parse(t, "193.0.0.0/16"), MaxLength: 16, AS: 3333})
	sig, err := account.Sign(a.ID(genesis), signingKey())
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Attach(sig, genesis); err != nil {
		t.Fatal(err)
	}
	return a.Encode(), &ledger.Receipt{Rules: 1, Act: a.ID(genesis), Outcome: ledger.Failed, Rule: "ORIGIN-6", Field: "resource"}
}

// file makes a proof file or ends the test.
func file(t testing.TB, f *File, err error) *File {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// samples are one good file of each kind, and of absence.
func samples(t testing.TB) (map[string]*File, *Trust) {
	t.Helper()
	c := newCommittee(1, 4)
	act, receipt := signedAct(t)
	other := ledger.Receipt{Rules: 1, Act: wire.Hash{5}}
	results := []chain.Result{Result(&other), Result(receipt), Result(&other)}
	s := source(c, world(t), results)
	files := map[string]*File{}
	for name, query := range map[string]string{
		"resource": "193.0.8.1/32", "divided": "193.0.0.0/8", "unregistered": "8.8.8.0/24", "as number": "AS3333", "ipv6": "2001:67c:2e8::/48",
		"burdened": "194.0.0.0/16", "providers": "AS2001", "claimed": "195.0.0.0/16", "qualified": "195.1.0.0/16", "contested": "195.2.0.0/16",
		"proved a year ago": "AS2005", "stale": "AS2007",
	} {
		f, err := s.Resource(parse(t, query))
		files[name] = file(t, f, err)
	}
	f, err := s.Account(alice)
	files["account"] = file(t, f, err)
	f, err = s.Account(provider)
	files["account in recovery"] = file(t, f, err)
	f, err = s.Account(customer)
	files["no account"] = file(t, f, err)
	f, err = s.Act(act, results, 1)
	files["act"] = file(t, f, err)
	f, err = s.Beneath(parse(t, "193.0.0.0/8"), parse(t, "193.0.0.0/8"), 3)
	files["beneath"] = file(t, f, err)
	f, err = s.Beneath(parse(t, "193.0.0.0/8"), f.next(t), 3)
	files["beneath, the last page"] = file(t, f, err)
	f, err = s.Holdings(alice, blocks(t, "193.0.0.0/16", "194.0.0.0/16", "AS2001"))
	files["holdings"] = file(t, f, err)
	f, err = s.Holdings(provider, blocks(t, "193.0.0.0/17", "194.0.0.0/16"))
	files["holdings by grant and lease"] = file(t, f, err)
	for name, r := range map[string]Route{
		"authorisation": {parse(t, "193.0.8.0/24"), 1299, 24}, "no authorisation": {parse(t, "193.0.8.0/24"), 1299, 25},
		"authorisation, suspended": {parse(t, "194.0.0.0/16"), 1299, 24}, "no authorisation, no title": {parse(t, "2001:db8::/32"), 0, 48},
		"authorisations older than whose the number is": {parse(t, "196.0.0.0/16"), 2017, 24}, "authorisation of a number since": {parse(t, "196.0.0.0/16"), 2017, 20},
		"authorisation of a number held from the start": {parse(t, "196.0.0.0/16"), 2005, 24}, "authorisation of no AS": {parse(t, "196.0.0.0/16"), 0, 16},
	} {
		f, err := s.Authorised(r)
		files[name] = file(t, f, err)
	}
	d := newDescent(t)
	f, err = source(c, d.state, nil).Lineage(parse(t, "60.0.64.0/20"), d.past)
	files["chain of title"] = file(t, f, err)
	return files, trustIn(c, testHeight-10)
}
