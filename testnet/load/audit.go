package main

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"

	"ipledger/ledger"
	"ipledger/ledger/archive"
	"ipledger/ledger/audit/mint"
	"ipledger/ledger/wire"
)

// auditBlocks makes 200,650 acts.
const auditBlocks = 201

// auditFigures adds what an audit takes of memory.
type auditFigures struct {
	Figures
	Blocks int `json:"blocks"`
	// Ratios are those of all rounds, ascending; Ratio is the middle one.
	Ratios []float64 `json:"ratios"`
	// RatioBusy compares the time of all processors instead of the clock's.
	RatioBusy    float64 `json:"ratio_busy"`
	ArchiveBytes int64   `json:"archive_bytes"`
	PeakMiB      float64 `json:"peak_mib"` // of the auditor's process, the state included
}

// auditRounds is how often the archive is audited; the middle ratio counts.
const auditRounds = 5

// auditBench lets the auditor's own program replay an archive from genesis, as a
// process of its own, from its start to its report, in turns with raw recovery of the
// same signatures on as many goroutines.
func auditBench() (any, error) {
	dir, err := os.MkdirTemp("", "ipledger-audit-")
	if err != nil {
		return nil, err
	}
	f, err := auditIn(dir)
	return f, errors.Join(err, os.RemoveAll(dir))
}

func auditIn(dir string) (any, error) {
	program, err := buildAuditor(dir)
	if err != nil {
		return nil, err
	}
	c, m, err := newMintedMix()
	if err != nil {
		return nil, err
	}
	written, err := writeArchive(dir, c, m)
	if err != nil {
		return nil, err
	}
	digests, sigs, err := m.signatures()
	if err != nil {
		return nil, err
	}
	r := &recovery{digests: digests, sigs: sigs}
	out := auditFigures{Blocks: auditBlocks, ArchiveBytes: written}
	var rounds []auditRound
	for n := range auditRounds {
		runtime.GC()
		x, err := runAudit(program, dir, c, r)
		if err != nil {
			return nil, err
		}
		say("round %d of %d: audited %.0f acts/s, recovered %.0f keys/s, ratio %.3f (%.3f of the processors' time)",
			n+1, auditRounds, x.audit.rate(), x.raw.rate(), x.ratio(), x.busy())
		rounds, out.PeakMiB = append(rounds, x), max(out.PeakMiB, x.peak)
	}
	return out.of(rounds), nil
}

// auditRound is one audit and the recoveries between its turns.
type auditRound struct {
	audit, raw spell
	peak       float64 // MiB
}

func (x auditRound) ratio() float64 { return x.audit.rate() / x.raw.rate() }

// busy is the ratio by the time of all processors.
func (x auditRound) busy() float64 {
	return x.raw.busy.Seconds() / float64(x.raw.n) * float64(x.audit.n) / x.audit.busy.Seconds()
}

// of fills the figures in from the round with the middle ratio.
func (f auditFigures) of(rounds []auditRound) auditFigures {
	slices.SortFunc(rounds, func(a, b auditRound) int { return cmp.Compare(a.ratio(), b.ratio()) })
	for _, x := range rounds {
		f.Ratios = append(f.Ratios, x.ratio())
	}
	x := rounds[len(rounds)/2]
	f.Figures = Figures{"audit", x.audit.rate(), x.raw.rate(), x.ratio(), "acts/s", x.audit.n, machine()}
	f.RatioBusy = x.busy()
	return f
}

// buildAuditor builds the auditor's program.
func buildAuditor(dir string) (program string, err error) {
	program = filepath.Join(dir, "auditor")
	say("building the auditor")
	if out, err := exec.Command("go", "build", "-o", program, "ipledger/cmd/ipledger").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the auditor: %w: %s", err, out)
	}
	return program, nil
}

// newMintedMix is the mix over a real genesis, ready to be extended.
// Others may hold blocks of 60.0.0.0/8 beside them.
func newMintedMix(others ...mint.Holder) (*mint.Chain, *mix, error) {
	say("making %d accounts with %d titles each", holders, titlesEach)
	m := &mix{}
	var all []mint.Holder
	for i := range holders {
		h := mint.Holder{Name: fmt.Sprintf("Holder %d", i)}
		for n := range titlesEach {
			h.Blocks = append(h.Blocks, m.title(i, n).String())
		}
		all = append(all, h)
	}
	c, err := mint.New(mint.Input(append(all, others...)...))
	if err != nil {
		return nil, nil, err
	}
	for _, h := range all {
		m.holders = append(m.holders, holder{id: c.ID(h.Name), key: mint.HolderKey(h.Name)})
	}
	m.salt, m.genesis, m.state, m.headers = c.Hash, c.State, c.State, []ledger.Header{{Time: c.Genesis.Time}}
	m.apply = func(raws [][]byte) (ledger.Header, error) {
		b, err := c.Extend(1, raws...)
		if err != nil {
			return ledger.Header{}, err
		}
		m.state = c.State
		return ledger.Header{Height: b.Header.Height, Time: b.Header.Time.Seconds, Hash: b.Header.Hash()}, undone(b)
	}
	return c, m, nil
}

// undone reports an act of the mix that a rule refused.
func undone(b *archive.Block) error {
	for i, raw := range b.Receipts {
		r, err := ledger.ReceiptFromBytes(raw)
		if err != nil || r.Outcome != ledger.Done {
			return errors.Join(fmt.Errorf("act %d of block %d: %+v", i, b.Header.Height, r), err)
		}
	}
	return nil
}

// writeArchive mints the chain into an archive, and gives its bytes.
func writeArchive(dir string, c *mint.Chain, m *mix) (written int64, err error) {
	say("signing and archiving %d ledger blocks of %d acts", auditBlocks, blockActs)
	return archiveOf(dir, c, auditBlocks, func(n int) (*archive.Block, error) {
		err := m.extend(n)
		return &c.Last, err
	})
}

// archiveOf writes so many blocks as an archive, and gives its bytes.
func archiveOf(dir string, c *mint.Chain, blocks int, next func(n int) (*archive.Block, error)) (written int64, err error) {
	file, err := os.Create(filepath.Join(dir, archive.Name(1)))
	if err != nil {
		return 0, err
	}
	out := bufio.NewWriter(file)
	segment, err := archive.NewWriter(out)
	for n := 0; n < blocks && err == nil; n++ {
		var b *archive.Block
		if b, err = next(n); err == nil {
			err = segment.Add(b)
		}
	}
	if err := errors.Join(err, segment.Close(), out.Flush(), file.Close()); err != nil {
		return 0, err
	}
	about := archive.About{ChainID: c.Genesis.ChainID, Genesis: c.Hash, First: 1, Last: uint64(blocks)}
	return int64(segment.Bytes()), errors.Join(
		os.WriteFile(filepath.Join(dir, archive.AboutName), []byte(about.Text()), 0o600),
		os.WriteFile(filepath.Join(dir, archive.GenesisName), c.File, 0o600),
		os.WriteFile(filepath.Join(dir, c.StateName), c.StateFile, 0o600),
	)
}

// runAudit runs the auditor's program in turns with raw recovery.
func runAudit(program, dir string, c *mint.Chain, r *recovery) (x auditRound, err error) {
	cmd := exec.Command(program, "audit", "--json", "--fresh", "--archive", dir, "--genesis-hash", c.Hash.String())
	cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+dir)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if x.audit, x.raw, x.peak, err = inTurns(cmd, r); err != nil {
		return x, fmt.Errorf("audit: %w: %s", err, errs.String())
	}
	var report struct {
		Holds     bool
		Acts      int       `json:",string"`
		StateRoot wire.Hash `json:"state_root"`
	}
	if err := json.Unmarshal(out.Bytes(), &report); err != nil {
		return x, err
	}
	if !report.Holds || report.Acts != len(r.digests) || report.StateRoot != c.State.Root() {
		return x, fmt.Errorf("the audit says %s", out.String())
	}
	x.audit.n = report.Acts
	return x, nil
}
