package main

import (
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/ulikunitz/xz"

	"ipledger/cmd/statsfile"
	"ipledger/ledger/genesis"
)

const membersExample = `# who validates
genesis_time = 2026-01-02T03:04:05Z
minimum = 1

[[member]]
operator = "One"
organisation = "One Org"
jurisdiction = "DE"
hosting = "AS64496"
public_key = "8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c"
power = 1

  [[ member ]]
operator = "Two"
title_keys = ["secp256k1:0x0101010101010101010101010101010101010101"]
title_k = 1

[[registrar]]
name = "Notary"
organisation = "Notaries"
jurisdiction = "NL"
title_keys = ["secp256k1:0x0303030303030303030303030303030303030303"]

[[adjudicator]]
name = "Judge"

[[trust_anchor]]
registry = "ripencc"
key = "AAAA"
[[registry_ca]]
registry = "arin"
key = "AAAB"
`

const holdingsExample = `[parameters]
credit_cap = 1000
credit_unmetered = true

[[account]]
name = "Alpha"
jurisdiction = "DE"
title_keys = ["secp256k1:0x0202020202020202020202020202020202020202"]
title_k = 1
delay_seconds = 0
holdings = [
  "5.0.0.0/22", # "5.0.4.0/22"
  "5.0.4.0/22",
]
[[account.origin]]
prefix = "5.0.0.0/22"
max_length = 24
as = 64496

[[account]]
name = "Beta"
jurisdiction = "FR"
title_keys = ["secp256k1:0x0303030303030303030303030303030303030303"]
holdings = ["5.0.8.0/22"]
[[account.origin]]
prefix = "5.0.8.0/22"
as = 64497
`

func TestReadMembers_GEN25(t *testing.T) {
	ms, err := readMembers([]byte(membersExample))
	if err != nil {
		t.Fatal(err)
	}
	if ms.Time != 1767323045 || ms.Minimum != 1 || len(ms.List) != 2 {
		t.Fatalf("%+v", ms)
	}
	want := genesis.Member{Line: 5, Operator: "One", Organisation: "One Org", Jurisdiction: "DE", Hosting: "AS64496",
		PublicKey: "8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c", Power: 1}
	if !reflect.DeepEqual(ms.List[0], want) || ms.List[1].Line != 13 || ms.List[1].TitleK != 1 || len(ms.List[1].TitleKeys) != 1 {
		t.Errorf("%+v", ms.List)
	}
	notary := genesis.Body{Line: 18, Name: "Notary", Organisation: "Notaries", Jurisdiction: "NL",
		TitleKeys: []string{"secp256k1:0x0303030303030303030303030303030303030303"}}
	if len(ms.Registrars) != 1 || !reflect.DeepEqual(ms.Registrars[0], notary) || len(ms.Adjudicators) != 1 || ms.Adjudicators[0].Line != 24 {
		t.Errorf("registrars %+v, adjudicators %+v", ms.Registrars, ms.Adjudicators)
	}
	if len(ms.TrustAnchors) != 1 || ms.TrustAnchors[0] != (genesis.Anchor{Line: 27, Registry: "ripencc", Key: "AAAA"}) ||
		len(ms.RegistryCAs) != 1 || ms.RegistryCAs[0] != (genesis.Anchor{Line: 30, Registry: "arin", Key: "AAAB"}) {
		t.Errorf("anchors %+v, registry CAs %+v", ms.TrustAnchors, ms.RegistryCAs)
	}
}

func TestReadHoldings_GEN25(t *testing.T) {
	h, err := readHoldings([]byte(holdingsExample))
	if err != nil {
		t.Fatal(err)
	}
	if len(h.Parameters) != 2 || h.Parameters[0] != (genesis.Override{Line: 2, Name: "credit_cap", Value: 1000}) ||
		h.Parameters[1] != (genesis.Override{Line: 3, Name: genesis.Unmetered, Value: 1}) {
		t.Errorf("parameters %+v", h.Parameters)
	}
	a, b := h.Accounts[0], h.Accounts[1]
	if a.Line != 5 || b.Line != 20 || a.Delay == nil || *a.Delay != 0 || b.Delay != nil {
		t.Errorf("accounts %+v", h.Accounts)
	}
	if a.Blocks[0] != (genesis.Holding{Line: 12, Block: "5.0.0.0/22"}) || a.Blocks[1].Line != 13 || b.Blocks[0].Line != 24 {
		t.Errorf("holdings %+v %+v", a.Blocks, b.Blocks)
	}
	if a.Origins[0] != (genesis.Origin{Line: 15, Prefix: "5.0.0.0/22", MaxLength: 24, AS: 64496}) || b.Origins[0].Line != 25 {
		t.Errorf("origins %+v %+v", a.Origins, b.Origins)
	}
}

func TestReadTOML_GEN25(t *testing.T) {
	for name, c := range map[string]struct{ file, want string }{
		"a misspelt key":            {strings.Replace(membersExample, "hosting", "hostng", 1), "line 9: unknown key member.hostng"},
		"a misspelt table":          {strings.Replace(membersExample, "[[member]]", "[[members]]", 1), "line 5: unknown key members"},
		"a number for a text":       {strings.Replace(membersExample, `"One"`, "1", 1), `"member.operator"`},
		"a key given twice":         {membersExample + "registry = \"x\"\n", "line 33"},
		"a time before 1970":        {strings.Replace(membersExample, "2026-", "1926-", 1), "line 2"},
		"what is no TOML":           {"member", "line 1"},
		"what is beyond all bounds": {strings.Repeat("#", inputBytesMax+1), "at most"},
	} {
		if _, err := readMembers([]byte(c.file)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	for name, c := range map[string]struct{ file, want string }{
		"a misspelt key":         {strings.Replace(holdingsExample, "max_length", "maxlength", 1), "line 17: unknown key account.origin.maxlength"},
		"a text for a number":    {strings.Replace(holdingsExample, "1000", `"1000"`, 1), "line 2"},
		"a negative number":      {strings.Replace(holdingsExample, "1000", "-1", 1), "line 2"},
		"yes for a number":       {strings.Replace(holdingsExample, "1000", "true", 1), "line 2"},
		"parameters on one line": {"parameters = {credit_cap = 1000}\n", "a line of its own"},
	} {
		if _, err := readHoldings([]byte(c.file)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestReadStats_GEN3(t *testing.T) {
	const text = "arin|US|asn|1|1||\n"
	var gz, xzed bytes.Buffer
	z := gzip.NewWriter(&gz)
	x, err := xz.NewWriter(&xzed)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range []interface {
		Write([]byte) (int, error)
		Close() error
	}{z, x} {
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	bz, err := hex.DecodeString("425a68393141592653590cd20342000002cb80001020000a00202118042000221a343210030724504d282d075e2ee48a70a12019a40684")
	if err != nil {
		t.Fatal(err)
	}
	for name, raw := range map[string][]byte{"a.txt": []byte(text), "a.gz": gz.Bytes(), "a.xz": xzed.Bytes(), "a.bz2": bz, "gzip by another name": gz.Bytes()} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := statsfile.Read(path); err != nil || string(got.Raw) != text || got.Name != path {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		if len(raw) > len(text) { // compressed: cut short it must not pass
			if err := os.WriteFile(path, raw[:len(raw)-4], 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := statsfile.Read(path); err == nil {
				t.Errorf("%s cut short is read", name)
			}
		}
	}
	if _, err := statsfile.Read(filepath.Join(t.TempDir(), "absent")); err == nil {
		t.Error("an absent file is read")
	}
}

// TestRealData2013_GEN10 reads the whole files of four registries of one day,
// which are compressed with xz.
func TestRealData2013_GEN10(t *testing.T) {
	const dir = "../../../shared/data/stats-2013/delegated-"
	if _, err := os.Stat(dir + "arin-20130409.xz"); err != nil {
		t.Skipf("real registry statistics are not beside the repository: %v", err)
	}
	var in []genesis.Stats
	for _, name := range []string{"apnic", "arin", "lacnic", "ripencc"} {
		s, err := statsfile.Read(dir + name + "-20130409.xz")
		if err != nil {
			t.Fatal(err)
		}
		in = append(in, s)
	}
	_, rep, err := genesis.Rows(in)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{29547, 71230, 11993, 81260} { // as the summary lines state
		f := rep.Files[i]
		if f.Rows != want || f.Taken+f.Merged+f.Cut+f.Conflicting+f.Rejected != want || len(f.Warnings) != 0 {
			t.Errorf("%+v, want %d rows", f, want)
		}
	}
	if want := (genesis.Counts{IPv4Addresses: 3441409592, IPv4Blocks: 129292, IPv6Blocks: 14724, ASNumbers: 61339}); rep.Totals.Counts != want {
		t.Errorf("totals %+v, want %+v", rep.Totals.Counts, want)
	}
	// On that day ARIN and APNIC both listed one block that had just moved.
	if len(rep.Lines) != 1 || rep.Lines[0].Verdict != genesis.Conflicting || rep.Lines[0].Line != 22497 {
		t.Errorf("%+v", rep.Lines)
	}
}

// TestExamples_GEN25 reads the examples that specs/08 gives.
func TestExamples_GEN25(t *testing.T) {
	raw, err := os.ReadFile("../../specs/08-genesis.md")
	if err != nil {
		t.Fatal(err)
	}
	var blocks []string
	for part := range strings.SplitSeq(string(raw), "```toml\n") {
		block, _, _ := strings.Cut(part, "```")
		blocks = append(blocks, block)
	}
	if len(blocks) != 3 {
		t.Fatalf("%d examples", len(blocks)-1)
	}
	ms, err := readMembers([]byte(blocks[1]))
	if err != nil || len(ms.List) != 1 {
		t.Fatalf("%+v, %v", ms, err)
	}
	h, err := readHoldings([]byte(blocks[2]))
	if err != nil || len(h.Accounts) != 1 || len(h.Parameters) != 1 {
		t.Fatalf("%+v, %v", h, err)
	}
	// The examples hold documentation space, which no statistics can give: all
	// else about them must be right.
	_, err = genesis.Build(genesis.Input{ChainID: "example-1", Test: true, Members: ms, Holdings: h})
	if err == nil || !strings.Contains(err.Error(), "holdings line 11") || !strings.Contains(err.Error(), "192.0.2.0/24") {
		t.Errorf("error %v, want one that names the line of the holding", err)
	}
	h.Accounts[0].Blocks[0].Block, h.Accounts[0].Blocks[1].Block, h.Accounts[0].Origins[0].Prefix = "5.0.0.0/22", "AS1877", "5.0.0.0/22"
	stats := genesis.Stats{Name: "delegated-x", Raw: []byte("ripencc|DE|ipv4|5.0.0.0|4096||\nripencc|DE|asn|1877|4||\n")}
	out, err := genesis.Build(genesis.Input{ChainID: "example-1", Test: true, Members: ms, Holdings: h, Stats: []genesis.Stats{stats}})
	if err != nil || len(out.Accounts) != 4 {
		t.Errorf("%+v, %v", out, err)
	}
}
