package genesis

import (
	"cmp"
	"slices"

	"ipledger/ledger/account"
	"ipledger/ledger/inr"
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
	ids    []wire.Address     // of in.Holdings.Accounts, by index
	who    []*account.Account // the same
	held   map[wire.Resource]int
	rests  map[wire.Resource][]record.Ref // by title
	places map[wire.Resource][]record.Origin
}

// leaves gives every record of the first state, in the order of keys, and the
// titles as they are after holdings have cut them.
func (s *start) leaves(rows []Row) ([]tree.Leaf, []Row, error) {
	s.held = map[wire.Resource]int{}
	s.rests, s.places = map[wire.Resource][]record.Ref{}, map[wire.Resource][]record.Origin{}
	if s.in.Holdings != nil {
		if err := s.open(); err != nil {
			return nil, nil, err
		}
		var err error
		if rows, err = s.place(rows); err != nil {
			return nil, nil, err
		}
		if err := s.originate(); err != nil {
			return nil, nil, err
		}
	}
	out := make([]tree.Leaf, 0, len(rows)+len(s.who)+64)
	for i := range rows {
		s.in.every("titles", i, len(rows))
		out = append(out, s.title(&rows[i]))
	}
	out = append(out, s.others()...)
	slices.SortFunc(out, func(a, b tree.Leaf) int { return a.Key.Compare(b.Key) })
	return out, rows, nil
}

// every tells of progress now and then.
func (in *Input) every(stage string, done, total int) {
	if done%50000 == 0 {
		in.step(stage, done, total)
	}
}

// open makes the accounts of the holdings file.
func (s *start) open() error {
	seen := map[wire.Address]bool{}
	for i := range s.in.Holdings.Accounts {
		entry := &s.in.Holdings.Accounts[i]
		a, err := entry.open(s.time, s.params)
		if err != nil {
			return err
		}
		id := idOf(s.in.ChainID, a)
		if seen[id] {
			return refuseHolding(entry.Line, "GEN-18", "account %q has the id of another", entry.Name)
		}
		seen[id] = true
		s.ids, s.who = append(s.ids, id), append(s.who, a)
		s.opened = append(s.opened, Opened{Name: a.Name, ID: id})
	}
	return nil
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
	for i := range s.in.Members.List {
		m := s.in.Members.List[i].record()
		out = append(out, record.Leaf(record.MemberKey(m.PubKey), wire.Encode(m)))
	}
	return append(out, s.chain()...)
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

// claimed is a holding, read.
type claimed struct {
	block wire.Resource
	owner int
	line  int
}

// place gives each holding to its account and cuts the titles it lies in.
//
// specs/08 GEN-15: A holding MUST lie inside one title that is neither available
// nor reserved, and holdings MUST NOT overlap.
func (s *start) place(rows []Row) ([]Row, error) {
	list, err := s.claims()
	if err != nil {
		return nil, err
	}
	out := make([]Row, 0, len(rows)+4*len(list))
	for i := range rows {
		row := &rows[i]
		var inside []claimed
		for len(list) > 0 && inr.Covers(row.Resource, list[0].block) {
			inside, list = append(inside, list[0]), list[1:]
		}
		if len(list) > 0 && inr.Compare(list[0].block, row.Resource) < 0 {
			return nil, uncovered(list[0])
		}
		if len(inside) > 0 && row.State != record.Unclaimed {
			return nil, refuseHolding(inside[0].line, "GEN-15", "%v is %v in the files of %s; nobody can hold it",
				inside[0].block, row.State, row.Source.Registry)
		}
		out = s.divide(out, *row, inside)
	}
	if len(list) > 0 {
		return nil, uncovered(list[0])
	}
	return out, nil
}

func uncovered(c claimed) error {
	return refuseHolding(c.line, "GEN-15", "no row of the statistics covers the whole of %v; hold blocks that one title covers", c.block)
}

// claims reads all holdings, in the order of keys.
func (s *start) claims() ([]claimed, error) {
	var list []claimed
	for i := range s.in.Holdings.Accounts {
		for _, h := range s.in.Holdings.Accounts[i].Blocks {
			r, err := inr.Parse(h.Block)
			if err != nil {
				return nil, refuseHolding(h.Line, "GEN-15", "%v", err)
			}
			list = append(list, claimed{r, i, h.Line})
		}
	}
	slices.SortFunc(list, func(a, b claimed) int {
		return cmp.Or(inr.Compare(a.block, b.block), cmp.Compare(a.line, b.line))
	})
	for i := 1; i < len(list); i++ {
		if inr.Overlaps(list[i-1].block, list[i].block) {
			return nil, refuseHolding(list[i].line, "GEN-15", "%v overlaps %v of line %d", list[i].block, list[i-1].block, list[i-1].line)
		}
	}
	return list, nil
}

// divide cuts a title round the holdings inside it; all pieces keep its source.
func (s *start) divide(out []Row, row Row, inside []claimed) []Row {
	if len(inside) == 0 {
		return append(out, row)
	}
	if inside[0].block == row.Resource {
		c := inside[0]
		s.held[c.block] = c.owner
		s.who[c.owner].Holdings = more(s.who[c.owner].Holdings, c.block)
		return append(out, row)
	}
	low, high, _ := inr.Halves(row.Resource)
	n := 0
	for n < len(inside) && inr.Covers(low, inside[n].block) {
		n++
	}
	row.Resource = low
	out = s.divide(out, row, inside[:n])
	row.Resource = high
	return s.divide(out, row, inside[n:])
}

// more counts a block in the units of credit: /24s, /48s and AS numbers.
func more(h account.Holdings, r wire.Resource) account.Holdings {
	size := func(unit uint8) uint64 {
		if r.Len > unit {
			return 0
		}
		return 1 << min(unit-r.Len, 63)
	}
	switch r.Family {
	case wire.IPv4:
		h.V4 += size(24)
	case wire.IPv6:
		h.V6 += size(48)
	case wire.ASN:
		h.AS += size(32)
	}
	return h
}
