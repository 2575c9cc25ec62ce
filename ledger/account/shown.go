package account

import (
	"fmt"

	"ipledger/ledger/wire"
)

// Shown is what directories show of an account.
type Shown struct {
	Name, Jurisdiction string
	Opened             uint64     // header time, Unix seconds
	Attested           []Attested // at most one
}

// ShownOf reads it from a record of this process's own state, past the keys and
// numbers that nobody looks up. An error is a record that is none.
func ShownOf(raw []byte) (s Shown, err error) {
	var a Account
	r := wire.NewReader(raw)
	all := r.List()
	all.Uint()
	s.Name, s.Jurisdiction = all.Text(), all.Text()
	all.List() // policy
	all.Uint()
	for range 3 {
		all.List() // lanes, credit, holdings
	}
	all.Uint()
	s.Opened = all.Uint()
	all.List() // guardians
	all.Uint()
	all.Uint()
	all.Fill(a.Provider[:])
	all.Uint()
	a.readAttested(&all)
	s.Attested = a.Attested
	r.Leave(&all)
	if err := r.Close(); err != nil {
		return Shown{}, fmt.Errorf("account: %w: %v", wire.ErrCanonical, err)
	}
	return s, nil
}
