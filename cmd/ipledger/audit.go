package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"ipledger/ledger/archive"
	"ipledger/ledger/audit"
	"ipledger/ledger/genesis"
	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// auditGCPercent lets the heap of an audit, which is mostly the state, grow to
// four times what is in use between two collections, each of which walks all of it.
const auditGCPercent = 300

// auditBallast is memory that is asked for and never touched, so that no system gives
// it: the heap of a small state may grow as if that were larger by it, to some 500
// MiB, and is collected a third as often. Beside a large one it makes no difference.
const auditBallast = 96 << 20

// auditSource is where an audit takes a chain from. Nothing it gives is believed.
type auditSource interface {
	blockSource
	genesis(ctx context.Context) ([]byte, error)
	// state reads the first state, whole and checked against the genesis file.
	state(ctx context.Context, g *genesis.Genesis, progress func(done, all uint64)) (tree.State, error)
	begin(height uint64) error // the first block to give
	last(ctx context.Context) (uint64, error)
}

// audits is the flags of an audit.
type audits struct {
	archive, snapshot, genesisHash, report, keep string
	fresh                                        bool
	until                                        uint64
}

func auditCommand(s *session) *cobra.Command {
	var a audits
	c := &cobra.Command{
		Use: "audit", Short: "Replay and verify every block from genesis",
		Long: `Replay a chain from its genesis and compute everything anew: every certificate,
every signature of every act, every receipt, every root. The blocks come from a
node (--node) or from an archive that "ipledgerd snapshot export --blocks" wrote
(--archive); neither is believed. What is trusted is a genesis hash, of the trust
file or given with --genesis-hash, and two thirds of the members.

The first thing that does not hold is named with its height, its act and the rule,
and the audit exits 3. An audit that is interrupted goes on where it was: it keeps
a snapshot that it has checked itself, and removes it when it has ended, unless
--keep names a file of your own.`,
		Example: "  ipledger audit --node https://node.example --trust trust.json --report audit\n" +
			"  ipledger audit --archive /srv/archive --genesis-hash 5d41…c592",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return s.audit(cmd.Context(), &a) },
	}
	f := c.Flags()
	f.StringVar(&a.archive, "archive", "", "folder of an archive; without it the node is asked")
	f.StringVar(&a.snapshot, "from-snapshot", "", "snapshot to begin from instead of genesis; the trust file has to know who signed it")
	f.StringVar(&a.genesisHash, "genesis-hash", "", "hash of the genesis file (default: the trust file's)")
	f.StringVar(&a.report, "report", "", "write the report to NAME.json and NAME.txt")
	f.StringVar(&a.keep, "keep", "", "file that keeps how far the audit came (default: in the user's cache, removed at the end)")
	f.BoolVar(&a.fresh, "fresh", false, "begin anew, whatever an earlier audit kept")
	f.Uint64Var(&a.until, "until", 0, "last block to audit (default: all)")
	return c
}

// audit runs one audit and tells what came of it.
func (s *session) audit(ctx context.Context, a *audits) error {
	defer debug.SetGCPercent(debug.SetGCPercent(auditGCPercent))
	defer runtime.KeepAlive(make([]byte, auditBallast))
	source, err := s.auditSource(a)
	if err != nil {
		return err
	}
	trust, err := s.trustFile()
	if err != nil {
		return err
	}
	g, hash, err := s.auditedGenesis(ctx, a, source, trust)
	if err != nil {
		return err
	}
	keeper, err := newKeeper(a, hash)
	if err != nil {
		return err
	}
	from, err := s.auditStart(ctx, a, start{source, g, hash, trust, keeper})
	if err != nil {
		return err
	}
	if err := source.begin(from.height + 1); err != nil {
		return err
	}
	replay, err := s.replayed(ctx, a, from.against(trust), source, keeper)
	var finding *audit.Finding
	if err != nil && replay == nil {
		return err
	}
	if err != nil && !errors.As(err, &finding) {
		return s.interrupted(err, replay, keeper)
	}
	report := replay.Report(finding)
	report.Resumed = from.resumed
	if err := errors.Join(s.tellAudit(a, report), keeper.end(replay)); err != nil {
		return err
	}
	if finding != nil {
		return fail(exitUnverified, "%w", finding)
	}
	if report.TrustHeader == audit.NotReached {
		s.err.linef("the blocks end before the trust file's header %d: that this chain leads to it is not shown; ask a source that has more", report.TrustHeight)
	}
	return nil
}

func (s *session) auditSource(a *audits) (auditSource, error) {
	if a.archive != "" {
		return openDirectory(a.archive)
	}
	return newRemote(s.node), nil
}

// auditedGenesis is the genesis file of the source, which has the hash that the
// auditor trusts.
func (s *session) auditedGenesis(ctx context.Context, a *audits, source auditSource, trust *light.Trust) (*genesis.Genesis, wire.Hash, error) {
	var want wire.Hash
	raw, err := source.genesis(ctx)
	if err != nil {
		return nil, want, err
	}
	g, err := genesis.Decode(raw)
	if err != nil {
		return nil, want, err
	}
	switch {
	case a.genesisHash != "":
		if err := want.UnmarshalText([]byte(a.genesisHash)); err != nil {
			return nil, want, usage("--genesis-hash: %w", err)
		}
	case trust != nil:
		want = trust.GenesisHash
	default:
		return nil, want, usage("an audit needs a genesis hash that you trust").
			hint("this source says %v: compare it with what others publish, then give --genesis-hash or --trust", g.Hash())
	}
	if got := g.Hash(); got != want {
		return nil, want, &audit.Finding{Act: -1, Asked: "AUD-1", Rule: "GEN-22", Detail: "the source's genesis file has hash " + got.String() + ", trusted is " + want.String()}
	}
	return g, want, nil
}

// start is what an audit begins from.
type start struct {
	source auditSource
	g      *genesis.Genesis
	hash   wire.Hash
	trust  *light.Trust
	keeper *keeper
}

// beginning is where an audit begins.
type beginning struct {
	height  uint64 // of the last block that needs no audit
	resumed bool
	// open reads the state after that block, which may take its time. The replay is nil
	// where there is none, and else there with an error about it.
	open    func() (*audit.Replay, error)
	checker func() *audit.Checker
}

// opened begins with a replay that is there.
func opened(r *audit.Replay, resumed bool) beginning {
	return beginning{r.Height(), resumed, func() (*audit.Replay, error) { return r, nil }, r.Checker}
}

// against holds the replay to a trust file as soon as it is there.
func (b beginning) against(t *light.Trust) beginning {
	open := b.open
	b.open = func() (*audit.Replay, error) {
		r, err := open()
		if err == nil {
			err = r.Against(t)
		}
		return r, err
	}
	return b
}

// auditStart is what comes before the first block: what an earlier audit kept, a
// snapshot, or genesis.
func (s *session) auditStart(ctx context.Context, a *audits, from start) (beginning, error) {
	if !a.fresh {
		r, err := s.fromSnapshot(from.keeper.name, audit.Own(from.hash))
		if err == nil {
			s.err.linef("going on after block %d, where an earlier audit had come to (--fresh begins anew)", r.Height())
			return opened(r, true), nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			s.err.linef("what an earlier audit kept cannot be used: %v", said(err.Error()))
		}
	}
	if a.snapshot != "" {
		if from.trust == nil {
			return beginning{}, usage("--from-snapshot needs a trust file that knows who signed the snapshot").hint("give --trust FILE of about that height (ARCH-11)")
		}
		r, err := s.fromSnapshot(a.snapshot, audit.Trusting(from.trust))
		if err != nil {
			return beginning{}, err
		}
		return opened(r, false), nil
	}
	return beginning{
		open:    func() (*audit.Replay, error) { return s.fromGenesis(ctx, from) },
		checker: func() *audit.Checker { return audit.NewChecker(from.g.ChainID, from.hash) },
	}, nil
}

// fromGenesis reads the state of genesis.
func (s *session) fromGenesis(ctx context.Context, from start) (*audit.Replay, error) {
	state, err := from.source.state(ctx, from.g, s.progressOf("reading the state of genesis, records"))
	if err != nil {
		return nil, err
	}
	return audit.FromGenesis(from.g, from.hash, state)
}

func (s *session) fromSnapshot(name string, trusted func(*archive.Head) error) (*audit.Replay, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	head, state, err := archive.ReadSnapshot(bufio.NewReaderSize(file, readBuffer), record.ValueOfData, trusted)
	if err != nil {
		return nil, err
	}
	return audit.FromSnapshot(head, state), nil
}

// replayed runs the pipeline, shows progress, and keeps how far it came. The replay
// is nil where there was no state to begin from.
func (s *session) replayed(ctx context.Context, a *audits, from beginning, source auditSource, k *keeper) (*audit.Replay, error) {
	last, err := source.last(ctx)
	if err != nil {
		return nil, err
	}
	if a.until > 0 {
		last = min(last, a.until)
	}
	if last <= from.height {
		return from.open()
	}
	tell := s.pace(last)
	p := &pipeline{from: from, source: bounded{source, last}}
	p.stepped = func() error {
		tell(p.replay)
		return k.now(p.replay)
	}
	err = p.run(ctx)
	return p.replay, err
}

// interrupted keeps how far the audit came and says how to go on.
func (s *session) interrupted(err error, r *audit.Replay, k *keeper) error {
	kept := k.keep(r)
	code := codeOf(err)
	if errors.Is(err, context.Canceled) {
		err = errors.New("interrupted")
	}
	f := fail(code, "the audit of block %d and after: %w", r.Height()+1, err)
	if kept != nil {
		return f.hint("how far it came could not be kept: %v", said(kept.Error()))
	}
	return f.hint("everything up to block %d holds; the same command goes on from about there", r.Height())
}

func (s *session) tellAudit(a *audits, report *audit.Report) error {
	raw, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		return err
	}
	text := report.Text()
	if a.report != "" {
		err = errors.Join(os.WriteFile(a.report+".json", append(raw, '\n'), 0o644), os.WriteFile(a.report+".txt", []byte(text), 0o644))
	}
	if s.json {
		return errors.Join(err, s.out.json(report))
	}
	s.out.askf("%s", text)
	return err
}

// pace shows how an audit goes on, at most once in two seconds.
func (s *session) pace(last uint64) func(*audit.Replay) {
	begun, told := time.Now(), time.Now()
	return func(r *audit.Replay) {
		if now := time.Now(); now.Sub(told) >= 2*time.Second || r.Height() == last {
			n := r.Count()
			took := now.Sub(begun).Seconds()
			s.err.linef("block %d of %d, %d acts, %.0f acts/s", r.Height(), last, n.Acts, float64(n.Acts)/max(took, 0.001))
			told = now
		}
	}
}

// progressOf shows long work with a known end, at most once in two seconds.
func (s *session) progressOf(what string) func(done, all uint64) {
	told := time.Now()
	return func(done, all uint64) {
		if now := time.Now(); now.Sub(told) >= 2*time.Second {
			s.err.linef("%s: %d of %d", what, done, all)
			told = now
		}
	}
}
