package ledger_test

import (
	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// found puts registrars and rows that nobody holds into a story's genesis.
func (s *story) found(lines [][]string) {
	e := s.state.Edit()
	for _, f := range lines {
		if f[0] == "registrar" {
			e.Put(record.Leaf(record.RegistrarKey(who(f[1])), wire.Encode(&record.Registrar{Rules: 1, Account: who(f[1]), Organisation: f[2], Jurisdiction: f[3]})))
			continue
		}
		if f[0] != "row" {
			continue
		}
		t := &record.Title{Rules: 1, State: record.Unclaimed, Source: record.Source{Registry: "ripencc", Status: "allocated", Class: record.Whole}}
		if len(f) > 2 {
			t.State, t.Source.Status = record.Available, f[2]
		}
		e.Put(record.FolioLeaf(resource(f[1]), &record.Folio{Title: t.Bytes()}))
	}
	s.recount(e.Freeze())
}

// stands is a title's grade, or how an answer says that a block stands.
func (s *story) stands(word, block string) string {
	a, err := light.Read(s.state, resource(block), light.Moment{Height: s.world.last.Height, Time: s.world.last.Time})
	if err != nil {
		s.t.Fatal(err)
	}
	if word == "grade" {
		return a.Grade.String()
	}
	return a.State
}

// claiming is claims, and what is said of the last one to a block.
func (s *story) claiming(name, verb string, f args) tx.Body {
	switch verb {
	case "claim":
		b := &tx.Claim{Resource: resource(f[0])}
		if grade := f.after("at"); grade != "" {
			b.Grade = uint64(grade[0])
			return b
		}
		ca := f.after("ca")
		b.Grade, b.Expiry = uint64(record.GradeA), expiry
		b.Evidence = s.onRecord(ca[0], !f.has("child"), name, f[0])
		return b
	case "object":
		b := &tx.ClaimObject{Claim: s.last["claim "+f[0]], Resource: resource(f.after("to"))}
		if ca := f.after("ca"); ca != "" {
			b.Evidence, b.Expiry = s.onRecord(ca[0], !f.has("child"), name, f.after("to")), expiry
			return b
		}
		b.Reason = wire.Hash{1}
		return b
	case "attest":
		id := s.last["claim "+f[0]]
		if f.has("succession") {
			id = s.last["succession "+f[0]]
		}
		return &tx.ClaimAttest{Claim: id, Notice: wire.Hash{1}, Noticed: s.world.last.Time}
	case "withdraw-claim":
		return &tx.ClaimWithdraw{Claim: s.last["claim "+f[0]]}
	case "answer-claim":
		return &tx.ClaimAnswer{Claim: s.last["claim "+f[0]], Digest: wire.Hash{1}}
	case "succession":
		return &tx.Succession{Resource: resource(f[0]), Subject: who(f.after("of")), Documents: wire.Hash{1}}
	case "veto-succession":
		return &tx.SuccessionVeto{Succession: s.last["succession "+f[0]]}
	}
	return nil
}

// name is an account's name in the story.
func (s *story) name(id wire.Address) string {
	for _, name := range s.names {
		if who(name) == id {
			return name
		}
	}
	return s.world.name(id)
}
