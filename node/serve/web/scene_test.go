package web

import (
	"crypto/ed25519"
	"math/rand/v2"
	"slices"
	"testing"

	"ipledger/ledger/account"
	"ipledger/ledger/chain"
	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// scene makes small proof files of worlds that are drawn at random, signed by keys
// of its own, each with the trust file that believes them.
type scene struct {
	*rand.Rand
	t       testing.TB
	keys    []ed25519.PrivateKey // in the order of set
	set     chain.ValidatorSet
	genesis wire.Hash
	chain   string
	src     light.Source         // of the file made last
	at      wire.Resource        // that it is about
	blocks  []wire.Resource      // at which something is written, ascending
	past    map[wire.Hash][]byte // folios that stood before
}

const sceneTime = 1_790_000_000

func newScene(t testing.TB, seed uint64) *scene {
	s := &scene{Rand: rand.New(rand.NewPCG(seed, 12)), t: t, genesis: wire.Hash{1}, chain: "s"}
	for i := range 1 + s.IntN(5)/4 {
		s.keys = append(s.keys, ed25519.NewKeyFromSeed(append(make([]byte, 31), byte(i))))
	}
	slices.SortFunc(s.keys, func(a, b ed25519.PrivateKey) int {
		x, y := signer(a).Address(), signer(b).Address()
		return slices.Compare(x[:], y[:])
	})
	for _, k := range s.keys {
		s.set = append(s.set, signer(k))
	}
	return s
}

func signer(k ed25519.PrivateKey) chain.Validator {
	return chain.Validator{Alg: chain.Ed25519, PubKey: [32]byte(k.Public().(ed25519.PublicKey)), Power: 1}
}

// header is one of a height, with what else it names drawn.
func (s *scene) header(height, time uint64) chain.Header {
	some := wire.Hash{9}
	return chain.Header{
		Version: chain.Version{Block: chain.BlockVersion, App: 1}, ChainID: s.chain, Height: height, Time: chain.Time{Seconds: time},
		LastBlock: chain.BlockID{Hash: some, Total: 1, Parts: some}, ValidatorsHash: s.set.Hash(), NextValidatorsHash: s.set.Hash(), Proposer: s.set[0].Address(),
	}
}

// sign is the certificate of a header.
func (s *scene) sign(h chain.Header) chain.Certificate {
	c := chain.Certificate{Height: h.Height, Block: chain.BlockID{Hash: h.Hash(), Total: 1, Parts: wire.Hash{2}}}
	for range s.keys {
		c.Slots = append(c.Slots, chain.Slot{Flag: chain.Committed, Time: h.Time, Sig: make([]byte, 64)})
	}
	for i, k := range s.keys {
		c.Slots[i].Sig = ed25519.Sign(k, c.SignBytes(h.ChainID, i))
	}
	return c
}

// source certifies a state.
func (s *scene) source(state tree.State) light.Source {
	out := light.Source{Genesis: s.genesis, State: state, Log: wire.Hash{3}}
	out.Block, out.Next = s.header(9, sceneTime), s.header(10, sceneTime+15)
	out.Next.LastBlock.Hash, out.Next.AppHash = out.Block.Hash(), chain.AppHash(state.Root(), out.Log)
	out.Certificate, out.Validators = s.sign(out.Next), s.set
	return out
}

// step is a header on the way from the trust file, signed.
func (s *scene) step(h chain.Header) light.Step { return light.NewStep(h, s.sign(h), s.set) }

// trust is the trust file of the set, at a lower height.
func (s *scene) trust() *light.Trust {
	h := s.header(3, sceneTime-90)
	return &light.Trust{ChainID: s.chain, GenesisHash: s.genesis, Height: 3, HeaderHash: h.Hash(), ValidatorsHash: s.set.Hash()}
}

func (s *scene) who() wire.Address { return wire.Address{0xa0 + byte(s.IntN(3))} }
func (s *scene) when() uint64      { return sceneTime + uint64(s.IntN(5))*60 - 120 }

// words draws a text, some of them such as statements escape.
func (s *scene) words() string {
	return []string{"", "x", `a "b" \ c`, "é\u2028\u007f", "\xff\xc3", "null", "<&>"}[s.IntN(7)]
}

// block draws a prefix in 10.0.0.0/8, an IPv6 prefix or an AS number.
func (s *scene) block() wire.Resource {
	switch s.IntN(8) {
	case 0:
		return wire.Resource{Family: wire.ASN, Addr: [16]byte{0, 0, 0, byte(s.IntN(4))}, Len: 32}
	case 1:
		return wire.Resource{Family: wire.IPv6, Addr: [16]byte{0x20, 1, byte(s.IntN(2))}, Len: uint8(24 + 8*s.IntN(2))}
	}
	return wire.Resource{Family: wire.IPv4, Addr: [16]byte{10, byte(s.IntN(2))}, Len: uint8(16 + s.IntN(2)*8)}
}

// title draws a title with all that may stand on it.
func (s *scene) title(at wire.Resource) *record.Folio {
	t := &record.Title{
		Rules: 1, State: record.State(1 + s.IntN(8)), Holder: s.who(), Grade: []record.Grade{0, record.GradeA, record.GradeB, record.GradeT}[s.IntN(4)],
		Since: s.when(), Source: record.Source{Registry: "ripencc", Handle: s.words(), Class: record.Class(1 + s.IntN(3))},
	}
	if s.IntN(3) == 0 {
		t.Proved, t.Qualified, t.Stated, t.Basis = s.when()-uint64(s.IntN(2))*40_000_000, s.when(), 20260901, []wire.Address{s.who()}
	}
	f := &record.Folio{Title: t.Bytes()}
	if s.IntN(2) == 0 {
		f.Restrictions = record.RestrictionsBytes([]record.Restriction{{
			Rules: 1, Kind: []record.RestrictionKind{1, 2, 3, 4, 16, 17, 99}[s.IntN(7)], Act: wire.Hash{5}, Since: s.when(), Until: s.when() * uint64(s.IntN(2)), At: at, Says: s.words(),
		}})
	}
	if s.IntN(3) == 0 {
		f.Charges = record.ChargesBytes([]record.Charge{{Rules: 1, ID: wire.Hash{6}, Lender: s.who(), Mode: uint64(s.IntN(4)), Law: s.words(), Enforced: s.when() * uint64(s.IntN(2))}})
	}
	return f
}

// estates draws estates at one block.
func (s *scene) estates() (list []record.Estate) {
	for i := range s.IntN(3) {
		e := record.Estate{Rules: 1, ID: wire.Hash{7, byte(i)}, Kind: record.Grant, Holder: s.who(), Start: s.when(), Ends: s.when() * uint64(s.IntN(2))}
		if s.IntN(2) == 0 {
			e.Kind = record.Lease
			e.Lease = []record.Terms{{Operator: s.words(), Abuse: s.words(), Suspended: s.when()}}
		}
		list = append(list, e)
	}
	return list
}

// state draws a world of a few blocks and an account.
func (s *scene) state() tree.State {
	e := tree.State{}.Edit()
	s.blocks, s.past = nil, map[wire.Hash][]byte{}
	for range 1 + s.IntN(4) {
		at := s.block()
		if slices.Contains(s.blocks, at) {
			continue
		}
		f := &record.Folio{}
		if at.Len <= 16 || at.Family != wire.IPv4 {
			f = s.title(at)
			s.before(at, f)
		}
		f.Estates = record.EstatesBytes(s.estates())
		if s.IntN(2) == 0 {
			f.Authorisations = record.OriginsBytes([]record.Origin{{Rules: 1, Holder: s.who(), MaxLength: uint64(at.Len), AS: 3, Act: wire.Hash{8}, Since: s.when() * uint64(s.IntN(2))}})
		}
		if s.IntN(3) == 0 {
			f.Contacts = wire.Encode(&record.Services{Rules: 1, Holder: s.who(), Abuse: "a" + s.words(), Servers: s.words()})
		}
		e.Put(record.FolioLeaf(at, folio(f)))
		s.blocks = append(s.blocks, at)
	}
	if at := inr.AS(3); s.IntN(2) == 0 && !slices.Contains(s.blocks, at) {
		e.Put(record.FolioLeaf(at, s.title(at)))
		s.blocks = append(s.blocks, at)
	}
	slices.SortFunc(s.blocks, inr.Compare)
	a := &account.Account{
		Rules: 1, Name: s.words(), Jurisdiction: "NL", Opened: s.when(), Waiting: uint64(s.IntN(8)), Recovery: account.Recovery(s.IntN(5)), Provider: s.who(),
		Policy: account.Policy{Version: 1, TitleKeys: []account.Key{{Alg: 1, Addr: wire.Address{9}}}, TitleK: 1},
	}
	id := s.who()
	a.Holdings = holdings(e.Freeze(), id, s.blocks)
	e.Put(record.Leaf(tree.AccountKey(id), a.Bytes()))
	return e.Freeze()
}

// before draws what stood at a block before a title's folio.
func (s *scene) before(at wire.Resource, f *record.Folio) {
	for range s.IntN(3) {
		b := s.title(at)
		b.Previous, f.Previous = f.Previous, wire.Hash{}
		s.past[b.Value()] = wire.Encode(b)
		f.Previous = b.Value()
	}
}

// holdings counts the titles of an account.
func holdings(state tree.State, id wire.Address, blocks []wire.Resource) (sum account.Holdings) {
	for _, at := range blocks {
		l, _ := state.Get(tree.ResourceKey(at))
		f, err := record.FolioFromBytes(l.Data)
		if err != nil || len(f.Title) == 0 {
			continue
		}
		if t, err := record.TitleFromBytes(f.Title); err == nil && t.Holder == id {
			sum = sum.Plus(account.Units(at))
		}
	}
	return sum
}

// folio is f, with services where it would otherwise say nothing.
func folio(f *record.Folio) *record.Folio {
	if f.Title == nil && f.Estates == nil && f.Authorisations == nil && f.Contacts == nil {
		f.Contacts = wire.Encode(&record.Services{Rules: 1, Abuse: "a"})
	}
	return f
}
