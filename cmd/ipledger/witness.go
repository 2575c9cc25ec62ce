package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"

	"ipledger/ledger/blocklog"
)

// witnessing is the flags of a witness.
type witnessing struct {
	name, key, memory, listen, out string
	logs                           []string
	fresh                          bool
}

func witnessCommand(s *session) *cobra.Command {
	var w witnessing
	c := &cobra.Command{
		Use: "witness", Short: "Cosign checkpoints of the block log",
		Long: `Cosign checkpoints of the log of blocks, so that whoever asks can see that all are
shown the same log. A witness signs a checkpoint only if a proof leads to it from
the one it signed last; it keeps what it is about to sign on disk first, and never
goes back (specs/25). It does not say that the members followed the rules.

With --listen it answers POST /add-checkpoint (C2SP tlog-witness): name it in the
"witnesses" of nodes. Without, it asks --node for its newest checkpoint once, checks
it by the log's tiles, and writes the note with its cosignature.

A log is named by its verifier key, which "ipledger log key" asks a node for: compare
it with what others give. The first start needs --init. What others know the witness
by stands in FILE.pub beside its key.`,
		Example: "  ipledger witness --name w1.example --key w1.key --memory w1.json --init --log log.pub --listen 127.0.0.1:8450\n" +
			"  ipledger witness --name w1.example --key w1.key --memory w1.json --log log.pub --node https://node.example --out cosigned.note",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return s.witness(cmd.Context(), &w) },
	}
	f := c.Flags()
	f.StringVar(&w.name, "name", "", "name of this witness, as it stands in its lines")
	f.StringVar(&w.key, "key", "", "file of its key; drawn where there is none")
	f.StringVar(&w.memory, "memory", "", "file of what it has signed")
	f.BoolVar(&w.fresh, "init", false, "make the memory: this witness has never signed anything")
	f.StringArrayVar(&w.logs, "log", nil, "verifier key of a log, or a file that has it; several times for several")
	f.StringVar(&w.listen, "listen", "", "address to answer at, host:port")
	f.StringVar(&w.out, "out", "", "file for the cosigned note (default: standard output)")
	return c
}

func (s *session) witness(ctx context.Context, w *witnessing) error {
	c, err := w.open()
	if err != nil {
		return err
	}
	s.err.linef("this witness is %v", blocklog.NewCosigner(c.name, c.key, 0))
	if w.listen != "" {
		return s.serveWitness(ctx, c, w.listen)
	}
	note, err := s.cosignOnce(ctx, c)
	if err != nil {
		return err
	}
	if w.out == "" {
		s.out.askf("%s", note)
		return nil
	}
	return os.WriteFile(w.out, note, 0o644)
}

// open checks the flags and opens key and memory.
func (w *witnessing) open() (*cosigner, error) {
	if w.key == "" || w.memory == "" || len(w.logs) == 0 {
		return nil, usage("a witness needs --name, --key, --memory and a --log at least")
	}
	if err := blocklog.CheckName(w.name); err != nil {
		return nil, usage("--name: %w", err)
	}
	c := &cosigner{name: w.name, logs: map[string][]blocklog.Verifier{}, now: time.Now}
	for _, text := range w.logs {
		text, err := keyText(text)
		if err != nil {
			return nil, err
		}
		k, err := blocklog.ParseLogKey(text)
		if err != nil {
			return nil, usage("--log: %w", err)
		}
		c.logs[k.Name()] = append(c.logs[k.Name()], k)
	}
	var err error
	if c.key, err = witnessKey(w.key, w.name); err != nil {
		return nil, err
	}
	c.memory, err = openMemory(w.memory, w.fresh)
	return c, err
}

// cosignOnce asks the node for a checkpoint and a proof, and signs.
func (s *session) cosignOnce(ctx context.Context, c *cosigner) ([]byte, error) {
	l := newLogReader(s.node)
	note, err := l.checkpoint(ctx)
	if err != nil {
		return nil, err
	}
	n, err := blocklog.Open(note)
	if err != nil {
		return nil, fail(exitUnverified, "the node's checkpoint: %w", err)
	}
	old := c.memory.held[n.Origin].Size
	if old > n.Size {
		return nil, fail(exitUnverified, "the node's log has %d blocks, this witness has signed %d (LOG-8)", n.Size, old).
			hint("the node may be behind; if it stays so, keep both checkpoints: they may show a fork")
	}
	proof, err := blocklog.Consistency(l.read(ctx), old, n.Size)
	if err != nil {
		return nil, err
	}
	line, _, err := c.add(blocklog.Request{Old: old, Path: proof.Path, Note: note})
	if err != nil {
		return nil, fail(exitUnverified, "not signed: %w", err)
	}
	return append(note, line...), nil
}

// witnessAnswers are the statuses of what a witness refuses.
//
// specs/25 LOG-10: ... 409 with the size last signed where old is another or the
// roots differ at one size, 404 for an unknown origin, 403 where no known log key
// signed, 422 where the proof does not lead there, 400 for another form.
func witnessAnswer(err error) int {
	switch {
	case errors.Is(err, blocklog.ErrConflict):
		return http.StatusConflict
	case errors.Is(err, errOrigin):
		return http.StatusNotFound
	case errors.Is(err, blocklog.ErrUnsigned):
		return http.StatusForbidden
	case errors.Is(err, blocklog.ErrUnproven):
		return http.StatusUnprocessableEntity
	case errors.Is(err, blocklog.ErrForm):
		return http.StatusBadRequest
	}
	return http.StatusInternalServerError
}

// ServeHTTP answers POST /add-checkpoint.
func (c *cosigner) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/add-checkpoint" || r.Method != http.MethodPost {
		http.Error(w, "a witness answers POST /add-checkpoint", http.StatusNotFound)
		return
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, blocklog.RequestBytesMax))
	if err != nil {
		http.Error(w, "the request is too long or ended early", http.StatusBadRequest)
		return
	}
	req, err := blocklog.ParseRequest(raw)
	line, held := "", blocklog.Held{}
	if err == nil {
		line, held, err = c.add(req)
	}
	switch {
	case err == nil:
		_, _ = io.WriteString(w, line) // an error is a log that has gone
	case errors.Is(err, blocklog.ErrConflict):
		w.Header().Set("Content-Type", "text/x.tlog.size")
		w.WriteHeader(http.StatusConflict)
		_, _ = fmt.Fprintf(w, "%d\n", held.Size)
	default:
		http.Error(w, err.Error(), witnessAnswer(err))
	}
}

// Bounds of the witness's server.
const (
	witnessHeader  = 5 * time.Second
	witnessRequest = 15 * time.Second
)

func (s *session) serveWitness(ctx context.Context, c *cosigner, addr string) error {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return usage("--listen: %w", err)
	}
	server := &http.Server{Handler: c, ReadHeaderTimeout: witnessHeader, ReadTimeout: witnessRequest, WriteTimeout: witnessRequest, MaxHeaderBytes: 8 << 10}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() }) // what it has signed is on disk
	defer stop()
	s.out.linef("answering at http://%v", listener.Addr())
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
