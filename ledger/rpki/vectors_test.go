package rpki

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"

	"ipledger/ledger/wire"
	"ipledger/specs/frozen"
)

// vectors is the file specs/vectors/rpki.json.
type vectors struct {
	Chapter    string            `json:"chapter"`
	Anchors    []frozen.Octets   `json:"anchors"`
	Time       uint64            `json:"time,string"`
	Checklist  frozen.Octets     `json:"checklist"`
	Certs      []frozen.Octets   `json:"certificates"`
	CRLs       []frozen.Octets   `json:"crls"`
	Evidence   frozen.Octets     `json:"evidence"`
	Shows      showsVector       `json:"shows"`
	Statements []statementVector `json:"statements"`
	Cases      []caseVector      `json:"cases"`
}

// showsVector is what the evidence shows.
type showsVector struct {
	Resources []string     `json:"resources"`
	Files     []fileVector `json:"files"`
	SignedAt  uint64       `json:"signed_at,string"`
	Key       wire.Hash    `json:"key"`
	Content   wire.Hash    `json:"content"`
	Path      []wire.Hash  `json:"path"`
}

type fileVector struct {
	Name   string    `json:"name,omitempty"`
	Digest wire.Hash `json:"digest"`
}

// statementVector is a file, well formed or not, and whether the evidence
// supports it at a time. Rule is the one that refuses it.
type statementVector struct {
	Why  string `json:"why"`
	File string `json:"file"`
	Name string `json:"name,omitempty"`
	Time uint64 `json:"time,string,omitempty"`
	Rule string `json:"rule,omitempty"`
}

// caseVector is evidence told in pieces, at a time if it is another. No rule
// means that it verifies.
type caseVector struct {
	Why    string   `json:"why"`
	Time   uint64   `json:"time,string,omitempty"`
	Rule   string   `json:"rule,omitempty"`
	Pieces []string `json:"pieces"`
}

func loadVectors(t testing.TB) *vectors {
	v := new(vectors)
	frozen.Read(t, "rpki", v)
	return v
}

func (v *vectors) anchors() (out [][]byte) {
	for _, a := range v.Anchors {
		out = append(out, a)
	}
	return out
}

func makeVectors() *vectors {
	b := base0()
	v := &vectors{Chapter: "19", Time: moment0, Checklist: b.checklist, Evidence: b.evidence().Bytes(), Statements: statementVectors()}
	for _, a := range anchors0() {
		v.Anchors = append(v.Anchors, a)
	}
	for i := range b.certificates {
		v.Certs, v.CRLs = append(v.Certs, b.certificates[i]), append(v.CRLs, b.crls[i])
	}
	shown := must(Verify(v.Evidence, anchors0(), moment0))
	v.Shows = showsOf(shown)
	for _, m := range append(b.variants(), mutants0()...) {
		raw := m.bytes()
		if len(raw) > EvidenceBytesMax || len(raw) > 4*len(v.Evidence) {
			continue // one for size and one for a list at its bound: the tests here make them
		}
		v.Cases = append(v.Cases, caseVector{m.why, m.at, m.rule, pieces(v.Evidence, raw)})
	}
	return v
}

func showsOf(v *Verified) (s showsVector) {
	for _, r := range v.Resources().Blocks() {
		s.Resources = append(s.Resources, r.String())
	}
	for _, f := range v.Files() {
		s.Files = append(s.Files, fileVector(f))
	}
	s.SignedAt, s.Key, s.Content, s.Path = v.SignedAt(), v.Key(), v.Content(), v.Path()
	return s
}

// TestVectorsAreFrozen makes the vectors anew and compares: a change of a
// verdict or a format shows here before it reaches anyone who relies on the file.
func TestVectorsAreFrozen(t *testing.T) { frozen.Hold(t, "rpki", frozen.Text(t, makeVectors())) }

// The frozen verdicts, read from the file alone: nothing here is made anew.
func TestVectors_RPKI1_RPKI2_RPKI4_RPKI9_RPKI11_RPKI12_RPKI13_RPKI14_RPKI15_RPKI16_RPKI17(t *testing.T) {
	v := loadVectors(t)
	shown, err := Verify(v.Evidence, v.anchors(), v.Time)
	if err != nil {
		t.Fatal(err)
	}
	got, want := must(json.Marshal(showsOf(shown))), must(json.Marshal(v.Shows))
	if !bytes.Equal(got, want) {
		t.Errorf("it shows %s, want %s", got, want)
	}
	refused := 0
	for _, c := range v.Cases {
		raw, err := joined(v.Evidence, c.Pieces)
		if err != nil {
			t.Fatalf("%s: %v", c.Why, err)
		}
		at := v.Time
		if c.Time != 0 {
			at = c.Time
		}
		_, err = Verify(raw, v.anchors(), at)
		if got := ruleOf(err); got != c.Rule {
			t.Errorf("%s: got %v, want %q", c.Why, err, c.Rule)
		}
		if c.Rule != "" {
			refused++
		}
	}
	if refused < 300 {
		t.Errorf("%d refused cases, fewer than 300: the file is not what it should be", refused)
	}
}

// ruleOf is the rule of a refusal, empty where there is none.
func ruleOf(err error) string {
	var r *Refusal
	if errors.As(err, &r) {
		return r.Rule
	}
	return ""
}
