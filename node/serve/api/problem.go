package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"ipledger/ledger/tx"
	"ipledger/specs"
)

// Problem is an error as RFC 9457 writes it. Code never changes its meaning;
// Rule and Sentence are there where a numbered rule refused something.
type Problem struct {
	Type     string `json:"type"`
	Title    string `json:"title"`
	Status   int    `json:"status"`
	Code     string `json:"code"`
	Detail   string `json:"detail"`
	Rule     string `json:"rule,omitempty"`
	Field    string `json:"field,omitempty"`
	Sentence string `json:"sentence,omitempty"`
}

// Error is the code and the detail.
func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

func problem(status int, code, format string, args ...any) *Problem {
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: code, Detail: fmt.Sprintf(format, args...)}
}

// asProblem is what a client is told of an error. What happened inside the node
// is for its log.
func asProblem(err error) *Problem {
	var p *Problem
	var rule *tx.RuleError
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &rule):
		return refused(rule)
	case errors.Is(err, ErrNotFound):
		return problem(http.StatusNotFound, "not_found", "this node does not have it: %v", err)
	case errors.Is(err, ErrFull):
		return problem(http.StatusInsufficientStorage, "full", "%v", err)
	case errors.Is(err, ErrBusy):
		return problem(http.StatusServiceUnavailable, "busy", "too much of this is going on; try again in a second")
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return problem(http.StatusRequestEntityTooLarge, "too_large", "a body has at most %d bytes", tooLarge.Limit)
	}
	return problem(http.StatusInternalServerError, "internal", "the node failed to answer; its log says why")
}

func refused(rule *tx.RuleError) *Problem {
	p := problem(http.StatusUnprocessableEntity, "refused", "%s", rule.Detail)
	p.Rule, p.Field = rule.Rule, rule.Field
	p.Sentence, _ = specs.Rule(rule.Rule)
	return p
}

func writeProblem(w http.ResponseWriter, p *Problem) {
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	if p.Status == http.StatusServiceUnavailable || p.Status == http.StatusTooManyRequests {
		h.Set("Retry-After", "1")
	}
	w.WriteHeader(p.Status)
	writeBody(w, p)
}

// writeJSON answers 200 with v.
func writeJSON(w http.ResponseWriter, v any) error {
	w.Header().Set("Content-Type", "application/json")
	writeBody(w, v)
	return nil
}

// writeBody writes v; an error is a client that has gone.
func writeBody(w http.ResponseWriter, v any) {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	_ = e.Encode(v)
}
