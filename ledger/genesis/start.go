package genesis

import (
	"fmt"
	"slices"

	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// start is a first state in the making.
type start struct {
	in     Input
	time   uint64
	params *record.Parameters
	opened []Opened
	ids    []wire.Address     // of in.Holdings.Accounts, by index; then of the bodies
	who    []*account.Account // the same
	// The accounts of in.Members, by index; of a member that has none it is zero.
	voters, registrars, adjudicators []wire.Address
	taken                            map[wire.Address]bool
	held                             map[wire.Resource]int
	rests                            map[wire.Resource][]record.Ref // by title
	places                           map[wire.Resource][]record.Origin
}

// leaves gives every record of the first state, in the order of keys, and the
// titles as they are after holdings have cut them.
func (s *start) leaves(rows []Row) ([]tree.Leaf, []Row, error) {
	s.held, s.taken = map[wire.Resource]int{}, map[wire.Address]bool{}
	s.rests, s.places = map[wire.Resource][]record.Ref{}, map[wire.Resource][]record.Origin{}
	if err := s.open(); err != nil {
		return nil, nil, err
	}
	if s.in.Holdings != nil {
		var err error
		if rows, err = s.place(rows); err != nil {
			return nil, nil, err
		}
		if err := s.originate(); err != nil {
			return nil, nil, err
		}
	}
	out := make([]tree.Leaf, 0, len(rows)+len(s.who)+64)
	var balances record.Balances
	for i := range rows {
		s.in.every("titles", i, len(rows))
		out = append(out, s.title(&rows[i]))
		balances.Add(rows[i].Resource, &rows[i].Source)
	}
	out = append(append(out, balances.Leaves()...), s.others()...)
	slices.SortFunc(out, func(a, b tree.Leaf) int { return a.Key.Compare(b.Key) })
	return out, rows, nil
}

// every tells of progress now and then.
func (in *Input) every(stage string, done, total int) {
	if done%50000 == 0 {
		in.step(stage, done, total)
	}
}

// open makes the accounts of the holdings file, then those of the bodies.
func (s *start) open() error {
	for i := range s.holders() {
		entry := &s.in.Holdings.Accounts[i]
		a, err := entry.open(s.time, s.params)
		if err == nil {
			_, err = s.enter(a, "holdings", entry.Line)
		}
		if err != nil {
			return err
		}
	}
	return s.openBodies()
}

func (s *start) holders() []Account {
	if s.in.Holdings == nil {
		return nil
	}
	return s.in.Holdings.Accounts
}

// openBodies makes the accounts of members, registrars and adjudicators.
//
// specs/08 GEN-26, GEN-27: their accounts are opened by genesis.
func (s *start) openBodies() error {
	ms := &s.in.Members
	for i := range ms.List {
		a, ok := ms.List[i].voter()
		if !ok {
			s.voters = append(s.voters, wire.Address{})
		} else if err := s.openFor(&s.voters, a, "GEN-26"); err != nil {
			return err
		}
	}
	for i := range ms.Registrars {
		if err := s.openFor(&s.registrars, ms.Registrars[i].account(), "GEN-27"); err != nil {
			return err
		}
	}
	for i := range ms.Adjudicators {
		if err := s.openFor(&s.adjudicators, ms.Adjudicators[i].account(), "GEN-27"); err != nil {
			return err
		}
	}
	return nil
}

func (s *start) openFor(list *[]wire.Address, entry *Account, rule string) error {
	a, err := s.in.Members.open(entry, rule, s.time, s.params)
	if err != nil {
		return err
	}
	id, err := s.enter(a, "members", entry.Line)
	*list = append(*list, id)
	return err
}

// enter gives an account its id, which no other may have.
func (s *start) enter(a *account.Account, file string, line int) (wire.Address, error) {
	id := idOf(s.in.ChainID, a)
	if s.taken[id] {
		return id, &InputError{File: file, Line: line, Rule: "GEN-18", Detail: fmt.Sprintf("account %q has the id of another", a.Name)}
	}
	s.taken[id] = true
	s.ids, s.who = append(s.ids, id), append(s.who, a)
	s.opened = append(s.opened, Opened{Name: a.Name, ID: id})
	return id, nil
}

// title is the folio of one title: held at grade T, or as its row says.
func (s *start) title(r *Row) tree.Leaf {
	t := &record.Title{Rules: record.Rules, State: r.State, Source: r.Source}
	if i, ok := s.held[r.Resource]; ok {
		t.State, t.Holder, t.Grade, t.Proved = record.Held, s.ids[i], record.GradeT, s.time
	}
	f := &record.Folio{Title: t.Bytes(), Authorisations: record.OriginsBytes(s.places[r.Resource])}
	delete(s.places, r.Resource)
	return record.FolioLeaf(r.Resource, f)
}

// others are the records that are no titles.
func (s *start) others() []tree.Leaf {
	var out []tree.Leaf
	for at, list := range s.places {
		out = append(out, record.FolioLeaf(at, &record.Folio{Authorisations: record.OriginsBytes(list)}))
	}
	for title, refs := range s.rests {
		slices.SortFunc(refs, record.CompareRefs)
		raw := wire.Encode(&record.Resting{Rules: record.Rules, Refs: refs})
		out = append(out, record.Leaf(record.RestingKey(title, wire.Hash{}), raw))
	}
	for i, a := range s.who {
		out = append(out, record.Leaf(tree.AccountKey(s.ids[i]), a.Bytes()))
	}
	g := new(Genesis)
	s.list(g)
	return append(append(out, g.bodies()...), s.chain()...)
}

// chain is the parameters, and what the chain remembers of itself.
//
// specs/08 GEN-19: The ring of act-bearing headers starts with one entry,
// SHA-256(0x65 ‖ chain id), so that the first account can be opened by work.
func (s *start) chain() []tree.Leaf {
	first := FirstWork(s.in.ChainID)
	return []tree.Leaf{
		record.Leaf(record.ParametersKey, wire.Encode(s.params)),
		record.Leaf(record.ChainKey, wire.Encode(&record.Chain{Rules: record.Rules, Bearing: 1})),
		record.Leaf(record.RingKey(0), first[:]),
	}
}

// FirstWork is what proof of work is done over before any act (GEN-19).
func FirstWork(chainID string) wire.Hash { return wire.Sum(wire.TagGenesis, []byte(chainID)) }
