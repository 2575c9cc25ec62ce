package drift

import (
	"errors"
	"fmt"
)

// Counts is how many findings there are of each category, and of how many things.
type Counts struct {
	Routes, Ledger, RPKI int                 // what was judged
	Found                [Categories]int     // by category
	States               [States][States]int // of routes: by the ledger, then by the RPKI
}

// ErrSums reports counts that do not add up: a defect of this program.
var ErrSums = errors.New("drift: the counts do not add up (DRIFT-7)")

// Check reports counts that do not add up. Its error wraps ErrSums.
//
// specs/31 DRIFT-7: Counts MUST add up, and who prints them checks it.
func (c *Counts) Check() error {
	f := c.Found
	for _, sum := range []struct {
		of        string
		got, want int
	}{
		{"routes", f[RouteUnknown] + f[RouteValid] + f[RouteInvalidOrigin] + f[RouteInvalidLength], c.Routes},
		{"the ledger's payloads", f[Agreed] + f[Idle] + f[NotInRPKI] + f[Missing], c.Ledger},
		{"the RPKI's payloads", f[Agreed] + f[Idle] + f[NotOnLedger], c.RPKI},
		{"contradicted routes", f[Contradicted], c.contradicted()},
	} {
		if sum.got != sum.want {
			return fmt.Errorf("%w: %s: %d of %d", ErrSums, sum.of, sum.got, sum.want)
		}
	}
	return c.checkStates()
}

// checkStates compares the states by each list with the routes.
func (c *Counts) checkStates() error {
	all := 0
	for here := range c.States {
		row := 0
		for _, n := range c.States[here] {
			row += n
		}
		if row != c.Found[here] {
			return fmt.Errorf("%w: routes that are %v: %d of %d", ErrSums, State(here), row, c.Found[here])
		}
		all += row
	}
	if all != c.Routes {
		return fmt.Errorf("%w: states of routes: %d of %d", ErrSums, all, c.Routes)
	}
	return nil
}

func (c *Counts) contradicted() int {
	s := &c.States
	return s[Valid][InvalidOrigin] + s[Valid][InvalidLength] + s[InvalidOrigin][Valid] + s[InvalidLength][Valid]
}

// ByRPKI is how many routes have a state by the RPKI's payloads.
func (c *Counts) ByRPKI(s State) (n int) {
	for here := range c.States {
		n += c.States[here][s]
	}
	return n
}
