package api

import (
	"encoding/json"
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/light"
)

// handsMax bounds the AS numbers that one answer is looked up for: as many as one
// authorisation of providers may name.
const handsMax = 64

// handShape is an AS number that an authorisation names and that came to its holder
// since.
type handShape struct {
	AS     light.Decimal `json:"asn"`
	Named  string        `json:"named"` // origin, provider
	Holder light.Party   `json:"holder"`
	Since  light.Instant `json:"since"`
}

// withHands is an answer as JSON, with the AS numbers in it that changed hands.
//
// specs/13 API-20: An answer about a block MUST name each AS number, at most 64, that
// an authorisation in it names and that came to its holder after that.
func withHands(v View, answer *light.Answer) (json.RawMessage, error) {
	hands, err := hands(v, answer)
	if err != nil {
		return nil, err
	}
	raw, err := json.Marshal(answer)
	if err != nil {
		return nil, err
	}
	more, err := json.Marshal(hands)
	if err != nil {
		return nil, err
	}
	raw = append(raw[:len(raw)-1], `,"changed_hands":`...)
	return append(append(raw, more...), '}'), nil
}

// hands looks up the AS numbers that an answer names, and tells each once.
func hands(v View, answer *light.Answer) ([]handShape, error) {
	x := handTeller{v: v, titles: map[uint64]*light.Title{}, out: []handShape{}}
	for _, o := range answer.Origins {
		if err := x.look(o.AS, "origin", o.Since); err != nil {
			return nil, err
		}
	}
	for _, services := range answer.Services {
		for _, as := range services.Providers {
			if err := x.look(as, "provider", 0); err != nil {
				return nil, err
			}
		}
	}
	return x.out, nil
}

// handTeller collects the AS numbers of one answer that changed hands.
type handTeller struct {
	v      View
	titles map[uint64]*light.Title // of what was looked up, nil for none
	out    []handShape
}

func (x *handTeller) look(as uint64, named string, entered uint64) error {
	told := slices.ContainsFunc(x.out, func(h handShape) bool { return uint64(h.AS) == as })
	t, err := x.title(as)
	if err == nil && !told && t != nil && entered < t.Since {
		x.out = append(x.out, handShape{light.Decimal(as), named, light.Party(t.Holder), light.Instant(t.Since)})
	}
	return err
}

// title is that of an AS number; nil where there is none, and beyond the bound.
func (x *handTeller) title(as uint64) (*light.Title, error) {
	if t, ok := x.titles[as]; ok || as == 0 || len(x.titles) == handsMax {
		return t, nil
	}
	answer, err := light.Read(x.v.State, inr.AS(uint32(as)), x.v.moment())
	if err != nil {
		return nil, err
	}
	x.titles[as] = answer.Title
	return answer.Title, nil
}
