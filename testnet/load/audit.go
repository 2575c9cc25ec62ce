package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

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
	// RatioBusy compares the time of all processors instead of the clock's.
	RatioBusy    float64 `json:"ratio_busy"`
	ArchiveBytes int64   `json:"archive_bytes"`
	PeakMiB      float64 `json:"peak_mib"` // of the auditor's process, the state included
}

// auditBench lets the auditor's own program replay an archive from genesis, as a
// process of its own, from its start to its report, beside raw recovery of the
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
	var peak float64
	took, busy, err := medians(
		side{run: func() error { return recoverAll(digests, sigs) }},
		side{run: func() (err error) { peak, err = runAudit(program, dir, c, len(digests)); return err }},
	)
	if err != nil {
		return nil, err
	}
	n := float64(len(digests))
	return auditFigures{
		Figures: Figures{"audit", n / took[1], n / took[0], took[0] / took[1], "acts/s", len(digests), machine()},
		Blocks:  auditBlocks, ArchiveBytes: written, PeakMiB: peak, RatioBusy: busy[0] / busy[1],
	}, nil
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

// runAudit runs the auditor's program and gives its peak of memory in MiB.
func runAudit(program, dir string, c *mint.Chain, acts int) (float64, error) {
	cmd := exec.Command(program, "audit", "--json", "--fresh", "--archive", dir, "--genesis-hash", c.Hash.String())
	cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+dir)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return 0, fmt.Errorf("audit: %w: %s", err, errs.String())
	}
	var report struct {
		Holds     bool
		Acts      int       `json:",string"`
		StateRoot wire.Hash `json:"state_root"`
	}
	if err := json.Unmarshal(out.Bytes(), &report); err != nil {
		return 0, err
	}
	if !report.Holds || report.Acts != acts || report.StateRoot != c.State.Root() {
		return 0, fmt.Errorf("the audit says %s", out.String())
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0, errors.New("this system does not tell what a process took of memory")
	}
	return float64(usage.Maxrss) / 1024, nil
}
