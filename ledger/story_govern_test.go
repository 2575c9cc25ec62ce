package ledger_test

import (
	"crypto/ed25519"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ipledger/ledger"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// seatKey is the validator key of a name in a story.
func seatKey(name string) wire.Hash {
	seed := wire.Sum(wire.TagRecord, []byte("seat of "), []byte(name))
	return wire.Hash(ed25519.NewKeyFromSeed(seed[:]).Public().(ed25519.PublicKey))
}

// seated is the key of the member that an account votes for, zero for none.
func (s *story) seated(name string) (key wire.Hash) {
	c, err := ledger.CouncilOf(s.state)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, m := range c.Members {
		if m.Account == who(name) {
			key = m.PubKey
		}
	}
	return key
}

// ordain sets numbers of genesis: lines "set PARAMETER VALUE".
func (s *story) ordain(lines [][]string) {
	p := parameters(s.t, s.state)
	for _, f := range lines {
		if f[0] == "set" {
			*record.ParameterOf(f[1]).In(p) = s.amount(f[2])
		}
	}
	s.set(record.ParametersKey, wire.Encode(p))
}

// amount is a number, or a time in seconds.
func (s *story) amount(text string) uint64 {
	if n, err := strconv.ParseUint(text, 10, 64); err == nil {
		return n
	}
	return seconds(s.t, text)
}

// governing makes proposals and votes. A proposal has a name in the story:
//
//	m1: propose P parameter delay_seconds 3d
//	m1: propose P admit m9 ORG JURISDICTION HOST
//	m1: propose P expel m9
//	m1: propose P ceased arin
//	m1: propose P allot 62.0.0.0/20 to ana
//	m1: ballot P yes
//	ana: support P 60.0.0.0/16
func (s *story) governing(name, verb string, f args) tx.Body {
	switch verb {
	case "propose":
		b := s.asked(f[1], f[2:])
		b.As = s.seated(name)
		return b
	case "ballot":
		return &tx.Vote{Proposal: s.last["proposal "+f[0]], As: s.seated(name), Yes: f[1] == "yes"}
	case "support":
		return &tx.Petition{Proposal: s.last["proposal "+f[0]], Resource: resource(f[1])}
	}
	return nil
}

func (s *story) asked(what string, f args) *tx.Propose {
	switch what {
	case "parameter":
		return matter(record.SetParameter, tx.Propose{Name: f[0], Value: s.amount(f[1])})
	case "admit":
		return matter(record.AdmitMember, tx.Propose{Key: seatKey(f[0]), Subject: who(f[0]), Name: f[0], Organisation: f[1], Jurisdiction: f[2], Hosting: f[3]})
	case "expel":
		return matter(record.RemoveMember, tx.Propose{Key: s.seated(f[0]), Reason: wire.Hash{1}})
	case "unseat":
		return matter(record.RemoveRegistrar, tx.Propose{Subject: who(f[0]), Reason: wire.Hash{1}})
	case "ceased":
		return matter(record.RegistryCeased, tx.Propose{Name: f[0], Reason: wire.Hash{1}})
	case "resumed":
		return matter(record.RegistryResumed, tx.Propose{Name: f[0], Reason: wire.Hash{1}})
	case "allot":
		return matter(record.Allot, tx.Propose{Block: f[0], Subject: who(f.after("to"))})
	}
	s.t.Fatalf("nobody votes on %q", what)
	return nil
}

// governed says how a proposal, a parameter or a cap stands, or who the members are.
func (s *story) governed(word, of string) string {
	c, err := ledger.CouncilOf(s.state)
	if err != nil {
		s.t.Fatal(err)
	}
	switch word {
	case "proposal":
		m, ok, err := ledger.MotionOf(s.state, s.last["proposal "+of])
		if err != nil || !ok {
			s.t.Fatalf("no proposal %s is kept: %v", of, err)
		}
		return strings.TrimSpace(m.State.String() + " " + m.Rule)
	case "parameter":
		return fmt.Sprint(*record.ParameterOf(of).In(parameters(s.t, s.state)))
	case "members":
		return fmt.Sprint(len(c.Members))
	case "ceased":
		return map[bool]string{true: "yes", false: "no"}[slices.Contains(c.Ceased, of)]
	case "cure":
		for _, x := range c.Cures {
			if x.Name == of {
				return map[bool]string{true: "overdue", false: "running"}[x.Overdue]
			}
		}
		return "none"
	}
	return ""
}
