package web

import (
	"fmt"

	"github.com/ethereum/go-ethereum/crypto"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/chain"
	"ipledger/ledger/light"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// file draws a proof file of one of the kinds; nil where the rules cannot have made
// such a world.
func (s *scene) file() *light.File {
	s.src, s.at = s.source(s.state()), s.block()
	if s.IntN(4) == 0 {
		s.src.Steps = []light.Step{s.step(s.header(5, sceneTime-60))}
	}
	makers := []func() (*light.File, error){
		s.resource, s.resource, s.resource, s.account, s.account, s.authorised, s.authorised, s.beneath, s.beneath,
		s.lineage, s.lineage, s.held, s.held, s.act, // an act's signature is dear to check
	}
	f, err := makers[s.IntN(len(makers))]()
	if err != nil {
		return nil
	}
	return f
}

func (s *scene) resource() (*light.File, error) { return s.src.Resource(s.at) }
func (s *scene) account() (*light.File, error)  { return s.src.Account(s.who()) }
func (s *scene) beneath() (*light.File, error)  { return s.src.Beneath(s.at, s.at, 1+s.IntN(3)) }
func (s *scene) held() (*light.File, error)     { return s.src.Holdings(s.who(), s.blocks) }

func (s *scene) authorised() (*light.File, error) {
	return s.src.Authorised(light.Route{Block: s.at, AS: 3 + uint64(s.IntN(5)/4), MaxLength: uint64(s.at.Len) + uint64(s.IntN(5)/4)})
}

// lineage is the chain of title at one of the world's blocks.
func (s *scene) lineage() (*light.File, error) {
	return s.src.Lineage(s.blocks[s.IntN(len(s.blocks))], func(at wire.Resource, value wire.Hash) ([]byte, error) {
		if raw, ok := s.past[value]; ok {
			return raw, nil
		}
		return nil, fmt.Errorf("nothing of value %v stood at %v", value, at)
	})
}

// act is an act by a key of its own, and what became of it, in a block of a few.
func (s *scene) act() (*light.File, error) {
	a := tx.New(tx.Header{Author: s.who(), Policy: 1, Expires: s.when()}, &tx.OriginWithdraw{Resource: s.at, MaxLength: uint64(s.at.Len), AS: 7})
	key, err := crypto.ToECDSA(append(make([]byte, 31), 1+byte(s.IntN(9))))
	if err != nil {
		return nil, err
	}
	sig, err := account.Sign(a.ID(s.genesis), key)
	if err == nil {
		err = a.Attach(sig, s.genesis)
	}
	if err != nil {
		return nil, err
	}
	r := &ledger.Receipt{Rules: 1, Act: a.ID(s.genesis), Outcome: ledger.Outcome(s.IntN(2))}
	if r.Outcome == ledger.Failed {
		r.Rule, r.Field = "ORIGIN-6", []string{"", "resource"}[s.IntN(2)]
	}
	results := make([]chain.Result, 1+s.IntN(4))
	at := s.IntN(len(results))
	for i := range results {
		results[i] = light.Result(&ledger.Receipt{Rules: 1, Act: wire.Hash{byte(i)}})
	}
	results[at] = light.Result(r)
	s.src.Next.LastResultsHash = chain.ResultsHash(results)
	s.src.Certificate = s.sign(s.src.Next)
	return s.src.Act(a.Encode(), results, uint64(at))
}
