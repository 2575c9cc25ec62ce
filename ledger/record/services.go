package record

import (
	"fmt"

	"ipledger/ledger/wire"
)

// Services is what a possessor states at a block besides origins, in slot 5 of
// its folio (specs/18).
type Services struct {
	Rules     uint64
	Holder    wire.Address
	Providers []uint64 // of an AS, ascending; empty for none
	Servers   string   // name servers of the reverse zone, as in the act
	DS        string
	Geofeed   string
	Abuse     string
	Private   wire.Hash // salted hash of other contact data; zero for none
}

// Empty reports whether nothing is stated.
func (s *Services) Empty() bool {
	return len(s.Providers) == 0 && s.Servers == "" && s.Geofeed == "" && s.Abuse == "" && s.Private.IsZero()
}

// ServicesFromBytes reads the canonical record of services.
func ServicesFromBytes(raw []byte) (*Services, error) {
	s := new(Services)
	if err := wire.Decode(raw, FolioBytesMax, s); err != nil {
		return nil, fmt.Errorf("services: %w", err)
	}
	if s.Empty() {
		return nil, fmt.Errorf("services: %w: nothing is stated", wire.ErrCanonical)
	}
	return s, nil
}

// Append writes the services' canonical bytes.
func (s *Services) Append(w *wire.Writer) {
	all := w.List()
	w.Uint(s.Rules)
	w.String(s.Holder[:])
	list := w.List()
	for _, as := range s.Providers {
		w.Uint(as)
	}
	w.End(list)
	w.Text(s.Servers)
	w.Text(s.DS)
	w.Text(s.Geofeed)
	w.Text(s.Abuse)
	w.String(s.Private[:])
	w.End(all)
}

// Read reads services that Append wrote.
func (s *Services) Read(r *wire.Reader) {
	all := r.List()
	s.Rules = all.Uint()
	all.Fill(s.Holder[:])
	list := all.List()
	for list.More() {
		s.Providers = append(s.Providers, list.Uint())
	}
	all.Leave(&list)
	s.Servers, s.DS, s.Geofeed, s.Abuse = all.Text(), all.Text(), all.Text(), all.Text()
	all.Fill(s.Private[:])
	r.Leave(&all)
}
