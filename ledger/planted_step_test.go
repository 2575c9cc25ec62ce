package ledger_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// stands is a title with what R8 speaks of: who holds it, its charges, its freezes.
type stands struct {
	at      wire.Resource
	holder  wire.Address
	charges []wire.Hash
	freezes []record.Restriction
}

// titlesOf reads the titles of a state, and where each estate lies.
func titlesOf(s tree.State) (titles []stands, estates map[wire.Hash][]wire.Resource, err error) {
	estates = map[wire.Hash][]wire.Resource{}
	for f := tree.IPv4; f <= tree.ASN; f++ {
		s.Walk(tree.Key{Subtree: f}, func(l tree.Leaf) bool {
			folio, bad := record.FolioFromBytes(l.Data)
			list, worse := record.EstatesFromBytes(folio.Estates)
			err = errors.Join(err, bad, worse)
			for i := range list {
				estates[list[i].ID] = append(estates[list[i].ID], l.Key.Resource())
			}
			if len(folio.Title) > 0 {
				x, worst := readTitle(l.Key.Resource(), folio)
				titles, err = append(titles, x), errors.Join(err, worst)
			}
			return true
		})
	}
	return titles, estates, err
}

func readTitle(at wire.Resource, f *record.Folio) (x stands, err error) {
	title, bad := record.TitleFromBytes(f.Title)
	charges, worse := record.ChargesFromBytes(f.Charges)
	list, worst := record.RestrictionsFromBytes(f.Restrictions)
	if err = errors.Join(bad, worse, worst); err != nil {
		return x, err
	}
	x = stands{at: at, holder: title.Holder}
	for i := range charges {
		x.charges = append(x.charges, charges[i].ID)
	}
	for _, r := range list {
		if r.Kind == record.Freeze {
			x.freezes = append(x.freezes, r)
		}
	}
	return x, nil
}

// frozenStays reports a block that stayed frozen through a ledger block and was moved,
// charged or newly leased in it (R8).
func frozenStays(before, after tree.State) error {
	old, estatesBefore, err := titlesOf(before)
	now, estatesAfter, worse := titlesOf(after)
	err = errors.Join(err, worse)
	for _, x := range old {
		for _, freeze := range x.freezes {
			for _, y := range now {
				i := slices.IndexFunc(y.freezes, func(r record.Restriction) bool { return r.Act == freeze.Act && inr.Overlaps(r.At, freeze.At) })
				if i < 0 {
					continue
				}
				if y.holder != x.holder {
					err = errors.Join(err, fmt.Errorf("R8: %v is frozen under %v and was moved", y.freezes[i].At, freeze.Act))
				}
				if slices.ContainsFunc(y.charges, func(id wire.Hash) bool { return !slices.Contains(x.charges, id) }) {
					err = errors.Join(err, fmt.Errorf("R8: %v is frozen under %v and was charged", y.freezes[i].At, freeze.Act))
				}
				for id, list := range estatesAfter {
					if estatesBefore[id] == nil && slices.ContainsFunc(list, func(r wire.Resource) bool { return inr.Overlaps(r, y.freezes[i].At) }) {
						err = errors.Join(err, fmt.Errorf("R8: %v is frozen under %v and was newly leased", y.freezes[i].At, freeze.Act))
					}
				}
			}
		}
	}
	return err
}

// capsKept reports an admission that brought an organisation, a jurisdiction or a host
// above its cap (R14).
func capsKept(before, after tree.State) error {
	old, err := ledger.CouncilOf(before)
	now, worse := ledger.CouncilOf(after)
	if err = errors.Join(err, worse); err != nil {
		return err
	}
	leaf, _ := after.Get(record.ParametersKey)
	params, err := record.ParametersFromBytes(leaf.Data)
	if err != nil {
		return err
	}
	n := len(now.Members)
	share := max(1, n*int(params.MemberShare)/1_000_000)
	for _, m := range now.Members {
		if n < 4 || slices.ContainsFunc(old.Members, func(x ledger.Seat) bool { return x.PubKey == m.PubKey }) {
			continue
		}
		org, land, host := 0, 0, 0
		for _, x := range now.Members {
			org, land, host = org+same(x.Organisation, m.Organisation), land+same(x.Jurisdiction, m.Jurisdiction), host+same(x.Hosting, m.Hosting)
		}
		if org > share || 3*land >= n || 3*host >= n {
			err = errors.Join(err, fmt.Errorf("R14: the admission of %q brought it above a cap: %d, %d and %d of %d", m.Operator, org, land, host, n))
		}
	}
	return err
}

func same(x, y string) int {
	if x == y {
		return 1
	}
	return 0
}

// TestPlantedFreeze plants a block that is frozen, and moves, charges and leases it past
// all rules.
func TestPlantedFreeze_R8(t *testing.T) {
	frozen := func() *world {
		w := judging(t)
		w.ordered("cat", orderOf("60.0.0.0/24"))
		return w
	}
	for what, plant := range map[string]func(*world){
		"moved": func(w *world) { w.convey("ana", "cat", "60.0.0.0/16", w.title("60.0.0.0/16")) },
		"charged": func(w *world) {
			c := []record.Charge{{Rules: 1, ID: wire.Hash{4}, Lender: who("bank"), Mode: uint64(tx.ModeSale), Law: "Dutch law", Entered: 1}}
			w.plant("60.0.0.0/16", func(f *record.Folio) { f.Charges = record.ChargesBytes(c) })
		},
		"newly leased": func(w *world) {
			e := []record.Estate{{Rules: 1, ID: wire.Hash{4}, Kind: record.Grant, Holder: who("cat"), Start: 1, Notice: 1, Started: true}}
			w.plant("60.0.0.0/24", func(f *record.Folio) { f.Estates = record.EstatesBytes(e) })
		},
	} {
		w := frozen()
		before := w.state
		w.transfer("ana", "cat", "60.1.0.0/16", false) // another title
		w.do("ana", &tx.Split{Resource: resource("60.0.0.0/16"), Part: resource("60.0.128.0/17")})
		if err := frozenStays(before, w.state); err != nil {
			t.Fatal(err)
		}
		w = frozen()
		before = w.state
		plant(w)
		if err := frozenStays(before, w.state); err == nil || !strings.Contains(err.Error(), "R8: ") || !strings.Contains(err.Error(), what) {
			t.Errorf("%s: got %v", what, err)
		}
	}
}

// TestPlantedAdmission plants a member whose jurisdiction has a third of them, and wants
// it named, by what one state shows and by how it came.
func TestPlantedAdmission_R14(t *testing.T) {
	c := newCouncil(t, 5)
	c.carry(newcomer(5, "another", "ZZ", "new host")) // below its caps
	before := c.state
	if err := capsKept(before, c.state); err != nil {
		t.Fatal(err)
	}
	c.admit(record.Member{Organisation: "one more", Jurisdiction: "ZZ", Hosting: "one more"})
	c.admit(record.Member{Organisation: "two more", Jurisdiction: "ZZ", Hosting: "two more"})
	if err := ledger.Invariants(c.state, c.last); err == nil || !strings.Contains(err.Error(), "R14: jurisdiction") {
		t.Errorf("Invariants says %v", err)
	}
	if err := capsKept(before, c.state); err == nil || !strings.Contains(err.Error(), "R14: ") {
		t.Errorf("got %v", err)
	}
}

// admit writes a member past all rules.
func (c *council) admit(m record.Member) {
	roll := c.roll()
	m.Rules, m.Operator, m.Alg, m.PubKey, m.Power = 1, m.Organisation, 1, memberKey(len(roll.Members)+1), 1
	c.set(record.MemberKey(m.PubKey), wire.Encode(&m))
	roll.Members = append(roll.Members, m.PubKey)
	slices.SortFunc(roll.Members, func(x, y [32]byte) int { return slices.Compare(x[:], y[:]) })
	c.set(record.RollKey, wire.Encode(roll))
}
