package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"ipledger/ledger/drift"
)

// drifted is what a node says of its last comparison with a routing table, or why
// there is none.
type drifted struct {
	Code      string          `json:"code"`   // of a refusal, as is the next
	Detail    string          `json:"detail"` //
	Table     string          `json:"table"`
	TableRead json.RawMessage `json:"table_read"`
	Fault     string          `json:"fault"`
	Judged    struct {
		Routes int `json:"routes"`
	} `json:"judged"`
	Counts map[string]int `json:"counts"`
}

// askDrift is the zero value where a node says nothing of it.
func askDrift(ctx context.Context, base string) (d drifted) {
	ctx, cancel := context.WithTimeout(ctx, statusPatience)
	defer cancel()
	raw, err := fetch(ctx, strings.TrimSuffix(base, "/")+"/v1/drift?limit=1")
	if err != nil || json.Unmarshal(raw, &d) != nil {
		return drifted{}
	}
	return d
}

// driftText tells how many findings there are of each category that is warned of
// (specs/31 DRIFT-10), and nothing of a node whose operator names no table.
func driftText(d drifted) string {
	switch {
	case d.Code == "not_ready":
		return fmt.Sprintf("drift    %s\n", d.Detail)
	case d.Counts == nil:
		return ""
	}
	text := fmt.Sprintf("drift    %s; %d routes of %s, read %s\n", found(d.Counts), d.Judged.Routes, d.Table, moment(d.TableRead))
	if d.Fault != "" {
		text += fmt.Sprintf("drift    the newest table was not taken: %s\n", d.Fault)
	}
	return text
}

// found is the counts of what is warned of, in the order of the warnings.
func found(counts map[string]int) string {
	var list []string
	for _, c := range drift.Alarms {
		if n := counts[c.String()]; n > 0 {
			list = append(list, fmt.Sprintf("%d %v", n, c))
		}
	}
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}
