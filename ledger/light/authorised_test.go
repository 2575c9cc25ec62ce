package light

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestVerify_PRF20(t *testing.T) {
	files, trust := samples(t)
	for name, want := range map[string]struct {
		present bool
		others  int
		says    string
	}{
		"authorisation":              {true, 1, "authorises AS1299 to originate 193.0.8.0/24 down to /24."},
		"no authorisation":           {false, 2, "nobody authorises AS1299 to originate 193.0.8.0/24 down to /25."},
		"authorisation, suspended":   {true, 0, "down to /24, suspended until "},
		"no authorisation, no title": {false, 0, "No title covers the block."},
	} {
		v, err := Verify(files[name].Bytes(), trust)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var shown struct {
			Present bool
			Others  int
		}
		raw, err := json.Marshal(v.Authorised)
		if err == nil {
			err = json.Unmarshal(raw, &shown)
		}
		if err != nil || shown.Present != want.present || shown.Others != want.others || !strings.Contains(v.Statement, want.says) {
			t.Errorf("%s: got %s, %q, %v", name, raw, v.Statement, err)
		}
	}
}

// TestVerify_PRF22: a file of an authorisation says whose the AS number is, and
// which word is older than that; one that depends on nobody's says nothing of it.
func TestVerify_PRF22_SVC14(t *testing.T) {
	files, trust := samples(t)
	since := Clock(clockZero - 8)
	for name, want := range map[string]struct {
		changed bool
		says    string
	}{
		"authorisations older than whose the number is": {true, " AS2017 lies in the title AS2016-AS2017, holder " + customer.String() + ", since " + since +
			". It changed hands after the authorisation by " + alice.String() + ", which stands from the start." +
			" It changed hands after the authorisation by " + provider.String() + ", which stands since " + Clock(clockZero-9) + "."},
		"authorisation of a number since":               {false, " AS2017 lies in the title AS2016-AS2017, holder " + customer.String() + ", since " + since + "."},
		"authorisation of a number held from the start": {false, ", from the start."},
		"authorisation":          {false, " No title covers AS1299."},
		"authorisation of no AS": {false, " other authorisations stand there or at blocks that cover it."},
		"no authorisation":       {false, " other authorisations stand there or at blocks that cover it."},
	} {
		v, err := Verify(files[name].Bytes(), trust)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var shown struct {
			Changed bool `json:"changed_hands"`
		}
		raw, err := json.Marshal(v.Authorised)
		if err == nil {
			err = json.Unmarshal(raw, &shown)
		}
		if err != nil || shown.Changed != want.changed || !strings.HasSuffix(v.Statement, want.says) {
			t.Errorf("%s: got %s, %q, %v", name, raw, v.Statement, err)
		}
	}
}

// TestVerify_PRF20_refused: what names no route is refused, and a file about one
// route is none about another.
func TestVerify_PRF20_refused(t *testing.T) {
	files, trust := samples(t)
	for name, c := range map[string]struct {
		rule   string
		change func(*AuthorisedPart)
	}{
		"a length below the prefix's": {"PRF-20", func(p *AuthorisedPart) { p.MaxLength = 23 }},
		"a length beyond an address":  {"PRF-20", func(p *AuthorisedPart) { p.MaxLength = 33 }},
		"an AS number of 33 bits":     {"PRF-20", func(p *AuthorisedPart) { p.AS = 1 << 32 }},
		"another AS number":           {"PRF-22", func(p *AuthorisedPart) { p.AS++ }},
		"another length":              {"PRF-22", func(p *AuthorisedPart) { p.MaxLength++ }},
		"another block":               {"PRF-9", func(p *AuthorisedPart) { p.Query = "193.0.9.0/24" }},
	} {
		f := *files["authorisation"]
		part := *f.Authorised
		c.change(&part)
		f.Authorised = &part
		_, err := Verify(f.Bytes(), trust)
		refusedBy(t, err, ErrProof, c.rule)
		if t.Failed() {
			t.Fatal(name)
		}
	}
	s := source(newCommittee(1, 4), world(t), nil)
	_, err := s.Authorised(Route{parse(t, "AS2001"), 1299, 32})
	refusedBy(t, err, ErrProof, "PRF-20")
}
