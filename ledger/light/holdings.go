package light

import (
	"fmt"
	"math/big"
	"strings"

	"ipledger/ledger/account"
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// HoldingsMax is how many titles and leased blocks one file shows: with a proof of
// some 900 bytes each, in digits, no more fit it.
const HoldingsMax = 1000

// HoldingsPart shows an account, each title that it holds with all that stands at
// it and inside it, and each block that it holds by an estate of another's.
type HoldingsPart struct {
	Roots
	ID      wire.Address `json:"id"`
	Proof   Hex          `json:"proof"`
	Record  Hex          `json:"record"`
	Titles  []Listed     `json:"titles"`  // ascending
	Estates []Shown      `json:"estates"` // ascending
}

// Listed is a title and every record at it and inside it, on as many pages as
// that takes; only the first is in the file.
type Listed struct {
	Query   string  `json:"query"`
	Proof   Hex     `json:"proof"`
	Entries []Entry `json:"entries"`
}

// Shown is a block and the records that cover it.
type Shown struct {
	Query   string `json:"query"`
	Proof   Hex    `json:"proof"`
	Records []Hex  `json:"records"`
}

// HoldingsAnswer is what an account holds.
type HoldingsAnswer struct {
	Moment
	ID      wire.Address
	Account *account.Account
	Titles  []HeldTitle
	Estates []HeldEstate
}

// HeldTitle is a title of the account's, and what others have in it.
type HeldTitle struct {
	At      wire.Resource
	Title   record.Title
	Charges []record.Charge
	Out     []Estate // live estates of others at it and inside it
	More    bool     // more stands inside than the file lists
}

// HeldEstate is a live estate that the account holds.
type HeldEstate struct{ Estate }

// open checks the part.
//
// specs/12 PRF-19: The titles of a holdings statement MUST be the account's,
// ascending, each with the range proof beneath it, and together have exactly the
// units that the account's record counts; the estates MUST be ones that the
// account holds live at the block named, each with the point proof of that block.
func (p *HoldingsPart) open(c Certified) (*HoldingsAnswer, error) {
	own, err := (&AccountPart{Roots: p.Roots, ID: p.ID, Proof: p.Proof, Record: p.Record}).open(c)
	if err != nil {
		return nil, err
	}
	if own.Account == nil || len(p.Titles)+len(p.Estates) > HoldingsMax {
		return nil, unproven("PRF-19", nil, "no account %v, or more than %d blocks", p.ID, HoldingsMax)
	}
	a := &HoldingsAnswer{Moment: c.Moment(), ID: p.ID, Account: own.Account}
	for _, x := range p.Titles {
		if err := a.title(p.Roots, x); err != nil {
			return nil, err
		}
	}
	if a.units() != own.Account.Holdings {
		return nil, unproven("PRF-19", nil, "the titles have %+v, the account counts %+v", a.units(), own.Account.Holdings)
	}
	for _, x := range p.Estates {
		if err := a.estate(c, p.Roots, x); err != nil {
			return nil, err
		}
	}
	return a, nil
}

func (a *HoldingsAnswer) units() (sum account.Holdings) {
	for _, t := range a.Titles {
		sum = sum.Plus(account.Units(t.At))
	}
	return sum
}

// title takes a title of the account's in.
func (a *HoldingsAnswer) title(roots Roots, x Listed) error {
	page := BeneathAnswer{Moment: a.Moment}
	if err := (&BeneathPart{Roots: roots, Query: x.Query, From: x.Query, Proof: x.Proof, Entries: x.Entries}).read(&page); err != nil {
		return err
	}
	at := page.Query
	if n := len(a.Titles); n > 0 && inr.Compare(a.Titles[n-1].At, at) >= 0 {
		return unproven("PRF-19", nil, "the title %v is not in its place", at)
	}
	if len(page.Entries) == 0 || page.Entries[0].At != at {
		return unproven("PRF-19", nil, "nothing is written at %v", at)
	}
	t, err := record.TitleFromBytes(page.Entries[0].Folio.Title)
	if err != nil || t.Holder != a.ID {
		return unproven("PRF-19", err, "%v is no title of the account's", at)
	}
	charges, err := record.ChargesFromBytes(page.Entries[0].Folio.Charges)
	if err != nil {
		return unproven("PRF-19", err, "the charges over %v", at)
	}
	held := HeldTitle{At: at, Title: *t, Charges: charges, More: page.More}
	for _, e := range page.Entries {
		estates, err := record.EstatesFromBytes(e.Folio.Estates)
		if err != nil {
			return unproven("PRF-19", err, "the estates at %v", e.At)
		}
		held.Out = append(held.Out, a.others(e.At, estates)...)
	}
	a.Titles = append(a.Titles, held)
	return nil
}

// others are the live estates of other accounts among those at a block.
func (a *HoldingsAnswer) others(at wire.Resource, list []record.Estate) (out []Estate) {
	for _, e := range list {
		if e.Start <= a.Time && e.Live(a.Time) && e.Holder != a.ID {
			out = append(out, Estate{at, e})
		}
	}
	return out
}

// estate takes the estates of the account's at a block in.
func (a *HoldingsAnswer) estate(c Certified, roots Roots, x Shown) error {
	found, err := (&ResourcePart{Roots: roots, Query: x.Query, Proof: x.Proof, Records: x.Records}).open(c)
	if err != nil {
		return err
	}
	n := len(a.Estates)
	if n > 0 && inr.Compare(a.Estates[n-1].At, found.Resource) >= 0 {
		return unproven("PRF-19", nil, "the estate at %v is not in its place", found.Resource)
	}
	for _, e := range found.Estates {
		if e.At == found.Resource && e.Holder == a.ID {
			a.Estates = append(a.Estates, HeldEstate{e})
		}
	}
	if len(a.Estates) == n {
		return unproven("PRF-19", nil, "the account holds no estate at %v", found.Resource)
	}
	return nil
}

// Counts is how many numbers an account holds by title in a family, and how many
// of those others possess.
type Counts struct {
	Family    wire.Family
	Titles    int
	Held, Out *big.Int
}

// Counts adds the titles up, IPv4 first; families without a title are left out.
func (a *HoldingsAnswer) Counts() (out []Counts) {
	for _, t := range a.Titles {
		if n := len(out); n == 0 || out[n-1].Family != t.At.Family {
			out = append(out, Counts{Family: t.At.Family, Held: new(big.Int), Out: new(big.Int)})
		}
		c := &out[len(out)-1]
		c.Titles++
		c.Held.Add(c.Held, inr.Count(t.At))
		c.Out.Add(c.Out, t.out())
	}
	return out
}

// out is how many numbers of a title others possess: the outermost of estates that
// nest counts for those inside it.
func (t *HeldTitle) out() *big.Int {
	sum := new(big.Int)
	var last wire.Resource
	for i, e := range t.Out {
		if i == 0 || !inr.Covers(last, e.At) {
			sum.Add(sum, inr.Count(e.At))
			last = e.At
		}
	}
	return sum
}

// Statement is the holdings in plain words.
func (a *HoldingsAnswer) Statement() string {
	var b strings.Builder
	fmt.Fprintf(&b, "After block %d, at %s, account %v holds by title, completely but for titles smaller than a unit of its count:", a.Height, Clock(a.Time), a.ID)
	for _, c := range a.Counts() {
		fmt.Fprintf(&b, " %d titles with %v %s, %v of them possessed by others.", c.Titles, c.Held, FamilyName(c.Family), c.Out)
	}
	if len(a.Titles) == 0 {
		b.WriteString(" nothing.")
	}
	for _, t := range a.Titles {
		b.WriteString(" " + t.Tell())
	}
	for _, e := range a.Estates {
		fmt.Fprintf(&b, " It holds %v under a %s%s.", e.At, EstateName(e.Kind), tellEnd(&e.Estate))
	}
	return b.String()
}

// Tell is the title, and what others have in it, in plain words.
func (t *HeldTitle) Tell() string {
	text := fmt.Sprintf("%v: %v, grade %v", t.At, t.Title.State, t.Title.Grade)
	for _, c := range t.Charges {
		text += fmt.Sprintf(", charged to %v", c.Lender)
	}
	for _, e := range t.Out {
		text += fmt.Sprintf(", %v under a %s to %s%s", e.At, EstateName(e.Kind), holder(e.Holder), tellEnd(&e))
	}
	if t.More {
		text += ", more inside"
	}
	return text + "."
}

// FamilyName is what the numbers of a family are called.
func FamilyName(f wire.Family) string {
	switch f {
	case wire.IPv4:
		return "IPv4 addresses"
	case wire.IPv6:
		return "IPv6 addresses"
	}
	return "AS numbers"
}

// Holdings makes the proof file of all that an account holds; blocks are those at
// which it holds a title or an estate, ascending.
func (s Source) Holdings(id wire.Address, blocks []wire.Resource) (*File, error) {
	k := tree.AccountKey(id)
	leaf, ok := s.State.Get(k)
	if !ok || len(blocks) > HoldingsMax {
		return nil, unproven("PRF-19", nil, "no account %v, or it holds %d blocks, at most %d fit a file", id, len(blocks), HoldingsMax)
	}
	p := &HoldingsPart{Roots: s.roots(), ID: id, Proof: s.State.Prove(k), Record: leaf.Data, Titles: []Listed{}, Estates: []Shown{}}
	for _, at := range blocks {
		a, err := Read(s.State, at, s.Certified.Moment())
		if err != nil {
			return nil, err
		}
		if a.Title != nil && a.Title.At == at && a.Title.Holder == id {
			p.Titles = append(p.Titles, s.listed(at))
		}
		if a.holdsAt(id, at) {
			shown := s.resourcePart(at)
			p.Estates = append(p.Estates, Shown{shown.Query, shown.Proof, shown.Records})
		}
	}
	return s.finish(&File{Kind: KindHoldings, Holdings: p})
}

// holdsAt reports whether an account holds a live estate at exactly a block.
func (a *Answer) holdsAt(id wire.Address, at wire.Resource) bool {
	for _, e := range a.Estates {
		if e.At == at && e.Holder == id {
			return true
		}
	}
	return false
}

// listed is a title with the first page of what stands inside it.
func (s Source) listed(at wire.Resource) Listed {
	k := tree.ResourceKey(at)
	list, proof := s.State.ProveRange(k, k, BeneathMax)
	out := Listed{Query: at.String(), Proof: proof, Entries: []Entry{}}
	for _, l := range list {
		out.Entries = append(out.Entries, Entry{l.Key.Resource().String(), l.Data})
	}
	return out
}
