package rpki

import (
	"bytes"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"ipledger/ledger/wire"
	"ipledger/specs"
)

// statementVectors are statements, first those the test chain supports or would.
func statementVectors() []statementVector {
	good := statement0()
	text := string(good.Bytes())
	with := func(old, new string) string { return strings.Replace(text, old, new, 1) }
	out := []statementVector{
		{Why: "as it is signed", File: text, Name: good.FileName(), Time: moment0},
		{Why: "a second before its expiry", File: text, Name: good.FileName(), Time: good.Expiry - 1},
		{Why: "at its expiry", File: text, Name: good.FileName(), Time: good.Expiry, Rule: "RPKI-23"},
	}
	for _, x := range []struct {
		why    string
		change func(s *Statement)
	}{
		{"another chain", func(s *Statement) { s.Chain[31] = 1 }}, {"another account", func(s *Statement) { s.Account[0]++ }},
		{"another block", func(s *Statement) { s.Block = block("60.0.4.0/23") }}, {"another expiry", func(s *Statement) { s.Expiry++ }},
	} {
		s := *good
		x.change(&s)
		out = append(out, statementVector{Why: x.why, File: string(s.Bytes()), Name: s.FileName(), Time: moment0, Rule: "RPKI-23"})
	}
	for _, x := range [][2]string{
		{"no line feed at the end", strings.TrimSuffix(text, "\n")}, {"a line more", text + "\n"}, {"carriage returns", strings.ReplaceAll(text, "\n", "\r\n")},
		{"another version", with("statement 1", "statement 2")}, {"two spaces", with("chain ", "chain  ")}, {"a space at an end", with("/22\n", "/22 \n")},
		{"capital digits", with("account 0xac", "account 0xAC")}, {"a chain of 31 bytes", with("chain c0", "chain ")}, {"host bits", with("60.0.4.0/22", "60.0.5.0/22")},
		{"two blocks", with("60.0.4.0/22", "60.0.4.0/22 60.0.8.0/22")}, {"no block", with("60.0.4.0/22", "")}, {"an expiry with a leading zero", with("expiry ", "expiry 0")},
		{"an expiry with a sign", with("expiry ", "expiry +")}, {"an expiry of more than 64 bits", with("expiry ", "expiry 9999999999999")}, {"lines in another order", with("chain", "account")},
		{"an empty file", ""}, {"a byte order mark", "\ufeff" + text}, {"257 bytes", text + strings.Repeat("x", 257-len(text))},
	} {
		out = append(out, statementVector{Why: x[0], File: x[1], Rule: "RPKI-22"})
	}
	return out
}

func TestStatement_RPKI22_RPKI23(t *testing.T) {
	v := loadVectors(t)
	shown, err := Verify(v.Evidence, v.anchors(), v.Time)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range v.Statements {
		s, err := ParseStatement([]byte(c.File))
		if c.Rule == "RPKI-22" {
			if ruleOf(err) != c.Rule {
				t.Errorf("%s: got %v, want %s", c.Why, err, c.Rule)
			}
			continue
		}
		if err != nil || s.FileName() != c.Name || string(s.Bytes()) != c.File {
			t.Errorf("%s: got %v, name %v", c.Why, err, s.FileName())
			continue
		}
		if err := shown.Supports(s, c.Time); ruleOf(err) != c.Rule || (err == nil) != (c.Rule == "") {
			t.Errorf("%s: got %v, want %q", c.Why, err, c.Rule)
		}
	}
}

// A checklist supports no statement about numbers for which it does not speak,
// or whose digest stands under another name or none.
func TestSupports_RPKI23(t *testing.T) {
	c := makeChain(spec0())
	elsewhere := statement0()
	elsewhere.Block = block("60.0.8.0/22")
	sum := fileOf(elsewhere.FileName(), digestOf(elsewhere))
	good := statement0()
	for why, files := range map[string][2]any{
		"a block beyond": {sum, elsewhere}, "no name": {fileOf("", digestOf(good)), good}, "another name": {fileOf("ipledger.txt", digestOf(good)), good},
		"another digest": {fileOf(good.FileName(), digestOf(elsewhere)), good},
	} {
		n := tree(c.content)
		n.at(2).kids = []*node{{raw: files[0].([]byte)}}
		v, err := Verify(base{c}.withContent(n.bytes()).Bytes(), anchors0(), moment0)
		if err != nil {
			t.Fatalf("%s: %v", why, err)
		}
		if err := v.Supports(files[1].(*Statement), moment0); ruleOf(err) != "RPKI-23" {
			t.Errorf("%s: got %v", why, err)
		}
	}
	v, err := Verify(c.evidence().Bytes(), anchors0(), moment0)
	if err != nil {
		t.Fatal(err)
	}
	broken := *good
	broken.Block = wire.Resource{Len: 200}
	if v.Supports(&broken, moment0) == nil {
		t.Error("a block that is none is supported")
	}
}

func digestOf(s *Statement) []byte {
	digest := s.Digest()
	return digest[:]
}

// The statements of a checklist are told ascending, and other files left out.
func TestStatements_RPKI23(t *testing.T) {
	n := tree(content0())
	var want []wire.Hash
	for i := range 5 {
		s := statement0()
		s.Expiry += uint64(i)
		want = append(want, s.Digest())
		n.at(2).kids = append(n.at(2).kids[:1+i:1+i], &node{raw: fileOf(s.FileName(), digestOf(s))})
	}
	v, err := Verify(base0().withContent(n.bytes()).Bytes(), anchors0(), moment0)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(want, func(a, b wire.Hash) int { return bytes.Compare(a[:], b[:]) })
	if got := v.Statements(); !slices.Equal(got, want) || len(v.Files()) != 6 {
		t.Errorf("got %v, want %v", got, want)
	}
}

// The chapter's example is the statement of the vectors, under its own name.
func TestExample_RPKI22(t *testing.T) {
	raw, err := fs.ReadFile(specs.Files, "19-rpki-evidence.md")
	if err != nil {
		t.Fatal(err)
	}
	s := statement0()
	if !bytes.Contains(raw, append([]byte("```\n"), s.Bytes()...)) || !bytes.Contains(raw, []byte("`"+s.FileName()+"`")) {
		t.Errorf("the chapter does not show\n%sunder the name %s", s.Bytes(), s.FileName())
	}
}

func FuzzParseStatement_RPKI22(f *testing.F) {
	for _, v := range statementVectors() {
		f.Add([]byte(v.File))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		s, err := ParseStatement(raw)
		if err == nil && !bytes.Equal(s.Bytes(), raw) {
			t.Errorf("%q is written again as %q", raw, s.Bytes())
		}
	})
}
