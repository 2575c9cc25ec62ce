package main

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"ipledger/ledger"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// waitStep is how long a node is asked to wait for an act in one request.
const waitStep = 10 * time.Second

// carry submits a signed act, waits until it is final and tells what became of it.
func (s *session) carry(ctx context.Context, file *tx.File, after func(*actAnswer) []string) error {
	id := file.Act.ID(file.Salt)
	if err := s.submit(ctx, file); err != nil {
		return err
	}
	a, err := s.await(ctx, id)
	if err != nil {
		return err
	}
	return s.tellOutcome(ctx, a, file, after)
}

// submit hands an act to the node. It may be repeated: the act's id is the same,
// and a ledger applies an id at most once.
func (s *session) submit(ctx context.Context, file *tx.File) error {
	id := file.Act.ID(file.Salt)
	s.err.linef("submitting act %v to %s", id, said(s.node))
	_, err := s.client().patient(ctx, http.MethodPost, "/v1/acts", "application/octet-stream", file.Act.Encode())
	var p *problem
	switch {
	case err == nil:
		return nil
	case errors.As(err, &p), neverSent(err):
		return judged(err)
	}
	return s.unknown(file, id, err)
}

// unknown is the loss of a node between an act and its answer. The act is kept
// in a file, so that it can be submitted again as it is.
func (s *session) unknown(file *tx.File, id wire.Hash, cause error) error {
	f := fail(exitUnknown, "act %v was submitted and the node did not answer; whether it will be applied is unknown: %w", id, cause).
		hint("ask what became of it:   ipledger act show %v", id)
	path := id.String()[:16] + ".act.json"
	if err := writeFresh(path, file.Bytes(), 0o644); err == nil {
		return f.hint("or submit it once more: ipledger submit %s   (it is applied at most once)", path)
	}
	return f
}

// await asks for an act until it is final, the time is up or the node is lost.
func (s *session) await(ctx context.Context, id wire.Hash) (*actAnswer, error) {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	s.err.linef("waiting until it is final ...")
	var last error
	for {
		a, err := s.actOf(ctx, id, min(waitStep, s.timeout))
		if err == nil && a.Outcome != "pending" {
			return a, nil
		}
		last = err
		if !rest(ctx, 200*time.Millisecond) {
			return nil, s.tired(id, last)
		}
	}
}

// tired is the end of waiting: the node is lost, or just not done.
func (s *session) tired(id wire.Hash, last error) error {
	if code := codeOf(last); last != nil && code != exitNotFound && !errors.Is(last, context.DeadlineExceeded) {
		return fail(exitUnknown, "act %v was submitted and the node is lost; its outcome is unknown: %w", id, last).
			hint("ask again: ipledger act show %v", id)
	}
	return fail(exitTimeout, "act %v was submitted and is not final after %v", id, s.timeout).
		hint("ask again: ipledger act show %v", id)
}

func (s *session) actOf(ctx context.Context, id wire.Hash, wait time.Duration) (*actAnswer, error) {
	query := url.Values{}
	if wait >= time.Second {
		query.Set("wait", decimal(uint64(wait/time.Second)))
	}
	a := new(actAnswer)
	if err := s.client().get(ctx, actPath(id, query), a); err != nil {
		return nil, err
	}
	if a.ID != id {
		return nil, fail(exitFailed, "the node's answer is not the act %v that was asked for", id)
	}
	return a, nil
}

// tellOutcome prints a final act; one that failed is its rule's error.
func (s *session) tellOutcome(ctx context.Context, a *actAnswer, file *tx.File, after func(*actAnswer) []string) error {
	if s.json {
		if err := s.out.json(shapeOutcome(a)); err != nil {
			return err
		}
	} else {
		s.tellAct(a)
	}
	if a.Outcome != "done" {
		return &tx.RuleError{Rule: string(a.Rule), Field: string(a.Field), Detail: s.met(ctx, a, file)}
	}
	if after == nil {
		return nil
	}
	for _, line := range after(a) {
		if !s.json {
			s.out.field("next", "%s", said(line))
		}
	}
	return nil
}

// met is what the rule met that refused a final act. A receipt names the rule and
// the field alone, so the same act is tried once more, under its lane's next number:
// where the same rule refuses it as things stand now, it says what it meets.
func (s *session) met(ctx context.Context, a *actAnswer, file *tx.File) string {
	final := "the act is final in block " + decimal(a.Height) + " and failed"
	again := &tx.Act{Header: file.Act.Header, Body: file.Act.Body}
	again.Number++
	p, _, err := s.preview(ctx, &tx.File{Salt: file.Salt, Act: again})
	if err != nil || p.Rule != a.Rule || p.Field != a.Field || p.Detail == "" {
		return final
	}
	return string(p.Detail) + "; " + final
}

func (s *session) tellAct(a *actAnswer) {
	s.out.field("act", "%v", a.ID)
	s.out.field("kind", "%s", a.Kind)
	s.out.field("outcome", "%s", a.Outcome)
	if a.Outcome == "pending" {
		return
	}
	s.out.field("height", "%d", a.Height)
	s.out.field("time", "%s", a.Time)
}

// outcomeShape is a final act as --json prints it.
type outcomeShape struct {
	ID        wire.Hash `json:"id"`
	Kind      string    `json:"kind"`
	Outcome   string    `json:"outcome"`
	Height    string    `json:"height"`
	Time      string    `json:"time"`
	Rule      string    `json:"rule"`
	Field     string    `json:"field"`
	Account   string    `json:"account,omitempty"` // that an opening opened
	Statement string    `json:"statement"`
}

func shapeOutcome(a *actAnswer) outcomeShape {
	out := outcomeShape{
		ID: a.ID, Kind: string(a.Kind), Outcome: string(a.Outcome), Height: decimal(a.Height), Time: a.Time.String(),
		Rule: string(a.Rule), Field: string(a.Field), Statement: string(a.Statement),
	}
	if strings.EqualFold(out.Kind, tx.KindOpenAccount.String()) {
		out.Account = ledger.AccountID(a.ID).String()
	}
	return out
}
