package genesis

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"encoding/binary"
	"math/big"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/crypto"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// change is a block whose opaque id in the registry's file is another one a
// year later: it changed hands.
type change struct {
	at       wire.Resource
	from, to string
}

// realChanges are the changes of holder from April 2021 to March 2022 at AFRINIC
// and LACNIC, each row cut into aligned blocks.
func realChanges(t *testing.T) []change {
	var out []change
	for _, s := range realStats(t, "derived-holder-changes-afrinic-20210407-20220331.psv.gz", "derived-holder-changes-lacnic-20210407-20220331.psv.gz") {
		for lines := bufio.NewScanner(bytes.NewReader(s.Raw)); lines.Scan(); {
			if f := strings.Split(lines.Text(), "|"); len(f) == 11 && f[0][0] != '#' {
				for _, at := range blocksOfRow(t, f[0], f[1], f[2]) {
					out = append(out, change{at, f[3] + " " + f[5], f[6] + " " + f[8]})
				}
			}
		}
	}
	return out
}

// blocksOfRow is a row's numbers as aligned blocks.
func blocksOfRow(t *testing.T, kind, start, value string) []wire.Resource {
	n, err := strconv.ParseUint(value, 10, 32)
	if err != nil {
		t.Fatal(err)
	}
	if kind == "ipv6" {
		return []wire.Resource{inr.FromPrefix(netip.MustParsePrefix(start + "/" + value))}
	}
	family, low := wire.ASN, uint64(0)
	if kind == "ipv4" {
		four := netip.MustParseAddr(start).As4()
		family, low = wire.IPv4, uint64(binary.BigEndian.Uint32(four[:]))
	} else if low, err = strconv.ParseUint(start, 10, 32); err != nil {
		t.Fatal(err)
	}
	var first, last [16]byte
	binary.BigEndian.PutUint32(first[:], uint32(low))
	binary.BigEndian.PutUint32(last[:], uint32(low+n-1))
	blocks, err := inr.Blocks(family, first, last)
	if err != nil {
		t.Fatal(err)
	}
	return blocks
}

// market is the holders of real changes with keys, on a ledger of their own.
type market struct {
	t      *testing.T
	salt   wire.Hash
	state  tree.State
	last   ledger.Header
	ids    map[string]wire.Address
	keys   map[string]*ecdsa.PrivateKey
	number map[string]uint64
}

// openMarket builds genesis from the registries' own files of 2021, with an
// account for each holder and what it holds.
func openMarket(t *testing.T, changes []change) *market {
	m := &market{t: t, ids: map[string]wire.Address{}, keys: map[string]*ecdsa.PrivateKey{}, number: map[string]uint64{}}
	holders := &Holdings{Parameters: []Override{{1, Unmetered, 1}}}
	held := map[string][]Holding{}
	for i, c := range changes {
		held[c.from] = append(held[c.from], Holding{i + 1, c.at.String()})
		for _, name := range []string{c.from, c.to} {
			if m.keys[name] == nil {
				m.keys[name] = marketKey(t, name)
				holders.Accounts = append(holders.Accounts, Account{Name: name, Jurisdiction: "ZZ",
					TitleKeys: []string{account.Key{Alg: account.Secp256k1, Addr: account.AddressOf(&m.keys[name].PublicKey)}.String()}})
			}
		}
	}
	for i := range holders.Accounts {
		holders.Accounts[i].Blocks = held[holders.Accounts[i].Name]
	}
	out := build(t, Input{ChainID: "market-1", Test: true, Members: testMembers(4), Stats: realStats(t, extended("20210407")...), Holdings: holders})
	for _, opened := range out.Accounts {
		m.ids[opened.Name] = opened.ID
	}
	m.state, m.salt, m.last = out.State, out.Hash, ledger.Header{Time: 1_800_000_000}
	return m
}

func marketKey(t *testing.T, name string) *ecdsa.PrivateKey {
	seed := wire.Sum(wire.TagRecord, []byte("market"), []byte(name))
	key, err := crypto.ToECDSA(seed[:])
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (m *market) sign(name string, body tx.Body) tx.Verified {
	a := tx.New(tx.Header{Author: m.ids[name], Policy: 1, Number: m.number[name], Expires: m.last.Time + 3600}, body)
	m.number[name]++
	s, err := account.Sign(a.ID(m.salt), m.keys[name])
	if err != nil {
		m.t.Fatal(err)
	}
	a.Signatures = []account.Signature{s}
	v, err := tx.Verify(a.Encode(), m.salt)
	if err != nil {
		m.t.Fatal(err)
	}
	return v
}

// block applies acts, all of which must be done.
func (m *market) block(acts []tx.Verified) {
	now := ledger.Header{Height: m.last.Height + 1, Time: m.last.Time + 15}
	r, err := ledger.Apply(m.state, m.last, now, acts, nil)
	if err != nil {
		m.t.Fatal(err)
	}
	for i, receipt := range r.Receipts {
		if receipt.Outcome != ledger.Done {
			m.t.Fatalf("%v: %s %s", acts[i].Body(), receipt.Rule, receipt.Detail)
		}
	}
	m.state, m.last = r.State, now
}

// title is the title at exactly a block, with its dealing value.
func (m *market) title(at wire.Resource) (*record.Title, wire.Hash) {
	leaf, ok := m.state.Get(tree.ResourceKey(at))
	if !ok {
		m.t.Fatalf("nothing is written at %v", at)
	}
	f, err := record.FolioFromBytes(leaf.Data)
	if err != nil {
		m.t.Fatal(err)
	}
	title, err := record.TitleFromBytes(f.Title)
	if err != nil {
		m.t.Fatal(err)
	}
	return title, f.Dealing()
}

// Every change of holder that two registries recorded in a year is done here in
// two acts, an offer and an acceptance, by the two holders; then the ledger says
// what the registries' later files say, and no number is lost or made.
func TestRealHolderChanges_R4_R10(t *testing.T) {
	changes := realChanges(t)
	m := openMarket(t, changes)
	before := ledger.Totals(m.state)
	var offers, accepts []tx.Verified
	for _, c := range changes {
		_, value := m.title(c.at)
		offers = append(offers, m.sign(c.from, &tx.TransferOffer{Resource: c.at, To: m.ids[c.to], Value: value, Until: m.last.Time + 86400}))
	}
	m.block(offers)
	for i, c := range changes {
		_, value := m.title(c.at)
		accepts = append(accepts, m.sign(c.to, &tx.TransferAccept{Offer: offers[i].ID(), Resource: c.at, Value: value}))
	}
	m.block(accepts)
	for _, c := range changes {
		if title, _ := m.title(c.at); title.Holder != m.ids[c.to] {
			t.Errorf("%v: held by %v, want %s", c.at, title.Holder, c.to)
		}
	}
	m.unchanged(before)
	if !slices.ContainsFunc(changes, func(c change) bool { return c.at.Family == wire.IPv6 }) || len(changes) < 700 {
		t.Errorf("%d changes, and among them should be IPv6 blocks", len(changes))
	}
	t.Logf("%d titles changed hands between %d holders in two ledger blocks", len(changes), len(m.ids))
}

// unchanged wants each registry's numbers as they were, and every invariant.
func (m *market) unchanged(before map[ledger.Total]*big.Int) {
	for at, n := range ledger.Totals(m.state) {
		if before[at] == nil || before[at].Cmp(n) != 0 {
			m.t.Errorf("%v holds %v, it held %v", at, n, before[at])
		}
	}
	if err := ledger.Invariants(m.state, m.last); err != nil {
		m.t.Error(err)
	}
}
