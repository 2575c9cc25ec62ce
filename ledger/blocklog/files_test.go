package blocklog_test

import (
	"crypto/ed25519"
	"errors"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"ipledger/ledger/blocklog"
	"ipledger/ledger/chain"
	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

// header is a header of the log's chain at a height.
func header(height uint64) chain.Header {
	return chain.Header{Version: chain.Version{Block: chain.BlockVersion, App: 1}, ChainID: "log-test", Height: height, Time: chain.Time{Seconds: 1_800_000_000 + height}}
}

// ofHeaders is a log of n blocks with such headers, at odd heights.
func ofHeaders(n int) (out tiled) {
	for i := range n {
		h := header(uint64(2*i + 1))
		out = append(out, chain.LogLeaf(h.Height, h.Hash()))
	}
	return out
}

func signed(t testing.TB, l tiled, by ...note.Signer) []byte {
	t.Helper()
	raw, err := l.checkpoint().Sign(by...)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

var (
	theLog = blocklog.NewLogSigner(origin, key("log"))
	first  = blocklog.NewCosigner("one.example", key("one"), 1_800_000_000)
	second = blocklog.NewCosigner("two.example", key("two"), 1_800_000_001)
)

// files are a log file of each kind.
type files struct{ member, consistent, split, level *light.LogFile }

func newFiles(t testing.TB) (f files) {
	all := ofHeaders(9)
	other := slices.Clone(all)
	other[1][0] ^= 1
	id := wire.Hash{1}
	var errs [8]error
	var in chain.Inclusion
	var p, q, one chain.Consistency
	in, errs[0] = blocklog.Inclusion(all.read, 3, 9)
	p, errs[1] = blocklog.Consistency(all.read, 5, 9)
	q, errs[2] = blocklog.Consistency(other.read, 5, 9)
	one, errs[3] = blocklog.Consistency(other.read, 9, 9)
	f.member, errs[4] = light.NewMember(id, header(7), signed(t, all, theLog, first, second), in)
	f.consistent, errs[5] = light.NewConsistent("log-test", id, signed(t, all[:5], theLog), signed(t, all, theLog, first), p)
	f.split, errs[6] = light.NewSplit("log-test", id, signed(t, all[:5], theLog, first), signed(t, other, theLog, first), chain.Root(other[:5]), q,
		[]string{theLog.VerifierKey(), first.String()})
	f.level, errs[7] = light.NewSplit("log-test", id, signed(t, all, first), signed(t, other, first), chain.Root(other), one, []string{first.String()})
	if err := errors.Join(errs[:]...); err != nil {
		t.Fatal(err)
	}
	return f
}

func makeFiles(t testing.TB) []textVector {
	good := newFiles(t)
	out := []textVector{
		{"a block in the log", string(good.member.Bytes()), ""},
		{"a log that has grown", string(good.consistent.Bytes()), ""},
		{"two logs under one key", string(good.split.Bytes()), ""},
		{"two logs of one size", string(good.level.Bytes()), ""},
		{"a space more", strings.Replace(string(good.member.Bytes()), ": ", ":  ", 1), "PRF-2"},
	}
	for _, c := range []struct {
		why    string
		of     *light.LogFile
		change func(f *light.LogFile)
		rule   string
	}{
		{"another header", good.member, func(f *light.LogFile) { h := header(9); f.Header = h.Bytes() }, "LOG-13"},
		{"another chain", good.member, func(f *light.LogFile) { f.ChainID = "other" }, "LOG-13"},
		{"another genesis", good.member, func(f *light.LogFile) { f.GenesisHash[0]++ }, "LOG-13"},
		{"another size", good.member, func(f *light.LogFile) { f.Checkpoint = strings.Replace(f.Checkpoint, "\n9\n", "\n8\n", 1) }, "LOG-13"},
		{"another statement", good.member, func(f *light.LogFile) { f.Statement += " " }, "LOG-16"},
		{"a kind that there is not", good.member, func(f *light.LogFile) { f.Kind = "members" }, "PRF-2"},
		{"another format", good.member, func(f *light.LogFile) { f.Format = "ipledger-log/2" }, "PRF-2"},
		{"a field of another kind", good.member, func(f *light.LogFile) { f.Old = good.split.Old }, "PRF-2"},
		{"two logs as one that has grown", good.split, func(f *light.LogFile) { f.Kind, f.Root, f.Keys = light.KindConsistent, nil, nil }, "LOG-14"},
		{"the older as the newer", good.consistent, func(f *light.LogFile) { f.Old, f.New = f.New, f.Old }, "LOG-14"},
		{"a key that signed neither", good.split, func(f *light.LogFile) { f.Keys = []string{second.String()} }, "LOG-15"},
		{"no key", good.split, func(f *light.LogFile) { f.Keys = []string{} }, "PRF-2"},
		{"keys out of order", good.split, func(f *light.LogFile) { f.Keys = []string{f.Keys[1], f.Keys[0]} }, "LOG-15"},
		{"no contradiction", good.consistent, func(f *light.LogFile) {
			root := chain.Root(ofHeaders(5))
			f.Kind, f.Root, f.Keys = light.KindSplit, &root, []string{theLog.VerifierKey()}
		}, "LOG-15"},
		{"a root that the newer does not begin with", good.split, func(f *light.LogFile) { f.Root = &wire.Hash{9} }, "LOG-15"},
	} {
		changed := *c.of
		c.change(&changed)
		out = append(out, textVector{c.why, string(changed.Bytes()), c.rule})
	}
	return out
}

func trustOf(quorum int, keys ...string) *light.WitnessTrust {
	return &light.WitnessTrust{Format: light.WitnessTrustFormat, ChainID: "log-test", GenesisHash: wire.Hash{1}, Quorum: quorum, Witnesses: append([]string{}, keys...)}
}

func makeTrust() []textVector {
	text := func(t *light.WitnessTrust) string { return string(t.Bytes()) }
	one, two := first.String(), second.String()
	other := trustOf(1, one)
	other.Format = "ipledger-trust/3"
	twin := blocklog.WitnessOf("twin.example", key("one").Public().(ed25519.PublicKey)).String()
	return []textVector{
		{"two of two", text(trustOf(2, one, two)), ""},
		{"one of one", text(trustOf(1, one)), ""},
		{"a quorum of none", text(trustOf(0, one, two)), "LOG-11"},
		{"a quorum of more than there are", text(trustOf(3, one, two)), "LOG-11"},
		{"no witnesses", text(trustOf(1)), "LOG-11"},
		{"a null for a list", strings.Replace(text(trustOf(1)), "[]", "null", 1), "PRF-2"},
		{"one twice", text(trustOf(2, one, one)), "LOG-11"},
		{"one key under two names", text(trustOf(2, one, twin)), "LOG-11"},
		{"out of order", text(trustOf(2, two, one)), "LOG-11"},
		{"a log key", text(trustOf(1, theLog.VerifierKey())), "LOG-11"},
		{"another format", text(other), "LOG-11"},
		{"a space more", strings.Replace(text(trustOf(1, one)), ": ", ":  ", 1), "PRF-2"},
	}
}

func lightRefused(t *testing.T, why string, err error, rule string) {
	t.Helper()
	var form *light.Malformed
	var proof *light.Unproven
	got := ""
	if errors.As(err, &form) {
		got = form.Rule
	} else if errors.As(err, &proof) {
		got = proof.Rule
	}
	if got != rule || (err == nil) != (rule == "") {
		t.Errorf("%s: %v, want it refused by %q", why, err, rule)
	}
}

// TestQuorum_LOG12 counts only the witnesses that are trusted, each once.
func TestQuorum_LOG12(t *testing.T) {
	all := ofHeaders(9)
	in, err := blocklog.Inclusion(all.read, 3, 9)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		why    string
		by     []note.Signer
		quorum int
		keys   []string
		good   bool
	}{
		{"both signed, both are needed", []note.Signer{theLog, first, second}, 2, []string{first.String(), second.String()}, true},
		{"one signed, one is needed", []note.Signer{first}, 1, []string{first.String(), second.String()}, true},
		{"one signed, both are needed", []note.Signer{theLog, first}, 2, []string{first.String(), second.String()}, false},
		{"a stranger signed", []note.Signer{theLog, second}, 1, []string{first.String()}, false},
		{"the log signed alone", []note.Signer{theLog}, 1, []string{first.String()}, false},
	} {
		f, err := light.NewMember(wire.Hash{1}, header(7), signed(t, all, c.by...), in)
		if err != nil {
			t.Fatal(err)
		}
		trust, err := light.WitnessTrustFromBytes(trustOf(c.quorum, c.keys...).Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := trust.VerifyLog(f.Bytes()); (err == nil) != c.good {
			t.Errorf("%s: %v", c.why, err)
		}
	}
	trust := trustOf(1, first.String())
	trust.GenesisHash[0]++
	other, err := light.WitnessTrustFromBytes(trust.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.VerifyLog(newFiles(t).member.Bytes()); !errors.Is(err, light.ErrProof) {
		t.Errorf("a log of another chain: %v", err)
	}
}

// FuzzLogFile_LOG16: what verifies as a log file is in its one form.
func FuzzLogFile_LOG16(f *testing.F) {
	for _, v := range loadVectors(f).Files {
		f.Add([]byte(v.Text))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if v, err := light.VerifyLog(raw); err == nil && !strings.Contains(string(raw), v.Statement) {
			t.Errorf("%q says %q", raw, v.Statement)
		}
	})
}

// FuzzWitnessTrust_LOG11: what reads as a trust file is written again to the same bytes.
func FuzzWitnessTrust_LOG11(f *testing.F) {
	for _, v := range loadVectors(f).Trust {
		f.Add([]byte(v.Text))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if trust, err := light.WitnessTrustFromBytes(raw); err == nil && string(trust.Bytes()) != string(raw) {
			t.Errorf("%q is written %q", raw, trust.Bytes())
		}
	})
}
