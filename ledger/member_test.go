package ledger_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// The law's table of matters is the one that is kept.
func TestChapter_GOV1_GOV4(t *testing.T) {
	raw, err := os.ReadFile("../specs/23-governance.md")
	if err != nil {
		t.Fatal(err)
	}
	for m := record.Matter(1); m <= record.MatterMost; m++ {
		r := ledger.RuleOf(m)
		of, notice := "2/3", "none"
		if r.OfAll {
			of = "2/3 of all"
		}
		if r.Notice != "" {
			notice = "`" + r.Notice + "`"
		}
		row := "\n| " + strings.Join([]string{number(uint64(m)), "`" + m.String() + "`", r.Voters.String(), "2/3", of, notice}, " | ") + " |\n"
		if strings.Count(string(raw), row) != 1 {
			t.Errorf("the chapter lacks the row %s", row)
		}
		if record.MatterOf(m.String()) != m {
			t.Errorf("%v is not read back", m)
		}
	}
}

func number(n uint64) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return number(n/10) + number(n%10)
}

func (c *council) cures() (out []record.Cure) {
	leaf, ok := c.state.Get(record.CuresKey)
	if !ok {
		return nil
	}
	x, err := record.CuresFromBytes(leaf.Data)
	if err != nil {
		c.t.Fatal(err)
	}
	return x.List
}

func TestAdmission_GOV17_R14(t *testing.T) {
	c := newCouncil(t, 4)
	for why, p := range map[string]*tx.Propose{
		"an organisation's second": newcomer(4, "org 1", "ZZ", "h"),
		"a jurisdiction's second":  newcomer(4, "o", "AB", "h"),
		"a host's second":          newcomer(4, "o", "ZZ", "AS1"),
	} {
		p.As = memberKey(0)
		t.Run(why, func(t *testing.T) { c.refused("GOV-17", "m0", p) })
	}
	id := c.carry(newcomer(4, "o", "ZZ", "h"))
	c.wants(id, record.MotionDone)
	if len(c.result.Validators) != 1 || c.result.Validators[0].PubKey != memberKey(4) || c.result.Validators[0].Power != 1 {
		t.Errorf("the engine hears %+v", c.result.Validators)
	}
	c.vote(c.propose(4, delayOf(3)), true, 4) // it votes
	c = newCouncil(t, 4)
	// Two newcomers of one land, each of them within its cap when it is proposed: the
	// second is refused when it would take effect.
	first, second := c.propose(1, newcomer(5, "p", "YY", "i")), c.propose(2, newcomer(6, "q", "YY", "j"))
	c.vote(first, true, 0, 1, 2)
	c.wants(first, record.MotionDone)
	c.vote(second, true, 0, 1, 2, 3)
	c.wants(second, record.MotionRefused)
	if m := c.motion(second); m.Rule != "GOV-17" {
		t.Errorf("refused by %s", m.Rule)
	}
}

func TestRemoval_GOV18_GOV19_R14(t *testing.T) {
	c := newCouncil(t, 4)
	p := removal(3)
	p.As = memberKey(0)
	c.refused("GOV-19", "m0", p)
	// Of seven members two in one land keep the cap; of five or six they do not.
	c.carry(newcomer(4, "a", "YA", "ha"))
	c.carry(newcomer(5, "b", "YB", "hb"))
	c.seats = 6
	c.carry(newcomer(6, "c", "YA", "hc"))
	if len(c.roll().Members) != 7 || len(c.cures()) != 0 {
		t.Fatalf("%d members, cures %+v", len(c.roll().Members), c.cures())
	}
	c.carry(removal(3))
	if len(c.result.Validators) != 1 || c.result.Validators[0].Power != 0 {
		t.Errorf("the engine hears %+v", c.result.Validators)
	}
	cure := c.cures()
	if len(cure) != 1 || cure[0].Scope != record.ByJurisdiction || cure[0].Name != "YA" || cure[0].Until != cure[0].Since+cureTime || cure[0].Overdue {
		t.Fatalf("cures %+v", cure)
	}
	c.wait(cureTime)
	if got := c.cures(); len(got) != 1 || !got[0].Overdue {
		t.Fatalf("after its term: %+v", got)
	}
	// It is cured by a seventh member from elsewhere.
	c.carry(newcomer(7, "d", "YD", "hd"))
	if got := c.cures(); len(got) != 0 {
		t.Fatalf("cured: %+v", got)
	}
	// And by a parameter that moves the cap of organisations it opens anew.
	c.carry(matter(record.SetParameter, tx.Propose{Name: "member_share", Value: 333_333}))
	c.seats = 7
	c.carry(newcomer(8, "a", "YE", "he"))
	if len(c.cures()) != 0 {
		t.Fatalf("%+v", c.cures())
	}
	c.carry(matter(record.SetParameter, tx.Propose{Name: "member_share", Value: 100_000}))
	if got := c.cures(); len(got) != 1 || got[0].Scope != record.ByOrganisation || got[0].Name != "a" {
		t.Fatalf("%+v", got)
	}
}

// Of three changes that pass together two reach the validator set of eight at once,
// the third in the next ledger block.
func TestUpdates_GOV20_GOV21(t *testing.T) {
	c := newCouncil(t, 8)
	ids := []wire.Hash{c.propose(0, newcomer(8, "YA", "YA", "YA")), c.propose(1, newcomer(9, "YB", "YB", "YB")), c.propose(2, removal(7))}
	var last []tx.Verified
	for _, id := range ids {
		c.vote(id, true, 0, 1, 2, 3)
		for _, m := range []int{4, 5} {
			last = append(last, c.sign(memberName(m), &tx.Vote{Proposal: id, As: memberKey(m), Yes: true}))
		}
	}
	c.block(1, last...)
	if len(c.roll().Members) != 10 || len(c.result.Validators) != 2 {
		t.Fatalf("%d members; the engine hears %d changes", len(c.roll().Members), len(c.result.Validators))
	}
	c.wants(ids[2], record.MotionPassed)
	c.block(1)
	if len(c.roll().Members) != 9 || len(c.result.Validators) != 1 || c.result.Validators[0].Power != 0 {
		t.Fatalf("%d members; the engine hears %+v", len(c.roll().Members), c.result.Validators)
	}
	c.block(1)
	if c.result.Validators != nil || c.motion(ids[2]).State != record.MotionDone {
		t.Errorf("the engine hears %+v once all are in", c.result.Validators)
	}
}

func TestOffence_GOV22(t *testing.T) {
	c := newCouncil(t, 4)
	key := memberKey(1)
	sum := sha256.Sum256(key[:])
	bad := ledger.Misbehaviour{Validator: [20]byte(sum[:20]), Time: 5, Kind: 1}
	stranger := ledger.Misbehaviour{Validator: [20]byte{1}, Height: 1, Kind: 2}
	for i := range uint64(20) {
		bad.Height = i + 1
		now := c.header(1)
		r, err := ledger.Apply(c.state, c.last, now, nil, []ledger.Misbehaviour{bad, stranger})
		if err != nil || !r.Bearing {
			t.Fatalf("%v, bearing %v", err, r.Bearing)
		}
		c.state, c.last = r.State, now
		c.check()
	}
	leaf, _ := c.state.Get(record.OffencesKey(key))
	x, err := record.OffencesFromBytes(leaf.Data)
	if err != nil || x.Count != 20 || len(x.List) != record.OffencesMax || x.List[15].Height != 20 || x.List[0].Height != 5 {
		t.Errorf("%+v, %v", x, err)
	}
	// One who is no member is accused of nothing.
	now := c.header(1)
	r, err := ledger.Apply(c.state, c.last, now, nil, []ledger.Misbehaviour{stranger})
	if err != nil || len(r.Changes) != 2 || !r.Bearing {
		t.Errorf("%v, %d changes", err, len(r.Changes))
	}
}

// governed is every value that a vote may change, and nothing else may alone.
func governed(s tree.State) (out []tree.Leaf) {
	s.Walk(tree.RootKey(tree.Bodies), func(l tree.Leaf) bool {
		if l.Key != record.AgendaKey {
			out = append(out, l)
		}
		return true
	})
	leaf, _ := s.Get(record.ParametersKey)
	return append(out, leaf)
}

// No key in genesis has a power alone: for every kind of act and every account, the
// acts that it can do change no parameter, no body, no anchor, no version of the
// rules and no cure term, however long one waits.
func TestAlone_GOV4_R14(t *testing.T) {
	c := newCouncil(t, 4)
	add := matter(record.AddTrustAnchor, tx.Propose{Name: "arin", Material: keyInfo()})
	c.carry(add)
	c.wait(upgradeTime)
	before := governed(c.state)
	names := []string{"ana", "ben", "cat", "reg0", "reg1", "adj0", "adj1", "adj2"}
	for i := range c.seats {
		names = append(names, memberName(i))
	}
	tried := map[tx.Kind]bool{}
	for _, name := range names {
		as := wire.Hash{}
		for i := range c.seats {
			if name == memberName(i) {
				as = memberKey(i)
			}
		}
		begun := c.state
		last, lanes := c.last, c.lanes[who(name)]
		for _, body := range c.everyAct(name, as, add.Anchor().Hash()) {
			// Each from the same state: proposals would else use up the author's two.
			c.state, c.last, c.lanes[who(name)] = begun, last, lanes
			v := c.signed(name, body)
			tried[v.Kind()] = true
			id := c.id
			c.try(v)
			c.try(c.sign(name, &tx.Vote{Proposal: id, As: as, Yes: true}))
			c.try(c.sign(name, &tx.Petition{Proposal: id, Resource: resource("60.0.0.0/24")}))
			c.try(c.sign(name, &tx.Vote{Proposal: id, As: as, Yes: true}))
			c.wait(voteTime + 1)
			if after := governed(c.state); !slices.EqualFunc(before, after, func(x, y tree.Leaf) bool { return x.Key == y.Key && x.Value == y.Value }) {
				t.Errorf("%s alone, by %T, changed what is governed", name, body)
			}
		}
		c.state, c.last, c.lanes[who(name)] = begun, last, lanes
	}
	for _, k := range tx.Kinds() {
		if !tried[k] && k != tx.KindEvidence {
			t.Errorf("%v was not tried", k)
		}
	}
}

// everyAct is one act of every kind, and a proposal of every matter.
func (c *council) everyAct(name string, as, anchor wire.Hash) (out []tx.Body) {
	for _, v := range vectorActs(c.t) {
		switch v.Kind() {
		case tx.KindPropose, tx.KindEvidence, tx.KindKeyRevoke: // below; by its own rules; by its key
		case tx.KindOpenAccount:
			if !v.Header().Author.IsZero() {
				out = append(out, v.Body())
			}
		default:
			out = append(out, v.Body())
		}
	}
	why := wire.Hash{1}
	return append(out, &tx.KeyRevoke{Key: c.account(name).Policy.TitleKeys},
		propose(as, newcomer(4, "o", "ZZ", "h")), propose(as, removal(1)),
		propose(as, matter(record.MemberAccount, tx.Propose{Key: memberKey(1), Subject: who("dan")})),
		propose(as, matter(record.AdmitRegistrar, tx.Propose{Subject: who("dan"), Organisation: "o", Jurisdiction: "NL"})),
		propose(as, matter(record.RemoveRegistrar, tx.Propose{Subject: who("reg1"), Reason: why})),
		propose(as, matter(record.AdmitAdjudicator, tx.Propose{Subject: who("dan"), Organisation: "o", Jurisdiction: "NL"})),
		propose(as, matter(record.RemoveAdjudicator, tx.Propose{Subject: who("adj1"), Reason: why})),
		propose(as, delayOf(77)),
		propose(as, matter(record.AddRegistryCA, tx.Propose{Name: "arin", Material: keyInfo()})),
		propose(as, matter(record.RemoveTrustAnchor, tx.Propose{Key: anchor, Reason: why})),
		propose(as, matter(record.Upgrade, tx.Propose{Value: 2, Height: c.last.Height + 9})),
		propose(as, matter(record.RegistryCeased, tx.Propose{Name: "arin", Reason: why})),
		propose(as, matter(record.AddTrustAnchor, tx.Propose{Name: "apnic", Material: keyInfo()})),
	)
}

func propose(as wire.Hash, p *tx.Propose) *tx.Propose {
	p.As = as
	return p
}

// vectorActs are the acts of the vectors, of every kind.
func vectorActs(t testing.TB) (out []tx.Verified) {
	raw, err := os.ReadFile("../specs/vectors/acts.json")
	if err != nil {
		t.Fatal(err)
	}
	var v struct {
		Salt  wire.Hash `json:"salt"`
		Valid []struct {
			Raw string `json:"raw"`
		} `json:"valid"`
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	for _, one := range v.Valid {
		raw, err := hex.DecodeString(one.Raw)
		if err != nil {
			t.Fatal(err)
		}
		act, err := tx.Verify(raw, v.Salt)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, act)
	}
	return out
}

// signed is sign, or a revocation, which has no number.
func (c *council) signed(name string, body tx.Body) tx.Verified {
	if body.Kind() != tx.KindKeyRevoke {
		return c.sign(name, body)
	}
	return c.signWith(tx.Header{Author: who(name), Rules: 1}, body, c.keys[who(name)])
}

// try applies an act that may fail or not be admissible.
func (c *council) try(v tx.Verified) {
	now := c.header(1)
	if r, err := ledger.Apply(c.state, c.last, now, []tx.Verified{v}, nil); err == nil {
		c.state, c.last = r.State, now
	}
}
