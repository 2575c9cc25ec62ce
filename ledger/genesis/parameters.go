package genesis

import (
	"fmt"
	"slices"

	"ipledger/ledger/record"
)

// parameter is one number of record.Parameters: its name in files, its value in
// a genesis that is not marked test, and its bounds.
type parameter struct {
	name          string
	value, testto uint64 // at genesis, and on test networks
	least, most   uint64
	field         func(*record.Parameters) *uint64
}

// table is every number that governance may change, in the order of the file.
//
// specs/08 GEN-17: Parameters MUST be the genesis numbers of the table; a test
// network MAY override them within their bounds.
var table = []parameter{
	{"heartbeat_seconds", 15, 15, 1, 3600, func(p *record.Parameters) *uint64 { return &p.Heartbeat }},
	{"stall_seconds", 600, 600, 60, 86400, func(p *record.Parameters) *uint64 { return &p.StallSeconds }},
	{"credit_cap", 100, 100, 10, 1 << 32, func(p *record.Parameters) *uint64 { return &p.CreditCap }},
	{"credit_refill", 1, 1, 1, 1 << 32, func(p *record.Parameters) *uint64 { return &p.CreditRefill }},
	{"work_bits", 20, 20, 1, 64, func(p *record.Parameters) *uint64 { return &p.WorkBits }},
	{"work_opens_max", 50, 50, 1, 1000, func(p *record.Parameters) *uint64 { return &p.WorkOpensMax }},
	{"delay_seconds", 48 * 3600, 0, 0, 90 * 86400, func(p *record.Parameters) *uint64 { return &p.DelaySeconds }},
	{"notice_min_seconds", 30 * 86400, 0, 0, 365 * 86400, func(p *record.Parameters) *uint64 { return &p.NoticeMin }},
	{"clause_min_seconds", 86400, 0, 0, 30 * 86400, func(p *record.Parameters) *uint64 { return &p.ClauseMin }},
	{"enforce_seconds", 30 * 86400, 0, 0, 365 * 86400, func(p *record.Parameters) *uint64 { return &p.EnforceSeconds }},
	{"recovery_seconds", 14 * 86400, 14 * 86400, 0, 90 * 86400, func(p *record.Parameters) *uint64 { return &p.RecoverySeconds }},
	{"transfer_floor_ipv4", 24, 24, 8, 24, func(p *record.Parameters) *uint64 { return &p.TransferFloor4 }},
	{"transfer_floor_ipv6", 48, 48, 16, 48, func(p *record.Parameters) *uint64 { return &p.TransferFloor6 }},
}

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
	for _, p := range table {
		out = append(out, p.name)
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
	i := slices.IndexFunc(table, func(p parameter) bool { return p.name == o.Name })
	if i < 0 {
		return refuse("%q is no parameter; there are %v", clip(o.Name), Overridable())
	}
	if p := table[i]; o.Value < p.least || o.Value > p.most {
		return refuse("%s is %d, its bounds are %d and %d", p.name, o.Value, p.least, p.most)
	}
	return nil
}

// checkNumbers holds parameters to GEN-17.
func checkNumbers(p *record.Parameters) error {
	for _, want := range table {
		v := *want.field(p)
		if v < want.least || v > want.most || !p.Test && v != want.value {
			return fmt.Errorf("%s is %d; a network that is not marked test has %d (GEN-17)", want.name, v, want.value)
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
	for _, p := range table {
		*p.field(out) = p.value
		if in.Test {
			*p.field(out) = p.testto
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
		i := slices.IndexFunc(table, func(p parameter) bool { return p.name == o.Name })
		*table[i].field(out) = o.Value
	}
	return out
}

// ParametersFile is the parameters in the genesis file, in the order of the table.
type ParametersFile struct {
	Heartbeat       uint64 `json:"heartbeat_seconds,string"`
	StallSeconds    uint64 `json:"stall_seconds,string"`
	CreditCap       uint64 `json:"credit_cap,string"`
	CreditRefill    uint64 `json:"credit_refill,string"`
	CreditUnmetered bool   `json:"credit_unmetered"`
	WorkBits        uint64 `json:"work_bits,string"`
	WorkOpensMax    uint64 `json:"work_opens_max,string"`
	DelaySeconds    uint64 `json:"delay_seconds,string"`
	NoticeMin       uint64 `json:"notice_min_seconds,string"`
	ClauseMin       uint64 `json:"clause_min_seconds,string"`
	EnforceSeconds  uint64 `json:"enforce_seconds,string"`
	RecoverySeconds uint64 `json:"recovery_seconds,string"`
	TransferFloor4  uint64 `json:"transfer_floor_ipv4,string"`
	TransferFloor6  uint64 `json:"transfer_floor_ipv6,string"`
}

// parametersFile is the parameters as the file states them.
func parametersFile(p *record.Parameters) ParametersFile {
	return ParametersFile{p.Heartbeat, p.StallSeconds, p.CreditCap, p.CreditRefill, p.CreditUnmetered, p.WorkBits, p.WorkOpensMax,
		p.DelaySeconds, p.NoticeMin, p.ClauseMin, p.EnforceSeconds, p.RecoverySeconds, p.TransferFloor4, p.TransferFloor6}
}

// parametersOf is what the file's parameters are in the state.
func (g *Genesis) parametersOf() *record.Parameters {
	p := g.Parameters
	return &record.Parameters{Rules: g.Rules, Test: g.Test, Heartbeat: p.Heartbeat, StallSeconds: p.StallSeconds,
		CreditCap: p.CreditCap, CreditRefill: p.CreditRefill, CreditUnmetered: p.CreditUnmetered, WorkBits: p.WorkBits,
		WorkOpensMax: p.WorkOpensMax, DelaySeconds: p.DelaySeconds, NoticeMin: p.NoticeMin,
		ClauseMin: p.ClauseMin, EnforceSeconds: p.EnforceSeconds, RecoverySeconds: p.RecoverySeconds,
		TransferFloor4: p.TransferFloor4, TransferFloor6: p.TransferFloor6}
}
