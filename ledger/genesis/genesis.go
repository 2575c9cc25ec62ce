// Package genesis makes the first state: registry statistics, members and, on
// test networks, holdings go in; a small genesis file, a content-addressed state
// file and an account of every record line come out.
//
// It implements specs/08. The same input gives the same bytes whatever the order
// of its files (GEN-6). It reads plain bytes: decompression, TOML and the disk
// are for the command.
package genesis

import (
	"fmt"
	"slices"

	"ipledger/ledger"
	"ipledger/ledger/chain"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// Input is everything a genesis is made of.
type Input struct {
	ChainID string // 1 to 50 of a-z, 0-9, point and hyphen
	Test    bool   // a test network: fewer members, holdings and parameters are allowed
	Members Members
	Stats   []Stats
	// Holdings may be given for a test network only (GEN-15).
	Holdings *Holdings
	// Progress, if not nil, is told of each stage: done of total steps of its kind.
	Progress func(stage string, done, total int)
}

// Output is a genesis as it is written to disk.
type Output struct {
	Genesis   *Genesis
	File      []byte    // the genesis file
	Hash      wire.Hash // of File: the chain's identity and the salt of every signature
	StateFile []byte
	StateName string // the file name that Genesis names the state file by
	State     tree.State
	Report    *Report
	Accounts  []Opened
}

// Opened is an account that genesis opens, by name.
type Opened struct {
	Name string
	ID   wire.Address
}

// Build makes a genesis. An error names the rule, the place in its file and
// what to change; a row that cannot be used is no error, the report lists it.
func Build(in Input) (*Output, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	rows, report, err := rowsOf(in.Stats, in.step)
	if err != nil {
		return nil, err
	}
	s := &start{in: in, time: in.genesisTime(report), params: in.parameters()}
	if s.time == 0 {
		return nil, fmt.Errorf("%w: no genesis_time is given and no statistics file has a date; state one (GEN-14)", ErrInput)
	}
	leaves, titles, err := s.leaves(rows)
	if err != nil {
		return nil, err
	}
	in.step("hash state", 0, len(leaves))
	state, err := tree.Build(slices.Values(leaves))
	if err != nil {
		return nil, fmt.Errorf("genesis: %w", err)
	}
	if in.Holdings != nil {
		// Nothing else is held or authorised at genesis.
		if state, err = ledger.Tally(state); err != nil {
			return nil, fmt.Errorf("genesis: %w", err)
		}
	}
	report.measure(titles)
	in.step("write state", 0, len(leaves))
	return s.output(state, report)
}

func (in *Input) step(stage string, done, total int) {
	if in.Progress != nil {
		in.Progress(stage, done, total)
	}
}

// check refuses input that no genesis can be made of, before the long work.
func (in *Input) check() error {
	if err := checkChainID(in.ChainID); err != nil {
		return err
	}
	if err := in.Members.check(in.Test); err != nil {
		return err
	}
	if in.Holdings == nil {
		return nil
	}
	// specs/08 GEN-15: Holdings MUST be refused unless genesis is marked test.
	if !in.Test {
		return fmt.Errorf("%w: holdings are for test networks; mark genesis test or leave them out (GEN-15)", ErrInput)
	}
	return in.Holdings.check()
}

// genesisTime is the stated time, or the start of the day of the latest
// statistics.
//
// specs/08 GEN-14: Genesis time is what the members file states, else midnight
// UTC of the latest date of the statistics.
func (in *Input) genesisTime(rep *Report) uint64 {
	if in.Members.Time != 0 {
		return in.Members.Time
	}
	latest := uint32(0)
	for _, f := range rep.Files {
		latest = max(latest, f.Date)
	}
	return record.Midnight(latest)
}

// output writes both files.
func (s *start) output(state tree.State, report *Report) (*Output, error) {
	file := EncodeState(state)
	g := &Genesis{
		Format: Format, ChainID: s.in.ChainID, Test: s.in.Test, Time: s.time, Rules: record.Rules,
		Parameters: ParametersFile(*s.params),
		State:      StateRef{SHA256: sum(file), Root: state.Root(), Bytes: uint64(len(file)), Records: uint64(state.Len())},
		Log:        LogRef{Root: chain.Frontier{}.Root()},
	}
	s.list(g)
	g.AppHash = chain.AppHash(g.State.Root, g.Log.Root)
	raw := g.Encode()
	if _, err := Decode(raw); err != nil {
		return nil, fmt.Errorf("genesis: what was built does not read back: %w", err)
	}
	report.GenesisHash = sum(raw)
	return &Output{
		Genesis: g, File: raw, Hash: report.GenesisHash, StateFile: file, StateName: g.State.Name(),
		State: state, Report: report, Accounts: s.opened,
	}, nil
}
