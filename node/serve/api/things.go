package api

import (
	"fmt"

	"ipledger/ledger/light"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// things is what stands at a block, each under a name of its own, with what is
// said of it; what a change of counts alone would alter is left out.
type things map[string]said

type said struct {
	what, text string
	origin     *light.OriginShape
}

// changed is a change of what is said.
func (x said) changed(at wire.Resource, how, text string) recordChange {
	return recordChange{x.what, at.String(), how, text, at, x.origin}
}

// thingsAt reads a folio; one that is not there has nothing.
func thingsAt(s tree.State, at wire.Resource) (things, error) {
	out := things{}
	leaf, ok := s.Get(tree.ResourceKey(at))
	if !ok {
		return out, nil
	}
	shape, err := shapeFolio(at, Version{Data: leaf.Data})
	if err != nil {
		return nil, err
	}
	if t := shape.Title; t != nil {
		out["title"] = said{what: "title", text: fmt.Sprintf("the title to %v: %s, grade %s, holder %s", at, t.State, t.Grade, party(t.Holder))}
	}
	for _, c := range shape.Charges {
		out["charge "+c.ID.String()] = said{what: "charge", text: fmt.Sprintf("charge %v over %v, lender %s, rank %d%s", c.ID, at, party(c.Lender), c.Rank, enforced(c))}
	}
	for _, x := range shape.Holds {
		out["hold "+x.Act.String()] = said{what: "restriction", text: fmt.Sprintf("%s of %v until %s", x.Kind, at, light.Clock(uint64(x.Until)))}
	}
	for _, e := range shape.Estates {
		out["estate "+e.ID.String()] = said{what: "estate", text: fmt.Sprintf("%s %v of %v to %s%s", e.Kind, e.ID, at, party(e.Holder), termOf(e))}
	}
	for _, o := range shape.Origins {
		text := fmt.Sprintf("authorisation of AS%d for %v down to /%d by %s", o.AS, at, o.MaxLength, party(o.Holder))
		out[text] = said{"authorisation", text, &o}
	}
	for i := range shape.Services {
		out["services"] = said{what: "services", text: servicesText(at, &shape.Services[i])}
	}
	return out, nil
}

func party(p light.Party) string {
	if wire.Address(p).IsZero() {
		return "nobody"
	}
	return wire.Address(p).String()
}

func enforced(c light.ChargeShape) string {
	if c.Enforcement == nil {
		return ""
	}
	return fmt.Sprintf(", enforcement for %s takes effect at %s", party(c.Enforcement.To), light.Clock(uint64(c.Enforcement.Effect)))
}

func termOf(e light.EstateShape) string {
	text := ""
	if e.Kind == "lease" {
		text = " from " + light.Clock(uint64(e.Start))
	}
	if e.Ends != 0 {
		text += " until " + light.Clock(uint64(e.Ends))
	}
	if e.Lease != nil && e.Lease.Suspended != 0 {
		text += ", suspended until " + light.Clock(uint64(e.Lease.Suspended))
	}
	return text
}

func servicesText(at wire.Resource, s *light.ServicesShape) string {
	return fmt.Sprintf("services of %v by %s: providers %v, name servers %v, geofeed %q, abuse contact %q", at, party(s.Holder), s.Providers, s.Servers, s.Geofeed, s.Abuse)
}
