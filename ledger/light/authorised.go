package light

import (
	"encoding/json"
	"fmt"
	"strings"

	"ipledger/ledger/wire"
)

// asMax is the largest AS number.
const asMax = 1<<32 - 1

// Route is what an authorisation permits: that an AS originates a block and what
// is inside it, down to prefixes of a length.
type Route struct {
	Block     wire.Resource // a prefix
	AS        uint64        // of 32 bits; 0 for nobody
	MaxLength uint64        // from the block's own length to that of an address
}

// Check reports a route that no authorisation can be of (ORIGIN-1, PRF-20).
func (r Route) Check() error {
	if r.Block.Family == wire.ASN || r.AS > asMax || r.MaxLength < uint64(r.Block.Len) || r.MaxLength > uint64(r.Block.Family.Bits()) {
		return unproven("PRF-20", nil, "AS%d, %v down to /%d is nothing that can be authorised", r.AS, r.Block, r.MaxLength)
	}
	return nil
}

// AuthorisedPart shows one authorisation, or that there is none of the kind: the
// records that cover its block, as for a resource.
type AuthorisedPart struct {
	ResourcePart
	AS        uint64 `json:"as,string"`
	MaxLength uint64 `json:"max_length,string"`
}

// AuthorisedAnswer says whether a route is authorised, and by whom.
type AuthorisedAnswer struct {
	Answer
	Route  Route
	Found  []Origin // of exactly this route, by different accounts; none where it is absent
	Others int      // other authorisations at the block, or at blocks that cover it
}

// open checks the part.
//
// specs/12 PRF-20: An authorisation MUST be named by a prefix, an AS number below
// 2^32 and a length from the prefix's own to that of an address; it is present
// where the answer shows one at exactly that prefix, and absent otherwise.
func (p *AuthorisedPart) open(c Certified) (*AuthorisedAnswer, error) {
	a, err := p.ResourcePart.open(c)
	if err != nil {
		return nil, err
	}
	r := Route{a.Resource, p.AS, p.MaxLength}
	if err := r.Check(); err != nil {
		return nil, err
	}
	return a.Authorised(r), nil
}

// Authorised is what an answer says of a route at its own block.
func (a *Answer) Authorised(r Route) *AuthorisedAnswer {
	out := &AuthorisedAnswer{Answer: *a, Route: r}
	for _, o := range a.Origins {
		if o.At == r.Block && o.AS == r.AS && o.MaxLength == r.MaxLength {
			out.Found = append(out.Found, o)
		}
	}
	out.Others = len(a.Origins) - len(out.Found)
	return out
}

// Authorised makes the proof file for an authorisation, or for there being none.
func (s Source) Authorised(r Route) (*File, error) {
	return s.finish(&File{Kind: KindAuthorised, Authorised: &AuthorisedPart{*s.resourcePart(r.Block), r.AS, r.MaxLength}})
}

// Statement is the answer in plain words.
func (a *AuthorisedAnswer) Statement() string {
	var b strings.Builder
	fmt.Fprintf(&b, "After block %d, at %s, ", a.Height, Clock(a.Time))
	b.WriteString(a.tellFound())
	if a.Title == nil {
		b.WriteString(" No title covers the block.")
	} else {
		fmt.Fprintf(&b, " The title %v over it is %s, grade %v.", a.Title.At, a.State, a.Grade)
	}
	fmt.Fprintf(&b, " %d other authorisations stand there or at blocks that cover it.", a.Others)
	return b.String()
}

func (a *AuthorisedAnswer) tellFound() string {
	route := fmt.Sprintf("AS%d to originate %v down to /%d", a.Route.AS, a.Route.Block, a.Route.MaxLength)
	if len(a.Found) == 0 {
		return "nobody authorises " + route + "."
	}
	var each []string
	for _, o := range a.Found {
		each = append(each, fmt.Sprintf("%v authorises %s%s", o.Holder, route, tellSuspended(o.Suspended)))
	}
	return strings.Join(each, "; ") + "."
}

// MarshalJSON writes the answer as nodes and tools show it.
func (a *AuthorisedAnswer) MarshalJSON() ([]byte, error) {
	found := []OriginShape{}
	for _, o := range a.Found {
		shape := ShapeOrigin(o.At, o.Origin)
		shape.Suspended = Instant(o.Suspended)
		found = append(found, shape)
	}
	return json.Marshal(struct {
		Resource  string        `json:"resource"`
		AS        Decimal       `json:"as"`
		MaxLength uint64        `json:"max_length"`
		Height    Decimal       `json:"height"`
		Time      Instant       `json:"time"`
		Present   bool          `json:"present"`
		Found     []OriginShape `json:"authorisations"`
		Others    int           `json:"others"`
		State     string        `json:"state"`
		Grade     string        `json:"grade"`
		Statement string        `json:"statement"`
	}{
		a.Resource.String(), Decimal(a.Route.AS), a.Route.MaxLength, Decimal(a.Height), Instant(a.Time), len(found) > 0, found, a.Others,
		a.State, a.Grade.String(), a.Statement(),
	})
}
