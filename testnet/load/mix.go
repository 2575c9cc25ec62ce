package main

import (
	"crypto/ecdsa"
	"fmt"

	"github.com/ethereum/go-ethereum/crypto"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// The world that the mix plays in.
const (
	holders    = 4000
	titlesEach = 16 // /24s; the last two change hands and are granted
	blockActs  = 1000
	mixStart   = 1_800_000_000
)

// holder is an account of the benchmark.
type holder struct {
	id     wire.Address
	key    *ecdsa.PrivateKey
	number uint64
}

// mix is a chain of ledger blocks made once and replayed often. Of a thousand
// acts 500 authorise an origin, 200 withdraw one, 100 offer a title, 100 accept
// one, 50 offer a grant, 50 accept one.
type mix struct {
	salt    wire.Hash
	genesis tree.State
	blocks  [][][]byte // raw acts
	headers []ledger.Header
	root    wire.Hash // after the last

	holders []holder
	state   tree.State
	offers  []wire.Hash // of the last block, transfers then grants
	// apply makes the next block of acts and gives its header; state is the state
	// after it.
	apply func(raws [][]byte) (ledger.Header, error)
}

func newMix(blocks int) (*mix, error) {
	m := &mix{salt: wire.Hash{1}, headers: []ledger.Header{{Time: mixStart}}}
	m.apply = m.applyAlone
	say("making %d accounts with %d titles each", holders, titlesEach)
	if err := m.populate(); err != nil {
		return nil, err
	}
	say("signing %d ledger blocks of %d acts", blocks, blockActs)
	for n := range blocks {
		if err := m.extend(n); err != nil {
			return nil, err
		}
	}
	m.root = m.state.Root()
	return m, nil
}

func (m *mix) populate() error {
	e := tree.State{}.Edit()
	e.Put(record.Leaf(record.ParametersKey, wire.Encode(&record.Parameters{
		Rules: record.Rules, Test: true, Heartbeat: 15, StallSeconds: 600, CreditCap: 1 << 40, CreditRefill: 1,
		WorkBits: 20, WorkOpensMax: 50, TransferFloor4: 24, TransferFloor6: 48,
	})))
	e.Put(record.Leaf(record.ChainKey, wire.Encode(&record.Chain{Rules: record.Rules})))
	for i := range holders {
		seed := wire.Sum(wire.TagRecord, fmt.Appendf(nil, "holder %d", i))
		key, err := crypto.ToECDSA(seed[:])
		if err != nil {
			return err
		}
		h := holder{id: ledger.AccountID(seed), key: key}
		m.holders = append(m.holders, h)
		m.putHolder(e, i, h)
	}
	var err error
	if m.genesis, err = ledger.Tally(e.Freeze()); err != nil {
		return err
	}
	m.state = m.genesis
	return nil
}

func (m *mix) putHolder(e *tree.Editor, i int, h holder) {
	a := &account.Account{
		Rules: record.Rules, Name: fmt.Sprintf("Holder %d", i), Jurisdiction: "NL",
		Policy:   account.Policy{Version: 1, TitleKeys: []account.Key{{Alg: 1, Addr: account.AddressOf(&h.key.PublicKey)}}, TitleK: 1},
		Credit:   account.Credit{Amount: 1 << 40, At: mixStart},
		Holdings: account.Holdings{V4: titlesEach},
	}
	e.Put(record.Leaf(tree.AccountKey(h.id), a.Bytes()))
	for n := range titlesEach {
		e.Put(record.FolioLeaf(m.title(i, n), &record.Folio{Title: (&record.Title{
			Rules: record.Rules, State: record.Held, Holder: h.id, Grade: record.GradeT,
			Source: record.Source{Registry: "ripencc", Handle: "benchmark", Status: "allocated", Class: record.Extended},
		}).Bytes()}))
	}
}

// title is the n-th /24 of the i-th holder.
func (m *mix) title(i, n int) wire.Resource {
	at := (60 << 16) + i*titlesEach + n
	return wire.Resource{Family: wire.IPv4, Len: 24, Addr: [16]byte{byte(at >> 16), byte(at >> 8), byte(at)}}
}

func (m *mix) value(r wire.Resource) wire.Hash {
	leaf, _ := m.state.Get(tree.ResourceKey(r))
	f, err := record.FolioFromBytes(leaf.Data)
	if err != nil {
		panic(err)
	}
	return f.Dealing()
}

// sign makes the next act of a holder in lane 0.
func (m *mix) sign(i int, body tx.Body) ([]byte, wire.Hash, error) {
	h := &m.holders[i]
	act := &tx.Act{Header: tx.Header{
		Author: h.id, Policy: 1, Number: h.number, Expires: m.headers[len(m.headers)-1].Time + 3600, Rules: tx.RulesVersion,
	}, Body: body}
	h.number++
	id := act.ID(m.salt)
	s, err := account.Sign(id, h.key)
	act.Signatures = []account.Signature{s}
	return act.Encode(), id, err
}

// extend makes ledger block n out of what the one before left open.
func (m *mix) extend(n int) error {
	var raws [][]byte
	var offers []wire.Hash
	add := func(i int, body tx.Body) error {
		raw, id, err := m.sign(i%holders, body)
		raws = append(raws, raw)
		switch body.(type) {
		case *tx.TransferOffer, *tx.GrantOffer:
			offers = append(offers, id)
		}
		return err
	}
	for k, body := range m.bodies(n) {
		if body == nil {
			continue
		}
		if err := add(m.author(n, k), body); err != nil {
			return err
		}
	}
	m.offers = offers
	now, err := m.apply(raws)
	m.blocks, m.headers = append(m.blocks, raws), append(m.headers, now)
	return err
}

// applyAlone applies a block by the rules and nothing else.
func (m *mix) applyAlone(raws [][]byte) (ledger.Header, error) {
	last, n := m.headers[len(m.headers)-1], len(m.blocks)
	now := ledger.Header{Height: last.Height + 1, Time: last.Time + 1, Hash: wire.Sum(0, fmt.Appendf(nil, "%d", n))}
	verified, err := verifyAll(raws, m.salt)
	if err != nil {
		return now, err
	}
	r, err := ledger.Apply(m.state, last, now, verified, nil)
	if err != nil {
		return now, err
	}
	for i, receipt := range r.Receipts {
		if receipt.Outcome != ledger.Done {
			return now, fmt.Errorf("act %d of block %d: %s: %s", i, n, receipt.Rule, receipt.Detail)
		}
	}
	m.state = r.State
	return now, nil
}

// Where in a block's thousand each kind of act stands.
const (
	fromWithdraw = 500
	fromOffer    = 700
	fromAccept   = 800
	fromGrant    = 900
	fromTake     = 950
)

// author is who makes act k of block n: nobody acts on another's open deal.
func (m *mix) author(n, k int) int {
	switch {
	case k < fromWithdraw:
		return n*fromWithdraw + k
	case k < fromOffer:
		return (n-1)*fromWithdraw + k - fromWithdraw + holders
	case k < fromAccept:
		return n*100 + k - fromOffer
	case k < fromGrant:
		return (n-1)*100 + k - fromAccept + holders/2
	case k < fromTake:
		return n*50 + k - fromGrant
	}
	return (n-1)*50 + k - fromTake + holders/2
}

// grantBlocks is how many blocks it takes until each holder has granted its last
// title; more authorisations take the place of grants from then on.
const grantBlocks = holders / 50

// offered is the title that the k-th offer of block n is of: each holder's own,
// and when all have changed hands, back again.
func (m *mix) offered(n, k int) wire.Resource {
	i, round := n*100+k, n*100/holders
	return m.title((i+round%2*(holders/2))%holders, 14)
}

func (m *mix) bodies(n int) []tx.Body {
	bodies := make([]tx.Body, blockActs)
	until := m.headers[len(m.headers)-1].Time + 1000
	for k := range bodies {
		i := m.author(n, k) % holders
		switch {
		case k < fromWithdraw:
			bodies[k] = &tx.OriginAuthorise{Resource: m.title(i, n%14), MaxLength: 24, AS: uint64(1000 + n)}
		case k < fromOffer && n > 0:
			bodies[k] = &tx.OriginWithdraw{Resource: m.title(i, (n-1)%14), MaxLength: 24, AS: uint64(1000 + n - 1)}
		case k >= fromOffer && k < fromAccept:
			r := m.offered(n, k-fromOffer)
			bodies[k] = &tx.TransferOffer{Resource: r, To: m.holders[(i+holders/2)%holders].id, Value: m.value(r), Until: until}
		case k >= fromAccept && k < fromGrant && n > 0:
			r := m.offered(n-1, k-fromAccept)
			bodies[k] = &tx.TransferAccept{Offer: m.offers[k-fromAccept], Resource: r, Value: m.value(r)}
		case k >= fromGrant && k < fromTake && n < grantBlocks:
			r := m.title(i, 15)
			bodies[k] = &tx.GrantOffer{Resource: r, To: m.holders[(i+holders/2)%holders].id, Notice: 60, Value: m.value(r), Until: until}
		case k >= fromTake && n > 0 && n <= grantBlocks:
			r := m.title(((n-1)*50+k-fromTake)%holders, 15)
			bodies[k] = &tx.GrantAccept{Offer: m.offers[100+k-fromTake], Resource: r, Value: m.value(r)}
		case k >= fromGrant && n > 0:
			bodies[k] = &tx.OriginAuthorise{Resource: m.title(i, 13), MaxLength: 24, AS: uint64(100_000 + n)}
		}
	}
	return bodies
}

func verifyAll(raws [][]byte, salt wire.Hash) ([]tx.Verified, error) {
	out := make([]tx.Verified, len(raws))
	for i, raw := range raws {
		v, err := tx.Verify(raw, salt)
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}
