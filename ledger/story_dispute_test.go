package ledger_test

import (
	"bytes"
	"slices"

	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// appoint enters the registrars, adjudicators and members of a story in the roll: lines
// "registrar NAME ORGANISATION JURISDICTION" (found has their records),
// "adjudicator NAME JURISDICTION" and "member NAME", or "member NAME ORGANISATION
// JURISDICTION HOST".
func (s *story) appoint(lines [][]string) {
	roll := &record.Roll{Rules: record.Rules}
	if leaf, ok := s.state.Get(record.RollKey); ok {
		roll = wire.Own[record.Roll](leaf.Data)
	}
	for _, f := range lines {
		switch f[0] {
		case "adjudicator":
			roll.Adjudicators = append(roll.Adjudicators, who(f[1]))
			s.set(record.AdjudicatorKey(who(f[1])), wire.Encode(&record.Adjudicator{
				Rules: record.Rules, Account: who(f[1]), Organisation: f[1], Jurisdiction: f[2],
			}))
		case "registrar":
			roll.Registrars = append(roll.Registrars, who(f[1]))
		case "member":
			m := &record.Member{Rules: record.Rules, Operator: f[1], Jurisdiction: "NL", Alg: 1, PubKey: seatKey(f[1]), Power: 1, Account: who(f[1])}
			if len(f) > 2 {
				m.Organisation, m.Jurisdiction, m.Hosting = f[2], f[3], f[4]
			}
			roll.Members = append(roll.Members, m.PubKey)
			s.set(record.MemberKey(m.PubKey), wire.Encode(m))
		}
	}
	slices.SortFunc(roll.Members, func(a, b [32]byte) int { return bytes.Compare(a[:], b[:]) })
	slices.SortFunc(roll.Registrars, func(a, b wire.Address) int { return bytes.Compare(a[:], b[:]) })
	slices.SortFunc(roll.Adjudicators, func(a, b wire.Address) int { return bytes.Compare(a[:], b[:]) })
	s.set(record.RollKey, wire.Encode(roll))
}

// storyVerdicts are the words of stories for verdicts.
var storyVerdicts = map[string]tx.Verdict{"accept": tx.VerdictAccept, "dismiss": tx.VerdictDismiss, "holder": tx.VerdictHolder, "claimant": tx.VerdictClaimant}

// disputing makes acts on the matter that was begun last about a block.
func (s *story) disputing(_, verb string, f args) tx.Body {
	block, text := resource(f[0]), wire.Hash{byte(len(s.last)), 1}
	matter := s.last["matter "+f[0]]
	switch verb {
	case "caution":
		return &tx.Caution{Resource: block, Ground: tx.GroundForged, Digest: text}
	case "defend":
		return &tx.CautionAnswer{Case: matter, Resource: block, Digest: text}
	case "vote":
		return &tx.CaseDecide{Case: matter, Verdict: storyVerdicts[f[1]], Reasons: wire.Hash{9}}
	case "appeal":
		return &tx.CaseAppeal{Case: matter, Resource: block, Digest: text}
	case "order":
		b := &tx.OrderRecord{Resource: block, Court: "Court", Jurisdiction: "NL", Reference: "1", Digest: text}
		if to := f.after("to"); to != "" {
			b.Final, b.To = true, who(to)
		}
		return b
	case "find":
		return s.finding(matter, f[1])
	case "restrict":
		return &tx.Restrict{Matter: s.last["matter "+f.after("under")], Resource: block}
	case "lift":
		if under := f.after("under"); under != "" {
			matter = s.last["matter "+under]
		}
		return &tx.Lift{Matter: matter, Resource: block}
	case "prolong":
		return &tx.OrderConfirm{Matter: matter, Digest: secretOf(f[1])}
	case "forum":
		return &tx.ForumSet{Resource: block, Forum: f[1], Value: s.value(f[0])}
	}
	return nil
}

// finding is an adjudicator's vote on an order.
func (s *story) finding(order wire.Hash, word string) tx.Body {
	b := &tx.OrderStatus{Order: order, Status: tx.OrderLifted, Reasons: wire.Hash{8}}
	switch word {
	case "in-effect":
		b.Status, b.Findings, b.Reasons = tx.OrderInEffect, tx.FoundAll, wire.Hash{}
	case "unrecognised":
		b.Status, b.Findings = tx.OrderRefused, tx.FoundInForce|tx.FoundServed|tx.FoundNames
	}
	return b
}

// frozenAt says whether a freeze overlaps a block.
func (s *story) frozenAt(text string) string {
	if len(s.shown(text, record.Freeze)) > 0 {
		return "yes"
	}
	return "no"
}
