package ledger_test

import (
	"bytes"
	"fmt"
	"slices"

	"ipledger/ledger"
	"ipledger/ledger/chain"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// adjudicatorList are the adjudicators of the random world, of four jurisdictions; one
// holds numbers too, and one votes for a member.
var adjudicatorList = []string{"dan", "adj1", "adj2", "adj3", "m5"}

// memberCount is how many members the random world has: m0, m1, …
const memberCount = 7

// councilNames are the accounts of the random world that hold nothing.
func councilNames() []string {
	out := []string{"adj1", "adj2", "adj3"}
	for i := range memberCount {
		out = append(out, memberName(i))
	}
	return out
}

// randomParameters are the parameters of the random world that disputes and votes go by.
// A vote may change some of them.
var randomParameters = map[string]uint64{
	"panel_seconds": 30, "vote_seconds": 60, "upgrade_seconds": 40, "ceased_seconds": 50, "cure_seconds": 120,
	"member_share": 150_000, "petition_share": 300_000, "petition_least": 10, "breaker_share": 10_000, "breaker_least": 40,
	"notice_min_seconds": noticeMin, "clause_min_seconds": twinClause, "enforce_seconds": twinEnforce,
}

// putCouncil writes members and adjudicators into a state, and what they go by.
func putCouncil(e *tree.Editor, p *record.Parameters) {
	for name, value := range randomParameters {
		*record.ParameterOf(name).In(p) = value
	}
	leaf, _ := e.Get(record.RollKey)
	roll, err := record.RollFromBytes(leaf.Data)
	if err != nil {
		panic(err)
	}
	for _, m := range twinMembers() {
		e.Put(record.Leaf(record.MemberKey(m.key), wire.Encode(&record.Member{
			Rules: 1, Operator: m.name, Organisation: m.organisation, Jurisdiction: m.jurisdiction, Hosting: m.hosting,
			Alg: 1, PubKey: m.key, Power: 1, Account: m.account,
		})))
		roll.Members = append(roll.Members, m.key)
	}
	for _, a := range twinAdjudicators() {
		e.Put(record.Leaf(record.AdjudicatorKey(a.account), wire.Encode(&record.Adjudicator{
			Rules: 1, Account: a.account, Organisation: a.organisation, Jurisdiction: a.jurisdiction,
		})))
		roll.Adjudicators = append(roll.Adjudicators, a.account)
	}
	slices.SortFunc(roll.Members, func(x, y [32]byte) int { return bytes.Compare(x[:], y[:]) })
	sortAddresses(roll.Adjudicators)
	e.Put(record.Leaf(record.RollKey, wire.Encode(roll)))
	free := &record.Title{Rules: 1, State: record.Available, Source: record.Source{Registry: "apnic", Status: "available", Handle: "free"}}
	e.Put(record.FolioLeaf(resource(freeTitle), &record.Folio{Title: free.Bytes()}))
}

// freeTitle is available, to be allotted once its registry has ceased.
const freeTitle = "61.0.0.0/22"

// twinMembers are of an organisation and a host each; two are of one jurisdiction.
func twinMembers() (out []twinMember) {
	for i := range memberCount {
		out = append(out, memberOf(i))
	}
	return out
}

func memberOf(i int) twinMember {
	land := fmt.Sprintf("A%c", 'A'+i%(memberCount-1))
	return twinMember{memberKey(i), memberName(i), fmt.Sprint("org ", i), land, fmt.Sprint("AS", i), who(memberName(i))}
}

func twinAdjudicators() (out []twinBody) {
	for i, name := range adjudicatorList {
		out = append(out, twinBody{who(name), fmt.Sprint("chamber ", i), []string{"NL", "DE", "JP", "ZA"}[i%4], 0})
	}
	return out
}

// seatCouncil tells the twin of the bodies.
func (w *twin) seatCouncil(anchors []*record.Anchor) {
	for _, a := range anchors {
		w.anchors = append(w.anchors, twinAnchor{a.Hash(), a.Kind})
	}
	w.params, w.backed, w.offences = map[string]uint64{}, map[string]wire.Hash{}, map[wire.Hash]*twinOffences{}
	for name, value := range randomParameters {
		w.params[name] = value
	}
	w.members, w.adjudicators, w.rules = twinMembers(), twinAdjudicators(), 1
}

// seat notes how things stand before a ledger block, and lets rules come into force.
func (w *twin) seat() {
	w.seated, w.counted = nil, len(w.origins)
	for _, m := range w.members {
		w.seated = append(w.seated, m.key)
	}
	if w.next != 0 && w.block >= w.height {
		w.rules, w.next, w.height = w.next, 0, 0
	}
}

// anybody is some account, of a body too.
func (p *pair) anybody() string {
	list := append(councilNames(), p.names...)
	return list[p.pick(len(list))]
}

// nameOf is the account's name, most of the time.
func (p *pair) nameOf(id wire.Address) string {
	for _, name := range append(councilNames(), p.names...) {
		if who(name) == id && p.pick(12) != 0 {
			return name
		}
	}
	return p.anybody()
}

// adjudicator is one of those there are, most of the time.
func (p *pair) adjudicator() string {
	if n := len(p.twin.adjudicators); n > 0 {
		return p.nameOf(p.twin.adjudicators[p.pick(n)].account)
	}
	return p.anybody()
}

// accusing lets the next ledger block carry evidence against who is or was a member, now
// and then.
func (p *pair) accusing() (out []twinOffence) {
	for p.pick(25) == 0 {
		key := memberKey(p.pick(memberCount + 1))
		v := chain.Validator{Alg: chain.Ed25519, PubKey: key}
		x := record.Offence{Height: p.last.Height, Time: p.last.Time, Kind: uint64(1 + p.pick(2))}
		p.proven = append(p.proven, ledger.Misbehaviour{Validator: v.Address(), Height: x.Height, Time: x.Time, Kind: x.Kind})
		out = append(out, twinOffence{key, x})
	}
	return out
}
