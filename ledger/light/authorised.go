package light

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"ipledger/ledger/inr"
	"ipledger/ledger/tree"
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
// records that cover its block, as for a resource, and of one that there is those
// that cover its AS number.
type AuthorisedPart struct {
	ResourcePart
	AS            uint64 `json:"as,string"`
	MaxLength     uint64 `json:"max_length,string"`
	NumberProof   Hex    `json:"as_proof"`   // point proof of the AS number under StateRoot; empty where it is not looked at
	NumberRecords []Hex  `json:"as_records"` // the folio of each value that it shows, in its order
}

// AuthorisedAnswer says whether a route is authorised, and by whom.
type AuthorisedAnswer struct {
	Answer
	Route  Route
	Found  []Origin // of exactly this route, by different accounts; none where it is absent
	Others int      // other authorisations at the block, or at blocks that cover it
	Number *Title   // over the AS number of what was found; nil where there is none, or it names nobody
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
	return a.Authorised(r, p.number(c))
}

// number looks up what covers the AS number, as the file shows it.
//
// specs/12 PRF-22: Of an authorisation that is present, of another AS number than
// 0, the file MUST show the AS number as PRF-9 says, under the same state root; of
// every other its as_proof and as_records MUST be empty.
func (p *AuthorisedPart) number(c Certified) lookup {
	return func(r wire.Resource, asked bool) (*Answer, error) {
		if !asked {
			if len(p.NumberProof)+len(p.NumberRecords) > 0 {
				return nil, unproven("PRF-22", nil, "the file shows %v, on which the answer does not depend", r)
			}
			return nil, nil
		}
		part := ResourcePart{p.Roots, r.String(), p.NumberProof, p.NumberRecords}
		a, err := part.open(c)
		if err != nil {
			return nil, unproven("PRF-22", err, "whose %v is", r)
		}
		return a, nil
	}
}

// lookup answers for an AS number where the answer to a route depends on it; asked
// says whether it does.
type lookup func(number wire.Resource, asked bool) (*Answer, error)

// Authorised is what an answer says of a route at its own block. look answers for
// the route's AS number, if it is asked.
func (a *Answer) Authorised(r Route, look lookup) (*AuthorisedAnswer, error) {
	out := &AuthorisedAnswer{Answer: *a, Route: r}
	for _, o := range a.Origins {
		if o.At == r.Block && o.AS == r.AS && o.MaxLength == r.MaxLength {
			out.Found = append(out.Found, o)
		}
	}
	out.Others = len(a.Origins) - len(out.Found)
	number, err := look(inr.AS(uint32(r.AS)), out.numbered())
	if number != nil {
		out.Number = number.Title
	}
	return out, err
}

// numbered reports whether the answer depends on whose the AS number is.
func (a *AuthorisedAnswer) numbered() bool { return len(a.Found) > 0 && a.Route.AS != 0 }

// ReadAuthorised is the answer of a state to a route at a moment: the same that
// the state's proof gives to a verifier (R16).
func ReadAuthorised(s tree.State, r Route, at Moment) (*AuthorisedAnswer, error) {
	a, err := Read(s, r.Block, at)
	if err != nil {
		return nil, err
	}
	return a.Authorised(r, func(number wire.Resource, asked bool) (*Answer, error) {
		if !asked {
			return nil, nil
		}
		return Read(s, number, at)
	})
}

// Authorised makes the proof file for an authorisation, or for there being none.
func (s Source) Authorised(r Route) (*File, error) {
	p := &AuthorisedPart{ResourcePart: *s.resourcePart(r.Block), AS: r.AS, MaxLength: r.MaxLength, NumberRecords: []Hex{}}
	a, err := ReadAuthorised(s.State, r, s.Moment())
	if err != nil {
		return nil, err
	}
	if a.numbered() {
		number := s.resourcePart(inr.AS(uint32(r.AS)))
		p.NumberProof, p.NumberRecords = number.Proof, number.Records
	}
	return s.finish(&File{Kind: KindAuthorised, Authorised: p})
}

// Changed reports whether the AS number came to its holder after an authorisation
// was entered that names it.
//
// specs/18 SVC-14: What names an AS number stands when it changes hands, and shows it.
func (a *AuthorisedAnswer) Changed(o Origin) bool { return a.Number != nil && o.Since < a.Number.Since }

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
	a.tellNumber(&b)
	return b.String()
}

// tellNumber says whose the AS number is, and which authorisations are older.
func (a *AuthorisedAnswer) tellNumber(b *strings.Builder) {
	switch {
	case !a.numbered():
		return
	case a.Number == nil:
		fmt.Fprintf(b, " No title covers AS%d.", a.Route.AS)
		return
	}
	fmt.Fprintf(b, " AS%d lies in the title %v, holder %s, %s.", a.Route.AS, a.Number.At, holder(a.Number.Holder), sinceTold(a.Number.Since))
	for _, o := range a.Found {
		if a.Changed(o) {
			fmt.Fprintf(b, " It changed hands after the authorisation by %v, which stands %s.", o.Holder, sinceTold(o.Since))
		}
	}
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
	var number *TitleShape
	if a.Number != nil {
		shape := ShapeTitle(a.Number.At, &a.Number.Title)
		number = &shape
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
		Number    *TitleShape   `json:"as_title"`
		Changed   bool          `json:"changed_hands"`
		Statement string        `json:"statement"`
	}{
		a.Resource.String(), Decimal(a.Route.AS), a.Route.MaxLength, Decimal(a.Height), Instant(a.Time), len(found) > 0, found, a.Others,
		a.State, a.Grade.String(), number, slices.ContainsFunc(a.Found, a.Changed), a.Statement(),
	})
}
