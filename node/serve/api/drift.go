package api

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"ipledger/ledger/drift"
	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	payloads "ipledger/ledger/vrp"
)

// Drift compares the ledger with a routing table and the RPKI (specs/31). A nil
// Drift is a node whose operator names no table.
type Drift interface {
	// Drift is the newest comparison. It never changes; its report is nil before
	// there is one.
	Drift() *Drifted
}

// Drifted is one comparison, and what it was made of.
type Drifted struct {
	Report       *drift.Report
	Height, Time uint64 // of the ledger's state
	Compared     uint64 // Unix seconds at which it was made
	Table        string // the name of the table's file
	TableRead    uint64 // Unix seconds
	Built        uint64 // Unix seconds at which the RPKI's export was made, by its own word; 0 for none
	Fault        string // why the newest table was not compared; empty if it was
}

// driftShape is a page of findings.
type driftShape struct {
	Height    light.Decimal       `json:"height"`
	Time      light.Instant       `json:"time"`
	Compared  light.Instant       `json:"compared"`
	Table     string              `json:"table"`
	TableRead light.Instant       `json:"table_read"`
	Built     light.Instant       `json:"rpki_built"`
	Fault     string              `json:"fault"`
	Judged    judgedShape         `json:"judged"`
	Counts    map[string]int      `json:"counts"`
	Listed    int                 `json:"listed"` // at most of a category
	Findings  []driftFindingShape `json:"findings"`
	Next      string              `json:"next"`
}

type judgedShape struct {
	Routes int `json:"routes"`
	Ledger int `json:"ledger"`
	RPKI   int `json:"rpki"`
}

type driftFindingShape struct {
	Category  string        `json:"category"`
	Prefix    string        `json:"prefix"`
	AS        light.Decimal `json:"as"`
	MaxLength *uint8        `json:"max_length,omitempty"` // of a payload
	Grade     string        `json:"grade"`
	RPKI      string        `json:"rpki,omitempty"` // of a route
	By        *driftByShape `json:"by,omitempty"`   // of a route
	Announced *uint32       `json:"announced,omitempty"`
	Longest   *uint8        `json:"longest,omitempty"`
}

type driftByShape struct {
	Prefix    string        `json:"prefix"`
	MaxLength uint64        `json:"max_length"`
	AS        light.Decimal `json:"as"`
}

// drifts lists what the last comparison found, category by category.
func (a *API) drifts(w http.ResponseWriter, r *http.Request) error {
	if a.Drift == nil {
		return problem(http.StatusNotFound, "not_found", "this node compares with no routing table: its operator names none in drift_table")
	}
	now := a.Drift.Drift()
	if now.Report == nil {
		return problem(http.StatusServiceUnavailable, "not_ready", "nothing was compared yet%s", because(now.Fault))
	}
	n, err := limit(r)
	if err != nil {
		return err
	}
	categories, err := askedCategories(r)
	if err != nil {
		return err
	}
	after, err := askedPlace(r)
	if err != nil {
		return err
	}
	out := now.shape()
	out.Findings, out.Next = page(now.Report, categories, after, n)
	return writeJSON(w, out)
}

func because(fault string) string {
	if fault == "" {
		return "; the node waits for its files and for the network's state"
	}
	return ": " + fault
}

func (d *Drifted) shape() driftShape {
	out := driftShape{
		Height: light.Decimal(d.Height), Time: light.Instant(d.Time), Compared: light.Instant(d.Compared), Table: d.Table,
		TableRead: light.Instant(d.TableRead), Built: light.Instant(d.Built), Fault: d.Fault,
		Judged: judgedShape{d.Report.Routes, d.Report.Ledger, d.Report.RPKI}, Counts: map[string]int{}, Listed: drift.ListedMax,
	}
	for c := range drift.Category(drift.Categories) {
		out.Counts[c.String()] = d.Report.Found[c]
	}
	return out
}

// askedCategories reads only: one category that is a difference, or all of them.
func askedCategories(r *http.Request) (list []drift.Category, err error) {
	word := r.URL.Query().Get("only")
	for c := range drift.Category(drift.Categories) {
		if c.Differs() && (word == "" || word == c.String()) {
			list = append(list, c)
		}
	}
	if len(list) == 0 {
		return nil, problem(http.StatusBadRequest, "bad_parameter", "only: %.40q is no category of differences", word)
	}
	return list, nil
}

// askedPlace reads after, which names a finding: its category, prefix, AS and
// greatest length with commas between. It is nil where it is left out.
func askedPlace(r *http.Request) (*drift.Finding, error) {
	text := r.URL.Query().Get("after")
	if text == "" {
		return nil, nil
	}
	refuse := problem(http.StatusBadRequest, "bad_parameter", "after: take the next of the page before")
	fields := strings.Split(text, ",")
	if len(fields) != 4 {
		return nil, refuse
	}
	category, known := drift.CategoryOf(fields[0])
	at, err1 := inr.Parse(fields[1])
	as, err2 := strconv.ParseUint(fields[2], 10, 32)
	most, err3 := strconv.ParseUint(fields[3], 10, 8)
	if !known || err1 != nil || err2 != nil || err3 != nil {
		return nil, refuse
	}
	return &drift.Finding{Category: category, Prefix: at, AS: uint32(as), MaxLength: uint8(most)}, nil
}

func placeOf(f *drift.Finding) string {
	return fmt.Sprintf("%v,%v,%d,%d", f.Category, f.Prefix, f.AS, f.MaxLength)
}

// page is what comes after a place in the lists of some categories.
func page(r *drift.Report, categories []drift.Category, after *drift.Finding, limit int) (out []driftFindingShape, next string) {
	out = []driftFindingShape{}
	var last *drift.Finding
	for _, c := range categories {
		list := r.Listed[c]
		if after != nil && c < after.Category {
			continue
		}
		if after != nil && c == after.Category {
			i, found := slices.BinarySearchFunc(list, *after, drift.CompareFindings)
			if found {
				i++
			}
			list = list[i:]
		}
		for i := range list {
			if len(out) == limit {
				return out, placeOf(last)
			}
			last = &list[i]
			out = append(out, shapeDrift(last))
		}
	}
	return out, ""
}

func shapeDrift(f *drift.Finding) driftFindingShape {
	x := driftFindingShape{Category: f.Category.String(), Prefix: f.Prefix.String(), AS: light.Decimal(f.AS), Grade: f.Grade.String()}
	if !f.Category.OfRoute() {
		x.MaxLength, x.Announced, x.Longest = &f.MaxLength, &f.Announced, &f.Longest
		return x
	}
	x.RPKI = f.RPKI.String()
	if f.By != (payloads.Payload{}) {
		x.By = &driftByShape{f.By.Prefix.String(), f.By.MaxLength, light.Decimal(f.By.AS)}
	}
	return x
}
