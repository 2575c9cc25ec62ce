package drift_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"testing"

	"ipledger/ledger/drift"
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/rib"
	"ipledger/ledger/vrp"
	"ipledger/ledger/wire"
	"ipledger/specs/frozen"
)

// vectors is the file specs/vectors/drift.json: what is given and what comes of it.
type vectors struct {
	Chapter     string        `json:"chapter"`
	Tables      []tableVector `json:"tables"`
	Comparisons []comparison  `json:"comparisons"`
}

type tableVector struct {
	Why        string   `json:"why"`
	Text       string   `json:"text"`
	Binary     string   `json:"binary,omitempty"` // hexadecimal, in place of text
	Refused    bool     `json:"refused,omitempty"`
	Read       int      `json:"read"`
	Comments   int      `json:"comments"`
	Unreadable int      `json:"unreadable"`
	Routes     []string `json:"routes"` // prefix, origin; 0 for NONE
}

type comparison struct {
	Why      string          `json:"why"`
	Blocks   []string        `json:"keep_blocks,omitempty"`
	AS       []uint32        `json:"keep_as,omitempty"`
	Routes   []string        `json:"routes"`
	Ledger   []payloadVector `json:"ledger"`
	RPKI     []payloadVector `json:"rpki"`
	Judged   map[string]int  `json:"judged"`
	Counts   map[string]int  `json:"counts"`
	Findings []string        `json:"findings"` // in order
}

type payloadVector struct {
	Prefix    string `json:"prefix"`
	MaxLength uint64 `json:"max_length"`
	AS        uint64 `json:"as"`
	Grade     string `json:"grade,omitempty"`
}

func payloadsOf(list []payloadVector) (out []vrp.Payload) {
	for _, p := range list {
		one := payload(p.Prefix, p.MaxLength, p.AS, record.GradeNone)
		if p.Grade != "" {
			one.Grade = record.Grade(p.Grade[0])
		}
		out = append(out, one)
	}
	return out
}

func (v *tableVector) fill(t *testing.T) {
	v.Routes = []string{}
	raw, err := hex.DecodeString(v.Binary)
	if err != nil {
		t.Fatal(err)
	}
	got, err := rib.Read(io.MultiReader(strings.NewReader(v.Text), bytes.NewReader(raw)))
	if v.Refused = err != nil; v.Refused {
		return
	}
	v.Read, v.Comments, v.Unreadable = got.Read, got.Comments, got.Unreadable
	for _, r := range got.Routes {
		v.Routes = append(v.Routes, fmt.Sprintf("%v %d", r.Prefix, r.Origin))
	}
}

func (v *comparison) fill(t *testing.T) {
	in := drift.Input{Routes: table(t, v.Routes...), Ledger: payloadsOf(v.Ledger), RPKI: payloadsOf(v.RPKI)}
	if v.Blocks != nil {
		in.Keep = func(r wire.Resource, as uint32) bool {
			return inr.Covers(at(v.Blocks[0]), r) && as == v.AS[0]
		}
	}
	list, c := all(t, in)
	v.Judged = map[string]int{"routes": c.Routes, "ledger": c.Ledger, "rpki": c.RPKI}
	v.Counts, v.Findings = map[string]int{}, []string{}
	for i, n := range c.Found {
		v.Counts[drift.Category(i).String()] = n
	}
	for _, f := range list {
		v.Findings = append(v.Findings, told(f))
	}
}

// told is a finding on a line.
func told(f drift.Finding) string {
	text := fmt.Sprintf("%v %v AS%d", f.Category, f.Prefix, f.AS)
	if !f.Category.OfRoute() {
		return text + fmt.Sprintf(" max %d grade %v announced %d longest %d", f.MaxLength, f.Grade, f.Announced, f.Longest)
	}
	text += fmt.Sprintf(" grade %v rpki %v", f.Grade, f.RPKI)
	if f.By != (vrp.Payload{}) {
		text += fmt.Sprintf(" by %v max %d AS%d", f.By.Prefix, f.By.MaxLength, f.By.AS)
	}
	return text
}

// TestVectors_DRIFT1_DRIFT3 makes the results of every vector again.
func TestVectors_DRIFT1_DRIFT3(t *testing.T) {
	var v vectors
	if frozen.Read(t, "drift", &v); len(v.Tables) == 0 || len(v.Comparisons) == 0 {
		t.Fatal("a list of vectors is empty")
	}
	for i := range v.Tables {
		v.Tables[i].fill(t)
	}
	for i := range v.Comparisons {
		v.Comparisons[i].fill(t)
	}
	frozen.Hold(t, "drift", frozen.Text(t, v))
}
