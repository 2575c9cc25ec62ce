package api

import (
	"errors"
	"net/http"

	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// historyShape is a page of what was written at one block.
type historyShape struct {
	Resource string        `json:"resource"`
	Height   light.Decimal `json:"height"` // of the newest block looked at
	TitleAt  *string       `json:"title_at"`
	Versions []folioShape  `json:"versions"` // newest first
	Next     string        `json:"next"`     // the before of the next page, or empty
	Pruned   light.Decimal `json:"pruned"`   // versions made by blocks up to this height are not here; 0 where all are
}

// folioShape is what was written at a block from a height on.
type folioShape struct {
	Height   light.Decimal            `json:"height"`
	Present  bool                     `json:"present"`
	Value    wire.Hash                `json:"value"`
	Prior    wire.Hash                `json:"previous"`
	Title    *light.TitleShape        `json:"title"`
	Charges  []light.ChargeShape      `json:"charges"`
	Holds    []light.RestrictionShape `json:"restrictions"`
	Estates  []light.EstateShape      `json:"estates"`
	Origins  []light.OriginShape      `json:"origins"`
	Services []light.ServicesShape    `json:"services"`
}

// history lists the versions of the folio at exactly this block. title_at says
// at which block the title over it stands today: its history is asked for there,
// and goes on through the title's predecessors.
func (a *API) history(w http.ResponseWriter, r *http.Request, res wire.Resource) error {
	prove, err := asked(r, "proof")
	if err != nil {
		return err
	}
	if prove {
		return a.lineage(w, r, res)
	}
	if err := without(r, "at", "after", "from"); err != nil {
		return err
	}
	before, err := optional(r, "before", 1<<63-1, 0)
	if err != nil {
		return err
	}
	n, err := limit(r)
	if err != nil {
		return err
	}
	v := a.Ledger.View()
	versions, err := a.Ledger.History(tree.ResourceKey(res), before, n)
	if err != nil {
		return err
	}
	out := historyShape{Resource: res.String(), Height: light.Decimal(v.Height), Versions: []folioShape{}, Pruned: light.Decimal(a.Pruned)}
	if answer, err := light.Read(v.State, res, v.moment()); err == nil && answer.Title != nil {
		at := answer.Title.At.String()
		out.TitleAt = &at
	}
	for _, version := range versions {
		shape, err := shapeFolio(res, version)
		if err != nil {
			return err
		}
		out.Versions = append(out.Versions, shape)
	}
	if len(versions) == n {
		out.Next = decimal(versions[n-1].Height)
	}
	return writeJSON(w, out)
}

func shapeFolio(at wire.Resource, v Version) (folioShape, error) {
	out := folioShape{
		Height: light.Decimal(v.Height), Present: len(v.Data) > 0, Charges: []light.ChargeShape{}, Holds: []light.RestrictionShape{},
		Estates: []light.EstateShape{}, Origins: []light.OriginShape{}, Services: []light.ServicesShape{},
	}
	if !out.Present {
		return out, nil
	}
	f, err := record.FolioFromBytes(v.Data)
	if err != nil {
		return out, err
	}
	out.Value, out.Prior = f.Value(), f.Previous
	return out, errors.Join(out.title(at, f), out.burdens(at, f), out.rights(at, f))
}

func (out *folioShape) title(at wire.Resource, f *record.Folio) error {
	if len(f.Title) == 0 {
		return nil
	}
	t, err := record.TitleFromBytes(f.Title)
	if err != nil {
		return err
	}
	shape := light.ShapeTitle(at, t)
	out.Title = &shape
	return nil
}

func (out *folioShape) burdens(at wire.Resource, f *record.Folio) error {
	charges, err := record.ChargesFromBytes(f.Charges)
	if err != nil {
		return err
	}
	out.Charges = light.ShapeCharges(charges)
	holds, err := record.RestrictionsFromBytes(f.Restrictions)
	for _, x := range holds {
		out.Holds = append(out.Holds, light.ShapeRestriction(at, x))
	}
	return err
}

func (out *folioShape) rights(at wire.Resource, f *record.Folio) error {
	estates, err := record.EstatesFromBytes(f.Estates)
	if err != nil {
		return err
	}
	for _, e := range estates {
		out.Estates = append(out.Estates, light.ShapeEstate(at, e))
	}
	origins, err := record.OriginsFromBytes(f.Authorisations)
	for _, o := range origins {
		out.Origins = append(out.Origins, light.ShapeOrigin(at, o))
	}
	if err != nil || len(f.Contacts) == 0 {
		return err
	}
	services, err := record.ServicesFromBytes(f.Contacts)
	if err == nil {
		out.Services = append(out.Services, light.ShapeServices(at, services))
	}
	return err
}
