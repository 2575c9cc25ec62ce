package genesis

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"ipledger/ledger/record"
)

// Override is one parameter of a test network's holdings file.
type Override struct {
	Line  int
	Name  string
	Value uint64
}

// Unmetered is the name of the one parameter that is yes or no: acts cost
// nothing, for benchmarks; any value but 0 is yes.
const Unmetered = "credit_unmetered"

// Overridable lists the names that a holdings file may set.
func Overridable() []string {
	var out []string
	for _, p := range record.ParameterTable {
		out = append(out, p.Name)
	}
	return append(out, Unmetered)
}

func (o *Override) check() error {
	refuse := func(format string, args ...any) error {
		return &InputError{File: "holdings", Line: o.Line, Rule: "GEN-17", Detail: fmt.Sprintf(format, args...)}
	}
	if o.Name == Unmetered {
		return nil
	}
	p := record.ParameterOf(o.Name)
	if p == nil {
		return refuse("%q is no parameter; there are %v", clip(o.Name), Overridable())
	}
	if o.Value < p.Least || o.Value > p.Most {
		return refuse("%s is %d, its bounds are %d and %d", p.Name, o.Value, p.Least, p.Most)
	}
	return nil
}

// checkNumbers holds parameters to GEN-17.
func checkNumbers(p *record.Parameters) error {
	for _, want := range record.ParameterTable {
		v := *want.In(p)
		if v < want.Least || v > want.Most || !p.Test && v != want.Value {
			return fmt.Errorf("%s is %d; a network that is not marked test has %d (GEN-17)", want.Name, v, want.Value)
		}
	}
	if p.CreditUnmetered && !p.Test {
		return fmt.Errorf("%s is for test networks (GEN-17)", Unmetered)
	}
	return nil
}

// parameters are the numbers at genesis.
func (in *Input) parameters() *record.Parameters {
	out := &record.Parameters{Rules: record.Rules, Test: in.Test}
	for _, p := range record.ParameterTable {
		*p.In(out) = p.Value
		if in.Test {
			*p.In(out) = p.Test
		}
	}
	if in.Holdings == nil {
		return out
	}
	for _, o := range in.Holdings.Parameters {
		if o.Name == Unmetered {
			out.CreditUnmetered = o.Value != 0
			continue
		}
		*record.ParameterOf(o.Name).In(out) = o.Value
	}
	return out
}

// ParametersFile is the parameters in the genesis file: one JSON object, in the
// order of the table, the one that is yes or no last.
type ParametersFile record.Parameters

// MarshalJSON writes the numbers as decimal strings.
func (f ParametersFile) MarshalJSON() ([]byte, error) {
	p := record.Parameters(f)
	out := []byte{'{'}
	for i := range record.ParameterTable {
		n := &record.ParameterTable[i]
		out = fmt.Appendf(out, "%q:\"%d\",", n.Name, *n.In(&p))
	}
	return fmt.Appendf(out, "%q:%t}", Unmetered, p.CreditUnmetered), nil
}

// UnmarshalJSON reads the names of the table and refuses others. That they are
// all there, in order, shows when the file is written again (GEN-21).
func (f *ParametersFile) UnmarshalJSON(raw []byte) error {
	p := record.Parameters{}
	dec := json.NewDecoder(bytes.NewReader(raw))
	fields := map[string]json.RawMessage{}
	if err := dec.Decode(&fields); err != nil {
		return err
	}
	for name, value := range fields {
		if err := setParameter(&p, name, value); err != nil {
			return err
		}
	}
	*f = ParametersFile(p)
	return nil
}

func setParameter(p *record.Parameters, name string, value json.RawMessage) error {
	if name == Unmetered {
		return json.Unmarshal(value, &p.CreditUnmetered)
	}
	at := record.ParameterOf(name)
	if at == nil {
		return fmt.Errorf("parameters: %q is none", clip(name))
	}
	var text string
	if err := json.Unmarshal(value, &text); err != nil {
		return fmt.Errorf("parameters: %s: %w", name, err)
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return fmt.Errorf("parameters: %s: %w", name, err)
	}
	*at.In(p) = n
	return nil
}

// parametersOf is what the file's parameters are in the state.
func (g *Genesis) parametersOf() *record.Parameters {
	p := record.Parameters(g.Parameters)
	p.Rules, p.Test = g.Rules, g.Test
	return &p
}
