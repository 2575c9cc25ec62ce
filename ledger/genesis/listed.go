package genesis

import (
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// Listed is one title of the register, as far as registries' files can be
// compared with it.
type Listed struct {
	Resource wire.Resource
	Source   record.Source
	Bound    bool                // held, or with a restriction: statements only mark it (specs/21)
	Mark     *record.Restriction // its divergence, or nil
}

// List is the titles of a state, in the order of keys.
func List(s tree.State) (out []*Listed, err error) {
	for f := tree.IPv4; f <= tree.ASN; f++ {
		s.Walk(tree.Key{Subtree: f}, func(l tree.Leaf) bool {
			var at *Listed
			at, err = listed(l)
			if at != nil {
				out = append(out, at)
			}
			return err == nil
		})
	}
	return out, err
}

// listed is the title written at one block, or nil.
func listed(l tree.Leaf) (*Listed, error) {
	f, err := record.FolioFromBytes(l.Data)
	if err != nil || len(f.Title) == 0 {
		return nil, err
	}
	t, err := record.TitleFromBytes(f.Title)
	if err != nil {
		return nil, err
	}
	list, err := record.RestrictionsFromBytes(f.Restrictions)
	if err != nil {
		return nil, err
	}
	out := &Listed{Resource: l.Key.Resource(), Source: t.Source, Bound: !t.Holder.IsZero()}
	for _, x := range list {
		if x.Kind == record.Diverges {
			out.Mark = &x
			continue
		}
		out.Bound = true
	}
	return out, nil
}

// Project is the register as it will be once statements that wait have been
// settled, in their order, if nobody claims or gives up a title until then.
// It changes the list.
//
// specs/21 SRC-8: every number of a statement's block that lies in no bound title
// comes to have the row that the statement names.
func Project(list []*Listed, registry string, waiting []tx.Statement) []*Listed {
	for i := range waiting {
		list = project(list, registry, &waiting[i])
	}
	return list
}

func project(list []*Listed, registry string, s *tx.Statement) []*Listed {
	from, to := overlapped(list, s.Block)
	over := list[from:to]
	if len(over) == 1 && !over[0].Bound && s.Source != nil && over[0].Source == *s.Source && inr.Covers(over[0].Resource, s.Block) {
		return list
	}
	var now []*Listed
	var kept []wire.Resource
	for _, t := range over {
		switch {
		case t.Bound:
			now, kept = append(now, marked(t, registry, s)), append(kept, t.Resource)
		case s.Source == nil && t.Source.Registry != registry:
			now, kept = append(now, t), append(kept, t.Resource)
		default:
			for _, r := range rest(t.Resource, s.Block) {
				now = append(now, &Listed{Resource: r, Source: t.Source})
			}
		}
	}
	if s.Source != nil && (len(kept) == 0 || inr.Covers(s.Block, kept[0])) {
		for _, r := range inr.Beside(s.Block, kept) {
			now = append(now, &Listed{Resource: r, Source: *s.Source})
		}
	}
	slices.SortFunc(now, func(a, b *Listed) int { return inr.Compare(a.Resource, b.Resource) })
	return slices.Replace(list, from, to, now...)
}

// marked is a bound title after a statement about it (specs/21 SRC-9).
func marked(t *Listed, registry string, s *tx.Statement) *Listed {
	if s.Source == nil && t.Source.Registry != registry {
		return t
	}
	out := *t
	part := s.Block
	if inr.Covers(part, t.Resource) {
		part = t.Resource
	}
	if s.Source != nil && t.Source.Agrees(s.Source) {
		if t.Mark != nil && inr.Covers(s.Block, t.Mark.At) {
			out.Mark = nil
		}
		return &out
	}
	x := record.Restriction{Kind: record.Diverges, At: part, Says: s.Source.Says()}
	for t.Mark != nil && !inr.Covers(x.At, t.Mark.At) {
		x.At = inr.Truncate(x.At, x.At.Len-1)
	}
	out.Mark = &x
	return &out
}
