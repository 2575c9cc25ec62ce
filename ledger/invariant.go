package ledger

import (
	"errors"
	"fmt"
	"math/big"

	"ipledger/ledger/account"
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// Invariants reports every invariant of the register that a state breaks, as seen at
// a header. It reads the whole state; simulations call it after every ledger
// block, audits when asked.
func Invariants(s tree.State, now Header) error {
	b, err := open(s, now, 0)
	if err != nil {
		return err
	}
	c := &checker{
		b: b, held: map[wire.Address]account.Holdings{}, resting: map[tree.Key][]record.Ref{}, places: map[tree.Key]int{},
		owners: map[wire.Hash]uint64{}, totals: map[Total]*big.Int{}, first: map[Total]*big.Int{},
	}
	for f := tree.IPv4; f <= tree.ASN; f++ {
		s.Walk(tree.Key{Subtree: f}, c.folio)
	}
	s.Walk(tree.Key{Subtree: tree.Accounts}, c.account)
	s.Walk(tree.Key{Subtree: tree.Due}, c.due)
	c.sources()
	c.indexes()
	c.tallies()
	c.bodies()
	return errors.Join(c.broken...)
}

// Total is how many numbers the titles of a registry's source rows hold.
type Total struct {
	Registry string
	Family   wire.Family
}

// Totals counts numbers by source and family. Acts conserve them, and statements
// of a registry change them as its tally says (R4).
func Totals(s tree.State) map[Total]*big.Int {
	out := map[Total]*big.Int{}
	for f := tree.IPv4; f <= tree.ASN; f++ {
		s.Walk(tree.Key{Subtree: f}, func(l tree.Leaf) bool {
			if folio := decodeFolio(l); len(folio.Title) > 0 {
				addTo(out, Total{must(record.TitleFromBytes(folio.Title)).Source.Registry, wire.Family(f)}, l.Key.Resource())
			}
			return true
		})
	}
	return out
}

func addTo(totals map[Total]*big.Int, of Total, r wire.Resource) {
	if totals[of] == nil {
		totals[of] = new(big.Int)
	}
	totals[of].Add(totals[of], inr.Count(r))
}

// checker walks a state once and gathers what it says twice.
type checker struct {
	b       *block
	last    wire.Resource // the title met last
	any     bool
	held    map[wire.Address]account.Holdings
	resting map[tree.Key][]record.Ref
	ends    int              // starts to come and ends that are set
	dues    int              // due items of estates
	waits   int              // changes that wait and recoveries less their due items
	bound   int              // enforcements, holds and restrictions that end by themselves
	clocks  int              // their due items
	second  uint64           // of the due items met last
	counted uint64           // terms and enforcements that are counted in it
	places  map[tree.Key]int // blocks with services, by the index they belong in
	claims  int              // in accounts' indexes, less their due items
	totals  map[Total]*big.Int
	first   map[Total]*big.Int // of titles from genesis
	sheets  int                // registries with waiting pages less their due items
	broken  []error
	origins uint64
	owners  map[wire.Hash]uint64 // settled titles
}

func (c *checker) fail(rule, format string, args ...any) {
	if len(c.broken) < 20 {
		c.broken = append(c.broken, fmt.Errorf("%s: %s", rule, fmt.Sprintf(format, args...)))
	}
}

func (c *checker) folio(l tree.Leaf) bool {
	f, at := decodeFolio(l), l.Key.Resource()
	if l.Value != f.Value() {
		c.fail("R15", "%v: the tree's value is not the folio's", at)
	}
	c.origins += record.CountOrigins(f.Authorisations)
	if len(f.Title) > 0 {
		t := must(record.TitleFromBytes(f.Title))
		c.title(at, t)
		if owner := settledOwner(t); !owner.IsZero() {
			c.owners[owner]++
		}
		c.entry(at, t, f)
	}
	list := must(record.EstatesFromBytes(f.Estates))
	for i := range list {
		c.estate(at, &list[i], i, list)
	}
	for _, o := range must(record.OriginsFromBytes(f.Authorisations)) {
		c.origin(at, o)
	}
	c.encumbrances(at, f)
	if len(f.Contacts) > 0 {
		c.services(at, must(record.ServicesFromBytes(f.Contacts)))
	}
	return true
}

// title keeps R1 and R2: in key order, a title inside another comes after it.
func (c *checker) title(at wire.Resource, t *record.Title) {
	if c.any && inr.Overlaps(c.last, at) {
		c.fail("R1", "the titles %v and %v overlap", c.last, at)
	}
	c.last, c.any = at, true
	if (t.State == record.Held) == t.Holder.IsZero() {
		c.fail("R2", "%v is %v with holder %v", at, t.State, t.Holder)
	}
	c.index(at, wire.Hash{})
	c.source(at, t)
	if t.Holder.IsZero() {
		return
	}
	if !t.Grade.Settled() {
		return
	}
	c.held[t.Holder] = c.held[t.Holder].Plus(account.Units(at))
}

// estate keeps R1, R5 and LEASE-8 for one estate at place i of its block.
func (c *checker) estate(at wire.Resource, e *record.Estate, i int, list []record.Estate) {
	layers := c.b.stack(at)
	if len(layers) == 0 || layers[0].estate != nil {
		c.fail("R5", "the estate %v at %v rests on no title", e.ID, at)
		return
	}
	if len(layers)-1 > record.DepthMax {
		c.fail("EST-1", "%d estates lie on %v", len(layers)-1, at)
	}
	inside, coming := c.b.countEstates(at)
	inside += uint64(len(list) - 1 - i)
	for j := i + 1; j < len(list); j++ {
		coming += uint64(toCome(&list[j]))
	}
	if inside != e.Inside || coming != e.Coming || inside > 2*record.InsideMax {
		c.fail("EST-1", "the estate %v at %v counts %d inside and %d to come, there are %d and %d", e.ID, at, e.Inside, e.Coming, inside, coming)
	}
	c.nests(&ended{at, *e})
	c.times(at, e)
	c.index(at, e.ID)
}

// nests keeps R1 and R5: of two estates over one address whose terms overlap the
// one that stands inside was carved out of the other, and began later.
func (c *checker) nests(x *ended) {
	over := c.b.standsIn(x)
	if len(over) >= record.AtMax {
		c.fail("LEASE-8", "%d estates are written over %v", len(over)+1, x.at)
	}
	mine := c.b.termOf(x)
	for i := range over {
		if t := c.b.termOf(&over[i]); t.overlaps(mine) && x.Start < over[i].Start {
			c.fail("R1", "%v at %v stood before %v at %v started, and stands on", x.ID, x.at, over[i].ID, over[i].at)
		}
	}
}

// standsIn lists the estates that one stands inside, live or to come.
func (b *block) standsIn(x *ended) (out []ended) {
	for _, l := range b.e.AppendPath(nil, tree.ResourceKey(x.at)) {
		for _, e := range b.page(&l).estatesHere() {
			if l.Key.Resource() == x.at && e.ID == x.ID {
				return out
			}
			out = append(out, ended{l.Key.Resource(), e})
		}
	}
	return out
}

// times keeps that a start to come and an end that is set are queued, and R6:
// the end of a fixed term waits under the lease's own id until a notice moves it.
func (c *checker) times(at wire.Resource, e *record.Estate) {
	if !e.Started {
		c.ends++
		if _, ok := c.b.e.Get(startDue(e.Start, e.ID, at)); !ok {
			c.fail("DUE-1", "the lease %v at %v starts at %d without due item", e.ID, at, e.Start)
		}
	}
	if e.Ends == 0 {
		if e.Kind == record.Lease && e.Lease[0].Renew == 0 {
			c.fail("R6", "the lease %v at %v has neither an end nor a period", e.ID, at)
		}
		return
	}
	c.ends++
	if _, ok := c.b.e.Get(estateDue(e.Ends, e.Warning, at)); !ok {
		c.fail("DUE-1", "the estate %v at %v ends at %d without due item", e.ID, at, e.Ends)
	}
}

// encumbrances keeps what can be seen of R9 in one state: charges and holds stand
// over titles that are held, each enforcement and hold with what ends it.
func (c *checker) encumbrances(at wire.Resource, f *record.Folio) {
	charges, list := must(record.ChargesFromBytes(f.Charges)), must(record.RestrictionsFromBytes(f.Restrictions))
	if len(charges) > 0 && (len(f.Title) == 0 || must(record.TitleFromBytes(f.Title)).State != record.Held) {
		c.fail("R9", "%d charges stand at %v over no title that is held", len(charges), at)
	}
	if len(list) > 0 && len(f.Title) == 0 {
		c.fail("R9", "%d restrictions stand at %v over no title", len(list), at)
	}
	for i := range charges {
		if charges[i].Enforced == 0 {
			continue
		}
		c.bound++
		if _, ok := c.b.e.Get(enforceDue(at, &charges[i])); !ok {
			c.fail("DUE-1", "charge %v over %v is enforced at %d without due item", charges[i].ID, at, charges[i].Enforced)
		}
	}
	for _, x := range list {
		c.restriction(at, x)
		if x.Kind != record.Hold {
			continue
		}
		c.bound++
		o, ok := c.b.offer(x.Act)
		if !ok || o.Accepted == 0 || o.Title != at {
			c.fail("COND-2", "the hold of %v on %v is of no accepted transfer", x.Act, at)
		}
		if _, ok := c.b.e.Get(tree.DueKey(x.Until, record.RankOffer, x.Act)); !ok {
			c.fail("DUE-1", "the hold of %v on %v ends at %d without due item", x.Act, at, x.Until)
		}
	}
}

// origin keeps R7.
func (c *checker) origin(at wire.Resource, o record.Origin) {
	layers, ok := c.b.cover(o.Holder, at)
	if !ok {
		c.fail("R7", "%v authorised %v for AS%d and does not possess it", o.Holder, at, o.AS)
	}
	c.b.looks = 0
	if taken, found, err := c.b.takenWithin(c.b.stack(at), at, o.Holder, o.MaxLength); err == nil && found {
		c.fail("R7", "the authorisation of %v for AS%d at %v down to /%d permits %v", o.Holder, o.AS, at, o.MaxLength, taken)
	}
	for _, l := range layers {
		k := record.RestingKey(l.at, l.id())
		c.resting[k] = append(c.resting[k], record.Ref{Resource: at, MaxLength: o.MaxLength, AS: o.AS})
	}
}

func (c *checker) account(l tree.Leaf) bool {
	a := must(account.FromBytes(l.Data))
	id := wire.Address(l.Key.Addr[:20])
	if c.held[id] != a.Holdings {
		c.fail("R4", "account %v counts %+v, its titles %+v", id, a.Holdings, c.held[id])
	}
	if err := a.Policy.CheckStanding(); err != nil {
		c.fail("ACC-2", "account %v: %v", id, err)
	}
	delete(c.held, id)
	c.keys(id, a)
	c.claims += len(c.b.claimsOf(id).IDs)
	return true
}

// due keeps that each item's object is there.
func (c *checker) due(l tree.Leaf) bool {
	if at := dueTime(l.Key); at != c.second {
		c.second, c.counted = at, 0
	}
	if dueRank(l.Key) == record.RankCount {
		c.counted = must(record.EndsFromBytes(l.Data)).Count
		return true
	}
	d := must(record.DueFromBytes(l.Data))
	ok := true
	c.counts(d)
	switch d.Kind {
	case record.DueOffer:
		_, ok = c.b.offer(d.Act)
	case record.DueWait:
		_, ok = c.b.e.Get(record.WaitingKeyOf(d.Account, record.Sort(d.Sort)))
		c.waits--
	case record.DueRecovery:
		_, ok = c.b.e.Get(record.RecoveryKey(d.Account))
		c.waits--
	case record.DueEstate, record.DueStart:
		c.dues++
		_, _, ok = c.b.findEstate(d.Resource, d.Estate)
	case record.DueClaim, record.DueSuccession:
		ok = c.claimDueAt(l.Key, d)
	case record.DueRemoval:
		ok = !c.b.inOffice(d.Account)
	case record.DueSettle:
		c.clocks++
		o, has := c.b.offer(d.Act)
		ok = has && o.Accepted != 0
	case record.DueSource:
		c.sheets--
		ok = c.sheetDue(l.Key, d)
	case record.DueSurrender:
		o, has := c.b.offer(d.Act)
		ok = has && l.Key == offerDue(d.Act, o)
	case record.DueCase:
		ok = c.matter(l.Key, d)
	case record.DueRestriction:
		c.clocks++
		_, _, ok = c.b.restrictionAt(d.Resource, record.RestrictionKind(d.Sort), d.Act)
	case record.DueEvidence:
		ok = c.evidence(d)
	case record.DueEnforce:
		c.clocks++
		t, i, err := c.b.chargeAt(d.Resource, d.Estate)
		ok = err == nil && chargesOver(t)[i].Notice == d.Act
	}
	if has, governs := c.governs(l.Key, d); governs {
		ok = has
	}
	if !ok {
		c.fail("DUE-1", "the due item of act %v has lost its object", d.Act)
	}
	return true
}

// counts keeps EST-7 and CHARGE-20: a second's terms and enforcements are counted;
// the count stands before them in the queue.
func (c *checker) counts(d *record.Due) {
	if d.Kind != record.DueEstate && d.Kind != record.DueStart && d.Kind != record.DueEnforce {
		return
	}
	if c.counted == 0 {
		c.fail("EST-7", "more terms and enforcements fall due at %d than are counted", c.second)
		return
	}
	c.counted--
}

// indexes compares what indexes say with what stands at the blocks.
func (c *checker) indexes() {
	for id, h := range c.held {
		c.fail("R2", "titles count %+v for %v, which is no account", h, id)
	}
	if c.ends != c.dues {
		c.fail("DUE-1", "%d starts and ends of estates are set, %d are queued", c.ends, c.dues)
	}
	for k, n := range c.places {
		if n != 0 {
			c.fail("SVC-5", "an index names %d fewer blocks with services than there are: %v", n, k)
		}
	}
	if c.claims != 0 {
		c.fail("DUE-1", "%d more claims are open than are queued", c.claims)
	}
	if c.waits != 0 {
		c.fail("DUE-1", "%d more changes and recoveries wait than are queued", c.waits)
	}
	if c.sheets != 0 {
		c.fail("DUE-1", "%d more registries have pages that wait than are queued", c.sheets)
	}
	if c.bound != c.clocks {
		c.fail("DUE-1", "%d enforcements, holds and restrictions wait, %d are queued", c.bound, c.clocks)
	}
	for k, refs := range c.resting {
		leaf, _ := c.b.e.Get(k)
		index, err := record.RestingFromBytes(leaf.Data)
		if err != nil || len(index.Refs) != len(refs) || len(refs) > record.OriginsMax {
			c.fail("ORIGIN-4", "an index of authorisations differs from what stands at the blocks: %v, found %v", index, refs)
		}
	}
}

// must unwraps what the state's own records give, read as strictly as a
// stranger's would be.
func must[T any](v T, err error) T {
	if err != nil {
		panic(fmt.Errorf("%w: %w", ErrCorrupt, err))
	}
	return v
}

func decodeFolio(l tree.Leaf) *record.Folio { return must(record.FolioFromBytes(l.Data)) }
